"""The list of clauses and their tests, made from the marks of the tests that pytest collects."""

import contextlib
import io
from collections.abc import Sequence

import pytest

from tests.conformance.clauses import Clause, Collected, covering, untested_versions


class _Collector:
    """A pytest plugin that remembers what was collected."""

    def __init__(self) -> None:
        self.tests: list[Collected] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.tests = [_collected(item) for item in session.items if item.get_closest_marker("clause")]


def collect(*folders: str) -> list[Collected]:
    """Return the marked tests below the folders, in a process where pytest is not running already."""
    collector, printed = _Collector(), io.StringIO()
    with contextlib.redirect_stdout(printed):
        status = pytest.main(["--collect-only", "-q", *folders], plugins=[collector])
    assert status == pytest.ExitCode.OK, printed.getvalue()
    return collector.tests


def lines(clauses: Sequence[Clause], tests: Sequence[Collected]) -> list[str]:
    """Return the list as text: each clause with its tests, what is untested, what can't be tested, and the sums."""
    told, untested, not_testable = [], 0, 0
    for clause in clauses:
        names = sorted({test.name for test in covering(clause, tests)})
        if clause.not_testable:
            not_testable += 1
            found = [f"not testable: {clause.not_testable}"]
        else:
            missing = untested_versions(clause, tests)
            untested += bool(missing)
            found = names + ([f"UNTESTED in {', '.join(missing)}"] if missing else [])
        told += [f"{clause.id}  {clause.rule} ({', '.join(clause.versions)})", *(f"    {each}" for each in found)]
    tested = len(clauses) - untested - not_testable
    return [*told, "", f"{len(clauses)} clauses: {tested} tested, {untested} untested, {not_testable} not testable"]


def _collected(item: pytest.Item) -> Collected:
    marked = [each for mark in item.iter_markers("clause") for each in mark.args]
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    version = parameters.get("version")
    return Collected(item.nodeid, tuple(marked), None if version is None else str(version))
