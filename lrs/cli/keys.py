"""`lrs keys`: credentials, also while the server runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from lrs import cli, settings
from lrs.core.administration import Administration
from lrs.core.credentials import SCOPES, Doorkeeper
from lrs.store.connection import connect
from lrs.store.mongod import database
from lrs.store.stores import DEFAULT, Stores
from lrs.xapi import Json

_commands = typer.Typer(name="keys", help="Credentials: who may do what in which store.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(_commands)


@asynccontextmanager
async def administration() -> AsyncIterator[Administration]:
    """Administer the LRS of the environment; its private database is started if it doesn't run."""
    async with database(settings.from_environment()) as url, connect(url) as client:
        stores = Stores(client)
        yield Administration(stores, Doorkeeper(stores, home_page=""))


@_commands.command()
def create(
    name: Annotated[str | None, typer.Option(help="Who it is for; the authority of its statements.")] = None,
    store: Annotated[str, typer.Option(help="The store it opens.")] = DEFAULT,
    scope: Annotated[list[str] | None, typer.Option(help=f"What it may do, repeatable: {', '.join(SCOPES)}.")] = None,
    xapi_version: Annotated[
        str | None, typer.Option(help="What a request without a version header is taken for: 1.0.3 or 2.0.0.")
    ] = None,
    lenient: Annotated[bool, typer.Option("--lenient", help="Take known deviations of real clients.")] = False,
    dedupe: Annotated[
        int, typer.Option(help="Seconds within which a statement without id counts as the same one sent again.")
    ] = 0,
    key: Annotated[str | None, typer.Option(help="The key; else one is made.")] = None,
    secret: Annotated[str | None, typer.Option(help="The secret; else one is made.")] = None,
) -> None:
    """Make a credential and print its key and secret; the secret is shown only now."""
    asked = {
        "name": name,
        "scopes": scope or ["all"],
        "xapi_version": xapi_version,
        "lenient": lenient,
        "dedupe": dedupe,
        "key": key,
        "secret": secret,
    }
    cli.run(_create(asked, store))


@_commands.command("list")
def list_keys() -> None:
    """List all credentials, without their secrets."""
    cli.run(_list())


@_commands.command()
def delete(key: Annotated[str, typer.Argument(help="The credential's key.")]) -> None:
    """Delete a credential. A running server knows within a minute."""
    cli.run(_delete(key))


async def _create(asked: Json, store: str) -> None:
    async with administration() as admin:
        made = await admin.create_credential(asked, store=store)
    print(f"The secret is shown only now:  key {made['key']}  secret {made['secret']}")
    print(f"It opens the store {made['store']} and may do: {', '.join(made['scopes'])}")


async def _list() -> None:
    others = ("name", "store", "scopes", "settings", "created")
    table = Table(Column("key", no_wrap=True), *(Column(name, overflow="fold") for name in others))
    async with administration() as admin:
        for each in await admin.credentials():
            day = (each["created"] or "")[:10]
            cells = (each["key"], each["name"], each["store"], ", ".join(each["scopes"]), _settings(each), day)
            table.add_row(*map(Text, cells))  # as it is: a name may hold what looks like markup
    Console().print(table)


def _settings(credential: Json) -> str:
    told = {
        f"xAPI {credential['xapi_version']}": credential["xapi_version"],
        "lenient": credential["lenient"],
        f"dedupe {credential['dedupe']} s": credential["dedupe"],
    }
    return ", ".join(words for words, chosen in told.items() if chosen)


async def _delete(key: str) -> None:
    async with administration() as admin:
        await admin.delete_credential(key)
    print(f"{key} is deleted; a running server knows within a minute.")
