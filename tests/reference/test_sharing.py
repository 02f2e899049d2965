"""The reference's sharing against values worked out by hand."""

import random
from typing import Any

import pytest

from .asking import rows
from .people import People
from .samples import COURSE, DAY, DISCUSSION, FORUM, WEEK, activity, minute, person, reply, statement, void
from .sharing import Sharing
from .sharing_samples import (
    COMMENTED,
    COMMUNITY,
    DELETE,
    DISLIKE,
    HAND_CASCADE,
    LIKE,
    NOTE,
    RECOMMENDED,
    RETWEETED,
    STREAMS_SHARE,
    UNLIKE,
    UNSHARE,
    agent,
    beside,
    commented,
    did,
    member,
    passed_on,
    recommended,
    row,
    shared,
    value,
    viewed,
)
from .statements import Statement


def kinds(told: list[Statement], people: list[dict[str, Any]] | None = None, **settings: Any) -> list[tuple[str, ...]]:
    """(kind, actor, target) of every share, as short names."""
    read = Sharing.read(told, People.of(people), settings)
    return [(act.kind, _name(act.actor), _name(act.target or "")) for act in read.acts]


def _name(key: str) -> str:
    return key.removeprefix("mbox:mailto:").removesuffix("@example.org")


# What is a share


@pytest.mark.parametrize(
    ("parent", "kind"),
    [
        (activity("n:A", NOTE), "repost"),
        (activity("n:A"), "repost"),
        (activity("n:A", DISCUSSION), "repost"),
        (activity("c:1", COURSE), "share"),
        (activity("f:1", FORUM), "share"),
        (activity("s:1", COMMUNITY), "share"),
    ],
)
@pytest.mark.parametrize("spelling", ["", "schema/1.0/", "schema/"])
def test_a_share_with_a_post_above_passes_it_on_and_one_with_a_place_above_does_not(
    parent: dict[str, Any], kind: str, spelling: str
) -> None:
    told = statement(1, "a", f"http://activitystrea.ms/{spelling}share", activity("n:1", NOTE), 0, parent=[parent])
    assert kinds([told]) == [(kind, "a", "")]


def test_the_post_passed_on_is_found_by_type_among_the_parents() -> None:
    parents = [activity("c:1", COURSE), activity("x:1"), activity("n:A", NOTE)]
    told = statement(2, "b", STREAMS_SHARE, activity("n:B", NOTE), 9, parent=parents)
    assert kinds([shared(1, "a", 0, "n:A"), told]) == [("share", "a", ""), ("repost", "b", "a")]


def test_other_verbs_share_recommend_and_pass_on_and_plans_do_not() -> None:
    plan = statement(9, "a", STREAMS_SHARE, {"objectType": "SubStatement", "verb": {}, "object": {}}, 9)
    verbs = ["https://w3id.org/xapi/dod-isd/verbs/shared", "http://id.tincanapi.com/verb/promoted", RETWEETED]
    told = [did(n, "a", n, verb, "n:A") for n, verb in enumerate(verbs, 1)]
    assert kinds([*told, plan]) == [("share", "a", ""), ("recommend", "a", ""), ("repost", "a", "")]
    assert value([*told, plan], "shares") == 3
    assert value([*told, plan], "sharers") == 1


def test_a_recommendation_is_aimed_at_each_it_was_sent_to_and_never_at_the_author() -> None:
    told = [shared(1, "a", 0, "n:A"), recommended(2, "b", 1, "n:A", "c"), recommended(3, "d", 2, "n:A", "e", "f")]
    assert kinds(told) == [
        ("share", "a", ""),
        ("recommend", "b", "c"),
        ("recommend", "d", "e"),
        ("recommend", "d", "f"),
    ]
    many = recommended(4, "b", 20, "n:A", *(f"u{n}" for n in range(26)))
    assert kinds([many]) == [("recommend", "b", "")]


def test_a_recommendation_may_name_its_recipient_as_a_context_agent() -> None:
    told = did(1, "a", 0, RECOMMENDED, "n:A")
    told["context"]["contextAgents"] = [{"agent": agent("b"), "relevantTypes": ["urn:to"]}]
    assert kinds([told]) == [("recommend", "a", "")]
    assert kinds([told], context_roles={"urn:to": "addressee"}) == [("recommend", "a", "b")]


def test_the_target_of_a_repost_is_whoever_made_its_parent_first_and_never_oneself() -> None:
    told = [
        statement(1, "z", "http://activitystrea.ms/create", activity("n:A", NOTE), -5),
        *HAND_CASCADE,
        passed_on(6, "a", 50, "n:A2", "n:B"),
        passed_on(7, "b", 60, "n:B2", "n:B"),
    ]
    assert [target for _, _, target in kinds(told)] == ["", "z", "z", "b", "b", "b", ""]


# People


def test_accounts_of_one_person_are_one_and_who_opted_out_is_nobody() -> None:
    people = [member("b", identifiers=[agent("b"), agent("c")]), member("a", opt_out=True)]
    assert kinds(HAND_CASCADE, people) == [
        ("repost", "b", ""),
        ("repost", "b", ""),
        ("repost", "d", "b"),
        ("repost", "e", "b"),
    ]
    assert value(HAND_CASCADE, "sharers", people=people) == 3
    # Without its root the cascade is two: B with D and E, and C alone.
    assert beside(HAND_CASCADE, "cascade_size", people=people) == {"median": 2, "max": 3}


def test_the_sharer_rate_counts_the_roster_alone() -> None:
    people = [member("a"), member("b"), member("x"), member("y"), member("c", active=False), member("d", opt_out=True)]
    assert value(HAND_CASCADE, "sharer_rate", people=people) == 0.5
    assert row(HAND_CASCADE, "sharer_rate", people=people).reason == "too_few_values"
    assert row(HAND_CASCADE, "sharer_rate").reason == "no_roster"
    assert value([], "sharer_rate", people=people) == 0


# Repetitions, voids, what is taken back


def test_the_same_within_ten_minutes_is_one_act() -> None:
    again = [shared(n, "a", at, "n:A") for n, at in enumerate([0, 6, 11.9, 20], 1)]
    assert value(again, "shares") == 2
    assert value([*again, void(9, 1)], "shares") == 2
    assert value([shared(1, "a", 0, "n:A"), shared(2, "a", 1, "n:B"), shared(3, "b", 1, "n:A")], "shares") == 3
    assert value([recommended(n, "a", n, "n:A", to) for n, to in enumerate("bcb", 1)], "shares") == 2


def test_order_of_arrival_does_not_matter() -> None:
    told = [*HAND_CASCADE, viewed(6, "f", 9, "n:A"), did(7, "g", 9, LIKE, "n:B"), void(8, 3), did(9, "g", 99, UNLIKE, "n:B")]
    for seed in range(5):
        shuffled = told * 2
        random.Random(seed).shuffle(shuffled)
        for metric in Sharing.METRICS:
            assert value(shuffled, metric) == value(told, metric)


def test_a_share_taken_back_counts_until_then() -> None:
    told = [*HAND_CASCADE, did(6, "b", 60, UNSHARE, "n:B"), did(7, "x", 50, UNSHARE, "n:A")]
    assert value(told, "shares", as_of=minute(60)) == 4
    assert value(told, "shares", as_of=minute(59)) == 5
    # D and E are left without what they passed on.
    assert value(told, "cascade_size") == 4 / 3
    assert value([*told, shared(8, "b", 70, "n:B")], "shares") == 5


def test_a_deleted_share_stays_but_reactions_on_it_go() -> None:
    told = [*HAND_CASCADE, did(6, "x", 50, LIKE, "n:A"), did(7, "y", 50, DISLIKE, "n:B"), did(8, "q", 60, DELETE, "n:A")]
    assert value(told, "amplification", as_of=minute(59)) == (4 + 2) / 5
    assert value(told, "amplification") == (4 + 1) / 5
    assert value(told, "cascade_size") == 5


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


# Cascades


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        ("shares", 5),
        ("sharers", 5),
        ("cascade_size", 5),
        ("cascade_depth", 2),
        ("cascade_breadth", 2),
        ("structural_virality", 1.8),
        ("amplification", 0.8),
    ],
)
def test_the_hand_cascade_has_its_values_by_hand(metric: str, expected: float) -> None:
    assert value(HAND_CASCADE, metric) == pytest.approx(expected)


def tree(parents: list[int]) -> list[Statement]:
    """A cascade in which the post of each place passes on the one its number tells; the first is the share."""
    return [
        shared(1, "u0", 0, "n:0"),
        *(passed_on(n + 2, f"u{n + 1}", n + 1, f"n:{n + 1}", f"n:{of}") for n, of in enumerate(parents)),
    ]


def test_star_chain_and_binary_tree_have_their_closed_forms() -> None:
    star, chain = tree([0] * 9), tree(list(range(9)))
    assert value(star, "structural_virality") == pytest.approx(2 * 9 / 10)
    assert value(chain, "structural_virality") == pytest.approx(11 / 3)
    assert (value(star, "cascade_depth"), value(star, "cascade_breadth")) == (1, 9)
    assert (value(chain, "cascade_depth"), value(chain, "cascade_breadth")) == (9, 1)
    binary = tree([(n - 1) // 2 for n in range(1, 15)])
    assert value(binary, "structural_virality") == pytest.approx(3.5048, abs=1e-4)
    assert (value(binary, "cascade_depth"), value(binary, "cascade_breadth")) == (3, 8)


def test_shares_and_recommendations_nobody_passed_on_are_cascades_of_one() -> None:
    told = [*HAND_CASCADE, shared(6, "f", 50, "n:F"), recommended(7, "g", 60, "n:F", "a"), recommended(8, "g", 70, "n:A", "b")]
    assert value(told, "cascade_size") == 2
    assert beside(told, "cascade_size") == {"median": 1, "max": 5}
    assert beside(told, "cascade_depth") == {"median": 0, "max": 2}
    assert value(told, "structural_virality") == pytest.approx(1.8)


def test_a_repost_is_a_root_until_its_parent_arrives() -> None:
    assert value(HAND_CASCADE[1:], "cascade_size") == 2
    assert value(HAND_CASCADE[:1] + HAND_CASCADE[3:], "cascade_size") == 1
    # What was created and never shared heads no cascade.
    created = statement(9, "z", "http://activitystrea.ms/create", activity("n:A", NOTE), -5)
    assert value([created, *HAND_CASCADE[1:3]], "cascade_size") == 1


def test_a_cascade_belongs_where_its_root_is_and_grows_until_as_of() -> None:
    assert value(HAND_CASCADE, "cascade_size", as_of=minute(30)) == 3
    assert row(HAND_CASCADE, "cascade_size", since=minute(5), guarded=False).reason == "no_data"


def test_loops_are_broken_at_their_earliest() -> None:
    loop = [passed_on(1, "a", 1, "n:A", "n:C"), passed_on(2, "b", 2, "n:B", "n:A"), passed_on(3, "c", 3, "n:C", "n:B")]
    below = [passed_on(4, "d", 0, "n:D", "n:B"), passed_on(5, "e", 4, "n:E", "n:E")]
    assert (value(loop, "cascade_size"), value(loop, "cascade_depth")) == (3, 2)
    assert value(loop, "cascade_size", until=minute(2)) == 1
    assert beside(loop + below, "cascade_size") == {"median": 2.5, "max": 4}


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
    told = [each for n in range(5) for each in (shared(n + 1, f"s{n}", 0, f"n:{n}"), viewed(n + 11, "z", n * n, f"n:{n}"))]
    assert row(told, "half_life").value == 4 * 60
    assert row(told[:-2], "half_life", min_group=4).reason == "too_few_values"


def test_a_share_crosses_when_somebody_of_no_common_department_saw_it() -> None:
    people = [
        member("a", ("department", "X"), ("department", "Y")),
        member("b", ("department", "Y")),
        member("c", groups=[{"kind": "department", "group": "X", "to": "2026-03-02T01:00:00Z"}, {"kind": "department", "group": "Z", "from": "2026-03-02T01:00:00Z"}]),
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
    people = [member(name, ("department", "X")) for name in "ab"] + [member(name, ("department", "Y")) for name in "cde"]
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


def test_targets_are_persons() -> None:
    read = Sharing.read(HAND_CASCADE, People.of(None), {})
    assert [act.target for act in read.acts] == [None, person("a"), person("a"), person("b"), person("b")]
