"""Waiting for a rebuild, and showing how far it is."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from lrs.cli.plugins.tables import state
from lrs.errors import Conflict, Unavailable
from lrs.xapi import Json

LOOK_EVERY_S = 0.5
SILENT_S = 30.0  # a rebuild that does not move for so long has nobody who works on it


async def rebuilt(name: str, ask: Callable[[], Awaitable[Json]]) -> None:
    """Show a rebuild until it is done; `ask` gives the plugin's status.

    Raises: Conflict when the plugin is disabled, Unavailable when it fails, or nobody works on it.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    moved, done = time.monotonic(), -1.0
    with Progress(*columns) as progress:
        task = progress.add_task(f"Rebuilding {name}", total=1.0)
        while (told := await ask())["rebuilding"] is not None or not told["enabled"]:
            if not told["enabled"]:
                accepted = f"`lrs plugins enable {name}`, after which the rebuild begins"
                raise Conflict("nobody rebuilds it", where=name, why="it is disabled", accepted=accepted)
            if told["failure"] is not None:
                raise Unavailable("the rebuild has stopped", where=name, why=state(told))
            if told["rebuilding"]["done"] != done:
                moved, done = time.monotonic(), told["rebuilding"]["done"]
            if time.monotonic() - moved > SILENT_S:
                why = f"it has not moved for {SILENT_S:.0f} s"
                raise Unavailable("nobody rebuilds it", where=name, why=why, accepted="a worker: `lrs serve` runs one")
            progress.update(task, completed=done)
            await asyncio.sleep(LOOK_EVERY_S)
        progress.update(task, completed=1.0)
