"""Who asks for the matrix of groups before and after an edit of people sees nothing of it, until k people differ."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from lrs.core.analytics import Analytics
from lrs.core.network import Network
from lrs.plugin.loader import load_plugins
from lrs.store.stores import Stores
from tests.privacy.attacker import Guarded, K
from tests.privacy.organisation import member, person
from tests.reference.samples import DAY, MONDAY, reply, thread
from tests.reference.statements import Statement
from tests.telling import spread

DEPARTMENTS = {"North": "abcdefghijkl", "South": "mnopqrstuvwx"}
PEOPLE = {name: department for department, names in DEPARTMENTS.items() for name in names}
WEEK = {"since": spread(MONDAY, 0), "until": spread(MONDAY, 7)}


def talk() -> list[Statement]:
    """Everybody starts a thread, and answers one of their own department and one of the other."""
    names = list(PEOPLE)
    return [
        told
        for n, name in enumerate(names)
        for told in (
            thread(100 + n, name, n, f"t:{name}"),
            reply(200 + n, name, DAY + n, f"p:{name}", f"t:{names[12 * (n // 12) + (n + 1) % 12]}"),
            reply(300 + n, name, 2 * DAY + n, f"q:{name}", f"t:{names[n - 12]}"),
        )
    ]


def everybody(**moved: str) -> list[dict[str, Any]]:
    """The people, some of them in other departments."""
    return [person(name, member("department", moved.get(name, department))) for name, department in PEOPLE.items()]


@pytest.fixture
async def telling(stores: Stores) -> AsyncIterator[Guarded]:
    async with Guarded.told(stores, everybody(), talk()) as made:
        yield made


async def matrix(telling: Guarded) -> dict[str, Any]:
    """All that is answered of the groups and what goes between them."""
    network = Network(Stores(telling.client), Analytics(load_plugins(), K))
    answer = (await network.answer(telling.access, list(WEEK.items()))).as_dict()
    return {name: answer[name] for name in ("entries", "groups", "network", "stale")}


def acts(found: dict[str, Any]) -> dict[tuple[str, str], int | None]:
    return {(each["source"], each["target"]): each["acts"] for each in found["entries"]}


async def edit(telling: Guarded, **moved: str) -> dict[str, Any]:
    await telling.introduce(everybody(**moved))
    await telling.release()
    return await matrix(telling)


async def test_who_was_elsewhere_changes_nothing_of_a_closed_week_until_k_people_were(telling: Guarded) -> None:
    before = await matrix(telling)
    assert acts(before) == dict.fromkeys([(one, other) for one in DEPARTMENTS for other in DEPARTMENTS], 12)
    assert not before["stale"]

    assert await edit(telling, b="South") == before
    assert await edit(telling, **dict.fromkeys("bcde", "South")) == before

    after = acts(await edit(telling, **dict.fromkeys("bcdef", "South")))
    assert after["North", "North"] is not None
    assert after["North", "North"] < 12
    assert after != acts(before)


async def test_between_the_edit_and_the_release_nothing_of_it_is_seen_either(telling: Guarded) -> None:
    before = await matrix(telling)

    await telling.introduce(everybody(b="South"))

    assert await matrix(telling) == {**before, "stale": True}
