"""A week that is released again: what of it may change, and what stays as it was until more people differ."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

import polars as pl
from hypothesis import given
from hypothesis import settings as chosen
from hypothesis import strategies as st

from lrs.core.analytics.released import ReleasedWeek, packed, released_week, unpacked_week
from lrs.core.analytics.renewal import decided, renewed
from lrs.core.analytics.resolved import directory
from lrs.core.people.identity import Identity, Membership
from lrs.plugin import Act, Column, code
from lrs.plugin.loader import load_plugins
from lrs.store.released import STORE, Cell, Note, ShownWeek
from tests.core.analytics.samples import DAY, act, acts, table, week

K = 5
COLUMNS: dict[str, Column] = {"words": "number"}
PLUGIN = dataclasses.replace(load_plugins()["discussion"], columns=COLUMNS)
COURSES = {code(name): name for name in "abcd"}
NOBODY = Identity()


def made(told: Iterable[Act], who: Identity = NOBODY) -> ReleasedWeek:
    return released_week(table(told, COLUMNS), PLUGIN, directory(who), COURSES)


def first(told: Iterable[Act], who: Identity = NOBODY, k: int = K) -> ReleasedWeek:
    """A week as it is released for the first time."""
    return decided(made(told, who), week(0), k)


def again(
    old: ReleasedWeek, told: Iterable[Act], who: Identity = NOBODY, *, regrouped: bool = False, k: int = K
) -> ReleasedWeek:
    """A week as it is released once more; what is kept of it goes through its documents."""
    found = renewed(stored(old), made(told, who), week(0), k, COLUMNS, regrouped=regrouped)
    assert found.everybody["id"].is_unique().all()
    return found


def stored(released: ReleasedWeek) -> ReleasedWeek:
    """A week as it comes back from its documents."""
    parts = [each for each in packed(released) if each["partition"] == STORE]
    note = Note(kept=released.kept, late=released.late)
    return unpacked_week(ShownWeek(released.cells, [each["acts"] for each in parts], note), COLUMNS)


def cells(released: ReleasedWeek, partition: str = "course") -> Mapping[str, Cell]:
    return {each.group: each for each in released.cells if each.partition == partition}


def ids(released: ReleasedWeek, group: str, partition: str = "course") -> list[str]:
    """The acts of a cell, as they are shown; none where there is no cell."""
    cell = cells(released, partition).get(group)
    return [] if cell is None else released.acts[list(cell.positions)]["id"].to_list()


def in_order(told: Sequence[Act]) -> list[str]:
    return [each.id for each in sorted(told, key=lambda each: (each.t, each.id))]


def teams(**members: str) -> Identity:
    """An identity in which the people of each team are those with these letters."""
    known = {
        person: tuple(Membership(team) for team, them in members.items() if person in them) for person in _all(members)
    }
    return Identity(memberships={"team": known})


def _all(members: Mapping[str, str]) -> set[str]:
    return set("".join(members.values()))


SIX, SEVEN = acts(6, course="a"), acts(7, named="q", course="b")


def late(people: int, course: str = "a") -> list[Act]:
    return acts(people, named=f"late {course}", after=DAY, course=course)


def test_a_cell_stays_as_it_was_until_k_people_differ() -> None:
    for few in range(1, K):
        found = again(first(SIX + SEVEN), SIX + SEVEN + late(few))

        assert ids(found, "a") == in_order(SIX)
        assert cells(found)["a"].n_acts == 6
        assert len(found.everybody) == 13

    enough = again(first(SIX + SEVEN), SIX + SEVEN + late(K))
    assert ids(enough, "a") == in_order(SIX + late(K))
    assert (cells(enough)["a"].n_people, len(enough.everybody), enough.kept) == (6 + K, 13 + K, 0)


def test_what_waits_is_told_with_what_comes_later() -> None:
    released = first(SIX)
    for people in range(1, K + 1):
        released = again(released, SIX + late(people))

    assert ids(released, "a") == in_order(SIX + late(K))


def test_acts_of_one_person_are_of_one_person_however_many() -> None:
    many = [act("late", DAY * n / 20, course="a") for n in range(20)]

    assert ids(again(first(SIX), SIX + many), "a") == in_order(SIX)


def test_a_voided_act_stays_until_acts_of_k_people_have_gone() -> None:
    twice = SIX + acts(6, course="a", after=DAY)

    assert ids(again(first(twice), twice[:6] + twice[6 + 4 :]), "a") == in_order(twice)
    assert ids(again(first(twice), twice[:6] + twice[6 + 5 :]), "a") == in_order(twice[:6] + twice[6 + 5 :])


def test_an_act_that_reads_otherwise_is_a_difference() -> None:
    edited = [dataclasses.replace(each, detail={"words": 7}) for each in SIX]

    few, enough = (again(first(SIX), edited[:n] + SIX[n:]) for n in (4, 5))

    assert few.acts["words"].to_list() == [None] * 6
    assert sorted(enough.acts["words"].to_list(), key=str) == [7.0] * 5 + [None]


def test_each_cell_stays_or_changes_for_itself_and_everybody_too() -> None:
    told = SIX + SEVEN + late(K) + late(2, "b")

    found = again(first(SIX + SEVEN), told)

    assert ids(found, "a") == in_order(SIX + late(K))
    assert ids(found, "b") == in_order(SEVEN)
    assert found.everybody["id"].to_list() == in_order(told)


def test_a_cell_keeps_acts_that_everybody_has_no_longer() -> None:
    told = SIX[1:] + SEVEN + late(K, "b")

    found = again(first(SIX + SEVEN), told)

    assert ids(found, "a") == in_order(SIX)
    assert found.everybody["id"].to_list() == in_order(told)
    assert found.kept == 1
    assert ids(again(found, told), "a") == in_order(SIX)


def test_where_few_differ_in_all_everybodys_acts_stay() -> None:
    found = again(first(SIX), [*SIX[1:], act("late", DAY)])

    assert found.everybody["id"].to_list() == in_order(SIX)


def test_what_was_withheld_stays_withheld_and_as_it_was_however_many_come_late() -> None:
    old = first(SIX[:3] + SEVEN)
    assert [cells(old)[group].withheld for group in "ab"] == [True, True]

    found = again(old, SIX[:3] + SEVEN + late(9) + late(9, "b"))

    assert (ids(found, "a"), ids(found, "b")) == (in_order(SIX[:3]), in_order(SEVEN))
    assert [cells(found)[group].withheld for group in "ab"] == [True, True]


def test_what_was_shown_is_not_replaced_by_what_is_too_small() -> None:
    nine = acts(9, course="a")

    assert ids(again(first(nine), nine[:4]), "a") == in_order(nine)
    assert ids(again(first(nine), nine[:1]), "a") == in_order(nine)
    assert ids(again(first(nine), []), "a") == []


def test_a_group_of_too_few_does_not_appear_with_late_acts_and_one_of_enough_does() -> None:
    assert "c" not in cells(again(first(SIX), SIX + late(4, "c")))
    assert ids(again(first(SIX), SIX + late(5, "c")), "c") == in_order(late(5, "c"))


def test_a_released_week_in_which_nothing_happened_is_no_other() -> None:
    nothing = first([])

    assert again(nothing, late(4)).acts.is_empty()
    assert ids(again(nothing, late(5)), "a") == in_order(late(5))


def test_where_one_person_is_enough_everything_is_as_it_is_now() -> None:
    told = [*SIX[1:], *late(1), *late(1, "c")]

    found = again(first(SIX, k=1), told, k=1)

    assert {each.group: each for each in found.cells} == cells(first(told, k=1))
    assert found.acts.equals(table(told, COLUMNS))


PEOPLE = "klmnopqrs"
EACH = [act(person) for person in PEOPLE]


def test_who_is_moved_stays_where_they_were_until_k_people_are() -> None:
    old = first(EACH, teams(A=PEOPLE))

    one = again(old, EACH, teams(A=PEOPLE[1:], B=PEOPLE[:1]), regrouped=True)
    assert cells(one, "team") == cells(old, "team")

    five = again(one, EACH, teams(A=PEOPLE[5:], B=PEOPLE[:5]), regrouped=True)
    assert ids(five, "A", "team") == in_order(EACH)  # four are left, whom nobody may see alone
    assert ids(five, "B", "team") == in_order(EACH[:5])

    all_gone = again(five, EACH, teams(B=PEOPLE), regrouped=True)
    assert ids(all_gone, "A", "team") == []
    assert ids(all_gone, "B", "team") == in_order(EACH[:5])  # four are new there


def test_a_withheld_cell_is_decided_anew_where_k_people_turn_out_to_belong_there() -> None:
    others = [act(person) for person in "ABCDEFGHIJKLMNOP"]
    told, known = EACH + others, {"b": "ABCDEF", "c": "GHIJKLMNOP"}
    old = first(told, teams(a=PEOPLE[:2], **known))
    assert [cells(old, "team")[group].withheld for group in "abc"] == [True, True, False]

    for number, shown in ((6, PEOPLE[:2]), (7, PEOPLE[:7])):
        found = again(old, told, teams(a=PEOPLE[:number], **known), regrouped=True)
        assert ids(found, "a", "team") == in_order([act(person) for person in shown])
        assert [cells(found, "team")[group].withheld for group in "abc"] == [number == 6, True, False]
    assert cells(again(old, told, teams(a=PEOPLE[:7], **known)), "team") == cells(old, "team")

    late_too = again(old, [*told, act("late")], teams(a=PEOPLE[:2], **known))
    assert late_too.late
    assert ids(again(late_too, told, teams(a=PEOPLE[:7], **known), regrouped=True), "a", "team") == ids(
        old, "a", "team"
    )


def test_groups_that_are_told_person_by_person_appear() -> None:
    released = first(EACH)
    for n in range(1, 5):
        released = again(released, EACH, teams(A=PEOPLE[:n]), regrouped=True)
        assert (ids(released, "A", "team"), cells(released, "team")["A"].withheld) == (in_order(EACH[:n]), True)

    released = again(released, EACH, teams(A=PEOPLE[:5]), regrouped=True)
    assert (ids(released, "A", "team"), cells(released, "team")["A"].withheld) == (in_order(EACH[:5]), False)
    assert ids(again(released, EACH, teams(A=PEOPLE), regrouped=True), "A", "team") == in_order(EACH[:5])


def resolved(told: Sequence[Act], persons: Mapping[str, str]) -> Identity:
    return Identity(persons=persons, memberships={})


def test_a_partition_of_which_nobody_was_told_begins_as_at_first() -> None:
    old = again(first(EACH), [*EACH, act("late")])
    assert old.late

    found = again(old, EACH, teams(A="klmnop", B="qrs"), regrouped=True)

    assert [(each.group, each.n_people, each.withheld) for each in found.cells] == [("A", 6, True), ("B", 3, True)]


TALK = [act(person, course="a", target=PEOPLE[n - 1]) for n, person in enumerate(PEOPLE)]


def test_two_accounts_of_one_person_stay_two_people_until_k_people_differ() -> None:
    told = TALK
    merged = {"k": "one", "l": "one"}

    found = again(first(told), told, Identity(persons=merged), regrouped=True)
    assert cells(found)["a"].n_people == 9

    more = {each: f"person {each}" for each in "mnopq"}
    again_more = told + [act(each, DAY, course="a") for each in "mnop"]
    found = again(found, again_more, Identity(persons={**merged, **more}), regrouped=True)
    assert cells(found)["a"].n_people == 8


def test_an_account_that_turns_out_to_be_somebodys_is_called_by_them_at_once() -> None:
    found = again(first(TALK), TALK, Identity(persons={"k": "Kim"}), regrouped=True)

    named = [code("Kim"), *map(code, PEOPLE[1:])]
    assert found.acts["actor"].to_list() == named
    assert found.acts["target"].to_list() == [named[-1], *named[:-1]]
    assert set(cells(found)["a"].people) == set(cells(found)["a"].targets) == set(named)


def test_who_opts_out_leaves_a_closed_week_with_others() -> None:
    told = [dataclasses.replace(each, course="a") for each in EACH]

    def out(people: str) -> Identity:
        return Identity(opted_out=frozenset(people))

    one = again(first(told), told, out("k"), regrouped=True)
    assert ids(one, "a") == in_order(told)
    assert ids(again(one, told, out("klmn"), regrouped=True), "a") == in_order(told)
    wide = told + late(9)
    assert ids(again(first(wide), wide, out("klmno"), regrouped=True), "a") == in_order(told[5:] + late(9))


NAMES = st.sampled_from("klmnopqrstuvw")
WEEK = st.lists(st.tuples(NAMES, st.integers(0, 3), st.sampled_from("ab")), max_size=40, unique=True)


def told_of(week_: Iterable[tuple[str, int, str]]) -> list[Act]:
    return [act(who, DAY * n, course=course, detail={"words": float(n)}) for who, n, course in week_]


@chosen(max_examples=40, deadline=None, database=None)
@given(WEEK, st.lists(WEEK, max_size=3))
def test_of_any_two_answers_a_cell_is_the_same_or_k_people_differ(
    begun: list[tuple[str, int, str]], later: list[list[tuple[str, int, str]]]
) -> None:
    old = first(told_of({(who, n): (who, n, course) for who, n, course in begun}.values()))
    for told in later:
        new = again(old, told_of({(who, n): (who, n, course) for who, n, course in told}.values()))
        for group in "ab":
            between = _rows(old, group) ^ _rows(new, group)
            assert not between or len({row[1] for row in between}) >= K
            if group in cells(old) and cells(old)[group].withheld:
                assert not between
                assert cells(new)[group].withheld
            counted = new.acts[list(cells(new)[group].positions)] if group in cells(new) else new.acts.clear()
            assert cells(new).get(group, _NONE).n_people == counted["actor"].n_unique()
        between = set(old.everybody.rows()) ^ set(new.everybody.rows())
        assert not between or len({row[2] for row in between}) >= K
        old = new


_NONE = Cell("course", "", 0, 0, 0)


def _rows(released: ReleasedWeek, group: str) -> set[tuple[object, ...]]:
    cell = cells(released).get(group)
    acts_ = released.acts[list(cell.positions)] if cell is not None else released.acts.clear()
    return set(acts_.select(pl.col("id"), pl.col("actor"), pl.all().exclude("id", "actor")).rows())
