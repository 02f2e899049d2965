"""An organisation of our own making, released week by week, and its network recomputed in the plainest way."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import polars as pl

from lrs.core.analytics import guard
from lrs.core.analytics.groups import ReleasedGroups
from lrs.core.analytics.released import cells, tallied
from lrs.core.analytics.resolved import Directory, directory
from lrs.core.analytics.windows import Window
from lrs.core.network.between import GroupAnswer, between_groups
from lrs.core.network.query import NetworkQuery
from lrs.core.network.reading import Weeks
from lrs.core.people.identity import Identity, Membership
from lrs.plugin import Act, Column, code
from lrs.plugin.frames import frame, schema
from lrs.plugin.spec import TIES
from tests.core.analytics.samples import MONDAY, week

COLUMNS: Mapping[str, Column] = TIES
MUCH_LATER = MONDAY + timedelta(days=365)


def done(
    actor: str,
    target: str | None,
    *,
    kind: str = "reply",
    after: timedelta = timedelta(),
    ended: datetime | None = None,
    course: str | None = None,
    times: int = 1,
) -> list[Act]:
    """Acts of one toward another, so long after MONDAY."""
    detail = {"kind": kind, "weight": 1.0, "ended": ended}
    return [
        Act(
            id=f"{actor} {kind} {target} {after} {number}",
            t=MONDAY + after,
            actor=actor,
            target=target,
            course=course,
            contributes=kind != "view",
            detail=detail,
        )
        for number in range(times)
    ]


@dataclass(frozen=True)
class Organisation:
    """Who belongs to which department (or another partition), and what was done."""

    members: Mapping[str, Iterable[str]]
    acts: Sequence[Act]
    partition: str = "department"
    weeks: int = 1
    inactive: frozenset[str] = frozenset()
    more: Mapping[str, tuple[Membership, ...]] = field(default_factory=dict)

    def who(self) -> Directory:
        belongs: dict[str, tuple[Membership, ...]] = defaultdict(tuple)
        for name, people in self.members.items():
            for person in people:
                belongs[person] += (Membership(name),)
        known = {**belongs, **self.more}
        identity = Identity(imported=frozenset(known), inactive=self.inactive, memberships={self.partition: known})
        return directory(identity)

    def ask(self, *, k: int = 5, kinds: Sequence[str] | None = None, who: Directory | None = None) -> GroupAnswer:
        """Return the network between groups over all weeks, by who is who when they were released or by now."""
        spans = [week(number) for number in range(self.weeks)]
        window = Window(spans[0].start, spans[-1].end)
        found = Weeks(window, MUCH_LATER, False, spans, self.released(spans, k))
        query = NetworkQuery(window, "group", self.partition, None if kinds is None else tuple(kinds), "json")
        return between_groups(query, found, who or self.who(), k)

    def released(self, spans: Sequence[Window], k: int) -> ReleasedGroups:
        told = frame(self.acts, COLUMNS)
        courses = {code(act.course): act.course for act in self.acts if act.course is not None}
        everybody = {span: told.filter(pl.col("t").is_between(span.start, span.end, closed="left")) for span in spans}
        found = {
            (cell.group, span): cell
            for span, acts in everybody.items()
            for cell in cells(acts, self.who(), courses)
            if cell.partition == self.partition
        }
        withheld = guard.withheld_cells({place: tallied(cell) for place, cell in found.items()}, k)
        nothing = pl.DataFrame(schema=schema(COLUMNS))
        return ReleasedGroups(spans, withheld, found, everybody, nothing, early=nothing)


def entries(answer: GroupAnswer) -> dict[tuple[str, str | None], tuple[int | None, int | None, str | None]]:
    """Acts, ties and reason by source and target."""
    return {(row[0], row[1]): row[2:] for row in answer.entries.rows()}


def figures(answer: GroupAnswer, group: str) -> dict[str, float | str | None]:
    """The value of each figure of a group, or the reason why there is none."""
    (found,) = [each for each in answer.groups if each.name == group]
    return {name: each.reason or each.value for name, each in found.figures.items()}
