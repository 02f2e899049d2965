"""A story: what is told, of whom, with which settings, and over which windows it is worth asking about."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any, TypeAlias

from hypothesis import strategies as st

from tests.conversations import MOST_ACTS, Shape, acts_of, corrected
from tests.reference.samples import minute
from tests.reference.statements import Statement

Person: TypeAlias = dict[str, Any]
Span: TypeAlias = tuple[datetime, datetime]

Scene: TypeAlias = Callable[[st.DrawFn, Iterator[int]], list[Statement]]
"""Draws what belongs together, at most twelve statements with the next numbers: a thread, a cascade, a pair."""


@dataclass(frozen=True)
class Story:
    """Up to 25 statements, the people in the shape of `PUT /api/v1/people`, and windows over what happens."""

    statements: list[Statement]
    people: list[Person]
    spans: Sequence[Span] = field(repr=False)
    settings: Mapping[str, Any]


Stories: TypeAlias = st.SearchStrategy[Story]


def days(since: float, until: float) -> Span:
    """Return the window between two days after the Monday on which every story begins."""
    return minute(since * 24 * 60), minute(until * 24 * 60)


@st.composite
def stories_of(
    draw: st.DrawFn,
    scenes: Sequence[Scene],
    shapes: Sequence[Shape],
    people: st.SearchStrategy[list[Person]],
    spans: Sequence[Span],
    settings: st.SearchStrategy[Mapping[str, Any]],
) -> Story:
    """Return a story: a scene, whatever else happens around it, and what is told again or voided."""
    scene = draw(st.sampled_from(scenes))(draw, count(1))
    others = acts_of(draw, shapes, draw(st.integers(3, MOST_ACTS - len(scene))), len(scene) + 1)
    return Story(corrected(draw, [*scene, *others]), draw(people), spans, draw(settings))
