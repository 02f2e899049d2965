"""The promise: `stored` never goes back, and nothing below P appears later (xAPI Communication 2.1.3)."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from lrs import clock
from lrs.store.promise import Promise
from lrs.store.stores import Store
from tests.store.samples import new, statement

SECOND = timedelta(seconds=1)


class Clock:
    """A machine's clock that the test sets."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Clock:
    machine = Clock()
    monkeypatch.setattr(clock, "now", machine.now)
    return machine


def test_without_writes_the_promise_is_the_present(machine: Clock) -> None:
    promise = Promise()
    machine.time += SECOND

    assert promise.through() == machine.time


def test_a_write_under_way_holds_the_promise_back(machine: Clock) -> None:
    promise = Promise()
    with promise.storing() as first:
        machine.time += SECOND
        with promise.storing() as second:
            machine.time += SECOND
            assert (second - first, promise.through()) == (SECOND, first)
        assert promise.through() == first

    assert promise.through() > second


def test_of_two_writes_at_once_the_later_to_end_counts(machine: Clock) -> None:
    promise = Promise()
    one, other = promise.storing(), promise.storing()
    stored = one.__enter__()
    assert other.__enter__() == stored
    machine.time += SECOND
    one.__exit__(None, None, None)
    assert promise.through() == stored
    other.__exit__(None, None, None)

    assert promise.through() == machine.time


def test_what_was_just_stored_lies_below_the_promise(machine: Clock) -> None:
    promise = Promise()
    with promise.storing() as stored:
        pass

    assert promise.through() > stored


def test_nothing_is_stored_below_a_promise_that_was_given(machine: Clock) -> None:
    promise = Promise()
    with promise.storing():
        pass
    promised = promise.through()

    with promise.storing() as stored:
        assert stored >= promised


def test_stored_and_the_promise_never_go_back_with_the_machines_clock(machine: Clock) -> None:
    promise = Promise()
    with promise.storing() as before:
        pass
    promised = promise.through()
    machine.time -= 3600 * SECOND

    with promise.storing() as stored:
        assert stored >= promised > before
        assert promise.through() >= promised
    assert promise.through() >= promised


def test_a_write_that_fails_holds_the_promise_back_no_longer(machine: Clock) -> None:
    promise = Promise()
    with pytest.raises(RuntimeError), promise.storing():
        raise RuntimeError
    machine.time += SECOND

    assert promise.through() == machine.time


async def test_nothing_below_the_promise_appears_later(store: Store) -> None:
    """Writers in disorder, and readers who look again at what they were promised to have seen whole."""
    statements, ended = store.statements, asyncio.Event()

    async def write(number: int) -> None:
        while not ended.is_set():
            with statements.promise.storing() as stored:
                await asyncio.sleep(0.001 * (number % 4))
                batch = [new(statement(), stored) for _ in range(1 + number % 2)]
                await (statements.insert_all(batch) if number % 2 else statements.insert_one(batch[0]))

    async def below(promised: datetime) -> set[object]:
        found = store.database["statements"].find({"stored": {"$lt": promised}}, {"_id": 1})
        return {document["_id"] async for document in found}

    writing = [asyncio.create_task(write(number)) for number in range(8)]
    seen: list[tuple[datetime, set[object]]] = []
    for _ in range(30):
        promised = statements.promise.through()
        seen.append((promised, await below(promised)))
        await asyncio.sleep(0.01)
    ended.set()
    await asyncio.gather(*writing)

    assert [await below(promised) for promised, _ in seen] == [found for _, found in seen]
    assert [promised for promised, _ in seen] == sorted(promised for promised, _ in seen)
    assert len(seen[-1][1]) > len(seen[0][1])
