"""A store with four weeks of talk in three departments, for tests of how it is shown."""

from datetime import UTC, datetime

from lrs.kit.derivation import Derivation
from lrs.plugin.loader import load_plugins
from lrs.store.connection import Client
from lrs.xapi import Json
from tests.living import Living
from tests.reference.samples import DAY, WEEK, reply, thread
from tests.releasing import release

NAMES = "abcdefghijklm"
DEPARTMENTS = dict(zip(NAMES, ["East"] * 3 + ["North"] * 6 + ["West"] * 4, strict=True))
LATER = datetime(2026, 6, 1, tzinfo=UTC)
WEEKS = {"since": "2026-03-02", "until": "2026-03-30", "bucket": "week"}
POSTS = "/api/v1/metrics/discussion.posts"


def person(name: str) -> Json:
    return {
        "id": name,
        "name": f"Person {name}",
        "identifiers": [{"mbox": f"mailto:{name}@example.org"}],
        "groups": [{"kind": "department", "group": DEPARTMENTS[name]}],
    }


def statements() -> list[Json]:
    """In week 0 all thirteen start a thread and answer one, in 1 the six of North start one, in 2 two do, in 3 all."""
    told = [thread(n, who, n, f"t:{who}") for n, who in enumerate(NAMES)]
    told += [reply(100 + n, who, DAY + n, f"p:{who}", f"t:{NAMES[n - 1]}") for n, who in enumerate(NAMES)]
    for week, names in ((1, NAMES[3:9]), (2, NAMES[3:5]), (3, NAMES)):
        told += [thread(week * 1000 + n, who, week * WEEK + n, f"t:{week}:{who}") for n, who in enumerate(names)]
    return told


async def talk(lrs: Living, client: Client) -> Living:
    """Tell it all, and have it derived and released."""
    people = [person(name) for name in NAMES]
    assert (await lrs.http.put("/api/v1/people", json={"people": people})).status_code == 200
    await go_on(lrs, client, statements())
    return lrs


async def go_on(lrs: Living, client: Client, more: list[Json]) -> None:
    """Store more statements, and have them derived and released."""
    sent = await lrs.post([{name: part for name, part in each.items() if name != "stored"} for each in more])
    async with Derivation.of(lrs.store, client, load_plugins().values()) as derivation:
        await derivation.take(sent.json(), LATER)
        await derivation.apply()
    await release(lrs.store, client)
