"""Metrics as tables: CSV and Parquet hold what JSON does, whole or in pieces."""

import csv
import gzip
import io
from collections.abc import Mapping
from typing import Any

import httpx
import polars as pl
import pytest

from lrs.plugin.declared import ANSWERED
from lrs.store.connection import Client
from lrs.store.stores import Stores
from tests.api.conftest import Admit
from tests.api.samples import refused
from tests.api.talking import POSTS, WEEKS, go_on, talk
from tests.living import Living, asked_by, new_store
from tests.reference.samples import WEEK, thread

BY_DEPARTMENT = {**WEEKS, "group_by": "department"}
RATE = "/api/v1/metrics/discussion.unanswered_rate"
ASKED: list[tuple[str, Mapping[str, str]]] = [
    (POSTS, {"since": "2026-03-02", "until": "2026-03-30"}),
    (POSTS, WEEKS),
    (POSTS, BY_DEPARTMENT),
    (POSTS, {**BY_DEPARTMENT, "compare": "previous"}),
    (POSTS, {**WEEKS, "group_by": "team"}),
    (RATE, WEEKS),
]


async def file(lrs: Living, form: str = "parquet", headers: dict[str, str] | None = None) -> httpx.Response:
    told = {"Accept-Encoding": "identity", **(headers or {})}
    return await lrs.http.get(POSTS, params={**WEEKS, "format": form}, headers=told)


def flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of JSON as the columns of a table have it; times as text."""
    bucket = row["bucket"] or {"start": None, "end": None}
    before = {f"previous_{name}": value for name, value in row.get("previous", {}).items()}
    told = {name: row[name] for name in ("group", "value", "n_people", "n_acts", "suppressed", "reason")}
    return {**told, "bucket_start": bucket["start"], "bucket_end": bucket["end"], **before}


@pytest.mark.parametrize(("path", "asked"), ASKED)
async def test_a_table_holds_what_json_does(talking: Living, path: str, asked: Mapping[str, str]) -> None:
    rows = (await talking.http.get(path, params=asked)).json()["rows"]
    written = await talking.http.get(path, params={**asked, "format": "csv"})
    binary = await talking.http.get(path, params={**asked, "format": "parquet"})

    table = pl.read_parquet(io.BytesIO(binary.content))
    lines = list(csv.DictReader(io.StringIO(written.text)))
    times = [pl.col(name).dt.strftime("%Y-%m-%dT%H:%M:%S%.3fZ") for name in ("bucket_start", "bucket_end")]
    told = [flat(row) for row in rows]
    assert [{name: row[name] for name in told[0]} for row in table.with_columns(times).to_dicts()] == told
    assert list(lines[0]) == table.columns
    assert tuple(table.columns[: len(ANSWERED)]) == ANSWERED  # which no number beside may be called
    assert [line["reason"] or None for line in lines] == [row["reason"] for row in rows]
    assert [float(line["value"]) if line["value"] else None for line in lines] == [row["value"] for row in rows]


async def test_what_is_withheld_is_in_no_table(talking: Living) -> None:
    answer = await talking.http.get(POSTS, params={**BY_DEPARTMENT, "format": "parquet"})

    hidden = pl.read_parquet(io.BytesIO(answer.content)).filter("suppressed")
    assert set(hidden["reason"]) == {"too_few_people"}
    assert hidden.select("value", "n_people", "n_acts").null_count().row(0) == (len(hidden),) * 3
    assert b"example.org" not in answer.content


@pytest.mark.parametrize(
    ("form", "media_type"),
    [("csv", "text/csv; charset=utf-8; header=present"), ("parquet", "application/vnd.apache.parquet")],
)
async def test_a_table_comes_as_a_file_with_a_name(talking: Living, form: str, media_type: str) -> None:
    answer = await file(talking, form)

    assert answer.headers["Content-Type"] == media_type
    name = f"discussion.posts_2026-03-02_2026-03-30.{form}"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert int(answer.headers["Content-Length"]) == len(answer.content)


@pytest.mark.parametrize("form", ["json", "csv", "parquet", "svg", "png"])
async def test_head_tells_what_get_would(talking: Living, form: str) -> None:
    got = await file(talking, form)
    told = await talking.http.head(POSTS, params={**WEEKS, "format": form}, headers={"Accept-Encoding": "identity"})

    assert (told.status_code, told.content) == (200, b"")
    for name in ("Content-Type", "Content-Length", "ETag", "Content-Disposition", "Accept-Ranges"):
        assert told.headers.get(name) == got.headers.get(name)


@pytest.mark.parametrize("path", ["/api/v1/metrics", "/api/v1/charts", "/api/v1/charts/discussion.posts"])
async def test_head_works_wherever_get_does(talking: Living, path: str) -> None:
    told = await talking.http.head(path)

    assert (told.status_code, told.content) == (200, b"")
    assert int(told.headers["Content-Length"]) > 0


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("0-3", 0, 4), ("4-", 4, None), ("-4", -4, None), ("10-1000000", 10, None), ("-1000000", 0, None), ("7-7", 7, 8)],
)
@pytest.mark.parametrize("form", ["csv", "parquet"])
async def test_a_part_is_what_the_whole_has_there(
    talking: Living, form: str, asked: str, first: int, last: int | None
) -> None:
    whole = await file(talking, form)

    part = await file(talking, form, {"Range": f"bytes={asked}"})

    size, start = len(whole.content), first % len(whole.content)
    end = size if last is None else last
    assert part.status_code == 206
    assert part.content == whole.content[first:last]
    assert part.headers["Content-Range"] == f"bytes {start}-{end - 1}/{size}"
    assert int(part.headers["Content-Length"]) == len(part.content)
    assert part.headers["ETag"] == whole.headers["ETag"]


@pytest.mark.parametrize("asked", ["100000000-", "100000000-100000001", "-0"])
async def test_a_part_that_is_not_there_is_refused_with_the_size(talking: Living, asked: str) -> None:
    size = len((await file(talking)).content)

    answer = await file(talking, headers={"Range": f"bytes={asked}"})

    error = refused(answer, 416)
    assert (error["where"], error["why"]) == ("Range", f"{size} bytes")
    assert answer.headers["Content-Range"] == f"bytes */{size}"


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,4-5", "bytes=5-1", "bytes=-", "bytes=a-b", "lines=0-1", "", f"bytes={'9' * 40}-"]
)
async def test_what_is_no_single_range_is_answered_with_the_whole(talking: Living, asked: str) -> None:
    whole = await file(talking)

    answer = await file(talking, headers={"Range": asked})

    assert (answer.status_code, answer.content) == (200, whole.content)


async def test_a_part_of_another_file_is_not_given(talking: Living) -> None:
    whole = await file(talking)

    same = await file(talking, headers={"Range": "bytes=0-3", "If-Range": whole.headers["ETag"]})
    other = await file(talking, headers={"Range": "bytes=0-3", "If-Range": '"another"'})

    assert (same.status_code, same.content) == (206, whole.content[:4])
    assert (other.status_code, other.content) == (200, whole.content)


@pytest.mark.parametrize("form", ["csv", "parquet", "svg"])
async def test_who_has_the_file_is_not_sent_it_again(talking: Living, form: str) -> None:
    etag = (await file(talking, form)).headers["ETag"]

    for told in (etag, f'"another", {etag}', f"W/{etag}", "*"):
        again = await file(talking, form, {"If-None-Match": told})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    assert (await file(talking, form, {"If-None-Match": '"another"'})).status_code == 200


async def test_who_takes_gzip_gets_the_whole_compressed_and_parts_as_they_are(talking: Living) -> None:
    asked = {"since": "2020-01-01", "until": "2026-03-30", "bucket": "week", "format": "csv"}
    plain = await talking.http.get(POSTS, params=asked, headers={"Accept-Encoding": "identity"})
    gzipped = {"Accept-Encoding": "gzip"}

    async with talking.http.stream("GET", POSTS, params=asked, headers=gzipped) as answer:
        body = b"".join([chunk async for chunk in answer.aiter_raw()])
    part = await talking.http.get(POSTS, params=asked, headers={**gzipped, "Range": "bytes=0-1999"})

    assert gzip.decompress(body) == plain.content
    assert answer.headers["ETag"] == f"W/{plain.headers['ETag']}"  # other bytes than those that ranges are of
    assert "Content-Encoding" not in part.headers
    assert part.content == plain.content[:2000]


async def test_pieces_are_of_one_file_though_more_is_stored_meanwhile(lrs: Living, client: Client) -> None:
    await talk(lrs, client)
    asked, plain = {**WEEKS, "format": "parquet"}, {"Accept-Encoding": "identity"}
    told = await lrs.http.head(POSTS, params=asked, headers=plain)
    await go_on(lrs, client, [thread(9000, "a", 3 * WEEK + 20, "t:late")])

    end = await file(lrs, headers={"Range": "bytes=-100"})
    rest = await file(lrs, headers={"Range": f"bytes=0-{int(told.headers['Content-Length']) - 101}"})
    now = await file(lrs)

    assert end.headers["ETag"] == rest.headers["ETag"] == told.headers["ETag"]
    assert pl.read_parquet(io.BytesIO(rest.content + end.content))["value"].to_list() == [26, 6, None, 13]
    assert pl.read_parquet(io.BytesIO(now.content))["value"].to_list() == [26, 6, None, 14]
    assert (await file(lrs, headers={"Range": "bytes=0-3"})).headers["ETag"] == now.headers["ETag"]


async def test_nobody_gets_pieces_of_another_stores_file(talking: Living, stores: Stores) -> None:
    whole = await file(talking)

    async with new_store(stores) as other, asked_by(talking.http._transport, other, stores) as elsewhere:  # type: ignore[arg-type]
        piece = await file(elsewhere, headers={"Range": "bytes=0-99"})

    assert piece.headers["ETag"] != whole.headers["ETag"]


@pytest.mark.parametrize("form", ["csv", "parquet", "svg", "png"])
@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=0-3"}], ids=["whole", "part"])
async def test_who_may_not_read_metrics_gets_no_file(
    shared: Living, talking: Living, stores: Stores, form: str, headers: dict[str, str]
) -> None:
    asked = {**WEEKS, "format": form}
    await talking.http.get(POSTS, params=asked)
    key = f"guest-{form}-{len(headers)}"
    await stores.credentials.put(key, "secret", name="a guest", store=shared.store.name, scopes=frozenset({"all"}))

    async def get(auth: httpx.Auth) -> httpx.Response:
        return await talking.http.get(POSTS, params=asked, headers=headers, auth=auth)

    refused(await get(httpx.BasicAuth(key, "secret")), 403)
    refused(await get(httpx.BasicAuth("nobody", "at all")), 401)


async def test_a_disabled_plugin_has_no_file(lrs: Living) -> None:
    assert (await lrs.http.post("/api/v1/plugins/discussion/disable")).status_code == 200

    error = refused(await file(lrs), 409)

    assert error["where"] == "metrics/discussion.posts"


async def test_an_unknown_format_is_refused_with_the_known_ones(shared: Living) -> None:
    error = refused(await shared.http.get(POSTS, params={"format": "xlsx"}), 400)

    assert (error["where"], error["accepted"]) == ("format", "json, csv, parquet, svg, png")


async def test_the_catalogue_says_how_a_metric_can_be_asked_for(shared: Living, admit: Admit) -> None:
    metrics = {each["id"]: each for each in (await shared.http.get("/api/v1/metrics")).json()["metrics"]}

    posts = metrics["discussion.posts"]
    assert posts["formats"] == ["json", "csv", "parquet", "svg", "png"]
    assert posts["charts"] == ["discussion.posts"]
    assert (posts["compare"], posts["bucket"]) == (["previous"], ["day", "week", "month"])
    assert all(isinstance(each["beside"], dict) and isinstance(each["looks_back"], bool) for each in metrics.values())
