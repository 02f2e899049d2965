"""The reference's cascades against values worked out by hand."""

import pytest

from .samples import activity, minute, statement
from .sharing_samples import (
    HAND_CASCADE,
    NOTE,
    beside,
    passed_on,
    recommended,
    row,
    shared,
    value,
)
from .statements import Statement


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
    told = [
        *HAND_CASCADE,
        shared(6, "f", 50, "n:F"),
        recommended(7, "g", 60, "n:F", "a"),
        recommended(8, "g", 70, "n:A", "b"),
    ]
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
