"""Draws Vega-Lite specifications with vl-convert, which carries Vega and an engine for it: no browser, no network."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import vl_convert

from lrs.core.analytics.vega import CONFIG
from lrs.errors import LRSError

Drawn = TypeVar("Drawn")

SCALE = 2.0  # pixels of a PNG for each of an SVG: sharp on today's screens


@dataclass(frozen=True, slots=True)
class Drawing:
    """Draws one picture after another, in a thread of its own: the engine has only one, and those who wait for it
    would keep the threads that compute answers.
    """

    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "drawing"))

    async def svg(self, name: str, spec: Mapping[str, Any]) -> bytes:
        """Return the specification as SVG. Raises: LRSError naming the chart that can't be drawn."""
        drawn = await self._drawn(name, partial(vl_convert.vegalite_to_svg, dict(spec)))
        return drawn.encode()

    async def png(self, name: str, spec: Mapping[str, Any]) -> bytes:
        """Return the specification as PNG. Raises: as `svg`."""
        return await self._drawn(name, partial(vl_convert.vegalite_to_png, dict(spec), scale=SCALE))

    async def _drawn(self, name: str, convert: Callable[..., Drawn]) -> Drawn:
        draw = partial(convert, config=dict(CONFIG), allowed_base_urls=[])
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, draw)
        except ValueError as error:
            why = " ".join(str(error).split())[:200]
            raise LRSError("the chart can't be drawn: a fault in its specification", where=name, why=why) from error
