"""The other end of the named points of `lrs.store.faults`: lets processes pass, counts them, and strikes when armed."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

Strike = Callable[[], None]


@dataclass(frozen=True)
class Trap:
    """A point where the next process to come by is struck; `sprung` is when that was, on the monotonic clock in s."""

    point: str
    strike: Strike
    sprung: asyncio.Future[float]

    def spring(self) -> None:
        try:
            self.strike()
        except Exception as error:
            self.sprung.set_exception(error)
        else:
            self.sprung.set_result(time.monotonic())


class FaultHook:
    """Hears from every process that reaches a point, which waits meanwhile."""

    def __init__(self) -> None:
        self.passed: Counter[str] = Counter()
        self._trap: Trap | None = None

    def arm(self, point: str, strike: Strike) -> Trap:
        """Set a trap: the next process at `point` waits there while `strike` is called."""
        assert self._trap is None
        self._trap = Trap(point, strike, asyncio.get_running_loop().create_future())
        return self._trap

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one process that has reached a point."""
        try:
            _, _, point = (await reader.readline()).decode().strip().partition(" ")
            self.passed[point] += 1
            if self._trap is not None and self._trap.point == point:
                trap, self._trap = self._trap, None
                trap.spring()
            writer.write(b"go\n")
            await writer.drain()
        except ConnectionError:  # it was struck while it waited
            pass
        finally:
            writer.close()


@asynccontextmanager
async def listening(path: Path) -> AsyncIterator[FaultHook]:
    """A hook at a Unix socket, whose path may have no more than about a hundred characters."""
    hook = FaultHook()
    server = await asyncio.start_unix_server(hook.meet, path)
    try:
        yield hook
    finally:
        server.close()
        await server.wait_closed()
