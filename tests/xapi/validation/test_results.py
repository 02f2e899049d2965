import pytest

from lrs.xapi import Json
from lrs.xapi.statements import validate
from lrs.xapi.versions import Version
from tests.xapi.validation.samples import RESULT, changed, refusal, simple


@pytest.mark.clause("Data 2.4.5")
@pytest.mark.parametrize(
    "result",
    [
        {},
        RESULT,
        {"score": {}},
        {"score": {"scaled": -1}},
        {"score": {"scaled": 1.0, "raw": 0.12123434}},
        {"score": {"raw": -5}},
        {"score": {"raw": 0, "min": 0, "max": 0.5}},
        {"score": {"raw": 10**30, "max": 1e300}},
        {"response": ""},
        {"duration": "P4W"},
    ],
)
def test_a_result_may_hold_any_part(result: Json) -> None:
    statement = simple(result=result)

    assert validate(statement, Version.V1) is statement


BROKEN = [
    ("score", 12345, "score"),
    ("score", [], "score"),
    ("score.scaled", 1.01, "score.scaled"),
    ("score.scaled", -1.00001, "score.scaled"),
    ("score.scaled", "0.5", "score.scaled"),
    ("score.scaled", True, "score.scaled"),
    ("score.scaled", None, "score.scaled"),
    ("score.raw", -1, "score.raw"),
    ("score.raw", 10.5, "score.raw"),
    ("score.raw", float("nan"), "score.raw"),
    ("score.max", float("inf"), "score.max"),
    ("score.min", 11, "score.min"),
    ("score.min", 10, "score.min"),
    ("score.Max", 10, "score.Max"),
    ("success", "true", "success"),
    ("success", 1, "success"),
    ("completion", 0, "completion"),
    ("completion", None, "completion"),
    ("response", 5, "response"),
    ("duration", "P4W1D", "duration"),
    ("duration", 12345, "duration"),
    ("extensions", "none", "extensions"),
    ("extensions", {"": 1}, 'extensions[""]'),
    ("Success", True, "Success"),
]


@pytest.mark.clause("Data 2.4.5")
@pytest.mark.parametrize(("path", "value", "where"), BROKEN)
def test_a_broken_result_is_refused_at_the_exact_place(path: str, value: object, where: str) -> None:
    assert refusal(simple(result=changed(RESULT, path, value))).where == f"statement.result.{where}"


@pytest.mark.clause("Data 2.4.5")
def test_a_result_is_an_object() -> None:
    assert refusal(simple(result="passed")).where == "statement.result"
