"""Acts, tables of them and windows of our own making."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from lrs.core.analytics.windows import Window
from lrs.plugin import Act, Column
from lrs.plugin.frames import frame

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)


def week(number: int) -> Window:
    """The week so many weeks after MONDAY, in UTC."""
    return Window(MONDAY + number * WEEK, MONDAY + (number + 1) * WEEK)


def act(actor: str, after: timedelta = timedelta(), **told: Any) -> Act:
    """An act by `actor`, so long after MONDAY."""
    return Act(id=f"{actor} {after}", t=MONDAY + after, actor=actor, **told)


def acts(people: int, *, named: str = "p", after: timedelta = timedelta(), **told: Any) -> list[Act]:
    """One act of each of so many people."""
    return [act(f"{named}{number}", after + timedelta(minutes=number), **told) for number in range(people)]


def table(told: Iterable[Act], columns: Mapping[str, Column] | None = None) -> pl.DataFrame:
    """The table of acts, whose actors are persons."""
    return frame(told, columns or {})
