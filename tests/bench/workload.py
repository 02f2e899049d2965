"""What is posted and asked for, the same in every run: statements of five kinds of senders, 1.27 kB each."""

import random
from collections.abc import Iterator, Sequence
from urllib.parse import quote
from uuid import UUID

import orjson

from lrs.xapi import Json
from tests.bench.kinds import KINDS
from tests.bench.load import Asked

PATH = "/xapi/statements"
INVALID = 100  # one statement in so many is invalid
AUTHORITY = {"objectType": "Agent", "account": {"homePage": "https://lrs.example.org", "name": "bench"}}

_MAKERS = tuple(KINDS.values())


def statement(number: int) -> Json:
    """Return a statement with an id of its own; whoever stores it adds `stored` only, at its end."""
    made = _MAKERS[number % len(_MAKERS)](number // len(_MAKERS))
    made["id"] = str(UUID(bytes=random.Random(number).randbytes(16), version=4))
    return made | {"version": "1.0.3", "authority": AUTHORITY}


class Workload:
    """Statements that were not posted yet, and queries for those that were, with fixed seeds."""

    def __init__(self) -> None:
        self.posted = 0  # statements that are valid; numbers below are taken
        self._random = random.Random(1)

    def lists(self, count: int, size: int) -> Iterator[Asked]:
        """Yield POSTs of valid statements, `size` in a list."""
        while count > 0:
            size = min(size, count)
            yield self._post([self._next() for _ in range(size)])
            count -= size

    def mixed(self, count: int, size: int) -> list[Asked]:
        """Return POSTs of `count` statements, one in a hundred of them invalid; these in lists of their own."""
        posts = [self._post([self._next() for _ in range(size)]) for _ in range((count - count // INVALID) // size)]
        invalid = count // INVALID
        while invalid > 0:
            broken = [self._next() for _ in range(min(size, invalid))]
            broken[-1]["verb"] = {"id": "no IRI"}
            posts.append(self._post(broken, status=400))
            invalid -= size
        self._random.shuffle(posts)
        return posts

    def reads(self, name: str, count: int) -> list[Asked]:
        """Return queries of one row: pages of 100, or statements by id."""
        return [self._read(name) for _ in range(count)]

    def _next(self) -> Json:
        self.posted += 1
        return statement(self.posted - 1)

    @staticmethod
    def _post(statements: Sequence[Json], status: int = 200) -> Asked:
        body = orjson.dumps(statements if len(statements) > 1 else statements[0])
        return Asked("POST", PATH, body, status, len(statements))

    def _read(self, name: str) -> Asked:
        chosen = statement(self._random.randrange(self.posted))
        if name == "statementId":
            return Asked("GET", f"{PATH}?statementId={chosen['id']}")
        agent = {key: value for key, value in chosen["actor"].items() if key in ("mbox", "account")}
        filters = {
            "all": {},
            "agent": {"agent": orjson.dumps(agent).decode()},
            "verb": {"verb": chosen["verb"]["id"]},
            "activity": {"activity": chosen["object"]["id"]},
            "related": {
                "activity": chosen["context"]["contextActivities"]["parent"][0]["id"]
                if "parent" in chosen["context"]["contextActivities"]
                else chosen["object"]["id"],
                "related_activities": "true",
            },
        }[name]
        query = "".join(f"&{key}={quote(value, safe='')}" for key, value in filters.items())
        return Asked("GET", f"{PATH}?limit=100{query}", statements=1)
