"""Posts and views of our own making, read from interactions as the plugin reads them, and the numbers they give."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from lrs import kit
from lrs.kit.interactions import MONDAY
from lrs.plugin import Act, Number
from plugins.discussion import plugin

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
DOUBT = "http://id.tincanapi.com/activitytype/doubt"


def at(minutes: float) -> datetime:
    """The moment so many minutes after the window begins."""
    return MONDAY + minutes * MINUTE


def told(kind: str, **fields: Any) -> Act | None:
    """The act that an interaction with these fields stands for."""
    return plugin.apply(kit.change(kind, **fields), plugin.defaults)


def start(who: str, minutes: float = 0, thread: str = "t", kind: str = "create", **fields: Any) -> Act:
    """A thread that somebody starts."""
    usual = {"_id": f"{thread}:{kind}:0", "actor": who, "t": at(minutes), "object_id": thread, "root_id": thread}
    return _act(kind, {**usual, "on_thread": True, "is_root": True, "depth": 0, **fields})


def reply(who: str, minutes: float, to: Act, post: str | None = None, **fields: Any) -> Act:
    """A post that answers another."""
    name = post or f"{who} at {minutes} in {to.subject}"
    usual = {"_id": f"{name}:reply:0", "actor": who, "t": at(minutes), "object_id": name, "root_id": to.subject}
    answered = {"parent_author": to.actor, "parent_t": to.t, "depth": to.detail["depth"] + 1, "target": to.actor}
    status = "self" if to.actor == who else "resolved"
    return _act("reply", {**usual, **answered, "target_status": status, "on_thread": True, **fields})


def view(who: str, minutes: float, of: str, thread: str | None = None, **fields: Any) -> Act:
    """A view of a thread or post, which somebody was seen to make; `thread` is the one that its statement names."""
    usual = {"_id": f"{who} at {minutes} of {of}:view:0", "actor": who, "t": at(minutes), "object_id": of}
    place = {"root_id": thread or of, "on_thread": thread is not None}
    return _act("view", {**usual, **place, "target_status": "resolved", **fields})


def hand_thread() -> list[Act]:
    """The hand thread, in minutes, with a lone thread beside it.

    A starts at 0; B answers A at 10, C answers A at 30, A answers B at 40, D answers C at 100, A answers A's own start
    at 110; E starts a thread at 5 that nobody answers.
    """
    first = start("a", 0, "t:A")
    from_b, from_c = reply("b", 10, first), reply("c", 30, first)
    rest = [reply("a", 40, from_b), reply("d", 100, from_c), reply("a", 110, first)]
    return [first, from_b, from_c, *rest, start("e", 5, "t:E", object_type=DOUBT)]


def number(metric: str, acts: Iterable[Act], **scope: Any) -> Number:
    """What a metric makes of acts, in a scope that lasts a week."""
    chosen = plugin.metric(metric)
    assert chosen is not None
    return chosen.compute(kit.scope(plugin, acts, **{"until": MONDAY + 7 * DAY, **scope}))


def _act(kind: str, fields: Mapping[str, Any]) -> Act:
    act = told(kind, **fields)
    assert act is not None
    return act
