"""Acts as the plugin makes them of interactions of our own making, and what metrics make of acts."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from lrs import kit
from lrs.kit.interactions import MONDAY
from lrs.plugin import Act, Number
from plugins.mentoring import plugin

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)
END = MONDAY + 90 * DAY  # of the default window


def read(kind: str, **told: Any) -> Act | None:
    return plugin.apply(kit.change(kind, **told), plugin.defaults)


def told(kind: str, actor: str, at: timedelta, **fields: Any) -> Act:
    """The act of an interaction so long after MONDAY."""
    name = f"{actor} {kind} {fields.get('target')} {fields.get('object_id')} {at}"
    act = read(kind, **{"_id": name, "t": MONDAY + at, "actor": actor, **fields})
    assert act is not None
    return act


def mentored(mentor: str, mentee: str | None, at: timedelta, **fields: Any) -> Act:
    return told("mentor", mentor, at, target=mentee, target_type="person", target_via="object", **fields)


def talked(actor: str, other: str, at: timedelta, **fields: Any) -> Act:
    return mentored(actor, other, at, value={"undirected": True}, **fields)


def attended(mentee: str, mentor: str, at: timedelta, **fields: Any) -> Act:
    return told("attend", mentee, at, target=mentor, target_type="person", target_via="instructor", **fields)


def planned(mentee: str, mentor: str, at: timedelta, session: str | None = "s:1", **fields: Any) -> Act:
    named = {"target": mentor, "target_type": "person", "target_via": "instructor", "object_id": session}
    return told("schedule", mentee, at, **{**named, **fields})


def reviewed(mentor: str, mentee: str | None, at: timedelta, thing: str = "plan:1", **fields: Any) -> Act:
    named = {"target": mentee, "target_type": None, "target_via": "extension", "object_id": thing}
    return told("feedback", mentor, at, **{**named, **fields})


def did(kind: str, actor: str, at: timedelta, thing: str = "plan:1", **fields: Any) -> Act:
    return told(kind, actor, at, object_id=thing, **fields)


def compute(metric: str, acts: Iterable[Act], **scope: Any) -> Number:
    """The number of a metric over acts, in a scope as `kit.scope` takes it."""
    chosen = plugin.metric(metric)
    assert chosen is not None
    zone = scope.pop("zone", "UTC")
    return chosen.compute(replace(kit.scope(plugin, acts, **scope), zone=zone))


def value(metric: str, acts: Iterable[Act], **scope: Any) -> float | None:
    return compute(metric, acts, **scope).value


def beside(metric: str, acts: Iterable[Act], **scope: Any) -> dict[str, float | None]:
    return {name: each.value for name, each in compute(metric, acts, **scope).beside.items()}


def programme(mentor: str, mentee: str, since: datetime | None = None, until: datetime | None = None) -> dict[str, Any]:
    """The membership by which a mentor is declared to be a mentee's."""
    lasting = {name: each for name, each in (("since", since), ("until", until)) if each is not None}
    return {"person": mentor, "kind": "programme", "group": "P", "role": "mentor", "partner": mentee, **lasting}


def department(person: str, name: str) -> dict[str, Any]:
    return {"person": person, "kind": "department", "group": name}
