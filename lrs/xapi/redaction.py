"""Redaction at ingest: parts that are dropped from some statements before anything of them is stored.

A rule is `{"name", "when": {"verb": [...], "object_type": [...]}, "drop": [<path>...], "keep": [<extension>...]}`. It
applies to a statement, and to a SubStatement as if it were one, whose verb and type of object are among those named;
no list means any. A path names an optional property, so what is left is valid: `result.response`,
`object.definition.extensions["https://example.org/x"]`, `context.contextActivities.parent[*].definition.name`.
The extensions of `keep` stay where all extensions are dropped.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

import orjson

from lrs.xapi import Json


class Each(Enum):
    """The step `[*]` of a path: every item of an array."""

    ITEM = "[*]"


Steps: TypeAlias = tuple[str | Each, ...]
Tree: TypeAlias = Mapping[str | Each, Any]

_STEP = re.compile(r'(?:^|\.)([A-Za-z]+)|(\[\*\])|\[("(?:[^"\\]|\\.)*")\]')
_ANY_KEY = "*"

# What a path may lead through; a property that ends in "?" is optional, so it may be dropped.
_ACTOR: Tree = {"name?": {}, "member": {Each.ITEM: {"name?": {}}}}
_EXTENSIONS: Tree = {_ANY_KEY: {}}
_COMPONENTS = ("choices", "scale", "source", "target", "steps", "correctResponsesPattern")
_DEFINITION: Tree = {
    **{f"{name}?": {} for name in ("name", "description", "type", "moreInfo", *_COMPONENTS)},
    "extensions?": _EXTENSIONS,
}
_ACTIVITIES: Tree = {Each.ITEM: {"definition?": _DEFINITION}}
_STATEMENT: Tree = {
    "actor": _ACTOR,
    "verb": {"display?": {}},
    "object": {**_ACTOR, "definition?": _DEFINITION},
    "result?": {
        **{f"{name}?": {} for name in ("score", "success", "completion", "response", "duration")},
        "extensions?": _EXTENSIONS,
    },
    "context?": {
        **{f"{name}?": {} for name in ("registration", "revision", "platform", "language", "statement")},
        "instructor?": _ACTOR,
        "team?": _ACTOR,
        "contextActivities?": {f"{name}?": _ACTIVITIES for name in ("parent", "grouping", "category", "other")},
        "contextAgents?": {Each.ITEM: {"agent": _ACTOR}},
        "contextGroups?": {Each.ITEM: {"group": _ACTOR}},
        "extensions?": _EXTENSIONS,
    },
    "attachments": {Each.ITEM: {"description?": {}}},
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; empty sets mean any. Made by `read_rule`."""

    name: str
    verbs: frozenset[str]
    object_types: frozenset[str]
    drop: tuple[tuple[str, Steps], ...]  # each path as written and as steps
    keep: frozenset[str]

    def applies(self, statement: Json) -> bool:
        """Tell whether the statement is one that the rule is for. It need not be valid."""
        if self.verbs and _at(statement, "verb", "id") not in self.verbs:
            return False
        types = (_at(statement, "object", "definition", "type"), _at(statement, "object", "objectType"))
        return not self.object_types or not self.object_types.isdisjoint(each for each in types if each is not None)


def read_rule(rule: Json) -> Rule:
    """Return a rule of the shape above. Raises: ValueError for a path that `read_path` refuses."""
    when = rule.get("when", {})
    return Rule(
        name=rule["name"],
        verbs=frozenset(when.get("verb", ())),
        object_types=frozenset(when.get("object_type", ())),
        drop=tuple((path, read_path(path)) for path in rule["drop"]),
        keep=frozenset(rule.get("keep", ())),
    )


def read_path(path: str) -> Steps:
    """Return the steps of a path that may be dropped.

    Raises: ValueError for one that can't be read, leads nowhere, or names what a valid statement needs, what the LRS
    assigns (id, stored, authority, version, timestamp), or an attachment, whose content is kept elsewhere.
    """
    steps = _steps(path)
    tree: Tree | None = _STATEMENT
    for position, step in enumerate(steps):
        tree = None if tree is None else _below(tree, step, is_last=position == len(steps) - 1)
    if tree is None or not steps:
        raise ValueError(f"{path[:100]!r} names nothing that may be dropped")
    return steps


def redact(statement: Json, rules: Sequence[Rule]) -> tuple[Json, tuple[str, ...]]:
    """Return the statement without what the rules drop, and the paths that were dropped, each once.

    The statement is not changed, and is returned itself when no rule applies; what is shared is not copied. It need
    not be valid; a valid one stays so.
    """
    dropped: dict[str, None] = {}
    for rule in [each for each in rules if each.applies(statement)]:
        for path, steps in rule.drop:
            without = _without(statement, steps, rule.keep)
            if without is not statement:
                statement = without
                dropped[path] = None
    inner = statement.get("object")
    if isinstance(inner, dict) and inner.get("objectType") == "SubStatement":
        inner, below = redact(inner, rules)
        dropped |= dict.fromkeys(f"object.{path}" for path in below)
        statement = {**statement, "object": inner} if below else statement
    return statement, tuple(dropped)


def may_concern(text: bytes, rules: Sequence[Rule]) -> bool:
    """Tell whether text that is no JSON may be a part of a statement that a rule is for."""
    plain = text.replace(b"\\/", b"/")
    named = [rule.verbs or rule.object_types for rule in rules if rule.drop]
    return any(not words or any(word.encode() in plain for word in words) for words in named)


def _below(tree: Tree, step: str | Each, *, is_last: bool) -> Tree | None:
    """Return where the step leads; None where it leads nowhere, or ends a path at what may not be dropped."""
    if _ANY_KEY in tree:
        return tree[_ANY_KEY] if isinstance(step, str) else None
    if isinstance(step, str) and (not step.isalpha() or f"{step}?" in tree):
        return tree.get(f"{step}?")
    return None if is_last else tree.get(step)


def _steps(path: str) -> Steps:
    steps: list[str | Each] = []
    end = 0
    while end < len(path):
        match = _STEP.match(path, end)
        if match is None or path.startswith("."):
            raise ValueError(f"{path[:100]!r} can't be read from character {end + 1} on")
        name, each, quoted = match.groups()
        steps.append(name or (Each.ITEM if each else orjson.loads(quoted)))
        end = match.end()
    return tuple(steps)


def _at(value: Any, *names: str) -> str | None:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else None


def _without(value: Any, steps: Steps, keep: frozenset[str]) -> Any:
    """Return the value without what the steps lead to; itself when they lead to nothing."""
    step, *rest = steps
    if isinstance(step, Each):
        if isinstance(value, list):
            items = [_without(item, tuple(rest), keep) for item in value]
            return value if all(new is old for new, old in zip(items, value, strict=True)) else items
        return _without(value, tuple(rest), keep)  # one activity in place of an array of one
    if not isinstance(value, dict) or step not in value:
        return value
    if rest:
        inner = _without(value[step], tuple(rest), keep)
        return value if inner is value[step] else {**value, step: inner}
    left = _kept(value[step], keep) if step == "extensions" else {}
    if left == value[step]:
        return value
    return {**value, step: left} if left else {name: part for name, part in value.items() if name != step}


def _kept(extensions: Any, keep: frozenset[str]) -> Json:
    return {key: part for key, part in extensions.items() if key in keep} if isinstance(extensions, dict) else {}
