from datetime import datetime, timedelta

import pytest

from lrs import clock
from lrs.core.analytics.files import KEPT, File, KeptFiles
from tests.core.analytics.samples import MONDAY


class Clock:
    def __init__(self) -> None:
        self.time = MONDAY

    def now(self) -> datetime:
        return self.time


@pytest.fixture
def present(monkeypatch: pytest.MonkeyPatch) -> Clock:
    told = Clock()
    monkeypatch.setattr(clock, "now", told.now)
    return told


def file(content: bytes) -> File:
    return File("a.csv", "text/csv", content)


def test_a_file_is_kept_for_a_minute(present: Clock) -> None:
    kept = KeptFiles()
    kept.put(("store", "a"), file(b"1"))

    present.time += KEPT
    assert kept.get(("store", "a")) == file(b"1")
    assert kept.get(("other", "a")) is None
    present.time += timedelta(milliseconds=1)
    assert kept.get(("store", "a")) is None


def test_the_newest_takes_the_place_of_the_one_before(present: Clock) -> None:
    kept = KeptFiles()
    kept.put(("a",), file(b"1"))
    present.time += KEPT
    kept.put(("a",), file(b"2"))
    present.time += KEPT

    assert kept.get(("a",)) == file(b"2")


def test_the_oldest_go_when_there_is_too_much() -> None:
    kept = KeptFiles(most_bytes=10)
    for name in "abc":
        kept.put((name,), file(b"1234"))
    kept.put(("huge",), file(b"1" * 11))

    assert [kept.get((name,)) is not None for name in ("a", "b", "c", "huge")] == [False, True, True, False]


def test_the_validator_is_of_the_content() -> None:
    assert file(b"1").etag == file(b"1").etag != file(b"2").etag
    assert file(b"").etag.startswith('"')
