"""What came of a feed: the plugin's view, and every metric over the whole, each week and each course."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from lrs.plugin import Config, Number, Place, Plugin, Scope
from lrs.plugin.frames import schema

WEEK = timedelta(weeks=1)
CLOSE = 1e-9  # values are floats, added up in whatever order


@dataclass(frozen=True, slots=True)
class Outcome:
    """The acts of a view by their ids, the numbers by metric and scope in words, and the coverage of the whole."""

    view: Mapping[str, Mapping[str, Any]]
    numbers: Mapping[str, Number]
    coverage: Mapping[str, float | None]


def outcome(plugin: Plugin, view: Mapping[str, Mapping[str, Any]], config: Config) -> Outcome:
    """Compute every metric of the plugin from the acts of a view; whoever acts in a scope is on its roster."""
    acts = pl.DataFrame(list(view.values()), schema=schema(plugin.columns), orient="row").sort("t", "id")
    numbers = {
        f"{plugin.name}.{metric.id} {words}": metric.compute(scope)
        for metric in plugin.metrics
        for words, scope in _scopes(acts, config, metric.looks_back)
    }
    return Outcome(
        view,
        numbers,
        plugin.coverage(acts),
    )


def differences(expected: Outcome, found: Outcome) -> Iterator[str]:
    """Return in words each act and each number that is not as expected."""
    for key in sorted(expected.view.keys() | found.view.keys()):
        wanted, got = expected.view.get(key), found.view.get(key)
        if wanted is None or got is None:
            yield f"act {key} {'should not be there' if wanted is None else 'is missing'}"
        elif wanted != got:
            fields = [f"{name} is {got.get(name)!r}, recomputed {wanted[name]!r}" for name in _differing(wanted, got)]
            yield f"act {key}: {'; '.join(fields)}"
    for words in sorted(expected.numbers.keys() | found.numbers.keys()):
        number, other = expected.numbers.get(words), found.numbers.get(words)
        if not _same(number, other):
            yield f"{words} is {_told(other)}, recomputed {_told(number)}"
    for name in _differing(expected.coverage, found.coverage):
        yield f"coverage {name} is {found.coverage.get(name)}, recomputed {expected.coverage.get(name)}"


def faults(plugin: Plugin, of: Outcome) -> Iterator[str]:
    """Return in words each number outside its metric's range, and each coverage that is no share."""
    for words, number in of.numbers.items():
        metric = plugin.metric(words.partition(".")[2].partition(" ")[0])
        assert metric is not None
        least, most = metric.range
        value = number.value
        if value is not None and ((least is not None and value < least) or (most is not None and value > most)):
            yield f"{words} is {value}, outside its range {metric.range}"
    for name, share in of.coverage.items():
        if share is not None and not 0 <= share <= 1:
            yield f"coverage {name} is {share}, outside its range (0, 1)"


def _scopes(acts: pl.DataFrame, config: Config, looks_back: bool) -> Iterator[tuple[str, Scope]]:
    """Return the scopes of the whole, each ISO week, and each course in both, with what they are called; the whole
    also without a roster.
    """
    mondays = acts["t"].dt.truncate("1w").unique().sort().to_list()
    if not mondays:
        return
    spans = {"over the whole": _span(acts, mondays[0], mondays[-1] + WEEK, config, looks_back)}
    for monday in mondays:
        spans[f"in the week of {monday:%Y-%m-%d}"] = _span(acts, monday, monday + WEEK, config, looks_back)
    yield "over the whole, without a roster", replace(spans["over the whole"], roster=None)
    for words, span in spans.items():
        yield words, span
        for course in span.acts["course"].drop_nulls().unique().sort():
            own = span.acts.filter(pl.col("course") == course)
            place = Place("course", course)
            yield f"{words}, course {course}", replace(span, acts=own, roster=_actors(own), place=place)


def _span(acts: pl.DataFrame, since: datetime, until: datetime, config: Config, looks_back: bool) -> Scope:
    """Return the scope of everybody in a span of time, with whoever acts there on the roster."""
    before = acts.filter(pl.col("t") < until)
    within = before if looks_back else before.filter(pl.col("t") >= since)
    early = acts.filter(pl.col("t") < since, pl.col("subject_t") >= since, pl.col("subject_t") < until)
    return Scope(
        since=since,
        until=until,
        as_of=until,
        acts=within,
        store=within,
        early=early.clear() if looks_back else early,
        config=config,
        roster=_actors(within),
    )


def _actors(acts: pl.DataFrame) -> pl.Series:
    return acts["actor"].unique().sort()


def _differing(wanted: Mapping[str, Any], got: Mapping[str, Any]) -> list[str]:
    return sorted(name for name in wanted.keys() | got.keys() if wanted.get(name) != got.get(name))


def _same(number: Number | None, other: Number | None) -> bool:
    if number is None or other is None:
        return number is other
    if (number.value is None) != (other.value is None) or number.n != other.n:
        return False
    if number.value is not None and other.value is not None:
        far = abs(number.value - other.value) > CLOSE * max(1.0, abs(number.value))
        if far:
            return False
    beside = number.beside.keys() | other.beside.keys()
    return all(_same(number.beside.get(name), other.beside.get(name)) for name in beside)


def _told(number: Number | None) -> str:
    return "not computed" if number is None else f"{number.value} (n={number.n})"
