"""The promise: `stored` never goes back, and nothing below P appears later (xAPI Communication 2.1.3)."""

from datetime import UTC, datetime, timedelta

import pytest

from lrs import clock
from lrs.store.promise import Promise

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


def test_a_promise_that_was_given_while_nothing_was_written_binds_too(machine: Clock) -> None:
    promise = Promise()
    machine.time += SECOND
    promised = promise.through()
    machine.time -= 3600 * SECOND

    assert promise.through() >= promised
    with promise.storing() as stored:
        assert stored >= promised


def test_under_a_new_record_nothing_is_stored_below_what_was_told_before(machine: Clock) -> None:
    promise = Promise()
    told = machine.time + 5 * SECOND
    promise.begin_again(told)

    with promise.storing() as stored:
        assert stored >= told
        assert promise.covers(stored)
        assert promise.through() == stored


def test_what_was_given_its_time_under_an_earlier_record_may_not_be_written(machine: Clock) -> None:
    promise = Promise()
    with promise.storing() as early:
        machine.time += SECOND
        promise.begin_again(machine.time)
        assert not promise.covers(early)
        assert promise.through() == machine.time
        with promise.storing() as late:
            assert promise.covers(late)
