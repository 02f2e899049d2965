"""`lrs plugins`: which plugins there are, how far they have come, and rebuilding one."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from lrs import cli, settings
from lrs.core.runner import reader_name
from lrs.errors import NotFound
from lrs.plugin.loader import load_plugins
from lrs.store.connection import connect
from lrs.store.mongod import database
from lrs.store.stores import DEFAULT, Stores

_commands = typer.Typer(name="plugins", help="Plugins: which there are, how far they have come.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(_commands)


@_commands.command("list")
def list_plugins() -> None:
    """List the installed plugins and their metrics."""
    table = Table("plugin", "version", "metrics", "what it is")
    for plugin in load_plugins().values():
        table.add_row(plugin.name, str(plugin.version), str(len(plugin.metrics)), plugin.description)
    Console().print(table)


@_commands.command()
def status() -> None:
    """Show how far each plugin has come, and why it stopped if it did."""
    cli.run(_status())


@_commands.command()
def rebuild(name: Annotated[str, typer.Argument(help="The plugin's name.")]) -> None:
    """Derive a plugin's view anew, while the old one is served."""
    cli.run(_rebuild(name))


async def _status() -> None:
    table = Table("plugin", "changes applied", "data until", "state")
    async with database(settings.from_environment()) as url, connect(url) as client:
        store = await Stores(client).open(DEFAULT)
        for plugin in load_plugins():
            position = await store.positions.get(reader_name(plugin))
            state = "rebuilding" if position.rebuilt is not None or position.rebuild_asked else "ok"
            if position.failure is not None:
                state = f"stopped: {position.failure['reason']} (statement {position.failure['statement']})"
            table.add_row(plugin, str(position.seq), str(position.data_until or "never"), state)
    Console().print(table)


async def _rebuild(name: str) -> None:
    plugins = load_plugins()
    if name not in plugins:
        raise NotFound("there is no such plugin", where="name", why=repr(name), accepted=", ".join(plugins))
    async with database(settings.from_environment()) as url, connect(url) as client:
        store = await Stores(client).open(DEFAULT)
        await store.positions.ask(reader_name(name), {"rebuild_asked": True})
    print(f"{name} is rebuilt by the worker; `lrs plugins status` shows how far it is.")
