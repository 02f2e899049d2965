"""Persons in the place of agents, before any metric sees an act."""

from collections.abc import Iterable

from lrs.core.people.identity import Identity
from lrs.plugin import Act


def resolved(acts: Iterable[Act], identity: Identity) -> list[Act]:
    """Return the acts with the persons behind actor, target and further parties, in their order.

    Whoever opted out is left out: acts by them, and them where acts of others are aimed at them.
    """
    opted_out = identity.opted_out
    return [_resolved(act, identity) for act in acts if identity.person(act.actor) not in opted_out]


def _resolved(act: Act, identity: Identity) -> Act:
    parties = {name: person for name, key in act.parties.items() if (person := _party(key, identity)) is not None}
    actor, target = identity.person(act.actor), _party(act.target, identity)
    if (actor, target, parties) == (act.actor, act.target, act.parties):
        return act
    return Act(  # `dataclasses.replace` takes three times as long
        id=act.id,
        t=act.t,
        actor=actor,
        target=target,
        parties=parties,
        course=act.course,
        subject=act.subject,
        opens=act.opens,
        detail=act.detail,
    )


def _party(key: str | None, identity: Identity) -> str | None:
    person = identity.person(key) if key is not None else None
    return None if person in identity.opted_out else person
