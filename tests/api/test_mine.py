"""`statements/read/mine`: a credential that reads what was stored with it, whatever anybody claims (Com. 4.0)."""

import pytest

from tests.api.conftest import Admit
from tests.api.samples import ANN, BEN, CONSISTENT_THROUGH, identified, listed, read, reference, refused, voiding
from tests.living import Living


@pytest.fixture
async def tool(admit: Admit) -> Living:
    return await admit("statements/write", "statements/read/mine")


@pytest.mark.clause("Communication 4.0")
async def test_only_what_was_stored_with_the_credential_is_read(lrs: Living, tool: Living) -> None:
    own, others = [identified() for _ in range(3)], [identified() for _ in range(3)]
    await tool.post(own[:2])
    await lrs.post(others)
    await tool.post(own[2])

    assert await listed(tool) == [own[2]["id"], *sorted((own[0]["id"], own[1]["id"]), reverse=True)]
    assert len(await listed(lrs)) == 6
    assert (await read(tool, own[0]["id"]))["id"] == own[0]["id"]
    for each in others:
        error = refused(await tool.http.get("/xapi/statements", params={"statementId": each["id"]}), 404)
        assert error["where"] == "statementId"


@pytest.mark.clause("Communication 4.0")
async def test_pages_and_filters_hold_no_others(lrs: Living, tool: Living) -> None:
    for _ in range(5):
        await tool.post(identified(actor=BEN))
        await lrs.post(identified(actor=BEN))
    await tool.post(identified())

    seen: list[str] = []
    answer = await tool.http.get("/xapi/statements", params={"agent": '{"mbox": "mailto:nobody@example.org"}'})
    assert answer.json()["statements"] == []
    answer = await tool.http.get("/xapi/statements", params={"limit": 2, "verb": identified()["verb"]["id"]})
    while True:
        seen += [each["id"] for each in answer.json()["statements"]]
        assert CONSISTENT_THROUGH in answer.headers
        if not answer.json()["more"]:
            break
        answer = await tool.http.get(answer.json()["more"])

    assert len(seen) == len(set(seen)) == 6


@pytest.mark.clause("Communication 4.0")
@pytest.mark.clause("Data 2.4.9")
async def test_an_authority_that_a_client_claims_opens_nothing(lrs: Living, tool: Living, admit: Admit) -> None:
    own = identified()
    await tool.post(own)
    authority = (await read(tool, own["id"]))["authority"]
    thief = await admit("statements/write", "statements/read/mine")
    claimed = identified(authority=authority)

    await thief.post(claimed)
    await lrs.post(identified(authority=authority))

    assert await listed(tool) == [own["id"]]
    assert await listed(thief) == [claimed["id"]]


async def test_a_statement_about_mine_is_not_mine(lrs: Living, tool: Living) -> None:
    own = identified()
    about, earlier = reference(own["id"]), reference(own["id"])
    await lrs.post(earlier)
    await tool.post(own)
    await lrs.post(about)
    chained = reference(about["id"])
    await lrs.post(chained)

    assert await listed(tool) == [own["id"]]
    assert set(await listed(lrs, activity=own["object"]["id"])) == {
        own["id"],
        about["id"],
        earlier["id"],
        chained["id"],
    }


@pytest.mark.clause("Data 2.3.2")
async def test_a_voided_statement_of_mine_is_read_as_such(lrs: Living, tool: Living) -> None:
    own, other = identified(), identified()
    await tool.post(own)
    await lrs.post(other)
    await lrs.post([voiding(own["id"]), voiding(other["id"])])

    assert await listed(tool) == []
    answer = await tool.http.get("/xapi/statements", params={"voidedStatementId": own["id"]})
    assert answer.json()["id"] == own["id"]
    refused(await tool.http.get("/xapi/statements", params={"voidedStatementId": other["id"]}), 404)


@pytest.mark.clause("Data 2.4.9")
async def test_only_a_credential_that_may_do_everything_names_another_authority(lrs: Living, tool: Living) -> None:
    trusted, untrusted = identified(authority=ANN), identified(authority=ANN)

    await lrs.post(trusted)
    await tool.post(untrusted)

    assert (await read(lrs, trusted["id"]))["authority"] == ANN
    assert (await read(lrs, untrusted["id"]))["authority"]["account"]["name"] == tool.key
    assert (await tool.post(untrusted)).status_code == 200
