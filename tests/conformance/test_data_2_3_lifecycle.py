"""xAPI Data 2.3: statements never change, they are compared by what matters, and voided by others."""

from typing import Any

import pytest

from lrs.xapi import Json
from lrs.xapi.versions import Version
from tests.api.samples import ANN, BEN, COURSE, UNKNOWN_ID, VOIDED, identified, reference, refused, voiding
from tests.conformance.asking import LEFT_OUT, Xapi, having, only, rule

GROUP: Json = {"objectType": "Group", "member": [ANN, BEN]}
FILE: Json = {
    "usageType": "http://example.org/usage",
    "display": {"en": "File"},
    "contentType": "text/plain",
    "length": 3,
    "sha2": "a" * 64,
    "fileUrl": "http://example.org/file",
}
TIMESTAMP = "2020-01-01T12:00:00.000Z"

SAME = [
    rule("Data 2.3.1/1", "authority", "authority", ANN, BEN),
    rule("Data 2.3.1/1", "stored", "stored", "2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z"),
    rule("Data 2.3.1/1", "no timestamp", "timestamp", LEFT_OUT, LEFT_OUT),
    rule("Data 2.3.1/1", "version", "version", LEFT_OUT, "1.0.0"),
    rule("Data 2.3.1/2", "definition", "object.definition", {"name": {"en": "A"}}, {"name": {"en": "B"}}),
    rule("Data 2.3.1/2", "no definition", "object.definition", {"name": {"en": "A"}}, LEFT_OUT),
    rule("Data 2.3.1/3", "display", "verb.display", {"en": "did"}, {"en": "has done"}),
    rule("Data 2.3.1/4", "time zone", "timestamp", TIMESTAMP, "2020-01-01T14:00:00.000+02:00"),
    rule("Data 2.3.1/4", "digits", "timestamp", TIMESTAMP, "2020-01-01T12:00:00Z"),
    rule("Data 2.3.1/5", "members", "actor", GROUP, GROUP | {"member": [BEN, ANN]}),
    rule("Data 2.3.1/6", "display of a file", "attachments", [FILE], [FILE | {"display": {"en": "Other"}}]),
    rule("Data 2.3.1/7", "domain", "actor.mbox", "mailto:ann@example.org", "mailto:ann@EXAMPLE.org"),
    rule("Data 2.3.1/7", "UUID", "context.registration", UNKNOWN_ID, UNKNOWN_ID.upper()),
]
ONLY_IN_V2 = [
    rule("IEEE 9274.1.1 4.2.7/4", "finer", "result.duration", "PT1.234S", "PT1.239S"),
]
OTHERS = [
    rule("Data 2.3.1/8", "actor", "actor", ANN, BEN),
    rule("Data 2.3.1/8", "verb", "verb.id", "http://example.org/did", "http://example.org/done"),
    rule("Data 2.3.1/8", "object", "object.id", COURSE, COURSE + "/2"),
    rule("Data 2.3.1/8", "a member less", "actor", GROUP, GROUP | {"member": [BEN]}),
    rule("Data 2.3.1/8", "result", "result.success", True, False),
    rule("Data 2.3.1/8", "context", "context.platform", "LMS", "App"),
    rule("Data 2.3.1/8", "extension", "result.extensions", {"http://e.org/x": 1}, {"http://e.org/x": 2}),
    rule("Data 2.3.1/9", "units", "result.duration", "PT60S", "PT1M"),
    rule("Data 2.3.1/9", "leading zero", "result.duration", "PT1H", "PT01H"),
]


async def _sent_twice(xapi: Xapi, path: str, first: Any, second: Any) -> tuple[Json, int, int]:
    """Send two statements with one id; return the first as stored, and the statuses of POST and PUT of the second."""
    base = identified() if path != "attachments" else identified(attachments=[])
    before = base if first is LEFT_OUT else having(path, first, base)
    stored = await xapi.store(before)
    again = {name: value for name, value in before.items() if name != path}
    after = again if second is LEFT_OUT else having(path, second, before)
    if second is LEFT_OUT and "." in path:
        after = having(path, LEFT_OUT, before)
    return stored, (await xapi.post(after)).status_code, (await xapi.put(after)).status_code


@pytest.mark.parametrize(("path", "first", "second"), SAME)
async def test_a_difference_that_does_not_count_makes_no_other_statement(
    xapi: Xapi, path: str, first: Any, second: Any
) -> None:
    stored, posted, put = await _sent_twice(xapi, path, first, second)
    assert (posted, put) == (200, 204)
    assert await xapi.read(stored["id"]) == stored


@only(Version.V2)
@pytest.mark.parametrize(("path", "first", "second"), ONLY_IN_V2)
async def test_a_difference_that_does_not_count_in_2_0_makes_no_other_statement(
    xapi: Xapi, path: str, first: Any, second: Any
) -> None:
    stored, posted, put = await _sent_twice(xapi, path, first, second)
    assert (posted, put) == (200, 204)
    assert await xapi.read(stored["id"]) == stored


@pytest.mark.parametrize(("path", "first", "second"), OTHERS)
async def test_any_other_difference_is_a_conflict(xapi: Xapi, path: str, first: Any, second: Any) -> None:
    stored, posted, put = await _sent_twice(xapi, path, first, second)
    assert (posted, put) == (409, 409)
    assert await xapi.read(stored["id"]) == stored


@pytest.mark.parametrize(
    "statement",
    [
        rule("Data 2.3.2/1", "an activity", identified(verb={"id": VOIDED})),
        rule("Data 2.3.2/1", "an agent", identified(verb={"id": VOIDED}, object={"objectType": "Agent", **ANN})),
        rule("Data 2.3.2/1", "no objectType", identified(verb={"id": VOIDED}, object={"id": UNKNOWN_ID})),
        rule("Data 2.3.2/2", "no id", identified(verb={"id": VOIDED}, object={"objectType": "StatementRef"})),
        rule("Data 2.3.2/2", "no UUID", voiding("x")),
    ],
)
async def test_a_voiding_statement_that_names_no_statement_is_refused(xapi: Xapi, statement: Json) -> None:
    await xapi.refuses(statement)


async def _is_voided(xapi: Xapi, statement_id: str) -> bool:
    """Tell whether a statement is voided, which decides where it is found and where it is not."""
    plain = await xapi.get("statements", {"statementId": statement_id})
    voided = await xapi.get("statements", {"voidedStatementId": statement_id})
    assert sorted([plain.status_code, voided.status_code]) == [200, 404]
    return voided.status_code == 200


@pytest.mark.clause("Data 2.3.2/3")
async def test_a_statement_is_voided_by_a_later_one(xapi: Xapi) -> None:
    kept, target = await xapi.store(identified()), await xapi.store(identified())
    await xapi.store(voiding(target["id"]))
    assert await _is_voided(xapi, target["id"])
    assert not await _is_voided(xapi, kept["id"])


@pytest.mark.clause("Data 2.3.2/3", "IEEE 9274.1.1 4.2.4.1/1")
async def test_a_statement_is_voided_by_one_that_was_there_before_it(xapi: Xapi) -> None:
    target = identified()
    await xapi.store(voiding(target["id"]))
    assert (await xapi.post(target)).status_code == 200
    assert await _is_voided(xapi, target["id"])


@pytest.mark.clause("Data 2.3.2/3")
async def test_a_statement_is_voided_in_the_list_that_stores_both(xapi: Xapi) -> None:
    target = identified()
    assert (await xapi.post([voiding(target["id"]), target])).status_code == 200
    assert await _is_voided(xapi, target["id"])


@pytest.mark.clause("Data 2.3.2/3")
async def test_a_statement_is_not_voided_by_a_reference_with_another_verb(xapi: Xapi) -> None:
    target = await xapi.store(identified())
    await xapi.store(reference(target["id"]))
    await xapi.store(having("context.statement", {"objectType": "StatementRef", "id": target["id"]}))
    assert not await _is_voided(xapi, target["id"])


@pytest.mark.clause("Data 2.3.2/3")
async def test_a_refused_voiding_statement_voids_nothing(xapi: Xapi) -> None:
    target = await xapi.store(identified())
    refused(await xapi.post([voiding(target["id"]), identified(actor=1)]), 400)
    assert not await _is_voided(xapi, target["id"])


@pytest.mark.clause("Data 2.3.2/4")
async def test_a_voiding_statement_is_never_voided(xapi: Xapi) -> None:
    target = await xapi.store(identified())
    first = await xapi.store(voiding(target["id"]))
    answer = await xapi.post(voiding(first["id"]))
    assert answer.status_code in {200, 400}  # both keep the rule
    assert not await _is_voided(xapi, first["id"])
    assert await _is_voided(xapi, target["id"])


@pytest.mark.clause("Data 2.3.2/4")
async def test_a_voiding_statement_that_comes_second_is_not_voided_either(xapi: Xapi) -> None:
    target = await xapi.store(identified())
    first = voiding(target["id"])
    await xapi.post(voiding(first["id"]))
    await xapi.store(first)
    assert not await _is_voided(xapi, first["id"])
    assert await _is_voided(xapi, target["id"])
