import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

import polars as pl
import pytest

from lrs.core.analytics import tabular
from lrs.core.analytics.answer import MetricAnswer, Row
from lrs.core.analytics.guard import Reason
from tests.core.analytics.samples import MONDAY, WEEK, week
from tests.core.analytics.test_answer import ROWS, answer

OWN = ["group", "bucket_start", "bucket_end", "value", "n_people", "n_acts", "suppressed", "reason"]
PREVIOUS = ["previous_value", "previous_n_people", "previous_n_acts", "previous_suppressed", "previous_reason"]
COMPARED = replace(
    answer(replace(ROWS[0], previous=Row(group="a", bucket=week(-1), value=3, n_people=5, n_acts=5)), ROWS[1]),
    previous=week(-1),
)


def lines(told: MetricAnswer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(tabular.csv(told).decode())))


def read(told: MetricAnswer) -> pl.DataFrame:
    return pl.read_parquet(io.BytesIO(tabular.parquet(told)))


def test_csv_has_one_line_for_each_row_and_empty_fields_for_what_is_absent() -> None:
    header, first, second, third = lines(answer(*ROWS))

    assert header == [*OWN, "q"]
    assert first == [
        "https://e.org/a,b",
        "2026-03-02T00:00:00.000Z",
        "2026-03-09T00:00:00.000Z",
        *("0.25", "7", "12", "false", "", ""),
    ]
    assert second[3:] == ["", "", "", "true", "complementary", ""]
    assert third == ["", "", "", "0", "0", "0", "false", "", ""]


def test_lines_end_as_rfc_4180_says() -> None:
    assert tabular.csv(answer()) == b"group,bucket_start,bucket_end,value,n_people,n_acts,suppressed,reason\r\n"


def test_parquet_has_the_same_columns_with_their_types() -> None:
    table = read(answer(*ROWS))

    assert dict(table.schema) == {
        "group": pl.String(),
        "bucket_start": pl.Datetime("ms", "UTC"),
        "bucket_end": pl.Datetime("ms", "UTC"),
        "value": pl.Float64(),
        "n_people": pl.Int64(),
        "n_acts": pl.Int64(),
        "suppressed": pl.Boolean(),
        "reason": pl.String(),
        "q": pl.Float64(),
    }
    assert table.columns == lines(answer(*ROWS))[0]
    assert table.rows() == [
        ("https://e.org/a,b", MONDAY, MONDAY + WEEK, 0.25, 7, 12, False, None, None),
        ("https://e.org/c", MONDAY, MONDAY + WEEK, None, None, None, True, "complementary", None),
        (None, None, None, 0.0, 0, 0, False, None, None),
    ]


def test_parquet_says_what_the_value_is() -> None:
    about = pl.read_parquet_metadata(io.BytesIO(tabular.parquet(answer())))

    assert (about["metric"], about["unit"], about["definition"]) == ("discussion.posts", "n", "posts")


@pytest.mark.parametrize("rows", [[], ROWS[:2], ROWS])
def test_the_same_question_has_the_same_columns_whatever_the_rows_are(rows: list[Row]) -> None:
    told = replace(answer(*rows), beside=("q", "declared"), previous=week(-1))

    assert read(told).columns == lines(told)[0] == [*OWN, "q", "declared", *PREVIOUS]
    assert read(told).schema["previous_n_people"] == pl.Int64()


def test_the_window_before_stands_in_columns_of_its_own() -> None:
    first, second = read(COMPARED).select(PREVIOUS).rows()

    assert first == (3.0, 5, 5, False, None)
    assert second == (None, None, None, None, None)
    assert lines(COMPARED)[1][-5:] == ["3", "5", "5", "false", ""]


def test_a_number_beside_that_has_the_name_of_a_column_does_not_take_its_place() -> None:
    told = replace(answer(ROWS[0]), beside=("value", "q"))

    assert read(told).columns == [*OWN, "q"]
    assert read(told)["value"].to_list() == [0.25]


def test_the_same_answer_is_the_same_file() -> None:
    later = replace(answer(*ROWS), computed_at=datetime(2027, 1, 1, tzinfo=UTC))

    assert tabular.parquet(later) == tabular.parquet(answer(*ROWS))
    assert tabular.csv(later) == tabular.csv(answer(*ROWS))


def test_what_is_withheld_is_in_no_file() -> None:
    hidden = answer(Row(group="g", bucket=week(0), reason=Reason.TOO_FEW_PEOPLE))

    assert read(hidden).select("value", "n_people", "n_acts").row(0) == (None, None, None)
