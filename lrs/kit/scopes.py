"""Scopes of one's own making, for tests of a metric: acts in, number out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import polars as pl

from lrs.kit.interactions import MONDAY
from lrs.plugin import Act, Place, Plugin, Scope, code
from lrs.plugin.frames import MEMBERSHIPS, frame

EVER, NEVER = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


def scope(
    plugin: Plugin,
    acts: Iterable[Act],
    *,
    since: datetime = MONDAY,
    until: datetime | None = None,
    as_of: datetime | None = None,
    others: Iterable[Act] = (),
    early: Iterable[Act] = (),
    roster: Sequence[str] | None = None,
    memberships: Iterable[Mapping[str, Any]] = (),
    place: tuple[str, str] | None = None,
    config: Mapping[str, Any] | None = None,
    zone: str = "UTC",
    min_group: int = 5,
) -> Scope:
    """Return a scope over acts, which name persons as they please.

    It lasts for the plugin's default window unless `until` is told. `others` are acts of the store that are not the
    group's. `memberships` are told as `{person, kind, group, role, partner, since, until, active}`, of which the first
    three are needed; `place` is a partition and a group of it.
    """
    end = until or since + plugin.default_window
    own, rest, before = (frame(told, plugin.columns) for told in (acts, others, early))
    return Scope(
        since=since,
        until=end,
        as_of=as_of or end,
        acts=own,
        store=pl.concat([own, rest]).sort("t", "id"),
        early=before,
        config={**plugin.defaults, **(config or {})},
        roster=None if roster is None else pl.Series("person", [code(each) for each in roster], pl.Int64),
        memberships=pl.DataFrame([_membership(**each) for each in memberships], schema=MEMBERSHIPS, orient="row"),
        place=None if place is None else Place(place[0], code(place[1])),
        zone=zone,
        min_group=min_group,
    )


def _membership(
    person: str,
    kind: str,
    group: str,
    role: str | None = None,
    partner: str | None = None,
    since: datetime = EVER,
    until: datetime = NEVER,
    active: bool = True,
) -> dict[str, Any]:
    return {
        "person": code(person),
        "kind": kind,
        "group": code(group),
        "role": role,
        "partner": None if partner is None else code(partner),
        "since": since,
        "until": until,
        "active": active,
    }
