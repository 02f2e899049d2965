"""State: what belongs to an activity, an agent and perhaps a registration (Communication 2.2, 2.3)."""

import asyncio
import json
from datetime import datetime
from email.utils import parsedate_to_datetime
from uuid import uuid4

import pytest

from tests.api.conftest import Admit
from tests.api.documents import V1, V2, Address, content, etag, new_agent, send, state, stored
from tests.api.samples import refused
from tests.living import Living

BINARY = bytes(range(256))
BOTH = pytest.mark.parametrize("version", [V1, V2])


async def ids(lrs: Living, address: Address, **parameters: str) -> list[str]:
    answer = await send(lrs, "GET", address.all.but(**parameters))
    assert answer.status_code == 200, answer.text
    listed: list[str] = answer.json()
    return listed


@BOTH
@pytest.mark.clause("Communication 2.3")
@pytest.mark.clause("IEEE 9274.1.1 4.1.6.2")
async def test_a_document_is_stored_read_and_deleted(shared: Living, version: str) -> None:
    address = state()

    assert (await send(shared, "PUT", address, {"x": "foo"}, version=version)).status_code == 204
    answer = await send(shared, "GET", address, version=version)
    assert (answer.status_code, answer.json()) == (200, {"x": "foo"})
    assert (await send(shared, "DELETE", address, version=version)).status_code == 204
    assert refused(await send(shared, "GET", address, version=version), 404)["where"] == "stateId"
    assert (await send(shared, "DELETE", address, version=version)).status_code == 204


@BOTH
@pytest.mark.clause("Communication 2.3")
async def test_a_context_is_activity_agent_and_registration(shared: Living, version: str) -> None:
    here = state()
    elsewhere = [
        here.but(stateId="other"),
        here.but(activityId="http://example.org/other"),
        here.but(agent=new_agent()),
        here.but(registration=str(uuid4())),
        here.but(registration=str(uuid4())),
    ]
    for number, address in enumerate([here, *elsewhere]):
        assert (await send(shared, "PUT", address, [number], version=version)).status_code == 204

    for number, address in enumerate([here, *elsewhere]):
        assert (await send(shared, "GET", address, version=version)).json() == [number]


@pytest.mark.clause("Data 2.4.2.3")
async def test_an_agent_is_who_its_identifier_says(shared: Living) -> None:
    account = {"homePage": "https://lms.example.org", "name": f"Zoë 🦊 {uuid4()}"}
    address = state(agent=json.dumps({"account": account}))
    await stored(shared, address)

    for same in (
        {"objectType": "Agent", "name": "Zoë", "account": account},
        {"account": dict(reversed(account.items()))},
        {"objectType": "Group", "account": account, "member": [{"mbox": "mailto:a@example.org"}]},
    ):
        assert await content(shared, address.but(agent=json.dumps(same, ensure_ascii=False))) is not None
    assert await content(shared, address.but(agent=json.dumps({"account": {**account, "name": "Zoe"}}))) is None


async def test_a_registration_is_the_same_in_any_case(shared: Living) -> None:
    registration = str(uuid4())
    await stored(shared, address := state(registration=registration))

    assert await content(shared, address.but(registration=registration.upper())) is not None
    assert await ids(shared, address, registration=registration.upper()) == ["bookmark"]


@pytest.mark.parametrize("name", ["закладка 🔖", "a b+c&d=e/%2F", "", " ", "\0", "x" * 20_000])
async def test_an_id_is_any_text(shared: Living, name: str) -> None:
    address, other = state(stateId=name), state()
    address = other.but(stateId=name)
    await stored(shared, other)
    await stored(shared, address, [name])

    assert (await send(shared, "GET", address)).json() == [name]
    assert await ids(shared, address) == sorted([name, "bookmark"])
    assert (await send(shared, "DELETE", address)).status_code == 204
    assert await ids(shared, address) == ["bookmark"]


async def test_an_activity_and_an_agent_may_be_long(shared: Living) -> None:
    agent = {"account": {"homePage": "https://lms.example.org/" + "p" * 9_000, "name": "n" * 9_000}}
    address = state(activityId="http://example.org/" + "a" * 9_000, agent=json.dumps(agent))
    await stored(shared, address)

    assert await content(shared, address) is not None
    assert await ids(shared, address) == ["bookmark"]
    assert await content(shared, address.but(activityId=address.parameters["activityId"] + "a")) is None


@BOTH
@pytest.mark.clause("Communication 2.3")
@pytest.mark.clause("IEEE 9274.1.1 4.1.6.2")
async def test_without_state_id_the_ids_of_the_context_are_listed(shared: Living, version: str) -> None:
    address, registration = state(), str(uuid4())
    for each in (
        address.but(stateId="b"),
        address.but(stateId="a"),
        address.but(stateId="a", registration=registration),
        address.but(stateId="c", registration=registration),
        state(stateId="elsewhere"),
    ):
        await stored(shared, each)

    answer = await send(shared, "GET", address.all, version=version)

    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == ["a", "b", "c"]
    assert answer.headers["etag"] == etag(answer.content)
    assert await ids(shared, address, registration=registration) == ["a", "c"]
    assert await ids(shared, address, registration=str(uuid4())) == []
    assert await ids(shared, state()) == []


async def modified(lrs: Living, address: Address) -> datetime:
    return parsedate_to_datetime((await send(lrs, "GET", address)).headers["last-modified"])


@pytest.mark.clause("Communication 2.2")
@pytest.mark.clause("IEEE 9274.1.1 4.1.6.2")
async def test_last_modified_is_when_the_document_or_the_latest_of_the_list_changed(shared: Living) -> None:
    address = state(stateId="a")
    await stored(shared, address)
    first = await modified(shared, address)
    await asyncio.sleep(1.01)

    await stored(shared, address.but(stateId="b"))
    second = await modified(shared, address.but(stateId="b"))

    assert second > first
    assert await modified(shared, address) == first
    assert await modified(shared, address.all) == second
    assert "last-modified" not in (await send(shared, "GET", state().all)).headers
    for method in ("POST", "PUT"):
        before = await modified(shared, address)
        await asyncio.sleep(1.01)
        assert (await send(shared, method, address, {"x": "foo"})).status_code == 204
        assert await modified(shared, address) > before


@pytest.mark.clause("Communication 2.3")
async def test_since_lists_what_changed_later_and_not_what_changed_then(lrs: Living) -> None:
    address = state()
    for name in ("a", "b"):
        await stored(lrs, address.but(stateId=name))
        await asyncio.sleep(0.002)
    times = {each["id"]: each["updated"] async for each in lrs.store.database["documents"].find({})}

    assert await ids(lrs, address, since="2020-01-01T00:00:00Z") == ["a", "b"]
    assert await ids(lrs, address, since=times["a"].isoformat()) == ["b"]
    assert await ids(lrs, address, since=times["b"].isoformat()) == []
    await send(lrs, "POST", address.but(stateId="a"), {"y": 1})
    assert await ids(lrs, address, since=times["b"].isoformat()) == ["a"]


@BOTH
@pytest.mark.clause("Communication 2.3")
async def test_delete_without_state_id_deletes_the_whole_context(shared: Living, version: str) -> None:
    address, registration, other = state(), str(uuid4()), state(stateId="elsewhere")
    mine = [address, address.but(registration=registration), address.but(registration=str(uuid4()))]
    for each in (*mine, other):
        await stored(shared, each)

    answer = await send(shared, "DELETE", address.all.but(registration=registration), version=version)
    assert answer.status_code == 204
    assert [await content(shared, each) is None for each in mine] == [False, True, False]

    assert (await send(shared, "DELETE", address.all, version=version)).status_code == 204
    assert [await content(shared, each) for each in mine] == [None, None, None]
    assert await content(shared, other) is not None
    assert (await send(shared, "DELETE", address.all, version=version)).status_code == 204


@pytest.mark.parametrize("header", ["if_match", "if_none_match"])
async def test_deleting_a_whole_context_takes_no_precondition(shared: Living, header: str) -> None:
    tag = await stored(shared, address := state())

    answer = await send(shared, "DELETE", address.all, **{header: tag})

    assert refused(answer, 400)["where"].lower().replace("-", "_") == header
    assert await content(shared, address) is not None


@BOTH
@pytest.mark.clause("Communication 2.3")
@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"activityId": None}, "activityId"),
        ({"agent": None}, "agent"),
        ({"activityId": "course"}, "activityId"),
        ({"activityId": ""}, "activityId"),
        ({"agent": "true"}, "agent"),
        ({"agent": "ann"}, "agent"),
        ({"agent": '{"name": "Ann"}'}, "agent"),
        ({"agent": '{"mbox": "ann@example.org"}'}, "agent"),
        ({"agent": '{"objectType": "Group", "member": [{"mbox": "mailto:a@example.org"}]}'}, "agent"),
        ({"agent": '{"mbox": "mailto:\\ud800@example.org"}'}, "agent"),
        ({"registration": "true"}, "registration"),
        ({"registration": ""}, "registration"),
        ({"stateID": "x"}, "stateID"),
        ({"profileId": "x"}, "profileId"),
        ({"cachebuster": "1"}, "cachebuster"),
    ],
)
async def test_a_wrong_parameter_is_refused(
    shared: Living, version: str, method: str, wrong: dict[str, str | None], where: str
) -> None:
    body = {"x": 1} if method in ("PUT", "POST") else None

    assert refused(await send(shared, method, state().but(**wrong), body, version=version), 400)["where"] == where


@BOTH
@pytest.mark.clause("Communication 2.3")
async def test_parameters_that_are_for_other_requests_are_refused(shared: Living, version: str) -> None:
    since = "2020-01-01T00:00:00Z"
    wrong: list[tuple[str, Address, str]] = [
        ("PUT", state().all, "stateId"),
        ("POST", state().all, "stateId"),
        ("GET", state(since=since), "since"),
        ("DELETE", state(since=since), "since"),
        ("DELETE", state(since=since).all, "since"),
        ("PUT", state(since=since), "since"),
        ("GET", state(since="yesterday").all, "since"),
    ]
    for method, address, where in wrong:
        body = {"x": 1} if method in ("PUT", "POST") else None
        assert refused(await send(shared, method, address, body, version=version), 400)["where"] == where


async def test_state_takes_the_scope_of_state(shared: Living, admit: Admit, lrs: Living) -> None:
    await stored(lrs, address := state())
    reader, writer, other = await admit("all/read"), await admit("state"), await admit("profile", "statements/read")

    assert (await send(reader, "GET", address)).status_code == 200
    for method, body in (("PUT", {}), ("POST", {}), ("DELETE", None)):
        for guest in (reader, other):
            assert "scope state" in refused(await send(guest, method, address, body), 403)["why"]
        assert (await send(writer, method, address, body)).status_code == 204
    refused(await send(other, "GET", address), 403)
