"""xAPI Communication 2.1.3: which statements the filters of the Statement Resource find."""

from typing import Any
from uuid import uuid4

import orjson
import pytest

from lrs.xapi import Json
from lrs.xapi.versions import Version
from tests.api.samples import ANN, identified
from tests.conformance.asking import Xapi, having, only, within

IDENTIFIERS: tuple[str, ...] = ("mbox", "mbox_sha1sum", "openid", "account")


def _activity() -> str:
    return f"http://example.org/activities/{uuid4()}"


def _agent(name: str = "mbox") -> Json:
    mark = uuid4().hex
    values: dict[str, Any] = {
        "mbox": f"mailto:{mark}@example.org",
        "mbox_sha1sum": (mark * 2)[:40],
        "openid": f"http://{mark}.example.org",
        "account": {"homePage": "http://example.org", "name": mark},
    }
    return {name: values[name]}


def _json(value: Json) -> str:
    return orjson.dumps(value).decode()


@pytest.mark.clause("Communication 2.1.3/9")
@pytest.mark.parametrize("name", IDENTIFIERS)
async def test_an_agent_is_found_as_actor_object_and_member_by_its_identifier(xapi: Xapi, name: str) -> None:
    agent = _agent(name)
    named = {"objectType": "Agent", "name": "Somebody", **agent}
    found = [
        identified(actor=agent),
        identified(actor=named),
        identified(object=named),
        identified(actor={"objectType": "Group", "member": [ANN, agent]}),
        identified(object={"objectType": "Group", **_agent(), "member": [agent]}),
    ]
    others = [
        identified(),
        having("context.instructor", agent),
        having("context.team", {"objectType": "Group", "member": [agent]}),
        within(identified(actor=agent)),
    ]
    await xapi.post([*found, *others])
    for asked in (agent, {**named, "name": "Other"}):
        assert set(await xapi.ids(agent=_json(asked))) == {each["id"] for each in found}


@pytest.mark.clause("Communication 2.1.3/9")
@pytest.mark.parametrize("name", IDENTIFIERS)
async def test_a_group_is_found_by_its_identifier(xapi: Xapi, name: str) -> None:
    group = {"objectType": "Group", **_agent(name)}
    found = [identified(actor=group), identified(object={**group, "name": "Crew", "member": [ANN]})]
    await xapi.post([*found, identified()])
    assert set(await xapi.ids(agent=_json(group))) == {each["id"] for each in found}


@pytest.mark.clause("Communication 2.1.3/10")
async def test_a_verb_is_found(xapi: Xapi) -> None:
    verb = f"http://example.org/verbs/{uuid4()}"
    found = [identified(verb={"id": verb}), identified(verb={"id": verb, "display": {"en": "did"}})]
    await xapi.post([*found, identified(), within(identified(verb={"id": verb})), identified(verb={"id": verb + "/x"})])
    assert set(await xapi.ids(verb=verb)) == {each["id"] for each in found}


@pytest.mark.clause("Communication 2.1.3/11", "Communication 2.1.3/13")
async def test_an_activity_is_found_as_object_and_with_related_activities_anywhere(xapi: Xapi) -> None:
    activity = {"id": _activity()}
    objects = [identified(object=activity), identified(object={**activity, "objectType": "Activity", "definition": {}})]
    kinds = ("parent", "grouping", "category", "other")
    related = [having("context.contextActivities", {kind: [{"id": _activity()}, activity]}) for kind in kinds]
    related += [within(objects[0]), *(within(each) for each in related)]
    await xapi.post([*objects, *related, identified()])
    assert set(await xapi.ids(activity=activity["id"])) == {each["id"] for each in objects}
    assert set(await xapi.ids(activity=activity["id"], related_activities="false")) == {each["id"] for each in objects}
    found = await xapi.ids(activity=activity["id"], related_activities="true")
    assert set(found) == {each["id"] for each in objects + related}


@pytest.mark.clause("Communication 2.1.3/12")
async def test_a_registration_is_found(xapi: Xapi) -> None:
    registration = str(uuid4())
    sent = having("context.registration", registration)
    await xapi.post([sent, having("context.registration", str(uuid4())), identified()])
    assert await xapi.ids(registration=registration) == [sent["id"]]
    assert await xapi.ids(registration=registration.upper()) == [sent["id"]]


def _related(agent: Json) -> list[Json]:
    """Return statements that an agent has to do with otherwise than as actor, object or member of these."""
    group = {"objectType": "Group", "member": [agent]}
    inner = [identified(actor=agent), identified(object={"objectType": "Agent", **agent})]
    placed = [having("context.instructor", agent), having("context.instructor", group), having("context.team", group)]
    return [*placed, *(within(each) for each in (*inner, *placed))]


@pytest.mark.clause("Communication 2.1.3/14")
@pytest.mark.parametrize("name", IDENTIFIERS)
async def test_with_related_agents_an_agent_is_found_anywhere(xapi: Xapi, name: str) -> None:
    agent = _agent(name)
    plain, related = identified(actor=agent), _related(agent)
    await xapi.post([plain, *related, identified()])
    assert await xapi.ids(agent=_json(agent)) == [plain["id"]]
    found = await xapi.ids(agent=_json(agent), related_agents="true")
    assert set(found) == {each["id"] for each in (plain, *related)}


@pytest.mark.clause("Communication 2.1.3/14")
async def test_with_related_agents_an_authority_is_found(xapi: Xapi) -> None:
    stored = await xapi.store(identified())
    account = _json({"account": stored["authority"]["account"]})
    assert stored["id"] in await xapi.ids(agent=account, related_agents="true")
    assert stored["id"] not in await xapi.ids(agent=account)


@only(Version.V2)
@pytest.mark.clause("IEEE 9274.1.1 4.1.6.1/4")
async def test_with_related_agents_context_agents_and_groups_are_found(xapi: Xapi) -> None:
    agent = _agent()
    group = {"objectType": "Group", "member": [agent]}
    sent = [
        having("context.contextAgents", [{"objectType": "contextAgent", "agent": {"objectType": "Agent", **agent}}]),
        having("context.contextGroups", [{"objectType": "contextGroup", "group": group}]),
    ]
    sent += [within(each) for each in sent]
    await xapi.post(sent)
    assert set(await xapi.ids(agent=_json(agent), related_agents="true")) == {each["id"] for each in sent}
    assert await xapi.ids(agent=_json(agent)) == []
