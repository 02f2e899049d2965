"""Configurations against schemas of their own: what is filled in, and how each fault is told."""

from typing import Any

import pytest

from lrs.errors import BadRequest, InvalidConfiguration
from lrs.plugin.configuration import completed

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "minLength": 1},
        "hours": {"type": "number", "minimum": 0, "default": 72},
        "roles": {"type": "object", "additionalProperties": {"enum": ["mentor", "mentee"]}, "default": {}},
        "rules": {"type": "array", "items": {"$ref": "#/$defs/rule"}, "default": []},
        "window": {"anyOf": [{"type": "integer"}, {"type": "object", "properties": {"days": {"type": "integer"}}}]},
        "x": {"type": "object", "patternProperties": {"^x-": {"type": "boolean"}}, "additionalProperties": False},
    },
    "$defs": {
        "rule": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"kind": {"const": "view"}, "weight": {"type": "integer", "default": 1}},
        }
    },
}


def faults(**sent: Any) -> list[tuple[str, str, str]]:
    with pytest.raises(InvalidConfiguration) as refused:
        completed({"name": "n", **sent}, SCHEMA)
    return [(each.where, each.why, each.accepted) for each in refused.value.faults]


def test_what_is_not_told_is_as_by_default() -> None:
    assert completed({"name": "n"}, SCHEMA) == {"name": "n", "hours": 72, "roles": {}, "rules": []}


def test_defaults_are_filled_in_wherever_something_is_told_also_behind_a_reference() -> None:
    sent: dict[str, Any] = {"name": "n", "rules": [{}, {"weight": 3}]}

    assert completed(sent, SCHEMA)["rules"] == [{"weight": 1}, {"weight": 3}]
    assert sent == {"name": "n", "rules": [{}, {"weight": 3}]}


def test_names_with_dots_and_dollars_are_names_like_others() -> None:
    roles = {"http://example.org/a.b": "mentor", "$where": "mentee"}

    assert completed({"name": "n", "roles": roles}, SCHEMA)["roles"] == roles


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"hours": -1}, ("hours", "it is -1", "a number, at least 0")),
        ({"hours": True}, ("hours", "it is true", "a number, at least 0")),
        ({"name": ""}, ("name", 'it is ""', "a text, least characters 1")),
        ({"roles": {"http://a.b": "boss"}}, ('roles["http://a.b"]', 'it is "boss"', '"mentor", "mentee"')),
        ({"rules": [{}, {"kind": "share"}]}, ("rules[1].kind", 'it is "share"', '"view"')),
        ({"rules": [{"wait": 1}]}, ("rules[0].wait", "it has no meaning here", "kind, weight")),
        ({"window": {"days": "x"}}, ("window.days", 'it is "x"', "a whole number")),
        ({"x": {"x-a": True, "y": 1}}, ("x.y", "it has no meaning here", "^x-")),
        ({"x": {"x-a": 1}}, ("x.x-a", "it is 1", "true or false")),
    ],
)
def test_a_fault_is_told_by_its_place_with_what_would_be_accepted(
    sent: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    assert faults(**sent) == [expected]


def test_all_faults_are_told_and_each_once() -> None:
    with pytest.raises(InvalidConfiguration) as refused:
        completed({"hours": "x", "b": 1, "a": 2}, SCHEMA)

    assert [each.where for each in refused.value.faults] == ["a", "b", "hours", "name"]
    assert refused.value.faults[3].why == "it is missing"
    assert refused.value.as_dict()["where"] == "a"
    assert "hours: it is" in str(refused.value)


@pytest.mark.parametrize("sent", [[], "x", None, 3, {"hours": 2**70}])
def test_what_can_not_be_kept_is_refused(sent: object) -> None:
    with pytest.raises(BadRequest):
        completed(sent, SCHEMA)


def test_a_reference_out_of_the_schema_is_never_followed() -> None:
    with pytest.raises(Exception, match=r"example\.org"):
        completed({"a": 1}, {"properties": {"a": {"$ref": "http://example.org/schema.json"}}})
