from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from lrs.core.normaliser.items import MAX_DEPTH, NOWHERE, Items, Place

BEGIN = datetime(2026, 3, 2, 10, tzinfo=UTC)


def create(item: str, number: int = 1, minutes: float = 0, actor: str = "anna", **told: Any) -> dict[str, Any]:
    return {
        "kind": "create",
        "t": BEGIN + timedelta(minutes=minutes),
        "statement_id": UUID(int=number),
        "actor": actor,
        "object_id": item,
        "in_thread": False,
        "parent_id": None,
        "parent_known": True,
        "thread_id": None,
        "is_thread": False,
        **told,
    }


def thread(item: str, number: int = 1, **told: Any) -> dict[str, Any]:
    return create(item, number, is_thread=True, thread_id=item, **told)


def settled(*creates: dict[str, Any]) -> Items:
    """The items after all creates in the order given, each settled before the next comes."""
    items = Items()
    for each in creates:
        items.offer(each)
        items.settle_places({each["object_id"]})
    return items


def places(items: Items) -> dict[str, Place]:
    return {each["_id"]: Place(each["root_id"], each["on_thread"], each["depth"]) for each in items.to_save()}


def author(items: Items, item: str) -> str | None:
    first = items.first(item)
    return first["actor"] if first is not None else None


def test_the_author_is_the_actor_of_the_first_create_whenever_it_arrives() -> None:
    creates = [create("p", 3, 0, "anna"), create("p", 2, 5, "ben"), create("p", 1, 9, "cleo")]

    for order in permutations(creates):
        assert author(settled(*order), "p") == "anna"


def test_of_two_creates_at_one_moment_the_smaller_statement_id_is_first() -> None:
    for order in permutations([create("p", 2, 0, "anna"), create("p", 1, 0, "ben")]):
        assert author(settled(*order), "p") == "ben"


def test_who_shares_an_item_is_its_author_only_until_somebody_tells_of_making_it() -> None:
    shares = [create("p", 1, 0, "anna", kind="share"), create("p", 2, 5, "ben", kind="repost")]
    for order in permutations([*shares, create("p", 3, 9, "olga")]):
        assert author(settled(*order), "p") == "olga"
    for order in permutations(shares):
        assert author(settled(*order), "p") == "anna"


def test_an_item_nobody_made_has_no_author() -> None:
    items = settled(create("p"))

    assert author(items, "q") is None
    assert items.first(None) is None


def test_a_thread_is_its_own_root_and_what_hangs_below_it_knows_its_depth() -> None:
    items = settled(thread("t"), create("p", parent_id="t"), create("q", parent_id="p"))

    assert places(items) == {"t": Place("t", True, 0), "p": Place("t", True, 1), "q": Place("t", True, 2)}


def test_places_do_not_depend_on_the_order_in_which_parents_arrive() -> None:
    chain = [
        thread("t", 1),
        create("p", 2, parent_id="t"),
        create("q", 3, parent_id="p"),
        create("r", 4, parent_id="q"),
    ]
    expected = places(settled(*chain))

    for order in permutations(chain):
        assert places(settled(*order)) == expected


def test_a_parent_that_arrives_late_moves_the_whole_subtree() -> None:
    subtree = [create("p", 2, parent_id="t"), *(create(f"q{n}", 3 + n, parent_id="p") for n in range(3))]
    items = settled(*subtree)
    assert places(items)["q1"] == Place("t", False, None)

    items.offer(thread("t"))
    moved = items.settle_places({"t"})

    assert moved == {"t", "p", "q0", "q1", "q2"}
    assert places(items)["q1"] == Place("t", True, 2)


def test_an_earlier_create_below_another_parent_moves_the_subtree_there() -> None:
    items = settled(
        thread("t", 1), thread("u", 2), create("p", 3, minutes=5, parent_id="t"), create("q", 4, parent_id="p")
    )

    items.offer(create("p", 5, minutes=1, actor="ben", parent_id="u"))
    items.settle_places({"p"})

    assert places(items)["q"] == Place("u", True, 2)


def test_without_its_last_create_an_item_is_unknown_again_and_so_is_what_hangs_below() -> None:
    items = settled(thread("t"), create("p", 2, parent_id="t"), create("q", 3, parent_id="p"))

    items.set_first("p", None)
    items.settle_places({"p"})

    assert places(items)["p"] == Place(None, False, None)
    assert places(items)["q"] == Place("p", False, None)


def test_below_a_feed_post_nothing_is_on_a_thread_but_depth_is_known() -> None:
    items = settled(create("note"), create("c", 2, parent_id="note", in_thread=True))

    assert places(items) == {"note": Place("note", False, 0), "c": Place("note", False, 1)}


def test_a_forum_reply_is_on_a_thread_even_where_nobody_told_of_its_start() -> None:
    items = settled(create("p", parent_id="t", in_thread=True), create("q", 2, parent_id="p"))

    assert places(items) == {"p": Place("t", True, None), "q": Place("t", True, None)}


def test_a_reply_that_names_its_thread_is_on_it_whether_its_parent_was_seen_or_not() -> None:
    unseen = settled(create("q", parent_id="p", thread_id="t"))
    assert places(unseen)["q"] == Place("t", True, None)

    seen = settled(thread("t"), create("p", 2, parent_id="t"), create("q", 3, parent_id="p", thread_id="t"))
    assert places(seen)["q"] == Place("t", True, 2)


def test_where_the_sender_drops_true_parents_depth_is_unknown() -> None:
    dropped: dict[str, Any] = {"parent_id": "t", "thread_id": "t", "parent_known": False}
    items = settled(thread("t"), create("p", 2, **dropped), create("q", 3, parent_id="p"))

    assert places(items)["p"] == Place("t", True, None)
    assert places(items)["q"] == Place("t", True, None)


def test_parents_in_a_loop_come_to_an_end_without_a_depth() -> None:
    loop = [create("a", 1, parent_id="c"), create("b", 2, parent_id="a"), create("c", 3, parent_id="b")]

    for order in permutations(loop):
        found = places(settled(*order)).values()
        assert {(place.on_thread, place.depth) for place in found} == {(False, None)}


def test_what_hangs_below_itself_and_below_that_has_no_root() -> None:
    circle = [create("a", 1, parent_id="a"), create("b", 2, parent_id="a"), create("c", 3, parent_id="b")]

    for order in permutations(circle):
        assert set(places(settled(*order)).values()) == {NOWHERE}


@pytest.mark.parametrize("told", [{}, {"parent_known": False}])
def test_a_loop_that_closes_below_a_known_root_has_none(told: dict[str, Any]) -> None:
    items = settled(
        *(thread("t"), create("a", 2, 5, parent_id="t", **told)),
        *(create("b", 3, parent_id="a", **told), create("c", 4, parent_id="b", **told)),
    )
    items.offer(create("a", 5, 0, parent_id="b", **told))
    items.settle_places({"a"})

    assert {place for key, place in places(items).items() if key != "t"} == {NOWHERE}


def test_a_loop_that_opens_again_has_the_root_that_it_would_have_had() -> None:
    chain = [create("a", 2, 5, parent_id="t"), create("b", 3, parent_id="a"), create("c", 4, parent_id="b")]
    items = settled(thread("t"), *chain)
    expected = places(items)

    for first in (create("a", 5, 0, parent_id="c"), chain[0]):
        items.set_first("a", first)
        items.settle_places({"a"})

    assert places(items) == expected


def test_a_loop_ends_at_what_names_its_thread() -> None:
    loop = [create("a", 1, parent_id="b", thread_id="t"), create("b", 2, parent_id="a")]

    for order in permutations(loop):
        assert set(places(settled(*order)).values()) == {Place("t", True, None)}


def test_a_chain_deeper_than_any_talk_has_no_depth_but_keeps_its_root() -> None:
    chain = [thread("0"), *(create(str(n), n, parent_id=str(n - 1)) for n in range(1, MAX_DEPTH + 3))]
    found = places(settled(*chain))

    assert found[str(MAX_DEPTH)] == Place("0", True, MAX_DEPTH)
    assert found[str(MAX_DEPTH + 2)] == Place("0", True, None)


def test_a_view_stands_where_the_thing_does_that_it_is_of() -> None:
    items = settled(thread("start"), create("post", 2, parent_id="start"))
    view = {**create("post", 3), "kind": "view", "target_ref": "post"}

    assert items.of_act(view) == Place("start", True, 1)
    assert items.of_act({**view, "object_id": "unseen", "target_ref": "unseen"}) == Place("unseen", False, 0)
    assert items.of_act({**view, "kind": "react"}) == Place("post", False, 0)
