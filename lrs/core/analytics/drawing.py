"""Draws Vega-Lite specifications with vl-convert, which carries Vega and an engine for it: no browser, no network.

It does so in a process of its own (`drawer`). vl-convert holds the interpreter's lock while it draws, 0.05 s for a line
and a second for a hundred panels, so that in a thread of this process it would keep all requests waiting.
"""

import asyncio
import subprocess
import sys
import threading
import weakref
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import orjson

from lrs.core.analytics import drawer
from lrs.core.analytics.vega import CONFIG
from lrs.errors import LRSError

SCALE = 2.0  # pixels of a PNG for each of an SVG: sharp on today's screens
LONGEST_S = 30.0  # whatever takes longer is given up


class Drawing:
    """Draws one picture after another. The program that does is started with the first, and again when it has ended."""

    def __init__(self) -> None:
        self._waits = ThreadPoolExecutor(1, "drawing")  # of its own: whoever waits here keeps no other work waiting
        self._program: _Program | None = None

    async def svg(self, name: str, spec: Mapping[str, Any]) -> bytes:
        """Return the specification as SVG. Raises: LRSError naming the chart that can't be drawn."""
        return await self._drawn(name, "svg", spec)

    async def png(self, name: str, spec: Mapping[str, Any]) -> bytes:
        """Return the specification as PNG. Raises: as `svg`."""
        return await self._drawn(name, "png", spec)

    async def _drawn(self, name: str, form: str, spec: Mapping[str, Any]) -> bytes:
        request = orjson.dumps({"spec": spec, "config": CONFIG, "form": form, "scale": SCALE})
        kind, content = await asyncio.get_running_loop().run_in_executor(self._waits, self._ask, request)
        if kind != b"picture":
            why = " ".join(content.decode().split())[:200]
            raise LRSError("the chart can't be drawn: a fault in its specification", where=name, why=why)
        return content

    def _ask(self, request: bytes) -> tuple[bytes, bytes]:
        for _ in range(2):  # it may just have ended for want of work
            program = self._program = self._program or _Program()
            answer = program.ask(request)
            if answer is not None:
                return answer
            self._program = None
            if program.was_given_up:
                return b"fault", f"it took longer than {LONGEST_S:.0f} s".encode()
        return b"fault", b"the program that draws has ended over it"


class _Program:
    """The program, running."""

    def __init__(self) -> None:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            [sys.executable, "-P", drawer.__file__],
            stdin=pipe,
            stdout=pipe,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the server, which ends it by closing its input
        )
        self.was_given_up = False
        weakref.finalize(self, _end, self._process)

    def ask(self, request: bytes) -> tuple[bytes, bytes] | None:
        """Return the kind and the content of the answer; None where the program has ended instead."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        limit = threading.Timer(LONGEST_S, self._give_up)
        limit.start()
        try:
            self._process.stdin.write(request + b"\n")
            self._process.stdin.flush()
            kind, _, length = self._process.stdout.readline().partition(b" ")
            content = self._process.stdout.read(int(length or 0))
            return (kind, content) if length and len(content) == int(length) else None
        except OSError:
            return None
        finally:
            limit.cancel()

    def _give_up(self) -> None:
        self.was_given_up = True
        self._process.kill()


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):  # what it was not sent any more
            if pipe is not None:
                pipe.close()
