"""The `lrs` command."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from importlib import import_module
from typing import Any, TypeAlias

import typer

from lrs.errors import LRSError

Runner: TypeAlias = Callable[[Coroutine[Any, Any, int | None]], int | None]

app = typer.Typer(
    name="lrs",
    help="An xAPI learning record store that shows an organisation how its people learn from each other.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

for _commands in ("serving", "sampling", "plugins", "keys", "stores", "people", "audit"):
    import_module(f"lrs.cli.{_commands}").register(app)


def main() -> None:
    """Run a command. A failure that we know is one line, without a traceback; the exit status is 1."""
    try:
        app()
    except LRSError as error:
        print(f"lrs: {error}", file=sys.stderr)
        sys.exit(1)


def run(coroutine: Coroutine[Any, Any, int | None], runner: Runner = asyncio.run) -> None:
    """Run an asynchronous command to its end, on the loop of the runner, and leave with its exit status."""
    sys.exit(runner(coroutine) or 0)
