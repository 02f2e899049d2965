"""`lrs people`: who is who and who belongs where, also while the server runs."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from lrs import cli
from lrs.cli.keys import administration
from lrs.core import asked, bodies
from lrs.core.people.directory import Directory
from lrs.core.people.models import PeopleQuery
from lrs.errors import BadRequest
from lrs.store.stores import DEFAULT
from lrs.xapi import Json
from lrs.xapi.actors import actor_key

_commands = typer.Typer(name="people", help="People: who is who, and who belongs where.", no_args_is_help=True)

_Store = Annotated[str, typer.Option(help="The store.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(_commands)


@_commands.command("import")
def import_people(
    file: Annotated[Path, typer.Argument(help="A .csv or .json file, as PUT /api/v1/people takes it.")],
    store: _Store = DEFAULT,
) -> None:
    """Add or replace the people of a file, all or none."""
    cli.run(_import(file, store))


@_commands.command("list")
def list_people(
    store: _Store = DEFAULT,
    kind: Annotated[str | None, typer.Option(help="Only people with a membership of this kind.")] = None,
    group: Annotated[str | None, typer.Option(help="Only members of this group; needs --kind.")] = None,
) -> None:
    """List people with their identifiers and groups."""
    cli.run(_list(store, {"kind": kind, "group": group}))


async def _import(file: Path, name: str) -> None:
    content = _content(file)
    async with administration() as admin:
        store, directory = await admin.stores.open(name), Directory(admin.stores)
        if file.suffix == ".csv":
            told = await directory.put_table(store, "cli", content)
        else:
            told = await directory.put(store, "cli", bodies.parse(content))
    print(f"{told['people']} people are in {file.name}; {told['changed']} of them are new or changed.")


async def _list(name: str, filters: dict[str, str | None]) -> None:
    chosen = {name: value for name, value in filters.items() if value is not None}
    table = Table(
        Column("id", no_wrap=True), *(Column(name, overflow="fold") for name in ("name", "identifiers", "groups", ""))
    )
    async with administration() as admin:
        store, directory = await admin.stores.open(name), Directory(admin.stores)
        after: str | None = ""
        while after is not None:
            query = asked.read(PeopleQuery, {**chosen, "limit": 1000, "after": after})
            found, after = await directory.find(store, query)
            for person in found:
                table.add_row(*map(Text, _cells(person)))  # as it is: a name may hold what looks like markup
    Console().print(table)


def _cells(person: Json) -> tuple[str, ...]:
    identifiers = ", ".join(str(actor_key(agent)) for agent in person["identifiers"])
    groups = ", ".join(f"{each['kind']} {each['group']}" for each in person["groups"])
    flags = {"opted in": person["opt_in"], "opted out": person["opt_out"], "not active": not person["active"]}
    told = ", ".join(words for words, holds in flags.items() if holds)
    return person["id"], person["name"] or "", identifiers, groups, told


def _content(file: Path) -> bytes:
    accepted = "a .csv or .json file"
    if file.suffix not in (".csv", ".json"):
        raise BadRequest(
            "the file can't be used", where=str(file), why=f"it ends in {file.suffix!r}", accepted=accepted
        )
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadRequest(
            "the file can't be read", where=str(file), why=error.strerror or "", accepted=accepted
        ) from error
