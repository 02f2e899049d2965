"""The loop that learns memberships in one store: changes of interactions → events of groups, in one transaction.

Whatever is learned anew raises the identity version, from the time on from which somebody belongs elsewhere.
"""

from collections import defaultdict
from collections.abc import AsyncGenerator, Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from lrs.core.people.learned import Event, Group, Told, events, stands, telling
from lrs.store.changes import LogEntry
from lrs.store.interactions import Session
from lrs.store.positions import NORMALISER, Position
from lrs.store.stores import Store

Document: TypeAlias = dict[str, Any]

READER = "memberships"
VERSION = 1  # raised when other memberships are learned from the same interactions
BATCH = 1000  # changes read at once
MOST = 20_000  # changes in one transaction: whatever is learned may release all groups anew
TOGETHER = 200  # groups that are learned at once
MOST_PENDING = 100_000  # events in memory of which most may tell nothing


class MembershipLearner:
    """Learns from one store's interactions, for the holder of the lease."""

    def __init__(self, store: Store, owner: str, session: Session) -> None:
        self._store, self._owner, self._session = store, owner, session
        self.position = Position()

    async def start(self) -> None:
        """Take the position over."""
        await self._store.positions.take_over([READER], self._owner)
        self.position = await self._store.positions.get(READER)

    async def step(self) -> bool:
        """Learn from what has changed; False when there is nothing to do."""
        source = await self._store.positions.get(NORMALISER)
        if (self.position.version, self.position.generation) != (VERSION, source.generation):
            await self._learn_everything(source)
            return True
        entries = await self._gathered(source.generation)
        if not entries:
            return False
        found = await self._store.learned.telling(source.generation, {entry.interaction_id for entry in entries})
        await self._learn(await self._concerned(found), {"seq": entries[-1].seq})
        return True

    async def _gathered(self, generation: int) -> list[LogEntry]:
        """Return what has changed since the last look, but for what is too much for one."""
        changes, gathered = self._store.changes(generation), list[LogEntry]()
        while len(gathered) < MOST:
            more = await changes.after(gathered[-1].seq if gathered else self.position.seq, BATCH)
            if not more:
                break
            gathered += more
        return gathered

    async def _learn_everything(self, source: Position) -> None:
        """Learn from all interactions: the first time, and when they were made anew."""
        await self._store.learned.create_indexes(source.generation)
        named = await self._store.learned.named(source.generation)
        moved = {"seq": source.seq, "generation": source.generation, "version": VERSION}
        await self._learn({Group(kind, name) for kind, name in named}, moved)

    async def _concerned(self, interactions: Iterable[Document]) -> set[Group]:
        """Return the groups whose members may have changed by what interactions say of them now."""
        said: dict[Group, list[tuple[Event, bool]]] = defaultdict(list)
        for interaction in interactions:
            for group, event in events(interaction):
                said[group].append((event, stands(interaction)))
        kept = await self._store.learned.groups({_key(group) for group in said})
        known = {group: Told(_events(kept.get(_key(group)))) for group in said}
        return {
            group
            for group, told in said.items()
            if not all(
                known[group].implies(event) if is_standing else event not in known[group] for event, is_standing in told
            )
        }

    async def _learn(self, groups: Collection[Group], moved: Document) -> None:
        kept = await self._store.learned.groups({_key(group) for group in groups})
        learned: list[Document] = []
        changed: set[Event] = set()
        async for group, after in self._telling(groups, moved):
            before = _events(kept.get(_key(group)))
            if before != after:
                changed |= set(before) ^ set(after)
                learned.append(_document(group, after))

        async def save(session: Session) -> None:
            await self._store.learned.save(learned, session)
            if changed:
                await self._store.people.raise_version(min(event.t for event in changed), session)
            await self._store.positions.move(READER, self._owner, moved, session)

        await self._session.with_transaction(save)
        self.position = replace(self.position, **moved)

    async def _telling(
        self, groups: Collection[Group], moved: Document
    ) -> AsyncGenerator[tuple[Group, list[Event]], None]:
        """Yield groups with their telling events, from everything that is said of them by now.

        One act may be for thousands of groups: it is not read for each of them.
        """
        generation = moved.get("generation", self.position.generation)
        for kind in sorted({group.kind for group in groups}):
            named = sorted(group.name for group in groups if group.kind == kind)
            for begin in range(0, len(named), TOGETHER):
                for each in (await self._said(generation, kind, named[begin : begin + TOGETHER])).items():
                    yield each

    async def _said(self, generation: int, kind: str, named: Sequence[str]) -> dict[Group, list[Event]]:
        """Return the telling events of some groups of a kind."""
        said: dict[Group, set[Event]] = {Group(kind, name): set() for name in named}
        pending = 0
        async for each in self._store.learned.of_groups(generation, kind, named):
            for group, event in events(each) if stands(each) else ():
                if group in said:
                    said[group].add(event)
                    pending += 1
            if pending > MOST_PENDING:  # who left came first, so that what tells nothing now never will
                said, pending = {group: set(telling(known)) for group, known in said.items()}, 0
        return {group: telling(known) for group, known in said.items()}


def _key(group: Group) -> str:
    return f"{group.kind}:{group.name}"


def _document(group: Group, told: Collection[Event]) -> Document:
    kept = [[event.agent, event.t, event.statement, event.joins] for event in told]
    return {"_id": _key(group), "kind": group.kind, "group": group.name, "role": group.role, "events": kept}


def _events(document: Document | None) -> list[Event]:
    kept = document["events"] if document is not None else ()
    return [Event(t, statement, agent, joins) for agent, t, statement, joins in kept]
