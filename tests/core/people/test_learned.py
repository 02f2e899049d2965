from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs.core.people.learned import Event, Group, Told, events, spans, stands, telling
from tests.core.people.samples import MONDAY, day, event
from tests.reference.samples import uuid

GROUP = "https://xapi.edlm/profiles/edlm-lms/concepts/activity-types/group"
COMMUNITY = "http://id.tincanapi.com/activitytype/community-site"


def interaction(kind: str, object_type: str | None = None, **told: Any) -> dict[str, Any]:
    return {
        "t": MONDAY,
        "statement_id": UUID(uuid(1)),
        "actor": "ann",
        "kind": kind,
        "object_id": "g:1",
        "object_type": object_type,
        "course_id": None,
        "state": "live",
        **told,
    }


def said(of: dict[str, Any]) -> list[tuple[str, str, str, bool]]:
    return [(group.kind, group.name, event.agent, event.joins) for group, event in events(of)]


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (interaction("join", GROUP), [("team", "g:1", "ann", True)]),
        (interaction("leave", GROUP), [("team", "g:1", "ann", False)]),
        (interaction("join", "http://activitystrea.ms/group"), [("team", "g:1", "ann", True)]),
        (interaction("join", COMMUNITY), [("community", "g:1", "ann", True)]),
        (interaction("join", "http://adlnet.gov/expapi/activities/course"), []),
        (interaction("join"), []),
        (interaction("view", GROUP), []),
        (interaction("reply", actor_role="instructor", course_id="c:1"), [("course", "c:1", "ann", True)]),
        (interaction("reply", actor_role="instructor"), []),
        (interaction("reply", actor_role="learner", course_id="c:1"), []),
        (interaction("join", GROUP, actor_role="system"), []),
        (interaction("leave", GROUP, teams=[{"group": "g:1", "members": ["ann"]}]), [("team", "g:1", "ann", False)]),
        (
            interaction(
                "reply", teams=[{"group": "t:1", "members": ["ann", "ben"]}, {"group": None, "members": ["x"]}]
            ),
            [("team", "t:1", "ann", True), ("team", "t:1", "ben", True)],
        ),
    ],
)
def test_an_interaction_says_who_joins_or_leaves_what(of: dict[str, Any], expected: list[Any]) -> None:
    assert said(of) == expected


def test_only_a_course_has_a_role() -> None:
    assert [Group(kind, "x").role for kind in ("team", "community", "course")] == [None, None, "instructor"]


def test_what_repeats_another_happened_and_what_was_voided_did_not() -> None:
    states = ("live", "superseded", "deleted", "voided")
    assert [stands({"state": each}) for each in states] == [True, True, True, False]


def test_a_member_is_one_from_the_first_join_until_the_next_leave() -> None:
    happened = [event("a", 5), event("a", 1), event("a", 2), event("a", 3, joins=False), event("a", 0, joins=False)]

    assert spans(happened) == [(day(1), day(3)), (day(5), None)]
    assert spans([]) == []


def test_of_a_join_and_a_leave_at_the_same_time_the_statements_id_decides() -> None:
    assert spans([event("a", 1, False, statement=2), event("a", 1, statement=1)]) == []
    assert spans([event("a", 1, False, statement=1), event("a", 1, statement=2)]) == [(day(1), None)]


def some_events(first: int) -> st.SearchStrategy[list[Event]]:
    """Events of a few people and days, each of a statement of its own, whose number is `first` or more."""
    joins, statements = st.sampled_from([True, True, True, False]), st.integers(first, first + 40)
    each = st.builds(event, st.sampled_from("abc"), st.integers(0, 5), joins, statements)
    return st.lists(each, max_size=14, unique_by=lambda made: made.statement)


EVENTS, FURTHER = some_events(1), some_events(50)
PEOPLE = st.fixed_dictionaries({name: st.sampled_from(["p", name]) for name in "abc"})


def members(happened: list[Event], person_of: dict[str, str]) -> dict[str, Any]:
    people = set(person_of.values())
    return {each: spans([e for e in happened if person_of[e.agent] == each]) for each in people}


@given(happened=EVENTS, person_of=PEOPLE)
def test_the_telling_events_say_the_same_of_any_persons_as_all_do(
    happened: list[Event], person_of: dict[str, str]
) -> None:
    assert members(telling(happened), person_of) == members(happened, person_of)
    assert telling(telling(happened)) == telling(happened)


@given(happened=EVENTS, further=FURTHER)
def test_an_event_that_is_implied_adds_nothing(happened: list[Event], further: list[Event]) -> None:
    kept = telling(happened)
    for each in further:
        if Told(kept).implies(each):
            assert telling([*happened, each]) == kept
        elif each not in happened:
            assert telling([*happened, each]) != kept
    assert all(Told(kept).implies(each) for each in happened)
