"""The mapping rules of a store: which statement is which kind of act, and where it names things and persons.

A rule file is `{"preset": <name>, "rules": [<rule>...]}`; `lrs.core.normaliser.rule` lists the keys of a rule. The
first rule that fits decides.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property, lru_cache
from hashlib import blake2b
from types import MappingProxyType
from typing import Any

import orjson

import schemas
from lrs.core.normaliser.reading import Reading
from lrs.core.normaliser.rule import Rule, read_rule
from lrs.core.normaliser.settings import (
    NOBODY,
    Roster,
    Settings,
    agent_keys,
    check_shape,
    extended_vocabulary,
    roster,
    without_defaults,
)
from lrs.core.normaliser.unusable import Unusable, within
from lrs.core.normaliser.vocabulary import Vocabulary, read_vocabulary
from lrs.errors import BadRequest
from lrs.xapi import Json

PRESETS = ("cmi5", "moodle", "openedx", "xapi-2.0", "generic")
"""The shipped presets in the order they are tried: the shape of a statement decides, not a setting."""

INTERACTIONS = "interactions"
"""The name under which the normaliser has its settings, beside those of the plugins."""

OWN = "own"
"""The preset of an admin's own rules, which are tried before the shipped ones."""

CODE = 7
"""Counted up whenever the code reads the same statement by the same rules into other acts."""

_NONE: Settings = MappingProxyType({})
_BESIDE = ("mention", "observation", "collaboration")


@dataclass(frozen=True)
class Rules:
    """All rules of a store, by canonical verb and in order. Made by `load_rules` or `build_rules`."""

    vocabulary: Vocabulary
    by_verb: Mapping[str, tuple[Rule, ...]]
    mention: Rule  # of persons named in the text of another act
    observation: Rule  # by persons who watched another act
    collaboration: Rule  # of a Group's members, who did another act together
    fingerprint: str  # of all that decides: code, shipped data and settings; a generation's position holds it
    context_roles: Mapping[str, str] = field(default_factory=dict)  # relevantTypes -> a role of `rule.ROLES`
    fanout_max: int = 25  # the greatest Group target that counts as its members
    repetition: timedelta = timedelta(minutes=10)  # an act told again within it counts once
    system: Roster = NOBODY
    system_authorities: frozenset[str] = frozenset()
    instructors: Roster = NOBODY

    def first(self, reading: Reading) -> Rule | None:
        """Return the first rule that applies to the statement, or None."""
        typed = reading.object.type if reading.object is not None else None
        for rule in self._candidates(reading.verb, reading.object_kind, typed):
            if rule.match.holds(reading):
                return rule
        return None

    @cached_property
    def closable(self) -> frozenset[str]:
        """The kinds of acts that can be taken back. A repost is taken back as a share."""
        closed = {rule.closes for rules in self.by_verb.values() for rule in rules if rule.closes is not None}
        return frozenset(closed | {"repost"} if "share" in closed else closed)

    @cached_property
    def role(self) -> Callable[[str], str | None]:
        """The role that the settings give an agent, by its key: "system", "instructor" or None."""
        return lru_cache(20_000)(self._role)

    def _role(self, agent: str) -> str | None:
        if self.system.holds(agent):
            return "system"
        return "instructor" if self.instructors.holds(agent) else None

    @cached_property
    def _candidates(self) -> Callable[[str, str, str | None], tuple[Rule, ...]]:
        """The rules of a verb that its object's kind and type leave: a dozen rules for `create` become two or three."""
        return lru_cache(5_000)(
            lambda verb, kind, typed: tuple(
                rule for rule in self.by_verb.get(verb, ()) if rule.match.fits_object(kind, typed)
            )
        )


def load_rules(settings: Settings = _NONE) -> Rules:
    """Return the rules of a store with these settings (`schemas/plugins/interactions.json`); the same ones once made.

    Raises: BadRequest whose `where` is the path in the settings.
    """
    return _load(orjson.dumps(without_defaults(settings), option=orjson.OPT_SORT_KEYS))


@lru_cache(maxsize=256)
def _load(settings: bytes) -> Rules:
    presets = [schemas.load(f"mapping/{name}.json") for name in PRESETS]
    try:
        return build_rules(schemas.load("mapping/vocabulary.json"), presets, orjson.loads(settings))
    except Unusable as error:
        what = "the settings of the interactions can't be used"
        raise BadRequest(what, where=error.where, why=error.why, accepted=error.accepted) from error


def build_rules(vocabulary: Json, presets: Iterable[Json], settings: Settings = _NONE) -> Rules:
    """Build rules from a vocabulary, rule files in the order they are tried, and a store's settings, which go first.

    One of the files carries `beside`: the rules without `match` for acts that other acts bring along.
    Raises: Unusable with the place in the settings, or in the file of the preset it names.
    """
    check_shape(dict(settings))
    files = [{"preset": OWN, "rules": settings.get("rules", ())}, *presets]
    _check_ids(files)
    words = read_vocabulary(extended_vocabulary(vocabulary, settings))
    shipped: Json = {key: value for file in files for key, value in file.items() if key not in ("preset", "rules")}
    system: Json = settings.get("system_agents", {})
    with within("system_agents"):
        authorities = agent_keys("authorities", system.get("authorities", ()))
    return Rules(
        vocabulary=words,
        by_verb=_by_verb(files, words),
        **_beside(files, words),
        fingerprint=_fingerprint([CODE, vocabulary, files, dict(settings)]),
        context_roles=_context_roles(shipped.get("context_roles", {}) | settings.get("context_roles", {}), words),
        fanout_max=settings.get("fanout_max", Rules.fanout_max),
        repetition=timedelta(minutes=settings.get("repetition_minutes", Rules.repetition / timedelta(minutes=1))),
        system=roster("system_agents", shipped.get("system_agents", {}), settings),
        system_authorities=authorities,
        instructors=roster("instructors", {}, settings),
    )


def _by_verb(files: Iterable[Json], vocabulary: Vocabulary) -> dict[str, tuple[Rule, ...]]:
    by_verb: dict[str, list[Rule]] = {}
    for file in files:
        for number, data in enumerate(file["rules"]):
            with within(_place(file["preset"], number, data)):
                rule = read_rule(data, file["preset"], vocabulary)
                if not rule.match.verbs:
                    raise Unusable("the rule names no verb", where="match.verbs", accepted="at least one verb")
            for verb in sorted(rule.match.verbs):
                by_verb.setdefault(verb, []).append(rule)
    return {verb: tuple(rules) for verb, rules in by_verb.items()}


def _check_ids(files: Sequence[Json]) -> None:
    """Refuse an id that two rules have; the one nearest to the admin is the one to change."""
    taken: set[str] = set()
    for file in reversed(files):
        for number, data in enumerate(file["rules"]):
            if data.get("id") in taken:
                place = f"{_place(file['preset'], number, data)}.id"
                raise Unusable(f"the id {data['id']!r} is used twice", where=place, accepted="an id of its own")
            taken.add(data.get("id"))


def _place(preset: str, number: int, data: Json) -> str:
    return f"rules[{number}]" if preset == OWN else f"{preset}.json, rule {data.get('id', number)}"


def _beside(files: Iterable[Json], vocabulary: Vocabulary) -> dict[str, Rule]:
    beside: dict[str, Rule] = {}
    for file in files:
        for name, data in file.get("beside", {}).items():
            with within(f"{file['preset']}.json, beside {name}"):
                beside[name] = read_rule(data, file["preset"], vocabulary)
    if beside.keys() != set(_BESIDE):
        raise Unusable("rules for acts beside others are missing", where="beside", accepted=", ".join(_BESIDE))
    return beside


def _context_roles(told: Mapping[str, str | None], vocabulary: Vocabulary) -> dict[str, str]:
    roles: dict[str, str] = {}
    for iri, role in told.items():
        with within(f"context_roles.{iri}"):
            expanded = vocabulary.expand(iri)
        if role is not None:
            roles[expanded] = role
        else:
            roles.pop(expanded, None)
    return roles


def _fingerprint(decides: Any) -> str:
    return blake2b(orjson.dumps(decides, option=orjson.OPT_SORT_KEYS), digest_size=12).hexdigest()
