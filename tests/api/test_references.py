"""Statements about statements are found by what their targets say (xAPI Communication 2.1.3)."""

import asyncio
from itertools import permutations

import orjson
import pytest

from lrs.xapi import Json
from tests.api.samples import ANN, BEN, COMPLETED, VOIDED, identified, listed, read, reference, voiding
from tests.living import Living

REGISTRATION = "5d0b1c3e-1b9e-4d67-9a8d-2f1f9b6f3c11"


async def found(lrs: Living, sent: list[Json], **parameters: str) -> list[int]:
    positions = {each["id"]: position for position, each in enumerate(sent)}
    return sorted(positions[each] for each in await listed(lrs, **parameters) if each in positions)


@pytest.mark.clause("Communication 2.1.3")
@pytest.mark.parametrize("as_list", [False, True], ids=["single", "list"])
@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["target first", "reference first"])
async def test_a_reference_is_found_by_its_target(shared: Living, order: tuple[int, ...], as_list: bool) -> None:
    target = identified(object={"id": f"http://example.org/{order[0]}/{as_list}"})
    sent = [target, reference(target["id"], actor=BEN)]
    ordered = [sent[position] for position in order]
    for body in [ordered] if as_list else ordered:
        assert (await shared.post(body)).status_code == 200

    assert await found(shared, sent, activity=target["object"]["id"]) == [0, 1]
    assert await found(shared, sent, verb=COMPLETED) == [0, 1]
    assert await found(shared, sent, agent=orjson.dumps(ANN).decode()) == [0, 1]
    assert await found(shared, sent, agent=orjson.dumps(BEN).decode()) == [1]


@pytest.mark.clause("Communication 2.1.3")
@pytest.mark.parametrize("order", list(permutations(range(4))), ids=str)
async def test_a_chain_of_references_is_found_by_its_end(shared: Living, order: tuple[int, ...]) -> None:
    end = identified(context={"registration": REGISTRATION})
    sent = [end]
    for _ in range(3):
        sent.append(reference(sent[-1]["id"]))

    for position in order:
        await shared.post(sent[position])

    assert await found(shared, sent, registration=REGISTRATION) == [0, 1, 2, 3]


@pytest.mark.clause("Communication 2.1.3")
async def test_the_filters_may_match_one_here_and_one_at_the_target(shared: Living) -> None:
    target = identified(object={"id": "http://example.org/both"})
    sent = [target, reference(target["id"], actor=BEN)]
    await shared.post(sent)

    assert await found(shared, sent, activity="http://example.org/both", agent=orjson.dumps(BEN).decode()) == [1]


@pytest.mark.clause("Communication 2.1.3")
async def test_a_voided_target_is_not_found_but_what_refers_to_it_is(lrs: Living) -> None:
    target = identified(object={"id": "http://example.org/voided"})
    about, void = reference(target["id"]), voiding(target["id"])
    for each in (target, about, void):
        await lrs.post(each)
        await asyncio.sleep(0.002)

    assert await listed(lrs, activity="http://example.org/voided") == [void["id"], about["id"]]
    assert await listed(lrs, activity="http://example.org/voided", verb=VOIDED) == [void["id"]]
    assert await listed(lrs, activity="http://example.org/voided", limit="1") == [void["id"]]


@pytest.mark.clause("Communication 2.1.3")
async def test_since_and_until_look_at_the_reference_and_not_at_its_target(shared: Living) -> None:
    target = identified(object={"id": "http://example.org/times"})
    about = reference(target["id"])
    for each in (target, about):
        await shared.post(each)
        await asyncio.sleep(0.002)
    stored = (await read(shared, target["id"]))["stored"]

    assert await listed(shared, activity="http://example.org/times", since=stored) == [about["id"]]
    assert await listed(shared, activity="http://example.org/times", until=stored) == [target["id"]]


@pytest.mark.timeout(60)
async def test_references_in_a_circle_end(shared: Living) -> None:
    one, two = identified(), identified()
    circle = [
        {**one, "object": {"objectType": "StatementRef", "id": two["id"]}},
        {**two, "object": {"objectType": "StatementRef", "id": one["id"]}},
        reference(one["id"], actor=BEN),
    ]
    itself = identified()
    itself["object"] = {"objectType": "StatementRef", "id": itself["id"]}

    for each in (*circle, itself):
        assert (await shared.post(each)).status_code == 200

    assert await found(shared, [*circle, itself], verb=COMPLETED) == [0, 1, 2, 3]
