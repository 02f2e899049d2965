"""Statements in groups as anybody would count them: one after another, in plain Python."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cached_property
from itertools import product
from typing import Any, TypeAlias

from lrs.xapi import Json
from lrs.xapi.actors import actor_key, is_group
from lrs.xapi.columns import VOIDED, columns
from lrs.xapi.values import format_timestamp, parse_duration, parse_timestamp

Key: TypeAlias = tuple[str | None, ...]
Fits: TypeAlias = Callable[[Json], bool]

UNITS = ("day", "week", "month")


@dataclass
class Cell:
    """What a group of statements comes to."""

    n: int = 0
    people: set[str] = field(default_factory=set)
    told: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    tellers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, statement: Json, person: str | None) -> None:
        self.n += 1
        if person is not None:
            self.people.add(person)
        for measure, value in _told(statement):
            self.told[measure].append(value)
            if person is not None:
                self.tellers[measure].add(person)

    def join(self, other: "Cell") -> None:
        self.n += other.n
        self.people |= other.people
        for measure, values in other.told.items():
            self.told[measure] += values
            self.tellers[measure] |= other.tellers[measure]

    def value(self, measure: str) -> float | None:
        if measure in ("count", "people"):
            return self.n if measure == "count" else len(self.people)
        values = self.told[measure]
        if not values:
            return None
        return sum(values) if measure == "duration" else sum(values) / len(values)


def _told(statement: Json) -> Iterator[tuple[str, float]]:
    result = statement.get("result", {})
    if "scaled" in result.get("score", {}):
        yield "mean_score", result["score"]["scaled"]
    for measure, name in (("success_rate", "success"), ("completion_rate", "completion")):
        if name in result:
            yield measure, int(result[name])
    if "duration" in result:
        yield "duration", parse_duration(result["duration"])


@dataclass(frozen=True)
class Known:
    """All statements, and who is who and belongs where."""

    statements: Sequence[Json]
    people: Sequence[Json] = ()
    courses: frozenset[str] = frozenset()
    zone: tzinfo = UTC

    def counted(
        self,
        by: Sequence[str],
        since: datetime | None = None,
        until: datetime | None = None,
        fits: Fits = lambda _: True,
    ) -> dict[Key, Cell]:
        """Return the groups of the statements of a window [since, until) that are not voided."""
        cells: dict[Key, Cell] = defaultdict(Cell)
        for statement in self.standing():
            t = parse_timestamp(statement["timestamp"])
            outside = (since is not None and t < since) or (until is not None and t >= until)
            person = self.person(statement)
            if outside or not fits(statement) or self._is_out(person):
                continue
            for key in product(*(self.values(each, statement, person, t) for each in by)):
                cells[tuple(_cut(part, unit, since) for part, unit in zip(key, by, strict=True))].add(statement, person)
        return cells

    def standing(self) -> Iterator[Json]:
        voiding = [each for each in self.statements if each["verb"]["id"] == VOIDED]
        known = {each["id"] for each in voiding}
        voided = {each["object"]["id"] for each in voiding} - known
        return (each for each in self.statements if each["id"] not in voided)

    def person(self, statement: Json) -> str | None:
        actor = statement["actor"]
        key = None if is_group(actor) else actor_key(actor)
        return None if key is None else self._owners.get(key, key)

    def keys(self, statement: Json) -> set[str]:
        """The keys of a statement, and of those it refers to."""
        found = self._keys[statement["id"]]
        target = statement["object"]
        if target.get("objectType") == "StatementRef" and target["id"] in self._by_id:
            return found | self.keys(self._by_id[target["id"]])
        return found

    @cached_property
    def _by_id(self) -> dict[str, Json]:
        return {each["id"]: each for each in self.statements}

    @cached_property
    def _keys(self) -> dict[str, set[str]]:
        return {each["id"]: set(columns(each).keys) for each in self.statements}

    @cached_property
    def _owners(self) -> dict[str | None, str]:
        return {actor_key(agent): each["id"] for each in self.people for agent in each["identifiers"]}

    @cached_property
    def _people(self) -> dict[str, Json]:
        return {each["id"]: each for each in self.people}

    def values(self, axis: str, statement: Json, person: str | None, t: datetime) -> Iterable[str | None]:
        """Return in which groups along an axis a statement is."""
        if axis == "verb":
            return [statement["verb"]["id"]]
        is_activity = statement["object"].get("objectType", "Activity") == "Activity"
        if axis == "activity":
            return [statement["object"]["id"] if is_activity else None]
        if axis == "type":
            return [statement["object"].get("definition", {}).get("type") if is_activity else None]
        if axis == "course":
            return {course for course in self.courses if f"O:{course}" in self.keys(statement)}
        if axis in UNITS:
            return [format_timestamp(self.begins(axis, t))]
        return self._groups(axis, person, t)

    def begins(self, unit: str, t: datetime) -> datetime:
        """Return when the day, week or month of a moment begins."""
        day = t.astimezone(self.zone).date()
        if unit == "week":
            day -= timedelta(days=day.weekday())
        return self._midnight(day.replace(day=1) if unit == "month" else day)

    def _groups(self, kind: str, person: str | None, t: datetime) -> set[str]:
        groups = self._people[person]["groups"] if person in self._people else ()
        told = [each for each in groups if each["kind"] == kind]
        return {
            each["group"]
            for each in told
            if ("from" not in each or self._moment(each["from"]) <= t)
            and ("to" not in each or t < self._moment(each["to"]))
        }

    def _is_out(self, person: str | None) -> bool:
        return person in self._people and bool(self._people[person].get("opt_out"))

    def _moment(self, text: str) -> datetime:
        return self._midnight(date.fromisoformat(text)) if len(text) == 10 else parse_timestamp(text)

    def _midnight(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC)


@dataclass(frozen=True)
class Guarded:
    """The same as it may be shown to who may read no statements."""

    known: Known
    by: Sequence[str]  # without a unit of time
    k: int = 5

    def hidden(
        self, basis: str, since: datetime | None, until: datetime, filters: Sequence[Fits] = ()
    ) -> tuple[dict[Key, Cell], dict[Key, str]]:
        """Return the cells, whose keys end in their week, and why some of them are withheld for a basis.

        What is withheld as a whole (the basis `n`) is withheld of every measure.
        """
        place = [*self.by, "week"]
        cells = self.known.counted(place, since, until, lambda each: all(fits(each) for fits in filters))
        small = {key: "too_few_people" for key, cell in cells.items() if self._is_small(cell, basis)}
        if basis != "n":
            small = self.hidden("n", since, until, filters)[1] | small
        for number in range(len(filters)):
            beside = self.known.counted(place, since, until, _all_but(filters, number))
            for key, cell in beside.items():
                if key in cells and self._is_small(cell, basis):
                    small.setdefault(key, "complementary")
        return cells, self._with_company(cells, small, basis)

    def _with_company(self, cells: Mapping[Key, Cell], found: Mapping[Key, str], basis: str) -> dict[Key, str]:
        hidden = dict(found)
        while True:
            before = len(hidden)
            for axis in range(len(self.by)):
                lines: dict[Key, list[Key]] = defaultdict(list)
                for key in cells:
                    if self._size(cells[key], basis)[0]:
                        lines[(*key[:axis], *key[axis + 1 :])].append(key)
                for line in lines.values():
                    shown = [key for key in line if key not in hidden]
                    if len(line) - len(shown) == 1 and shown:
                        hidden[min(shown, key=lambda key: (self._size(cells[key], basis)[1], _order(key)))] = (
                            "complementary"
                        )
            if len(hidden) == before:
                return hidden

    def _is_small(self, cell: Cell, basis: str) -> bool:
        n, people = self._size(cell, basis)
        return n > 0 and people < self.k

    def _size(self, cell: Cell, basis: str) -> tuple[int, int]:
        return (cell.n, len(cell.people)) if basis == "n" else (len(cell.told[basis]), len(cell.tellers[basis]))


def _cut(part: str | None, axis: str, since: datetime | None) -> str | None:
    """Buckets of time begin with the window at the earliest."""
    if axis not in UNITS or since is None or part is None:
        return part
    return max(part, format_timestamp(since))


def _all_but(filters: Sequence[Fits], number: int) -> Fits:
    return lambda each: all(fits(each) is (at != number) for at, fits in enumerate(filters))


def _order(key: Key) -> list[tuple[bool, str]]:
    return [(part is None, part or "") for part in key]


def rows_of(answer: Mapping[str, Any]) -> dict[Key, Mapping[str, Any]]:
    """Return the rows of an answer by what they are grouped by, times by their beginning."""
    return {
        tuple(row["bucket"]["start"] if each in UNITS else row[each] for each in answer["group_by"]): row
        for row in answer["rows"]
    }
