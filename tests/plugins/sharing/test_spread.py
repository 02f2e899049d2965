"""What shares set off, and how fast it fades."""

from datetime import timedelta
from random import Random
from statistics import median
from typing import Any

import pytest

from lrs.plugin import Act, Number
from tests.plugins.sharing.samples import DAY, ask, done, hour, repost, share, view

MINUTES_10 = 1 / 6


def like(actor: str, thing: str, at: float = 1, **told: Any) -> Act:
    return done("react", actor, thing, at, **told)


def test_reposts_and_reactions_are_counted_for_each_share() -> None:
    acts = [
        share("ann", "s:1"),
        repost("ben", "s:2", "s:1"),
        like("cleo", "s:1"),
        like("cleo", "s:2"),
        like("d", "page"),
    ]

    assert ask("amplification", acts) == Number(1.5, n=2)


def test_a_reaction_counts_in_its_own_window_however_old_what_it_is_on() -> None:
    acts = [share("ann", "old", -90 * DAY), share("ben", "new"), like("cleo", "old"), like("cleo", "new", -1)]

    assert ask("amplification", acts) == Number(1, n=1)


def test_a_reaction_that_was_taken_back_or_lost_what_it_was_on_counts_until_then() -> None:
    acts = [share("ann", "s:1"), like("cleo", "s:1", ended=5)]

    assert ask("amplification", acts, as_of=4).value == 1
    assert ask("amplification", acts, as_of=5).value == 0


def test_a_groups_amplification_is_of_what_its_people_do_on_anybodys_shares() -> None:
    own = [share("ann", "s:1"), like("ann", "s:2")]

    assert ask("amplification", own, others=[share("ben", "s:2"), like("ben", "s:1")]) == Number(1, n=1)


def test_without_shares_there_is_nothing_to_amplify() -> None:
    assert ask("amplification", [like("ann", "s:1")]) == Number(None, n=0, why="no_data")


def half_life(*acts: Act, **told: float) -> float | None:
    return ask("half_life", acts, **told).value


def test_half_of_what_others_did_has_happened_by_the_half_life() -> None:
    acts = [
        share("ann", "s:1"),
        view("ben", "s:1", 1),
        like("ben", "s:1", 2),
        repost("cleo", "s:2", "s:1", 4),
        done("comment", "dan", "c:1", 8, parent="s:1"),
        done("reply", "dan", "s:1", 16, parent="s:1"),
    ]

    assert ask("half_life", acts) == Number(4 * 3600, n=1), "the third of five"
    assert half_life(*acts[:5]) == 2 * 3600, "the second of four"
    assert half_life(*acts[:2]) == 3600


def test_what_the_sharer_did_or_anybody_did_before_says_nothing() -> None:
    acts = [share("ann", "s:1", 5), view("ben", "s:1", 4), view("ann", "s:1", 6), view("cleo", "s:1", 9)]

    assert half_life(*acts) == 4 * 3600
    assert ask("half_life", acts[:3]) == Number(None, n=0, why="no_data")


def test_a_reaction_below_something_shared_is_on_something_else() -> None:
    acts = [share("ann", "s:1"), view("ben", "s:1", 1), done("react", "ben", "c:1", 2, parent="s:1")]

    assert half_life(*acts) == 3600
    assert half_life(*acts, done("react", "ben", "s:1", 3), view("ben", "s:1", 4)) == 3 * 3600


def test_a_reaction_that_was_taken_back_did_not_last() -> None:
    acts = [share("ann", "s:1"), like("ben", "s:1", 1, ended=5), view("ben", "s:1", 2), view("cleo", "s:1", 3)]

    assert half_life(*acts, as_of=20) == 2 * 3600
    assert half_life(*acts, as_of=4.5) is None, "half an hour too young"


def test_a_share_must_be_four_times_as_old_as_its_half_life() -> None:
    acts = [share("ann", "s:1"), view("ben", "s:1", 2)]

    assert half_life(*acts, as_of=7.9) is None
    assert half_life(*acts, as_of=8) == 2 * 3600


def test_the_median_is_over_the_shares_of_the_window_and_of_the_group() -> None:
    acts = [share("ann", f"s:{n}", n) for n in range(-1, 4)] + [
        view("ben", f"s:{n}", n + 1 + n * n) for n in range(-1, 4)
    ]

    assert ask("half_life", acts) == Number(3.5 * 3600, n=4)
    assert ask("half_life", acts[3:5], others=acts[5:]) == Number(7.5 * 3600, n=2)


@pytest.mark.parametrize("seed", range(40))
def test_random_acts_have_the_half_life_that_the_definition_gives_one_by_one(seed: int) -> None:
    random = Random(seed)
    acts = [random_act(random, number) for number in range(60)]

    halves = [half for act in acts if act.contributes and act.t >= hour(2) if (half := half_of(act, acts)) is not None]
    found = ask("half_life", acts, since=2, until=40, as_of=18)

    assert found.n == len(halves)
    assert found.value == (pytest.approx(median(halves)) if halves else None)


def random_act(random: Random, number: int) -> Act:
    kind = random.choice(["share", "repost", "recommend", "view", "view", "view", "react", "comment", "reply"])
    things = [f"s:{random.randrange(4)}" for _ in range(2)]
    parent = random.choice([None, things[1]])
    ended = random.choice([None, None, 15.0, 19.0])
    return done(
        kind, random.choice("abcd"), things[0], random.randrange(20), parent=parent, ended=ended, id=f"{number}"
    )


def half_of(shared: Act, acts: list[Act]) -> float | None:
    """Return the half-life of one share in seconds, None for one that has none or does not stand."""
    if not stands(shared):
        return None
    by_others = sorted(act.t for act in acts if stands(act) and is_response(act, shared) and act.actor != shared.actor)
    if not by_others:
        return None
    took: timedelta = by_others[-(-len(by_others) // 2) - 1] - shared.t
    return took.total_seconds() if hour(18) - shared.t >= 4 * took else None


def stands(act: Act) -> bool:
    return act.t < hour(18) and (act.detail["ended"] is None or act.detail["ended"] > hour(18))


def is_response(act: Act, shared: Act) -> bool:
    kind, thing = act.detail["kind"], shared.detail["object"]
    on_it, below_it = act.detail["object"] == thing, act.detail["parent"] == thing
    counts = {"react": on_it, "repost": below_it, "share": False, "recommend": False}.get(kind, on_it or below_it)
    return counts and act.t >= shared.t
