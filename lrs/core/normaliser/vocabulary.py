"""What the IRIs of real senders mean: spellings, aliases, sets of types, item keys, and what each kind of act implies.

Data of `schemas/mapping/vocabulary.json`. A *compact* IRI is `<prefix>:<rest>` with a prefix of that file.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lrs.xapi import Json

UNTYPED = "untyped"
"""Stands in a list of types for an activity without a type."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of act implies unless a rule says otherwise."""

    creates: bool = False  # the actor becomes an author of the object
    text: bool = False  # the act carries text, so its length counts and persons can be mentioned in it
    targets: tuple[str, ...] = ()  # whose author is the other person: "parent", "object"


@dataclass(frozen=True, slots=True)
class ExtensionPath:
    """Where an extension sits (`context`, `object` or `result`) and its IRI."""

    place: str
    iri: str


@dataclass(frozen=True)
class Vocabulary:
    """The alias tables and sets that the rules speak in. Made by `read_vocabulary`."""

    prefixes: Mapping[str, str]
    spellings: tuple[tuple[str, str], ...]
    verb_aliases: Mapping[str, str]
    type_aliases: Mapping[str, str]
    type_sets: Mapping[str, frozenset[str | None]]
    item_keys: tuple[tuple[re.Pattern[str], str], ...]
    not_threads: tuple[re.Pattern[str], ...]
    paths: Mapping[str, ExtensionPath]
    person_paths: tuple[str, ...]  # extensions that name the other person, in the order they are tried
    account_paths: frozenset[str]  # extensions that hold only an account name on the actor's own home page
    kinds: Mapping[str, Kind]

    def verb(self, iri: str) -> str:
        """Return the canonical verb: one spelling of Activity Streams, then the alias table, never a guess."""
        spelt = _respell(iri, self.spellings)
        return self.verb_aliases.get(spelt, spelt)

    def activity_type(self, iri: str | None) -> str | None:
        """Return the canonical activity type; None stays None."""
        if iri is None:
            return None
        spelt = _respell(iri, self.spellings)
        return self.type_aliases.get(spelt, spelt)

    def item_key(self, activity_id: str) -> str:
        """Return the item key of an activity id: the first rewriting that fits, else the id itself."""
        for pattern, replacement in self.item_keys:
            key, fits = pattern.subn(replacement, activity_id)
            if fits:
                return key
        return activity_id

    def is_thread(self, activity_id: str, activity_type: str | None) -> bool:
        """Tell whether the activity starts a conversation; some senders give the type to more than their threads."""
        return activity_type in self.type_sets["threads"] and not any(
            pattern.search(activity_id) for pattern in self.not_threads
        )

    def expand(self, compact: str) -> str:
        """Return the IRI of a compact one. Raises: ValueError for an unknown prefix."""
        return _expand(compact, self.prefixes)

    def types(self, names: Iterable[str]) -> frozenset[str | None]:
        """Return the canonical types named by compact IRIs, `@<set>` and `untyped`. Raises: ValueError."""
        members: set[str | None] = set()
        for name in names:
            if name.startswith("@"):
                members |= _known_set(name, self.type_sets)
            else:
                members.add(None if name == UNTYPED else self.activity_type(self.expand(name)))
        return frozenset(members)


def read_vocabulary(data: Json) -> Vocabulary:
    """Build the vocabulary from its JSON. Raises: ValueError naming what is unknown; KeyError for a missing table."""
    prefixes: dict[str, str] = data["prefixes"]
    spellings = tuple((written, canonical) for written, canonical in data["spellings"])
    return Vocabulary(
        prefixes=prefixes,
        spellings=spellings,
        verb_aliases=_aliases(data["verb_aliases"], prefixes, spellings),
        type_aliases=_aliases(data["type_aliases"], prefixes, spellings),
        type_sets=_type_sets(data["type_sets"], prefixes),
        item_keys=tuple((re.compile(pattern), replacement) for pattern, replacement in data["item_keys"]),
        not_threads=tuple(re.compile(pattern) for pattern in data["not_threads"]),
        paths={name: ExtensionPath(place, _expand(iri, prefixes)) for name, (place, iri) in data["paths"].items()},
        person_paths=tuple(data["person_paths"]),
        account_paths=frozenset(data["account_paths"]),
        kinds={
            name: Kind(implied.get("creates", False), implied.get("text", False), tuple(implied.get("targets", ())))
            for name, implied in data["kinds"].items()
        },
    )


def _respell(iri: str, spellings: tuple[tuple[str, str], ...]) -> str:
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
    raise ValueError(f"{compact!r} is neither an IRI nor starts with a known prefix")


def _aliases(
    table: Mapping[str, str], prefixes: Mapping[str, str], spellings: tuple[tuple[str, str], ...]
) -> dict[str, str]:
    return {_respell(_expand(name, prefixes), spellings): _expand(to, prefixes) for name, to in table.items()}


def _type_sets(table: Mapping[str, list[str]], prefixes: Mapping[str, str]) -> dict[str, frozenset[str | None]]:
    sets: dict[str, frozenset[str | None]] = {}
    for name, members in table.items():
        types: set[str | None] = set()
        for member in members:
            types |= _known_set(member, sets) if member.startswith("@") else {_expand(member, prefixes)}
        sets[name] = frozenset(types)
    return sets


def _known_set(name: str, sets: Mapping[str, frozenset[str | None]]) -> frozenset[str | None]:
    if name[1:] not in sets:
        raise ValueError(f"{name!r} is no set of types (accepted: {', '.join(f'@{known}' for known in sets)})")
    return sets[name[1:]]
