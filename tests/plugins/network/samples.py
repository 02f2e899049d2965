"""Tie acts of our own making, and metrics asked of them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from lrs import kit
from lrs.kit.interactions import MONDAY
from lrs.plugin import Act, Number
from plugins.network import plugin
from tests.network_graphs import Tie

DAY = timedelta(days=1)


def tie(one: str, other: str | None, kind: str = "reply", after: timedelta = timedelta(), **told: Any) -> Act:
    """The act that somebody does something toward another, so long after MONDAY."""
    ended: datetime | None = told.pop("ended", None)
    return Act(
        id=told.pop("id", f"{one} {kind} {other} {after}"),
        t=MONDAY + after,
        actor=one,
        target=other,
        contributes=kind not in plugin.defaults["passive_kinds"],
        detail={"kind": kind, "weight": 1.0, "ended": ended},
        **told,
    )


def ties(arcs: Iterable[Tie]) -> list[Act]:
    return [tie(one, other) for one, other in arcs]


def both_ways(arcs: Iterable[Tie]) -> list[Act]:
    return [act for one, other in arcs for act in (tie(one, other), tie(other, one))]


def departments(**members: Iterable[str]) -> list[dict[str, Any]]:
    """Memberships of departments by their names."""
    return [
        {"person": person, "kind": "department", "group": name} for name, people in members.items() for person in people
    ]


def compute(metric: str, acts: Iterable[Act], **scope: Any) -> Number:
    """The number of a metric over acts, in a scope as `kit.scope` takes it."""
    chosen = plugin.metric(metric)
    assert chosen is not None
    return chosen.compute(kit.scope(plugin, acts, **scope))
