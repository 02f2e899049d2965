"""One batch of statements becomes interactions: the recipe of the normaliser.

Everything is computed from what is kept plus the batch, so that any order, repetition, void or late arrival ends in the
same interactions. There is one normaliser at a time, so what it reads can't change before it writes: only the writes,
with the position that admits nobody else's, need a transaction.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from lrs.core.calendar import moved
from lrs.core.normaliser import closings, keys, repetitions
from lrs.core.normaliser.items import Items, order
from lrs.core.normaliser.keys import STATEMENT
from lrs.core.normaliser.outcome import Outcome
from lrs.core.normaliser.pending import Pending
from lrs.core.normaliser.records import interaction_id, look_up, record, settle_state, start_looked_up
from lrs.core.normaliser.repetitions import Series
from lrs.core.normaliser.rules import Rules
from lrs.core.normaliser.told import Told

Document: TypeAlias = dict[str, Any]

MOST = 5000
"""Interactions that are settled with what they depend on, in one transaction, which may take ten seconds."""

HIGHEST = 10_000  # steps up from an item, for who looks whether they lead back to it


@dataclass(slots=True)
class Projection:
    """What one batch changes. `from_nothing` says that no statement was read before, so none has to be looked for.

    Where more than `MOST` interactions depend on it, they are left unsettled, and taken up later, some at a time, by
    projections of their own (`settle`, `settle_series`).
    """

    kept: Pending
    rules: Rules
    from_nothing: bool = False
    interactions: dict[str, Document] = field(default_factory=dict)
    before: dict[str, Document] = field(default_factory=dict)
    items: Items = field(default_factory=Items)
    outcome: Outcome = field(init=False)

    def __post_init__(self) -> None:
        self.outcome = Outcome(self.before, self.items)

    async def take(self, batch: Sequence[Told]) -> Outcome:
        """Write the batch's new acts down, apply its voids and settle everything that depends on either."""
        voided = {told.arrival.voids for told in batch if told.arrival.voids is not None}
        gone = set(map(str, voided))
        fresh = {key: told for told in await self._unseen(batch) if (key := str(told.arrival.id)) not in gone}
        for key, told in fresh.items():
            self._write_down(key, told)
        await self._void(voided)
        turned = [each for each in self.interactions.values() if self._is_new_or_voided(each)]
        await self._settle_items()
        closing = {each["closes"] for each in turned} - {None}
        statements = [f"{STATEMENT}{each}" for each in (*fresh, *self.outcome.forgotten)]
        await self._settle_dependents([*map(keys.needed, statements), *closing])
        await self._settle_repetitions(turned)
        return self._outcome()

    async def settle(self, found: Sequence[Document]) -> Outcome:
        """Settle interactions again that depend on what has changed, and what in turn depends on those."""
        self._load(found)
        made = {each["object_id"] for each in found if each["creates"]}
        await self._load_items(made)
        await self._load_above()
        await self._settle_places(made)
        await self._settle_dependents([])
        return self._outcome()

    def settle_series(self, acts: Sequence[Document], since: Mapping[int, datetime], series: Series) -> Outcome:
        """Settle acts that may repeat one another, the next ones in order."""
        self._load(acts)
        for act in acts:
            series.settle(act, since[act["repetition"]])
        return self._outcome()

    async def _unseen(self, batch: Sequence[Told]) -> list[Told]:
        if self.from_nothing:
            return [told for told in batch if not told.arrival.voided]
        by_id = {told.arrival.id: told for told in batch}
        # A statement was read before if its first act is there, for all that it tells is written at once.
        first = {key: interaction_id(key, told.acts[0]) for key, told in by_id.items() if told.acts}
        known = await self.kept.known(first.values())
        unmapped = await self.kept.unmapped([key for key in by_id if key not in first])
        unknown = [key for key in by_id if first.get(key) not in known and key not in unmapped]
        voided = await self.kept.voided(unknown)
        return [by_id[key] for key in unknown if key not in voided]

    def _write_down(self, statement: str, told: Told) -> None:
        arrival, told_of = told.arrival, told.interpretation
        if told.failure is not None:
            self.outcome.failures[arrival.id] = told.failure
        if told_of.unmapped_verb is not None:
            self.outcome.unmapped[arrival.id] = told_of.unmapped_verb
        for act in told_of.acts:
            key = interaction_id(statement, act)
            self.interactions[key] = record(act, key, arrival.id, arrival.stored, self.rules.closable)

    async def _void(self, targets: Collection[UUID]) -> None:
        self.outcome.forgotten.update(targets)
        if not targets:
            return
        self.outcome.no_longer_unmapped = list((await self.kept.unmapped(targets)).values())
        found = await self.kept.of_statements(targets)
        self._load(found)
        for each in found:
            self.interactions[each["_id"]]["voided"] = True

    async def _settle_items(self) -> None:
        made = [each for each in self.interactions.values() if each["creates"]]
        await self._load_items([each["object_id"] for each in made])
        for create in made:
            if not create["voided"]:
                self.items.offer(create)
        for create in made:
            if create["voided"]:
                await self._replace_first(create)
        await self._load_items(self.items.parents(self.items.changed))
        await self._settle_places(set(self.items.changed))

    async def _load_above(self) -> None:
        """Load what the items hang below. Where not all are placed together, who hangs below itself is seen by that."""
        for _ in range(HIGHEST):
            if not (above := self.items.missing(self.items.parents())):
                return
            await self._load_items(above)

    async def _settle_places(self, frontier: Collection[str]) -> None:
        """Place items again, and what hangs below them."""
        frontier = self.items.settle_places(frontier)
        while frontier:
            children = await self.kept.children(frontier, MOST) if len(self.items.changed) <= MOST else None
            if children is None:
                self.outcome.unsettled.update(map(keys.needed, frontier))
                return
            self.items.add((), children)
            frontier = self.items.settle_places({child["_id"] for child in children})

    async def _replace_first(self, voided: Document) -> None:
        """If the voided create was its item's first, let the next one take its place."""
        item = voided["object_id"]
        first = self.items.first(item)
        if first is None or first["statement_id"] != voided["statement_id"]:
            return
        stored = await self.kept.first_create(item, excluding=self.outcome.forgotten)
        fresh = [each for key, each in self.interactions.items() if key not in self.before and each["creates"]]
        candidates = [each for each in fresh if each["object_id"] == item and not each["voided"]]
        candidates += [stored] if stored is not None else []
        self.items.set_first(item, min(candidates, key=order, default=None))

    async def _settle_dependents(self, changed: Collection[int]) -> None:
        """Look up again what has changed: the items, and what else has one of the keys."""
        looked_up = [*map(keys.needed, self.items.changed), *changed]
        found = await self.kept.needing(looked_up, MOST)
        if found is None:
            self.outcome.unsettled.update(looked_up)
        self._load(found or ())
        await self._look_up()
        await self._settle_closings()

    async def _look_up(self) -> None:
        """Fill in the new interactions and, again, those that look up what has changed."""
        affected = [each for each in self.interactions.values() if not each["voided"]]
        references = {each["target_ref"] for each in affected if each["target_ref"] is not None}
        statements = {key for key in references if key.startswith(STATEMENT)}
        await self._load_items({*(references - statements), *(each["parent_id"] for each in affected)})
        placed = [(each, self.items.of_act(each)) for each in affected]  # the parents are loaded, so it is final
        await self._load_items([start_looked_up(each, place) for each, place in placed])
        actors = await self.kept.actors([UUID(key.removeprefix(STATEMENT)) for key in statements])
        by_key = {f"{STATEMENT}{statement}": actor for statement, actor in actors.items()}
        for interaction, place in placed:
            look_up(interaction, place, self.items, by_key)

    async def _settle_closings(self) -> None:
        wanted = {key for each in self.interactions.values() for key in keys.closing(each["needs"])}
        kept = await self.kept.closing(wanted) if wanted else []
        found = {each["_id"]: each for each in kept} | self.interactions
        closers = closings.by_key(each for each in found.values() if each["closes"] in wanted and not each["voided"])
        for interaction in self.interactions.values():
            if interaction["needs"]:
                closings.settle(interaction, closers)

    async def _settle_repetitions(self, turned: Sequence[Document]) -> None:
        since: dict[int, datetime] = {}
        for each in turned:
            key, t = each["repetition"], each["t"]
            if key not in since or t < since[key]:
                since[key] = t
        if not since:
            return
        begin = moved(min(since.values()), -self.rules.repetition)
        self._settle_series(since, await self.kept.kept_of_series(since.keys(), begin))
        ceased = {each["repetition"] for each in self.interactions.values() if self._counts_no_more(each)}
        if not ceased:
            return
        # What repeats an act, however often, is read only where that act isn't the one that counts any more.
        found = await self.kept.all_of_series(ceased, begin, MOST)
        if found is None:
            self.outcome.unsettled_series = {key: since[key] for key in ceased}
        else:
            self._settle_series({key: since[key] for key in ceased}, found)

    def _settle_series(self, since: Mapping[int, datetime], found: Sequence[Document]) -> None:
        self._load(found)
        repeating = [each for each in self.interactions.values() if each["repetition"] in since]
        repetitions.settle(repeating, since, self.rules.repetition)

    def _outcome(self) -> Outcome:
        for interaction in self.interactions.values():
            settle_state(interaction)
        self.outcome.changed = {key: each for key, each in self.interactions.items() if self.before.get(key) != each}
        return self.outcome

    def _is_new_or_voided(self, interaction: Document) -> bool:
        before = self.before.get(interaction["_id"])
        return before is None or before["voided"] != interaction["voided"]

    def _counts_no_more(self, interaction: Document) -> bool:
        before = self.before.get(interaction["_id"])
        stood = before is not None and before["repeats"] is None and not before["voided"]
        return stood and (interaction["voided"] or interaction["repeats"] is not None)

    def _load(self, found: Sequence[Document]) -> None:
        for interaction in found:
            if interaction["_id"] not in self.interactions:
                self.interactions[interaction["_id"]] = interaction
                self.before[interaction["_id"]] = dict(interaction)

    async def _load_items(self, keys: Collection[str | None]) -> None:
        if missing := self.items.missing(keys):
            self.items.add(missing, await self.kept.items(missing))
