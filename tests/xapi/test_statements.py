import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrs.errors import InvalidStatement
from lrs.xapi import Json
from lrs.xapi.statements import complete, validate, validate_batch
from lrs.xapi.versions import Version
from tests.xapi.validation.samples import ADA, BOB, CONTEXT, CREW, FULL, SUB, UUID, simple

STORED = "2026-11-22T10:00:00.123Z"
OTHER = "0d1a6a8e-3c7c-4f0e-9a5c-2f4d9a1b7c3e"
SAMPLES = Path(__file__).parents[3] / "shared" / "fixtures"
WITH_PLACEHOLDERS = {"microsoft-aggregated-activity.json", "vle-forum-template.json"}


def _stored(statement: Json, version: Version = Version.V1) -> Json:
    return complete(statement, id=UUID, stored=STORED, authority=BOB, version=version)


@pytest.mark.clause("Communication 2.1.2")
def test_a_batch_is_one_statement_or_an_array_or_nothing() -> None:
    one, two = simple(id=UUID), simple(id=OTHER)

    assert validate_batch(one, Version.V1) == [one]
    assert validate_batch([one, two, simple(), simple()], Version.V1) == [one, two, simple(), simple()]
    assert validate_batch([], Version.V1) == []


@pytest.mark.clause("Communication 2.1.2")
@pytest.mark.parametrize("version", list(Version))
def test_an_id_used_twice_in_a_batch_is_refused_in_any_case(version: Version) -> None:
    with pytest.raises(InvalidStatement) as caught:
        validate_batch([simple(id=UUID), simple(), simple(id=UUID.upper())], version)

    assert caught.value.where == "statements[2].id"
    assert "statements[0]" in caught.value.why


@pytest.mark.clause("Data 2.2")
@pytest.mark.parametrize(
    ("body", "where"),
    [
        (None, "statements"),
        ("statement", "statements"),
        (7, "statements"),
        ({}, "statement.actor"),
        ([simple(), None], "statements[1]"),
        ([simple(), [simple()]], "statements[1]"),
        (
            [simple(), simple(), simple(), simple(context={"contextActivities": {"parent": [{"id": "ABC101"}]}})],
            "statements[3].context.contextActivities.parent[0].id",
        ),
    ],
)
def test_a_broken_batch_is_refused_at_the_exact_place(body: object, where: str) -> None:
    with pytest.raises(InvalidStatement) as caught:
        validate_batch(body, Version.V1)

    assert caught.value.where == where


@pytest.mark.clause("Data 2.4")
@pytest.mark.parametrize(("version", "own"), [(Version.V1, "1.0.0"), (Version.V2, "2.0.0")])
def test_completing_fills_in_what_the_lrs_sets(version: Version, own: str) -> None:
    expected = {**simple(), "id": UUID, "timestamp": STORED, "stored": STORED, "authority": BOB, "version": own}

    assert _stored(simple(), version) == expected


@pytest.mark.clause("Data 2.4.8")
def test_completing_keeps_what_the_client_sent_except_stored() -> None:
    sent = {**FULL, "context": {}, "version": "1.0.9"}

    assert _stored(sent) == {**sent, "stored": STORED}
    assert _stored(sent)["authority"] == ADA


@pytest.mark.clause("Data 2.4.1")
def test_an_id_is_stored_in_lower_case() -> None:
    sent = simple(id=UUID.upper())

    assert complete(sent, id=UUID.upper(), stored=STORED, authority=BOB, version=Version.V1)["id"] == UUID


@pytest.mark.clause("Data 2.4.6.2")
def test_single_context_activities_become_arrays_in_a_sub_statement_too() -> None:
    single = {"contextActivities": {"parent": {"id": "urn:a"}, "other": [{"id": "urn:b"}]}, "language": "en"}
    arrays = {"contextActivities": {"parent": [{"id": "urn:a"}], "other": [{"id": "urn:b"}]}, "language": "en"}

    stored = _stored(simple(context=single, object={**SUB, "context": single}))

    assert stored["context"] == arrays
    assert stored["object"]["context"] == arrays


@pytest.mark.clause("IEEE 9274.1.1 4.2.7")
def test_version_2_stores_timestamps_in_utc_and_version_1_as_sent() -> None:
    local = "2023-05-04T12:00:00-05:00"
    sent = simple(timestamp=local, object={**SUB, "timestamp": local})

    assert _stored(sent, Version.V1)["timestamp"] == local
    assert _stored(sent, Version.V2)["timestamp"] == "2023-05-04T17:00:00.000Z"
    assert _stored(sent, Version.V2)["object"]["timestamp"] == "2023-05-04T17:00:00.000Z"


@pytest.mark.clause("Data 2.3.1")
@pytest.mark.parametrize("version", list(Version))
def test_completing_changes_nothing_of_the_input(version: Version) -> None:
    single = {"contextActivities": {"parent": {"id": "urn:a"}}}
    sent = simple(context=single, object={**SUB, "timestamp": "2023-05-04T12:00:00-05:00"})
    before = deepcopy(sent)

    _stored(sent, version)

    assert sent == before


@pytest.mark.clause("Data 2.3.1")
@pytest.mark.parametrize("version", list(Version))
def test_a_completed_statement_is_valid_and_completing_it_again_changes_nothing(version: Version) -> None:
    stored = _stored(FULL, version)

    assert validate(stored, version) is stored
    assert _stored(stored, version) == stored


def _places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in inner for place in _places(item, (*path, key)))]


def _replaced(value: Any, path: tuple[str | int, ...], new: object) -> object:
    if not path:
        return new
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _replaced(value[path[0]], path[1:], new)
    return copy


WHOLE = {**FULL, "object": SUB, "context": {"team": CREW}}
WORDS = st.sampled_from([*FULL, *CONTEXT, "objectType", "Agent", "Group", "Activity", "SubStatement", "urn:a", UUID])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text() | WORDS, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.clause("Data 2.2")
@settings(max_examples=500, deadline=None, database=None)
@given(
    JSON | st.builds(_replaced, st.just(WHOLE), st.sampled_from(_places(WHOLE)), JSON), st.sampled_from(list(Version))
)
def test_any_json_is_either_taken_or_refused_with_a_place(body: object, version: Version) -> None:
    try:
        statements = validate_batch(body, version)
    except InvalidStatement as refused:
        error = refused
    else:
        assert all(_stored(statement, version)["stored"] == STORED for statement in statements)
        return
    assert error.where.startswith("statement")
    assert error.why.endswith(")")


@pytest.mark.clause("Data 2.2")
@pytest.mark.parametrize("place", _places(FULL), ids=lambda path: ".".join(map(str, path)) or "whole")
def test_null_is_refused_everywhere_but_inside_extensions(place: tuple[str | int, ...]) -> None:
    broken = _replaced(FULL, place, None)
    if "extensions" in place[:-1]:
        assert validate(broken, Version.V1)
    else:
        with pytest.raises(InvalidStatement):
            validate(broken, Version.V1)


@pytest.mark.skipif(not SAMPLES.exists(), reason="the collection of real statements is not here")
@pytest.mark.parametrize("version", list(Version))
def test_what_real_senders_emit_is_taken(version: Version) -> None:
    files = [*SAMPLES.glob("moodle*/*.statements.json"), *SAMPLES.glob("openedx*/xapi/*.json"), *SAMPLES.glob("jisc/*")]
    bodies = [json.loads(file.read_text()) for file in files if file.name not in WITH_PLACEHOLDERS]

    assert sum(len(validate_batch(body, version)) for body in bodies) >= 60
