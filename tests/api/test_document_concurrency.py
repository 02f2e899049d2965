"""Entity tags, preconditions, and many writers at once (Communication 3.1, IEEE 9274.1.1 4.1.4)."""

import asyncio
import json
from collections.abc import Callable

import httpx
import pytest

from tests.api.documents import EVERY, V1, V2, Address, content, etag, send, state, stored
from tests.api.samples import refused
from tests.living import Living

New = Callable[..., Address]
BOTH = pytest.mark.parametrize("version", [V1, V2])
EACH = pytest.mark.parametrize("new", EVERY)
OTHER = '"1111111111111111111111111111111111111111"'
WRITERS = 16


def accepted(answers: list[httpx.Response]) -> list[httpx.Response]:
    return [answer for answer in answers if answer.status_code == 204]


@EACH
@pytest.mark.clause("Communication 3.1")
async def test_the_etag_is_the_sha_1_of_the_bytes_in_quotes(shared: Living, new: New) -> None:
    data = b'{"x": "\xd1\x84"}'
    await stored(shared, address := new(), data, content_type="application/json")

    assert (await send(shared, "GET", address)).headers.get_list("etag") == [etag(data)]
    await send(shared, "POST", address, {"y": 1})
    changed = await send(shared, "GET", address)
    assert changed.headers["etag"] == etag(changed.content) != etag(data)


@BOTH
@EACH
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
@pytest.mark.parametrize("if_match", [OTHER, '"1234"', 'W/"1234"', f"{OTHER}, {OTHER}", OTHER.strip('"'), '"*"'])
@pytest.mark.clause("Communication 3.1")
@pytest.mark.clause("IEEE 9274.1.1 4.1.4")
async def test_a_wrong_if_match_is_refused_and_changes_nothing(
    shared: Living, new: New, version: str, method: str, if_match: str
) -> None:
    await stored(shared, address := new())
    body = None if method == "DELETE" else {"x": "bar"}

    error = refused(await send(shared, method, address, body, version=version, if_match=if_match), 412)

    assert error["where"] == "If-Match"
    assert "changed" in error["why"]
    assert "If-Match with the ETag" in error["accepted"]
    assert json.loads(await content(shared, address) or b"") == {"x": "foo"}


@BOTH
@EACH
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
@pytest.mark.parametrize(
    "if_match", ["{tag}", "W/{tag}", "{bare}", f"{OTHER} , {{tag}}", f"{OTHER},,{{bare}}", "{upper}", " * "]
)
@pytest.mark.clause("Communication 3.1")
@pytest.mark.clause("IEEE 9274.1.1 4.1.4")
async def test_a_right_if_match_is_accepted(shared: Living, new: New, version: str, method: str, if_match: str) -> None:
    tag = await stored(shared, address := new())
    body = None if method == "DELETE" else {"x": "bar"}
    told = if_match.format(tag=tag, bare=tag.strip('"'), upper=tag.upper())

    answer = await send(shared, method, address, body, version=version, if_match=told)

    assert answer.status_code == 204, answer.text
    assert await content(shared, address) in (None, b'{"x": "bar"}')


@BOTH
@EACH
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
@pytest.mark.parametrize("if_match", [OTHER, "*"])
@pytest.mark.clause("Communication 3.1")
async def test_if_match_never_holds_where_there_is_no_document(
    shared: Living, new: New, version: str, method: str, if_match: str
) -> None:
    address = new()
    body = None if method == "DELETE" else {"x": "bar"}

    error = refused(await send(shared, method, address, body, version=version, if_match=if_match), 412)

    assert "there is no document" in error["why"]
    assert await content(shared, address) is None


@BOTH
@EACH
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
@pytest.mark.clause("Communication 3.1")
async def test_if_none_match_with_a_star_holds_only_where_there_is_no_document(
    shared: Living, new: New, version: str, method: str
) -> None:
    address = new()
    body = None if method == "DELETE" else {"x": "bar"}
    assert (await send(shared, method, address, body, version=version, if_none_match="*")).status_code == 204
    tag = await stored(shared, address := new())

    for matching in ("*", tag, f"{OTHER}, {tag}"):
        error = refused(await send(shared, method, address, body, version=version, if_none_match=matching), 412)
        assert error["where"] == "If-None-Match"
    assert json.loads(await content(shared, address) or b"") == {"x": "foo"}
    assert (await send(shared, method, address, body, version=version, if_none_match=OTHER)).status_code == 204


@pytest.mark.parametrize("header", ["if_match", "if_none_match"])
@pytest.mark.parametrize("value", ["", " ", ",", "abc", '"abc', 'abc"', '*, "a"', "W/abc", '"a" "b"', "é"])
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
async def test_what_is_no_list_of_entity_tags_is_refused(shared: Living, method: str, header: str, value: str) -> None:
    await stored(shared, address := state())
    name = header.replace("_", "-")
    request = shared.http.build_request(method, address.path, params=address.parameters)
    request.headers = httpx.Headers([*request.headers.raw, (name.encode(), value.encode("latin-1"))])

    error = refused(await shared.http.send(request), 400)

    assert error["where"].lower() == name
    assert "ETag" in error["accepted"]
    assert await content(shared, address) is not None


@EACH
async def test_a_browser_that_has_the_document_need_not_load_it_again(shared: Living, new: New) -> None:
    tag = await stored(shared, address := new())

    for asked in (address, address.all):
        current = (await send(shared, "GET", asked)).headers["etag"]
        answer = await send(shared, "GET", asked, if_none_match=current)
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", current)
        assert (await send(shared, "GET", asked, if_none_match=OTHER)).status_code == 200
        assert refused(await send(shared, "GET", asked, if_match=OTHER), 412)["where"] == "If-Match"
    await send(shared, "POST", address, {"y": 1})
    assert (await send(shared, "GET", address, if_none_match=tag)).status_code == 200


@EACH
@pytest.mark.clause("Communication 2.2")
async def test_merges_of_many_writers_all_survive(lrs: Living, twin: Living, new: New) -> None:
    address = new()
    keys = [(client, f"{name}-{n}") for n in range(WRITERS) for name, client in (("lrs", lrs), ("twin", twin))]

    answers = await asyncio.gather(*(send(client, "POST", address, {key: key}) for client, key in keys))

    assert len(accepted(answers)) == 2 * WRITERS
    assert (await send(lrs, "GET", address)).json() == {key: key for _, key in keys}


@BOTH
@EACH
@pytest.mark.clause("Communication 3.1")
async def test_one_of_many_who_create_a_document_wins(lrs: Living, twin: Living, new: New, version: str) -> None:
    address = new()

    answers = await asyncio.gather(
        *(send((lrs, twin)[n % 2], "PUT", address, [n], version=version, if_none_match="*") for n in range(WRITERS))
    )

    (winner,) = accepted(answers)
    for answer in answers:
        if answer is not winner:
            refused(answer, 412)
    assert (await send(lrs, "GET", address)).content == winner.request.content


@EACH
@pytest.mark.clause("IEEE 9274.1.1 4.1.4")
async def test_in_2_0_one_of_many_who_put_without_precondition_wins(lrs: Living, twin: Living, new: New) -> None:
    address = new()

    answers = await asyncio.gather(*(send((lrs, twin)[n % 2], "PUT", address, [n], version=V2) for n in range(WRITERS)))

    (winner,) = accepted(answers)
    for answer in answers:
        if answer is not winner:
            refused(answer, 409)
    assert (await send(lrs, "GET", address)).content == winner.request.content


@EACH
@pytest.mark.clause("Communication 3.1")
async def test_counting_with_if_match_loses_no_count(lrs: Living, twin: Living, new: New) -> None:
    await stored(lrs, address := new(), {"n": 0})

    async def count(client: Living) -> None:
        for _ in range(4):
            while True:
                read = await send(client, "GET", address)
                changed = {"n": read.json()["n"] + 1}
                answer = await send(client, "PUT", address, changed, if_match=read.headers["etag"])
                if answer.status_code == 204:
                    break
                refused(answer, 412)

    await asyncio.gather(*(count(client) for client in (lrs, twin) for _ in range(4)))

    assert (await send(lrs, "GET", address)).json() == {"n": 32}


@pytest.mark.clause("Communication 3.1")
async def test_one_of_many_who_delete_the_version_they_know_wins(lrs: Living, twin: Living) -> None:
    tag = await stored(lrs, address := state())

    answers = await asyncio.gather(*(send((lrs, twin)[n % 2], "DELETE", address, if_match=tag) for n in range(WRITERS)))

    assert len(accepted(answers)) == 1


async def test_merges_beside_deletions_leave_whole_documents(lrs: Living, twin: Living) -> None:
    address = state()

    answers = await asyncio.gather(
        *(send(lrs, "POST", address, {str(n): n}) for n in range(WRITERS)),
        *(send(twin, "DELETE", address if n % 2 else address.all) for n in range(8)),
        *(send(twin, "PUT", address, {"put": n}) for n in range(8)),
    )

    assert len(accepted(answers)) == WRITERS + 16
    left = json.loads(await content(lrs, address) or b"{}")
    assert set(left) <= {str(n) for n in range(WRITERS)} | {"put"}


async def test_a_client_that_leaves_half_writes_nothing_and_blocks_nobody(lrs: Living, twin: Living) -> None:
    old, new = {"x": "a" * 200_000}, {"x": "b" * 200_000}
    address = state()
    for n in range(25):
        assert (await send(twin, "PUT", address, old)).status_code == 204
        leaving = asyncio.create_task(send(lrs, "PUT", address, new))
        await asyncio.sleep(n * 0.0004)
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        answer = await send(lrs, "GET", address)
        assert answer.json() in (old, new)
        assert answer.headers["etag"] == etag(answer.content)
    assert (await send(lrs, "POST", address, {"y": 1})).status_code == 204
