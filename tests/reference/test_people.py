"""The reference's persons, memberships and rosters."""

from typing import Any

import pytest

from .asking import rows
from .people import People
from .samples import HAND_THREAD, MONDAY, WEEK, activity, known, minute, person, reply, statement, thread, void

JOIN, LEAVE = "http://activitystrea.ms/join", "http://activitystrea.ms/schema/1.0/leave"
TEAM = activity("g:1", "https://xapi.edlm/profiles/edlm-lms/concepts/activity-types/group")
DAY = 24 * 60


def department(name: str, **more: str) -> dict[str, Any]:
    return {"kind": "department", "group": name, **more}


def values(metric: str, people: list[dict[str, Any]], **asked: Any) -> list[tuple[Any, ...]]:
    """(group, value, reason) of each unguarded row of the hand thread."""
    found = rows(HAND_THREAD, metric, people={"people": people}, guarded=False, **asked)
    return [(row.group, row.value, row.reason) for row in found]


def test_accounts_of_one_person_are_one_and_their_talk_is_with_oneself() -> None:
    assert values("participants", [known("p", "a", "b")]) == [(None, 4, None)]
    # Of the latencies 10, 30, 30 and 70 minutes two are between the two accounts.
    assert values("median_response_time", [known("p", "a", "b")]) == [(None, 50 * 60, None)]


def test_who_opted_out_is_left_out_and_nobody_answers_them() -> None:
    assert values("posts", [known("a", opt_out=True)]) == [(None, 4, None)]
    # Only D's answer to C is left.
    assert values("median_response_time", [known("a", opt_out=True)]) == [(None, 70 * 60, None)]


def test_an_act_is_of_its_actors_groups_at_that_time() -> None:
    moving = [department("North", to="2026-03-02T00:20:00Z"), department("South", **{"from": "2026-03-02T00:20:00Z"})]
    people = [known("a", groups=moving), known("b", groups=[department("South"), department("West")])]
    assert values("posts", people, group_by="department") == [("North", 1, None), ("South", 3, None), ("West", 1, None)]
    assert values("posts", people, group_by="department", group="East") == [("East", 0, None)]


def test_groups_nobody_is_in_have_no_roster_and_groups_nobody_acted_in_no_data() -> None:
    assert values("posts", [], group_by="team") == [(None, None, "no_roster")]
    idle = [known("z", groups=[department("North")])]
    assert values("posts", idle, group_by="department") == [(None, None, "no_data")]
    with pytest.raises(ValueError, match="platform"):
        values("posts", [], group_by="platform")


def test_a_plain_date_begins_in_the_zone() -> None:
    people = {"people": [known("a", groups=[department("North", **{"from": "2026-03-02"})])]}
    asked: dict[str, Any] = {"group_by": "department", "guarded": False, "people": people}
    # Midnight in New York is five in the morning in Greenwich; the week begins then, too.
    assert rows(HAND_THREAD, "posts", **asked)[0].value == 3
    late = rows(HAND_THREAD, "posts", timezone="America/New_York", **asked, since=minute(-WEEK))
    assert [row.reason for row in late] == ["no_data"]


def test_a_roster_has_the_active_members_of_the_window_who_did_not_opt_out() -> None:
    people = People.of(
        [
            known("early", groups=[department("North", to="2026-03-02")]),
            known("joined", groups=[department("North", **{"from": "2026-03-08T23:59:59Z"})]),
            known("late", groups=[department("North", **{"from": "2026-03-09"})]),
            known("gone", groups=[department("North")], active=False),
            known("out", groups=[department("North")], opt_out=True),
            known("free"),
        ]
    )
    week = MONDAY, minute(WEEK)
    assert people.roster("department", "North", *week) == {"joined"}
    assert people.roster(None, None, *week) == {"early", "joined", "late", "free"}
    assert people.roster("department", "South", *week) is None
    assert People.of(None).roster(None, None, *week) is None


def test_memberships_are_learned_from_joins_and_leaves_of_whom_none_was_known() -> None:
    statements = [
        statement(1, "a", JOIN, TEAM, DAY),
        statement(2, "b", LEAVE, TEAM, 3 * DAY),
        statement(3, "c", JOIN, TEAM, DAY),
        statement(4, "d", JOIN, TEAM, DAY),
        void(5, 4),
    ]
    people = People.of([known("p", "a", "b"), known("q", "c", groups=[{"kind": "team", "group": "g:9"}])])
    learned = people.learning(statements)
    assert [learned.memberships("p", "team", minute(day * DAY)) for day in (0, 1, 3)] == [set(), {"g:1"}, set()]
    assert learned.memberships("q", "team", minute(2 * DAY)) == {"g:9"}
    assert learned.memberships(person("d"), "team", minute(2 * DAY)) == set()


def test_acts_for_a_team_and_as_an_instructor_are_learned_from() -> None:
    acting, teaching = thread(1, "a", 0, "t:A"), reply(2, "b", 1, "p:B", "t:A", "c:x")
    members = [{"mbox": "mailto:c@example.org"}]
    acting["context"]["team"] = {"objectType": "Group", "mbox": "mailto:team@example.org", "member": members}
    teaching["context"]["instructor"] = teaching["actor"]
    learned = People.of(None).learning([acting, teaching])
    assert learned.roster("team", "mbox:mailto:team@example.org", MONDAY, minute(1)) == {person("a"), person("c")}
    assert [each.role for each in learned.belonging[person("b")]] == ["instructor"]
    assert learned.memberships(person("b"), "course", minute(1)) == {"c:x"}
    assert learned.memberships(person("b"), "course", minute(0)) == set()
