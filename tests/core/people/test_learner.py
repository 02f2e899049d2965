"""Memberships learned from statements, whatever order they arrive in."""

import time
from collections.abc import AsyncIterator
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from lrs.core.normaliser.reader import StoreReader
from lrs.core.normaliser.rules import load_rules
from lrs.core.people import learner
from lrs.core.people.identities import Identities
from lrs.core.people.identity import Identity
from lrs.kit import interaction
from lrs.store import feed
from lrs.store.changes import LogEntry
from lrs.store.stores import Stores
from lrs.xapi.versions import Version
from tests.core.people.samples import day
from tests.reference.samples import DAY, activity, person, statement, uuid, void
from tests.reference.statements import Statement
from tests.telling import Telling

JOIN, LEAVE = "http://activitystrea.ms/join", "http://activitystrea.ms/leave"
TEAM = activity("g:1", "https://xapi.edlm/profiles/edlm-lms/concepts/activity-types/group")
COMMUNITY = activity("g:2", "http://id.tincanapi.com/activitytype/community-site")


@pytest.fixture(scope="module")
async def shared(stores: Stores) -> AsyncIterator[Telling]:
    async with Telling.to_a_new_store(stores) as made:
        yield made


@pytest.fixture
async def telling(shared: Telling) -> Telling:
    await shared.forget()
    return shared


def joins(number: int, who: str, after: float, of: dict[str, Any] = TEAM) -> Statement:
    return statement(number, who, JOIN, of, after * DAY)


def leaves(number: int, who: str, after: float, of: dict[str, Any] = TEAM) -> Statement:
    return statement(number, who, LEAVE, of, after * DAY)


async def known(telling: Telling) -> Identity:
    return await Identities().of(telling.store)


async def teams(telling: Telling, who: str, *days: float, kind: str = "team") -> list[list[str]]:
    identity = await known(telling)
    return [identity.groups(identity.person(person(who)), kind, day(each)) for each in days]


async def test_who_joined_is_a_member_until_leaving(telling: Telling) -> None:
    await telling.tell([[joins(1, "a", 1), leaves(2, "a", 3), joins(3, "b", 2), joins(4, "a", 1, COMMUNITY)]])

    assert await teams(telling, "a", 0, 1, 3) == [[], ["g:1"], []]
    assert await teams(telling, "b", 3) == [["g:1"]]
    assert await teams(telling, "a", 9, kind="community") == [["g:2"]]


async def test_the_order_of_arrival_makes_no_difference(telling: Telling) -> None:
    told = [joins(1, "a", 1), leaves(2, "a", 3), joins(3, "a", 5), void(4, 3), joins(5, "b", 4)]
    expected = None
    for order in list(permutations(told))[::7]:
        await telling.forget()
        await telling.read([[each] for each in order])
        await telling.release()
        found = (await known(telling)).memberships
        assert expected in (None, found)
        expected = found

    assert await teams(telling, "a", 2, 6) == [["g:1"], []]


async def test_what_was_voided_never_happened(telling: Telling) -> None:
    await telling.tell([[joins(1, "a", 1), joins(2, "a", 4), leaves(3, "a", 6)], [void(4, 1), void(5, 3)]])

    assert await teams(telling, "a", 2, 5, 7) == [[], ["g:1"], ["g:1"]]
    await telling.tell([[void(6, 2)]])
    assert await teams(telling, "a", 5) == [[]]
    assert await telling.store.learned.everything() == []


async def test_a_version_is_raised_only_where_something_was_learned_and_from_then_on(telling: Telling) -> None:
    await telling.tell([[joins(1, "a", 1), joins(2, "b", 5)]])
    first = await telling.store.people.version()

    await telling.tell([[joins(3, "a", 2), joins(4, "b", 6)]])
    assert await telling.store.people.version() == first
    await telling.tell([[joins(5, "c", 7)]])
    assert await telling.store.people.version() == first + 1
    assert await telling.store.people.changed_since(first) == day(7)


async def test_an_imported_membership_of_the_kind_stands_and_a_merge_joins_what_was_learned(telling: Telling) -> None:
    await telling.tell([[joins(1, "a", 1), leaves(2, "b", 3), joins(3, "c", 1), joins(4, "c", 1, COMMUNITY)]])
    accounts = [{"mbox": f"mailto:{name}@example.org"} for name in "abc"]
    elsewhere = [{"kind": "team", "group": "g:9"}]
    people = [{"id": "p1", "identifiers": accounts[:2]}, {"id": "p2", "identifiers": accounts[2:], "groups": elsewhere}]

    await telling.introduce(people)

    assert await teams(telling, "a", 2, 4) == [["g:1"], []]
    assert await teams(telling, "c", 2) == [["g:9"]]
    assert await teams(telling, "c", 2, kind="community") == [["g:2"]]


async def test_teams_and_instructors_are_learned_from_any_act(telling: Telling) -> None:
    await telling.tell([[joins(1, "a", 1)]])
    teams_told = [{"group": "t:1", "members": [person("a"), person("b")]}]
    made = [
        replied(2, t=day(2), actor=person("c"), teams=teams_told),
        replied(3, t=day(1), actor=person("c"), teams=teams_told, state="voided", voided=True),
        replied(4, t=day(3), actor=person("d"), course_id="c:1", actor_role="instructor"),
        replied(5, t=day(3), actor=person("e"), course_id="c:1", actor_role="learner"),
    ]
    async with telling.client.start_session() as session, await session.start_transaction():
        await telling.store.interactions(0).save(
            inserted=made, changed=(), items=(), unmapped={}, forgotten=(), session=session
        )
        log = [LogEntry(n, "insert", act["_id"], "reply") for n, act in enumerate(made, start=2)]
        await telling.store.changes(0).append(log, session)

    await telling.release()

    assert await teams(telling, "a", 1.5, 2) == [["g:1"], ["g:1", "t:1"]]
    assert await teams(telling, "b", 1.5, 2) == [[], ["t:1"]]
    identity = await known(telling)
    assert [identity.is_instructor(person(who), "c:1", day(3)) for who in "de"] == [True, False]


def for_teams(number: int, who: str, *, teams: int, role: str | None = None) -> Statement:
    """An act for teams of one member each, addressed to them if there is a role for that."""
    groups = [
        {"objectType": "Group", **team(n), "member": [{"mbox": f"mailto:m{n}@example.org"}]} for n in range(teams)
    ]
    roles = {} if role is None else {"relevantTypes": [role]}
    listed = [{"objectType": "contextGroup", "group": group, **roles} for group in groups]
    told = statement(number, who, "http://activitystrea.ms/share", activity("x:1"), number)
    return {**told, "context": {"contextGroups": listed}}


def team(number: int) -> dict[str, str]:
    return {"mbox": f"mailto:team-{number}@example.org"}


@pytest.mark.parametrize("role", [None, "https://example.org/roles/reader"])
async def test_a_statement_for_thousands_of_teams_is_derived_and_learned_from_in_time(
    telling: Telling, role: str | None
) -> None:
    ids = await telling.post([for_teams(1, "a", teams=2500, role=role)], Version.V2)
    rules = load_rules({"context_roles": {role: "addressee"}} if role is not None else {})
    begun = time.monotonic()

    async with telling.client.start_session() as session:
        reader = StoreReader(telling.store, rules, "a test", session)
        await reader.start()
        arrivals = await feed.stored(telling.store.database, [UUID(each) for each in ids])
        await reader.take(arrivals, {"data_until": day(1)})
        learning = learner.MembershipLearner(telling.store, "a test", session)
        await learning.start()
        while await learning.step():
            pass

    assert time.monotonic() - begun < 20  # two seconds, on a machine with nothing else to do
    assert len(await telling.interactions()) == (1 if role is None else 2500)
    assert await teams(telling, "m2499", 1) == [["mbox:mailto:team-2499@example.org"]]


async def test_it_makes_no_difference_how_much_is_learned_at_once(
    telling: Telling, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [joins(1, "a", 1), joins(2, "a", 2), leaves(3, "a", 3), joins(4, "a", 4), joins(5, "b", 2)]
    told += [joins(number, "a", number, activity(f"g:{number}", TEAM["definition"]["type"])) for number in range(6, 9)]
    await telling.read([told])
    monkeypatch.setattr(learner, "TOGETHER", 2)
    monkeypatch.setattr(learner, "MOST_PENDING", 0)

    await telling.release()

    assert await teams(telling, "a", 1, 3, 4, 8) == [["g:1"], [], ["g:1"], ["g:1", "g:6", "g:7", "g:8"]]
    assert await teams(telling, "b", 2, 9) == [["g:1"], ["g:1"]]
    (group,) = [each for each in await telling.store.learned.everything() if each["group"] == "g:1"]
    assert len(group["events"]) == 4


def replied(number: int, **told: Any) -> dict[str, Any]:
    """A reply as the normaliser keeps it."""
    key = uuid(number)
    return {**interaction("reply", **told), "_id": f"{key}:reply:0", "statement_id": UUID(key)}


async def test_interactions_made_anew_are_learned_from_anew(telling: Telling) -> None:
    await telling.tell([[joins(1, "a", 1), joins(2, "b", 1)]])
    await telling.store.changes(0)._collection.delete_many({})
    await telling.store.database["interactions_0"].delete_many({"_id": f"{uuid(2)}:join:0"})
    await telling.store.database["learned"].update_many({}, {"$set": {"events": []}})
    await telling.store.positions.ask("memberships", {"version": 0})

    await telling.release()

    assert await teams(telling, "a", 2) == [["g:1"]]
    assert await teams(telling, "b", 2) == [[]]
