"""Persons in the place of accounts: whose accounts are known as one's counts as if that one had always been named."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from lrs.cli.sample import Sample, generate
from lrs.plugin.loader import load_plugins
from lrs.store.stores import Stores
from lrs.xapi import Json
from lrs.xapi.actors import IDENTIFIERS, actor_key
from tests.telling import Telling

METRICS = [f"{plugin.name}.{metric.id}" for plugin in load_plugins().values() for metric in plugin.metrics]

WHOLE = {"since": "2026-08-03T00:00:00+00:00", "until": "2026-11-02T00:00:00+00:00"}
QUESTIONS: list[dict[str, Any]] = [
    {},
    {"bucket": "week"},
    *({"group_by": kind, "guarded": guarded} for kind in ("course", "department", "community") for guarded in (0, 1)),
    {"group_by": "department", "bucket": "month", "guarded": False},
]

pytestmark = pytest.mark.slow


def relabelled(value: Any, agents: Mapping[str, Json]) -> Any:
    """Return JSON with another agent wherever one of these is named."""
    if isinstance(value, list):
        return [relabelled(each, agents) for each in value]
    if not isinstance(value, dict):
        return value
    if any(name in value for name in IDENTIFIERS) and value.get("objectType", "Agent") == "Agent":
        return {"objectType": "Agent", **agents.get(str(actor_key(value)), value)}
    return {name: relabelled(each, agents) for name, each in value.items()}


@dataclass(frozen=True)
class Told:
    """The same sample twice: with many accounts each of which is known to be somebody's, and with one for each."""

    sample: Sample
    accounts: Telling
    persons: Telling


@pytest.fixture(scope="module")
async def told(stores: Stores) -> AsyncIterator[Told]:
    sample = generate(people=60, statements=2500, seed=5)
    people = sample.organisation.roster()["people"]
    agents = {str(actor_key(each)): person["identifiers"][0] for person in people for each in person["identifiers"]}
    async with Telling.to_a_new_store(stores) as accounts, Telling.to_a_new_store(stores) as persons:
        await accounts.introduce(people)
        await persons.introduce([{**person, "identifiers": person["identifiers"][:1]} for person in people])
        for telling, statements in ((accounts, sample.statements), (persons, relabelled(sample.statements, agents))):
            await telling.tell([statements[n : n + 500] for n in range(0, len(statements), 500)])
        yield Told(sample, accounts, persons)


@pytest.mark.parametrize("metric", METRICS)
async def test_to_know_accounts_as_one_persons_is_to_have_named_that_person_ever(metric: str, told: Told) -> None:
    for asked in QUESTIONS:
        mine = await told.accounts.ask(metric, **{**WHOLE, **asked})
        theirs = await told.persons.ask(metric, **{**WHOLE, **asked})

        assert mine.rows == theirs.rows
        assert len(mine.rows) > 0


async def test_departments_post_what_their_members_were_made_up_to_post(told: Told) -> None:
    departments = {
        actor_key(agent): person["groups"][0]["group"]
        for person in told.sample.organisation.roster()["people"]
        for agent in person["identifiers"]
    }
    since, until = (datetime.fromisoformat(WHOLE[each]) for each in ("since", "until"))
    posts = [post for thread in told.sample.truth.threads.values() for post in thread["posts"]]
    expected = Counter(
        departments[post["author"]] for post in posts if since <= datetime.fromisoformat(post["t"]) < until
    )

    answer = await told.accounts.ask("posts", guarded=False, group_by="department", **WHOLE)

    assert {row.group: row.value for row in answer.rows} == expected
    assert sum(expected.values()) > 300


async def test_the_two_can_differ(told: Told) -> None:
    apart = await told.accounts.interactions()
    one = await told.persons.interactions()

    assert len({each["actor"] for each in apart.values()}) > len({each["actor"] for each in one.values()})
