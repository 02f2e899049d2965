"""xAPI Data 2.2: what every statement and every parameter has to look like."""

import json
from typing import Any
from uuid import uuid4

import orjson
import pytest

from lrs.xapi import Json
from lrs.xapi.versions import Version
from tests.api.samples import ANN, COURSE, refused
from tests.conformance.asking import LEFT_OUT, Case, Xapi, by_clause, having, only, within

INSTRUCTOR = {"objectType": "Agent", **ANN}
EVERY: Json = {  # a value at every place where there may be one
    "actor": {"objectType": "Agent", "name": "Ann", "mbox": "mailto:ann@example.org"},
    "verb": {"id": "http://example.org/verbs/did", "display": {"en": "did"}},
    "object": {
        "objectType": "Activity",
        "id": COURSE,
        "definition": {
            "name": {"en": "Course"},
            "description": {"en": "A course"},
            "type": "http://example.org/types/course",
            "moreInfo": "http://example.org/more",
            "interactionType": "choice",
            "correctResponsesPattern": ["a"],
            "choices": [{"id": "a", "description": {"en": "A"}}],
            "extensions": {"http://example.org/x": 1},
        },
    },
    "result": {
        "score": {"scaled": 0.5, "raw": 5, "min": 0, "max": 10},
        "success": True,
        "completion": True,
        "response": "a",
        "duration": "PT1M",
        "extensions": {"http://example.org/x": 1},
    },
    "context": {
        "registration": "ec531277-b57b-4c15-8d91-d292c5b2b8f7",
        "instructor": INSTRUCTOR,
        "team": {"objectType": "Group", "member": [INSTRUCTOR]},
        "contextActivities": {"parent": [{"id": COURSE}], "grouping": [{"id": COURSE}], "category": [], "other": []},
        "revision": "1",
        "platform": "LMS",
        "language": "en",
        "statement": {"objectType": "StatementRef", "id": "ec531277-b57b-4c15-8d91-d292c5b2b8f7"},
        "extensions": {"http://example.org/x": 1},
    },
    "timestamp": "2020-01-01T00:00:00.000Z",
    "attachments": [
        {
            "usageType": "http://example.org/usage",
            "display": {"en": "File"},
            "description": {"en": "A file"},
            "contentType": "text/plain",
            "length": 3,
            "sha2": "a" * 64,
            "fileUrl": "http://example.org/file",
        }
    ],
}
BOOLEANS = ("result.success", "result.completion")
NUMBERS = ("result.score.scaled", "result.score.raw", "result.score.min", "result.score.max")
OBJECTS = ("actor", "verb", "object", "object.definition", "result", "result.score", "context", "verb.display")
STRINGS = ("actor.name", "result.response", "context.revision", "context.platform", "verb.display.en")
IRIS = ("verb.id", "object.id", "object.definition.type", "object.definition.moreInfo", "attachments.0.usageType")
FORMATTED = (
    *IRIS,
    "actor.mbox",
    "result.duration",
    "context.registration",
    "context.language",
    "timestamp",
    "object.definition.interactionType",
)
KEYS = ("actor", "verb.id", "object.definition.name", "result.score.raw", "context.contextActivities.parent")
ENUMERATED = (
    ("actor.objectType", "agent"),
    ("object.objectType", "activity"),
    ("object.definition.interactionType", "Choice"),
    ("context.statement.objectType", "statementref"),
    ("context.team.objectType", "group"),
)
UNKNOWN = ("extra", "actor.extra", "verb.extra", "object.extra", "object.definition.extra", "result.extra")


def _paths(value: Any, before: str = "") -> list[str]:
    """Return the path of every property outside extensions."""
    found: list[str] = []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in items:
        path = f"{before}.{name}" if before else str(name)
        found += [path] if isinstance(value, dict) else []
        found += [] if name == "extensions" else _paths(part, path)
    return found


def _every(path: str, value: Any) -> Json:
    """Return a statement that has everything, with one value changed; numbers in the path are places in an array."""
    whole: Json = orjson.loads(orjson.dumps(EVERY))
    *parents, last = path.split(".")
    place: Any = whole
    for name in parents:
        place = place[int(name)] if isinstance(place, list) else place[name]
    if value is LEFT_OUT:
        del place[last]
    else:
        place[last] = value
    return whole


def _renamed(path: str) -> Json:
    """Return a statement that has everything, with one key in upper case."""
    *parents, last = path.split(".")
    whole: Json = orjson.loads(orjson.dumps(EVERY))
    place: Any = whole
    for name in parents:
        place = place[name]
    place[last.upper()] = place.pop(last)
    return whole


REFUSED = [
    *(Case("Data 2.2/2", f"no {name}", _every(name, LEFT_OUT)) for name in ("actor", "verb", "object")),
    *(Case("Data 2.2/4", f"{path} no IRI", _every(path, "http://a b<c>")) for path in IRIS),
    *(Case("Data 2.2/5", tag, _every("verb.display", {tag: "x"})) for tag in ("en_US", "x-", "not a tag", "")),
    *(Case("Data 2.2/6", f"{path} null", _every(path, None)) for path in _paths(EVERY) if "http" not in path),
    *(Case("Data 2.2/7", f"{path} an array", _every(path, ["x"])) for path in (*OBJECTS, *STRINGS, *IRIS)),
    *(Case("Data 2.2/7", f"{path} a number", _every(path, 1)) for path in (*STRINGS, *FORMATTED, *BOOLEANS)),
    *(Case("Data 2.2/7", f"{path} an object", _every(path, {})) for path in ("attachments", *NUMBERS, *BOOLEANS)),
    *(Case("Data 2.2/8", path, _every(path, "1")) for path in (*NUMBERS, "attachments.0.length")),
    *(Case("Data 2.2/9", path, _every(path, "true")) for path in BOOLEANS),
    *(Case("Data 2.2/10", f"{path} empty", _every(path, "")) for path in FORMATTED),
    *(Case("Data 2.2/10", f"{path} not of its format", _every(path, "- -")) for path in FORMATTED),
    *(Case("Data 2.2/11", path, _renamed(path)) for path in KEYS),
    *(Case("Data 2.2/12", path, _every(path, value)) for path, value in ENUMERATED),
    *(Case("Data 2.2/13", path, _every(path, "x")) for path in UNKNOWN),
    *(Case("IEEE 9274.1.1 4.2.1/1", path, _every(path, "x")) for path in UNKNOWN),
    Case("IEEE 9274.1.1 4.2.1/1", "in an attachment", _every("attachments.0.extra", "x")),
    Case("IEEE 9274.1.1 4.2.1/1", "in a context", _every("context.extra", "x")),
    *(Case("Data 2.2/14", path, _every(path, "example.org/x")) for path in (*IRIS, "attachments.0.fileUrl")),
    *(
        Case("Data 2.2/15", tag, _every("verb.display", {tag: "x"}))
        for tag in ("abcdefghi", "en-abcdefghi", "e", "en-a", "1")
    ),
]


@pytest.mark.parametrize("statements", by_clause(REFUSED))
async def test_a_statement_that_breaks_the_format_is_refused(xapi: Xapi, statements: list[Json]) -> None:
    await xapi.refuses(*statements)


@pytest.mark.clause("Data 2.2/6", "Data 4.1/2")
@pytest.mark.parametrize("path", ["object.definition", "result", "context"])
async def test_null_inside_extensions_is_taken(xapi: Xapi, path: str) -> None:
    value = {"http://example.org/x": None, "http://example.org/y": [{"z": None}]}
    stored = await xapi.store(having(f"{path}.extensions", value))
    for name in [*path.split("."), "extensions"]:
        stored = stored[name]
    assert stored == value


@pytest.mark.clause("Data 2.2/3")
async def test_a_statement_comes_back_as_it_was_sent(xapi: Xapi) -> None:
    sent = EVERY | {"id": str(uuid4())}
    stored = await xapi.store(sent)
    assert {name: stored[name] for name in sent} == sent
    assert set(stored) - set(sent) == {"stored", "authority", "version"}


@pytest.mark.clause("Data 2.2/5", "Data 2.2/15")
@pytest.mark.parametrize("tag", ["en", "de-CH", "cmn", "zh-Hant", "sr-Latn-RS", "es-419", "sl-rozaj-biske", "x-own"])
async def test_language_tags_are_taken(xapi: Xapi, tag: str) -> None:
    stored = await xapi.store(having("verb.display", {tag: "did"}))
    assert stored["verb"]["display"] == {tag: "did"}


@pytest.mark.clause("Data 2.2/16")
@pytest.mark.parametrize("number", [0.12123434, 1 / 3, 1e-30, 3.4028234e38, -16777217, 2**53 + 1, 1.5])
async def test_numbers_keep_their_precision(xapi: Xapi, number: float) -> None:
    sent = having("result.score.raw", number)
    sent["result"]["extensions"] = {"http://example.org/number": number}
    result = (await xapi.store(sent))["result"]
    assert result["score"]["raw"] == number
    assert result["extensions"]["http://example.org/number"] == number


def _twice(statement: Json, name: str) -> bytes:
    """Return the JSON of a statement in which a property is there a second time."""
    again = json.dumps({name: statement[name]})[1:]
    return json.dumps(statement)[:-1].encode() + b", " + again.encode()


@only(Version.V2)
@pytest.mark.clause("IEEE 9274.1.1 4.2.1/2")
@pytest.mark.parametrize("name", ["id", "actor", "verb", "object", "result", "context", "timestamp", "attachments"])
async def test_a_property_that_is_there_twice_is_refused(xapi: Xapi, name: str) -> None:
    content = _twice(EVERY | {"id": str(uuid4())}, name)
    refused(await xapi.ask("POST", "statements", None, content, content_type="application/json"), 400)


@only(Version.V2)
@pytest.mark.clause("IEEE 9274.1.1 4.2.1/2")
@pytest.mark.parametrize("place", ["actor", "verb", "object", "result", "context"])
async def test_a_property_that_is_there_twice_further_in_is_refused(xapi: Xapi, place: str) -> None:
    name = next(iter(EVERY[place]))
    inner = _twice(EVERY[place], name).decode()
    content = json.dumps(EVERY | {"id": str(uuid4()), place: "PLACE"}).replace('"PLACE"', inner).encode()
    refused(await xapi.ask("POST", "statements", None, content, content_type="application/json"), 400)


PARAMETERS: list[tuple[str, str]] = [
    ("statementId", "no-uuid"),
    ("voidedStatementId", "no-uuid"),
    ("registration", "no-uuid"),
    ("verb", "no-iri"),
    ("activity", "no-iri"),
    ("agent", "no-json"),
    ("agent", '{"mbox":"ann@example.org"}'),
    ("agent", '{"mbox":"mailto:a@example.org","openid":"http://a.example.org"}'),
    ("agent", '{"mbox":null}'),
    ("agent", '{"Mbox":"mailto:a@example.org"}'),
    ("agent", '{"objectType":"agent","mbox":"mailto:a@example.org"}'),
    ("agent", '{"objectType":"Group","member":[{"mbox":"mailto:a@example.org"}]}'),
    ("agent", '["x"]'),
    ("since", "yesterday"),
    ("until", "2020-13-01"),
    ("limit", "-1"),
    ("limit", "many"),
    ("limit", "1.5"),
    ("format", "Exact"),
    ("format", "other"),
    ("attachments", "True"),
    ("attachments", "1"),
    ("ascending", "yes"),
    ("related_agents", "TRUE"),
    ("related_activities", "0"),
    *((name, "") for name in ("statementId", "registration", "verb", "activity", "agent", "since", "until", "limit")),
]


@pytest.mark.clause("Data 2.2/17")
async def test_a_parameter_is_checked_as_a_value_in_a_statement(xapi: Xapi) -> None:
    for name, value in PARAMETERS:
        answer = await xapi.get("statements", {name: value})
        assert answer.status_code == 400, (name, value)
        assert refused(answer, 400)["where"].startswith(name)


@only(Version.V1)  # the tables are long, and a SubStatement is read by the same rules in both versions
@pytest.mark.clause("Data 2.4.4.3/4")
async def test_a_substatement_that_breaks_the_format_is_refused(xapi: Xapi) -> None:
    await xapi.refuses(*(within(case.value) for case in REFUSED if "attachments" not in case.what))
