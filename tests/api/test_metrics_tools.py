"""Tables read by the tools that analysts use, over a real port, by the lines that stand in the README."""

import asyncio
import base64
import io
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import polars as pl
import pytest
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.api.talking import POSTS, WEEKS
from tests.living import Living

README = (Path(__file__).parents[2] / "README.md").read_text()
VALUES = [26, 6, None, 13]


class Proxy:
    """Puts a credential on every request, as a proxy before the LRS may, and notes which parts are asked for."""

    def __init__(self, app: ASGIApp, basic: str) -> None:
        self._app, self._basic = app, basic
        self.ranges: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        if b"range" in headers:
            self.ranges.append(headers[b"range"].decode())
        headers.setdefault(b"authorization", self._basic.encode())
        await self._app({**scope, "headers": list(headers.items())}, receive, send)


@pytest.fixture(scope="module")
def basic(shared: Living) -> str:
    return "Basic " + base64.b64encode(f"{shared.key}:{shared.secret}".encode()).decode()


@pytest.fixture(scope="module")
def proxy(transport: httpx.ASGITransport, basic: str) -> Proxy:
    return Proxy(transport.app, basic)


@pytest.fixture(scope="module")
async def port(proxy: Proxy) -> AsyncIterator[int]:
    """A port on which the LRS answers: without a credential by the proxy's, else by the one that is sent."""
    with socket.create_server(("127.0.0.1", 0)) as listening:  # who asks too early waits
        server = uvicorn.Server(uvicorn.Config(proxy, lifespan="off", log_level="error"))
        serving = asyncio.create_task(server.serve([listening]))
        yield listening.getsockname()[1]
        server.should_exit = True
        await serving


@pytest.fixture
def url(talking: Living, port: int) -> str:
    return f"http://127.0.0.1:{port}{POSTS}?{httpx.QueryParams(WEEKS)}"


async def run(lines: str, **known: Any) -> Any:
    """Run lines that stand in the README, and return the `table` they make."""
    assert lines in README
    await asyncio.to_thread(exec, lines, known)
    return known["table"]


def installed(name: str) -> Any:
    """Return a tool of the extra `dev`; where it is not installed yet, there is nothing to test."""
    return pytest.importorskip(name, reason=f"{name} is not installed")


async def test_polars_reads_parquet(url: str, talking: Living) -> None:
    line = 'table = polars.read_parquet(httpx.get(url + "&format=parquet", auth=(key, secret)).content)'

    table = await run(line, polars=pl, httpx=httpx, url=url, key=talking.key, secret=talking.secret)

    assert table["value"].to_list() == VALUES
    assert table.schema["bucket_start"] == pl.Datetime("ms", "UTC")


async def test_polars_scans_the_url_where_a_proxy_knows_the_credential(url: str, proxy: Proxy) -> None:
    line = 'table = polars.scan_parquet(url + "&format=parquet", glob=False).filter("suppressed").collect()'

    table = await run(line, polars=pl, url=url)

    assert table["reason"].to_list() == ["too_few_people"]
    assert any(asked.startswith("bytes=-") for asked in proxy.ranges)


async def test_polars_scans_a_csv_in_parts(url: str, proxy: Proxy) -> None:
    table = await asyncio.to_thread(lambda: pl.scan_csv(f"{url}&format=csv", glob=False).collect())

    assert table["value"].to_list() == VALUES
    assert any(not asked.startswith("bytes=-") for asked in proxy.ranges)


async def test_pandas_reads_csv(url: str, basic: str) -> None:
    pandas = installed("pandas")
    line = """table = pandas.read_csv(url + "&format=csv", storage_options={"Authorization": basic})"""

    table = await run(line, pandas=pandas, url=url, basic=basic)

    assert [None if pandas.isna(value) else value for value in table["value"]] == VALUES


async def test_pandas_reads_parquet(url: str, basic: str) -> None:
    pandas = installed("pandas")
    installed("pyarrow")
    line = """table = pandas.read_parquet(url + "&format=parquet", storage_options={"Authorization": basic})"""

    table = await run(line, pandas=pandas, url=url, basic=basic)

    assert [None if pandas.isna(value) else value for value in table["value"]] == VALUES
    assert str(table["bucket_start"].dt.tz) == "UTC"


async def test_duckdb_reads_our_parquet(url: str, talking: Living, tmp_path: Path) -> None:
    duckdb = installed("duckdb")
    answer = await talking.http.get(POSTS, params={**WEEKS, "format": "parquet"})
    (tmp_path / "posts.parquet").write_bytes(answer.content)

    found = duckdb.connect().execute(
        "SELECT value, bucket_start FROM read_parquet(?) ORDER BY bucket_start", [str(tmp_path / "posts.parquet")]
    )

    assert [row[0] for row in found.fetchall()] == VALUES


async def test_duckdb_reads_from_the_url(url: str, basic: str) -> None:
    duckdb = installed("duckdb")
    try:
        duckdb.connect().execute("LOAD httpfs")
    except duckdb.Error as error:
        pytest.skip(f"DuckDB's own extension for URLs is no Python package and was not loaded before: {error}")
    lines = """\
duckdb.execute("CREATE OR REPLACE SECRET (TYPE http, EXTRA_HTTP_HEADERS MAP {'Authorization': '" + basic + "'})")
table = duckdb.execute("SELECT * FROM read_parquet('" + url + "&format=parquet')").fetchall()"""

    table = await run(lines, duckdb=duckdb, url=url, basic=basic)

    assert [row[3] for row in table] == VALUES


async def test_who_takes_gzip_reads_parquet_by_its_length_all_the_same(url: str, talking: Living) -> None:
    async with httpx.AsyncClient(auth=(talking.key, talking.secret)) as http:
        size = int((await http.head(f"{url}&format=parquet")).headers["Content-Length"])
        parts = [
            (await http.get(f"{url}&format=parquet", headers={"Range": f"bytes={n}-{n + 499}"})).content
            for n in range(0, size, 500)
        ]

    assert pl.read_parquet(io.BytesIO(b"".join(parts)))["value"].to_list() == VALUES
