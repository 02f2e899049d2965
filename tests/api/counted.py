"""Statements in groups as anybody would count them: one after another, in plain Python."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cached_property, partial
from itertools import combinations, product
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
    """The same as it may be shown to who may read no statements, of what came in its week."""

    known: Known
    by: Sequence[str]  # without a unit of time, and with what is filtered by
    since: datetime | None
    until: datetime
    k: int = 5
    _cells: dict[Key, dict[Key, Cell]] = field(default_factory=dict)

    def cells(self, by: Sequence[str] | None = None) -> dict[Key, Cell]:
        """Return the cells, whose keys end in their week."""
        axes = tuple(self.by if by is None else by)
        if axes not in self._cells:
            self._cells[axes] = self.known.counted([*axes, "week"], self.since, self.until)
        return self._cells[axes]

    def hidden(self, basis: str) -> dict[Key, str]:
        """Return why some cells are withheld for a basis; what is withheld as a whole (`n`) is so of every measure."""
        return self._tables(basis)[tuple(self.by)]

    def _tables(self, basis: str) -> dict[Key, dict[Key, str]]:
        """Return it for all tables that the axes make: what one withholds, each finer one withholds too."""
        whole = self._tables("n") if basis != "n" else {}
        tables: dict[Key, dict[Key, str]] = {}
        for axes in (each for size in range(len(self.by) + 1) for each in combinations(self.by, size)):
            cells = {key: cell for key, cell in self.cells(axes).items() if _size(cell, basis)[0]}
            found = {key: "too_few_people" for key, cell in cells.items() if len(_size(cell, basis)[1]) < self.k}
            coarser = {other: tables[other] for other in tables if len(other) == len(axes) - 1 and {*other} < {*axes}}
            for other, withheld in [*coarser.items(), *([(axes, whole[axes])] if whole else [])]:
                places = [axes.index(axis) for axis in other]
                for key in cells:
                    if (*(key[at] for at in places), key[-1]) in withheld:
                        found.setdefault(key, "complementary")
            if "course" in axes:
                for key in self._parted(axes, basis):
                    found.setdefault(key, "complementary")
            tables[axes] = self._with_company(cells, found, basis, len(axes))
        return tables

    def _parted(self, axes: Sequence[str], basis: str) -> Iterator[Key]:
        """Yield the cells of courses that few people name in statements which are not about the course."""
        at, place = axes.index("course"), [*axes, "week"]
        for course in self.known.courses:
            about, named = (
                self.known.counted(place, self.since, self.until, partial(_is_about, activity=course, told=told))
                for told in (True, False)
            )
            for key, cell in named.items():
                n, people = _size(cell, basis)
                if key[at] == course and n and len(people) < self.k and key in about and _size(about[key], basis)[0]:
                    yield key

    def _with_company(
        self, cells: Mapping[Key, Cell], found: Mapping[Key, str], basis: str, axes: int
    ) -> dict[Key, str]:
        hidden, before = dict(found), -1
        while len(hidden) != before:
            before = len(hidden)
            for axis in range(axes):
                lines: dict[Key, list[Key]] = defaultdict(list)
                for key in sorted(cells, key=lambda key: (len(_size(cells[key], basis)[1]), _order(key))):
                    lines[(*key[:axis], *key[axis + 1 :])].append(key)
                for line in lines.values():
                    people = {key: _size(cells[key], basis)[1] for key in line}
                    shown = [key for key in line if key not in hidden]
                    if shown and len(shown) < len(line) and self._gives_away(people, hidden, shown[0]):
                        hidden[shown[0]] = "complementary"
        return hidden

    def _gives_away(self, people: Mapping[Key, set[str]], hidden: Mapping[Key, str], following: Key) -> bool:
        """Tell whether the sum of what is withheld is of few people, or fixes how many a small cell has."""
        sizes = {key: len(each) for key, each in people.items() if key in hidden}
        if len(set[str]().union(*(people[key] for key in sizes))) < self.k:
            return True
        if all(size >= self.k for size in sizes.values()):
            return False
        least = {key: 1 if size < self.k else self.k for key, size in sizes.items()}
        most = {
            key: self.k - 1 if size < self.k else max(size, len(people[following]) - (_order(key) > _order(following)))
            for key, size in sizes.items()
        }
        total = sum(sizes.values())
        free = sum(most[key] > least[key] for key in sizes)
        return free < 2 or not sum(least.values()) < total < sum(most.values())


def _is_about(statement: Json, activity: str, told: bool) -> bool:
    """Tell whether a statement is about an activity, or, not `told`, that it is not."""
    target = statement["object"]
    return (target.get("objectType", "Activity") == "Activity" and bool(target["id"] == activity)) == told


def _size(cell: Cell, basis: str) -> tuple[int, set[str]]:
    return (cell.n, cell.people) if basis == "n" else (len(cell.told[basis]), cell.tellers[basis])


def _cut(part: str | None, axis: str, since: datetime | None) -> str | None:
    """Buckets of time begin with the window at the earliest."""
    if axis not in UNITS or since is None or part is None:
        return part
    return max(part, format_timestamp(since))


def _order(key: Key) -> list[tuple[bool, str]]:
    return [(part is None, part or "") for part in key]


def rows_of(answer: Mapping[str, Any]) -> dict[Key, Mapping[str, Any]]:
    """Return the rows of an answer by what they are grouped by, times by their beginning."""
    return {
        tuple(row["bucket"]["start"] if each in UNITS else row[each] for each in answer["group_by"]): row
        for row in answer["rows"]
    }
