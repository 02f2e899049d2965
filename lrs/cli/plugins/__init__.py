"""`lrs plugins`: which there are, what is configured, how far they have come; and a folder for a new one.

tables    what is printed
given     settings on the command line
waiting   for a rebuild
scaffold  the project of a new plugin, from the files in `template`
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lrs import cli, settings
from lrs.cli.plugins import scaffold, tables
from lrs.cli.plugins.given import read
from lrs.cli.plugins.waiting import rebuilt
from lrs.plugin.loader import load_plugins, packages
from lrs.store.connection import connect
from lrs.store.mongod import database
from lrs.store.stores import DEFAULT, Store, Stores

if TYPE_CHECKING:
    from lrs.core.plugins import Plugins

WHO = "cli"  # as the audit names it

Name = Annotated[str, typer.Argument(help="The plugin's name.")]
InStore = Annotated[str, typer.Option("--store", help="The store it is about.")]

_commands = typer.Typer(name="plugins", help="Plugins: which there are, and how far they are.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(_commands)


@dataclass(frozen=True, slots=True)
class _Administered:
    """The plugins of one store."""

    plugins: "Plugins"
    store: Store


@asynccontextmanager
async def _administered(store: str) -> AsyncIterator[_Administered]:
    """Administer the plugins of a store; its private database is started if it doesn't run. Raises: NotFound."""
    from lrs.core.plugins import Plugins  # 0.1 s, which `lrs serve` needs not wait for

    installed = load_plugins()
    async with database(settings.from_environment()) as url, connect(url) as client:
        stores = Stores(client)
        yield _Administered(Plugins(stores, installed, packages()), await stores.open(store))


@_commands.command("list")
def list_plugins(store: InStore = DEFAULT) -> None:
    """List the plugins, also those of which only a view is left, and the normaliser (interactions)."""
    cli.run(_list(store))


@_commands.command()
def show(name: Name, store: InStore = DEFAULT) -> None:
    """Show a plugin's metrics and its configuration in a store."""
    cli.run(_show(name, store))


@_commands.command()
def configure(
    name: Name,
    given: Annotated[
        list[str] | None,
        typer.Argument(metavar="FILE|SETTING=VALUE...", help="A JSON file, or settings as JSON or text."),
    ] = None,
    store: InStore = DEFAULT,
) -> None:
    """Configure a plugin in a store. A file replaces all settings, SETTING=VALUE only those it names."""
    cli.run(_configure(name, given or [], store))


@_commands.command()
def enable(name: Name, store: InStore = DEFAULT) -> None:
    """Run a plugin in a store."""
    cli.run(_enable(name, True, store))


@_commands.command()
def disable(name: Name, store: InStore = DEFAULT) -> None:
    """Stop a plugin in a store. What it derived is kept, and not shown."""
    cli.run(_enable(name, False, store))


@_commands.command()
def status(
    name: Annotated[str | None, typer.Argument(help="The plugin's name; without one all of them.")] = None,
    store: InStore = DEFAULT,
) -> None:
    """Show how far each plugin has come, and why it stopped if it did."""
    cli.run(_status(name, store))


@_commands.command()
def rebuild(
    name: Name,
    store: InStore = DEFAULT,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until it is done, and show how far it is.")] = False,
) -> None:
    """Derive a plugin's view anew, while the old one is served."""
    cli.run(_rebuild(name, store, wait))


@_commands.command()
def retry(name: Name, store: InStore = DEFAULT) -> None:
    """Try again what a plugin, or the normaliser, failed on."""
    cli.run(_retry(name, store))


@_commands.command()
def new(
    name: Annotated[str, typer.Argument(help="The plugin's name: a-z, 0-9 and _, beginning with a letter.")],
    into: Annotated[Path, typer.Option(help="The folder to make the project's folder in.")] = Path(),
) -> None:
    """Write the project of a new plugin, with its tests, to be installed beside the LRS."""
    folder = scaffold.write(name, into)
    print(f"{folder} is there: a plugin that works, with its tests. Its README says how to go on.")


async def _list(store: str) -> None:
    async with _administered(store) as here:
        tables.listed(await here.plugins.listed(here.store))


async def _show(name: str, store: str) -> None:
    async with _administered(store) as here:
        tables.shown(await here.plugins.shown(here.store, name))


async def _configure(name: str, given: Sequence[str], store: str) -> None:
    async with _administered(store) as here:
        shown = await here.plugins.shown(here.store, name)
        sent = read(given, shown["changed"])
        told = await here.plugins.configure(here.store, name, sent, who=WHO)
    tables.configuration(told, shown["config_schema"])
    if told["rebuild"]:
        print(f"{name} is derived anew by the worker; `lrs plugins status {name}` shows how far it is.")


async def _enable(name: str, enabled: bool, store: str) -> None:
    async with _administered(store) as here:
        await here.plugins.enable(here.store, name, enabled, who=WHO)
    print(f"{name} is {'enabled' if enabled else 'disabled'} in the store {store}.")


async def _status(name: str | None, store: str) -> None:
    async with _administered(store) as here:
        names = [name] if name is not None else [each["name"] for each in await here.plugins.listed(here.store)]
        tables.statuses([await here.plugins.status(here.store, each) for each in names])


async def _rebuild(name: str, store: str, wait: bool) -> None:
    async with _administered(store) as here:
        await here.plugins.rebuild(here.store, name, who=WHO)
        if wait:
            await rebuilt(name, lambda: here.plugins.status(here.store, name))
            print(f"{name} is rebuilt.")
        else:
            print(f"{name} is rebuilt by the worker; `lrs plugins status {name}` shows how far it is.")


async def _retry(name: str, store: str) -> None:
    async with _administered(store) as here:
        await here.plugins.retry(here.store, name, who=WHO)
    print(f"{name} tries again what it failed on; `lrs plugins status {name}` shows what is left.")
