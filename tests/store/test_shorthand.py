"""Interactions are read from the database as they were saved, whatever is left out there."""

from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from lrs.kit import interaction
from lrs.store.shorthand import FIELDS, shortened, whole

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


def test_every_field_of_an_interaction_has_its_place() -> None:
    assert sorted([*FIELDS, "statement_id"]) == sorted(PLAIN)


def test_what_goes_without_saying_is_not_written() -> None:
    assert shortened(PLAIN).keys() == {"_id", "kind", "rule_id", "source", "t", "t_stored", "actor", "repetition"}


def test_what_is_empty_in_two_interactions_is_not_one_thing() -> None:
    first, second = whole(shortened(PLAIN)), whole(shortened(PLAIN))
    first["value"]["text_len"] = 1
    first["group_ids"].append("a")

    assert second == PLAIN
