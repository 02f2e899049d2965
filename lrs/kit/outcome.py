"""What came of a feed: the plugin's view, and every metric over the whole, each week and each course."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from lrs.core.runner import act as read_act
from lrs.plugin import Act, Config, Metric, Number, Plugin, Scope

WEEK = timedelta(weeks=1)
CLOSE = 1e-9  # values are floats, added up in whatever order


@dataclass(frozen=True, slots=True)
class Outcome:
    """The documents of a view by their ids, and the numbers by metric and scope, both in words."""

    view: Mapping[str, Mapping[str, Any]]
    numbers: Mapping[str, Number]


def outcome(plugin: Plugin, view: Mapping[str, Mapping[str, Any]], config: Config) -> Outcome:
    """Compute every metric of the plugin from the acts of a view."""
    acts = sorted((read_act(dict(document)) for document in view.values()), key=lambda act: (act.t, act.id))
    numbers = {
        f"{plugin.name}.{metric.id} {words}": metric.compute(_seen_by(metric, scope, acts))
        for words, scope in _scopes(acts, config)
        for metric in plugin.metrics
    }
    return Outcome(view, numbers)


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


def faults(plugin: Plugin, of: Outcome) -> Iterator[str]:
    """Return in words each number outside its metric's range."""
    for words, number in of.numbers.items():
        metric = plugin.metric(words.partition(".")[2].partition(" ")[0])
        assert metric is not None
        least, most = metric.range
        value = number.value
        if value is not None and ((least is not None and value < least) or (most is not None and value > most)):
            yield f"{words} is {value}, outside its range {metric.range}"


def _scopes(acts: Sequence[Act], config: Config) -> Iterator[tuple[str, Scope]]:
    """Return the scopes of the whole, each ISO week, and each course in both, with what they are called."""
    if not acts:
        return
    begin, end = _monday(acts[0].t), _monday(acts[-1].t) + WEEK
    windows = [("over the whole", begin, end)]
    windows += [(f"in the week of {monday:%Y-%m-%d}", monday, monday + WEEK) for monday in _mondays(acts)]
    for words, since, until in windows:
        within = [act for act in acts if since <= act.t < until]
        yield words, Scope(since, until, until, within, (), config)
        for course, own in sorted(_by_course(within).items()):
            yield f"{words}, course {course}", Scope(since, until, until, own, (), config, within)


def _seen_by(metric: Metric, scope: Scope, acts: Sequence[Act]) -> Scope:
    """Return the scope with what follows on the subjects that its acts open, if the metric asks for it."""
    if not metric.follows:
        return scope
    opened = {act.subject for act in scope.acts if act.opens and act.subject is not None}
    return replace(scope, following=[act for act in acts if act.subject in opened and act.t < scope.as_of])


def _by_course(acts: Sequence[Act]) -> Mapping[str, list[Act]]:
    courses: dict[str, list[Act]] = defaultdict(list)
    for act in acts:
        if act.course is not None:
            courses[act.course].append(act)
    return courses


def _mondays(acts: Sequence[Act]) -> list[datetime]:
    return sorted({_monday(act.t) for act in acts})


def _monday(moment: datetime) -> datetime:
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return day - timedelta(days=day.weekday())


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
