"""`lrs stores`: the tenants of one LRS, each with a database of its own."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from lrs import cli
from lrs.cli.keys import administration
from lrs.xapi import Json

_commands = typer.Typer(name="stores", help="Stores: each keeps its data apart from the others.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(_commands)


@_commands.command("list")
def list_stores() -> None:
    """List all stores."""
    cli.run(_list())


@_commands.command()
def create(
    name: Annotated[str, typer.Argument(help="1 to 40 of a-z, 0-9 and -.")],
    timezone: Annotated[str, typer.Option(help="Time zone of its days, weeks and months.")] = "UTC",
) -> None:
    """Create a store. `lrs keys create --store NAME` makes a credential for it."""
    cli.run(_create({"name": name, "timezone": timezone}))


async def _list() -> None:
    table = Table("name", "timezone")
    async with administration() as admin:
        for each in await admin.list_stores():
            table.add_row(each["name"], each["timezone"])
    Console().print(table)


async def _create(asked: Json) -> None:
    async with administration() as admin:
        made = await admin.create_store(asked)
    print(f"The store {made['name']} is there.")
