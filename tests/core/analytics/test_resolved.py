import dataclasses
from typing import Any

from lrs.core.analytics.resolved import resolved
from lrs.core.people.identity import Identity
from lrs.core.runner import document
from lrs.plugin import Act
from tests.core.analytics.samples import act

KNOWN = Identity(persons={"ann": "p1", "anna": "p1", "ben": "p2"}, opted_out=frozenset({"p2", "dee"}))


def persons_of(told: list[Act]) -> list[Act]:
    """The acts as they come out of a view, with persons in the place of agents."""
    return resolved(map(document, told), KNOWN)


def test_persons_take_the_place_of_agents_everywhere() -> None:
    told = act("ann", target="anna", parties={"parent": "anna", "other": "cem"}, course="ann", subject="ann")

    (found,) = persons_of([told])

    persons: dict[str, Any] = {"actor": "p1", "target": "p1", "parties": {"parent": "p1", "other": "cem"}}
    assert found == dataclasses.replace(told, **persons)


def test_acts_of_strangers_toward_strangers_stay_as_they_are() -> None:
    told = act("cem", target="eve", parties={"parent": "eve"})

    assert persons_of([told]) == [told]


def test_who_opted_out_neither_acts_nor_is_aimed_at() -> None:
    told = [act("ben"), act("dee"), act("ann", target="ben", parties={"parent": "ben", "other": "cem"})]

    (found,) = persons_of(told)

    assert (found.actor, found.target, found.parties) == ("p1", None, {"other": "cem"})
