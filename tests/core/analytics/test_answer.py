from dataclasses import replace
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


def test_a_row_that_is_compared_tells_the_same_of_the_window_before() -> None:
    before = Row(group=None, bucket=week(0), reason=Reason.TOO_FEW_PEOPLE)
    compared = replace(answer(replace(ROWS[0], previous=before)), previous=week(-1)).as_dict()

    assert compared["previous_window"] == {"since": "2026-02-23T00:00:00.000Z", "until": "2026-03-02T00:00:00.000Z"}
    assert compared["rows"][0]["previous"] == {
        "value": None,
        "n_people": None,
        "n_acts": None,
        "suppressed": True,
        "reason": "too_few_people",
    }
    assert "previous_window" not in answer(*ROWS).as_dict()
    assert "previous" not in answer(*ROWS).as_dict()["rows"][0]
