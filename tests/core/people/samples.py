"""People, learned groups and interactions of our own making."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from lrs.core.people.learned import Event
from tests.reference.samples import uuid

Document = dict[str, Any]

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)


def day(number: float) -> datetime:
    """The moment so many days after MONDAY."""
    return MONDAY + number * DAY


def membership(kind: str, group: str, **told: Any) -> Document:
    """A membership without beginning and end, unless told otherwise; `from` is written `since`, and `to` `until`."""
    times = {"from": told.pop("since", None), "to": told.pop("until", None)}
    return {"kind": kind, "group": group, "role": None, "with": None, **times, **told}


def person(identity: str, *identifiers: str, memberships: list[Document] | None = None, **flags: bool) -> Document:
    """A person as analytics read one."""
    owned = {"identifiers": sorted(identifiers)} if identifiers else {}
    told = {"opt_in": False, "opt_out": False, "active": True, **flags}
    return {"_id": identity, "memberships": memberships or [], **owned, **told}


def event(agent: str, after: float, joins: bool = True, statement: int = 1) -> Event:
    """That somebody joins or leaves, so many days after MONDAY."""
    return Event(day(after), UUID(uuid(statement)), agent, joins)


def learned(kind: str, group: str, *events: Event, role: str | None = None) -> Document:
    """A learned group as the store keeps it."""
    told = [[each.agent, each.t, each.statement, each.joins] for each in events]
    return {"_id": f"{kind}:{group}", "kind": kind, "group": group, "role": role, "events": told}
