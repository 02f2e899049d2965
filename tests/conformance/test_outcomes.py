"""Reading the record of a run of ADL's suite, and refusing to run without one."""

from pathlib import Path
from typing import Any

import pytest

from lrs.errors import StartupError
from tests.conformance import suite
from tests.conformance.outcomes import Failure, outcome, report


def _test(title: str, status: str = "passed", error: str = "") -> dict[str, Any]:
    return {"title": title, "name": title, "status": status, "tests": [], **({"error": error} if error else {})}


def _group(title: str, *tests: Any, **more: str) -> dict[str, Any]:
    return {"title": title, "name": title, "status": "passed", "tests": list(tests), **more}


def _record(total: int, *groups: Any, **more: str) -> dict[str, Any]:
    passed = {"total": total, "passed": total, "failed": 0}  # what the suite itself says, which is not trusted
    return {"summary": passed, "log": {"title": "", "name": "", "tests": list(groups), **more}}


def test_a_run_in_which_all_tests_passed_is_perfect() -> None:
    found = outcome("1.0.3", _record(2, _group("A", _test("a"), _group("B", _test("b")))))
    assert (found.passed, found.failed, found.not_run) == (2, 0, 0)
    assert found.is_perfect


def test_a_failed_test_is_told_with_its_titles_and_its_error() -> None:
    failed = _test("b", "failed", "expected 400\n  got 200")
    found = outcome("1.0.3", _record(2, _group("A", _test("a"), failed)))
    assert (found.passed, found.failed, found.not_run) == (1, 1, 0)
    assert found.failures == (Failure(("A", "b"), "expected 400 got 200"),)
    assert not found.is_perfect


@pytest.mark.parametrize("status", ["pending", "cancelled", ""])
def test_a_test_that_neither_passed_nor_failed_was_not_run(status: str) -> None:
    found = outcome("1.0.3", _record(2, _group("A", _test("a"), _test("b", status))))
    assert (found.passed, found.failed, found.not_run) == (1, 0, 1)
    assert not found.is_perfect


def test_tests_that_a_failed_preparation_hides_were_not_run() -> None:
    hidden = _group("B", _test("b"), error="before hook: no answer")
    found = outcome("2.0.0", _record(5, _group("A", _test("a")), hidden))
    assert (found.passed, found.failed, found.not_run) == (2, 0, 3)
    assert found.failures == (Failure(("B",), "before hook: no answer"),)
    assert not found.is_perfect


def test_a_run_whose_first_preparation_failed_has_passed_nothing() -> None:
    found = outcome("2.0.0", _record(1442, error="wrong password"))
    assert (found.passed, found.failed, found.not_run) == (0, 0, 1442)
    assert found.failures == (Failure(("before all tests",), "wrong password"),)
    assert not found.is_perfect


def test_a_run_without_tests_is_not_perfect() -> None:
    assert not outcome("2.0.0", _record(0)).is_perfect


def test_an_error_makes_a_run_imperfect_even_when_the_sums_agree() -> None:
    found = outcome("2.0.0", _record(1, _group("A", _test("a"), error="after hook: no answer")))
    assert found.passed == found.total
    assert not found.is_perfect


def test_the_report_shows_each_version_and_each_failure() -> None:
    good = outcome("1.0.3", _record(1, _group("A", _test("a"))))
    bad = outcome("2.0.0", _record(3, _group("A", _test("a", "failed", "expected 400"))))
    lines = report([good, bad])
    assert lines[1].split() == ["1.0.3", "1", "0", "0", "1"]
    assert lines[2].split() == ["2.0.0", "0", "1", "2", "3"]
    assert lines[3:] == ["", "2.0.0: A > a", "    expected 400"]


def test_a_folder_without_the_suite_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="git clone"):
        suite.installed(tmp_path)


def test_a_suite_that_is_not_installed_is_refused_with_what_to_do(tmp_path: Path) -> None:
    tmp_path.joinpath("bin").mkdir()
    tmp_path.joinpath(suite.RUNNER).touch()
    with pytest.raises(StartupError, match="npm install"):
        suite.installed(tmp_path)


def test_without_a_suite_the_command_says_so_and_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert suite.main([str(tmp_path)]) == 2
    assert "ADL's suite is not there" in capsys.readouterr().err
