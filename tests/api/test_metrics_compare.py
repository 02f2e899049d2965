"""`compare=previous`: beside each row the same of the window as long before, and the guard holds for both."""

import csv
import io
from typing import Any

import pytest

from tests.api.samples import refused
from tests.api.talking import POSTS, WEEKS
from tests.living import Living

COMPARED = {"compare": "previous"}
LAST_TWO = {"since": "2026-03-16", "until": "2026-03-30"}


async def both(lrs: Living, metric: str = "discussion.posts", **asked: str) -> list[tuple[Any, Any]]:
    """Return value or reason, now and before, of each row."""
    answer = await lrs.metric(metric, **COMPARED, **asked)
    rows = [(row, row["previous"]) for row in answer["rows"]]
    return [tuple(row["reason"] or row["value"] for row in pair) for pair in rows]


async def test_the_whole_window_stands_beside_the_one_before(talking: Living) -> None:
    answer = await talking.metric("discussion.posts", **LAST_TWO, **COMPARED)

    (row,) = answer["rows"]
    assert answer["previous_window"] == {"since": "2026-03-02T00:00:00.000Z", "until": "2026-03-16T00:00:00.000Z"}
    assert row["value"] == 15
    assert row["previous"] == {"value": 32, "n_people": 13, "n_acts": 32, "suppressed": False, "reason": None}


async def test_each_bucket_stands_beside_the_one_as_long_before(talking: Living) -> None:
    assert await both(talking, **LAST_TWO, bucket="week") == [("too_few_people", 26), (13, 6)]
    days = await both(talking, since="2026-03-09", until="2026-03-16", bucket="day")
    assert days[:2] == [(6, 13), (0, 13)]


async def test_what_is_before_is_what_the_question_about_it_answers(talking: Living) -> None:
    for asked in ({}, {"bucket": "week"}, {"group_by": "department"}, {"group_by": "department", "bucket": "week"}):
        for metric in ("posts", "unanswered_rate", "participants", "median_response_time"):
            name = f"discussion.{metric}"
            compared = (await talking.metric(name, **LAST_TWO, **asked, **COMPARED))["rows"]
            alone = (await talking.metric(name, **LAST_TWO, **asked))["rows"]
            before = (await talking.metric(name, since="2026-03-02", until="2026-03-16", **asked))["rows"]
            told = {(row["group"], n % 2): row for n, row in enumerate(before)}
            assert [{**row, "previous": None} for row in compared] == [{**row, "previous": None} for row in alone]
            for n, row in enumerate(compared):
                same = told[row["group"], n % 2] if asked.get("bucket") else told_of(before, row["group"])
                assert row["previous"] == {name: same[name] for name in row["previous"]}


def told_of(rows: list[dict[str, Any]], group: str | None) -> dict[str, Any]:
    return next(row for row in rows if row["group"] == group)


async def test_groups_stand_beside_as_many_weeks_before(talking: Living) -> None:
    asked = {"group_by": "department", "group": "North"}

    assert await both(talking, since="2026-03-09", until="2026-03-16", **asked) == [(6, 12)]
    answer = await talking.metric("discussion.posts", since="2026-03-11", until="2026-03-13", **asked, **COMPARED)
    assert answer["previous_window"] == {"since": "2026-03-02T00:00:00.000Z", "until": "2026-03-09T00:00:00.000Z"}


async def test_a_withheld_week_is_withheld_also_where_it_is_before(talking: Living) -> None:
    rows = await both(talking, since="2026-03-23", until="2026-03-30", group_by="department")

    assert rows == [("too_few_people", 0), (6, "too_few_people"), ("too_few_people", 0)]
    month = await both(talking, **WEEKS | {"bucket": "month"}, group_by="department", group="North")
    assert month == [("too_few_people", 0)]


async def test_nothing_to_show_has_nothing_before_either(talking: Living) -> None:
    assert await both(talking, **LAST_TWO, group_by="team") == [("no_roster", "no_roster")]


async def test_without_the_question_there_is_no_window_before(talking: Living) -> None:
    answer = await talking.metric("discussion.posts", **LAST_TWO)

    assert "previous_window" not in answer
    assert "previous" not in answer["rows"][0]


async def test_a_table_has_columns_for_it(talking: Living) -> None:
    answer = await talking.http.get(POSTS, params={**LAST_TWO, **COMPARED, "bucket": "week", "format": "csv"})

    first, second = csv.DictReader(io.StringIO(answer.text))
    assert (first["value"], first["previous_value"], first["previous_n_people"]) == ("", "26", "13")
    assert (second["value"], second["previous_value"], second["previous_suppressed"]) == ("13", "6", "false")


@pytest.mark.parametrize(
    ("asked", "accepted"),
    [
        ({"compare": "last"}, "previous"),
        ({"compare": "previous", "format": "png"}, "format=json, csv or parquet"),
        ({"compare": "previous", "since": "0002-02-01", "until": "2026-01-01"}, "a later since"),
    ],
)
async def test_what_can_not_be_compared_is_refused(shared: Living, asked: dict[str, str], accepted: str) -> None:
    error = refused(await shared.http.get(POSTS, params=asked), 400)

    assert (error["where"], error["accepted"]) == ("compare", accepted)
