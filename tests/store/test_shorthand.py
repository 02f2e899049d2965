"""Interactions and items are read from the database as they were saved, whatever is left out there."""

from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from lrs.core.normaliser.items import Items
from lrs.kit import interaction
from lrs.store.shorthand import FIELDS, SHORT, shortened, shortened_item, whole, whole_item

STATEMENT = UUID("00000000-0000-4000-8000-000000000001")
PLAIN = {**interaction("reply"), "_id": f"{STATEMENT}:reply:0", "statement_id": STATEMENT}


def others(value: Any) -> st.SearchStrategy[Any]:
    """What a field may hold instead of what it has in a plain interaction: few different ones, to be alike in some."""
    if value is None:
        return st.sampled_from([None, "a", "b", "object", "parent", 0, 1])
    if isinstance(value, bool):
        return st.booleans()
    if isinstance(value, str):
        return st.sampled_from([value, "a", "a.b", "resolved", "group"])
    if isinstance(value, int | float):
        return st.sampled_from([-1, 0, 1, 0.5])
    if isinstance(value, list):
        return st.sampled_from([[], ["a"], ["a", "b"]])
    if isinstance(value, dict):
        return st.sampled_from([{}, {"undo": True}, {"text_len": 0}])
    return st.just(value)


INTERACTIONS = st.fixed_dictionaries(
    {name: st.just(value) if name in ("_id", "statement_id") else others(value) for name, value in PLAIN.items()}
)


@given(INTERACTIONS)
def test_an_interaction_is_read_as_it_was_saved(saved: dict[str, Any]) -> None:
    assert whole(shortened(saved)) == saved


def item(**told: Any) -> dict[str, Any]:
    """The item that a reply makes, as the normaliser has it."""
    items = Items()
    items.set_first("a", {**PLAIN, "object_id": "a", **told})
    items.settle_places({"a"})
    return items.to_save()[0]


KEYS = st.sampled_from([None, "a", "b", "c"])
FLAGS = st.booleans()


@given(
    st.builds(
        item,
        kind=st.sampled_from(["reply", "share"]),
        **dict.fromkeys(("parent_id", "thread_id"), KEYS),
        **dict.fromkeys(("parent_known", "is_thread", "in_thread"), FLAGS),
    ),
    st.fixed_dictionaries(
        {}, optional={"root_id": KEYS, "depth": st.integers(0, 3), "on_thread": FLAGS, "steps": st.integers(0, 3)}
    ),
)
def test_an_item_is_read_as_it_was_saved(made: dict[str, Any], placed: dict[str, Any]) -> None:
    saved = {**made, **placed}

    assert whole_item(shortened_item(saved)) == saved


def test_an_item_whose_creates_were_voided_is_read_as_it_was_saved() -> None:
    items = Items()
    items.set_first("a", PLAIN | {"object_id": "a"})
    items.set_first("a", None)
    items.settle_places({"a"})
    (saved,) = items.to_save()

    assert whole_item(shortened_item(saved)) == saved


def test_every_field_of_an_interaction_has_its_place() -> None:
    assert sorted([*FIELDS, "statement_id"]) == sorted(PLAIN)


def test_no_two_fields_are_written_by_one_name() -> None:
    assert SHORT.keys() == PLAIN.keys() | {"steps", "shared"}  # of items alone
    assert len(set(SHORT.values())) == len(SHORT)


def test_what_goes_without_saying_is_not_written() -> None:
    written = {"_id", "kind", "rule_id", "source", "t", "t_stored", "actor", "repetition"}
    assert shortened(PLAIN).keys() == {SHORT[name] for name in written}


def test_what_is_empty_in_two_interactions_is_not_one_thing() -> None:
    first, second = whole(shortened(PLAIN)), whole(shortened(PLAIN))
    first["value"]["text_len"] = 1
    first["group_ids"].append("a")

    assert second == PLAIN
