"""xAPI Data 2.4.5, 2.4.6 and 2.4.11: results, contexts and the descriptions of attachments."""

from typing import Any

import pytest

from lrs.xapi import Json
from lrs.xapi.versions import Version
from tests.api.samples import ANN, BEN, COURSE, UNKNOWN_ID, identified
from tests.conformance.asking import EMPTY, LEFT_OUT, NOTHING, Case, Xapi, by_clause, having, kept, only, within

AGENT: Json = {"objectType": "Agent", **ANN}
GROUP: Json = {"objectType": "Group", "member": [ANN, BEN]}
REF: Json = {"objectType": "StatementRef", "id": UNKNOWN_ID}
KINDS = ("parent", "grouping", "category", "other")
FILE: Json = {
    "usageType": "http://example.org/usage",
    "display": {"en": "File"},
    "contentType": "text/plain; charset=UTF-8",
    "length": 3,
    "sha2": "a" * 64,
    "fileUrl": "http://example.org/file",
}
NO_NUMBERS = ("1", "", True, EMPTY, [1])


def _score(**score: Any) -> Json:
    return having("result.score", score)


def _file(name: str, value: Any) -> Json:
    whole = {other: kept for other, kept in FILE.items() if other != name}
    return identified(attachments=[whole if value is LEFT_OUT else {**whole, name: value}])


RESULTS = [
    *(Case("Data 2.4.5/1", repr(value), having("result.score", value)) for value in (1, "1", NOTHING, {"value": 1})),
    *(Case("Data 2.4.5/2", repr(value), having("result.success", value)) for value in ("true", 1, "", EMPTY)),
    *(Case("Data 2.4.5/3", repr(value), having("result.completion", value)) for value in ("false", 0, "", NOTHING)),
    *(Case("Data 2.4.5/4", repr(value), having("result.response", value)) for value in (1, True, EMPTY, ["a"])),
    *(Case("Data 2.4.5/5", repr(value), having("result.duration", value)) for value in (60, "", "1 h", "P", EMPTY)),
    *(Case("Data 2.4.5/6", repr(value), having("result.extensions", value)) for value in (1, "x", NOTHING)),
    *(Case("Data 2.4.5.1/1", repr(value), _score(scaled=value)) for value in (1.01, -1.01, 100, *NO_NUMBERS)),
    *(Case("Data 2.4.5.1/2", repr(value), _score(raw=value)) for value in NO_NUMBERS),
    Case("Data 2.4.5.1/2", "above max", _score(raw=11, max=10)),
    Case("Data 2.4.5.1/2", "below min", _score(raw=-1, min=0)),
    Case("Data 2.4.5.1/2", "outside", _score(raw=11, min=0, max=10)),
    *(Case("Data 2.4.5.1/3", repr(value), _score(min=value)) for value in NO_NUMBERS),
    Case("Data 2.4.5.1/3", "above max", _score(min=2, max=1)),
    *(Case("Data 2.4.5.1/4", repr(value), _score(max=value)) for value in NO_NUMBERS),
    Case("Data 2.4.5.1/4", "below min", _score(min=0, max=-0.5, raw=-0.2)),
]
CONTEXTS = [
    *(Case("Data 2.4.6/1", repr(value), having("context.registration", value)) for value in ("", "x", 1, EMPTY)),
    *(Case("Data 2.4.6/2", repr(value), having("context.instructor", value)) for value in ("ann", 1, [AGENT], EMPTY)),
    *(Case("Data 2.4.6/3", repr(value), having("context.team", value)) for value in ("team", AGENT, ANN, [GROUP])),
    *(
        Case(
            f"Data 2.4.6/{number}",
            f"{name} with {target['objectType']}",
            identified(object=target, context={name: "1"}),
        )
        for number, name in ((4, "revision"), (5, "platform"))
        for target in (AGENT, GROUP, REF)
    ),
    *(
        Case("Data 2.4.6/7", repr(value), having("context.language", value))
        for value in ("", "english language", 1, "abcdefghi", "en_US", ["en"])
    ),
    *(
        Case("Data 2.4.6/8", repr(value), having("context.statement", value))
        for value in (
            UNKNOWN_ID,
            {"id": UNKNOWN_ID},
            {**REF, "id": "x"},
            {"objectType": "Activity", "id": COURSE},
            [REF],
        )
    ),
    *(Case("Data 2.4.6/9", repr(value), having("context.extensions", value)) for value in (1, "x", NOTHING)),
    *(Case("Data 2.4.6/10", name, having(f"context.{name}", 1)) for name in ("revision", "platform")),
    *(
        Case("Data 2.4.6.2/1", name, having("context.contextActivities", {name: [{"id": COURSE}]}))
        for name in ("Parent", "parents", "child", "http://example.org/x", "")
    ),
    *(
        Case("Data 2.4.6.2/2", f"{kind} {value!r}", having("context.contextActivities", {kind: value}))
        for kind in KINDS
        for value in ("x", 1, COURSE, [COURSE], {"definition": EMPTY}, [{"id": "x"}], [AGENT], REF)
    ),
    *(Case("Data 2.4.6.2/2", repr(value), having("context.contextActivities", value)) for value in ("x", 1, NOTHING)),
]
FILES = [
    *(Case("Data 2.4.11/9", repr(value), having("attachments", value)) for value in ("x", 1, FILE, ["x"], [[FILE]])),
    Case("Data 2.4.11/9", "another property", _file("name", "x")),
    *(Case("Data 2.4.11/1", repr(value), _file("usageType", value)) for value in (LEFT_OUT, "", "usage", 1)),
    *(Case("Data 2.4.11/2", repr(value), _file("display", value)) for value in (LEFT_OUT, "File", {"en": 1}, 1)),
    *(Case("Data 2.4.11/3", repr(value), _file("description", value)) for value in ("File", {"en": 1}, 1)),
    *(Case("Data 2.4.11/4", repr(value), _file("contentType", value)) for value in (LEFT_OUT, "", "text", 1, "a b/c")),
    *(Case("Data 2.4.11/5", repr(value), _file("length", value)) for value in (LEFT_OUT, "3", 3.5, True, None)),
    *(Case("Data 2.4.11/6", repr(value), _file("sha2", value)) for value in (LEFT_OUT, 1, None, EMPTY)),
    *(Case("Data 2.4.11/7", repr(value), _file("fileUrl", value)) for value in ("", "file", 1, EMPTY)),
]


@pytest.mark.parametrize("statements", by_clause(RESULTS, CONTEXTS, FILES))
async def test_a_wrong_result_context_or_attachment_is_refused(xapi: Xapi, statements: list[Json]) -> None:
    await xapi.refuses(*statements)


@only(Version.V1)  # the tables are long, and a SubStatement is read by the same rules in both versions
@pytest.mark.clause("Data 2.4.4.3/4")
async def test_a_wrong_result_or_context_in_a_SubStatement_is_refused(xapi: Xapi) -> None:
    await xapi.refuses(*(within(case.value) for case in RESULTS + CONTEXTS))


KEPT = [
    kept("Data 2.4.5/1", "empty", "result.score", {}),
    kept("Data 2.4.5.1/1", "from -1", "result.score", {"scaled": -1}),
    kept("Data 2.4.5.1/1", "to 1", "result.score", {"scaled": 1.0}),
    kept("Data 2.4.5.1/2", "at min", "result.score", {"raw": 0, "min": 0, "max": 10}),
    kept("Data 2.4.5.1/2", "at max", "result.score", {"raw": 10, "min": 0, "max": 10}),
    kept("Data 2.4.5.1/2", "alone", "result.score", {"raw": -1000.5}),
    kept("Data 2.4.5.1/3", "alone", "result.score", {"min": -5}),
    kept("Data 2.4.5.1/4", "alone", "result.score", {"max": 0.5}),
    kept("Data 2.4.5/2", "false", "result.success", False),
    kept("Data 2.4.5/3", "true", "result.completion", True),
    kept("Data 2.4.5/4", "empty", "result.response", ""),
    kept("Data 2.4.5/4", "long", "result.response", "ü" * 10_000),
    kept("Data 2.4.5/5", "weeks", "result.duration", "P4W"),
    kept("Data 2.4.5/6", "deep", "result.extensions", {"http://example.org/x": {"a": [{"b": None}]}}),
    kept("Data 2.4.6/1", "UUID", "context.registration", UNKNOWN_ID),
    kept("Data 2.4.6/2", "Agent", "context.instructor", AGENT),
    kept("Data 2.4.6/2", "Group", "context.instructor", GROUP),
    kept("Data 2.4.6/3", "Group", "context.team", {"objectType": "Group", "mbox": "mailto:team@example.org"}),
    kept("Data 2.4.6/4", "Activity", "context.revision", "1.2"),
    kept("Data 2.4.6/5", "Activity", "context.platform", "LMS"),
    kept("Data 2.4.6/10", "empty", "context.revision", ""),
    *(kept("Data 2.4.6/7", tag, "context.language", tag) for tag in ("en", "zh-Hant", "es-419")),
    kept("Data 2.4.6/8", "unknown target", "context.statement", REF),
    kept("Data 2.4.6/9", "null", "context.extensions", {"http://example.org/x": None}),
    *(kept("Data 2.4.6.2/1", kind, "context.contextActivities", {kind: [{"id": COURSE}]}) for kind in KINDS),
    kept("Data 2.4.6.2/2", "several", "context.contextActivities", {"other": [{"id": COURSE}, {"id": COURSE + "2"}]}),
    kept("Data 2.4.11/9", "none", "attachments", []),
    *(kept(f"Data 2.4.11/{number}", "whole", "attachments", [FILE]) for number in range(1, 8) if number != 3),
    kept("Data 2.4.11/3", "description", "attachments", [{**FILE, "description": {"en": "A file"}}]),
]


@pytest.mark.parametrize("values", by_clause(KEPT))
async def test_a_result_context_or_attachment_as_specified_is_taken_and_kept(
    xapi: Xapi, values: list[tuple[str, Any]]
) -> None:
    await xapi.keeps(values)


@pytest.mark.clause("Data 2.4.6.2/3", "Data 2.4.6.2/4")
@pytest.mark.parametrize("kind", KINDS)
async def test_a_single_context_activity_comes_back_as_an_array_of_it(xapi: Xapi, kind: str) -> None:
    activity = {"id": COURSE, "definition": {"name": {"en": "Course"}}}
    sent = having("context.contextActivities", {kind: activity, "other": [{"id": COURSE}]} | {kind: activity})
    stored = await xapi.store(sent)
    assert stored["context"]["contextActivities"][kind] == [activity]
    inner = await xapi.store(within(sent))
    assert inner["object"]["context"]["contextActivities"][kind] == [activity]
    found = next(each for each in await xapi.find(limit=10) if each["id"] == stored["id"])
    assert found["context"]["contextActivities"] == stored["context"]["contextActivities"]


PLAYER: Json = {"objectType": "contextAgent", "agent": AGENT, "relevantTypes": ["http://example.org/types/player"]}
SQUAD: Json = {"objectType": "contextGroup", "group": GROUP, "relevantTypes": ["http://example.org/types/squad"]}


def _of(entry: Json, name: str, value: Any) -> Json:
    changed = {other: kept for other, kept in entry.items() if other != name}
    if value is not LEFT_OUT:
        changed[name] = value
    return having("context.contextAgents" if entry is PLAYER else "context.contextGroups", [changed])


V2_CONTEXTS = [
    *(
        Case("IEEE 9274.1.1 4.2.2.5/1", repr(value), having("context.contextAgents", value))
        for value in ("x", PLAYER, [1])
    ),
    Case("IEEE 9274.1.1 4.2.2.5/1", "a contextGroup", having("context.contextAgents", [SQUAD])),
    Case("IEEE 9274.1.1 4.2.2.5/1", "another property", _of(PLAYER, "role", "x")),
    *(
        Case("IEEE 9274.1.1 4.2.2.5/2", repr(value), _of(PLAYER, "objectType", value))
        for value in (LEFT_OUT, "", "ContextAgent", "Agent", "contextGroup")
    ),
    *(
        Case("IEEE 9274.1.1 4.2.2.5/3", repr(value), _of(PLAYER, "agent", value))
        for value in (LEFT_OUT, EMPTY, GROUP, "x")
    ),
    *(
        Case("IEEE 9274.1.1 4.2.2.5/4", repr(value), having("context.contextGroups", value))
        for value in ("x", SQUAD, [1])
    ),
    Case("IEEE 9274.1.1 4.2.2.5/4", "a contextAgent", having("context.contextGroups", [PLAYER])),
    *(
        Case("IEEE 9274.1.1 4.2.2.5/5", repr(value), _of(SQUAD, "objectType", value))
        for value in (LEFT_OUT, "", "ContextGroup", "Group", "contextAgent")
    ),
    *(
        Case("IEEE 9274.1.1 4.2.2.5/6", repr(value), _of(SQUAD, "group", value))
        for value in (LEFT_OUT, EMPTY, AGENT, {"objectType": "Group"}, "x")
    ),
    *(
        Case("IEEE 9274.1.1 4.2.2.5/7", repr(value), _of(entry, "relevantTypes", value))
        for entry in (PLAYER, SQUAD)
        for value in (NOTHING, "http://example.org/x", ["x"], [1], EMPTY, [None])
    ),
]


@only(Version.V2)
@pytest.mark.parametrize("statements", by_clause(V2_CONTEXTS))
async def test_wrong_contextAgents_and_contextGroups_are_refused(xapi: Xapi, statements: list[Json]) -> None:
    await xapi.refuses(*statements, *(within(each) for each in statements))


@only(Version.V2)
@pytest.mark.clause(*(f"IEEE 9274.1.1 4.2.2.5/{number}" for number in range(1, 8)))
async def test_contextAgents_and_contextGroups_are_taken_and_kept(xapi: Xapi) -> None:
    plain = {name: PLAYER[name] for name in ("objectType", "agent")}
    context = {"contextAgents": [PLAYER, plain], "contextGroups": [SQUAD]}
    assert (await xapi.store(identified(context=context)))["context"] == context
    assert (await xapi.store(within(identified(context=context))))["object"]["context"] == context


@only(Version.V1)
@pytest.mark.clause("Data 2.2/13")
@pytest.mark.parametrize("context", [{"contextAgents": [PLAYER]}, {"contextGroups": [SQUAD]}])
async def test_contextAgents_and_contextGroups_are_unknown_in_1_0_3(xapi: Xapi, context: Json) -> None:
    await xapi.refuses(identified(context=context))
