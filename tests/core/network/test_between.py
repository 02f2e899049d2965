"""The network between groups, by hand and recomputed in the plainest way."""

import random
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from lrs.core.analytics.guard import Reason
from lrs.core.people.identity import Membership
from lrs.plugin import Act
from tests.core.analytics.samples import DAY, MONDAY, WEEK
from tests.core.network.organisation import Organisation, done, entries, figures
from tests.network_graphs import KARATE, MR_HI

SALES, IT, LAW, HR = ([f"{name}{number}" for number in range(6)] for name in ("s", "i", "l", "h"))
STAFF = {"sales": SALES, "it": IT}
FEW = Reason.TOO_FEW_PEOPLE
NOWHERE: list[str | None] = [None]


def circle(people: list[str], **told: object) -> list[Act]:
    """Everybody does something toward the next, the last toward the first."""
    return [act for one, other in pairwise([*people, people[0]]) for act in done(one, other, **told)]  # type: ignore[arg-type]


def across(ones: list[str], others: list[str], **told: object) -> list[Act]:
    return [act for one, other in zip(ones, others, strict=True) for act in done(one, other, **told)]  # type: ignore[arg-type]


def test_acts_go_from_the_actors_group_to_the_targets() -> None:
    acts = [*circle(SALES), *across(SALES, IT, times=2), *circle(IT)]

    assert entries(Organisation(STAFF, acts).ask()) == {
        ("it", "it"): (6, 6, None),
        ("sales", "it"): (12, 6, None),
        ("sales", "sales"): (6, 6, None),
    }


def test_people_of_no_group_are_aimed_at_and_do_nothing_here() -> None:
    guests = [f"g{number}" for number in range(6)]
    acts = [*across(SALES, guests), *across(guests, SALES)]

    assert entries(Organisation(STAFF, acts).ask()) == {("sales", None): (6, 6, None)}


def test_what_is_passive_taken_back_or_toward_oneself_is_no_act_between_groups() -> None:
    acts = [
        *circle(SALES),
        *across(SALES, IT, kind="view"),
        *across(SALES, IT, ended=MONDAY + 2 * DAY, after=DAY),
        *across(SALES, SALES),
    ]

    assert entries(Organisation(STAFF, acts).ask()) == {("sales", "sales"): (6, 6, None)}


def test_passive_kinds_are_there_for_who_asks_for_them_by_name() -> None:
    organisation = Organisation(STAFF, [*circle(SALES), *across(SALES, IT, kind="view")])

    assert entries(organisation.ask(kinds=["view"])) == {("sales", "it"): (6, 6, None)}
    assert entries(organisation.ask(kinds=["view", "reply"])).keys() == {("sales", "it"), ("sales", "sales")}
    assert entries(organisation.ask(kinds=["mention"])) == {}


def test_both_belong_to_the_groups_of_that_time() -> None:
    moves = {
        person: (Membership("sales", until=MONDAY + 3 * DAY), Membership("it", since=MONDAY + 3 * DAY)) for person in IT
    }
    acts = [*across(SALES, IT, after=DAY), *across(SALES, IT, after=4 * DAY), *across(IT, SALES, after=4 * DAY)]

    assert entries(Organisation({"sales": SALES}, acts, more=moves).ask()) == {
        ("it", "sales"): (6, 6, None),
        ("sales", "it"): (6, 6, None),
        ("sales", "sales"): (6, 6, None),
    }


def test_somebody_in_two_groups_acts_for_both_and_is_aimed_at_in_both() -> None:
    found = entries(Organisation({"sales": SALES, "it": IT, "all": [*SALES, *IT]}, across(SALES, IT)).ask())

    assert found == {
        ("all", "all"): (6, 6, None),
        ("all", "it"): (6, 6, None),
        ("sales", "all"): (6, 6, None),
        ("sales", "it"): (6, 6, None),
    }


def test_a_week_of_a_group_that_is_withheld_contributes_nothing() -> None:
    acts = [
        *circle(SALES),
        *circle(SALES[:3], after=WEEK),
        *circle(IT, after=WEEK),
        *circle(IT),
        *circle(LAW, after=WEEK),
    ]
    answer = Organisation({**STAFF, "law": LAW}, acts, weeks=2).ask()

    assert entries(answer)["sales", "sales"] == (6, 6, None)
    withheld = {each.name: (each.weeks_withheld, each.reason) for each in answer.groups}
    assert withheld["sales"] == (1, None)
    assert sum(weeks for weeks, _ in withheld.values()) == 2, "one other with it in that week"


def test_a_group_that_is_called_otherwise_by_now_and_does_nothing_is_left_out() -> None:
    organisation = Organisation(
        STAFF, [*circle(SALES), *across(SALES, IT), *across(SALES, [f"g{n}" for n in range(6)])]
    )
    by_now = replace(organisation.who(), groups={})

    assert entries(organisation.ask()).keys() == {("sales", "sales"), ("sales", "it"), ("sales", None)}
    assert entries(organisation.ask(who=by_now)).keys() == {("sales", "sales"), ("sales", None)}


def test_of_a_group_that_is_withheld_in_all_weeks_nothing_is_told() -> None:
    acts = [*circle(SALES), *circle(IT[:3]), *circle(LAW), *circle(HR)]
    answer = Organisation({**STAFF, "law": LAW, "hr": HR}, acts).ask()
    reasons = {each.name: each.reason for each in answer.groups}

    assert reasons == {"sales": None, "it": FEW, "law": None, "hr": Reason.COMPLEMENTARY}
    assert set(figures(answer, "it").values()) == {FEW}
    assert set(figures(answer, "hr").values()) == {Reason.COMPLEMENTARY}
    assert {source for source, _ in entries(answer)} == {"sales", "law"}


def test_figures_by_hand() -> None:
    """Of sales all have a tie inside; three have one to it and law and hr each, and one of these comes back."""
    bridges = [act for others in (IT, LAW, HR) for act in across(SALES, others)]
    acts = [*circle(SALES, times=3), *bridges, *done("i0", "s0"), *circle(IT), *circle(LAW), *circle(HR)]
    members = {"sales": [*SALES, *(f"silent{n}" for n in range(4))], "it": IT, "law": LAW, "hr": HR}
    answer = Organisation(members, acts).ask()

    assert figures(answer, "sales") == {
        "internal": 6,
        "external": 18,
        "ei_index": 0.5,
        "expected": pytest.approx(1 - 2 * 9 / 27),
        "p": pytest.approx(figures(answer, "sales")["p"]),
        "density": pytest.approx(6 / 90),
        "reciprocity": pytest.approx(1 / 24),
        "brokers": 6,
    }


def test_brokers_are_told_when_there_are_enough_or_none() -> None:
    few = [act for others in (IT, LAW, HR) for act in across(SALES[:4], others[:4])]
    most = [act for others in (IT, LAW) for act in across(SALES, others)]
    members = {**STAFF, "law": LAW, "hr": HR}
    rest = [*circle(IT), *circle(LAW), *circle(HR), *circle(SALES)]

    assert figures(Organisation(members, [*few, *most, *rest]).ask(), "sales")["brokers"] == FEW
    assert figures(Organisation(members, [*most, *rest]).ask(), "sales")["brokers"] == 0


def test_few_ties_make_no_ratio_and_few_members_no_density() -> None:
    found = figures(Organisation(STAFF, circle(SALES)).ask(), "sales")

    assert found["internal"] == 6
    for name in ("ei_index", "expected", "p", "density", "reciprocity"):
        assert found[name] == Reason.TOO_FEW_VALUES


def test_who_is_inactive_is_no_member_that_density_misses() -> None:
    people = [f"p{number}" for number in range(12)]
    organisation = Organisation({"all": people}, circle(people), inactive=frozenset(people[10:]))

    assert figures(organisation.ask(), "all")["density"] == pytest.approx(9 / 90)


def test_what_few_people_do_inside_their_group_is_in_no_figure() -> None:
    acts = [
        *circle(SALES[:3], times=9),
        *across(SALES, IT),
        *circle(IT),
        *across(IT, SALES),
        *across(IT, LAW),
        *circle(LAW),
    ]
    found = figures(Organisation({**STAFF, "law": LAW}, [*acts, *across(SALES, LAW)]).ask(), "sales")

    assert found["internal"] == FEW
    assert {found[name] for name in ("external", "ei_index", "expected", "p", "density")} == {FEW}
    assert found["reciprocity"] == pytest.approx(6 / 15), "a share of all ties tells none of these"


def test_through_a_filter_no_figure_tells_what_entries_do_not() -> None:
    acts = [*circle(SALES), *circle(SALES, kind="react"), *across(SALES, IT), *across(SALES[:4], IT[:4], kind="react")]
    organisation = Organisation(
        {**STAFF, "law": LAW}, [*acts, *across(SALES, LAW, kind="react"), *circle(IT), *circle(LAW)]
    )

    assert figures(organisation.ask(), "sales")["external"] == 12
    found = figures(organisation.ask(kinds=["react"]), "sales")
    assert found["external"] == found["ei_index"] == Reason.COMPLEMENTARY
    assert organisation.ask(kinds=["react"]).whole["ei_index"].reason is Reason.COMPLEMENTARY


def test_two_windows_tell_how_much_went_between_groups_in_a_week_even_if_it_is_one_act() -> None:
    """What the guard doesn't keep; the README says so."""
    first = [*circle(SALES), *circle(IT), *across(SALES, IT)]
    later = [*circle(SALES, after=WEEK), *circle(IT, after=WEEK), *done("s0", "i1", after=WEEK)]
    shorter, longer = (Organisation(STAFF, [*first, *later], weeks=weeks).ask() for weeks in (1, 2))

    assert entries(shorter)["sales", "it"] == (6, 6, None)
    assert entries(longer)["sales", "it"] == (7, 7, None)


def test_the_index_of_the_whole_is_the_published_one_of_the_club() -> None:
    people = {str(number) for number in range(34)}
    acts = [act for one, other in KARATE for act in [*done(one, other), *done(other, one)]]
    answer = Organisation({"hi": MR_HI, "officer": people - MR_HI}, acts).ask()

    assert answer.whole["ei_index"].value == pytest.approx(-0.7179, abs=5e-5)
    assert answer.whole["expected"].value == pytest.approx(0.0303, abs=5e-5)
    assert answer.whole["p"].value == pytest.approx(1 / 200)
    assert figures(answer, "hi")["density"] == pytest.approx(2 * 35 / (17 * 16), abs=0.2)


def test_the_index_of_the_whole_does_not_tell_what_is_withheld_of_one_group() -> None:
    acts = [*circle(SALES), *circle(IT), *circle(LAW[:3]), *across(LAW, IT), *across(IT, SALES), *across(LAW, SALES)]
    answer = Organisation({**STAFF, "law": LAW}, acts).ask()

    assert entries(answer)["law", "law"] == (None, None, FEW)
    assert answer.whole["ei_index"].reason is Reason.COMPLEMENTARY


def test_a_course_is_a_group_that_nobody_reaches_out_of() -> None:
    acts = [
        *circle(SALES, course="c:1"),
        *circle(SALES, course="c:1", kind="react"),
        *circle(IT, course="c:2"),
        *circle(IT),
    ]
    answer = Organisation({}, acts, partition="course").ask()

    assert entries(answer) == {("c:1", "c:1"): (12, 6, None), ("c:2", "c:2"): (6, 6, None)}
    found = figures(answer, "c:1")
    assert (found["internal"], found["density"]) == (6, Reason.NO_ROSTER)
    for name in ("external", "ei_index", "expected", "p", "brokers"):
        assert found[name] == Reason.SOURCE_CANNOT_TELL


@pytest.mark.parametrize("seed", range(8))
def test_without_the_guard_every_entry_is_what_counting_gives(seed: int) -> None:
    drawn = random.Random(seed)
    people = [f"p{number}" for number in range(40)]
    members = {name: drawn.sample(people, 14) for name in "abcd"}
    acts = [
        act
        for number in range(400)
        for act in done(
            *drawn.sample(people, 2),
            kind=drawn.choice(["reply", "react", "view"]),
            after=timedelta(minutes=number * 40),
        )
    ]
    asked = drawn.choice([None, ["reply"], ["react", "view"]])
    answer = Organisation(members, acts, weeks=2).ask(k=1, kinds=asked)

    counted: dict[tuple[str, str | None], list[tuple[str, str | None]]] = defaultdict(list)
    for act in acts:
        if act.contributes if asked is None else act.detail["kind"] in asked:
            of = {
                end: [name for name in members if person in members[name]]
                for end, person in (("a", act.actor), ("t", act.target))
            }
            for source in of["a"]:
                for sink in of["t"] or NOWHERE:
                    counted[source, sink].append((act.actor, act.target))
    assert entries(answer) == {entry: (len(pairs), len(set(pairs)), None) for entry, pairs in counted.items()}


@pytest.mark.parametrize("seed", range(8))
def test_without_the_guard_every_figure_is_what_counting_gives(seed: int) -> None:
    drawn = random.Random(seed)
    people = [f"p{number}" for number in range(60)]
    members = {name: people[begin::5] for begin, name in enumerate("abcd")}
    pairs = {tuple(drawn.sample(people, 2)) for _ in range(500)}
    answer = Organisation(members, [act for one, other in pairs for act in done(one, other)]).ask(k=1)

    of = {person: name for name in members for person in members[name]}
    for name in members:
        mine = {pair for pair in pairs if of.get(pair[0]) == name}
        inside = {pair for pair in mine if of.get(pair[1]) == name}
        outside = {pair for pair in mine if of.get(pair[1], name) != name}
        groups = {one: {of[other] for it, other in outside if it == one} for one, _ in outside}
        expected = {
            "internal": len(inside),
            "external": len(outside),
            "ei_index": (len(outside) - len(inside)) / (len(outside) + len(inside)),
            "expected": 1 - 2 * 11 / 47,
            "density": len(inside) / (12 * 11),
            "reciprocity": sum((other, one) in pairs for one, other in mine) / len(mine),
            "brokers": sum(len(each) >= 3 for each in groups.values()),
        }
        found = figures(answer, name)
        assert {each: found[each] for each in expected} == pytest.approx(expected)
