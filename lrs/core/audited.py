"""What is audited, and each entry in plain words."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import orjson

from lrs.xapi import Json

Words: TypeAlias = Callable[[Json], str]

MOST_CHARACTERS = 60  # of a value that is told in words


def told(entry: Json) -> str:
    """Return what an entry of the audit says that `who` did, such as "switched the plugin discussion off"."""
    words = WORDS.get(entry["what"])
    return f"{entry['what']} {entry['of']}" if words is None else words(entry)  # of a version that knows more


def kinds(group_or_kind: str) -> tuple[str, ...]:
    """Return the kinds of entries that a group of them, or a kind by itself, means."""
    return GROUPS.get(group_or_kind, (group_or_kind,))


def _configured(entry: Json) -> str:
    before, after = entry["before"], entry["after"]
    names = [name for name in (before | after) if before.get(name) != after.get(name)]
    changes = [f"{name} from {_value(before, name)} to {_value(after, name)}" for name in names]
    return f"changed the settings of the plugin {entry['of']}: {', '.join(changes)}"


def _value(settings: Json, name: str) -> str:
    """Return a setting in JSON, cut where it is long; what is not chosen is as by default."""
    if name not in settings:
        return "its default"
    text = orjson.dumps(settings[name]).decode()
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}..."


def _switched(entry: Json) -> str:
    return f"switched the plugin {entry['of']} {'on' if entry['after'].get('enabled') else 'off'}"


def _put(entry: Json) -> str:
    return f"added or changed {_people(entry['after'].get('people'))}: {entry['of']}"


def _granted(entry: Json) -> str:
    after = entry["after"]
    return f"made the credential {entry['of']} for {after.get('name')}, which may do: {', '.join(after['scopes'])}"


def _shown(entry: Json) -> str:
    after = entry["after"]
    what = "the network between people" if entry["what"] == "network.person" else f"the table {entry['of']}"
    window = entry["of"] if entry["what"] == "network.person" else f"{after.get('since')} to {after.get('until')}"
    return f"was shown {what}, {window}: {_people(after.get('people'))}, {after.get('named')} of them by name"


def _people(n: int | None) -> str:
    return "1 person" if n == 1 else f"{n} people"


WORDS: Mapping[str, Words] = {
    "plugin.config": _configured,
    "plugin.enabled": _switched,
    "plugin.rebuild": lambda entry: f"had all that the plugin {entry['of']} tells derived anew",
    "plugin.retry": lambda entry: f"had the plugin {entry['of']} try again what it had failed on",
    "people.put": _put,
    "people.merge": lambda entry: f"made several people one person, which changed: {entry['of']}",
    "people.split": lambda entry: f"gave identifiers of one person to another: {entry['of']}",
    "people.delete": lambda entry: f"deleted the person {entry['of']}",
    "credential.create": _granted,
    "credential.delete": lambda entry: f"deleted the credential {entry['of']}",
    "redaction.change": lambda entry: f"changed what is dropped from statements in the store {entry['of']}",
    "network.person": _shown,
    "table.person": _shown,
}
"""Every kind of entry, and what it says of whoever did it."""

GROUPS: Mapping[str, tuple[str, ...]] = {
    "plugins": tuple(kind for kind in WORDS if kind.startswith("plugin.")),
    "people": tuple(kind for kind in WORDS if kind.startswith("people.")),
    "rights": ("credential.create", "credential.delete", "redaction.change"),
    "names": ("network.person", "table.person"),
}
"""Kinds that are asked for together: who changed plugins, who edited people, who gave out rights or changed what is
stored, and who was shown people one by one.
"""
