import pytest

from lrs.plugin import Number
from plugins.discussion import plugin
from tests.plugins.discussion.samples import at, hand_thread, number, reply, start, view

SHAPES = ("depth", "breadth", "interactivity")
FIRST = start("a")


def test_the_hand_thread_is_two_deep_and_three_broad() -> None:
    depth, breadth = number("depth", hand_thread()), number("breadth", hand_thread())

    assert depth == Number(1.0, n=2, beside={"median": Number(1.0, n=2), "max": Number(2.0, n=2)})
    assert breadth == Number(2.0, n=2, beside={"median": Number(2.0, n=2), "max": Number(3.0, n=2)})


def test_the_hand_thread_has_the_interactivity_of_six_posts_by_four() -> None:
    assert number("interactivity", hand_thread()[:-1]) == Number(5 * 3 / 6, n=1)
    assert number("interactivity", hand_thread()) == Number(5 * 3 / 6 / 2, n=2)


def test_a_thread_nobody_answered_is_no_level_deep_one_post_broad_and_a_monologue() -> None:
    assert [number(metric, [FIRST, view("b", 1, "t", "t")]).value for metric in SHAPES] == [0, 1, 0]


@pytest.mark.parametrize("metric", SHAPES)
def test_without_a_thread_that_starts_in_the_window_there_is_no_shape(metric: str) -> None:
    for acts in ([], [reply("b", 10, start("a", -60))]):
        found = number(metric, acts)
        assert (found.value, found.n, found.why) == (None, 0, "no_data")


@pytest.mark.parametrize("metric", ["depth", "breadth"])
def test_one_post_of_unknown_depth_leaves_the_whole_unknown(metric: str) -> None:
    unknown = reply("b", 10, FIRST, depth=None, parent_known=False)
    acts = [FIRST, start("c", 0, "u"), unknown]

    assert (number(metric, acts).value, number(metric, acts).why) == (None, "source_cannot_tell")
    assert number(metric, acts, as_of=at(10)).n == 2, "what comes later does not count yet"
    assert number("interactivity", acts).n == 2, "which needs no depth"


def test_a_post_of_unknown_depth_in_an_older_thread_does_no_harm() -> None:
    acts = [FIRST, reply("b", 10, start("a", -60, "old"), depth=None)]

    assert number("depth", acts).value == 0


def test_the_posts_of_everybody_shape_a_thread_of_a_group() -> None:
    second = reply("b", 10, FIRST)

    found = number("depth", [FIRST], others=[second, reply("c", 20, second)])

    assert (found.value, found.n) == (2, 1)


def test_the_median_and_the_greatest_stand_beside_the_mean() -> None:
    second = start("a", 0, "u")
    deep = reply("b", 10, second)
    acts = [FIRST, start("a", 0, "v"), second, deep, reply("c", 20, deep), reply("d", 30, reply("c", 20, deep))]

    found = number("depth", acts)

    assert (found.value, {name: each.value for name, each in found.beside.items()}) == (1, {"median": 0, "max": 3})


@pytest.mark.parametrize("metric", SHAPES)
def test_shapes_need_ten_threads(metric: str) -> None:
    chosen = plugin.metric(metric)

    assert chosen is not None
    assert chosen.min_denominator == 10
