"""`make conformance SUITE=<folder>`: ADL's suite for both versions against a fresh server of ours.

The folder holds an installed copy of ADL's LRS conformance test suite. Everything that is started is stopped again;
the store is thrown away.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import orjson

from lrs.cli.sample import generate
from lrs.errors import StartupError
from lrs.xapi.versions import HEADER, Version
from tests.api.samples import identified
from tests.conformance.outcomes import Outcome, outcome, report
from tests.connection import KEY, SECRET
from tests.faults.system import System

RUNNER = Path("bin", "console_runner.js")
WRITTEN = "Full run log written to "
BATCH = 500  # statements in one request of those that are loaded first
PEOPLE = 1000  # in the sample organisation that these are from
WARM = 20  # requests of each kind before the suite measures the server's clock
PATIENCE_S = 3600.0  # for one version of the suite


class Server(System):
    """`lrs serve` on a fresh data directory, with as many HTTP processes as asked for."""

    def __init__(self, directory: Path, workers: int) -> None:
        super().__init__(directory, None)
        self._workers = workers

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {"LRS_WORKERS": str(self._workers)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the suite and print what came of it; 0 only when every test of both versions has run and passed."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance.suite", description=__doc__)
    parser.add_argument("suite", type=Path, help="the folder of an installed suite")
    parser.add_argument("--workers", type=int, default=1, help="LRS_WORKERS of the server")
    parser.add_argument("--loaded", type=int, default=0, help="how many other statements are stored first")
    chosen = parser.parse_args(arguments)
    try:
        suite = installed(chosen.suite)
        outcomes = asyncio.run(_measure(suite, workers=chosen.workers, loaded=chosen.loaded))
    except StartupError as error:
        print(f"make conformance: {error}", file=sys.stderr)
        return 2
    print("\n".join(report(outcomes)))
    return 0 if all(each.is_perfect for each in outcomes) else 1


def installed(folder: Path) -> Path:
    """Return the folder's full path when the suite can run there. Raises: StartupError that says what to do."""
    if not folder.joinpath(RUNNER).is_file():
        how = "git clone https://github.com/adlnet/lrs-conformance-test-suite, then SUITE=<that folder>"
        raise StartupError("ADL's suite is not there", where=str(folder), why=f"it has no {RUNNER}", accepted=how)
    if not folder.joinpath("node_modules").is_dir():
        how = f"npm install in {folder}"
        raise StartupError("ADL's suite is not installed", where=str(folder), why="no node_modules", accepted=how)
    if shutil.which("node") is None:
        raise StartupError("the suite needs Node.js", where="PATH", why="no program `node`", accepted="node 8 or later")
    return folder.resolve()


async def _measure(suite: Path, *, workers: int, loaded: int) -> list[Outcome]:
    with tempfile.TemporaryDirectory(prefix="lrs-conformance-") as directory:
        server = Server(Path(directory), workers)
        try:
            await server.start()
            await _load(server.url, loaded)
            return [await _run(suite, server.url, version) for version in Version]
        finally:
            await server.stop()


async def _load(url: str, count: int) -> None:
    """Store other statements first, as a busy LMS sends them."""
    if not count:
        return
    print(f"Loading {count} other statements ...", flush=True)
    sample = await asyncio.to_thread(generate, people=PEOPLE, statements=count, seed=1)
    async with _client(url, KEY, SECRET, Version.V1) as client:
        for begin in range(0, count, BATCH):
            content = orjson.dumps(sample.statements[begin : begin + BATCH])
            answer = await client.post("/xapi/statements", content=content)
            assert answer.status_code == 200, answer.text


async def _run(suite: Path, url: str, version: Version) -> Outcome:
    """Run the suite in one version, with a credential whose content speaks that version."""
    async with _client(url, KEY, SECRET, version) as client:
        asked = {"name": f"conformance {version}", "scopes": ["all"], "xapi_version": version.value}
        made = await client.post("/api/v1/credentials", content=orjson.dumps(asked))
        assert made.status_code == 201, made.text
    key, secret = made.json()["key"], made.json()["secret"]
    await _warm_up(url, key, secret, version)
    print(f"Running ADL's suite for xAPI {version} ...", flush=True)
    record = await _record(suite, f"{url}/xapi", key, secret, version)
    return outcome(version.value, record)


async def _warm_up(url: str, key: str, secret: str, version: Version) -> None:
    """Ask what the suite asks first: it takes a slow first answer for a clock that differs, and waits for it later."""
    async with _client(url, key, secret, version) as client:
        for _ in range(WARM):
            sent = identified()
            (await client.post("/xapi/statements", content=orjson.dumps(sent))).raise_for_status()
            (await client.get("/xapi/statements", params={"statementId": sent["id"]})).raise_for_status()
            (await client.get("/xapi/statements", params={"limit": 1})).raise_for_status()


async def _record(suite: Path, endpoint: str, key: str, secret: str, version: Version) -> Any:
    """Run the suite's own program and return the record it writes. Raises: StartupError when it writes none."""
    command = ["node", str(RUNNER), "-e", endpoint, "-a", "-u", key, "-p", secret, "-x", version.value]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=suite, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        told, _ = await asyncio.wait_for(process.communicate(), PATIENCE_S)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    lines = told.decode(errors="replace").splitlines()
    written = [line.partition(WRITTEN)[2].strip() for line in lines if WRITTEN in line]
    if not written:
        raise StartupError("the suite has ended without a record", where=str(suite), why=" ".join(lines[-5:])[:500])
    print(f"The record of this run: {written[-1]}", flush=True)
    return orjson.loads(await asyncio.to_thread(Path(written[-1]).read_bytes))


def _client(url: str, key: str, secret: str, version: Version) -> httpx.AsyncClient:
    headers = {HEADER: version.value, "Content-Type": "application/json"}
    return httpx.AsyncClient(base_url=url, auth=(key, secret), headers=headers, timeout=60, trust_env=False)


if __name__ == "__main__":
    sys.exit(main())
