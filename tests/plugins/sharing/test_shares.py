"""How many shares, by how many people."""

from typing import Any

import pytest

from lrs.plugin import Act, Number
from tests.plugins.sharing.samples import DAY, END, ask, done, repost, share, view

COUNTS = ("shares", "sharers")


def values(*acts: Act, **told: Any) -> list[float | None]:
    return [ask(metric, acts, **told).value for metric in COUNTS]


def test_shares_reposts_and_recommendations_count_and_nothing_else() -> None:
    acts = [share("ann", "s:1"), repost("ben", "s:2", "s:1"), done("recommend", "ann", "book"), view("cleo", "s:1")]

    assert values(*acts) == [3, 2]
    assert ask("shares", acts).beside == {"reposts": Number(1, n=None), "recommendations": Number(1, n=None)}


def test_only_the_window_counts_up_to_the_present() -> None:
    acts = [share("ann", "s:1", -1), share("ben", "s:2", 0), share("cleo", "s:3", 5), share("dan", "s:4", 9)]

    assert values(*acts, until=10, as_of=9) == [2, 2]


def test_a_share_that_was_taken_back_counts_until_then() -> None:
    taken_back = share("ann", "s:1", ended=DAY)

    assert values(taken_back, as_of=DAY - 1) == [1, 1]
    assert values(taken_back, as_of=DAY) == [0, 0]


def test_the_rate_is_of_the_roster_and_guests_are_in_neither_part_of_it() -> None:
    acts = [share("ann", "s:1"), share("ann", "s:2"), share("guest", "s:3")]

    assert ask("sharer_rate", acts, roster=["ann", "ben", "cleo", "dan"]) == Number(0.25, n=4)
    assert ask("sharer_rate", acts[2:], roster=["ann", "ben"]) == Number(0, n=2)
    assert ask("sharer_rate", [], roster=["ann", "ben"]) == Number(None, n=0, why="no_data")


@pytest.mark.parametrize("roster", [None, []])
def test_without_a_roster_there_is_no_rate(roster: list[str] | None) -> None:
    found = ask("sharer_rate", [share("ann", "s:1")], roster=roster)

    assert (found.value, found.why) == (None, "no_roster")


def test_without_shares_the_counts_are_zero() -> None:
    assert values(view("ann", "s:1"), until=END) == [0, 0]
