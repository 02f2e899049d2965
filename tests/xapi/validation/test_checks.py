import pytest

from tests.xapi.validation.samples import refusal, simple


@pytest.mark.clause("Data 2.2")
def test_a_refusal_shows_the_value_cites_the_clause_and_says_what_is_accepted() -> None:
    error = refusal(simple(object={"id": "ABC101"}))

    assert error.where == "statement.object.id"
    assert error.why == '"ABC101" is not an absolute IRI (xAPI Data 4.3)'
    assert error.accepted == "scheme:rest, such as https://example.org/a"


@pytest.mark.clause("Data 2.2")
def test_the_refusal_of_null_says_where_null_is_allowed() -> None:
    assert refusal(simple(verb=None)).why == (
        "null is not a Verb, which is an object (xAPI Data 2.4.3; null is allowed only inside extensions, Data 2.2)"
    )


@pytest.mark.clause("Data 2.2")
def test_an_unknown_key_is_answered_with_the_known_ones() -> None:
    error = refusal(simple(object={"id": "https://example.org/a", "ID": "x"}))

    assert error.where == "statement.object.ID"
    assert error.why == '"ID" is not a property of an Activity (xAPI Data 2.4.4.1)'
    assert error.accepted == "objectType, id, definition"


@pytest.mark.clause("Data 2.2")
def test_a_missing_property_is_named() -> None:
    error = refusal(simple(verb={"display": {"en": "did"}}))

    assert error.where == "statement.verb.id"
    assert error.why == "a Verb needs it (xAPI Data 2.4.3)"


def test_long_values_and_keys_are_shortened() -> None:
    value, key = "a" * 1_000_000, "b" * 1_000_000

    assert len(refusal(simple(object={"id": value})).why) < 200
    assert len(refusal(simple(**{key: 1})).where) < 100
    assert "an array is not" in refusal(simple(actor=[value])).why


def test_a_refusal_can_always_be_sent_as_utf_8() -> None:
    error = refusal(simple(object={"id": "\ud800", "\udfff": 1}))

    assert str(error).encode("utf-8")
