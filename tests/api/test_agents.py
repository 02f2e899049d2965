"""GET agents: the Person behind an Agent, with every name seen (Communication 2.4)."""

import json
from uuid import uuid4

import pytest

from lrs.xapi import Json
from tests.api.conftest import Admit
from tests.api.samples import ANN, refused, statement
from tests.living import Living


def new_agent() -> Json:
    return {"mbox": f"mailto:{uuid4()}@example.org"}


def each_identifier() -> list[Json]:
    return [
        new_agent(),
        {"mbox_sha1sum": f"{uuid4().hex}01234567"},
        {"openid": f"https://id.example.org/{uuid4()}"},
        {"account": {"homePage": "https://lms.example.org", "name": f"Zoë {uuid4()}"}},
    ]


async def person(lrs: Living, agent: Json) -> Json:
    answer = await lrs.http.get("/xapi/agents", params={"agent": json.dumps(agent)})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    found: Json = answer.json()
    return found


@pytest.mark.clause("Communication 2.4")
async def test_a_person_has_arrays_of_what_is_known(shared: Living) -> None:
    for agent in each_identifier():
        await shared.post(statement(actor={"objectType": "Agent", "name": "Zoë", **agent}))
        ((identifier, value),) = agent.items()

        expected = {"objectType": "Person", "name": ["Zoë"], identifier: [value]}
        assert await person(shared, agent) == expected
        assert await person(shared, {"objectType": "Agent", "name": "Zoe?", **agent}) == expected


@pytest.mark.clause("Communication 2.4")
async def test_a_person_has_every_name_the_latest_first(shared: Living) -> None:
    agent = new_agent()
    for name in ("Ann", "Ann Smith", "Ann"):
        await shared.post(statement(actor={"name": name, **agent}))

    assert (await person(shared, agent))["name"] == ["Ann", "Ann Smith"]


@pytest.mark.clause("Communication 2.4")
async def test_an_agent_never_seen_is_a_person_with_what_was_asked(shared: Living) -> None:
    for agent in each_identifier():
        ((identifier, value),) = agent.items()

        assert await person(shared, agent) == {"objectType": "Person", identifier: [value]}
        assert await person(shared, {"name": "Who", **agent}) == {
            "objectType": "Person",
            "name": ["Who"],
            identifier: [value],
        }


@pytest.mark.parametrize("place", ["object", "member", "instructor", "team", "authority", "substatement"])
async def test_an_agent_is_known_wherever_in_a_statement_it_stands(shared: Living, place: str) -> None:
    agent = new_agent()
    named = {"objectType": "Agent", "name": "Cem", **agent}
    group = {"objectType": "Group", "member": [named]}
    sent = {
        "object": statement(object=named),
        "member": statement(actor=group),
        "instructor": statement(context={"instructor": named}),
        "team": statement(context={"team": group}),
        "authority": statement(authority=named),
        "substatement": statement(object={**statement(actor=named), "objectType": "SubStatement"}),
    }
    assert (await shared.post(sent[place])).status_code == 200

    assert (await person(shared, agent))["name"] == ["Cem"]


@pytest.mark.clause("IEEE 9274.1.1 4.2.2.5")
async def test_context_agents_and_groups_are_known_too(shared: Living) -> None:
    one, two = new_agent(), new_agent()
    context = {
        "contextAgents": [{"objectType": "contextAgent", "agent": {"name": "One", **one}}],
        "contextGroups": [
            {"objectType": "contextGroup", "group": {"objectType": "Group", "member": [{"name": "Two", **two}]}}
        ],
    }
    answer = await shared.post(statement(context=context), **{"X-Experience-API-Version": "2.0.0"})
    assert answer.status_code == 200, answer.text

    assert (await person(shared, one))["name"] == ["One"]
    assert (await person(shared, two))["name"] == ["Two"]


@pytest.mark.clause("Communication 4.2")
async def test_a_credential_that_may_not_define_names_nobody(lrs: Living, admit: Admit) -> None:
    agent, writer = new_agent(), await admit("statements/write")
    await lrs.post(statement(actor={"name": "right", **agent}))
    await writer.post(statement(actor={"name": "wrong", **agent}))

    assert (await person(lrs, agent))["name"] == ["right"]


async def test_another_store_knows_nothing_of_it(shared: Living, lrs: Living) -> None:
    agent = new_agent()
    await shared.post(statement(actor={"name": "Ann", **agent}))

    assert "name" not in await person(lrs, agent)


async def test_the_answer_is_the_same_once_the_worker_has_seen_it_all(working_lrs: Living) -> None:
    agent = new_agent()
    for name in ("Ann", "Ann Smith", "Ann"):
        await working_lrs.post(statement(actor={"name": name, **agent}))
        expected = await person(working_lrs, agent)
        await working_lrs.catalogued()
        assert await person(working_lrs, agent) == expected

    assert expected["name"] == ["Ann", "Ann Smith"]
    assert await working_lrs.store.catalogue.known("agents", [f"mbox:{agent['mbox']}"])


@pytest.mark.clause("Communication 2.4")
@pytest.mark.parametrize(
    "agent",
    [
        None,
        "",
        "no JSON",
        "[]",
        "{}",
        json.dumps({"name": "Ann"}),
        json.dumps({"mbox": ["mailto:ann@example.org"]}),
        json.dumps({"account": {"name": "ann"}}),
        json.dumps({**ANN, "openid": "https://id.example.org/ann"}),
        json.dumps({**ANN, "objectType": "Person"}),
        json.dumps({**ANN, "objectType": "Group"}),
        json.dumps({"objectType": "Group", "member": [ANN]}),
    ],
)
async def test_what_is_no_agent_is_refused(shared: Living, agent: str | None) -> None:
    parameters = {} if agent is None else {"agent": agent}

    assert refused(await shared.http.get("/xapi/agents", params=parameters), 400)["where"] == "agent"


@pytest.mark.clause("Communication 3.2")
async def test_another_parameter_is_refused(shared: Living) -> None:
    parameters = {"agent": json.dumps(ANN), "Agent": json.dumps(ANN)}

    assert refused(await shared.http.get("/xapi/agents", params=parameters), 400)["where"] == "Agent"


@pytest.mark.clause("Communication 1.1")
async def test_head_answers_without_a_body(shared: Living) -> None:
    answer = await shared.http.head("/xapi/agents", params={"agent": json.dumps(ANN)})

    assert (answer.status_code, answer.content) == (200, b"")
