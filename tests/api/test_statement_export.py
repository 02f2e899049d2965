"""Statements taken away by analysts: the same ones, in three formats, and never all of them in memory."""

import asyncio
import csv
import gzip
import io
import tracemalloc
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import polars as pl
import pytest

from lrs.core.querying.columns import COLUMNS, USUAL
from lrs.core.querying.export import export, read_query
from lrs.store.stores import Store, Stores
from lrs.xapi import Json
from tests.api.conftest import Admit
from tests.api.queried import STATEMENTS, abandoned, at_work, comes_to_rest, write
from tests.api.samples import (
    ANN,
    ANSWERED,
    BEN,
    CONSISTENT_THROUGH,
    COURSE,
    UNKNOWN_ID,
    identified,
    refused,
    statement,
    voiding,
)
from tests.living import Living, asked_by, new_store
from tests.store.samples import new

README = (Path(__file__).parents[2] / "README.md").read_text()
REGISTRATION = str(uuid4())
MANY = 100_000

SCORED: Json = {
    "score": {"scaled": 0.5, "raw": 7},
    "success": True,
    "completion": False,
    "duration": "PT1M30S",
}


def sent() -> list[Json]:
    """Statements that the filters tell apart."""
    lesson = {"id": "http://example.org/lesson"}
    inside = {"contextActivities": {"parent": [{"id": COURSE}]}, "registration": REGISTRATION}
    taught = {"instructor": ANN, "platform": 'a "platform", of sorts', "language": "de-CH"}
    return [
        identified(timestamp="2026-03-01T12:00:00.123+01:00"),
        identified(actor=BEN, verb={"id": ANSWERED}, object=lesson, context=inside, result=SCORED),
        identified(actor=BEN, object=lesson, context=taught),
        identified(actor=BEN, object={"objectType": "Agent", **ANN}),
        identified(actor={"objectType": "Group", "member": [ANN, BEN]}),
        identified(verb={"id": ANSWERED}, context={"registration": REGISTRATION, "platform": ""}),
    ]


async def exported(lrs: Living, **parameters: str) -> bytes:
    answer = await lrs.http.get(STATEMENTS, params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.content


async def lines(lrs: Living, **parameters: str) -> list[Json]:
    return [orjson.loads(line) for line in (await exported(lrs, **parameters)).splitlines()]


async def listed(lrs: Living, **parameters: str) -> list[Json]:
    """Return the same as the xAPI lists it, over all pages."""
    answer = (await lrs.http.get("/xapi/statements", params={**parameters, "limit": "3"})).json()
    found: list[Json] = answer["statements"]
    while answer["more"]:
        answer = (await lrs.http.get(answer["more"])).json()
        found += answer["statements"]
    return found


async def test_it_takes_the_scope_to_read_all_statements(lrs: Living, admit: Admit) -> None:
    refused(await lrs.http.get(STATEMENTS, auth=httpx.BasicAuth("nobody", "at all")), 401)
    for scope in ("analytics/identify", "statements/read/mine", "admin", "statements/write"):
        guest = await admit(scope)
        assert "statements/read" in refused(await guest.http.get(STATEMENTS), 403)["why"]
    assert (await (await admit("all/read")).http.get(STATEMENTS)).status_code == 200


async def test_another_store_shows_nothing(lrs: Living, stores: Stores) -> None:
    await lrs.post(sent())

    async with new_store(stores) as other, asked_by(lrs.http._transport, other, stores) as elsewhere:  # type: ignore[arg-type]
        assert await exported(elsewhere) == b""


FILTERS: list[dict[str, str]] = [
    {},
    {"ascending": "true"},
    {"verb": ANSWERED},
    {"activity": COURSE},
    {"activity": COURSE, "related_activities": "true"},
    {"agent": orjson.dumps(ANN).decode()},
    {"agent": orjson.dumps(ANN).decode(), "related_agents": "true"},
    {"registration": REGISTRATION.upper()},
    {"registration": REGISTRATION, "verb": ANSWERED, "ascending": "true"},
    {"verb": "http://example.org/never"},
]


@pytest.mark.parametrize("filters", FILTERS, ids=lambda filters: "&".join(filters) or "all")
async def test_the_lines_are_the_statements_that_the_xapi_lists(lrs: Living, filters: dict[str, str]) -> None:
    await lrs.post(sent())
    await lrs.post(identified())

    assert await lines(lrs, **filters) == await listed(lrs, **filters)


async def test_times_of_storing_bound_it_as_in_the_xapi(lrs: Living) -> None:
    for _ in range(3):
        await lrs.post(identified())
        await asyncio.sleep(0.005)
    newest, middle, oldest = await listed(lrs)

    assert await lines(lrs, since=middle["stored"]) == [newest]
    assert await lines(lrs, until=middle["stored"]) == [middle, oldest]


async def test_each_line_holds_the_bytes_as_they_are_stored(lrs: Living) -> None:
    await lrs.post(identified(context={"extensions": {"http://example.org/e": "a\nline"}}))

    (line,) = (await exported(lrs)).splitlines()
    page = await lrs.http.get("/xapi/statements")

    assert page.content == b'{"statements":[' + line + b'],"more":""}'


async def test_what_is_voided_is_left_out(lrs: Living) -> None:
    gone, kept = identified(), identified()
    await lrs.post([gone, kept])
    await lrs.post(voiding(gone["id"]))

    assert gone["id"] not in [each["id"] for each in await lines(lrs)]
    assert await lines(lrs) == await listed(lrs)


async def test_a_limit_ends_it_and_0_is_none(lrs: Living) -> None:
    await lrs.post(sent())
    everything = await lines(lrs)

    assert await lines(lrs, limit="2") == everything[:2]
    assert await lines(lrs, limit="0") == everything


async def test_csv_has_the_usual_columns_with_their_types(lrs: Living) -> None:
    await lrs.post(sent())

    text = (await exported(lrs, format="csv", ascending="true")).decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))

    assert tuple(rows[0]) == USUAL
    assert [row["id"] for row in rows] == [each["id"] for each in await lines(lrs, ascending="true")]
    by_time = {row["timestamp"]: row for row in rows}
    assert by_time["2026-03-01T11:00:00.123Z"]["actor"] == "mbox:mailto:ann@example.org"
    (answered,) = [row for row in rows if row["score_scaled"]]
    assert (answered["success"], answered["completion"]) == ("true", "false")
    assert [float(answered[name]) for name in ("score_scaled", "score_raw", "duration_s")] == [0.5, 7, 90]
    assert (answered["object_id"], answered["object_type"]) == ("http://example.org/lesson", "Activity")
    assert 'a "platform", of sorts' in [row["platform"] for row in rows]


async def test_in_csv_an_empty_text_is_no_absent_one(lrs: Living) -> None:
    await lrs.post([identified(context={"platform": ""}), identified()])

    told, absent = sorted((await exported(lrs, format="csv", columns="platform")).split(b"\r\n")[1:3], reverse=True)

    assert (told, absent) == (b'""', b"")


async def test_columns_come_as_they_are_named(lrs: Living) -> None:
    await lrs.post(sent())

    text = await exported(lrs, format="csv", columns="verb,id", ascending="true")

    first = (await lines(lrs, ascending="true"))[0]
    assert text.split(b"\r\n")[:2] == [b"verb,id", f"{first['verb']['id']},{first['id']}".encode()]


async def test_parquet_says_the_same_as_csv(lrs: Living) -> None:
    target = identified()
    await lrs.post([*sent(), target])
    await lrs.post(voiding(target["id"]))
    columns = ",".join(COLUMNS)

    rows = pl.read_parquet(await exported(lrs, format="parquet", columns=columns))
    text = await exported(lrs, format="csv", columns=columns)

    assert rows.columns == list(COLUMNS)
    assert rows.schema == {name: column.type for name, column in COLUMNS.items()}
    assert [orjson.loads(each) for each in rows["statement"]] == await lines(lrs)
    assert rows.write_csv(line_terminator="\r\n", datetime_format="%Y-%m-%dT%H:%M:%S%.3fZ").encode() == text
    assert target["id"] in rows["voids"].to_list()


async def test_nothing_is_a_table_without_rows(lrs: Living) -> None:
    assert await exported(lrs) == b""
    assert await exported(lrs, format="csv", columns="id,verb") == b"id,verb\r\n"
    assert pl.read_parquet(await exported(lrs, format="parquet")).shape == (0, len(USUAL))


WRONG = [
    ({"format": "xlsx"}, "format", "jsonl, csv, parquet"),
    ({"format": "csv", "columns": "id,name"}, "columns", "activity_type"),
    ({"format": "csv", "columns": "id,verb,id"}, "columns", "once"),
    ({"columns": "id"}, "columns", "format=csv"),
    ({"agent": "ann"}, "agent", "mailto:"),
    ({"verb": "completed"}, "verb", "IRI"),
    ({"since": "yesterday"}, "since", "ISO 8601"),
    ({"limit": "-1"}, "limit", "whole number"),
    ({"related_agents": "yes"}, "related_agents", "true or false"),
    ({"statementId": UNKNOWN_ID}, "statementId", "registration"),
    ({"group_by": "verb"}, "group_by", "columns"),
]


@pytest.mark.parametrize(("parameters", "where", "accepted"), WRONG, ids=[str(wrong[0]) for wrong in WRONG])
async def test_what_can_not_be_asked_is_refused_by_its_name(
    lrs: Living, parameters: dict[str, str], where: str, accepted: str
) -> None:
    error = refused(await lrs.http.get(STATEMENTS, params=parameters), 400)

    assert error["where"] == where
    assert error["why"]
    assert accepted in error["accepted"]


async def test_it_tells_through_when_it_is_whole(lrs: Living) -> None:
    await lrs.post(identified())
    (stored,) = [each["stored"] for each in await listed(lrs)]

    answer = await lrs.http.get(STATEMENTS)

    assert answer.headers[CONSISTENT_THROUGH] > stored
    assert answer.headers["content-type"] == "application/x-ndjson"


async def test_what_is_stored_meanwhile_is_not_in_it(lrs: Living) -> None:
    written = await write(lrs.store, [statement() for _ in range(1200)])

    begun = await export(lrs.store, read_query({"format": "jsonl", "ascending": "true"}))
    await write(lrs.store, [statement() for _ in range(10)])
    found = b"".join([piece async for piece in begun.content]).splitlines()

    assert [orjson.loads(line)["id"] for line in found] == [
        str(each.id) for each in sorted(written, key=lambda each: (each.stored, str(each.id)))
    ]
    assert all(each.stored < begun.through for each in written)


@pytest.mark.parametrize("form", ["jsonl", "csv"])
async def test_it_is_compressed_for_who_asks(lrs: Living, form: str) -> None:
    await lrs.post([identified() for _ in range(30)])
    plain = await exported(lrs, format=form)

    async with lrs.http.stream(
        "GET", STATEMENTS, params={"format": form}, headers={"Accept-Encoding": "gzip"}
    ) as answer:
        body = b"".join([chunk async for chunk in answer.aiter_raw()])

    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body) == plain


async def test_head_shows_none_of_it(lrs: Living) -> None:
    await lrs.post(identified())

    answer = await lrs.http.head(STATEMENTS, params={"format": "csv"})

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"].startswith("text/csv")


def test_every_column_stands_in_the_readme() -> None:
    assert [name for name in COLUMNS if f"`{name}`" not in README] == []


def documents() -> list[dict[str, Any]]:
    """As many statements as a small organisation's year brings, by a hundred people."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    patterns = []
    for n in range(100):
        actor = {"mbox": f"mailto:p{n}@example.org"}
        told = statement(actor=actor, object={"id": f"http://example.org/{n % 7}"}, timestamp="2026-01-01T00:00:00Z")
        patterns.append(new(told).document())
    return [
        {
            **patterns[n % 100],
            "_id": UUID(int=n + 1),
            "stored": moment + timedelta(seconds=n),
            "timestamp": moment + timedelta(minutes=n),
        }
        for n in range(MANY)
    ]


@pytest.fixture(scope="module")
async def many(stores: Stores) -> AsyncIterator[Store]:
    async with new_store(stores) as store:
        await store.database["statements"].insert_many(documents(), ordered=False)
        yield store


@pytest.mark.slow
@pytest.mark.parametrize(("form", "number"), [("jsonl", MANY), ("csv", MANY // 10), ("parquet", MANY // 10)])
async def test_however_many_statements_take_little_memory(many: Store, form: str, number: int) -> None:
    tracemalloc.start()  # which takes its time: so in two formats not all of them
    try:
        begun = await export(many, read_query({"format": form, "limit": str(number)}))
        ends = sum([piece.count(b"\n") async for piece in begun.content])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert form == "parquet" or ends == number + (form == "csv")
    assert peak < 10_000_000


@pytest.mark.slow
@pytest.mark.parametrize("form", ["jsonl", "csv"])
async def test_nothing_stays_open_when_the_client_leaves_in_the_middle(
    many: Store, transport: httpx.ASGITransport, stores: Stores, form: str
) -> None:
    async with asked_by(transport, many, stores) as lrs:
        sent = await abandoned(lrs, STATEMENTS, format=form)

    assert sent[0]["status"] == 200
    assert sum(len(each.get("body", b"")) for each in sent) < 10_000_000
    await comes_to_rest(many)


@pytest.mark.slow
async def test_nothing_is_put_together_any_more_for_a_client_that_left_before(
    many: Store, transport: httpx.ASGITransport, stores: Stores, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    async def when_at_work() -> None:
        while not await asyncio.to_thread(lambda: list(tmp_path.glob("lrs-export-*/*"))):
            pass

    async with asked_by(transport, many, stores) as lrs:
        sent = await abandoned(lrs, STATEMENTS, when_at_work, format="parquet")

    assert sent[0]["status"] == 499
    assert await asyncio.to_thread(lambda: list(tmp_path.iterdir())) == []
    assert await at_work(many) == []
