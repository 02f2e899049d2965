import pytest

from lrs.xapi import Json
from lrs.xapi.statements import validate
from lrs.xapi.versions import Version
from tests.xapi.validation.samples import (
    ADA,
    CLUB,
    CONTEXT,
    CONTEXT_AGENT,
    CONTEXT_GROUP,
    CREW,
    GONE,
    REF,
    SUB,
    changed,
    refusal,
    simple,
)

BOTH: Json = {"contextAgents": [CONTEXT_AGENT], "contextGroups": [CONTEXT_GROUP]}


@pytest.mark.clause("Data 2.4.6")
@pytest.mark.parametrize("version", list(Version))
@pytest.mark.parametrize("context", [{}, CONTEXT, {"contextActivities": {}}, {"contextActivities": {"other": []}}])
def test_a_context_may_hold_any_part(context: Json, version: Version) -> None:
    statement = simple(context=context)

    assert validate(statement, version) is statement


BROKEN = [
    ("registration", "12345", "registration"),
    ("registration", 12345, "registration"),
    ("instructor", "Ada", "instructor"),
    ("team", ADA, "team.objectType"),
    ("contextActivities", [], "contextActivities"),
    ("contextActivities", None, "contextActivities"),
    ("contextActivities.Parent", [], "contextActivities.Parent"),
    ("contextActivities.parent", "https://example.org", "contextActivities.parent"),
    ("contextActivities.parent.0", "https://example.org", "contextActivities.parent[0]"),
    ("contextActivities.parent.0.id", "ABC101", "contextActivities.parent[0].id"),
    ("contextActivities.parent.0.objectType", "Agent", "contextActivities.parent[0].objectType"),
    ("contextActivities.category.id", GONE, "contextActivities.category.id"),
    ("revision", 2, "revision"),
    ("platform", None, "platform"),
    ("language", "something", "language"),
    ("language", {"en": "English"}, "language"),
    ("statement", ADA, "statement.objectType"),
    ("statement.id", "12345", "statement.id"),
    ("statement.objectType", GONE, "statement.objectType"),
    ("statement.version", "1.0", "statement.version"),
    ("extensions", {"seat": 1}, "extensions.seat"),
    ("Language", "en", "Language"),
]


@pytest.mark.clause("Data 2.4.6")
@pytest.mark.parametrize(("path", "value", "where"), BROKEN)
def test_a_broken_context_is_refused_at_the_exact_place(path: str, value: object, where: str) -> None:
    broken = changed(CONTEXT, path, value)

    assert refusal(simple(context=broken)).where == f"statement.context.{where}"
    assert refusal(simple(object={**SUB, "context": broken})).where == f"statement.object.context.{where}"


@pytest.mark.clause("Data 2.4.6")
@pytest.mark.parametrize("key", ["revision", "platform"])
@pytest.mark.parametrize("target", [ADA, CLUB, REF, {**SUB, "context": {}}])
def test_revision_and_platform_need_an_activity_as_object(key: str, target: Json) -> None:
    assert validate(simple(context={key: "1"}), Version.V1)
    assert refusal(simple(object=target, context={key: "1"})).where == f"statement.context.{key}"


@pytest.mark.clause("Data 2.4.6")
def test_a_sub_statements_revision_goes_with_its_own_object() -> None:
    inner = {**SUB, "context": {"revision": "1"}}

    assert validate(simple(object=inner), Version.V1)
    assert refusal(simple(object={**inner, "object": ADA})).where == "statement.object.context.revision"


@pytest.mark.clause("IEEE 9274.1.1 4.2.2.5")
@pytest.mark.parametrize(
    "context", [BOTH, {"contextAgents": [changed(CONTEXT_AGENT, "relevantTypes", GONE)]}, {"contextAgents": []}]
)
def test_version_2_takes_context_agents_and_groups(context: Json) -> None:
    assert validate(simple(context=context), Version.V2)
    assert validate(simple(object={**SUB, "context": context}), Version.V2)


@pytest.mark.clause("Data 2.2")
@pytest.mark.parametrize("key", ["contextAgents", "contextGroups"])
def test_version_1_knows_no_context_agents_or_groups(key: str) -> None:
    assert refusal(simple(context={key: BOTH[key]})).where == f"statement.context.{key}"


@pytest.mark.clause("IEEE 9274.1.1 4.2.2.5")
@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("contextAgents", CONTEXT_AGENT, "contextAgents"),
        ("contextAgents.0", ADA, "contextAgents[0].objectType"),
        ("contextAgents.0.objectType", "Agent", "contextAgents[0].objectType"),
        ("contextAgents.0.objectType", GONE, "contextAgents[0].objectType"),
        ("contextAgents.0.agent", GONE, "contextAgents[0].agent"),
        ("contextAgents.0.agent", {"key": "x"}, "contextAgents[0].agent.key"),
        ("contextAgents.0.agent", CREW, "contextAgents[0].agent.objectType"),
        ("contextAgents.0.relevantTypes", [], "contextAgents[0].relevantTypes"),
        ("contextAgents.0.relevantTypes", "https://a", "contextAgents[0].relevantTypes"),
        ("contextAgents.0.relevantTypes", ["abc"], "contextAgents[0].relevantTypes[0]"),
        ("contextGroups.0.objectType", "Group", "contextGroups[0].objectType"),
        ("contextGroups.0.group", ADA, "contextGroups[0].group.objectType"),
        ("contextGroups.0.group", GONE, "contextGroups[0].group"),
        ("contextGroups.0.relevantTypes", [], "contextGroups[0].relevantTypes"),
        ("contextGroups.0.member", [ADA], "contextGroups[0].member"),
    ],
)
def test_a_broken_context_agent_or_group_is_refused_at_the_exact_place(path: str, value: object, where: str) -> None:
    broken = changed(BOTH, path, value)

    assert refusal(simple(context=broken), Version.V2).where == f"statement.context.{where}"
    assert refusal(simple(object={**SUB, "context": broken}), Version.V2).where == f"statement.object.context.{where}"
