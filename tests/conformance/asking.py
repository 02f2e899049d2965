"""The xAPI as the tests of its clauses ask it: one LRS, in one version."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

import httpx
import orjson
import pytest
from _pytest.mark import ParameterSet

from lrs.xapi import Json
from lrs.xapi.values import is_uuid
from lrs.xapi.versions import HEADER, Version
from tests.api.samples import identified, refused
from tests.living import Living

Params = dict[str, str | int]
LEFT_OUT: Any = object()  # the value of a property that a statement is to lack
EMPTY: Json = {}
NOTHING: list[Any] = []


@dataclass(frozen=True)
class Xapi:
    """The xAPI of one store, asked in one version. Paths are relative to /xapi/."""

    living: Living
    version: Version

    async def ask(
        self, method: str, path: str, params: Params | None = None, content: bytes = b"", **headers: str
    ) -> httpx.Response:
        """Send a request; `if_match="x"` is the header If-Match."""
        told = httpx.Headers({HEADER: self.version.value})
        told.update({name.replace("_", "-"): value for name, value in headers.items()})
        return await self.living.http.request(method, f"/xapi/{path}", params=params, content=content, headers=told)

    async def get(self, path: str, params: Params | None = None, **headers: str) -> httpx.Response:
        return await self.ask("GET", path, params, b"", **headers)

    async def post(self, statements: Any, **headers: str) -> httpx.Response:
        """POST a statement or a list to the Statement Resource."""
        content = orjson.dumps(statements)
        return await self.ask("POST", "statements", None, content, content_type="application/json", **headers)

    async def put(self, statement: Json, **params: str) -> httpx.Response:
        """PUT a statement under its own id, or under the one given."""
        content = orjson.dumps(statement)
        named: Params = {"statementId": statement.get("id", ""), **params}
        return await self.ask("PUT", "statements", named, content, content_type="application/json")

    async def read(self, statement_id: str, **params: str) -> Json:
        """Return one statement, which must be there."""
        answer = await self.get("statements", {"statementId": statement_id, **params})
        assert answer.status_code == 200, answer.text
        whole: Json = answer.json()
        return whole

    async def store(self, statement: Json) -> Json:
        """Store a statement, which must be accepted, and return it as the LRS gives it back."""
        answer = await self.post(statement)
        assert answer.status_code == 200, answer.text
        return await self.read(answer.json()[0])

    async def keeps(self, values: Sequence[tuple[str, Any]]) -> None:
        """Store a statement for each path and value, as one list; each value must come back as it was sent."""
        sent = [having(path, value) for path, value in values]
        answer = await self.post(sent)
        assert answer.status_code == 200, answer.text
        for statement, (path, value) in zip(sent, values, strict=True):
            assert at(path, await self.read(statement["id"])) == value

    async def find(self, **params: str | int) -> list[Json]:
        """Return the statements of a list."""
        answer = await self.get("statements", params)
        assert answer.status_code == 200, answer.text
        found: list[Json] = answer.json()["statements"]
        return found

    async def ids(self, **params: str | int) -> list[str]:
        """Return the ids of a list, in its order."""
        return [each["id"] for each in await self.find(**params)]

    async def refuses(self, *statements: Json) -> None:
        """Send statements, each of which must be refused with 400, a place and a reason; the first leaves no trace."""
        for statement in statements:
            answer = await self.post(statement)
            assert answer.status_code == 400, f"taken: {statement}"
            error = refused(answer, 400)
            assert error["where"].startswith("statement"), f"{error} for {statement}"
            assert error["why"], f"{error} for {statement}"
        identity = str(statements[0].get("id"))
        if is_uuid(identity):
            assert (await self.get("statements", {"statementId": identity})).status_code == 404


class Case(NamedTuple):
    """A row of a table: a clause, what is done about it, and the statement or value that does it."""

    clause: str
    what: str
    value: Any


def by_clause(*tables: Sequence[Case]) -> list[ParameterSet]:
    """Return tables as the parameters of a test: for each clause, marked with it, the list of its values."""
    values: dict[str, list[Any]] = {}
    for case in chain(*tables):
        values.setdefault(case.clause, []).append(case.value)
    return [pytest.param(each, id=clause, marks=pytest.mark.clause(clause)) for clause, each in values.items()]


def kept(clause: str, what: str, path: str, value: Any) -> Case:
    """Return a row for `Xapi.keeps`: a value that is taken at a path."""
    return Case(clause, what, (path, value))


def rule(clause: str, case: str, *values: Any) -> ParameterSet:
    """Return one set of parameters of a test, and the clause it is about."""
    return pytest.param(*values, id=case, marks=pytest.mark.clause(clause))


def only(version: Version) -> pytest.MarkDecorator:
    """Mark a test that asks in one version only."""
    return pytest.mark.parametrize("version", [version], ids=str)


def having(path: str, value: Any, statement: Json | None = None) -> Json:
    """Return a valid statement with one property, whose path has dots, set or left out; absent objects are made."""
    whole: Json = orjson.loads(orjson.dumps(identified() if statement is None else statement))
    *parents, last = path.split(".")
    place: Any = whole
    for name in parents:
        place = place.setdefault(name, {})
    if value is LEFT_OUT:
        del place[last]
    else:
        place[last] = value
    return whole


def at(path: str, statement: Json) -> Any:
    """Return what is at a path with dots."""
    value: Any = statement
    for name in path.split("."):
        value = value[name]
    return value


def within(statement: Json) -> Json:
    """Return a statement whose SubStatement is another statement, without what only statements have."""
    inner = {name: value for name, value in statement.items() if name not in {"id", "stored", "version", "authority"}}
    return identified(object={"objectType": "SubStatement", **inner})
