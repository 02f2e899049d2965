"""Edits of people: one transaction with the version, and one after the other."""

from collections.abc import Mapping
from typing import Any

import pytest

from lrs.errors import Conflict
from lrs.store.interactions import Session
from lrs.store.people import BEGINNING, Wanted
from lrs.store.stores import Store
from tests.core.people.samples import membership, person

Changed = Mapping[str, dict[str, Any] | None]


async def nothing_else(session: Session, changed: Changed) -> None:
    """An edit that writes people only."""


def told(identity: str, *identifiers: str) -> dict[str, Any]:
    return {**person(identity, *identifiers), "name": identity.upper(), "agents": []}


async def test_identifiers_change_hands_in_one_edit(store: Store) -> None:
    before: Changed = {"p1": told("p1", "ann"), "p2": told("p2", "ben")}
    after: Changed = {"p1": told("p1", "ben"), "p2": told("p2", "ann")}
    await store.people.edit(Wanted(), lambda found: before, nothing_else)
    await store.people.edit(Wanted(["p1", "p2"]), lambda found: after, nothing_else)

    assert [each["identifiers"] for each in await store.people.everybody()] == [["ben"], ["ann"]]
    assert await store.people.version() == 2


async def test_an_edit_that_is_refused_or_changes_nothing_raises_no_version(store: Store) -> None:
    def refuse(found: Mapping[str, Any]) -> Changed:
        raise Conflict("no")

    await store.people.edit(Wanted(["p1"]), lambda found: {"p1": told("p1", "ann")}, nothing_else)
    with pytest.raises(Conflict):
        await store.people.edit(Wanted(["p1"]), refuse, nothing_else)
    changed = await store.people.edit(Wanted([], ["ann"]), dict, nothing_else)

    assert (changed, await store.people.version()) == ({}, 1)
    assert await store.people.changed_since(0) == BEGINNING
    assert await store.people.changed_since(1) is None


async def test_what_an_edit_also_writes_is_written_with_it_or_not_at_all(store: Store) -> None:
    async def fail(session: Session, changed: Changed) -> None:
        raise Conflict("the audit is away")

    with pytest.raises(Conflict):
        await store.people.edit(Wanted(["p1"]), lambda found: {"p1": told("p1", "ann")}, fail)

    assert await store.people.everybody() == []
    assert await store.people.version() == 0


async def test_an_edit_is_given_who_is_wanted_by_id_identifier_or_partner(store: Store) -> None:
    paired = {**told("p3"), "memberships": [membership("programme", "M", **{"with": "p9"})]}
    people = {each["_id"]: each for each in (told("p1", "ann"), told("p2", "ben"), paired, told("p4"))}
    await store.people.edit(Wanted(), lambda found: people, nothing_else)
    seen: list[set[str]] = []

    def look(found: Mapping[str, Any]) -> Changed:
        seen.append(set(found))
        return {}

    await store.people.edit(Wanted(["p1"], ["ben"], ["p9"]), look, nothing_else)

    assert seen == [{"p1", "p2", "p3"}]


async def test_analytics_read_neither_names_nor_agents(store: Store) -> None:
    await store.people.edit(Wanted(), lambda found: {"p1": told("p1", "ann")}, nothing_else)

    assert await store.people.everybody() == [person("p1", "ann")]
