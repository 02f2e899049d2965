"""A week as it is released: its acts, and the cells that point into them."""

import dataclasses
from collections.abc import Sequence
from datetime import timedelta

import polars as pl
from hypothesis import given
from hypothesis import settings as chosen
from hypothesis import strategies as st

from lrs.core.analytics.released import (
    MEMBERSHIPS,
    PART,
    cells,
    packed,
    released_week,
    unpacked,
)
from lrs.core.analytics.resolved import directory
from lrs.core.people.identity import Identity, Membership
from lrs.plugin import Act, Column, code
from lrs.plugin.loader import load_plugins
from tests.core.analytics.samples import DAY, MONDAY, act, table

COLUMNS: dict[str, Column] = {"parent": "person", "latency_s": "number"}
PLUGIN = dataclasses.replace(load_plugins()["discussion"], columns=COLUMNS)
KNOWN = Identity(
    memberships={
        "team": {
            "ann": (Membership("A"), Membership("A", role="lead"), Membership("B", until=MONDAY + DAY)),
            "ben": (Membership("A", since=MONDAY + DAY),),
        },
        "role": {"ann": (Membership("A"),)},
        "programme": {"ann": (Membership("M"),)},
    }
)
COURSES = {code(name): name for name in ("c:1", "c:2")}
ACTS = [
    act("ann", course="c:1", target="ben"),
    act("ben", target="eve"),
    act("eve", timedelta(hours=1)),
    act("ann", DAY, course="c:1", target="ann"),
    act(
        "ben", DAY, target="ann", subject="t", subject_t=MONDAY, opens=True, detail={"latency_s": 1.5, "parent": "ann"}
    ),
]


def test_an_act_is_in_its_course_and_once_in_each_of_its_actors_groups_at_its_time() -> None:
    found = {
        (each.partition, each.group): list(each.positions)
        for each in cells(table(ACTS, COLUMNS), directory(KNOWN), COURSES)
    }

    assert found == {("course", "c:1"): [0, 3], ("team", "A"): [0, 3, 4], ("team", "B"): [0], ("role", "A"): [0, 3]}


def test_a_cell_counts_people_and_whom_they_aim_at_but_not_themselves() -> None:
    found = {(each.partition, each.group): each for each in cells(table(ACTS, COLUMNS), directory(KNOWN), COURSES)}

    team = found["team", "A"]
    assert (team.n_people, team.n_targets, team.n_acts) == (2, 2, 3)


def test_what_contributes_nothing_is_in_the_cell_and_counts_for_nobody() -> None:
    looks = act("ben", 2 * DAY, target="eve", course="c:1", contributes=False)
    (course,) = cells(table([ACTS[0], looks]), directory(Identity()), COURSES)
    (alone,) = cells(table([looks]), directory(Identity()), COURSES)

    assert (course.n_people, course.n_targets, course.n_acts, list(course.positions)) == (1, 1, 1, [0, 1])
    assert (alone.n_people, alone.n_targets, alone.n_acts, list(alone.positions)) == (0, 0, 0, [0])


PEOPLE = st.sampled_from("abcdef")
HOURS = st.integers(-5, 30).map(lambda hours: timedelta(hours=hours))
BELONGING = st.builds(
    lambda group, since, until: Membership(group, MONDAY + since, MONDAY + until), st.sampled_from("AB"), HOURS, HOURS
)
MEMBERS = st.dictionaries(PEOPLE, st.lists(BELONGING, max_size=3).map(tuple))
TOLD = st.lists(
    st.builds(
        lambda who, after, target, course, contributes: act(
            who, after, target=target, course=course, contributes=contributes
        ),
        PEOPLE,
        HOURS,
        st.none() | PEOPLE,
        st.none() | st.sampled_from(list(COURSES.values())),
        st.booleans(),
    ),
    max_size=30,
)


def groups_of(each: Act, who: Identity) -> list[tuple[str, str]]:
    own = [] if each.course is None else [("course", each.course)]
    return own + [(kind, group) for kind in MEMBERSHIPS for group in who.groups(each.actor, kind, each.t)]


@chosen(max_examples=60, deadline=None, database=None)
@given(TOLD, st.dictionaries(st.sampled_from(MEMBERSHIPS), MEMBERS))
def test_cells_are_what_going_through_all_acts_finds(
    told: list[Act], memberships: dict[str, dict[str, tuple[Membership, ...]]]
) -> None:
    who = Identity(memberships=memberships)
    # With ids of their own: of two that are the same, any order would be right.
    told = [dataclasses.replace(each, id=f"{each.id} {n}") for n, each in enumerate(told)]
    ordered = sorted(told, key=lambda each: (each.t, each.id))
    expected = {}
    for place in {place for each in ordered for place in groups_of(each, who)}:
        inside = [(n, each) for n, each in enumerate(ordered) if place in groups_of(each, who)]
        counted = [each for _, each in inside if each.contributes]
        expected[place] = (
            len({each.actor for each in counted}),
            len({each.target for each in counted if each.target not in (None, each.actor)}),
            len(counted),
            [n for n, _ in inside],
        )

    found = cells(table(told), directory(who), COURSES)

    assert {
        (each.partition, each.group): (each.n_people, each.n_targets, each.n_acts, list(each.positions))
        for each in found
    } == expected
    assert len(found) == len(expected)


def parts(acts: pl.DataFrame, who: Identity = KNOWN) -> Sequence[bytes]:
    documents = packed(released_week(acts, PLUGIN, directory(who), COURSES))
    return [each["acts"] for each in documents if each["partition"] == "store"]


def test_acts_come_back_from_what_is_kept_as_acts_of_persons() -> None:
    who = Identity(persons={"ann": "p1"}, opted_out=frozenset({"eve"}))

    found = unpacked(parts(table(ACTS, COLUMNS), who), COLUMNS)

    assert found.equals(directory(who).resolved(table(ACTS, COLUMNS), ["actor", "target", "parent"]))
    assert (found.schema, len(found)) == (table([], COLUMNS).schema, 4)


def test_a_week_of_many_acts_is_kept_in_parts() -> None:
    acts = table([act("ann", timedelta(seconds=n)) for n in range(50)], COLUMNS)
    many = acts.sample(PART + 2, with_replacement=True, seed=1)

    kept = parts(many)

    assert len(kept) == 2
    assert unpacked(kept, COLUMNS).equals(many)


def test_acts_of_an_earlier_version_have_nulls_where_it_knew_nothing_and_lose_what_is_gone() -> None:
    later: dict[str, Column] = {"words": "number", "latency_s": "number"}

    found = unpacked(parts(table(ACTS, COLUMNS)), later)

    assert found.schema == table([], later).schema
    assert found["latency_s"].to_list() == [None, None, None, None, 1.5]
    assert found["words"].to_list() == [None] * 5


def test_a_week_of_nothing_has_no_acts() -> None:
    assert unpacked([], COLUMNS).equals(table([], COLUMNS))
    assert packed(released_week(table([], COLUMNS), PLUGIN, directory(KNOWN), COURSES)) == []
