"""A mapping rule: which statements it is for, which kind of act they are, and where they name things and persons."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lrs.core.normaliser.matching import Match, read_match
from lrs.core.normaliser.unusable import Unusable, within
from lrs.core.normaliser.vocabulary import Kind, Vocabulary
from lrs.xapi import Json

ROLES = ("addressee", "mentor", "mentee", "observer")
"""What a person or group of contextAgents and contextGroups can be to the act."""

RECEIVING = ("addressee", "mentor", "mentee")
"""The roles that make somebody the other person of an act; an observer's part is an act of its own."""

_CHOICES: Mapping[str, tuple[Any, ...]] = {
    "polarity": (-1, 0, 1),
    "parents": ("true", "thread_only"),
    "parent": ("context", "thread", "object", "none"),
    "thread": ("auto", "object", "none"),
    "instructor": (None, "target", "actor"),
    "actor_role": (None, "instructor", "system", "none"),
    "visibility": (None, "public", "group", "private"),
    "creates": (None, True, False),
}
_LISTS = ("targets", "paths", "roles")
_KEYS = ("id", "kind", "match", "item", "closes", "value", "counts", *_LISTS, *_CHOICES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One mapping rule. `kind` None means: known, and nothing social, so no act and no unmapped verb."""

    id: str
    preset: str
    match: Match
    kind: str | None
    implied: Kind  # what the kind implies
    polarity: int = 0
    creates: bool = False  # whether the actor becomes an author of the item
    text: bool = False
    parents: str = "true"  # "thread_only": the sender drops true parents, the thread stands for them
    item: str = "object"  # what was made or acted on: "object", "other" (a post in `other`), or a path's name
    parent: str = "context"  # what it answers: "context" (nearest parent), "thread", "object" or "none"
    thread: str = "auto"  # "object": the object is the thread whatever its type; "none": there is none
    targets: tuple[str, ...] = ()  # whose author is the other person: "parent", "object"
    paths: tuple[str, ...] = ()  # extensions that may name the other person
    roles: tuple[str, ...] = RECEIVING  # what a person of contextAgents or contextGroups must be to be the other one
    instructor: str | None = None  # "target", or "actor" where the instructor did it to the statement's actor
    actor_role: str | None = None  # "none": not even who is named as the instructor acts as one
    closes: str | None = None  # the kind of the actor's earlier acts on the object that this one takes back
    visibility: str | None = None
    counts: tuple["Count", ...] = ()  # the acts are not told one by one but counted
    value: Mapping[str, float | int | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Count:
    """A number in an extension of the object that stands for so many acts, and the rule these are told by."""

    extension: str
    name: str
    rule: Rule


def read_rule(data: Json, preset: str, vocabulary: Vocabulary) -> Rule:
    """Build a rule from its JSON. Raises: Unusable, with the place in the rule."""
    _check(data, vocabulary)
    implied = vocabulary.kinds.get(data["kind"], Kind())
    value: Json = data.get("value", {})
    with within("match"):
        match = read_match(data.get("match", {}), vocabulary)
    chosen = {
        key: data[key]
        for key in ("polarity", "parents", "item", "parent", "thread", "instructor", "actor_role", "visibility")
        if key in data
    }
    rule = Rule(
        id=data["id"],
        preset=preset,
        match=match,
        kind=data["kind"],
        implied=implied,
        creates=_told(data.get("creates"), implied.creates),
        text=implied.text,
        targets=tuple(data.get("targets", implied.targets)),
        paths=tuple(data.get("paths", vocabulary.person_paths)),
        roles=tuple(data.get("roles", RECEIVING)),
        closes=data.get("closes", data["kind"] if value.get("undo") else implied.closes),
        value=value,
        **chosen,
    )
    return replace(rule, counts=_counts(rule, data["counts"], vocabulary)) if "counts" in data else rule


def _told(chosen: bool | None, implied: bool) -> bool:
    return implied if chosen is None else chosen


def _counts(rule: Rule, data: Json, vocabulary: Vocabulary) -> tuple[Count, ...]:
    """Read `{<extension>: {<name of the number>: <kind> or {"kind", "polarity"}}}`."""
    counts: list[Count] = []
    for extension, numbers in data.items():
        for name, counted in numbers.items():
            with within(f"counts.{extension}.{name}"):
                told: Json = {"kind": counted} if isinstance(counted, str) else counted
                _check_kind(told["kind"], vocabulary)
                # What is only counted aims at nobody, whatever its kind.
                one = replace(rule, kind=told["kind"], polarity=told.get("polarity", 0), implied=Kind())
                counts.append(Count(vocabulary.expand(extension), name, one))
    return tuple(counts)


def _check(data: Json, vocabulary: Vocabulary) -> None:
    unknown = data.keys() - set(_KEYS)
    if unknown:
        raise Unusable(f"unknown key {sorted(unknown)[0]!r}", accepted=", ".join(_KEYS))
    missing = {"id", "kind"} - data.keys()
    if missing:
        raise Unusable(f"{sorted(missing)[0]!r} is missing", accepted="a rule with id and kind")
    if data["kind"] is not None:
        with within("kind"):
            _check_kind(data["kind"], vocabulary)
    if "closes" in data:
        with within("closes"):
            _check_kind(data["closes"], vocabulary)
    for key, accepted in _CHOICES.items():
        if key in data and data[key] not in accepted:
            raise Unusable(f"{key} can't be {data[key]!r}", where=key, accepted=str(accepted))
    items = ("object", "other", *vocabulary.paths)
    if data.get("item", "object") not in items:
        raise Unusable(f"item can't be {data['item']!r}", where="item", accepted=str(items))
    for key, names in zip(_LISTS, (("parent", "object"), tuple(vocabulary.paths), ROLES), strict=True):
        for number, name in enumerate(data.get(key, ())):
            if name not in names:
                raise Unusable(f"{key} can't hold {name!r}", where=f"{key}[{number}]", accepted=str(names))


def _check_kind(kind: str, vocabulary: Vocabulary) -> None:
    if kind not in vocabulary.kinds:
        raise Unusable(f"unknown kind {kind!r}", accepted=f"{', '.join(vocabulary.kinds)}, null")
