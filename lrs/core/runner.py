"""The loop of one plugin in one store: changes after its own position → apply → its view, in one transaction.

A plugin that fails stops alone: the failure is kept with its position, and the others go on. A rebuild is the same loop
from the beginning of the log into a new view, while the old one is served.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, TypeAlias

import structlog

from lrs import clock
from lrs.core.batches import NOTHING, Batch, Batches
from lrs.core.normaliser.rebuild import is_wanted, rules_of
from lrs.core.packed import FORM, packed
from lrs.errors import BadRequest
from lrs.plugin import Act, Change, Config
from lrs.plugin.reasons import reason
from lrs.plugin.spec import Plugin
from lrs.store import faults
from lrs.store.interactions import Session, in_transaction
from lrs.store.plugin_settings import Chosen
from lrs.store.positions import HEARTBEAT, NORMALISER, REBUILD, Position
from lrs.store.stores import Store

Document: TypeAlias = dict[str, Any]

log = structlog.get_logger()


async def is_stale(store: Store, plugin: Plugin, position: Position) -> bool:
    """Tell whether the view that is served falls behind: its plugin stopped or is switched off, or another is made.

    Raises: Unavailable.
    """
    chosen = await store.plugin_settings.get(plugin.name)
    if not chosen.enabled or _applied(plugin, chosen) != position.applied or position.form != FORM:
        return True
    if position.rebuilt is not None or position.rebuild_asked or position.failure is not None:
        return True
    if position.version != plugin.version:
        return True
    if position.source != (await store.positions.get(NORMALISER)).generation:
        return True
    try:
        rules = await rules_of(store)
    except BadRequest:  # of an earlier version, and no longer usable: nothing new is derived until they are changed
        return True
    return await is_wanted(store, rules)


def reader_name(plugin: str) -> str:
    """Return the name of a plugin's position."""
    return f"plugin:{plugin}"


class PluginRunner:
    """Runs one plugin over one store's changes, for the holder of the lease."""

    def __init__(
        self, plugin: Plugin, store: Store, owner: str, session: Session, batches: Batches | None = None
    ) -> None:
        self._plugin, self._store, self._owner, self._session = plugin, store, owner, session
        self._batches = batches or Batches(store, [plugin])
        self._reader = reader_name(plugin.name)
        self._written: dict[int, int] = {}  # up to which numbers the logs go, by the generation of their interactions
        self.position = Position()

    async def start(self) -> None:
        """Take the position over, and make the view of a plugin that has none."""
        await self._store.positions.take_over([self._reader], self._owner)
        self.position = await self._store.positions.get(self._reader)
        if self.position.version is None:
            await self._store.views.create(self._plugin.name, 0)
            normaliser = await self._store.positions.get(NORMALISER)
            await self._move(self._origin(normaliser.generation, await self._chosen()))

    async def step(self) -> bool:
        """Apply what has changed; False when there is nothing to do, or the plugin has stopped or is switched off."""
        # Read before the log is: what the normaliser had seen by then is in the log by now.
        asked, normaliser, coming = await self._store.positions.all_of([self._reader, NORMALISER, REBUILD])
        chosen = await self._chosen()
        if not chosen.enabled:
            return False
        if asked.retry_asked:
            await self._move({"retry_asked": False, "failure": None})
        self._written = {each.generation: each.seq for each in (coming, normaliser) if each.version is not None}
        # A view that is derived along with the interactions is served soon after them.
        origin = self._origin(coming.generation or normaliser.generation, chosen)
        current = self.position.rebuilt or asdict(self.position)
        if asked.rebuild_asked or any(current.get(name) != value for name, value in origin.items()):
            await self._begin_rebuild(origin)
        if self.position.failure is not None:
            return False
        if self.position.rebuilt is None:
            return await self._follow(normaliser, chosen)
        is_usable = all(getattr(self.position, name) == origin[name] for name in ("version", "applied", "form"))
        followed = await self._follow(normaliser, chosen) if is_usable else False
        return await self._rebuild(normaliser, chosen) or followed

    async def _follow(self, normaliser: Position, chosen: Chosen) -> bool:
        """Apply what has changed to the view that is served; False when nothing has."""
        batch = await self._after(self.position.source, self.position.seq)
        if entries := batch.entries:
            reached = {"data_until": normaliser.data_until} if entries[-1].seq >= normaliser.seq else {}
            await self._apply(batch, self.position.generation, {"seq": entries[-1].seq, **reached}, chosen)
        elif self._is_news(normaliser.data_until):
            await self._move({"data_until": normaliser.data_until})
        return bool(batch.entries)

    async def _after(self, source: int, seq: int) -> Batch:
        """Return the next entries of a log; it isn't asked for what is not in it yet."""
        is_read = seq >= self._written.get(source, seq + 1)
        return NOTHING if is_read else await self._batches.after(source, seq)

    async def _chosen(self) -> Chosen:
        return await self._store.plugin_settings.get(self._plugin.name)

    def _origin(self, source: int, chosen: Chosen) -> Document:
        """Return what the view should be derived from, and by what: another one than it was means to rebuild it."""
        return {
            "source": source,
            "version": self._plugin.version,
            "applied": _applied(self._plugin, chosen),
            "form": FORM,
        }

    async def _begin_rebuild(self, origin: Document) -> None:
        half_way = (self.position.rebuilt or {}).get("generation", 0)
        generation = max(self.position.generation, half_way) + 1
        await self._store.views.create(self._plugin.name, generation)
        rebuilt = {"generation": generation, "seq": 0, **origin}
        await self._move({"rebuilt": rebuilt, "rebuild_asked": False, "failure": None})
        if half_way:
            await self._store.views.drop(self._plugin.name, half_way)
        log.info("view is rebuilt", plugin=self._plugin.name, store=self._store.name, generation=generation)

    async def _rebuild(self, normaliser: Position, chosen: Chosen) -> bool:
        """Go on with a new view; at the end of the log serve it, if the interactions are served that it is made of."""
        rebuilt = self.position.rebuilt or {}
        batch = await self._after(rebuilt["source"], rebuilt["seq"])
        if batch.entries:
            moved = {"rebuilt": {**rebuilt, "seq": batch.entries[-1].seq}}
            await self._apply(batch, rebuilt["generation"], moved, chosen)
            return True
        if rebuilt["source"] != normaliser.generation:
            return False
        old = self.position.generation
        await self._move({**rebuilt, "rebuilt": None})
        await self._store.views.drop(self._plugin.name, old)
        return True

    async def _apply(self, batch: Batch, generation: int, moved: Document, chosen: Chosen) -> None:
        wanted = {entry.interaction_id: entry for entry in batch.entries if entry.kind in self._plugin.kinds}
        changes = [Change(entry.seq, entry.op, batch.interactions[key]) for key, entry in wanted.items()]
        config = self._plugin.in_force(chosen.config)
        try:
            documents = self._derived(changes, config, batch.entries[-1].seq)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a plugin's own fault, also SystemExit, stops that plugin and no other
            await self._stop(changes, config, error)
            return

        async def save(session: Session) -> None:
            await self._store.views.add(self._plugin.name, generation, documents, session)
            if generation == self.position.generation:  # a view that takes its place is released as a whole
                days = {document["day"] for document in documents}
                await self._store.released.mark(self._plugin.name, days, session)
            await faults.reached(faults.IN_PLUGIN)
            await self._store.positions.move(self._reader, self._owner, moved, session)

        await in_transaction(self._session, save, hurried=generation == self.position.generation)
        self.position = replace(self.position, **moved)
        await faults.reached(faults.AFTER_COMMIT)

    async def _stop(self, changes: Sequence[Change], config: Config, error: BaseException) -> None:
        """Keep which statement the plugin failed on, and why."""
        culprit = next((change for change in changes if self._fails(change, config)), changes[0])
        failure = {
            "seq": culprit.seq,
            "statement": str(culprit.interaction["statement_id"]),
            "reason": reason(error),
            "t": clock.now(),
        }
        await self._move({"failure": failure})
        told = {"seq": culprit.seq, "error": type(error).__name__}  # its words may be of a person, and logs are not
        log.error("plugin stopped", plugin=self._plugin.name, store=self._store.name, **told)

    async def _move(self, changed: Document) -> None:
        await self._store.positions.move(self._reader, self._owner, changed)
        self.position = replace(self.position, **changed)

    def _derived(self, changes: Sequence[Change], config: Config, seq: int) -> list[Document]:
        """Return what changes up to a number add to the view: acts, and which no longer are any."""
        acts: list[Act] = []
        gone: dict[str, datetime] = {}
        for change in changes:
            act = self._act(change, config)
            if act is not None:
                acts.append(act)
            elif change.op != "insert":  # what is new was no act before
                gone[change.interaction["_id"]] = change.interaction["t"]
        return packed(acts, gone, seq, self._plugin.columns)

    def _act(self, change: Change, config: Config) -> Act | None:
        """What a system does, and what only counts acts of many, is no act of somebody toward somebody."""
        seen = change.interaction
        if seen["actor_role"] == "system" or seen["aggregate"]:
            return None
        act = self._plugin.apply(change, config)
        if act is not None and (act.id != seen["_id"] or act.t != seen["t"]):
            raise ValueError(f"an act has the id and the time of its interaction: {seen['_id']!r} at {seen['t']}")
        return act

    def _fails(self, change: Change, config: Config) -> bool:
        try:
            self._derived([change], config, change.seq)
        except KeyboardInterrupt:
            raise
        except BaseException:  # asked again only to find out which one it is
            return True
        return False

    def _is_news(self, seen_until: Any) -> bool:
        known = self.position.data_until
        return seen_until is not None and (known is None or seen_until - known >= HEARTBEAT)


def _applied(plugin: Plugin, chosen: Chosen) -> Document:
    config = plugin.in_force(chosen.config)
    return {name: config.get(name) for name in sorted(plugin.applied_settings)}
