"""What comes out of a batch: what is to be written, logged and counted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any, TypeAlias
from uuid import UUID

from lrs.core.normaliser.items import Items
from lrs.core.normaliser.pending import Pending
from lrs.core.normaliser.seen import Seen, Space
from lrs.store.changes import LogEntry, Operation
from lrs.store.counts import Counted
from lrs.store.interactions import Interactions, Session

Document: TypeAlias = dict[str, Any]

_ALIKE = itemgetter("kind", "state", "source", "target_status", "target_via")
"""What interactions are counted by, in the order of a `Counted`."""


@dataclass(slots=True)
class Outcome:
    """The interactions that have `changed`, and those looked at as they were `before`; the items; what is unmapped.

    `unsettled` are the keys by which too many others look up what has changed, and `unsettled_series` since when acts
    that may repeat one another, too many as well, are to be gone through.
    """

    before: dict[str, Document]
    items: Items
    changed: dict[str, Document] = field(default_factory=dict)
    unmapped: dict[UUID, str] = field(default_factory=dict)
    no_longer_unmapped: list[str] = field(default_factory=list)
    forgotten: set[UUID] = field(default_factory=set)
    failures: dict[UUID, str] = field(default_factory=dict)
    unsettled: set[int] = field(default_factory=set)
    unsettled_series: dict[int, datetime] = field(default_factory=dict)

    @property
    def leaves_some(self) -> bool:
        """Whether something is left to be settled."""
        return bool(self.unsettled or self.unsettled_series)

    def pending(self, kept: Interactions, seen: Seen | None) -> Pending:
        """Return what is kept as it is once this batch is written."""
        items = {each["_id"]: each for each in self.items.to_save()}
        return Pending(kept, self.changed, items, dict(self.unmapped), seen)

    def remember(self, seen: Seen) -> None:
        """Let it be known which keys are written."""
        written = self.changed.values()
        seen.add(Space.NEEDS, (key for each in written for key in each["needs"]))
        seen.add(Space.CLOSES, (each["closes"] for each in written if each["closes"] is not None))
        seen.add(Space.REPETITIONS, (each["repetition"] for each in written))
        seen.add(Space.ITEMS, (each["_id"] for each in self.items.to_save()))

    def log(self, seq: int) -> list[LogEntry]:
        """Return the log entries for what has changed, numbered from `seq` + 1."""
        return [
            LogEntry(number, self._operation(key), key, each["kind"])
            for number, (key, each) in enumerate(self.changed.items(), start=seq + 1)
        ]

    def counted(self) -> Counter[Counted]:
        """Return by how much the counts change."""
        alike = Counter(map(_ALIKE, self.changed.values()))
        alike.subtract(_ALIKE(self.before[key]) for key in self.changed if key in self.before)
        more = Counter({Counted(*each): n for each, n in alike.items()})
        more.update(Counted(verb=verb) for verb in self.unmapped.values())
        more.subtract(Counted(verb=verb) for verb in self.no_longer_unmapped)
        return more

    async def save(self, kept: Interactions, entries: Sequence[LogEntry], session: Session) -> None:
        """Write the interactions that the entries name, and the items, in the session's transaction."""
        items = self.items.to_save()
        await kept.save(
            inserted=[self.changed[entry.interaction_id] for entry in entries if entry.op == "insert"],
            changed=[self.changed[entry.interaction_id] for entry in entries if entry.op != "insert"],
            made=[each for each in items if self.items.is_new(each)],
            items=[each for each in items if not self.items.is_new(each)],
            unmapped=self.unmapped,
            forgotten=self.forgotten,
            session=session,
        )
        await kept.unsettled.add(self.unsettled, self.unsettled_series, session)

    def _operation(self, key: str) -> Operation:
        before = self.before.get(key)
        if before is None:
            return "insert"
        return "state_change" if before["state"] != self.changed[key]["state"] else "retarget"
