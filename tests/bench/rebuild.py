"""How long all interactions and views take to be derived anew, and what those who read meanwhile notice of it."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from lrs.core import statements
from lrs.core.attachments import Sent
from lrs.core.credentials import Access, Doorkeeper
from lrs.store.connection import connect
from lrs.store.positions import NORMALISER
from lrs.store.stores import Stores
from lrs.xapi.versions import Version
from tests.bench import processes
from tests.bench.derived import Derived
from tests.bench.figures import Times
from tests.bench.organisations import Plan, plans
from tests.bench.processes import Running
from tests.bench.reading import Latencies, reading
from tests.bench.weeks import weeks_equal_the_truth
from tests.connection import KEY, SECRET, Connection
from tests.proc import cpu_used, forget_most, memory

EACH = 50_000  # statements of one organisation
LOADED = 500  # statements in a list that is loaded
AT_ONCE = 2  # lists that are being stored
BESIDE = 10  # statements in a list of those that arrive beside
USUAL_S = 30.0  # for which the usual times of reading are taken
PATIENCE_S = 3600.0


async def load(system: Running, wanted: Sequence[Plan]) -> float:
    """Store organisations through the core, and return how many seconds that took; the next is made up meanwhile."""
    begin = time.monotonic()
    with ProcessPoolExecutor(1) as other:
        making = [asyncio.wrap_future(other.submit(plan.lists, LOADED)) for plan in wanted]
        async with connect(system.mongodb_url) as client:
            access = await Doorkeeper(Stores(client), "http://127.0.0.1").admit(KEY, SECRET)
            for number, made in enumerate(making):
                waiting = iter(await made)
                async with asyncio.TaskGroup() as tasks:
                    for _ in range(AT_ONCE):
                        tasks.create_task(_store(access, waiting))
                making[number] = made = None  # type: ignore[assignment] # or all would stay in memory
    return time.monotonic() - begin


async def _store(access: Access, waiting: Any) -> None:
    for body in waiting:
        await statements.post(access, Sent(body), Version.V1)
