"""Agent profiles and activity profiles: like State, but nothing is overwritten unseen (Communication 2.6, 2.7)."""

import json
from collections.abc import Callable
from uuid import uuid4

import pytest

from tests.api.conftest import Admit
from tests.api.documents import (
    EVERY,
    PROFILES,
    V1,
    V2,
    Address,
    activity_profile,
    agent_profile,
    content,
    new_activity,
    new_agent,
    send,
    state,
    stored,
)
from tests.api.samples import refused
from tests.living import Living

New = Callable[..., Address]
BOTH = pytest.mark.parametrize("version", [V1, V2])
EACH = pytest.mark.parametrize("new", PROFILES)


@BOTH
@EACH
@pytest.mark.clause("Communication 2.6")
@pytest.mark.clause("Communication 2.7")
@pytest.mark.clause("IEEE 9274.1.1 4.1.6.5")
@pytest.mark.clause("IEEE 9274.1.1 4.1.6.6")
async def test_a_profile_is_stored_merged_read_listed_and_deleted(shared: Living, new: New, version: str) -> None:
    address = new()

    assert (await send(shared, "PUT", address, {"x": 1}, version=version, if_none_match="*")).status_code == 204
    assert (await send(shared, "POST", address, {"y": 2}, version=version)).status_code == 204
    answer = await send(shared, "GET", address, version=version)
    assert (answer.status_code, answer.json()) == (200, {"x": 1, "y": 2})
    assert "last-modified" in answer.headers
    assert (await send(shared, "POST", address.but(profileId="профиль"), b"", content_type="a/b")).status_code == 204
    listed = await send(shared, "GET", address.all, version=version)
    assert (listed.status_code, listed.json()) == (200, sorted([address.parameters["profileId"], "профиль"]))
    assert (await send(shared, "DELETE", address, version=version)).status_code == 204
    assert refused(await send(shared, "GET", address, version=version), 404)["where"] == "profileId"
    assert (await send(shared, "DELETE", address, version=version)).status_code == 204


@EACH
@pytest.mark.clause("Communication 2.6")
@pytest.mark.clause("Communication 2.7")
async def test_a_profile_belongs_to_its_agent_or_activity(shared: Living, new: New) -> None:
    address = new()
    other = address.but(agent=new_agent()) if "agent" in address.parameters else address.but(activityId=new_activity())
    await stored(shared, address)

    assert await content(shared, other) is None
    assert (await send(shared, "GET", other.all)).json() == []


async def test_the_resources_know_nothing_of_one_another(shared: Living) -> None:
    activity, agent = new_activity(), new_agent()
    everywhere = [
        state(activityId=activity, agent=agent, stateId="x"),
        agent_profile(agent=agent, profileId="x"),
        activity_profile(activityId=activity, profileId="x"),
    ]
    for number, address in enumerate(everywhere):
        await stored(shared, address, [number])

    assert (await send(shared, "DELETE", everywhere[0].all)).status_code == 204

    assert [await content(shared, each) for each in everywhere] == [None, b"[1]", b"[2]"]


@EACH
@pytest.mark.clause("Communication 2.6")
@pytest.mark.clause("Communication 2.7")
async def test_since_lists_what_changed_later(shared: Living, new: New) -> None:
    await stored(shared, address := new())

    for since, expected in (("2020-01-01T00:00:00Z", [address.parameters["profileId"]]), ("2999-01-01T00:00:00Z", [])):
        assert (await send(shared, "GET", address.all.but(since=since))).json() == expected


@BOTH
@pytest.mark.parametrize(
    ("method", "address", "where"),
    [
        ("GET", agent_profile(agent=None), "agent"),
        ("GET", agent_profile(agent=None).all, "agent"),
        ("PUT", agent_profile(agent=None), "agent"),
        ("PUT", agent_profile(agent="[]"), "agent"),
        ("PUT", agent_profile(profileId=None), "profileId"),
        ("POST", agent_profile(profileId=None), "profileId"),
        ("DELETE", agent_profile(profileId=None), "profileId"),
        ("GET", agent_profile(activityId=new_activity()), "activityId"),
        ("GET", agent_profile(registration=str(uuid4())), "registration"),
        ("GET", agent_profile(since="2020-01-01T00:00:00Z"), "since"),
        ("GET", activity_profile(activityId=None), "activityId"),
        ("GET", activity_profile(activityId=None).all, "activityId"),
        ("PUT", activity_profile(activityId="course"), "activityId"),
        ("PUT", activity_profile(profileId=None), "profileId"),
        ("POST", activity_profile(profileId=None), "profileId"),
        ("DELETE", activity_profile(profileId=None), "profileId"),
        ("GET", activity_profile(agent=new_agent()), "agent"),
        ("GET", activity_profile(since="true").all, "since"),
        ("GET", activity_profile(ProfileId="x"), "ProfileId"),
    ],
)
@pytest.mark.clause("Communication 2.6")
@pytest.mark.clause("Communication 2.7")
async def test_a_wrong_parameter_is_refused(
    shared: Living, version: str, method: str, address: Address, where: str
) -> None:
    body = {"x": 1} if method in ("PUT", "POST") else None

    error = refused(await send(shared, method, address, body, version=version, if_none_match="*"), 400)

    assert error["where"] == where


@EACH
@pytest.mark.clause("Communication 3.1")
async def test_in_1_0_a_profile_is_not_put_without_a_precondition(shared: Living, new: New) -> None:
    address = new()

    assert refused(await send(shared, "PUT", address, {"x": 1}), 400)["where"] == "If-None-Match"
    assert await content(shared, address) is None

    await stored(shared, address, {"x": 1})
    error = refused(await send(shared, "PUT", address, {"x": 2}), 409)
    assert error["where"] == "If-Match"
    assert "current state" in error["accepted"]
    assert "If-Match with the ETag" in error["accepted"]
    assert json.loads(await content(shared, address) or b"") == {"x": 1}


@pytest.mark.parametrize("new", EVERY)
@pytest.mark.clause("IEEE 9274.1.1 4.1.4")
async def test_in_2_0_a_document_that_exists_is_not_put_without_a_precondition(shared: Living, new: New) -> None:
    address = new()

    assert (await send(shared, "PUT", address, {"x": 1}, version=V2)).status_code == 204

    assert (
        "If-Match with the ETag" in refused(await send(shared, "PUT", address, {"x": 2}, version=V2), 409)["accepted"]
    )
    assert json.loads(await content(shared, address) or b"") == {"x": 1}
    assert (await send(shared, "POST", address, {"x": 3}, version=V2)).status_code == 204
    assert (await send(shared, "DELETE", address, version=V2)).status_code == 204


@pytest.mark.clause("Communication 3.1")
async def test_in_1_0_state_needs_no_precondition(shared: Living) -> None:
    address = state()
    for method, body in (("PUT", {"x": 1}), ("PUT", {"x": 2}), ("POST", {"y": 3}), ("DELETE", None)):
        assert (await send(shared, method, address, body)).status_code == 204


async def test_profiles_take_the_scope_of_profiles(lrs: Living, admit: Admit) -> None:
    reader, writer, other = await admit("all/read"), await admit("profile"), await admit("state", "statements/read")
    for new in PROFILES:
        tag = await stored(lrs, address := new())

        assert (await send(reader, "GET", address)).status_code == 200
        for method, body in (("PUT", {"x": "foo"}), ("POST", {"x": "foo"}), ("DELETE", None)):
            for guest in (reader, other):
                assert "scope profile" in refused(await send(guest, method, address, body, if_match=tag), 403)["why"]
            assert (await send(writer, method, address, body, if_match=tag)).status_code == 204
        refused(await send(other, "GET", address), 403)
