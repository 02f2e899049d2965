"""A process that is started again whenever it ends."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import NoReturn

import structlog

from lrs.cli import parent

log = structlog.get_logger()

DOOMED_SECONDS = 10.0
"""A first start that ends with status 1 within this time found something wrong that a second would find too."""

_HEALTHY_SECONDS = 5.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 5.0


class ChildFailed(Exception):
    """A child refused to start, and has said why on its standard error."""

    def __init__(self, name: str, status: int) -> None:
        super().__init__(f"{name} ended with {status}")
        self.status = status


class Child:
    """One supervised process. `fds` are open files it inherits under the same numbers."""

    def __init__(self, name: str, command: Sequence[str], fds: Sequence[int] = ()) -> None:
        self.name = name
        self._command = command
        self._fds = tuple(fds)
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def keep(self, environment: Callable[[], Mapping[str, str]], started: Callable[[], None]) -> NoReturn:
        """Run it for ever: again at once when it ended, with longer pauses (up to 5 s) when it keeps ending.

        `environment` is asked before, `started` called after each start.
        Raises: ChildFailed when the first start ends with status 1 within 10 s.
        """
        pause, first = 0.0, True
        while True:
            process = await self._start(environment())
            started()
            begin = time.monotonic()
            status = await process.wait()
            lived = time.monotonic() - begin
            if first and status == 1 and lived < DOOMED_SECONDS:
                raise ChildFailed(self.name, status)
            pause, first = 0.0 if first or lived > _HEALTHY_SECONDS else pause, False
            log.warning("a process ended and is started again", name=self.name, status=status, pause=pause)
            await asyncio.sleep(pause)
            pause = min(max(pause * 2, _FIRST_PAUSE), _LONGEST_PAUSE)

    def terminate(self) -> None:
        """Ask it to drain and end."""
        self._send(signal.SIGTERM)

    async def stop(self, seconds: float) -> None:
        """Ask it to drain and end; kill it after `seconds`."""
        if self._process is None:
            return
        self.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), seconds)
        except TimeoutError:
            log.warning("a process did not end and is killed", name=self.name, seconds=seconds)
            self._send(signal.SIGKILL)
            await self._process.wait()

    async def _start(self, environment: Mapping[str, str]) -> asyncio.subprocess.Process:
        """In a session of its own: Ctrl-C in a terminal reaches only the supervisor, which stops all in order."""
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.DEVNULL,
            env={**environment, parent.VARIABLE: str(os.getpid())},
            pass_fds=self._fds,
            start_new_session=True,
        )
        return self._process

    def _send(self, number: signal.Signals) -> None:
        if self.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)
