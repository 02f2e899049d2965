"""One batch of statements becomes interactions: the recipe of the normaliser.

Everything is computed from what is kept plus the batch, in one transaction, so that any order, repetition, void or late
arrival ends in the same interactions.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import orjson

from lrs.core.normaliser import repetitions
from lrs.core.normaliser.interpret import interpret
from lrs.core.normaliser.items import Items, order
from lrs.core.normaliser.records import STATEMENT, look_up, record
from lrs.core.normaliser.rules import Rules
from lrs.store.changes import LogEntry, Operation
from lrs.store.feed import Arrival
from lrs.store.interactions import Interactions, Session

Document: TypeAlias = dict[str, Any]


@dataclass(slots=True)
class Projection:
    """What one batch changes."""

    kept: Interactions
    session: Session
    items: Items = field(default_factory=Items)
    interactions: dict[str, Document] = field(default_factory=dict)
    before: dict[str, Document] = field(default_factory=dict)
    unmapped: dict[UUID, str] = field(default_factory=dict)
    forgotten: set[UUID] = field(default_factory=set)
    failures: dict[UUID, str] = field(default_factory=dict)

    async def take(self, batch: Sequence[Arrival], rules: Rules) -> None:
        """Read the batch's new statements, apply its voids and settle everything that depends on either."""
        fresh = await self._unseen(batch)
        for arrival in fresh:
            self._read(arrival, rules)
        await self._void({arrival.voids for arrival in batch if arrival.voids is not None})
        await self._settle_items()
        touched = {f"{STATEMENT}{arrival.id}" for arrival in fresh} | {f"{STATEMENT}{each}" for each in self.forgotten}
        await self._look_up(touched)
        await self._settle_repetitions()

    def log(self, seq: int) -> list[LogEntry]:
        """Return the log entries for what has changed, numbered from `seq` + 1."""
        changed = [(key, op) for key in self.interactions if (op := self._operation(key)) is not None]
        return [
            LogEntry(seq + number, op, key, self.interactions[key]["kind"])
            for number, (key, op) in enumerate(changed, start=1)
        ]

    async def save(self, entries: Sequence[LogEntry]) -> None:
        """Write the interactions that the entries name, and the items."""
        await self.kept.save(
            inserted=[self.interactions[entry.interaction_id] for entry in entries if entry.op == "insert"],
            changed=[self.interactions[entry.interaction_id] for entry in entries if entry.op != "insert"],
            items=self.items.to_save(),
            unmapped=self.unmapped,
            forgotten=self.forgotten,
            session=self.session,
        )

    async def _unseen(self, batch: Sequence[Arrival]) -> list[Arrival]:
        by_id = {arrival.id: arrival for arrival in batch}
        known = await self.kept.known_statements(by_id.keys(), self.session)
        voided = await self.kept.voided(by_id.keys(), self.session)
        return [arrival for key, arrival in by_id.items() if key not in known and key not in voided]

    def _read(self, arrival: Arrival, rules: Rules) -> None:
        try:
            told = interpret(orjson.loads(arrival.raw), rules)
        except Exception as error:  # one unreadable statement must not stop the others; it is listed for the admin
            self.failures[arrival.id] = f"{type(error).__name__}: {error}"
            return
        if told.unmapped_verb is not None:
            self.unmapped[arrival.id] = told.unmapped_verb
        for act in told.acts:
            interaction = record(act, arrival.id, arrival.stored, rules.fingerprint)
            self.interactions[interaction["_id"]] = interaction

    async def _void(self, targets: Collection[UUID]) -> None:
        self.forgotten.update(targets)
        if not targets:
            return
        self._load(await self.kept.of_statements(targets, self.session))
        for interaction in self.interactions.values():
            if interaction["statement_id"] in self.forgotten:
                interaction["state"] = "voided"

    async def _settle_items(self) -> None:
        made = [each for each in self.interactions.values() if each["creates"]]
        await self._load_items([each["object_id"] for each in made])
        for create in made:
            if create["state"] != "voided":
                self.items.offer(create)
        for create in made:
            if create["state"] == "voided":
                await self._replace_first(create)
        await self._load_items(self.items.parents())
        frontier = self.items.settle_places(set(self.items.changed))
        while frontier:
            children = await self.kept.children(frontier, self.session)
            self.items.add((), children)
            frontier = self.items.settle_places({child["_id"] for child in children})

    async def _replace_first(self, voided: Document) -> None:
        """If the voided create was its item's first, let the next one take its place."""
        item = voided["object_id"]
        first = self.items.first(item)
        if first is None or first["statement_id"] != voided["statement_id"]:
            return
        stored = await self.kept.first_create(item, excluding=self.forgotten, session=self.session)
        fresh = [each for key, each in self.interactions.items() if key not in self.before and each["creates"]]
        candidates = [each for each in fresh if each["object_id"] == item] + ([stored] if stored is not None else [])
        self.items.set_first(item, min(candidates, key=order, default=None))

    async def _look_up(self, touched: Collection[str]) -> None:
        """Fill in the new interactions and, again, those that look up what has changed."""
        self._load(await self.kept.needing([*self.items.changed, *touched], self.session))
        affected = [each for each in self.interactions.values() if each["state"] != "voided"]
        references = {each["target_ref"] for each in affected if each["target_ref"] is not None}
        statements = {key for key in references if key.startswith(STATEMENT)}
        own = {each["object_id"] for each in affected if each["is_thread"]}
        await self._load_items({*(references - statements), *own, *(each["parent_id"] for each in affected)})
        actors = await self.kept.actors([UUID(key.removeprefix(STATEMENT)) for key in statements], self.session)
        by_key = {f"{STATEMENT}{statement}": actor for statement, actor in actors.items()}
        for interaction in affected:
            look_up(interaction, self.items, by_key)

    async def _settle_repetitions(self) -> None:
        since: dict[bytes, datetime] = {}
        for each in filter(self._is_new_or_voided, self.interactions.values()):
            since[each["dedupe_key"]] = min(each["t"], since.get(each["dedupe_key"], each["t"]))
        if since:
            begin = min(since.values()) - repetitions.SPAN
            self._load(await self.kept.repetitions(since.keys(), begin, self.session))
        repetitions.settle((each for each in self.interactions.values() if each["dedupe_key"] in since), since)

    def _is_new_or_voided(self, interaction: Document) -> bool:
        before = self.before.get(interaction["_id"])
        return before is None or before["state"] != interaction["state"]

    def _load(self, found: Sequence[Document]) -> None:
        for interaction in found:
            if interaction["_id"] not in self.interactions:
                self.interactions[interaction["_id"]] = interaction
                self.before[interaction["_id"]] = dict(interaction)

    async def _load_items(self, keys: Collection[str | None]) -> None:
        if missing := self.items.missing(keys):
            self.items.add(missing, await self.kept.items(missing, self.session))

    def _operation(self, key: str) -> Operation | None:
        after, before = self.interactions[key], self.before.get(key)
        if before is None:
            return "insert"
        if before == after:
            return None
        return "state_change" if before["state"] != after["state"] else "retarget"
