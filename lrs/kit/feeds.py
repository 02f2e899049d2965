"""The feeds a plugin must stand: the same statements in every order, again, late, voided, rebuilt and taken over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from random import Random
from uuid import NAMESPACE_OID, UUID, uuid5

from lrs.xapi import Json

VOIDED = "http://adlnet.gov/expapi/verbs/voided"
FIRST = datetime(2026, 3, 2, 9, tzinfo=UTC)  # of statements without a timestamp: a Monday
PARTS = 3  # in which each statement is voided, one part a feed
LARGEST = 5  # statements in a batch, so that few of them make several


class Then(Enum):
    """What the plugin does after the normaliser has read a batch."""

    APPLY = auto()
    WAIT = auto()  # it lags behind
    TAKE_OVER = auto()  # it lags behind, and the worker is killed; another one goes on
    REBUILD = auto()  # a rebuild begins, and has read what there is when the next statements come


@dataclass(frozen=True, slots=True)
class Step:
    """One batch, and what follows it."""

    statements: Sequence[Json]
    then: Then = Then.APPLY


@dataclass(frozen=True, slots=True)
class Feed:
    """Steps in their order, and the statements that, told in one go to an empty store, must give the same."""

    name: str
    steps: Sequence[Step]
    expected: Sequence[Json]


def prepared(statements: Sequence[Json]) -> list[Json]:
    """Return the statements with an id and a timestamp each, made from their place where they have none.

    Told twice, a statement without an id would be two; without a timestamp it would happen when it arrives.
    """
    return [
        {"id": str(UUID(int=number + 1, version=4)), "timestamp": (FIRST + timedelta(minutes=number)).isoformat()}
        | each
        for number, each in enumerate(statements)
    ]


def in_one_go(statements: Sequence[Json]) -> Feed:
    """Return the feed that all others are compared with."""
    return Feed("in one go", [Step(_in_time(statements))], statements)


def feeds(statements: Sequence[Json], seed: int) -> Iterator[Feed]:
    """Return the feeds of prepared statements. The same seed gives the same feeds."""
    yield Feed("in order", _steps(_in_time(statements), _random(seed, "in order")), statements)
    yield Feed("late", _steps(_in_time(statements)[::-1], _random(seed, "late")), statements)
    for number in (1, 2):
        random = _random(seed, f"shuffled {number}")
        yield Feed(f"shuffled {number}", _steps(_shuffled(statements, random), random), statements)
    yield _repeated(statements, _random(seed, "repeated"))
    for part in range(min(PARTS, len(statements))):
        yield _voided(statements, part, _random(seed, f"voided {part}"))
    yield _rebuilt(statements, _random(seed, "rebuilt"))
    yield _taken_over(statements, _random(seed, "taken over"))


def _named(number: int) -> Json:
    identifier, timestamp = UUID(int=number + 1, version=4), FIRST + timedelta(minutes=number)
    return {"id": str(identifier), "timestamp": timestamp.isoformat()}


def _repeated(statements: Sequence[Json], random: Random) -> Feed:
    """Whole batches come again, and some statements under new ids, as a client sends them that had no answer."""
    again = [{**each, "id": _twin(each["id"])} for each in random.sample(statements, len(statements) // 2)]
    steps = _steps(_shuffled([*statements, *again], random), random)
    return Feed("repeated", [*steps, *random.sample(steps, len(steps) // 2 + 1)], statements)


def _voided(statements: Sequence[Json], part: int, random: Random) -> Feed:
    """Every third statement is voided, before it comes or after; then it never happened."""
    gone, kept = list(statements[part::PARTS]), [each for n, each in enumerate(statements) if n % PARTS != part]
    told = _shuffled([*statements, *map(_void, gone)], random)
    return Feed(f"voided {part + 1} of {PARTS}", _steps(told, random), kept)


def _rebuilt(statements: Sequence[Json], random: Random) -> Feed:
    steps = _steps(_shuffled(statements, random), random)
    half = len(steps) // 2
    middle = Step(steps[half].statements, Then.REBUILD)
    return Feed("rebuilt", [*steps[:half], middle, *steps[half + 1 :]], statements)


def _taken_over(statements: Sequence[Json], random: Random) -> Feed:
    follows = [Then.TAKE_OVER, Then.TAKE_OVER, Then.APPLY, Then.REBUILD]
    steps = _steps(_shuffled(statements, random), random)
    return Feed("taken over", [Step(each.statements, random.choice(follows)) for each in steps], statements)


def _steps(statements: Sequence[Json], random: Random) -> list[Step]:
    steps, begin = [], 0
    while begin < len(statements):
        end = begin + random.randint(1, LARGEST)
        steps.append(Step(statements[begin:end], random.choice([Then.APPLY, Then.APPLY, Then.WAIT])))
        begin = end
    return steps


def _void(statement: Json) -> Json:
    return {
        "id": str(uuid5(NAMESPACE_OID, statement["id"])),
        "actor": {"mbox": "mailto:kit@example.org"},
        "verb": {"id": VOIDED},
        "object": {"objectType": "StatementRef", "id": statement["id"]},
        "timestamp": statement["timestamp"],
    }


def _twin(identifier: str) -> str:
    """Return an id above the given one: of two that tell the same at the same time, the lower one counts."""
    return f"f{identifier[1:]}"


def _in_time(statements: Sequence[Json]) -> list[Json]:
    return sorted(statements, key=lambda each: (datetime.fromisoformat(each["timestamp"]), each["id"]))


def _shuffled(statements: Sequence[Json], random: Random) -> list[Json]:
    return random.sample(statements, len(statements))


def _random(seed: int, name: str) -> Random:
    return Random(f"{seed} {name}")
