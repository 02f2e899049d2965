"""Answers that were given: who asks the same again, while nothing has changed that it rests on, has it at once."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import polars as pl

from lrs.core.analytics import blame
from lrs.core.analytics.answer import Row
from lrs.plugin.spec import Plugin

Answer = TypeVar("Answer")

MOST = 1000  # answers that a process keeps


@dataclass(frozen=True, slots=True)
class Told:
    """The rows of an answer, and the coverage of what is shown in them; None where nothing is."""

    rows: Sequence[Row]
    coverage: Mapping[str, float | None] | None

    @classmethod
    def of(cls, rows: Sequence[Row], plugin: Plugin) -> "Told":
        """Return rows as they are told: without the acts that they rest on."""
        shown = [row.acts for row in rows if row.reason is None and row.acts is not None]
        coverage = blame.coverage(plugin, pl.concat(shown)) if shown else None
        return cls([_without_acts(row) for row in rows], coverage)


class Remembered:
    """The answers that a process gave last, by all that they rest on."""

    def __init__(self, most: int = MOST) -> None:
        self._told: OrderedDict[Hashable, Any] = OrderedDict()
        self._most = most

    async def told(self, key: Hashable, tell: Callable[[], Awaitable[Answer | None]]) -> Answer | None:
        """Return the answer that was given, or else give one; None can't be kept."""
        known: Answer | None = self._told.get(key)
        if known is None:
            known = await tell()
            if known is None:
                return None
            self._told[key] = known
        self._told.move_to_end(key)
        while len(self._told) > self._most:
            self._told.popitem(last=False)
        return known


def _without_acts(row: Row) -> Row:
    previous = None if row.previous is None else _without_acts(row.previous)
    return replace(row, acts=None, previous=previous)
