"""What a run of ADL's suite came to, read from the record it writes: a tree of test groups with a summary."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

MOST_SHOWN = 50  # failures printed of one run


@dataclass(frozen=True, slots=True)
class Failure:
    """A test that failed, or a group whose preparation did: its titles from the outside in, and the error's text."""

    titles: tuple[str, ...]
    error: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run. `total` is how many tests the suite has by its own count, the others are counted in the tree."""

    version: str
    total: int
    passed: int
    failures: tuple[Failure, ...]
    failed: int

    @property
    def not_run(self) -> int:
        """How many tests are in the summary but neither passed nor failed; a failed preparation hides them."""
        return max(self.total - self.passed - self.failed, 0)

    @property
    def is_perfect(self) -> bool:
        return self.total > 0 and self.passed == self.total and not self.failures and not self.not_run


def outcome(version: str, record: Any) -> Outcome:
    """Return what the record of a run says. Its exit status and its own sums of passed and failed are not trusted."""
    leaves = list(_leaves(record["log"], ()))
    failed = tuple(_failure(titles, node) for titles, node in leaves if node.get("status") == "failed")
    return Outcome(
        version=version,
        total=record["summary"]["total"],
        passed=sum(node.get("status") == "passed" for _, node in leaves),
        failed=len(failed),
        failures=(*failed, *_unprepared(record["log"], ())),
    )


def report(outcomes: Sequence[Outcome]) -> list[str]:
    """Return a table of the runs and then each failure."""
    lines = [f"{'xAPI':8}{'passed':>8}{'failed':>8}{'not run':>9}{'total':>8}"]
    for each in outcomes:
        lines.append(f"{each.version:8}{each.passed:>8}{each.failed:>8}{each.not_run:>9}{each.total:>8}")
    for each in outcomes:
        for failure in each.failures[:MOST_SHOWN]:
            lines += ["", f"{each.version}: {' > '.join(failure.titles)}", f"    {failure.error}"]
        if len(each.failures) > MOST_SHOWN:
            lines.append(f"{each.version}: and {len(each.failures) - MOST_SHOWN} more")
    return lines


def _leaves(node: Any, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every test: a node below the root that has none below it."""
    titles = _titles(node, above)
    below = node.get("tests") or []
    if not below and titles:
        yield titles, node
    for each in below:
        yield from _leaves(each, titles)


def _unprepared(node: Any, above: tuple[str, ...]) -> Iterator[Failure]:
    """Yield the groups with an error of their own: what was to be done before their tests failed."""
    titles = _titles(node, above)
    below = node.get("tests") or []
    if node.get("error") and (below or not titles):
        yield _failure(titles or ("before all tests",), node)
    for each in below:
        yield from _unprepared(each, titles)


def _titles(node: Any, above: tuple[str, ...]) -> tuple[str, ...]:
    title = node.get("title") or node.get("name") or ""
    return (*above, title) if title else above


def _failure(titles: tuple[str, ...], node: Any) -> Failure:
    return Failure(titles, " ".join(str(node.get("error") or "it says no reason").split())[:500])
