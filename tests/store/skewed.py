"""20,000 statements as unequal as those of an organisation: what a filter asks for is on nearly all of them, or on few.

Each filter has a common value, and a rare one on a statement in 200 that is common in all else: whoever follows the
wrong one of two reads far too much. Half of the statements are typical: a kiosk's, of one cohort in one course. Marks
of statements that never came lie among them. Numbers count the statements in the order of (stored, id).
"""

import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from lrs.xapi import Json
from tests.store.samples import VERBS, new

Document = dict[str, Any]

NUMBER = 20_000
MARKS = 1_000
EVERY = 200  # in so many statements there is one with the rare value of a filter
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)  # one statement each second

APART = range(4_000)  # one agent on a quarter, one activity on the others, and only MET times both
MET = 3
EXAMS = (range(4_500, 4_650), range(17_000, 17_150))  # all at the kiosk, whose statements lie between them too
LISTED = range(8_000, 12_000)  # they came in one list: they share one `stored`
VOIDED = range(15_000, 15_400)

FILTERS = {"registration": 0.9, "agent": 0.9, "activity": 0.9, "verb": 0.98}
RELATED = {"related agent": 0.9, "related activity": 0.9}
_TYPICAL = FILTERS | RELATED  # how often each is common in a typical statement
_ALWAYS = ("verb", "related activity")  # and in the others


def parameters(chosen: Mapping[str, str]) -> dict[str, str]:
    """Return the query parameters for filters and their values: common, rare, or a name of its own."""
    told: dict[str, str] = {}
    for name, which in chosen.items():
        parameter = name.removeprefix("related ")
        told[parameter] = _value(name, which)
        if parameter != name:
            told["related_agents" if parameter == "agent" else "related_activities"] = "true"
    return told


def stored(number: int) -> datetime:
    return BEGINNING + timedelta(seconds=LISTED.start if number in LISTED else number)


def statement_id(number: int) -> UUID:
    return UUID(int=number << 80, version=4)


def documents() -> Iterator[Document]:
    """Yield the statements, by number, and then the marks, as they lie in the collection."""
    chance = random.Random(4)
    for number in range(NUMBER):
        document = new(_statement(_chosen(number, chance)), stored(number), statement_id(number)).document()
        yield document | ({"voided_by": statement_id(NUMBER)} if number in VOIDED else {})
    for number in range(MARKS):
        yield {"_id": statement_id(NUMBER + 1 + number)}


def _chosen(number: int, chance: random.Random) -> dict[str, str]:
    """Return which value of each filter a statement has."""
    own = {name: str(chance.randrange(500)) for name in _TYPICAL}
    if number in APART:
        return own | _apart(number)
    if any(number in exam for exam in EXAMS):
        return own | {"agent": "common", "verb": "passed"}
    rare = dict(enumerate(_TYPICAL)).get(number % EVERY // 7) if number % EVERY % 7 == 0 else None
    typical = rare is not None or chance.random() < 0.5
    often = {name: often if typical or name in _ALWAYS else 0.1 for name, often in _TYPICAL.items()}
    common = {name: "common" for name in _TYPICAL if chance.random() < often[name]}
    return own | common | ({rare: "rare"} if rare is not None else {})


def _apart(number: int) -> dict[str, str]:
    if number % 4 == 0:
        return {"agent": "apart"}
    both = number % (len(APART) // MET) == 1
    return {"activity": "apart"} | ({"agent": "apart"} if both else {})


def _statement(chosen: Mapping[str, str]) -> Json:
    value = {name: _value(name, which) for name, which in chosen.items()}
    return {
        "actor": orjson.loads(value["agent"]),
        "verb": {"id": value["verb"]},
        "object": {"id": value["activity"]},
        "context": {
            "registration": value["registration"],
            "instructor": orjson.loads(value["related agent"]),
            "contextActivities": {"grouping": [{"id": value["related activity"]}]},
        },
    }


def _value(name: str, which: str) -> str:
    match name:
        case "registration":
            return str(UUID(bytes=random.Random(which).randbytes(16), version=4))
        case "verb":
            return f"{VERBS}/{which}"
        case "activity" | "related activity":
            return f"http://example.org/{name.replace(' ', '-')}/{which}"
        case _:
            return orjson.dumps({"account": {"homePage": "https://hr.example.org", "name": f"{name} {which}"}}).decode()
