"""Bodies of requests: a name that is there twice is found, however the text is written."""

import pytest

from lrs.core import bodies
from lrs.errors import BadRequest

TWICE = (
    b'{"a": 1, "a": 2}',
    b'{"a": 1, "a": 1}',
    b'{"a":1,"a":2,"b" : 3, "c" :4}',
    b'[{"x": {"a": [], "b": 1, "a": {}}}]',
    b'{"a": "\\u0022", "a": "\\u0022", "b": "\\u0022\\u0022"}',
    b'{"a": 1, "\\u0061": 2}',
    b'{"a": 123456789012345678901234567890, "a": 1}',
)
ONCE = (
    b'{"a": 1, "b": {"a": 2}}',
    b'[{"a": 1}, {"a": 1}]',
    b'{"a": "\\u0022a\\u0022: 1", "b" : "\\"a\\": 2"}',
    b'{"a": "\\\\u0022"}',
    b'{"a": 123456789012345678901234567890}',
    b"[]",
)


@pytest.mark.parametrize("body", TWICE)
def test_a_name_that_is_there_twice_is_refused_where_it_may_not_be(body: bytes) -> None:
    with pytest.raises(BadRequest) as refused:
        bodies.parse(body, names_once=True)

    assert refused.value.where == "body"
    assert '"a" is there twice' in refused.value.why
    bodies.parse(body)


@pytest.mark.parametrize("body", ONCE)
def test_names_of_different_objects_and_in_texts_are_not_confused(body: bytes) -> None:
    assert bodies.parse(body, names_once=True) == bodies.parse(body)


def test_a_body_nested_deeply_is_refused_and_no_failure_of_ours() -> None:
    body = b'{"a": ' * 1000 + b'"\\u0022"' + b"}" * 1000

    with pytest.raises(BadRequest):
        bodies.parse(body, names_once=True)
