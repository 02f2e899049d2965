"""Acts of sharing, with hours after a Monday as their time; and metrics asked of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from lrs import kit
from lrs.kit.interactions import MONDAY
from lrs.plugin import Act, Number
from plugins.sharing import plugin

HOUR, DAY, WEEK = 1, 24, 7 * 24
END = 90 * DAY  # of the default window


def hour(hours: float) -> datetime:
    """Return the time so many hours after the Monday."""
    return MONDAY + timedelta(hours=hours)


def done(
    kind: str,
    actor: str,
    object: str | None,
    at: float = 0,
    *,
    parent: str | None = None,
    ended: float | None = None,
    known: bool = True,
    id: str | None = None,
    **places: str | None,
) -> Act:
    """Return the act that somebody does something with a thing, until it is taken back."""
    return Act(
        id=id or f"{kind} {actor} {object} {at:.3f}",
        t=hour(at),
        actor=actor,
        contributes=kind in ("share", "repost", "recommend"),
        detail={
            "kind": kind,
            "object": object,
            "parent": parent,
            "ended": None if ended is None else hour(ended),
            "maker_known": known,
            **places,
        },
    )


def share(actor: str, thing: str, at: float = 0, **told: Any) -> Act:
    """Return the act that somebody shares a thing."""
    return done("share", actor, thing, at, **told)


def repost(actor: str, thing: str, of: str, at: float = 1, **told: Any) -> Act:
    """Return the act that somebody passes on `of`, as a thing of its own."""
    return done("repost", actor, thing, at, parent=of, **told)


def view(actor: str, thing: str, at: float = 1, **told: Any) -> Act:
    """Return the act that somebody looks at a thing."""
    return done("view", actor, thing, at, **told)


def member(
    person: str, group: str, kind: str = "department", since: float = -1000, until: float = 9999
) -> dict[str, Any]:
    """Return the membership of somebody in a group, for so many hours."""
    return {"person": person, "kind": kind, "group": group, "since": hour(since), "until": hour(until)}


def ask(metric: str, acts: Sequence[Act], *, since: float = 0, until: float = END, **told: Any) -> Number:
    """Return what a metric says of the acts; times are in hours."""
    chosen = plugin.metric(metric)
    assert chosen is not None
    as_of = hour(told.pop("as_of")) if "as_of" in told else None
    return chosen.compute(kit.scope(plugin, acts, since=hour(since), until=hour(until), as_of=as_of, **told))
