"""The mapping rules: data that say which statement is which kind of act, and where it names things and persons.

A rule file is `{"preset": <name>, "rules": [<rule>...]}`; `Rule` lists the keys. The first rule that fits decides.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import schemas
from lrs.core.normaliser.matching import Match, read_match
from lrs.core.normaliser.reading import Reading
from lrs.core.normaliser.vocabulary import Vocabulary, read_vocabulary
from lrs.xapi import Json

PRESETS = ("moodle", "openedx", "generic")
"""The shipped presets in the order they are tried: the shape of a statement decides, not a setting."""

_CHOICES: Mapping[str, tuple[Any, ...]] = {
    "polarity": (-1, 0, 1),
    "parents": ("true", "thread_only"),
    "parent": ("context", "thread", "object", "none"),
    "thread": ("auto", "object", "none"),
    "instructor": (None, "target", "actor"),
    "creates": (None, True, False),
}
_KEYS = ("id", "kind", "match", "item", "targets", "paths", "value", *_CHOICES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One mapping rule. `kind` None means: known, and nothing social, so no act and no unmapped verb."""

    id: str
    preset: str
    match: Match
    kind: str | None
    polarity: int = 0
    creates: bool = False  # whether the actor becomes an author of the item
    text: bool = False
    parents: str = "true"  # "thread_only": the sender drops true parents, the thread stands for them
    item: str = "object"  # what was made or acted on: "object", "other" (a post in `other`), or a path's name
    parent: str = "context"  # what it answers: "context" (nearest parent), "thread", "object" or "none"
    thread: str = "auto"  # "object": the object is the thread whatever its type; "none": there is none
    targets: tuple[str, ...] = ()  # whose author is the other person: "parent", "object"
    paths: tuple[str, ...] = ()  # extensions that may name the other person
    instructor: str | None = None  # "target", or "actor" where the instructor did it to the statement's actor
    value: Mapping[str, float | int | bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Rules:
    """All rules of a store, by canonical verb and in order. Made by `load_rules` or `build_rules`.

    `context_roles` is the setting that gives `relevantTypes` of contextAgents a role: addressee, mentor, mentee or
    observer; `fanout_max` the greatest Group target that counts as its members. Change both with `dataclasses.replace`.
    """

    vocabulary: Vocabulary
    by_verb: Mapping[str, tuple[Rule, ...]]
    mention: Rule
    version: int = 1  # of the rules; kept with each act, so that a change can be replayed
    context_roles: Mapping[str, str] = field(default_factory=dict)
    fanout_max: int = 25

    def first(self, reading: Reading) -> Rule | None:
        """Return the first rule that applies to the statement, or None."""
        return next((rule for rule in self.by_verb.get(reading.verb, ()) if rule.match.holds(reading)), None)


def load_rules(config: Mapping[str, Any] | None = None) -> Rules:
    """Return the shipped rules with a store's configuration. Raises: ValueError naming the rule that can't be used."""
    return replace(_shipped(), **(config or {}))


@cache
def _shipped() -> Rules:
    presets = [schemas.load(f"mapping/{name}.json") for name in PRESETS]
    return build_rules(schemas.load("mapping/vocabulary.json"), presets)


def build_rules(vocabulary: Json, presets: Iterable[Json]) -> Rules:
    """Build rules from a vocabulary and rule files, tried in the order given; an admin's own file goes first.

    One of the files carries `mention`, the rule without `match` for persons named in the text of another act.
    Raises: ValueError naming the rule and what is wrong with it.
    """
    words = read_vocabulary(vocabulary)
    by_verb: dict[str, list[Rule]] = {}
    mention: Rule | None = None
    seen: set[str] = set()
    for preset in presets:
        for data in preset["rules"]:
            rule = _read_rule(data, preset["preset"], words)
            if rule.id in seen:
                raise ValueError(f"rule {rule.id}: the id is used twice")
            if not rule.match.verbs:
                raise ValueError(f"rule {rule.id}: it names no verb")
            seen.add(rule.id)
            for verb in rule.match.verbs:
                by_verb.setdefault(verb, []).append(rule)
        if "mention" in preset:
            mention = _read_rule(preset["mention"], preset["preset"], words)
    if mention is None:
        raise ValueError("no rule file has a rule for mentions")
    return Rules(words, {verb: tuple(rules) for verb, rules in by_verb.items()}, mention, vocabulary["version"])


def _read_rule(data: Json, preset: str, vocabulary: Vocabulary) -> Rule:
    name = data.get("id", "without an id")
    try:
        _check(data, vocabulary)
        implied = vocabulary.kinds.get(data["kind"])
        chosen = {
            key: data[key]
            for key in ("polarity", "parents", "item", "parent", "thread", "instructor", "value")
            if key in data
        }
        return Rule(
            id=data["id"],
            preset=preset,
            match=read_match(data.get("match", {}), vocabulary),
            kind=data["kind"],
            creates=data.get("creates", implied is not None and implied.creates),
            text=implied is not None and implied.text,
            targets=tuple(data.get("targets", implied.targets if implied else ())),
            paths=tuple(data.get("paths", vocabulary.person_paths)),
            **chosen,
        )
    except ValueError as error:
        raise ValueError(f"rule {name}: {error}") from error


def _check(data: Json, vocabulary: Vocabulary) -> None:
    unknown = data.keys() - set(_KEYS)
    if unknown:
        raise ValueError(f"unknown key {sorted(unknown)[0]!r} (accepted: {', '.join(_KEYS)})")
    missing = {"id", "kind"} - data.keys()
    if missing:
        raise ValueError(f"{sorted(missing)[0]!r} is missing")
    if data["kind"] is not None and data["kind"] not in vocabulary.kinds:
        raise ValueError(f"unknown kind {data['kind']!r} (accepted: {', '.join(vocabulary.kinds)}, null)")
    for key, accepted in _CHOICES.items():
        if key in data and data[key] not in accepted:
            raise ValueError(f"{key} can't be {data[key]!r} (accepted: {accepted})")
    items = ("object", "other", *vocabulary.paths)
    if data.get("item", "object") not in items:
        raise ValueError(f"item can't be {data['item']!r} (accepted: {items})")
    for key, names in (("targets", ("parent", "object")), ("paths", tuple(vocabulary.paths))):
        stray = set(data.get(key, ())) - set(names)
        if stray:
            raise ValueError(f"{key} can't hold {sorted(stray)[0]!r} (accepted: {names})")
