"""Repetitions: the same act told again within ten minutes (a retry with a new id, a double click) counts once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, TypeAlias
from uuid import UUID

Document: TypeAlias = dict[str, Any]

SPAN = timedelta(minutes=10)

_FROM_THE_BEGINNING: Mapping[int, datetime] = MappingProxyType({})


def settle(
    interactions: Iterable[Document], since: Mapping[int, datetime] = _FROM_THE_BEGINNING, span: timedelta = SPAN
) -> None:
    """Say of each act which one it `repeats`: the statement id of the kept one before, or None for a kept one.

    An act less than ten minutes after the last *kept* one is dropped, over event time, so that arrival doesn't matter.
    With `since`, by repetition key, nothing has changed before that time: earlier acts stay as they are, and only
    those of the ten minutes before are needed.
    """
    series: dict[int, list[Document]] = defaultdict(list)
    for interaction in interactions:
        if not interaction["voided"]:
            series[interaction["repetition"]].append(interaction)
    for key, acts in series.items():
        if len(acts) == 1 and acts[0]["repeats"] is None:  # as nearly all: alone, it repeats nothing
            continue
        in_order, begin = Series(span), since.get(key)
        for act in sorted(acts, key=_order):
            in_order.settle(act, begin)


class Series:
    """Acts that come in order, those with one repetition key after those with another."""

    def __init__(self, span: timedelta) -> None:
        self._span = span
        self._kept: Document | None = None  # the last one

    def settle(self, act: Document, since: datetime | None) -> None:
        """Say of the next act which one it repeats. Before `since` nothing has changed."""
        kept = self._kept
        if kept is not None and kept["repetition"] != act["repetition"]:
            kept = None
        if act["voided"]:
            return
        if since is not None and act["t"] < since:
            self._kept = act if act["repeats"] is None else kept
        elif kept is not None and act["t"] - kept["t"] < self._span:
            act["repeats"] = kept["statement_id"]
        else:
            act["repeats"] = None
            self._kept = act


def _order(act: Document) -> tuple[datetime, UUID, str]:
    return act["t"], act["statement_id"], act["_id"]
