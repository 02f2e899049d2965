"""Stand-ins for programs that are not ours, and a server to kill."""

import asyncio
import sys
from pathlib import Path

from lrs.settings import Settings
from lrs.store.mongod import EmbeddedMongod

ROOT = Path(__file__).parents[3]


def script(path: Path, body: str) -> Path:
    """An executable shell script at `path`."""
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


async def _serve(data_dir: str) -> None:
    mongod = EmbeddedMongod(Settings(data_dir=Path(data_dir)))
    await mongod.start()
    print(mongod.pid, flush=True)
    await asyncio.sleep(3600)


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1]))
