"""Tables of people, one by one: for whoever may see persons, over the whole store, and each answer in the audit."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from lrs import clock
from lrs.core.analytics import Analytics, blame
from lrs.core.analytics import query as queries
from lrs.core.analytics.pseudonyms import key_of, refuse_few
from lrs.core.analytics.query import MetricQuery
from lrs.core.analytics.rows import KnownRows, Naming, PersonAnswer, described, people_in
from lrs.core.analytics.source import Source
from lrs.core.analytics.windows import Window
from lrs.core.calendar import FIRST
from lrs.core.credentials import Access
from lrs.core.people.identity import Identity
from lrs.errors import BadRequest, Conflict, NotFound
from lrs.plugin import PersonTable, Plugin, Scope, code
from lrs.store.pseudonyms import Pseudonyms
from lrs.store.stores import Store, Stores
from lrs.xapi.values import format_timestamp

PARAMETERS = ("since", "until", "format")
FORMATS = ("json", "csv")
SHOWN = "table.person"
"""What the audit calls an answer."""


@dataclass(frozen=True, slots=True)
class PersonTables:
    """The tables of all plugins."""

    stores: Stores
    analytics: Analytics  # whose plugins, floor and tables in memory these are

    def catalogue(self) -> list[dict[str, Any]]:
        """Return what `GET /api/v1/tables` lists: every table of every plugin, with what it means."""
        return [_entry(plugin, table) for plugin in self.analytics.plugins.values() for table in plugin.tables]

    async def answer(self, granted: Access, name: str, pairs: Sequence[tuple[str, str]]) -> tuple[str, PersonAnswer]:
        """Return the table `<plugin>.<table>` of the store and the format it is asked in; the audit says who saw it.

        Raises: Forbidden without `analytics/identify`, NotFound for an unknown table, BadRequest naming the parameter,
        Conflict for a disabled plugin or too few people, Unavailable.
        """
        granted.require("analytics/identify")
        plugin, table = self._find(name)
        store = granted.store
        query = _parse(pairs, plugin, ZoneInfo(store.timezone))
        await _require_enabled(store, plugin, name)
        source = await self.analytics.source(store, plugin)
        known = await self._read(source, table, query)
        people = people_in(known.rows, table.persons)
        naming = await self._naming(store, name, source.identity, people)
        refuse_few(len(people), len(people) - len(naming.named), self.analytics.min_group, where=f"tables/{name}")
        answer = await asyncio.to_thread(PersonAnswer.of, name, table, known, naming)
        await self._record(granted, answer, query.format)
        return query.format, answer

    async def _read(self, source: Source, table: PersonTable, query: MetricQuery) -> KnownRows:
        plugin = source.plugin
        config = plugin.in_force((await source.store.plugin_settings.get(plugin.name)).config)
        found, who = await source.acts(Window(FIRST, query.window.end)), source.who()

        def rows() -> pl.DataFrame:
            scope = Scope(
                since=query.window.start,
                until=query.window.end,
                as_of=found.as_of or query.window.end,
                acts=found.acts,
                store=found.acts,
                early=found.acts.clear(),
                config=config,
                roster=who.everybody,
                memberships=who.memberships,
                zone=source.store.timezone,
                min_group=self.analytics.min_group,
            )
            name = f"{plugin.name}.{table.id}"
            return blame.table(name, lambda: table.compute(scope).select(list(table.columns)))

        return KnownRows(query.window, found.data_until, found.stale, await asyncio.to_thread(rows))

    async def _naming(self, store: Store, name: str, identity: Identity, people: frozenset[int]) -> Naming:
        """Return what is needed to call people by name or pseudonym, in this table."""
        pseudonyms = Pseudonyms(self.stores.client)
        opted_in = {code(person): person for person in identity.opted_in - identity.opted_out}
        ids = {number: person for number, person in opted_in.items() if number in people}
        names = await pseudonyms.names(store.name, ids.values())
        named = {number: (person, names.get(person, person)) for number, person in ids.items()}
        return Naming(named, key_of(name, await pseudonyms.key(store.name)))

    async def _record(self, granted: Access, answer: PersonAnswer, form: str) -> None:
        window = answer.known.window
        asked = {"since": format_timestamp(window.start), "until": format_timestamp(window.end), "format": form}
        after = {**asked, "people": answer.people, "named": answer.named}
        who, store = granted.credential.key, granted.store.name
        await self.stores.audit.record(who, store, SHOWN, answer.table, before={}, after=after)

    def _find(self, name: str) -> tuple[Plugin, PersonTable]:
        plugin_name, _, table_id = name.partition(".")
        for plugin in self.analytics.plugins.values():
            for table in plugin.tables:
                if (plugin.name, table.id) == (plugin_name, table_id):
                    return plugin, table
        known = ", ".join(each["id"] for each in self.catalogue())
        raise NotFound("there is no such table", where=f"tables/{name[:80]}", why=f"{name[:80]!r}", accepted=known)


def _parse(pairs: Sequence[tuple[str, str]], plugin: Plugin, zone: ZoneInfo) -> MetricQuery:
    for name, _ in pairs:
        if name not in PARAMETERS:
            why = "it has no meaning here"
            raise BadRequest("unknown parameter", where=name, why=why, accepted=", ".join(PARAMETERS))
    query = queries.parse(pairs, default=plugin.default_window, present=clock.now(), zone=zone)
    if query.format not in FORMATS:
        raise BadRequest(
            "this value has no meaning", where="format", why=f"{query.format!r}", accepted=", ".join(FORMATS)
        )
    return query


async def _require_enabled(store: Store, plugin: Plugin, name: str) -> None:
    if not (await store.plugin_settings.get(plugin.name)).enabled:
        raise Conflict(
            "the plugin is disabled",
            where=f"tables/{name}",
            why=f"{plugin.name} does not run in this store, so its rows would be of the past",
            accepted=f"POST /api/v1/plugins/{plugin.name}/enable by an administrator",
        )


def _entry(plugin: Plugin, table: PersonTable) -> dict[str, Any]:
    return {
        "id": f"{plugin.name}.{table.id}",
        "plugin": plugin.name,
        "title": table.title,
        "definition": table.definition,
        "columns": described(table),
        "privacy": "person",
        "default_window_days": plugin.default_window.days,
        "formats": list(FORMATS),
    }
