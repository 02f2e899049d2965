"""Cascades by hand, and against a reading of the definition share by share."""

from collections import Counter
from itertools import combinations
from random import Random

import pytest

from lrs.plugin import Act, Number
from tests.plugins.sharing.samples import ask, done, repost, share

# A is passed on by B and C, B's by D and E.
HAND = [
    share("a", "A", 0),
    repost("b", "B", "A", 1),
    repost("c", "C", "A", 2),
    repost("d", "D", "B", 3),
    repost("e", "E", "B", 4),
]
SHAPES = ("cascade_size", "cascade_depth", "cascade_breadth", "structural_virality")
OTHERS = SHAPES[:3]


def values(acts: list[Act], *metrics: str, **told: float) -> list[float | None]:
    return [ask(metric, acts, **told).value for metric in metrics or SHAPES]


def star(n: int) -> list[Act]:
    return [share("a0", "A0"), *(repost(f"a{each}", f"A{each}", "A0", each) for each in range(1, n))]


def chain(n: int) -> list[Act]:
    return [share("a0", "A0"), *(repost(f"a{each}", f"A{each}", f"A{each - 1}", each) for each in range(1, n))]


def binary(n: int) -> list[Act]:
    return [share("a1", "A1"), *(repost(f"a{each}", f"A{each}", f"A{each // 2}", each) for each in range(2, n + 1))]


def test_the_hand_cascade_has_its_values_by_hand() -> None:
    assert values(HAND) == [5, 2, 2, 1.8]


@pytest.mark.parametrize("n", [2, 3, 10, 100])
def test_a_star_is_two_from_side_to_side(n: int) -> None:
    assert values(star(n)) == pytest.approx([n, 1, max(1, n - 1), 2 * (n - 1) / n])


@pytest.mark.parametrize("n", [2, 3, 10, 100])
def test_a_chain_is_a_third_of_its_length_wide(n: int) -> None:
    assert values(chain(n)) == pytest.approx([n, n - 1, 1, (n + 1) / 3])


def test_a_binary_tree_of_fifteen_has_its_published_virality() -> None:
    assert values(binary(15)) == pytest.approx([15, 3, 8, 3.5048], abs=5e-5)


def test_a_share_that_nobody_passed_on_is_a_cascade_of_one_and_not_viral() -> None:
    alone = [share("a", "A"), done("recommend", "b", "book")]

    assert values(alone) == [1, 0, 1, None]
    assert ask("structural_virality", alone).why == "no_data"
    assert ask("cascade_size", alone).n == 2


def test_the_mean_has_the_median_and_the_greatest_beside() -> None:
    acts = [*HAND, share("f", "F"), share("g", "G"), repost("h", "H", "G")]

    assert ask("cascade_size", acts) == Number(8 / 3, n=3, beside={"median": Number(2, n=3), "max": Number(5, n=3)})
    assert ask("structural_virality", acts) == Number(1.4, n=2)


def test_a_cascade_belongs_to_the_window_in_which_it_starts_with_all_that_follows_up_to_the_present() -> None:
    assert values(HAND, "cascade_size", since=0, until=1, as_of=1) == [1]
    assert values(HAND, "cascade_size", since=0, until=10, as_of=4) == [4]
    assert values(HAND, "cascade_size", since=1, until=10) == [None], "all of it passes on what was shared before"


def test_a_repost_that_its_senders_clock_puts_before_the_share_belongs_to_its_cascade() -> None:
    acts = [share("a", "A", 5), repost("b", "B", "A", 4), repost("c", "C", "B", -3)]

    assert values(acts) == pytest.approx([3, 2, 1, 4 / 3])


def test_a_repost_of_what_was_never_shared_is_a_root_until_that_arrives() -> None:
    orphans = [repost("b", "B", "A", 1), repost("c", "C", "A", 2), repost("d", "D", "B", 3)]

    assert ask("cascade_size", orphans).value == 1.5
    assert values([share("a", "A", 0), *orphans], "cascade_size", "cascade_depth") == [4, 2]


def test_reposts_that_have_no_id_of_their_own_pass_on_the_same_thing() -> None:
    retweets = [repost("b", "A", "A", 1), repost("c", "A", "A", 2)]

    assert values([share("a", "A", 0), *retweets]) == pytest.approx([3, 1, 2, 4 / 3])
    assert values(retweets, *OTHERS) == [1, 0, 1], "neither passes on the other's"


def test_what_is_shared_twice_is_passed_on_from_the_first_share() -> None:
    acts = [share("a", "A", 0), share("b", "A", 1), repost("c", "C", "A", 2), done("recommend", "d", "A", -1)]

    assert ask("cascade_size", acts).beside["max"].value == 2
    assert values(acts, "cascade_size", since=0.5) == [1]


def test_what_a_taken_back_share_set_off_starts_anew() -> None:
    acts = [share("a", "A", 0, ended=5), repost("b", "B", "A", 1), repost("c", "C", "B", 2)]

    assert values(acts, *OTHERS, as_of=4) == [3, 2, 1]
    assert values(acts, *OTHERS, as_of=5) == [2, 1, 1]


def test_a_loop_is_broken_at_its_first_share() -> None:
    loop = [repost("a", "A", "C", 2), repost("b", "B", "A", 1), repost("c", "C", "B", 3)]
    tail = [repost("d", "D", "A", 4), repost("e", "E", "D", 5)]

    assert values([*loop, *tail], *OTHERS) == [5, 4, 1]
    same_time = [repost("a", "A", "B", 1, id="2"), repost("b", "B", "A", 1, id="1"), repost("c", "C", "B", 2)]
    assert values(same_time, *OTHERS) == [3, 1, 2], "the lower id is the root, with two that pass it on"


def test_a_groups_cascades_are_those_its_people_start_whoever_passes_them_on() -> None:
    own, others = [HAND[0], HAND[3]], [*HAND[1:3], HAND[4], share("x", "X")]

    assert ask("cascade_size", own, others=others).value == 5
    assert ask("cascade_size", own, others=others).n == 1


@pytest.mark.parametrize("metric", SHAPES)
def test_without_shares_there_are_no_cascades(metric: str) -> None:
    assert (ask(metric, []).value, ask(metric, []).why) == (None, "no_data")


@pytest.mark.parametrize("seed", range(40))
def test_random_shares_have_the_cascades_that_the_definition_gives_one_by_one(seed: int) -> None:
    acts = random_shares(Random(seed), n=5 + seed)
    told = one_by_one(acts)

    for metric, numbers in zip(SHAPES, zip(*told, strict=True), strict=True):
        wanted = [each for each in numbers if each is not None]
        found = ask(metric, acts)
        assert found.n == len(wanted)
        assert found.value == (pytest.approx(sum(wanted) / len(wanted)) if wanted else None)


def random_shares(random: Random, n: int) -> list[Act]:
    acts = []
    for number in range(n):
        kind = random.choice(["share", "repost", "repost", "repost", "repost", "recommend"])
        thing, other = (f"s:{random.randrange(n)}" for _ in range(2))
        at, id = random.randrange(n // 2), f"{random.randrange(10**6)}:{number}"
        parent = other if kind == "repost" or (random.random() < 0.2 and other != thing) else None
        acts.append(done(kind, f"p{number}", thing, at, parent=parent, id=id))
    return acts


def one_by_one(acts: list[Act]) -> list[tuple[float | None, ...]]:
    """Return size, depth, breadth and mean distance of each cascade."""
    ordered = sorted(acts, key=lambda act: (act.t, act.id))
    makers: dict[str, Act] = {}
    for act in ordered:
        if act.detail["kind"] != "recommend" and act.detail["object"] != act.detail["parent"]:
            makers.setdefault(act.detail["object"], act)
    above = {act.id: makers.get(act.detail["parent"]) if act.detail["kind"] == "repost" else None for act in ordered}
    for act in ordered:  # the first of a loop comes upon itself first
        if act.id in [each.id for each in path(above[act.id], above)]:
            above[act.id] = None
    trees: dict[str, list[list[str]]] = {}
    for act in ordered:
        way = [each.id for each in path(act, above)]
        trees.setdefault(way[-1], []).append(way)
    return [shape(ways) for ways in trees.values()]


def path(act: Act | None, above: dict[str, Act | None]) -> list[Act]:
    way: list[Act] = []
    while act is not None and act not in way:
        way.append(act)
        act = above[act.id]
    return way


def shape(ways: list[list[str]]) -> tuple[float | None, ...]:
    levels = Counter(len(way) - 1 for way in ways)
    distances = [len(set(one) ^ set(other)) for one, other in combinations(ways, 2)]
    virality = sum(distances) / len(distances) if distances else None
    return len(ways), max(levels), max(levels.values()), virality
