"""Stand-ins for programs that are not ours, and a server to kill."""

import asyncio
import socket
import sys
from pathlib import Path

from lrs.settings import Settings
from lrs.store.mongod import EmbeddedMongod, binary

ROOT = Path(__file__).parents[3]


def script(path: Path, body: str) -> Path:
    """An executable shell script at `path`."""
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


async def plain_mongod(path: Path, port: int, *options: str) -> asyncio.subprocess.Process:
    """A mongod without passwords, as someone would start it by hand; it listens already."""
    await asyncio.to_thread(path.mkdir, exist_ok=True)
    program = await binary.find(None)
    where = ("--dbpath", str(path), "--port", str(port), "--bind_ip", "127.0.0.1", "--nounixsocket")
    process = await asyncio.create_subprocess_exec(program, *where, *options, stdout=asyncio.subprocess.DEVNULL)
    for _ in range(500):
        await asyncio.sleep(0.02)
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            continue
        writer.close()
        return process
    raise AssertionError("mongod does not listen")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


async def _serve(data_dir: str) -> None:
    mongod = EmbeddedMongod(Settings(data_dir=Path(data_dir)))
    await mongod.start()
    print(mongod.pid, flush=True)
    await asyncio.sleep(3600)


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1]))
