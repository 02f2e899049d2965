"""xAPI Data 2.4.3 and 2.4.4: verbs, and what they are about."""

from typing import Any

import pytest

from lrs.xapi import Json
from lrs.xapi.versions import Version
from tests.api.samples import ANN, BEN, COURSE, UNKNOWN_ID, identified
from tests.conformance.asking import EMPTY, LEFT_OUT, NOTHING, Case, Xapi, by_clause, having, kept, only, within
from tests.conformance.conftest import Guest

REF: Json = {"objectType": "StatementRef", "id": UNKNOWN_ID}
INNER: Json = {
    "objectType": "SubStatement",
    "actor": ANN,
    "verb": {"id": "http://example.org/did"},
    "object": {"id": COURSE},
}
COMPONENTS = {
    "choices": "choice",
    "scale": "likert",
    "source": "matching",
    "target": "matching",
    "steps": "performance",
}
TYPES = (*COMPONENTS.values(), "true-false", "fill-in", "long-fill-in", "numeric", "sequencing", "other")


def _defined(**definition: Any) -> Json:
    return having("object.definition", definition)


def _components(name: str, value: Any) -> Json:
    return _defined(**{"interactionType": COMPONENTS[name], name: value})


VERBS = [
    Case("Data 2.4.3/1", "no id", having("verb", {"display": {"en": "did"}})),
    *(Case("Data 2.4.3/1", repr(value), having("verb.id", value)) for value in ("", "did", "did it", 1, EMPTY, ["x"])),
    *(Case("Data 2.4.3/2", repr(value), having("verb.display", value)) for value in ("did", 1, ["did"], {"en": 1})),
    Case("Data 2.4.3/2", "no tag", having("verb.display", {"english language": "did"})),
]
OBJECTS = [
    *(Case("Data 2.4.4/1", repr(value), having("object", value)) for value in ("x", 1, NOTHING, True)),
    *(
        Case("Data 2.4.4/1", repr(value), having("object.objectType", value))
        for value in ("", "activity", "Person", "Statement", 1, EMPTY)
    ),
    *(Case("Data 2.4.4.1/1", repr(value), having("object.objectType", value)) for value in ("ACTIVITY", "Activities")),
    Case("Data 2.4.4.1/2", "no id", having("object", {"objectType": "Activity"})),
    *(Case("Data 2.4.4.1/2", repr(value), having("object.id", value)) for value in ("", "course", 1, "a b:c", EMPTY)),
    Case("Data 2.4.4.1/2", "illegal scheme", having("object.id", "ab=c://example.org")),
    *(
        Case("Data 2.4.4.1/9", f"{name} {value!r}", _defined(**{name: value}))
        for name in ("name", "description")
        for value in ("x", 1, NOTHING, {"en": None}, {"not a tag": "x"})
    ),
    *(Case("Data 2.4.4.1/10", repr(value), _defined(type=value)) for value in ("", "course", 1, EMPTY)),
    *(Case("Data 2.4.4.1/11", repr(value), _defined(moreInfo=value)) for value in ("", "more", 1, EMPTY)),
    *(Case("Data 2.4.4.1/12", repr(value), _defined(extensions=value)) for value in ("", "x", 1, NOTHING)),
    *(Case("Data 2.4.4.1/13", repr(value), _defined(interactionType=value)) for value in ("", "quiz", "Choice", 1)),
    *(Case("Data 2.4.4.1/13", f"only {name}", _defined(**{name: [{"id": "a"}]})) for name in COMPONENTS),
    Case("Data 2.4.4.1/13", "only a pattern", _defined(correctResponsesPattern=["a"])),
    *(
        Case("Data 2.4.4.1/14", repr(value), _defined(interactionType="other", correctResponsesPattern=value))
        for value in ("a", {"a": 1}, [1], [["a"]], [None])
    ),
    *(
        Case("Data 2.4.4.1/15", f"{name} {value!r}", _components(name, value))
        for name in COMPONENTS
        for value in ("a", {"id": "a"}, ["a"], [["a"]])
    ),
    *(Case("Data 2.4.4.1/16", name, _components(name, [{"id": "a"}, {"id": "b"}, {"id": "a"}])) for name in COMPONENTS),
    *(
        Case("Data 2.4.4.1/17", f"{name} {value!r}", _components(name, [value]))
        for name in COMPONENTS
        for value in (EMPTY, {"id": 1}, {"id": None}, {"description": {"en": "A"}})
    ),
    *(
        Case("Data 2.4.4.1/18", f"{name} {value!r}", _components(name, [{"id": "a", "description": value}]))
        for name in COMPONENTS
        for value in ("A", {"en": 1}, {"not a tag": "A"})
    ),
    Case("Data 2.4.4.2/1", "Agent", having("object", ANN)),
    Case("Data 2.4.4.2/1", "Group", having("object", {"member": [ANN, BEN]})),
    *(
        Case("Data 2.4.4.3/1", repr(value), having("object", {**REF, "objectType": value}))
        for value in ("", "statementref", "StatementReference", "Activity", 1)
    ),
    Case("Data 2.4.4.3/1", "no objectType", having("object", {"id": UNKNOWN_ID})),
    Case("Data 2.4.4.3/1", "no objectType in context", having("context.statement", {"id": UNKNOWN_ID})),
    Case("Data 2.4.4.3/2", "no id", having("object", {"objectType": "StatementRef"})),
    *(Case("Data 2.4.4.3/2", repr(value), having("object", {**REF, "id": value})) for value in ("", "x", 1, COURSE)),
    Case("Data 2.4.4.3/2", "another property", having("object", {**REF, "definition": {}})),
]
SUBSTATEMENTS = [
    *(
        Case("Data 2.4.4.3/3", repr(value), having("object", {**INNER, "objectType": value}))
        for value in ("", "substatement", "Statement", "SubStatements", 1)
    ),
    Case("Data 2.4.4.3/3", "no objectType", having("object.objectType", LEFT_OUT, having("object", INNER))),
    *(
        Case("Data 2.4.4.3/4", f"no {name}", having(f"object.{name}", LEFT_OUT, having("object", INNER)))
        for name in INNER
        if name != "objectType"
    ),
    Case("Data 2.4.4.3/5", "id", having("object.id", UNKNOWN_ID, having("object", INNER))),
    Case("Data 2.4.4.3/5", "stored", having("object.stored", "2020-01-01T00:00:00Z", having("object", INNER))),
    Case("Data 2.4.4.3/5", "version", having("object.version", "1.0.0", having("object", INNER))),
    Case("Data 2.4.4.3/5", "authority", having("object.authority", ANN, having("object", INNER))),
    Case("Data 2.4.4.3/6", "nested", having("object.object", INNER, having("object", INNER))),
]


@pytest.mark.parametrize("statements", by_clause(VERBS, OBJECTS, SUBSTATEMENTS))
async def test_a_wrong_verb_or_object_is_refused(xapi: Xapi, statements: list[Json]) -> None:
    await xapi.refuses(*statements)


@only(Version.V1)  # the tables are long, and a SubStatement is read by the same rules in both versions
@pytest.mark.clause("Data 2.4.4.3/4")
async def test_a_wrong_verb_or_object_in_a_SubStatement_is_refused(xapi: Xapi) -> None:
    await xapi.refuses(*(within(case.value) for case in VERBS + OBJECTS))


KEPT = [
    kept("Data 2.4.3/1", "an IRI beyond ASCII", "verb.id", "http://example.com/فعل/خواندن"),
    kept("Data 2.4.3/1", "a URN", "verb.id", "urn:example:did"),
    kept("Data 2.4.3/2", "display", "verb.display", {"en-US": "did", "es": "hizo"}),
    kept("Data 2.4.3/2", "no display", "verb.display", {}),
    kept("Data 2.4.4/1", "no objectType", "object", {"id": COURSE}),
    kept("Data 2.4.4/1", "Agent", "object", {"objectType": "Agent", **ANN}),
    kept("Data 2.4.4/1", "Group", "object", {"objectType": "Group", "member": [ANN]}),
    kept("Data 2.4.4/1", "StatementRef", "object", REF),
    kept("Data 2.4.4/1", "SubStatement", "object", INNER),
    kept("Data 2.4.4.1/1", "Activity", "object", {"objectType": "Activity", "id": COURSE}),
    kept("Data 2.4.4.1/9", "names", "object.definition", {"name": {"en": "A"}, "description": {"de": "B"}}),
    kept("Data 2.4.4.1/10", "type", "object.definition", {"type": "http://example.org/type"}),
    kept("Data 2.4.4.1/11", "moreInfo", "object.definition", {"moreInfo": "http://example.org/more"}),
    kept("Data 2.4.4.1/12", "extensions", "object.definition", {"extensions": {"http://example.org/x": [1]}}),
    *(kept("Data 2.4.4.1/13", name, "object.definition", {"interactionType": name}) for name in TYPES),
    kept("Data 2.4.4.1/14", "empty", "object.definition", {"interactionType": "other", "correctResponsesPattern": []}),
    *(
        kept(
            "Data 2.4.4.1/15",
            name,
            "object.definition",
            {"interactionType": kind, name: [{"id": "a"}, {"id": "b"}]},
        )
        for name, kind in COMPONENTS.items()
    ),
    kept("Data 2.4.4.3/2", "unknown target", "object", REF),
    kept("Data 2.4.4.3/4", "within a statement", "object", {**INNER, "result": {"success": True}, "context": {}}),
    kept("Data 2.4.4.3/4", "about an Agent", "object", {**INNER, "object": {"objectType": "Agent", **BEN}}),
    kept("Data 2.4.4.3/4", "about a statement", "object", {**INNER, "object": REF}),
]


@pytest.mark.parametrize("values", by_clause(KEPT))
async def test_a_verb_or_object_as_specified_is_taken_and_kept(xapi: Xapi, values: list[tuple[str, Any]]) -> None:
    await xapi.keeps(values)


@pytest.mark.clause("Data 2.4.3/6")
@pytest.mark.parametrize("display", [LEFT_OUT, {}, {"en": "did", "de-CH": "gemacht"}])
async def test_the_display_comes_back_as_it_was_sent_or_left_out(xapi: Xapi, display: Any) -> None:
    verb = {"id": "http://example.org/verbs/done"}
    await xapi.store(identified(verb={**verb, "display": {"en": "has done"}}))
    sent = verb if display is LEFT_OUT else {**verb, "display": display}
    identity = (await xapi.store(identified(verb=sent)))["id"]
    assert (await xapi.read(identity, format="exact"))["verb"] == sent


@only(Version.V1)
@pytest.mark.clause("Data 2.4.4.1/4", "Data 2.4.4.1/5")
async def test_an_activity_that_two_senders_define_differently_is_one_activity(xapi: Xapi, guest: Guest) -> None:
    other = Xapi(await guest("all"), xapi.version)
    mine = await xapi.store(having("object.definition", {"name": {"en": "Course"}}))
    theirs = await other.store(having("object.definition", {"name": {"en": "Kitchen"}, "type": "http://e.org/t"}))
    assert mine["authority"] != theirs["authority"]
    assert {mine["id"], theirs["id"]} <= set(await other.ids(activity=COURSE, limit=10))
    assert await other.read(mine["id"]) == mine
