"""Changes an administrator makes to a plugin: each in one transaction with what follows from it and its audit."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from lrs.core.plugins.entries import Entry
from lrs.errors import Conflict
from lrs.store.interactions import Session
from lrs.store.plugin_settings import Chosen
from lrs.store.positions import NORMALISER
from lrs.store.stores import Store, Stores


@dataclass(frozen=True, slots=True)
class Change:
    """Who changes which plugin in which store. `who` is a credential's key, or `cli`."""

    stores: Stores
    store: Store
    entry: Entry
    who: str

    async def record(self, what: str, before: Mapping[str, Any], after: Mapping[str, Any], session: Session) -> None:
        """Add an entry to the audit."""
        told = (self.who, self.store.name, f"plugin.{what}", self.entry.name)
        await self.stores.audit.record(*told, before=before, after=after, session=session)


async def configured(change: Change, config: Mapping[str, Any]) -> tuple[Chosen, bool]:
    """Put a whole, valid configuration in force; return what is chosen now, and whether the view is derived anew.

    Nothing is written, and nothing audited, where it is in force already. Raises: Unavailable.
    """
    entry, settings = change.entry, change.store.plugin_settings
    kept = {
        name: value for name, value in config.items() if name not in entry.defaults or value != entry.defaults[name]
    }

    async def write(session: Session) -> tuple[Chosen, bool]:
        before = await settings.read(entry.name, session)
        chosen = replace(before, config=kept)
        if chosen == before:
            return chosen, False
        rebuild = entry.derives_anew(entry.in_force(before), entry.in_force(chosen))
        await settings.put(entry.name, chosen, session)
        if rebuild:
            await change.store.positions.ask(entry.reader, {"rebuild_asked": True}, session)
        await change.record("config", before.config, chosen.config, session)
        return chosen, rebuild

    return await change.stores.together(write)


async def switched(change: Change, enabled: bool) -> Chosen:
    """Switch a plugin on or off; return what is chosen now. Raises: Conflict for the normaliser, Unavailable."""
    entry, settings = change.entry, change.store.plugin_settings
    if entry.reader == NORMALISER and not enabled:
        why = "every plugin is made of what it derives"
        raise Conflict("the normaliser can't be switched off", where=f"plugins/{entry.name}", why=why)

    async def write(session: Session) -> Chosen:
        before = await settings.read(entry.name, session)
        chosen = replace(before, enabled=enabled)
        if chosen != before:
            await settings.put(entry.name, chosen, session)
            await change.record("enabled", {"enabled": before.enabled}, {"enabled": enabled}, session)
        return chosen

    return await change.stores.together(write)


async def wished(change: Change, what: str) -> None:
    """Ask the worker for a `rebuild` or a `retry`. Raises: Unavailable."""

    async def write(session: Session) -> None:
        await change.store.positions.ask(change.entry.reader, {f"{what}_asked": True}, session)
        await change.record(what, {}, {}, session)

    await change.stores.together(write)
