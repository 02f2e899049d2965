"""Questions about a story, asked of a store and of the reference, and where their answers differ."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from math import isclose
from typing import Any, TypeAlias

from hypothesis import strategies as st

from lrs.core.analytics import Analytics
from lrs.core.analytics.answer import Row
from lrs.plugin import Plugin
from lrs.plugin.loader import load_plugins
from tests import reference
from tests.reference.domain import Domain
from tests.stories.story import Span, Story
from tests.telling import MUCH_LATER

PARTITIONS = ("department", "course", "team", "community", "role")
ZONES = ("UTC", "UTC", "America/New_York", "Asia/Kathmandu")

Plain: TypeAlias = Mapping[str, Any]
"""A row of either, by the names of its parts."""


@dataclass(frozen=True)
class Question:
    """What is asked of every metric of a plugin. With a `min_group` of 1 nothing is withheld for too few people."""

    span: Span
    bucket: str | None
    partition: str | None
    min_group: int
    minimums: bool  # whether numbers need as many values as their metrics say

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The question as a request's parameters."""
        since, until = (each.isoformat() for each in self.span)
        asked = {"since": since, "until": until, "bucket": self.bucket, "group_by": self.partition}
        return [(name, value) for name, value in asked.items() if value is not None]

    def analytics(self) -> Analytics:
        """What answers it, knowing nothing of earlier stories."""
        plugins = load_plugins()
        if not self.minimums:
            plugins = {name: _without_minimums(plugin) for name, plugin in plugins.items()}
        return Analytics(plugins, min_group=self.min_group)

    def of_the_reference(
        self, domain: Domain, metric: str, zone: str, settings: Mapping[str, Any]
    ) -> list[reference.Row]:
        """The rows that the reference gives."""
        return reference.evaluate(
            domain,
            metric=metric,
            since=self.span[0],
            until=self.span[1],
            now=MUCH_LATER,
            bucket=self.bucket,
            group_by=self.partition,
            timezone=zone,
            min_group=self.min_group,
            minimums=self.minimums,
            settings=settings,
        )


def all_of_it(story: Story) -> Question:
    """The question after everything, with nothing withheld."""
    return Question(story.spans[0], None, None, min_group=1, minimums=False)


@st.composite
def questions(draw: st.DrawFn, story: Story) -> Question:
    """Return a question: of the whole store, or of the groups of a partition, which are not shown by day."""
    partition = draw(st.sampled_from([None, None, "department", "department", *PARTITIONS]))
    buckets = [None, None, "week", "week", "month", *(["day"] if partition is None else [])]
    bucket = draw(st.sampled_from(buckets))
    span, min_group = draw(st.sampled_from(story.spans)), draw(st.sampled_from([1, 1, 2, 2, 3, 5]))
    return Question(span, bucket, partition, min_group, draw(st.sampled_from([False, False, False, True])))


def differences(rows: Sequence[Row], wanted: Sequence[reference.Row]) -> list[tuple[Plain, Plain]]:
    """Return the rows that differ, with all that they tell."""
    mine, theirs = [_of_the_product(row) for row in rows], [_of_the_reference(row) for row in wanted]
    nothing: Plain = {}
    pairs = zip_longest(mine, theirs, fillvalue=nothing)
    return [(one, other) for one, other in pairs if any(_unlike(one, other))]


def _unlike(one: Plain, other: Plain) -> Iterator[str]:
    """What is not told is as good as null."""
    for name in one.keys() | other.keys():
        value, wanted = one.get(name), other.get(name)
        if isinstance(value, int | float) and isinstance(wanted, int | float):
            is_same = isclose(value, wanted, rel_tol=1e-9, abs_tol=1e-9)
        else:
            is_same = value == wanted
        if not is_same:
            yield name


def _of_the_product(row: Row) -> Plain:
    bucket: tuple[datetime | None, datetime | None] = (None, None)
    if row.bucket is not None:
        bucket = row.bucket.start, row.bucket.end
    return _plain(row, bucket)


def _of_the_reference(row: reference.Row) -> Plain:
    return _plain(row, (row.start, row.end))


def _plain(row: Row | reference.Row, bucket: tuple[datetime | None, datetime | None]) -> Plain:
    names = ("group", "value", "reason", "suppressed", "n_people", "n_acts")
    told = {name: getattr(row, name) for name in names}
    beside = {f"beside {name}": shown.value for name, shown in row.beside.items()}
    return {"bucket": bucket, **told, **beside}


def _without_minimums(plugin: Plugin) -> Plugin:
    metrics = (dataclasses.replace(metric, min_values=0, min_denominator=0) for metric in plugin.metrics)
    return dataclasses.replace(plugin, metrics=tuple(metrics))
