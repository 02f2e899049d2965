"""Voided statements (xAPI Data 2.3.2, Communication 2.1.3 and 2.1.4)."""

from collections.abc import Sequence

import pytest

from lrs.xapi import Json
from tests.api.samples import UNKNOWN_ID, VOIDED, count, identified, listed, read, refused, statement, voiding
from tests.living import Living


async def is_voided(lrs: Living, statement_id: str) -> bool:
    """Tell whether a statement is voided; both ways of asking for it must agree."""
    plain = await lrs.http.get("/xapi/statements", params={"statementId": statement_id})
    voided = await lrs.http.get("/xapi/statements", params={"voidedStatementId": statement_id})
    assert sorted((plain.status_code, voided.status_code)) == [200, 404]
    if voided.status_code == 200:
        assert voided.json()["id"] == statement_id
    return voided.status_code == 200


async def send(lrs: Living, sent: Sequence[Json], *, as_list: bool) -> None:
    for body in [list(sent)] if as_list else sent:
        assert (await lrs.post(body)).status_code == 200


@pytest.mark.clause("Data 2.3.2")
@pytest.mark.parametrize("as_list", [False, True], ids=["single", "list"])
@pytest.mark.parametrize("first", ["target", "voiding"])
async def test_a_statement_is_voided_whichever_of_the_two_comes_first(
    shared: Living, first: str, as_list: bool
) -> None:
    target = identified()
    void = voiding(target["id"].upper())

    await send(shared, [target, void] if first == "target" else [void, target], as_list=as_list)

    assert await is_voided(shared, target["id"])
    assert not await is_voided(shared, void["id"])


@pytest.mark.clause("Communication 2.1.3")
@pytest.mark.clause("Communication 2.1.4")
async def test_a_list_shows_the_voiding_statement_but_not_the_voided_one(lrs: Living) -> None:
    target, other = identified(), identified()
    void = voiding(target["id"])

    await send(lrs, [target, other, void], as_list=False)

    assert set(await listed(lrs)) == {other["id"], void["id"]}
    assert set(await listed(lrs, ascending="true")) == {other["id"], void["id"]}
    assert await count(lrs) == 3


@pytest.mark.clause("Data 2.3.2")
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (1, 0, 2), (2, 0, 1), (0, 2, 1)])
async def test_a_voiding_statement_cannot_be_voided(shared: Living, order: tuple[int, ...]) -> None:
    target = identified()
    void = voiding(target["id"])
    sent = [target, void, voiding(void["id"])]

    await send(shared, [sent[position] for position in order], as_list=False)

    assert [await is_voided(shared, each["id"]) for each in sent] == [True, False, False]


@pytest.mark.clause("Data 2.3.2")
async def test_what_voids_an_unknown_statement_is_taken(shared: Living) -> None:
    assert (await shared.post(voiding(UNKNOWN_ID))).status_code == 200


@pytest.mark.clause("Data 2.3.2")
async def test_what_is_voided_twice_stays_voided(shared: Living) -> None:
    target = identified()

    await send(shared, [target, voiding(target["id"]), voiding(target["id"])], as_list=False)

    assert await is_voided(shared, target["id"])


@pytest.mark.clause("Data 2.3.2")
async def test_a_voiding_statement_needs_a_reference(shared: Living) -> None:
    error = refused(await shared.post(statement(verb={"id": VOIDED})), 400)

    assert error["where"] == "statement.object"


@pytest.mark.clause("Data 2.3.2")
async def test_only_the_store_of_the_voiding_statement_is_concerned(lrs: Living, shared: Living) -> None:
    target = identified()
    await shared.post(target)
    await lrs.post(voiding(target["id"]))

    assert not await is_voided(shared, target["id"])


async def test_a_voided_statement_sent_again_stays_voided(shared: Living) -> None:
    target = identified()

    await send(shared, [target, voiding(target["id"]), target], as_list=False)
    await send(shared, [target, identified()], as_list=True)

    assert await is_voided(shared, target["id"])


@pytest.mark.clause("Communication 2.1.4")
async def test_a_voided_statement_is_read_back_unchanged(shared: Living) -> None:
    target = identified()
    await shared.post(target)
    before = await read(shared, target["id"])
    await shared.post(voiding(target["id"]))

    answer = await shared.http.get("/xapi/statements", params={"voidedStatementId": target["id"]})

    assert answer.json() == before
