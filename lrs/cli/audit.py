"""`lrs audit`: who changed what in a store, and who was shown people one by one."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from lrs import cli
from lrs.cli.keys import administration
from lrs.core.asked import read
from lrs.core.audit import ACCEPTED, AuditQuery, AuditTrail
from lrs.store.stores import DEFAULT
from lrs.xapi import Json


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("audit")(audit)


def audit(
    store: Annotated[str, typer.Option(help="The store.")] = DEFAULT,
    what: Annotated[str | None, typer.Option(help=f"Only entries of this kind: {ACCEPTED}.")] = None,
    limit: Annotated[int, typer.Option(help="How many, 1 to 1000.")] = 100,
    csv: Annotated[bool, typer.Option("--csv", help="Print them as CSV, with what was before and after.")] = False,
) -> None:
    """Show who did what in a store, the newest first: settings, people, rights, and who was shown people one by one."""
    asked = {"what": what, "limit": limit}
    cli.run(_audit(store, {name: value for name, value in asked.items() if value is not None}, csv))


async def _audit(name: str, asked: Json, as_csv: bool) -> None:
    query = read(AuditQuery, asked)
    async with administration() as admin:
        store = await admin.stores.open(name)
        page = await AuditTrail(admin.stores).page(store.name, query)
    if as_csv:
        print(page.as_csv(), end="")
        return
    table = Table(Column("time", no_wrap=True), Column("who", overflow="fold"), Column("did", overflow="fold"))
    for entry in page.entries:
        table.add_row(*map(Text, (entry["time"], entry["who"], entry["told"])))  # as it is: an id may look like markup
    Console().print(table)
    if page.cursor:
        print(f"There are older ones; --limit shows more than {query.limit}, GET /api/v1/audit all of them.")
