import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs.errors import BadRequest
from lrs.xapi.documents import (
    CONTEXT_PARAMETERS,
    ID_PARAMETER,
    Content,
    Context,
    DocumentName,
    Resource,
    merge,
    parse_context,
    parse_name,
    read_content,
)

JSON = "application/json"
COURSE, UUID = "http://example.org/course", "6690E6C9-3EF0-4ED3-8B37-7F3964730BEE"
ANN = '{"name": "Ann", "mbox": "mailto:ann@example.org"}'
EVERY = {"activityId": COURSE, "agent": ANN, "registration": UUID, "stateId": "s", "profileId": "p"}

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
objects = st.dictionaries(st.text(max_size=3), values, max_size=5)


def refusal(call: Any, *arguments: Any, **named: Any) -> BadRequest:
    with pytest.raises(BadRequest) as refused:
        call(*arguments, **named)
    assert refused.value.why
    assert refused.value.accepted
    return refused.value


@pytest.mark.clause("Communication 2.2")
@given(objects, objects, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_merged_are_the_properties_of_both_the_posted_ones_winning(
    existing: dict[str, Any], posted: dict[str, Any], indent: Any, ascii_only: bool
) -> None:
    texts = [json.dumps(each, indent=indent, ensure_ascii=ascii_only) for each in (existing, posted)]

    merged = merge(*(Content(text.encode("utf-8", "surrogatepass"), JSON) for text in texts))

    assert json.loads(merged.data) == {**existing, **posted}


@pytest.mark.parametrize(
    ("existing", "posted", "merged"),
    [
        (b"{}", b" { } ", b"{}"),
        (b'{"a":1}', b"{}", b'{"a":1}'),
        (b"{}", b'\r\n{\t"a" : 1\n}', b'{"a" : 1}'),
        (b'{"a":1,"b":2}', b'{"c":3,"a":{"x":"}"}}', b'{"a":{"x":"}"},"b":2,"c":3}'),
        (b'{"a":1.10,"b":123456789012345678901234567890}', b'{"c":1e400}', None),
        (b'{"a":1}', b'{"\\u0061":2}', b'{"\\u0061":2}'),
        (b'{"a":"\\ud83d"}', '{"ключ":"\\""}'.encode(), None),
        (b'{"a":1,"a":2}', b'{"b":1}', b'{"a":2,"b":1}'),
    ],
)
def test_a_value_keeps_the_text_it_was_sent_with(existing: bytes, posted: bytes, merged: bytes | None) -> None:
    joined = existing[:-1] + b"," + posted[1:]

    assert merge(Content(existing, JSON), Content(posted, JSON)).data == (merged or joined)


@pytest.mark.clause("Communication 2.2")
@pytest.mark.parametrize(
    ("existing", "posted", "where"),
    [
        (Content(b"{}", "text/plain"), Content(b"{}", JSON), "the stored document"),
        (Content(b"[]", JSON), Content(b"{}", JSON), "the stored document"),
        (Content(b"{}", JSON), Content(b"{}"), "body"),
        (Content(b"{}", JSON), Content(b"null", JSON), "body"),
        (Content(b"{}", JSON), Content(b'{"a":1', JSON), "body, line 1, column 7"),
        (Content(b"{}", JSON), Content(b"{\n\xc3\x28}", JSON), "body, byte 3"),
        (Content(b"{}", JSON), Content(b'{"a":' * 100_000, JSON), "body"),
    ],
)
def test_only_two_json_objects_can_be_merged(existing: Content, posted: Content, where: str) -> None:
    assert refusal(merge, existing, posted).where == where


@pytest.mark.parametrize("told", [JSON, "Application/JSON", f"{JSON};charset=utf-8", f" {JSON} ; x=y", f"{JSON};"])
def test_a_type_is_json_whatever_its_case_and_parameters(told: str) -> None:
    assert Content(b"", told).is_json
    assert not Content(b"", f"x-{told.strip()}").is_json


@pytest.mark.parametrize("told", [None, "", " \t"])
def test_bytes_without_a_type_are_octets(told: str | None) -> None:
    assert read_content(b"\x00", told) == Content(b"\x00", "application/octet-stream")


@pytest.mark.clause("Communication 3.2")
@pytest.mark.parametrize(
    "data",
    [b"", b"page 5", b"{'a':1}", b"NaN", b"[-Infinity]", b'"\x01"', b"\xef\xbb\xbf{}", b"\xff\xfe[\x00]\x00", b"01"],
)
def test_what_is_no_json_is_refused_or_kept_as_octets(data: bytes) -> None:
    assert refusal(read_content, data, JSON).what == "the document is not JSON"
    assert read_content(data, JSON, lenient=True) == Content(data, "application/octet-stream")
    assert read_content(data, "text/plain") == Content(data, "text/plain")


@given(values)
def test_json_is_kept_as_it_is(value: Any) -> None:
    data = json.dumps(value).encode()

    assert read_content(data, JSON) == read_content(data, JSON, lenient=True) == Content(data, JSON)


@pytest.mark.parametrize("told", ["text/plain\r\nX: y", "text/\x00plain", "a/b\x7f"])
def test_a_type_with_control_characters_is_refused(told: str) -> None:
    assert refusal(read_content, b"", told).where == "Content-Type"


@pytest.mark.clause("Communication 2.3")
@pytest.mark.clause("Communication 2.6")
@pytest.mark.clause("Communication 2.7")
@pytest.mark.parametrize("resource", Resource)
def test_a_name_is_read_from_the_parameters_of_its_resource(resource: Resource) -> None:
    known = (*CONTEXT_PARAMETERS[resource], ID_PARAMETER[resource])
    given = {name: EVERY[name] for name in known}

    context = Context(
        resource=resource,
        activity=COURSE if "activityId" in known else None,
        agent="mbox:mailto:ann@example.org" if "agent" in known else None,
        registration=UUID.lower() if "registration" in known else None,
    )
    assert parse_context(resource, given) == context
    assert parse_name(resource, given) == DocumentName(context, "s" if resource is Resource.STATE else "p")
    for missing in set(known) - {"registration"}:
        less = {name: value for name, value in given.items() if name != missing}
        assert refusal(parse_name, resource, less).where == missing


def test_the_size_of_a_name_counts_bytes() -> None:
    context = Context(resource=Resource.STATE, activity="http://example.org/ä", agent="mbox:mailto:a@example.org")

    assert DocumentName(context, "🔖").size == 21 + 25 + 4
