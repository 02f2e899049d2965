from collections.abc import Awaitable, Callable

from lrs.core.analytics.answer import Row
from lrs.core.analytics.remembered import Remembered, Told
from lrs.plugin.loader import load_plugins
from tests.core.analytics.samples import acts, table


def telling(value: float | None, asked: list[float | None]) -> Callable[[], Awaitable[Told | None]]:
    """Tell one number, or that there is no answer any more; `asked` says how often."""

    async def tell() -> Told | None:
        asked.append(value)
        return None if value is None else Told([Row(group=None, bucket=None, value=value)], None)

    return tell


async def values(remembered: Remembered, *told: tuple[str, float | None]) -> list[float | None]:
    """Ask for numbers by key, one after another; return those that had to be told."""
    asked: list[float | None] = []
    for key, value in told:
        found = await remembered.told(key, telling(value, asked))
        assert (found is None) == (value is None)
        assert found is None or found.rows[0].value == value
    return asked


async def test_who_asks_the_same_again_has_the_answer_that_was_given() -> None:
    assert await values(Remembered(), ("a", 1), ("b", 2), ("a", 1), ("b", 2)) == [1, 2]


async def test_an_answer_that_could_not_be_given_is_asked_for_again() -> None:
    assert await values(Remembered(), ("a", None), ("a", None), ("a", 1), ("a", 1)) == [None, None, 1]


async def test_the_answers_that_were_not_asked_for_longest_are_forgotten() -> None:
    assert await values(Remembered(most=2), ("a", 1), ("b", 2), ("a", 1), ("c", 3), ("a", 1), ("b", 2)) == [1, 2, 3, 2]


def test_what_is_told_holds_the_coverage_of_what_is_shown_and_none_of_its_acts() -> None:
    plugin = load_plugins()["discussion"]
    known = table(acts(5), plugin.columns)
    shown = Row(group=None, bucket=None, value=1, acts=known)

    told = Told.of([shown, Row(group="a", bucket=None, previous=shown)], plugin)
    assert told.coverage == plugin.coverage(known)
    assert [row.acts for row in told.rows] == [None, None]
    assert told.rows[1].previous is not None
    assert told.rows[1].previous.acts is None
    assert Told.of([Row(group="a", bucket=None)], plugin).coverage is None
