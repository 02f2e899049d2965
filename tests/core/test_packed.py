"""Acts as they are written: columns of many in one document, and a table again."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import bson
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from lrs.core import packed
from lrs.core.packed import TOGETHER, latest, standing, unpacked
from lrs.plugin import Act, Column, code
from lrs.plugin.frames import frame
from tests.core.analytics.samples import DAY, MONDAY, act

COLUMNS: dict[str, Column] = {"words": "number", "parent": "person", "late": "flag", "until": "time"}

moments = st.datetimes(datetime(1960, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)).map(
    lambda t: t.replace(microsecond=t.microsecond // 1000 * 1000)
)
keys = st.none() | st.text(max_size=3)
details = st.fixed_dictionaries(
    {},
    optional={
        "words": st.none() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False),
        "parent": keys,
        "late": st.none() | st.booleans(),
        "until": st.none() | moments,
    },
)
acts = st.builds(
    Act,
    id=st.uuids().map(str),
    t=moments,
    actor=st.text(max_size=3),
    target=keys,
    course=keys,
    subject=keys,
    subject_t=st.none() | moments,
    opens=st.booleans(),
    contributes=st.booleans(),
    detail=details,
)


def written(*told: Act, seq: int = 1, **gone: datetime) -> list[dict[str, Any]]:
    return packed.packed(told, gone, seq, COLUMNS)


def read(documents: list[dict[str, Any]]) -> pl.DataFrame:
    """The table of documents that went through the database's format."""
    return latest([unpacked([bson.decode(bson.encode(each)) for each in documents], COLUMNS)], COLUMNS)


@given(st.lists(acts, max_size=8, unique_by=lambda each: each.id))
def test_what_is_written_is_read_as_it_was(told: list[Act]) -> None:
    assert read(written(*told)).equals(frame(told, COLUMNS))


def test_what_goes_without_saying_is_not_written() -> None:
    (plain,) = written(act("a"))
    (full,) = written(act("a", course="c", opens=True, contributes=False, detail={"words": 2}))

    assert plain.keys() == {"day", "seq", "id", "columns"}
    assert plain["columns"].keys() == {"t", "actor"}
    assert full.keys() - plain.keys() == {"courses"}
    assert full["columns"].keys() - plain["columns"].keys() == {"course", "opens", "contributes", "words"}


def test_a_document_is_of_one_day_in_utc_and_of_no_more_acts_than_are_read_at_once() -> None:
    east = timezone(timedelta(hours=12))
    late = Act(id="east", t=datetime(2026, 3, 2, 6, tzinfo=east), actor="a")
    many = [act(f"p{n}", n * timedelta(seconds=1)) for n in range(2 * TOGETHER + 1)]

    documents = written(late, act("a", DAY), *many)

    days = {
        day: [len(each["id"]) for each in documents if each["day"] == day]
        for day in (each["day"] for each in documents)
    }
    assert days == {MONDAY - DAY: [1], MONDAY + DAY: [1], MONDAY: [TOGETHER, TOGETHER // 2, TOGETHER // 2 + 1]}
    assert len(read(documents)) == len(many) + 2


def test_courses_whose_names_are_too_long_together_are_in_documents_of_their_own() -> None:
    told = [act(f"p{n}", course=f"{n}" + "x" * packed.MOST_NAMED) for n in range(3)]

    documents = written(*told)

    assert [len(each["id"]) for each in documents] == [1, 1, 1]
    assert packed.courses(documents) == {code(each.course): each.course for each in told if each.course is not None}


def test_the_last_that_is_written_of_an_act_stands_until_it_is_gone() -> None:
    first, again = act("a", detail={"words": 1}), act("a", detail={"words": 2})
    other = act("b")

    changed = written(first, other) + written(again, seq=2)
    gone = written(seq=3, **{other.id: other.t})

    assert read(changed)["words"].to_list() == [2, None]
    assert standing(read(changed + gone))["id"].to_list() == [again.id]
    assert read(gone)["actor"].to_list() == [None]


def test_acts_before_their_subjects_are_told_of_by_when_these_were_opened() -> None:
    def after(hours: float) -> Act:
        return act(f"{hours}", timedelta(hours=hours), subject_t=MONDAY + timedelta(hours=5 + hours // 10))

    (document,) = written(*map(after, (1, 2, 5, 6, 11)))
    (neither,) = written(after(5), after(6))

    assert document["early"] == {"from": MONDAY + timedelta(hours=5), "until": MONDAY + timedelta(hours=5)}
    assert "early" not in neither
