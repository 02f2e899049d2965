"""What the normaliser found beside what the generator of samples meant, act by act.

The truth says of each act how it was, and of what nobody can see (`hidden`) why, and what is told instead. So a field
is right if it is as told; where that is not how it was, the reason in the truth explains the difference.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from lrs.xapi import Json

Record = Mapping[str, Any]

POSTS = frozenset({"create", "ask", "reply", "comment", "answer"})
SHARES = frozenset({"share", "repost"})
COUNTED = frozenset({"live", "deleted"})
SESSION_GAP = timedelta(hours=2)

# Open edX names the same post below two paths; the truth writes ids as they were sent.
_OPENEDX = re.compile(r"(/api/discussion/v1)/(?:threads|comments)/")
_THINGS = ("object", "parent", "root")


@dataclass(frozen=True)
class Wrong:
    """A field of an act that is not as told, or acts of a statement that are not as many."""

    statement: str
    kind: str
    field: str
    found: Any
    told: Any


def wrong(truth: Mapping[str, list[Json]], records: Iterable[Record]) -> Iterator[Wrong]:
    """Yield what differs from the truth and is not explained by it; `records` has no voided ones."""
    by_statement = _by_statement(records)
    for statement in truth.keys() | by_statement.keys():
        acts = sorted((_told(act) for act in truth.get(statement, ())), key=_order)
        found = sorted((_found(each) for each in by_statement.get(statement, ())), key=_order)
        if [act["kind"] for act in acts] != [each["kind"] for each in found]:
            yield Wrong(statement, "all", "kind", [each["kind"] for each in found], [act["kind"] for act in acts])
            continue
        for act, each in zip(acts, found, strict=True):
            for name, value in act.items():
                if each[name] != value:
                    yield Wrong(statement, act["kind"], name, each[name], value)


def hidden(truth: Mapping[str, list[Json]]) -> Counter[tuple[str, str]]:
    """Return how many fields can't be found as they were, by field and reason."""
    acts = (act for acts in truth.values() for act in acts)
    return Counter((name, why["reason"]) for act in acts for name, why in act.get("hidden", {}).items())


def trees(records: Iterable[Record]) -> dict[str, set[tuple[str, str | None]]]:
    """Return each thread's posts as (statement, what it answers), by the thread's item."""
    found: dict[str, set[tuple[str, str | None]]] = defaultdict(set)
    for each in records:
        if each["on_thread"] and each["kind"] in POSTS and each["state"] in COUNTED:
            found[str(thing(each["root_id"]))].add((str(each["statement_id"]), thing(each["parent_id"])))
    return dict(found)


def told_trees(truth: Json) -> dict[str, set[tuple[str, str | None]]]:
    """Return the same of the truth; a post whose way to the thread nobody can see is where it seems to be."""
    told: dict[str, set[tuple[str, str | None]]] = defaultdict(set)
    for item, thread in truth["threads"].items():
        for post in thread["posts"]:
            (act, *_) = truth["interactions"][post["statement"]]
            seems = act.get("hidden", {}).get("root", {}).get("told", item)
            told[str(thing(seems))].add((post["statement"], thing(post["told_parent"])))
    return dict(told)


def cascades(records: Iterable[Record]) -> dict[str, dict[str, int]]:
    """Return size, depth and breadth of each cascade, by its root's item."""
    levels: dict[str, Counter[int]] = defaultdict(Counter)
    for each in records:
        if each["kind"] in SHARES and each["state"] in COUNTED:
            levels[each["root_id"]][each["depth"]] += 1
    return {
        root: {"size": level.total(), "depth": max(level), "breadth": max(level.values())}
        for root, level in levels.items()
    }


def pairs(records: Iterable[Record]) -> list[list[Any]]:
    """Return [mentor, mentee, sessions]: mentoring told by either side, less than two hours apart, is one session."""
    times: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for each in records:
        if each["kind"] == "mentor" and each["state"] == "live":
            times[each["actor"], each["target"]].append(each["t"])
        elif each["kind"] == "attend" and each["state"] == "live":
            times[each["target"], each["actor"]].append(each["t"])
    return [
        [*pair, 1 + sum(after - before >= SESSION_GAP for before, after in pairwise(sorted(told)))]
        for pair, told in times.items()
    ]


def thing(key: str | None) -> str | None:
    """Return an activity id as the comparison writes it."""
    return None if key is None else _OPENEDX.sub(r"\1/", key)


def _by_statement(records: Iterable[Record]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = defaultdict(list)
    for each in records:
        found[str(each["statement_id"])].append(each)
    return found


def _told(act: Json) -> Json:
    told = {name: value for name, value in act.items() if name != "hidden"}
    told |= {name: why["told"] for name, why in act.get("hidden", {}).items()}
    return told | {name: thing(told[name]) for name in _THINGS if name in told}


def _found(record: Record) -> Json:
    return {
        "kind": record["kind"],
        "actor": record["actor"],
        "t": _iso(record["t"]),
        "object": thing(record["object_id"]),
        "target": record["target"],
        "polarity": record["polarity"],
        "undo": bool(record["value"].get("undo")),
        "parent": thing(record["parent_id"]),
        "root": thing(record["root_id"]),
        "depth": record["depth"],
        "state": record["state"],
        "state_by": None if record["state_by"] is None else str(record["state_by"]),
        "state_t": _iso(record["state_t"]),
    }


def _iso(t: datetime | None) -> str | None:
    return None if t is None else t.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def _order(act: Json) -> tuple[str, str]:
    return act["kind"], act["target"] or ""
