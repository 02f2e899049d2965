from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from lrs.core.normaliser.keys import repetition
from lrs.core.normaliser.repetitions import SPAN, settle

BEGIN = datetime(2026, 3, 2, 10, tzinfo=UTC)


def told(number: int, minutes: float, **fields: Any) -> dict[str, Any]:
    act = {
        "_id": f"{number}:reply:0",
        "statement_id": UUID(int=number),
        "t": BEGIN + timedelta(minutes=minutes),
        "actor": "anna",
        "kind": "reply",
        "object_id": "p:1",
        "parent_id": "t:1",
        "named_target": None,
        "target_ref": "t:1",
        "value": {},
        "aggregate": False,
        "voided": False,
        "repeats": None,
        **fields,
    }
    return {**act, "repetition": repetition(act)}


def kept(*acts: dict[str, Any]) -> list[int]:
    settle(acts)
    return [act["statement_id"].int for act in acts if not act["voided"] and act["repeats"] is None]


def test_an_act_told_again_within_ten_minutes_counts_once() -> None:
    first, again = told(1, 0), told(2, 4)

    assert kept(first, again) == [1]
    assert again["repeats"] == first["statement_id"]


def test_ten_minutes_are_no_longer_less_than_ten_minutes() -> None:
    nearly = SPAN / timedelta(minutes=1) - 0.001 / 60

    assert kept(told(1, 0), told(2, nearly)) == [1]
    assert kept(told(1, 0), told(2, 10)) == [1, 2]


def test_the_ten_minutes_run_from_the_last_kept_act_and_not_from_the_last_one() -> None:
    chain = [told(number, minutes) for number, minutes in enumerate([0, 6, 11.9, 20, 21.9], 1)]

    assert kept(*chain) == [1, 3, 5]
    assert chain[3]["repeats"] == chain[2]["statement_id"]


def test_without_the_first_the_second_is_kept_and_covers_the_third() -> None:
    chain = [told(1, 0, voided=True), told(2, 6, repeats=UUID(int=1)), told(3, 11.9), told(4, 20), told(5, 21.9)]

    assert kept(*chain) == [2, 4]
    assert chain[1]["repeats"] is None


def test_of_two_at_one_moment_the_smaller_statement_id_is_kept() -> None:
    for order in permutations([told(2, 0), told(1, 0), told(3, 0)]):
        assert kept(*order) == [1]


def test_any_other_actor_kind_object_parent_or_recipient_is_another_act() -> None:
    others: list[dict[str, Any]] = [
        {"actor": "ben"},
        {"kind": "comment"},
        {"object_id": "p:2"},
        {"parent_id": "t:2"},
        {"named_target": "ben"},
        {"target_ref": "t:2"},
        {"object_id": None},
    ]
    for number, other in enumerate(others, 2):
        assert kept(told(1, 0), told(number, 1, **other)) == [1, number]


def test_taking_an_act_back_is_no_repetition_of_it() -> None:
    assert kept(told(1, 0), told(2, 1, value={"undo": True}), told(3, 2, value={"undo": True})) == [1, 2]


def test_counts_of_different_things_are_no_repetitions_of_one_another() -> None:
    counts = [told(1, 0, aggregate=True, _id=f"1:message:{n}") for n in range(2)]

    assert kept(*counts, told(2, 1, aggregate=True, _id="2:message:1")) == [1, 1]


def test_a_part_that_is_absent_is_not_taken_for_its_neighbour() -> None:
    assert kept(told(1, 0, object_id="x", parent_id=None), told(2, 1, object_id=None, parent_id="x")) == [1, 2]


@settings(max_examples=100, deadline=None, database=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.sampled_from("ab")), max_size=12), st.randoms())
def test_the_order_they_are_given_in_does_not_matter(moments: list[tuple[int, str]], chance: Any) -> None:
    def acts() -> list[dict[str, Any]]:
        return [told(number, minutes, actor=actor) for number, (minutes, actor) in enumerate(moments)]

    shuffled = acts()
    chance.shuffle(shuffled)

    assert sorted(kept(*shuffled)) == kept(*acts())


@settings(max_examples=300)
@given(
    minutes=st.lists(st.integers(0, 60), min_size=2, max_size=12),
    late=st.integers(0, 60),
)
def test_settling_from_a_late_act_on_gives_the_same_as_settling_all(minutes: list[int], late: int) -> None:
    before = [told(number, each) for number, each in enumerate(minutes, 2)]
    settle(before)
    arrived = told(1, late)
    near = [act for act in before if act["t"] >= arrived["t"] - SPAN]

    settle([*near, arrived], {arrived["repetition"]: arrived["t"]})

    afresh = [told(1, late), *(told(number, each) for number, each in enumerate(minutes, 2))]
    settle(afresh)
    assert [act["repeats"] for act in [arrived, *before]] == [act["repeats"] for act in afresh]
