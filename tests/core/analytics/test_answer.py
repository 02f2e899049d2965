import csv
import io
from datetime import timedelta

from lrs.core.analytics.answer import MetricAnswer, Row
from lrs.core.analytics.guard import Reason, Shown
from tests.core.analytics.samples import MONDAY, WEEK, week

ROWS = [
    Row(group="https://e.org/a,b", bucket=week(0), value=0.25, n_people=7, n_acts=12),
    Row(group="https://e.org/c", bucket=week(0), reason=Reason.COMPLEMENTARY),
    Row(group=None, bucket=None, value=0, n_people=0, n_acts=0, beside={"q": Shown(None, Reason.NO_DATA)}),
]


def answer(*rows: Row) -> MetricAnswer:
    return MetricAnswer(
        metric="discussion.posts",
        unit="n",
        definition="posts",
        window=week(0),
        as_of=None,
        data_until=MONDAY + timedelta(milliseconds=1),
        computed_at=MONDAY + WEEK,
        stale=False,
        coverage={"targets_resolved": 0.5},
        min_group=5,
        rows=rows,
    )


def test_an_answer_says_what_it_rests_on() -> None:
    told = answer(*ROWS).as_dict()

    assert told["window"] == {"since": "2026-03-02T00:00:00.000Z", "until": "2026-03-09T00:00:00.000Z"}
    assert told["data_until"] == "2026-03-02T00:00:00.001Z"
    assert (told["as_of"], told["stale"], told["min_group"], told["coverage"]) == (
        None,
        False,
        5,
        {"targets_resolved": 0.5},
    )
    assert len(told["rows"]) == 3


def test_a_shown_row_has_its_value_and_a_withheld_one_only_its_reason() -> None:
    shown, withheld, empty = answer(*ROWS).as_dict()["rows"]

    assert shown == {
        "group": "https://e.org/a,b",
        "bucket": {"start": "2026-03-02T00:00:00.000Z", "end": "2026-03-09T00:00:00.000Z"},
        "value": 0.25,
        "n_people": 7,
        "n_acts": 12,
        "suppressed": False,
        "reason": None,
    }
    assert (withheld["value"], withheld["n_people"], withheld["n_acts"]) == (None, None, None)
    assert (withheld["suppressed"], withheld["reason"]) == (True, "complementary")
    assert (empty["bucket"], empty["value"]) == (None, 0)
    assert empty["beside"] == {"q": {"value": None, "reason": "no_data"}}


def test_the_table_has_one_line_for_each_row_and_empty_fields_for_what_is_absent() -> None:
    lines = list(csv.reader(io.StringIO(answer(*ROWS).as_csv())))

    assert lines[0] == [
        *["group", "bucket_start", "bucket_end", "value", "n_people", "n_acts", "suppressed", "reason", "q"]
    ]
    assert lines[1] == [
        "https://e.org/a,b",
        "2026-03-02T00:00:00.000Z",
        "2026-03-09T00:00:00.000Z",
        *("0.25", "7", "12", "false", "", ""),
    ]
    assert lines[2][3:] == ["", "", "", "true", "complementary", ""]
    assert lines[3] == ["", "", "", "0", "0", "0", "false", "", ""]


def test_lines_end_as_rfc_4180_says() -> None:
    assert answer().as_csv() == "group,bucket_start,bucket_end,value,n_people,n_acts,suppressed,reason\r\n"
