"""The network: who has to do with whom, between groups under the guard, or person by person for those who may."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias
from zoneinfo import ZoneInfo

from lrs import clock
from lrs.core.analytics import Analytics
from lrs.core.analytics.rows import Naming
from lrs.core.analytics.source import Source
from lrs.core.credentials import Access
from lrs.core.network import query as queries
from lrs.core.network.between import GroupAnswer, between_groups
from lrs.core.network.measures import Ties
from lrs.core.network.persons import PersonAnswer, between_people
from lrs.core.network.query import NetworkQuery
from lrs.core.network.reading import released_weeks
from lrs.core.people.identity import Identity
from lrs.errors import Conflict, NotFound
from lrs.plugin import Plugin, code
from lrs.store.pseudonyms import Pseudonyms
from lrs.store.stores import Store, Stores
from lrs.xapi.values import format_timestamp

AnyAnswer: TypeAlias = GroupAnswer | PersonAnswer

SHOWN = "network.person"
"""What the audit calls an answer that shows people one by one."""


@dataclass(frozen=True, slots=True)
class Network:
    """Questions about the network, answered from the acts of whichever plugin's acts are ties."""

    stores: Stores
    analytics: Analytics  # whose plugins, floor and tables in memory these are

    async def answer(self, granted: Access, pairs: Sequence[tuple[str, str]]) -> AnyAnswer:
        """Answer a question about a store; people one by one only to `analytics/identify`, and with an audit entry.

        Raises: BadRequest naming the parameter, Forbidden, NotFound where no plugin tells ties, Conflict where it is
        disabled or the network too small to show people one by one, Unavailable.
        """
        plugin, store = self._plugin(), granted.store
        zone = ZoneInfo(store.timezone)
        query = queries.parse(pairs, plugin, present=clock.now(), zone=zone)
        if query.level == "person":
            granted.require("analytics/identify")
        await self._require_enabled(store, plugin)
        source = await self.analytics.source(store, plugin)
        if query.level == "person":
            return await self._persons(granted, query, source)
        return await self._groups(query, source)

    async def _groups(self, query: NetworkQuery, source: Source) -> GroupAnswer:
        k = self.analytics.min_group
        found = await released_weeks(source, query.window, str(query.partition), k)
        who = source.who(None if found.groups is None else found.groups.members)

        async def tell() -> GroupAnswer:
            return await asyncio.to_thread(between_groups, query, found, who, k)

        key = source.key, replace(query, format="json"), found.window, found.release, found.reason
        told = await self.analytics.remembered.told(key, tell)
        assert told is not None
        return replace(told, query=query, known=found, computed_at=clock.now())

    async def _persons(self, granted: Access, query: NetworkQuery, source: Source) -> PersonAnswer:
        found = await source.acts(query.window)
        as_of = found.as_of or query.window.end
        ties = await asyncio.to_thread(Ties.of, found.acts, as_of, query.kinds)
        naming = await self._naming(granted.store, source.identity, ties)
        answer = await asyncio.to_thread(between_people, query, found, ties, naming, self.analytics.min_group)
        await self._record(granted, answer)
        return answer

    async def _naming(self, store: Store, identity: Identity, ties: Ties) -> Naming:
        """Return what is needed to call the people in the network by name or pseudonym."""
        present, pseudonyms = set(ties.people), Pseudonyms(self.stores.client)
        opted_in = {code(person): person for person in identity.opted_in - identity.opted_out}
        there = {number: person for number, person in opted_in.items() if number in present}
        names = await pseudonyms.names(store.name, there.values())
        named = {number: (person, names.get(person, person)) for number, person in there.items()}
        return Naming(named, await pseudonyms.key(store.name))

    async def _record(self, granted: Access, answer: PersonAnswer) -> None:
        window, kinds = answer.known.window, answer.query.kinds
        of = f"{format_timestamp(window.start)} to {format_timestamp(window.end)}"
        told = {"people": answer.people, "named": answer.named, "kinds": None if kinds is None else list(kinds)}
        who, after = granted.credential.key, {**told, "format": answer.query.format}
        await self.stores.audit.record(who, granted.store.name, SHOWN, of, before={}, after=after)

    def _plugin(self) -> Plugin:
        plugin = next((each for each in self.analytics.plugins.values() if each.ties), None)
        if plugin is None:
            why = "none of the installed plugins has acts that tie people to each other"
            raise NotFound("there is no network", where="network", why=why, accepted="a plugin with `ties`")
        return plugin

    async def _require_enabled(self, store: Store, plugin: Plugin) -> None:
        if not (await store.plugin_settings.get(plugin.name)).enabled:
            raise Conflict(
                "the plugin of the network is disabled",
                where="network",
                why=f"{plugin.name} does not run in this store, so its numbers would be of the past",
                accepted=f"POST /api/v1/plugins/{plugin.name}/enable by an administrator",
            )
