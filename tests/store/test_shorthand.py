"""Interactions are read from the database as they were saved, whatever is left out there."""

from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from lrs.kit import interaction
from lrs.store.shorthand import shortened, whole

STATEMENT = UUID("00000000-0000-4000-8000-000000000001")
PLAIN = {**interaction("reply"), "_id": f"{STATEMENT}:reply:0", "statement_id": STATEMENT}


def others(value: Any) -> st.SearchStrategy[Any]:
    """What a field may hold instead of what it has in a plain interaction: few different ones, to be alike in some."""
    if isinstance(value, bool):
        return st.booleans()
    if isinstance(value, int | float):
        return st.sampled_from([-1, 0, 1, 0.5])
    if isinstance(value, list):
        return st.sampled_from([[], ["a"], ["a", "b"]])
    if isinstance(value, dict):
        return st.sampled_from([{}, {"undo": True}, {"text_len": 7}, {"text_len": 0}])
    if value is None or isinstance(value, str):
        return st.sampled_from([None, "a", "a.b", "https://example.org/b", 0, 1])
    return st.just(value)


INTERACTIONS = st.fixed_dictionaries(
    {name: st.just(value) if name in ("_id", "statement_id") else others(value) for name, value in PLAIN.items()}
)


@given(INTERACTIONS)
def test_an_interaction_is_read_as_it_was_saved(saved: dict[str, Any]) -> None:
    assert whole(shortened(saved)) == saved


def test_what_goes_without_saying_is_not_written() -> None:
    assert shortened(PLAIN).keys() == {
        "_id",
        "rule_id",
        "source",
        "kind",
        "t",
        "t_stored",
        "actor",
        "depth",
        "repetition",
    }


def test_what_is_empty_in_two_interactions_is_not_one_thing() -> None:
    first, second = whole(shortened(PLAIN)), whole(shortened(PLAIN))
    first["value"]["text_len"] = 1
    first["group_ids"].append("a")

    assert second == PLAIN
