import dataclasses
from typing import Any

from lrs.core.analytics.resolved import resolved
from lrs.core.people.identity import Identity
from tests.core.analytics.samples import act

KNOWN = Identity(persons={"ann": "p1", "anna": "p1", "ben": "p2"}, opted_out=frozenset({"p2", "dee"}))


def test_persons_take_the_place_of_agents_everywhere() -> None:
    told = act("ann", target="anna", parties={"parent": "anna", "other": "cem"}, course="ann", subject="ann")

    (found,) = resolved([told], KNOWN)

    persons: dict[str, Any] = {"actor": "p1", "target": "p1", "parties": {"parent": "p1", "other": "cem"}}
    assert found == dataclasses.replace(told, **persons)


def test_acts_of_strangers_toward_strangers_stay_as_they_are() -> None:
    told = act("cem", target="eve", parties={"parent": "eve"})

    assert resolved([told], KNOWN)[0] is told


def test_who_opted_out_neither_acts_nor_is_aimed_at() -> None:
    told = [act("ben"), act("dee"), act("ann", target="ben", parties={"parent": "ben", "other": "cem"})]

    (found,) = resolved(told, KNOWN)

    assert (found.actor, found.target, found.parties) == ("p1", None, {"other": "cem"})
