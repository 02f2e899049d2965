"""Persons in the place of agents, before any metric sees an act."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from lrs.core.people.identity import Identity
from lrs.plugin import Act

Document: TypeAlias = dict[str, Any]

_NOBODY: Mapping[str, str] = {}


def resolved(found: Iterable[Document], identity: Identity) -> list[Act]:
    """Return the acts of a view's documents with the persons behind actor, target and further parties, in their order.

    Whoever opted out is left out: acts by them, and them where acts of others are aimed at them.
    """
    opted_out = identity.opted_out
    return [_act(each, identity) for each in found if identity.person(each["actor"]) not in opted_out]


def _act(found: Document, identity: Identity) -> Act:
    told: Mapping[str, str] = found.get("parties", _NOBODY)
    parties = {name: person for name, key in told.items() if (person := _party(key, identity)) is not None}
    return Act(
        id=found["_id"],
        t=found["t"],
        actor=identity.person(found["actor"]),
        target=_party(found["target"], identity),
        parties=parties,
        course=found["course"],
        subject=found["subject"],
        opens=found["opens"],
        detail=found["detail"],
    )


def _party(key: str | None, identity: Identity) -> str | None:
    person = identity.person(key) if key is not None else None
    return None if person in identity.opted_out else person
