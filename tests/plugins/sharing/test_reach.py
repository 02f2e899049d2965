"""Whom shares reach, and whether that is beyond the sharer's department."""

from collections.abc import Mapping
from random import Random
from typing import Any

import pytest

from lrs.plugin import Act, Number
from tests.plugins.sharing.samples import ask, done, hour, member, repost, share, view

SALES, WORKS, LAB = "Sales", "Works", "Lab"


def reached(*acts: Act, **told: Any) -> float | None:
    return ask("reach", acts, **told).value


def audience(*acts: Act, **told: Any) -> float | None:
    return ask("reach", acts, **told).beside["possible_audience"].value


def test_who_viewed_a_shared_thing_or_something_below_it_is_reached_once() -> None:
    acts = [
        share("ann", "s:1"),
        view("ben", "s:1", 1),
        view("ben", "s:1", 2),
        view("cleo", "picture", 1, parent="s:1"),
        view("dan", "s:2", 1),
    ]

    assert reached(*acts) == 2


def test_a_view_counts_from_the_share_on_and_up_to_the_present() -> None:
    acts = [share("ann", "s:1", 5), view("ben", "s:1", 4.9), view("cleo", "s:1", 5), view("dan", "s:1", 9)]

    assert reached(*acts, as_of=9) == 1
    assert reached(*acts, as_of=9.1) == 2


def test_who_shares_does_not_reach_oneself_but_is_reached_by_who_shared_the_same_before() -> None:
    ann, ben = share("ann", "s:1", 1), share("ben", "s:1", 2)
    own = [view("ann", "s:1", 3), view("ben", "s:1", 1.5)]

    assert reached(ann, own[0]) == 0
    assert reached(ann, ben, own[0]) == 1, "ben shared it before ann looked"
    assert reached(ann, ben, own[1]) == 1, "ann shared it before ben looked"
    assert reached(ann, share("ann", "s:1", 2), own[0]) == 0


def test_reposts_and_recommendations_reach_people_too() -> None:
    acts = [repost("ann", "s:2", "s:1", 0), done("recommend", "ann", "book"), view("ben", "s:2"), view("cleo", "book")]

    assert reached(*acts) == 2


def test_a_share_that_was_taken_back_reaches_nobody() -> None:
    assert reached(share("ann", "s:1", ended=2), view("ben", "s:1"), as_of=3) == 0


def test_a_groups_shares_reach_whoever_views_them() -> None:
    assert reached(share("ann", "s:1"), others=[view("ben", "s:1"), share("cleo", "s:2"), view("dan", "s:2")]) == 1


def test_members_of_a_community_could_have_seen_what_was_shared_into_it() -> None:
    members = [member(person, "club", "community") for person in ("ann", "ben", "cleo")]
    members += [member("dan", "club", "community", until=1), member("eve", "club", "community", since=1.1)]
    members += [member("fay", "club", "department"), member("gil", "other", "community")]

    def could_see(**places: str) -> float | None:
        return audience(share("ann", "s:1", 1, **places), view("xan", "s:1", 2), memberships=members)

    assert could_see(place_2="club") == 3, "ben, cleo and xan"
    assert could_see(place_1="other", place_3="club") == 4, "and gil"
    assert could_see(parent="club") == 3
    assert could_see() == 1


def test_who_shares_is_in_the_possible_audience_of_others() -> None:
    members = [member("ann", "club", "community"), member("ben", "club", "community")]
    acts = [share("ann", "s:1", place_1="club"), share("ann", "s:2", 1, place_1="club")]

    assert audience(*acts, memberships=members) == 1
    assert audience(*acts, share("ben", "s:3", place_1="club"), memberships=members) == 2


def test_without_shares_nobody_is_reached() -> None:
    assert ask("reach", [view("ann", "s:1")]) == Number(0, n=None, beside={"possible_audience": Number(0, n=None)})


DEPARTMENTS = [member("ann", SALES), member("ben", SALES), member("cleo", WORKS), member("dan", WORKS)]


def test_a_share_crosses_when_somebody_of_another_department_views_it() -> None:
    acts = [
        share("ann", "s:1"),
        view("ben", "s:1"),
        share("ann", "s:2"),
        view("ben", "s:2"),
        view("cleo", "s:2"),
        share("dan", "s:3"),
        view("guest", "s:3"),
        share("guest", "s:4"),
        view("ann", "s:4"),
    ]

    assert ask("cross_group_share", acts, memberships=DEPARTMENTS) == Number(1 / 3, n=3)


def test_who_has_one_department_in_common_with_the_sharer_is_of_no_other() -> None:
    acts = [share("ann", "s:1"), view("cleo", "s:1")]

    assert ask("cross_group_share", acts, memberships=[*DEPARTMENTS, member("cleo", SALES)]).value == 0
    assert ask("cross_group_share", acts, memberships=[*DEPARTMENTS, member("ann", WORKS)]).value == 0
    assert ask("cross_group_share", acts, memberships=[*DEPARTMENTS, member("ann", LAB)]).value == 1


def test_departments_are_those_at_the_time_of_the_share_and_of_the_view() -> None:
    moved = [member("ann", SALES, until=5), member("ann", WORKS, since=5), member("cleo", WORKS, since=2, until=7)]

    def crossed(shared_at: float, viewed_at: float) -> float | None:
        acts = [share("ann", "s:1", shared_at), view("cleo", "s:1", viewed_at)]
        return ask("cross_group_share", acts, memberships=moved).value

    assert crossed(0, 6) == 1
    assert crossed(0, 7) == 0, "cleo had none any more"
    assert crossed(5, 6) == 0, "ann was in hers then"


def test_a_sharer_who_has_moved_does_not_carry_the_share_across() -> None:
    moved = [member("ann", SALES, until=5), member("ann", WORKS, since=5), member("dan", WORKS)]
    acts = [share("ann", "s:1"), view("ann", "s:1", 6)]

    assert ask("cross_group_share", acts, memberships=moved).value == 0
    assert ask("cross_group_share", [*acts, view("dan", "s:1", 1)], memberships=moved).value == 1


def test_without_departments_there_is_no_roster_and_without_shares_no_data() -> None:
    acts = [share("ann", "s:1"), view("ben", "s:1")]

    assert ask("cross_group_share", acts).why == "no_roster"
    assert ask("cross_group_share", [], memberships=DEPARTMENTS) == Number(None, n=0, why="no_data")


PEOPLE = "abcdefg"
Member = Mapping[str, Any]


@pytest.mark.parametrize("seed", range(40))
def test_random_acts_reach_whom_the_definition_names_one_by_one(seed: int) -> None:
    random = Random(seed)
    acts = [random_act(random, number) for number in range(40)]
    members = [random_member(random, kind) for kind in ("department", "community") for _ in range(12)]
    told: Mapping[str, Any] = {"memberships": members, "since": 3, "until": 12, "as_of": 11}

    shares = [act for act in acts if act.contributes and hour(3) <= act.t < hour(11)]
    seen = {act.id: viewers(act, acts) for act in shares}
    people = {view.actor for views in seen.values() for view in views}
    possible = people | {person for act in shares for person in members_at(act, members) - {act.actor}}
    assert reached(*acts, **told) == len(people)
    assert audience(*acts, **told) == len(possible)

    known = [act for act in shares if departments(act, members)]
    across = [act for act in known if any(is_of_others(each, act, members) for each in seen[act.id])]
    found = ask("cross_group_share", acts, **told)
    assert (found.n, found.value) == (len(known), len(across) / len(known) if known else None)


def random_act(random: Random, number: int) -> Act:
    kind = random.choice(["share", "repost", "recommend", "view", "view", "view", "view"])
    thing, parent = (f"s:{random.randrange(4)}" for _ in range(2))
    place = random.choice(["1", "2", None])
    told: Mapping[str, Any] = {"parent": random.choice([None, parent]), "place_1": place, "id": f"{number}"}
    return done(kind, random.choice(PEOPLE), thing, random.randrange(14), **told)


def random_member(random: Random, kind: str) -> Member:
    since = random.randrange(12)
    return member(random.choice(PEOPLE), random.choice("123"), kind, since, since + random.randrange(9))


def viewers(shared: Act, acts: list[Act]) -> list[Act]:
    def sees(view: Act) -> bool:
        is_later = shared.t <= view.t < hour(11)
        return is_later and shared.detail["object"] in (view.detail["object"], view.detail["parent"])

    return [act for act in acts if act.detail["kind"] == "view" and act.actor != shared.actor and sees(act)]


def held(act: Act, kind: str, members: list[Member]) -> list[Member]:
    return [each for each in members if each["kind"] == kind and each["since"] <= act.t < each["until"]]


def members_at(act: Act, members: list[Member]) -> set[str]:
    named = (act.detail["place_1"], act.detail["parent"])
    return {each["person"] for each in held(act, "community", members) if each["group"] in named}


def departments(act: Act, members: list[Member]) -> set[str]:
    return {each["group"] for each in held(act, "department", members) if each["person"] == act.actor}


def is_of_others(view: Act, shared: Act, members: list[Member]) -> bool:
    theirs = departments(view, members)
    return bool(theirs) and not theirs & departments(shared, members)
