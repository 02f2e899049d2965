"""The loop of one plugin in one store: changes after its own position → apply → its view, in one transaction.

A plugin that fails stops alone: the failure is kept with its position, and the others go on. A rebuild is the same loop
from the beginning of the log into a new view, while the old one is served.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any, TypeAlias

import structlog

from lrs.plugin import Act, Change, Config
from lrs.plugin.spec import Plugin
from lrs.store import faults
from lrs.store.changes import LogEntry
from lrs.store.interactions import Session
from lrs.store.positions import HEARTBEAT, NORMALISER, Position
from lrs.store.stores import Store

Document: TypeAlias = dict[str, Any]

BATCH = 1000  # changes in one transaction

log = structlog.get_logger()


def reader_name(plugin: str) -> str:
    """Return the name of a plugin's position."""
    return f"plugin:{plugin}"


class PluginRunner:
    """Runs one plugin over one store's changes, for the holder of the lease."""

    def __init__(self, plugin: Plugin, store: Store, owner: str, session: Session) -> None:
        self._plugin, self._store, self._owner, self._session = plugin, store, owner, session
        self._reader = reader_name(plugin.name)
        self.position = Position()

    async def start(self) -> None:
        """Take the position over, and plan a rebuild where another version of the plugin made the view."""
        await self._store.positions.take_over([self._reader], self._owner)
        self.position = await self._store.positions.get(self._reader)
        if self.position.version is None:
            await self._store.views.create(self._plugin.name, 0)
            await self._move({"version": self._plugin.version})
        elif self.position.version != self._plugin.version and not self._rebuilds_this_version():
            await self._begin_rebuild()

    async def step(self) -> bool:
        """Apply what has changed; False when there is nothing to do, or the plugin has stopped."""
        asked = await self._store.positions.get(self._reader)
        if asked.rebuild_asked:
            await self._begin_rebuild()
        if self.position.failure is not None:
            return False
        if self.position.rebuilt is not None:
            return await self._rebuild()
        # Read before the log is: what the normaliser had seen by then is in the log by now.
        seen_until = (await self._store.positions.get(NORMALISER)).data_until
        entries = await self._store.changes(0).after(self.position.seq, BATCH)
        if entries:
            await self._apply(entries, self.position.generation, {"seq": entries[-1].seq})
        elif self._is_news(seen_until):
            await self._move({"data_until": seen_until})
        return bool(entries)

    async def _begin_rebuild(self) -> None:
        generation = max(self.position.generation, (self.position.rebuilt or {}).get("generation", 0)) + 1
        await self._store.views.create(self._plugin.name, generation)
        rebuilt = {"generation": generation, "seq": 0, "version": self._plugin.version}
        await self._move({"rebuilt": rebuilt, "rebuild_asked": False, "failure": None})
        log.info("view is rebuilt", plugin=self._plugin.name, store=self._store.name, generation=generation)

    async def _rebuild(self) -> bool:
        rebuilt = self.position.rebuilt or {}
        entries = await self._store.changes(0).after(rebuilt["seq"], BATCH)
        if entries:
            await self._apply(entries, rebuilt["generation"], {"rebuilt": {**rebuilt, "seq": entries[-1].seq}})
            return True
        old = self.position.generation
        await self._move({**rebuilt, "rebuilt": None})
        await self._store.views.drop(self._plugin.name, old)
        return True

    async def _apply(self, entries: Sequence[LogEntry], generation: int, moved: Document) -> None:
        wanted = {entry.interaction_id: entry for entry in entries if entry.kind in self._plugin.kinds}
        found = await self._store.interactions(0).by_ids(wanted.keys())
        changes = [Change(entry.seq, entry.op, found[key]) for key, entry in wanted.items()]
        config = (await self._store.plugin_settings.get(self._plugin.name)).over(self._plugin.defaults)
        try:
            acts = {change.interaction["_id"]: self._plugin.apply(change, config) for change in changes}
        except Exception as error:  # a plugin's own fault stops that plugin, and is shown to the admin
            await self._stop(changes, config, error)
            return

        async def save(session: Session) -> None:
            documents = {key: None if act is None else document(act) for key, act in acts.items()}
            await self._store.views.apply(self._plugin.name, generation, documents, session)
            if generation == self.position.generation:  # a view that takes its place is released as a whole
                moments = [change.interaction["t"] for change in changes]
                await self._store.released.mark(self._plugin.name, moments, session)
            await faults.reached(faults.IN_PLUGIN)
            await self._store.positions.move(self._reader, self._owner, moved, session)

        await self._session.with_transaction(save)
        self.position = replace(self.position, **moved)
        await faults.reached(faults.AFTER_COMMIT)

    async def _stop(self, changes: Sequence[Change], config: Config, error: Exception) -> None:
        """Keep which statement the plugin failed on, and why."""
        culprit = next((change for change in changes if _fails(self._plugin, change, config)), changes[0])
        failure = {
            "seq": culprit.seq,
            "statement": str(culprit.interaction["statement_id"]),
            "reason": f"{type(error).__name__}: {error}",
        }
        await self._move({"failure": failure})
        log.error("plugin stopped", plugin=self._plugin.name, store=self._store.name, **failure)

    async def _move(self, changed: Document) -> None:
        await self._store.positions.move(self._reader, self._owner, changed)
        self.position = replace(self.position, **changed)

    def _is_news(self, seen_until: Any) -> bool:
        known = self.position.data_until
        return seen_until is not None and (known is None or seen_until - known >= HEARTBEAT)

    def _rebuilds_this_version(self) -> bool:
        return (self.position.rebuilt or {}).get("version") == self._plugin.version


def document(act: Act) -> Document:
    """Return the document of an act in a view."""
    fields = asdict(act)
    return {"_id": fields.pop("id"), **fields}


def act(found: Document) -> Act:
    """Return the act of a document in a view."""
    return Act(id=found["_id"], **{name: value for name, value in found.items() if name != "_id"})


def _fails(plugin: Plugin, change: Change, config: Config) -> bool:
    try:
        plugin.apply(change, config)
    except Exception:  # asked again only to find out which one it is
        return True
    return False
