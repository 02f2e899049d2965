"""The reference's sharing against values worked out by hand."""

from typing import Any

from .asking import rows
from .samples import COURSE, DAY, WEEK, activity, minute, reply, statement, void
from .sharing import Sharing
from .sharing_samples import (
    COMMENTED,
    DISLIKE,
    HAND_CASCADE,
    LIKE,
    NOTE,
    UNLIKE,
    beside,
    commented,
    did,
    member,
    passed_on,
    row,
    shared,
    value,
    viewed,
)

# Reach


def test_reach_is_who_else_viewed_from_the_share_on() -> None:
    told = [
        shared(1, "a", 10, "n:A"),
        shared(2, "b", 100, "n:B"),
        viewed(11, "early", 9, "n:A"),
        viewed(12, "a", 11, "n:A"),
        viewed(13, "c", 10, "n:A"),
        viewed(14, "d", 20, "page:1", below="n:A"),
        viewed(15, "d", 110, "n:B", verb="http://adlnet.gov/expapi/verbs/experienced"),
        viewed(16, "e", 20, "n:Z"),
        viewed(17, "f", 2 * DAY, "n:A", verb="http://activitystrea.ms/schema/1.0/watch"),
    ]
    assert value(told, "reach") == 3
    assert value(told, "reach", as_of=minute(2 * DAY)) == 2
    assert value(told, "reach", since=minute(50)) == 1
    assert value([*told, viewed(18, "a", 120, "n:B")], "reach") == 4


def test_the_possible_audience_adds_members_of_the_community_at_that_time() -> None:
    club = ("community", "s:1")
    people = [
        member("a", club),
        member("c", club),
        member("d", club, active=False),
        member("e", club, opt_out=True),
        member("f", groups=[{"kind": "community", "group": "s:1", "to": "2026-03-02T00:05:00Z"}]),
        member("g", groups=[{"kind": "community", "group": "s:1", "from": "2026-03-02T00:10:00Z"}]),
        member("h", ("team", "s:1")),
    ]
    told = [shared(1, "a", 10, "n:A", into="s:1"), viewed(2, "z", 20, "n:A"), viewed(3, "e", 21, "n:A")]
    assert value(told, "reach", people=people) == 1
    assert beside(told, "reach", people=people) == {"possible_audience": 3}
    assert beside(told, "reach") == {"possible_audience": 2}


# Amplification, half-life, across groups


def test_amplification_counts_reposts_and_standing_reactions_in_the_window_on_posts_of_any_age() -> None:
    told = [
        *HAND_CASCADE,
        did(6, "x", 45, LIKE, "n:A"),
        did(7, "x", 50, DISLIKE, "n:Z"),
        did(8, "y", 45, LIKE, "n:E"),
        did(9, "y", 70, UNLIKE, "n:E"),
        did(10, "x", 5, LIKE, "n:B"),
    ]
    window = {"since": minute(15)}
    assert value(told, "amplification", **window) == (3 + 1) / 3
    assert value(told, "amplification", as_of=minute(70), **window) == (3 + 1) / 3
    assert value(told, "amplification", as_of=minute(69), **window) == (3 + 2) / 3
    assert row(told, "amplification", since=minute(45), guarded=False).reason == "no_data"


def test_half_life_is_when_half_of_the_interactions_by_others_had_happened() -> None:
    told = [
        shared(1, "a", 0, "n:A"),
        viewed(11, "b", 2, "n:A"),
        viewed(12, "a", 3, "n:A"),
        did(13, "c", 4, LIKE, "n:A"),
        commented(14, "d", 10, "c:1", "n:A"),
        reply(15, "e", 20, "p:1", "n:A"),
        passed_on(16, "f", 30, "n:F", "n:A"),
    ]
    # b 2, c 4, d 10, e 20, f 30: the third of five. The repost's own item has nobody.
    assert value(told, "half_life") == 10 * 60
    assert value([*told, void(20, 16)], "half_life") == 4 * 60
    assert value([*told, did(17, "c", 50, UNLIKE, "n:A")], "half_life") == 10 * 60
    assert value([*told, did(17, "c", 50, UNLIKE, "n:A"), void(20, 16)], "half_life") == 10 * 60
    assert value([*told[:1], statement(18, "g", COMMENTED, activity("n:A", NOTE), 6)], "half_life") == 6 * 60
    # Old enough is four times as old as the result: forty minutes, or sixteen with one view less after it.
    assert value(told, "half_life", as_of=minute(40)) == 10 * 60
    assert row(told, "half_life", as_of=minute(39), guarded=False).reason == "no_data"
    assert row(told, "half_life", as_of=minute(40), min_group=1).reason == "too_few_values"


def test_half_life_pools_five_items() -> None:
    told = [
        each for n in range(5) for each in (shared(n + 1, f"s{n}", 0, f"n:{n}"), viewed(n + 11, "z", n * n, f"n:{n}"))
    ]
    assert row(told, "half_life").value == 4 * 60
    assert row(told[:-2], "half_life", min_group=4).reason == "too_few_values"


def test_a_share_crosses_when_somebody_of_no_common_department_saw_it() -> None:
    people = [
        member("a", ("department", "X"), ("department", "Y")),
        member("b", ("department", "Y")),
        member(
            "c",
            groups=[
                {"kind": "department", "group": "X", "to": "2026-03-02T01:00:00Z"},
                {"kind": "department", "group": "Z", "from": "2026-03-02T01:00:00Z"},
            ],
        ),
        member("d", ("team", "T")),
    ]
    told = [
        shared(1, "a", 0, "n:A"),
        viewed(2, "b", 5, "n:A"),
        viewed(3, "c", 59, "n:A"),
        viewed(4, "d", 60, "n:A"),
        viewed(5, "guest", 61, "n:A"),
        shared(6, "d", 0, "n:D"),
        viewed(7, "b", 61, "n:D"),
    ]
    assert value(told, "cross_group_share", people=people) == 0
    crossed = [*told, viewed(8, "c", 70, "n:A")]
    assert value(crossed, "cross_group_share", people=people) == 1
    assert row(crossed, "cross_group_share", people=people, min_group=2).reason == "too_few_values"
    assert row(crossed, "cross_group_share", guarded=False).reason == "no_roster"
    assert row(crossed[5:7], "cross_group_share", people=people, guarded=False).reason == "no_data"
    assert row([], "cross_group_share", people=people[3:]).reason == "no_roster"


# Guard, groups, buckets


def test_counts_of_nothing_are_zero_and_the_rest_has_no_data() -> None:
    counts = {metric for metric in Sharing.METRICS if value([], metric) == 0}
    assert counts == {"shares", "sharers", "reach"}
    reasons = {metric: row([], metric).reason for metric in set(Sharing.METRICS) - counts}
    assert reasons.pop("sharer_rate") == reasons.pop("cross_group_share") == "no_roster"
    assert set(reasons.values()) == {"no_data"}


def test_few_sharers_are_withheld_and_few_values_are_not_shown() -> None:
    five = row(HAND_CASCADE, "shares")
    assert (five.value, five.n_people, five.n_acts) == (5, 5, 5)
    assert row(HAND_CASCADE[:4], "shares").reason == "too_few_people"
    # Who only looks on is no contributor.
    assert row([*HAND_CASCADE[:4], viewed(9, "z", 50, "n:A")], "reach").reason == "too_few_people"
    for metric in ("cascade_size", "structural_virality", "amplification"):
        assert row(HAND_CASCADE, metric).reason == "too_few_values"
    singles = [shared(n, f"u{n}", n, f"n:{n}") for n in range(1, 11)]
    assert row(singles, "cascade_size").value == 1
    assert row(singles, "amplification").value == 0


def test_departments_count_their_sharers_and_everybodys_views_and_reposts() -> None:
    people = [member(name, ("department", "X")) for name in "ab"] + [
        member(name, ("department", "Y")) for name in "cde"
    ]
    told = [*HAND_CASCADE, viewed(6, "e", 50, "n:A"), did(7, "c", 60, LIKE, "n:A"), did(8, "guest", 60, LIKE, "n:B")]

    def by_department(metric: str) -> list[tuple[str | None, float | None]]:
        asked: dict[str, Any] = {"people": people, "group_by": "department", "guarded": False}
        return [(each.group, each.value) for each in rows(told, f"sharing.{metric}", **asked)]

    assert by_department("shares") == [("X", 2), ("Y", 3)]
    assert by_department("sharer_rate") == [("X", 1), ("Y", 1)]
    assert by_department("reach") == [("X", 1), ("Y", 0)]
    assert by_department("cascade_size") == [("X", 5), ("Y", None)]
    # X: B passed on one of two. Y: all three, and C's reaction; the guest's is of no department.
    assert by_department("amplification") == [("X", 1 / 2), ("Y", 4 / 3)]
    assert by_department("cross_group_share") == [("X", 1 / 2), ("Y", 0)]


def test_courses_of_few_sharers_or_few_targets_are_withheld() -> None:
    told = [shared(n, f"u{n}", n, f"n:{n}", course="c:x") for n in range(5)]
    (found,) = rows(told, "sharing.shares", group_by="course")
    assert (found.group, found.value) == ("c:x", 5)
    aimed = passed_on(9, "u1", 99, "n:9", "n:2")
    aimed["context"]["contextActivities"]["grouping"] = [activity("c:x", COURSE)]
    (withheld,) = rows([*told, aimed], "sharing.shares", group_by="course")
    assert withheld.reason == "too_few_people"


def test_each_bucket_is_answered_as_of_its_own_end() -> None:
    told = [shared(1, "a", 0, "n:A"), passed_on(2, "b", DAY, "n:B", "n:A"), viewed(3, "c", DAY + 1, "n:A")]
    asked: dict[str, Any] = {"bucket": "day", "until": minute(2 * DAY), "guarded": False}
    for metric, expected in [("shares", [1, 1]), ("cascade_size", [1, None]), ("reach", [0, 0])]:
        assert [each.value for each in rows(told, f"sharing.{metric}", **asked)] == expected
    assert value(told, "cascade_size", until=minute(WEEK)) == 2
