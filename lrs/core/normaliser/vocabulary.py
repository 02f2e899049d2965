"""What the IRIs of real senders mean: spellings, aliases, sets of types, item keys, and what each kind of act implies.

Data of `schemas/mapping/vocabulary.json` and of a store's settings. A *compact* IRI is `<prefix>:<rest>` with a prefix
of that file.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from lrs.core.normaliser.patterns import SUBJECT, checked_replacement, compile_pattern, found
from lrs.core.normaliser.unusable import Unusable, within
from lrs.xapi import Json

UNTYPED = "untyped"
"""Stands in a list of types for an activity without a type."""

PARTS = ("courses", "boards", "groups", "tags")
"""The sets of types by which the activities of a context are told apart."""

# Courses, forums and threads come in thousands of statements, posts in a few; the same goes for verbs.
_ACTIVITIES_KEPT = 20_000
_VERBS_KEPT = _TYPES_KEPT = 5_000


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of act implies unless a rule says otherwise."""

    creates: bool = False  # the actor becomes an author of the object
    text: bool = False  # the act carries text, so its length counts and persons can be mentioned in it
    targets: tuple[str, ...] = ()  # whose author is the other person: "parent", "object"
    aims: str | None = None  # "always" at somebody, or "item": where the object is what people make, not a place
    closes: str | None = None  # the kind it ends: a leave ends a join
    private: bool = False  # only the persons addressed see it, unless it names a group


class Activity(NamedTuple):
    """An activity of a statement: its id as sent, its item key, its canonical type and the sets that has."""

    id: str
    key: str
    type: str | None
    is_thread: bool
    sets: frozenset[str]
    parts: tuple[str, ...]  # those of the sets that say where an act was, and about what
    required: bool  # an admin's setting says that it is compulsory


@dataclass(frozen=True, slots=True)
class ExtensionPath:
    """Where an extension sits (`context`, `object` or `result`) and its IRI."""

    place: str
    iri: str


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A regular expression, and the text that takes the place of what it finds (`\\1` is its first group)."""

    pattern: re.Pattern[str]
    replacement: str

    def of(self, text: str) -> str | None:
        """Return the text rewritten, or None where the pattern does not fit."""
        match = found(self.pattern, text)
        if match is None:
            return None
        return text[: match.start()] + match.expand(self.replacement) + text[match.end() :]


@dataclass(frozen=True)
class Vocabulary:
    """The alias tables and sets that the rules speak in. Made by `read_vocabulary`."""

    prefixes: Mapping[str, str]
    spellings: tuple[tuple[str, str], ...]
    verb_aliases: Mapping[str, str]
    type_aliases: Mapping[str, str]
    type_sets: Mapping[str, frozenset[str | None]]
    item_keys: tuple[Rewriting, ...]
    not_threads: tuple[re.Pattern[str], ...]
    paths: Mapping[str, ExtensionPath]
    person_paths: tuple[str, ...]  # extensions that name the other person, in the order they are tried
    account_paths: frozenset[str]  # extensions that hold only an account name on the actor's own home page
    profile_paths: frozenset[str]  # extensions that may hold the address of a person's page
    profiles: tuple[tuple[re.Pattern[str], str, str], ...]  # such an address -> home page and name of an account
    required: frozenset[str]  # ids of compulsory activities
    kinds: Mapping[str, Kind]

    @cached_property
    def verb(self) -> Callable[[str], str]:
        """The canonical verb of an IRI: one spelling of Activity Streams, then the alias table, never a guess."""
        return lru_cache(_VERBS_KEPT)(lambda iri: _canonical(iri, self.verb_aliases, self.spellings))

    @cached_property
    def activity(self) -> Callable[[str, str | None], Activity]:
        """The activity of an id and a type as sent."""
        return lru_cache(_ACTIVITIES_KEPT)(self._activity)

    def activity_type(self, iri: str | None) -> str | None:
        """Return the canonical activity type; None stays None."""
        return None if iri is None else _canonical(iri, self.type_aliases, self.spellings)

    def item_key(self, activity_id: str) -> str:
        """Return the item key of an activity id: the first rewriting that fits, else the id itself."""
        for rewriting in self.item_keys:
            if (key := rewriting.of(activity_id)) is not None:
                return key
        return activity_id

    def profile(self, address: str) -> Json | None:
        """Return the agent whose page is at the address, if a setting tells how its account is called there."""
        for pattern, home_page, name in self.profiles if len(address) <= SUBJECT else ():
            match = pattern.fullmatch(address)
            if match is not None:
                return {"account": {"homePage": match.expand(home_page), "name": match.expand(name)}}
        return None

    def expand(self, compact: str) -> str:
        """Return the IRI of a compact one. Raises: Unusable for an unknown prefix."""
        return _expand(compact, self.prefixes)

    def types(self, names: Iterable[str]) -> frozenset[str | None]:
        """Return the canonical types named by compact IRIs, `@<set>` and `untyped`. Raises: Unusable."""
        members: set[str | None] = set()
        for number, name in enumerate(names):
            with within(f"[{number}]"):
                members |= self._named_types(name)
        return frozenset(members)

    def _named_types(self, name: str) -> frozenset[str | None]:
        if name.startswith("@"):
            return _known_set(name, self.type_sets)
        return frozenset({None if name == UNTYPED else self.activity_type(self.expand(name))})

    @cached_property
    def _typed(self) -> Callable[[str | None], tuple[str | None, frozenset[str], tuple[str, ...]]]:
        """The canonical type of one as sent, the sets that has, and those of them that are parts."""
        return lru_cache(_TYPES_KEPT)(self._sets)

    def _sets(self, type_sent: str | None) -> tuple[str | None, frozenset[str], tuple[str, ...]]:
        activity_type = self.activity_type(type_sent)
        sets = frozenset(name for name, types in self.type_sets.items() if activity_type in types)
        return activity_type, sets, tuple(part for part in PARTS if part in sets)

    def _activity(self, activity_id: str, type_sent: str | None) -> Activity:
        activity_type, sets, parts = self._typed(type_sent)
        # Some senders give the type of their threads to more than those.
        starts = "threads" in sets and not any(found(pattern, activity_id) for pattern in self.not_threads)
        required = activity_id in self.required
        return Activity(activity_id, self.item_key(activity_id), activity_type, starts, sets, parts, required)


def read_vocabulary(data: Json) -> Vocabulary:
    """Build the vocabulary from its JSON. Raises: Unusable naming what is unknown; KeyError for a missing table."""
    prefixes: dict[str, str] = data["prefixes"]
    spellings = tuple((written, canonical) for written, canonical in data["spellings"])
    verb_aliases = _aliases("verb_aliases", data, prefixes, spellings)
    type_aliases = _aliases("type_aliases", data, prefixes, spellings)
    return Vocabulary(
        prefixes=prefixes,
        spellings=spellings,
        verb_aliases=verb_aliases,
        type_aliases=type_aliases,
        type_sets=_type_sets(data["types"], prefixes, lambda iri: _canonical(iri, type_aliases, spellings)),
        item_keys=tuple(_rewritings("item_keys", data["item_keys"])),
        not_threads=tuple(re.compile(pattern) for pattern in data["not_threads"]),
        paths={name: _path(name, place, iri, prefixes) for name, (place, iri) in data["paths"].items()},
        person_paths=tuple(data["person_paths"]),
        account_paths=frozenset(data["account_paths"]),
        profile_paths=frozenset(data["profile_paths"]),
        profiles=tuple(_profiles(data["profiles"])),
        required=frozenset(data.get("required", ())),
        kinds={name: _kind(implied) for name, implied in data["kinds"].items()},
    )


def _path(name: str, place: str, iri: str, prefixes: Mapping[str, str]) -> ExtensionPath:
    with within(f"person_paths.{name}.extension"):
        return ExtensionPath(place, _expand(iri, prefixes))


def _kind(implied: Json) -> Kind:
    return Kind(**{**implied, "targets": tuple(implied.get("targets", ()))})


def _canonical(iri: str, aliases: Mapping[str, str], spellings: Iterable[tuple[str, str]]) -> str:
    spelt = _respell(iri, spellings)
    return aliases.get(spelt, spelt)


def _respell(iri: str, spellings: Iterable[tuple[str, str]]) -> str:
    for written, canonical in spellings:
        if iri.startswith(written):
            return canonical + iri[len(written) :]
    return iri


def _expand(compact: str, prefixes: Mapping[str, str]) -> str:
    prefix, colon, rest = compact.partition(":")
    if colon and prefix in prefixes:
        return prefixes[prefix] + rest
    if rest.startswith("//"):
        return compact
    raise Unusable(
        f"{compact!r} is neither an IRI nor starts with a known prefix",
        accepted=f"an IRI, or one of {', '.join(prefixes)}",
    )


def _aliases(
    name: str, data: Json, prefixes: Mapping[str, str], spellings: Sequence[tuple[str, str]]
) -> dict[str, str]:
    table: dict[str, str] = {}
    with within(name):
        for alias, to in data[name].items():
            with within(alias):
                table[_respell(_expand(alias, prefixes), spellings)] = _respell(_expand(to, prefixes), spellings)
        return {alias: _end_of(alias, table) for alias in table}


def _end_of(alias: str, table: Mapping[str, str]) -> str:
    """Follow aliases of aliases, so that an admin may name any IRI of a meaning."""
    seen, to = {alias}, table[alias]
    while table.get(to, to) != to:
        if to in seen:
            raise Unusable("these aliases lead back to themselves", where=alias)
        seen.add(to)
        to = table[to]
    return to


def _type_sets(
    table: Mapping[str, list[str]], prefixes: Mapping[str, str], canonical: Callable[[str], str]
) -> dict[str, frozenset[str | None]]:
    sets: dict[str, frozenset[str | None]] = {}
    for name, members in table.items():
        types: set[str | None] = set()
        for number, member in enumerate(members):
            with within(f"types.{name}[{number}]"):
                known = _known_set(member, sets) if member.startswith("@") else {canonical(_expand(member, prefixes))}
            types |= known
        sets[name] = frozenset(types)
    return sets


def _known_set(name: str, sets: Mapping[str, frozenset[str | None]]) -> frozenset[str | None]:
    if name[1:] not in sets:
        raise Unusable(f"{name!r} is no set of types", accepted=", ".join(f"@{known}" for known in sets))
    return sets[name[1:]]


def _rewritings(name: str, table: Iterable[Json]) -> Iterable[Rewriting]:
    for number, data in enumerate(table):
        with within(f"{name}[{number}]"):
            pattern = _pattern(data)
            yield Rewriting(pattern, _template(data, "replacement", pattern))


def _profiles(table: Iterable[Json]) -> Iterable[tuple[re.Pattern[str], str, str]]:
    for number, data in enumerate(table):
        with within(f"profiles[{number}]"):
            pattern = _pattern(data)
            yield pattern, _template(data, "home_page", pattern), _template(data, "name", pattern)


def _pattern(data: Json) -> re.Pattern[str]:
    with within("pattern"):
        return compile_pattern(data["pattern"])


def _template(data: Json, name: str, pattern: re.Pattern[str]) -> str:
    with within(name):
        return checked_replacement(data[name], pattern)
