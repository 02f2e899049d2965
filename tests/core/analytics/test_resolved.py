"""Persons in the place of agents, and who belongs where, in codes."""

from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from lrs.core.analytics.resolved import directory
from lrs.core.analytics.windows import Window
from lrs.core.people.identity import Identity, Membership
from lrs.plugin import Act, Column, code
from lrs.plugin.frames import persons
from tests.core.analytics.samples import DAY, MONDAY, act, table

COLUMNS: dict[str, Column] = {"parent": "person", "board": "key", "person": "person"}
KNOWN = Identity(persons={"ann": "p1", "anna": "p1", "ben": "p2"}, opted_out=frozenset({"p2", "dee"}))


def told(*acts: Act) -> list[dict[str, Any]]:
    """The acts with persons in the place of agents, as they come to a metric."""
    return directory(KNOWN).resolved(table(acts, COLUMNS), persons(COLUMNS)).to_dicts()


def as_they_are(*acts: Act) -> list[dict[str, Any]]:
    return table(acts, COLUMNS).to_dicts()


def test_persons_take_the_place_of_agents_and_of_nothing_else() -> None:
    seen = act(
        "ann", target="anna", course="ann", subject="ann", detail={"parent": "anna", "board": "anna", "person": "anna"}
    )

    persons = dict.fromkeys(("actor", "target", "parent", "person"), code("p1"))
    assert told(seen) == [{**each, **persons} for each in as_they_are(seen)]


def test_acts_of_strangers_toward_strangers_stay_as_they_are() -> None:
    seen = act("cem", target="eve", detail={"parent": "eve"}), act("eve")

    assert told(*seen) == as_they_are(*seen)


def test_who_opted_out_neither_acts_nor_is_aimed_at() -> None:
    found = told(
        act("ben"), act("dee"), act("ann", DAY, target="ben", detail={"parent": "dee"}), act("cem", 2 * DAY, target="x")
    )

    assert [(each["actor"], each["target"], each["parent"]) for each in found] == [
        (code("p1"), None, None),
        (code("cem"), code("x"), None),
    ]


def test_acts_stay_in_their_order() -> None:
    seen = [act(who, timedelta(minutes=n)) for n, who in enumerate(["ann", "cem", "ben", "anna", "ann"])]

    assert [each["id"] for each in told(*seen)] == [seen[n].id for n in (0, 1, 3, 4)]


def rosters(who: Identity, since: timedelta, until: timedelta) -> dict[int | None, set[int]]:
    found = directory(who).rosters("team", Window(MONDAY + since, MONDAY + until))
    return {group: set(each) for group, each in found.items()}


TEAMS = Identity(
    imported=frozenset({"ann", "ben", "cem", "dee", "eve"}),
    opted_out=frozenset({"cem"}),
    inactive=frozenset({"dee"}),
    memberships={
        "team": {
            "ann": (Membership("A", until=MONDAY + DAY), Membership("A", since=MONDAY + 3 * DAY)),
            "ben": (Membership("A", since=MONDAY + DAY), Membership("A", role="lead")),
            "cem": (Membership("A"), Membership("C")),
            "dee": (Membership("A"),),
        },
        "role": {"eve": (Membership("A"),)},
    },
)


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (-2 * DAY, -DAY, {"ann", "ben"}),
        (DAY / 2, 2 * DAY, {"ann", "ben"}),
        (DAY, 3 * DAY, {"ben"}),
        (DAY, 4 * DAY, {"ann", "ben"}),
    ],
)
def test_the_roster_is_of_those_who_belong_at_some_time_of_the_window(
    since: timedelta, until: timedelta, expected: set[str]
) -> None:
    assert rosters(TEAMS, since, until)[code("A")] == {code(each) for each in expected}
    assert TEAMS.roster("team", "A", MONDAY + since, MONDAY + until) == expected


def test_where_nobody_is_known_to_belong_there_is_no_roster() -> None:
    assert rosters(TEAMS, -DAY, DAY).keys() == {code("A")}  # of C only somebody who opted out is known
    assert rosters(Identity(), -DAY, DAY) == {}


def test_the_roster_of_the_store_is_of_who_was_imported_is_active_and_did_not_opt_out() -> None:
    everybody = directory(TEAMS).everybody

    assert everybody is not None
    assert set(everybody) == {code(each) for each in ("ann", "ben", "eve")}
    assert directory(KNOWN).everybody is None


def test_memberships_are_told_whole() -> None:
    pair = Membership("M", since=MONDAY, until=MONDAY + DAY, role="mentor", partner="ben")
    found = directory(Identity(memberships={"programme": {"ann": (pair, Membership("M"))}}))

    assert found.memberships.select("person", "kind", "group", "role", "partner").rows() == [
        (code("ann"), "programme", code("M"), "mentor", code("ben")),
        (code("ann"), "programme", code("M"), None, None),
    ]
    assert found.memberships.filter(pl.col("since") == MONDAY, pl.col("until") == MONDAY + DAY).height == 1
    assert found.groups == {code("M"): "M"}


def test_an_identity_is_put_in_codes_once() -> None:
    who = Identity(version=1)

    assert directory(who) is directory(who)
    assert directory(who) is not directory(Identity(version=1))
