"""What very much depends on: how long it takes to be derived when it comes late, changes and goes."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson

from lrs.xapi import Json
from lrs.xapi.values import format_timestamp
from tests.bench import processes
from tests.bench.derived import Derived
from tests.bench.organisations import SINCE
from tests.bench.rebuild import PATIENCE_S, load
from tests.connection import Connection
from tests.proc import memory

POST = "http://forum.example.org/posts/popular"
PEOPLE = 5000
VERBS = "http://activitystrea.ms"
VOIDED = "http://adlnet.gov/expapi/verbs/voided"


@dataclass(frozen=True, slots=True)
class Liked:
    """One post that many people like, one after the other, and one that one person likes again and again."""

    likes: int

    def lists(self, size: int) -> list[bytes]:
        """Return the statements as JSON lists of `size`."""
        told = [_told(f"person-{n % PEOPLE}", "like", n) for n in range(self.likes)]
        told += [_told("person", "like", n / self.likes, about=f"{POST}/2") for n in range(self.likes)]
        return [orjson.dumps(told[begin : begin + size]) for begin in range(0, len(told), size)]


async def measure(folder: Path, *, likes: int) -> dict[str, Any]:
    """Return the figures; `wrong` says what of the derived data is not as it should be."""
    async with processes.running(folder) as system, Derived.of(system.mongodb_url) as derived:
        await load(system, [Liked(likes)])
        async with processes.worker(system.mongodb_url) as worker:
            first_s = await _caught_up(derived)
            created, earlier = _told("ann", "create", -1), _told("ben", "create", -2)
            void = {"verb": {"id": VOIDED}, "object": {"objectType": "StatementRef", "id": earlier["id"]}}
            first_like = _told("person", "like", -1 / likes, about=f"{POST}/2")
            steps: list[tuple[str, Json, Json]] = [
                ("somebody tells of making it", created, {"target": _key("ann")}),
                ("another one did so before", earlier, {"target": _key("ben")}),
                ("which is voided", {**created, "id": str(uuid4()), **void}, {"target": _key("ann")}),
                ("an earlier one of the same likes", first_like, {"repeats": first_like["id"]}),
            ]
            seconds, wrong = {}, []
            for name, statement, expected in steps:
                connection = Connection(system.lrs.port)  # one that waits so long would be closed
                answer = await connection.request("POST", "/xapi/statements", orjson.dumps(statement))
                connection.close()
                assert answer.status == 200, answer.content[:500]
                seconds[name] = await _caught_up(derived)
                if (found := await _like(derived, expected)) != likes:
                    wrong.append(f"{name}: {found} of {likes} likes have {expected}")
            return {"likes": likes, "first_s": first_s, "steps_s": seconds, "wrong": wrong,
                    "worker_mb": memory(worker, "VmHWM") / 1e6}  # fmt: skip


async def _caught_up(derived: Derived) -> float:
    begin = time.monotonic()
    await derived.caught_up(PATIENCE_S)
    return time.monotonic() - begin


async def _like(derived: Derived, expected: Json) -> int:
    """Count the likes that have a field as expected."""
    ((name, value),) = expected.items()
    interactions = derived.store.interactions((await derived.normaliser()).generation)
    return sum([each["kind"] == "react" and str(each[name]) == value async for each in interactions.everything()])


def _told(actor: str, verb: str, minutes: float, about: str = POST) -> Json:
    return {
        "id": str(uuid4()),
        "actor": {"mbox": f"mailto:{actor}@example.org"},
        "verb": {"id": f"{VERBS}/{verb}"},
        "object": {"id": about},
        "timestamp": format_timestamp(SINCE + timedelta(minutes=minutes)),
    }


def _key(actor: str) -> str:
    return f"mbox:mailto:{actor}@example.org"


def rows(told: Any) -> Sequence[tuple[str, str]]:
    """Return the figures in words."""
    steps = [(name, f"{seconds:.1f} s") for name, seconds in told["steps_s"].items()]
    first = ("all likes derived for the first time", f"{told['first_s']:.1f} s")
    return [first, *steps, ("memory of the worker", f"{told['worker_mb']:.0f} MB")]
