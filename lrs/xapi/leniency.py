"""What a lenient credential may send against the standard, made into standard statements before they are validated.

Each leniency is for content that can't be changed any more: courses made for TinCan 0.9, plugins written in PHP, H5P.
Only what has one meaning is taken; the rest is left as it was sent, for validation to refuse.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from lrs.xapi import Json
from lrs.xapi.values import is_mailto

HINT = "as it is from a credential with `lenient`"
"""Ends the refusal of what only such a credential may send."""


@dataclass(frozen=True, slots=True)
class Leniency:
    """One leniency: what is taken, of which senders, and an example of parts as sent and as stored."""

    name: str
    what: str
    before: Json
    after: Json


LENIENCIES = (
    Leniency(
        "arrays in actors",
        "Name and identifiers of an actor as arrays, as launches of TinCan 0.9 give them: the first of each counts.",
        {"actor": {"name": ["Ada"], "mbox": ["mailto:ada@example.org"]}},
        {"actor": {"name": "Ada", "mbox": "mailto:ada@example.org"}},
    ),
    Leniency(
        "accounts of 0.9",
        "An account with the property names of TinCan 0.9, alone or in an array.",
        {"actor": {"account": [{"accountServiceHomePage": "https://lms.example.org", "accountName": "4711"}]}},
        {"actor": {"account": {"homePage": "https://lms.example.org", "name": "4711"}}},
    ),
    Leniency(
        "persons as actors",
        "The objectType Person, an Agent in TinCan 0.9; its parts of a name beside `name` are left out.",
        {"actor": {"objectType": "Person", "name": ["Ada"], "givenName": ["Ada"], "mbox": ["mailto:ada@example.org"]}},
        {"actor": {"objectType": "Agent", "name": "Ada", "mbox": "mailto:ada@example.org"}},
    ),
    Leniency(
        "addresses without mailto",
        "A bare e-mail address as mbox.",
        {"actor": {"mbox": "ada@example.org"}},
        {"actor": {"mbox": "mailto:ada@example.org"}},
    ),
    Leniency(
        "empty arrays for maps",
        "An empty array for extensions or texts by language, as PHP writes an empty map (H5P).",
        {"result": {"success": True, "extensions": []}},
        {"result": {"success": True, "extensions": {}}},
    ),
    Leniency(
        "one correct response",
        "A correctResponsesPattern that is no array but its one string.",
        {"object": {"id": "urn:q", "definition": {"interactionType": "numeric", "correctResponsesPattern": "4"}}},
        {"object": {"id": "urn:q", "definition": {"interactionType": "numeric", "correctResponsesPattern": ["4"]}}},
    ),
    Leniency(
        "component lists of other interactions",
        "The one list of components under the name of another interaction type: it gets the name of its own.",
        {"object": {"id": "urn:q", "definition": {"interactionType": "likert", "choices": [{"id": "a"}]}}},
        {"object": {"id": "urn:q", "definition": {"interactionType": "likert", "scale": [{"id": "a"}]}}},
    ),
    Leniency(
        "component lists where none belong",
        "Components of an interaction type that has none, or beside its own: they are left out.",
        {"object": {"id": "urn:q", "definition": {"interactionType": "true-false", "choices": [{"id": "true"}]}}},
        {"object": {"id": "urn:q", "definition": {"interactionType": "true-false"}}},
    ),
)
"""Everything a lenient credential may send inside statements; of the requests themselves see `lrs.api`."""


def tolerated(body: Any) -> Any:
    """Return a statement, or a list of them, in the standard's form.

    `body` is parsed JSON, valid or not, and never changed: what was tolerated is in copies, everything else is shared.
    The same object comes back when there was nothing to tolerate.
    """
    return _list_of(_statement)(body) if isinstance(body, list) else _statement(body)


def tolerated_actor(actor: Any) -> Any:
    """Return an actor in the standard's form; the same object when it has it already."""
    return _actor(actor)


def tolerated_agent_text(text: str) -> str:
    """Return the JSON of an `agent` parameter in the standard's form; what is no JSON comes back as it is."""
    try:
        actor = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    changed = _actor(actor)
    return text if changed is actor else orjson.dumps(changed).decode()


Rule = Callable[[Any], Any]

_LEFT_OUT = object()
_RENAMED = {"accountServiceHomePage": "homePage", "accountName": "name"}
_LISTS = {
    "choice": ("choices",),
    "sequencing": ("choices",),
    "likert": ("scale",),
    "performance": ("steps",),
    "matching": ("source", "target"),
    **dict.fromkeys(("true-false", "fill-in", "long-fill-in", "numeric", "other"), ()),
}
_ANY_LIST = ("choices", "scale", "source", "target", "steps")


def _each(rules: Mapping[str, Rule]) -> Rule:
    """Make a rule that applies a rule to each property of an object that has one."""

    def apply(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        changed = {key: rule(value[key]) for key, rule in rules.items() if key in value}
        if all(part is value[key] for key, part in changed.items()):
            return value
        return {key: part for key, part in (value | changed).items() if part is not _LEFT_OUT}

    return apply


def _list_of(rule: Rule) -> Rule:
    def apply(value: Any) -> Any:
        if not isinstance(value, list):
            return value
        changed = [rule(item) for item in value]
        return value if all(new is old for new, old in zip(changed, value, strict=True)) else changed

    return apply


def _then(first: Rule, second: Rule) -> Rule:
    return lambda value: second(first(value))


def _leave_out(value: Any) -> Any:
    return _LEFT_OUT


def _map(value: Any) -> Any:
    return {} if value == [] else value


def _first(value: Any) -> Any:
    if not isinstance(value, list) or (value and isinstance(value[0], list)):
        return value
    return value[0] if value else _LEFT_OUT


def _mbox(value: Any) -> Any:
    return f"mailto:{value}" if isinstance(value, str) and ":" not in value and is_mailto(f"mailto:{value}") else value


def _account(value: Any) -> Any:
    if not isinstance(value, dict) or value.keys() != _RENAMED.keys():
        return value
    return {_RENAMED[key]: part for key, part in value.items()}


def _actor_type(value: Any) -> Any:
    return "Agent" if value == "Person" else value


_AGENT: dict[str, Rule] = {
    "objectType": _actor_type,
    "name": _first,
    "mbox": _then(_first, _mbox),
    "mbox_sha1sum": _first,
    "openid": _first,
    "account": _then(_first, _account),
    **dict.fromkeys(("givenName", "familyName", "firstName", "lastName"), _leave_out),
}
_agent = _each(_AGENT)
_actor = _each({**_AGENT, "member": _list_of(_agent)})


def _components(definition: Any) -> Any:
    """Give a definition's component lists the names that its interaction type has for them."""
    kind = definition.get("interactionType") if isinstance(definition, dict) else None
    if not isinstance(kind, str) or kind not in _LISTS:
        return definition
    own = _LISTS[kind]
    given = [name for name in _ANY_LIST if name in definition]
    wrong = [name for name in given if name not in own]
    if not wrong:
        return definition
    if len(own) == len(given) == 1:
        return {own[0] if key == wrong[0] else key: part for key, part in definition.items()}
    return {key: part for key, part in definition.items() if key not in wrong}


def _responses(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


_activity = _each(
    {
        "definition": _then(
            _each({"name": _map, "description": _map, "extensions": _map, "correctResponsesPattern": _responses}),
            _components,
        )
    }
)


def _activities(value: Any) -> Any:
    return _list_of(_activity)(value) if isinstance(value, list) else _activity(value)


_PARTS: dict[str, Rule] = {
    "actor": _actor,
    "verb": _each({"display": _map}),
    "result": _each({"extensions": _map}),
    "context": _each(
        {
            "instructor": _actor,
            "team": _actor,
            "contextActivities": _each(dict.fromkeys(("parent", "grouping", "category", "other"), _activities)),
            "contextAgents": _list_of(_each({"agent": _actor})),
            "contextGroups": _list_of(_each({"group": _actor})),
            "extensions": _map,
        }
    ),
    "attachments": _list_of(_each({"display": _map, "description": _map})),
    "authority": _actor,
}


def _target(sub_statement: Rule) -> Rule:
    rules: dict[str, Rule] = {
        **dict.fromkeys(("Agent", "Group", "Person"), _actor),
        "Activity": _activity,
        "SubStatement": sub_statement,
    }

    def apply(value: Any) -> Any:
        kind = value.get("objectType", "Activity") if isinstance(value, dict) else None
        rule = rules.get(kind) if isinstance(kind, str) else None
        return value if rule is None else rule(value)

    return apply


# Validation refuses a SubStatement in a SubStatement, so there is nothing to tolerate in it.
_sub_statement = _each({**_PARTS, "object": _target(lambda value: value)})
_statement = _each({**_PARTS, "object": _target(_sub_statement)})
