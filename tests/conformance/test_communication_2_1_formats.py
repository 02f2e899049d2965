"""xAPI Communication 2.1.3: the formats of statements, looked at in every statement of the answer."""

from typing import Any
from uuid import uuid4

import pytest

from lrs.xapi import Json
from lrs.xapi.versions import Version
from tests.api.samples import ANN, BEN, identified, refused
from tests.conformance.asking import Xapi
from tests.living import Living

AGENT: Json = {"objectType": "Agent", "name": "Ann", **ANN}
CREW: Json = {"objectType": "Group", "name": "Crew", "member": [AGENT, {"objectType": "Agent", "name": "Ben", **BEN}]}
TEAM: Json = {"objectType": "Group", "name": "Team", "mbox": "mailto:team@example.org", "member": [AGENT]}
DEFINITION: Json = {
    "name": {"en-GB": "Colour", "en-US": "Color", "de": "Farbe"},
    "description": {"fr": "Couleur", "de": "Eine Farbe"},
    "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
    "interactionType": "choice",
    "choices": [{"id": "a", "description": {"en-GB": "grey", "en-US": "gray"}}, {"id": "b"}],
    "extensions": {"http://example.org/x": {"en": "kept", "de": "behalten"}},
}


def _whole() -> tuple[str, Json]:
    """Return a fresh activity and a statement that holds it, agents and groups at every place."""
    activity = f"http://example.org/activities/{uuid4()}"
    subject = {"objectType": "Activity", "id": activity, "definition": DEFINITION}
    verb = {"id": "http://example.org/verbs/saw", "display": {"en-GB": "saw", "de": "sah"}}
    context = {
        "instructor": AGENT,
        "team": TEAM,
        "contextActivities": {"parent": [{"id": activity + "/parent", "definition": {"name": {"en": "P", "de": "E"}}}]},
    }
    inner = {"objectType": "SubStatement", "actor": CREW, "verb": verb, "object": subject, "context": context}
    return activity, identified(actor=CREW, verb=verb, object=inner, context=context)


async def _all(xapi: Xapi, sent: Json, activity: str, **parameters: str) -> list[Json]:
    """Store a statement and return it as one statement and as the only one of a list, in a format."""
    answer = await xapi.post(sent)
    assert answer.status_code == 200, answer.text
    filters = {"activity": activity, "related_activities": "true"}
    found = await xapi.find(**filters, **parameters)
    assert [each["id"] for each in found] == [sent["id"]]
    return [await xapi.read(sent["id"], **parameters), *found]


def _agents(value: Any) -> list[Json]:
    """Return every Agent and Group in a statement."""
    if isinstance(value, list):
        return [found for each in value for found in _agents(each)]
    if not isinstance(value, dict):
        return []
    inside = [
        found for name, each in value.items() if name not in {"extensions", "authority"} for found in _agents(each)
    ]
    is_agent = bool({"mbox", "account", "openid", "mbox_sha1sum", "member"} & set(value)) and "homePage" not in value
    return [value, *inside] if is_agent else inside


@pytest.mark.clause("Communication 2.1.3/18")
async def test_ids_hold_what_identifies_and_nothing_else(xapi: Xapi) -> None:
    activity, sent = _whole()
    for each in await _all(xapi, sent, activity, format="ids"):
        assert each["verb"] in ({"id": sent["verb"]["id"]}, sent["verb"])
        assert "display" not in each["verb"]
        assert each["object"]["object"] == {"id": activity}
        assert each["context"]["contextActivities"] == {"parent": [{"id": activity + "/parent"}]}
        assert each["context"]["team"] == {"objectType": "Group", "mbox": TEAM["mbox"]}
        members = each["actor"]["member"]
        assert [set(member) - {"objectType"} for member in members] == [{"mbox"}, {"account"}]
        assert all("name" not in agent for agent in _agents(each))
        assert each["object"]["context"]["contextActivities"] == {"parent": [{"id": activity + "/parent"}]}
        assert (each["id"], set(each)) == (sent["id"], {*sent, "stored", "timestamp", "authority", "version"})


@pytest.mark.clause("Communication 2.1.3/18")
@pytest.mark.parametrize("target", [AGENT, TEAM, CREW])
async def test_ids_identify_an_agent_or_group_as_object(xapi: Xapi, target: Json) -> None:
    stored = await xapi.store(identified(object=target))
    found = (await xapi.read(stored["id"], format="ids"))["object"]
    assert found["objectType"] == target["objectType"]
    assert "name" not in found
    if target is CREW:
        assert len(found["member"]) == 2
        assert all("name" not in member for member in found["member"])
    else:
        assert found == {"objectType": target["objectType"], "mbox": target["mbox"]}


@pytest.mark.clause("Communication 2.1.3/19")
@pytest.mark.parametrize("parameters", [{}, {"format": "exact"}])
async def test_exact_statements_are_as_they_came_whatever_others_tell(xapi: Xapi, parameters: dict[str, str]) -> None:
    activity, sent = _whole()
    await xapi.store(identified(object={"id": activity + "/other", "definition": {"name": {"en": "Other"}}}))
    for each in await _all(xapi, sent, activity, **parameters):
        assert {name: each[name] for name in sent} == sent
    newer = {"id": activity, "definition": {"name": {"en-GB": "Changed"}}}
    await xapi.store(identified(object=newer))
    assert (await xapi.read(sent["id"], **parameters))["object"]["object"]["definition"] == DEFINITION


@pytest.mark.clause("Communication 2.1.3/20", "Communication 2.1.3/24", "IEEE 9274.1.1 4.1.6.1/3")
async def test_canonical_statements_have_one_language_in_each_map_and_the_agents_as_they_came(xapi: Xapi) -> None:
    activity, sent = _whole()
    for each in await _all(xapi, sent, activity, format="canonical"):
        found = each["object"]["object"]
        maps = [found["definition"]["name"], found["definition"]["description"], each["verb"]["display"]]
        maps.append(found["definition"]["choices"][0]["description"])
        maps.append(each["context"]["contextActivities"]["parent"][0]["definition"]["name"])
        maps.append(each["object"]["verb"]["display"])
        assert [len(each) for each in maps] == [1] * len(maps)
        assert found["definition"]["extensions"] == DEFINITION["extensions"]
        assert found["definition"]["choices"][1] == {"id": "b"}
        assert each["actor"] == CREW
        assert each["context"]["team"] == TEAM
        assert each["context"]["instructor"] == AGENT


LANGUAGES = [
    ("en-GB", {"en-GB": "Colour"}, None, {"en-GB": "grey"}),
    ("en-US", {"en-US": "Color"}, None, {"en-US": "gray"}),
    ("de", {"de": "Farbe"}, {"de": "Eine Farbe"}, None),
    ("fr, de;q=0.5", {"de": "Farbe"}, {"fr": "Couleur"}, None),
    ("de;q=0.1, en-US;q=0.9", {"en-US": "Color"}, {"de": "Eine Farbe"}, {"en-US": "gray"}),
    ("fr;q=0, de", {"de": "Farbe"}, {"de": "Eine Farbe"}, None),
    ("en-US;q=0.5, en-GB;q=0.7", {"en-GB": "Colour"}, None, {"en-GB": "grey"}),
]


@pytest.mark.clause("Communication 2.1.3/25")
@pytest.mark.parametrize(("accepted", "name", "description", "choice"), LANGUAGES)
async def test_Accept_Language_chooses_for_each_map_on_its_own(
    xapi: Xapi, accepted: str, name: Json, description: Json | None, choice: Json | None
) -> None:
    activity = f"http://example.org/activities/{uuid4()}"
    stored = await xapi.store(identified(object={"id": activity, "definition": DEFINITION}))
    one = await xapi.get("statements", {"statementId": stored["id"], "format": "canonical"}, accept_language=accepted)
    many = await xapi.get("statements", {"activity": activity, "format": "canonical"}, accept_language=accepted)
    for each in (one.json(), *many.json()["statements"]):
        found = each["object"]["definition"]
        assert found["name"] == name
        assert description is None or found["description"] == description
        assert choice is None or found["choices"][0]["description"] == choice
        assert len(found["description"]) == len(found["choices"][0]["description"]) == 1


@pytest.mark.clause("Communication 2.1.3/25", "Communication 2.1.3/19")
async def test_Accept_Language_means_nothing_for_other_formats(xapi: Xapi) -> None:
    stored = await xapi.store(identified(object={"id": "http://example.org/colour", "definition": DEFINITION}))
    answer = await xapi.get("statements", {"statementId": stored["id"]}, accept_language="de")
    assert answer.json()["object"]["definition"] == DEFINITION


@pytest.mark.clause("Communication 2.1.3/20")
async def test_canonical_is_the_definition_that_the_LRS_knows_not_the_one_that_was_sent(
    working_lrs: Living, version: Version
) -> None:
    xapi = Xapi(working_lrs, version)
    activity = f"http://example.org/activities/{uuid4()}"
    bare = await xapi.store(identified(object={"id": activity}))
    await xapi.store(identified(object={"id": activity, "definition": DEFINITION}))
    await working_lrs.catalogued()
    known = (await xapi.get("activities", {"activityId": activity})).json()["definition"]
    found = await xapi.get("statements", {"statementId": bare["id"], "format": "canonical"}, accept_language="de")
    definition = found.json()["object"]["definition"]
    assert definition["name"] == {"de": known["name"]["de"]}
    assert definition["type"] == known["type"]


@pytest.mark.clause("Communication 2.1.3/18", "Data 2.2/17")
@pytest.mark.parametrize("value", ["id", "IDS", "full", ""])
async def test_there_is_no_other_format(xapi: Xapi, value: str) -> None:
    refused(await xapi.get("statements", {"format": value}), 400)
