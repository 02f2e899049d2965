"""What more depends on than one transaction holds is settled in several, and comes to the same."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lrs.core import feed_reader
from lrs.core.normaliser import projection, reader
from lrs.kit.derivation import Derivation
from lrs.store.positions import NORMALISER
from lrs.store.stores import Stores
from lrs.store.unsettled import Unsettled
from tests.conversations import conversations, deliveries
from tests.core.normaliser.test_pending import kept
from tests.core.normaliser.test_projection import by_number
from tests.reference.samples import activity, person, reply, statement, thread, uuid, void
from tests.reference.statements import Statement
from tests.telling import Telling

LIKED = "https://w3id.org/xapi/acrossx/verbs/liked"


def like(number: int, actor: str, id: str, at: float) -> Statement:
    return statement(number, actor, LIKED, activity(id), at)


LIKES = [like(n, f"p{n}", "t:A", n) for n in range(10, 20)]
AGAIN = [like(n, "p", "t:B", n / 10) for n in range(30, 40)]


@pytest.fixture
async def telling(stores: Stores) -> AsyncIterator[Telling]:
    async with Telling.to_a_new_store(stores) as made:
        yield made


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projection, "MOST", 3)
    monkeypatch.setattr(reader, "SETTLED_AT_ONCE", 2)


async def targets(telling: Telling) -> set[str | None]:
    """Whom the likes are toward."""
    return {each["target"] for key, each in (await by_number(telling)).items() if 10 <= key < 20}


async def left(telling: Telling) -> int:
    return await telling.store.database["unsettled_0"].count_documents({})


@pytest.mark.usefixtures("few_at_once")
async def test_an_author_who_arrives_late_changes_and_goes_is_the_target_of_all_who_liked(telling: Telling) -> None:
    await telling.tell([LIKES])
    assert await targets(telling) == {None}

    for told, author in (
        (thread(1, "a", 5, "t:A"), person("a")),
        (thread(2, "b", 1, "t:A"), person("b")),
        (void(3, 2), person("a")),
        (void(4, 1), None),
    ):
        await telling.tell([[told]])
        assert (await targets(telling), await left(telling)) == ({author}, 0)


@pytest.mark.usefixtures("few_at_once")
async def test_what_hangs_below_moves_with_its_root_level_by_level(telling: Telling) -> None:
    levels = [reply(100 * level + n, f"u{n}", 10 * level, f"p:{level}{n}", f"p:{level - 1}{n}" if level > 1 else "t:A")
              for level in (1, 2, 3) for n in range(6)]  # fmt: skip
    await telling.tell([levels, [reply(1, "a", 1, "t:A", "t:0")], [thread(2, "b", 0, "t:0")]])

    found = await by_number(telling)
    assert {(each["root_id"], each["depth"], each["on_thread"]) for key, each in found.items() if key >= 300} == {
        ("t:0", 4, True)
    }


@pytest.mark.usefixtures("few_at_once")
async def test_an_act_told_many_times_counts_once_when_its_first_telling_changes(telling: Telling) -> None:
    earlier = like(40, "p", "t:B", 2)
    for batches, first in (([AGAIN[1:]], 31), ([[AGAIN[0]]], 30), ([[earlier]], 40), ([[void(50, 40)]], 30)):
        await telling.tell(batches)

        found = await by_number(telling)
        assert [key for key, each in found.items() if each["state"] == "live"] == [first]
        assert {each["repeats"] for key, each in found.items() if key != first} == {UUID(uuid(first))}


@pytest.mark.usefixtures("few_at_once")
@pytest.mark.parametrize("killed", ["settle", "remove"])
@pytest.mark.parametrize("late", [[thread(1, "a", 5, "t:A")], [like(29, "p", "t:B", 1)]])
async def test_after_a_kill_in_between_it_is_settled_before_anything_else_is_read(
    killed: str, late: list[Statement], telling: Telling, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(Exception):
        pass

    async def die(*_: Any) -> None:
        raise Killed

    def die_at_once(*_: Any) -> None:
        raise Killed

    async with Derivation.of(telling.store, telling.client, ()) as derivation:
        await derivation.take(await telling.post([*LIKES, *AGAIN]))
        until, posted = derivation.reader.position.data_until, await telling.post(late)
        with monkeypatch.context() as patched:
            if killed == "remove":
                patched.setattr(Unsettled, "remove", die)
            else:
                patched.setattr(projection.Projection, "settle", die)
                patched.setattr(projection.Projection, "settle_series", die_at_once)
            with pytest.raises(Killed):
                await derivation.take(posted)
    assert await left(telling) == 1
    assert (await telling.store.positions.get(NORMALISER)).data_until == until

    async with Derivation.of(telling.store, telling.client, ()) as derivation:
        await derivation.reader.read_settled()
        incremental = await kept(telling, 0)
        await derivation.derive_anew()

    assert await left(telling) == 0
    assert incremental == await kept(telling, (await telling.store.positions.get(NORMALISER)).generation)


@pytest.mark.slow
@pytest.mark.timeout(300)
@settings(
    max_examples=15,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
async def test_conversations_come_to_the_same_however_little_is_settled_at_once(
    data: st.DataObject, telling: Telling
) -> None:
    told = data.draw(conversations())
    await telling.forget()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(projection, "MOST", data.draw(st.integers(0, 4)))
        patched.setattr(reader, "SETTLED_AT_ONCE", data.draw(st.integers(1, 4)))
        patched.setattr(feed_reader, "SCANNED", data.draw(st.integers(1, 5)))
        async with Derivation.of(telling.store, telling.client, ()) as derivation:
            for batch in data.draw(deliveries(told)):
                await derivation.take(await telling.post(batch))
            heard = await kept(telling, 0)
            await derivation.derive_anew()
    scanned = await kept(telling, (await telling.store.positions.get(NORMALISER)).generation)
    async with Derivation.of(telling.store, telling.client, ()) as derivation:
        await derivation.derive_anew()
    at_once = await kept(telling, (await telling.store.positions.get(NORMALISER)).generation)

    assert heard == at_once
    assert scanned == at_once
