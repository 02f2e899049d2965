"""Whatever analysts and administrators ask about a store full of people and acts is answered, or refused by its place.

Requests are made from the description in OpenAPI, of values that it allows and of others; some of them give way to ones
that lead far into what is stored. What changes something goes to a second store, so that the first stays full.
"""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeAlias
from urllib.parse import quote, urlencode
from uuid import uuid4

import httpx
import pytest
import schemathesis.openapi
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode

from lrs.api.schemas import NAMES
from lrs.cli.sample import generate
from lrs.core.analytics.released import PARTITIONS
from lrs.kit.derivation import Derivation
from lrs.plugin.loader import load_plugins
from lrs.store.stores import Stores
from lrs.xapi import Json
from tests.api.fuzzing import answered, fuzz, sendable
from tests.api.queried import write
from tests.living import Living, asked_by, new_store
from tests.releasing import release
from tests.telling import MUCH_LATER

EACH = 10  # examples for each route
BEGIN, END = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 30, tzinfo=UTC)
MAKES_STORES = ("POST", "/api/v1/stores")  # databases, which take a second each

Values: TypeAlias = Mapping[str, str]


@dataclass(frozen=True)
class Full:
    """A store in which much has happened, one that may be changed, and who else asks than an administrator."""

    lrs: Living
    changed: Living
    analyst: Living
    known: Mapping[str, Sequence[str]]  # values of query parameters
    places: Mapping[str, Sequence[str]]  # parts of paths, by what stands before them


@pytest.fixture(scope="module")
async def full(transport: httpx.ASGITransport, stores: Stores) -> AsyncIterator[Full]:
    sample = generate(people=120, statements=3_000, seed=5, start=BEGIN, end=END)
    people = sample.organisation.roster()["people"]
    for n, person in enumerate(people):
        person["groups"] = [*person["groups"], {"kind": "team", "group": f"Team {n % 3}"}]
    async with (
        new_store(stores) as store,
        new_store(stores) as other,
        asked_by(transport, store, stores) as lrs,
        asked_by(transport, other, stores) as changed,
        asked_by(transport, store, stores) as guest,
    ):
        for living in (lrs, changed):
            assert (await living.http.put("/api/v1/people", json={"people": people})).status_code == 200
        written = await write(store, sample.statements)
        async with Derivation.of(store, stores.client, load_plugins().values()) as derivation:
            await derivation.take([str(each.id) for each in written], MUCH_LATER)
            await derivation.apply()
        await release(store, stores.client)
        key = f"an analyst of {store.name}"
        await stores.credentials.put(key, "secret", name=key, store=store.name, scopes=frozenset(["analytics/read"]))
        guest.http.auth = httpx.BasicAuth(key, "secret")
        yield Full(lrs, changed, replace(guest, key=key), _known(people), await _places(lrs, changed, people))


def _known(people: Sequence[Json]) -> Mapping[str, Sequence[str]]:
    groups = sorted({each["group"] for person in people for each in person["groups"]})
    times = ["2026-03-02", "2026-03-09T00:00:00Z", "2026-03-30", "2026-03-10T12:00:00.001Z", "2026-06-01"]
    return {
        "since": times,
        "until": times,
        "group": [*groups, "nowhere"],
        "group_by": [*PARTITIONS, "verb,week", "department,verb,month", "type,activity", "team,type,day", "day"],
        "measures": ["count", "people,count", "mean_score,success_rate,completion_rate,duration"],
        "kinds": ["reply", "reply,comment,share", "mentor"],
        "columns": ["id", "timestamp,actor,verb,object_id", "statement,ref,voids,duration_s"],
        "kind": ["department", "team", "course"],
        "what": ["people", "names", "people.put"],
        "limit": ["1", "7", "1000"],
        "id": [person["id"] for person in people[:3]],
        "verb": ["http://activitystrea.ms/create", "http://id.tincanapi.com/verb/replied"],
        "activity": [group for group in groups if "://" in group],
        "registration": [str(uuid4())],
    }


async def _places(lrs: Living, changed: Living, people: Sequence[Json]) -> Mapping[str, Sequence[str]]:
    """Return what can stand behind these beginnings of paths, as the API itself lists it."""
    listed = {}
    for of, name in (("metrics", "id"), ("charts", "id"), ("tables", "id"), ("plugins", "name")):
        listed[of] = [each[name] for each in (await lrs.http.get(f"/api/v1/{of}")).json()[of]]
    return {
        **listed,
        "schemas": NAMES,
        "people": [each["id"] for each in people],
        "stores": [lrs.store.name, changed.store.name],
    }


@dataclass(frozen=True)
class Route:
    """A route as OpenAPI describes it."""

    operation: Any
    described: Json

    @property
    def method(self) -> str:
        return str(self.operation.method).upper()

    @property
    def path(self) -> str:
        return str(self.operation.path)

    @property
    def parameters(self) -> set[str]:
        return {each["name"] for each in self.described.get("parameters", ()) if each["in"] == "query"}

    def plain(self, full: Full) -> str:
        """Return the path of something that is there, of the time in which everything happened."""
        path = self.path
        for name in ("name", "person", "store"):
            path = path.replace(f"{{{name}}}", quote(full.places.get(self.path.split("/")[3], [""])[0], safe=""))
        window = urlencode({"since": BEGIN.isoformat(), "until": END.isoformat()})
        return f"{path}?{window}" if "since" in self.parameters else path

    def cases(self, full: Full) -> st.SearchStrategy[tuple["Route", Case[Any], Values, Values, bool]]:
        """Return cases, each with query parameters and parts of the path to put in it, and whether an analyst asks."""
        of = self.path.split("/")[3]
        parts = [name for name in ("name", "person", "store") if f"{{{name}}}" in self.path and of in full.places]
        query = {name: st.sampled_from(full.known[name]) for name in sorted(self.parameters & full.known.keys())}
        place = st.fixed_dictionaries({name: st.sampled_from(full.places[of]) for name in parts})
        generated = [self.operation.as_strategy(generation_mode=mode) for mode in GenerationMode]
        return st.tuples(
            st.just(self),
            st.one_of(generated),
            st.fixed_dictionaries({}, optional=query),
            st.one_of(place, place, place, st.just({})),
            st.booleans(),
        )


async def routes(http: httpx.AsyncClient) -> list[Route]:
    """Return all routes below /api/v1 but the one that makes stores."""
    described = (await http.get("/openapi.json")).json()
    operations = [
        each.ok() for each in schemathesis.openapi.from_dict(described).get_all_operations() if isinstance(each, Ok)
    ]
    found = [Route(each, described["paths"][each.path][each.method.lower()]) for each in operations]
    return [each for each in found if each.path.startswith("/api/v1/") and (each.method, each.path) != MAKES_STORES]


def why_wrong(answer: httpx.Response, route: Route) -> str | None:
    """Return what is wrong with an answer: a failure, or a refusal without place, reason, or what is accepted."""
    if answer.status_code >= 500:
        return answer.text
    if answer.status_code != 400:
        return None
    error, asked = answer.json()["error"], answer.request
    named = {*route.parameters, *asked.url.params, "Authorization"}
    has_place = error["where"] in named or (asked.method != "GET" and error["where"])
    return None if has_place and error["why"] and error["accepted"] else answer.text


async def test_every_question_is_answered_or_refused_by_its_place_with_reason_and_what_is_accepted(full: Full) -> None:
    found = await routes(full.lrs.http)
    shown, wrong = Counter[tuple[str, str]](), dict[str, bytes]()

    async def send(example: tuple[Route, Case[Any], Values, Values, bool]) -> None:
        route, case, query, place, by_analyst = example
        lrs = full.changed if route.method != "GET" else full.analyst if by_analyst else full.lrs
        case.path_parameters = {**case.path_parameters, **{name: quote(part, safe="") for name, part in place.items()}}
        case.query = {**case.query, **query}
        request = sendable(lrs.http, case)
        if request is None:
            return
        answer = await lrs.http.send(request)
        shown[route.method, route.path] += answer.is_success
        if why := why_wrong(answer, route):
            wrong[f"{request.method} {request.url}: {why}"] = request.content
        else:
            answered(answer)

    cases = st.one_of([each.cases(full) for each in found])
    await fuzz(cases, send, examples=EACH * len(found))

    assert not wrong
    never = [each for each in found if each.method == "GET" and not shown[each.method, each.path]]
    for route in never:  # chance did not come upon an answer
        answer = await full.lrs.http.get(route.plain(full))
        assert answer.is_success, (route.path, answer.text)
