from datetime import timedelta
from typing import Any

import pytest

from lrs import kit
from lrs.kit.interactions import MONDAY
from lrs.plugin import Act
from plugins.mentoring import plugin
from tests.plugins.mentoring.told import HOUR, attended, mentored, planned, read, reviewed, talked


def test_who_mentors_is_the_mentor() -> None:
    act = mentored("ann", "ben", HOUR, value={"duration_s": 1800.0}, course_id="c:x", _id="1:mentor:0")

    assert act == Act(
        id="1:mentor:0",
        t=MONDAY + HOUR,
        actor="ann",
        target="ben",
        course="c:x",
        detail={"session": True, "by_mentee": False, "open_direction": False, "duration_s": 1800.0},
    )


@pytest.mark.parametrize("via", ["instructor", "context_agent"])
def test_of_who_attended_with_somebody_that_one_is_the_mentor(via: str) -> None:
    act = read("attend", actor="ben", target="ann", target_type="person", target_via=via, object_id="s:1")

    assert act is not None
    assert (act.actor, act.target, act.subject, act.contributes) == ("ann", "ben", "s:1", True)
    assert (act.detail["session"], act.detail["by_mentee"]) == (True, True)


@pytest.mark.parametrize(
    "named", [{}, {"target": "ann", "target_via": "extension"}, {"target": "g", "target_type": "group"}]
)
def test_who_attended_without_a_mentor_only_did_something_to_a_thing(named: dict[str, Any]) -> None:
    act = read("attend", actor="ben", object_id="s:1", **named)

    assert act is not None
    assert (act.actor, act.target, act.subject, act.contributes, act.detail) == ("ben", None, "s:1", False, {})


def test_a_talk_leaves_open_who_is_the_mentor() -> None:
    assert talked("ann", "ben", HOUR).detail["open_direction"] is True
    assert mentored("ann", "ben", HOUR).detail["open_direction"] is False


def test_a_group_too_large_to_be_addressed_is_nobody_in_particular() -> None:
    act = read("mentor", actor="ann", target="account:x team", target_type="group", target_via="object")

    assert act is not None
    assert (act.target, act.contributes) == (None, True)


def test_feedback_is_for_its_recipient_on_a_thing() -> None:
    act = reviewed("ann", "ben", HOUR)

    assert (act.actor, act.target, act.subject, act.contributes) == ("ann", "ben", "plan:1", True)
    assert act.detail == {"feedback": True}


def test_a_grade_is_no_feedback() -> None:
    act = read("grading", actor="ann", target="ben", object_id="essay")

    assert act is not None
    assert (act.contributes, act.detail) == (False, {})


def test_a_plan_is_its_mentors_and_counts_in_no_row() -> None:
    act = planned("ben", "ann", HOUR)

    assert (act.actor, act.target, act.subject, act.contributes) == ("ann", "ben", "s:1", False)
    assert act.detail == {"plan": True, "by_mentee": True, "open_direction": False}


def test_a_plan_that_names_the_other_in_another_way_leaves_open_who_is_the_mentor() -> None:
    act = planned("ann", "ben", HOUR, target_via="extension")

    assert act.detail == {"plan": True, "by_mentee": False, "open_direction": True}


def test_a_plan_that_was_called_off_tells_when() -> None:
    act = planned("ben", "ann", HOUR, state="undone", state_t=MONDAY + 2 * HOUR)

    assert act.detail["ended"] == MONDAY + 2 * HOUR


def test_to_call_off_is_no_plan() -> None:
    act = planned("ben", "ann", HOUR, value={"undo": True})

    assert (act.contributes, act.detail) == (False, {})


@pytest.mark.parametrize("state", ["voided", "superseded"])
@pytest.mark.parametrize("kind", sorted(plugin.kinds))
def test_what_never_happened_and_what_repeats_another_is_no_act(kind: str, state: str) -> None:
    assert read(kind, object_id="x", state=state) is None


def test_what_was_deleted_counts_on_but_a_reaction_goes_with_it() -> None:
    gone = {"state": "deleted", "state_t": MONDAY + timedelta(days=1), "object_id": "plan:1"}

    ended = {kind: read(kind, **gone) for kind in ("feedback", "comment", "react")}

    assert {kind: act.detail.get("ended") for kind, act in ended.items() if act is not None} == {
        "feedback": None,
        "comment": None,
        "react": MONDAY + timedelta(days=1),
    }


@pytest.mark.parametrize("kind", sorted(plugin.kinds - {"mentor", "feedback"}))
def test_whatever_is_done_to_a_thing_is_kept_and_slim(kind: str) -> None:
    act = read(kind, actor="ben", object_id="plan:1", course_id="c:x")

    assert act is not None
    assert (act.actor, act.target, act.course, act.subject, act.contributes) == ("ben", None, None, "plan:1", False)
    assert act.detail == {}


@pytest.mark.parametrize("kind", sorted(plugin.kinds - {"mentor", "feedback"}))
def test_what_is_done_to_no_thing_is_not_kept(kind: str) -> None:
    assert read(kind, actor="ben") is None


def test_views_are_not_asked_for() -> None:
    assert "view" not in plugin.kinds


def shares(*acts: Act) -> dict[str, float | None]:
    return dict(plugin.coverage(kit.scope(plugin, acts).acts))


def test_coverage_tells_which_share_has_a_mentee_and_which_sessions_a_duration() -> None:
    acts = [
        mentored("ann", "ben", 0 * HOUR, value={"duration_s": 60.0}),
        attended("ben", "ann", HOUR),  # the same session
        mentored("ann", "cleo", HOUR),
        mentored("ann", None, HOUR),
        reviewed("ann", "ben", HOUR),
        planned("ben", "ann", HOUR),
    ]

    assert shares(*acts) == {"targets_resolved": 0.8, "duration_told": 0.5}


def test_without_sessions_and_feedback_there_is_nothing_to_cover() -> None:
    assert shares(planned("ben", "ann", HOUR)) == {"targets_resolved": None, "duration_told": None}
