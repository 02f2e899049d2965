"""Named points at which a test may hold or kill a process. In production nothing is there: `reached` returns at once.

With LRS_FAULT_SOCKET set, a process that reaches a point says so on that Unix socket and waits for the answer; the
test at the other end decides who dies, and counts. A point is named where a crash could lose or double something.
"""

import asyncio
import contextlib
import os

BEFORE_WRITE = "before the write"
AFTER_WRITE = "after the write, before the answer"
IN_NORMALISER = "inside the normaliser's transaction"
IN_PLUGIN = "inside a plugin's transaction"
AFTER_COMMIT = "after a commit, before the next position"

POINTS = (BEFORE_WRITE, AFTER_WRITE, IN_NORMALISER, IN_PLUGIN, AFTER_COMMIT)

_socket = os.environ.get("LRS_FAULT_SOCKET")


async def reached(point: str) -> None:
    """Tell the test, if there is one, that this process is at `point`, and wait until it may go on."""
    if _socket is not None:
        await _ask(_socket, point)


async def _ask(path: str, point: str) -> None:
    with contextlib.suppress(OSError):  # no test is listening (any more): go on
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(f"{os.getpid()} {point}\n".encode())
        await reader.readline()
        writer.close()
