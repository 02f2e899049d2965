"""The loop that learns memberships in one store: changes of interactions → events of groups, in one transaction.

Whatever is learned anew raises the identity version, from the time on from which somebody belongs elsewhere.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
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
        for group in groups:
            before, after = _events(kept.get(_key(group))), await self._telling(group, moved)
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

    async def _telling(self, group: Group, moved: Document) -> list[Event]:
        """Return the telling events of a group, from everything that is said of it by now."""
        generation = moved.get("generation", self.position.generation)
        found = await self._store.learned.of_group(generation, group.kind, group.name)
        said = {event for each in found if stands(each) for named, event in events(each) if named == group}
        return telling(said)


def _key(group: Group) -> str:
    return f"{group.kind}:{group.name}"


def _document(group: Group, told: Collection[Event]) -> Document:
    kept = [[event.agent, event.t, event.statement, event.joins] for event in told]
    return {"_id": _key(group), "kind": group.kind, "group": group.name, "role": group.role, "events": kept}


def _events(document: Document | None) -> list[Event]:
    kept = document["events"] if document is not None else ()
    return [Event(t, statement, agent, joins) for agent, t, statement, joins in kept]
