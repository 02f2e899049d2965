"""A story: what is told, of whom, with which settings, and over which windows it is worth asking about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from hypothesis import strategies as st

from tests.conversations import MOST_ACTS, Shape, acts_of, corrected
from tests.reference.samples import minute
from tests.reference.statements import Statement

Person: TypeAlias = dict[str, Any]
Span: TypeAlias = tuple[datetime, datetime]


@dataclass(frozen=True)
class Story:
    """Up to 24 statements, the people in the shape of `PUT /api/v1/people`, and windows over what happens."""

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
    shapes: Sequence[Shape],
    people: st.SearchStrategy[list[Person]],
    spans: Sequence[Span],
    settings: st.SearchStrategy[Mapping[str, Any]],
) -> Story:
    """Return a story of three acts or more, with what is told again and what is voided."""
    statements = corrected(draw, acts_of(draw, shapes, draw(st.integers(3, MOST_ACTS))))
    return Story(statements, draw(people), spans, draw(settings))
