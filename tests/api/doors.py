"""Each route of the application, the scopes that open it, and a request that is right but for its credential.

A new route is a new row of SCOPES_OF; one whose body or parameters must be right to be let in has them in BODIES or
PARAMETERS. A row may go on with `?` where a parameter needs more than the route.
"""

import base64
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias
from uuid import uuid4

import httpx

from tests.api.samples import ANN, COURSE, UNKNOWN_ID, statement
from tests.living import Living

Route: TypeAlias = tuple[str, str]

OPEN: set[Route] = {
    ("GET", "/"),
    ("GET", "/xapi"),
    ("GET", "/xapi/about"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/api/v1/schemas/{name}"),
    ("GET", "/docs"),
    ("GET", "/docs/oauth2-redirect"),
    ("GET", "/openapi.json"),
    ("GET", "/static-offline-docs/{path}"),
}
"""What needs no credential: what this is, whether it lives, and how it is asked. None of it tells of what is stored."""

READ = {"statements/read", "all/read", "all"}
WRITE = {"statements/write", "all"}
ANALYSE = {"analytics/read", "analytics/identify"}
IDENTIFY = {"analytics/identify"}
ADMINISTER = {"admin"}
DOCUMENTS = {
    "/xapi/activities/state": {"state", "all"},
    "/xapi/agents/profile": {"profile", "all"},
    "/xapi/activities/profile": {"profile", "all"},
}

SCOPES_OF: dict[Route, set[str]] = {
    ("POST", "/xapi/statements"): WRITE,
    ("PUT", "/xapi/statements"): WRITE,
    ("GET", "/xapi/statements"): READ | {"statements/read/mine"},
    **{("GET", path): scopes | {"all/read"} for path, scopes in DOCUMENTS.items()},
    **{(method, path): scopes for path, scopes in DOCUMENTS.items() for method in ("PUT", "POST", "DELETE")},
    ("GET", "/xapi/activities"): READ | {"profile"},
    ("GET", "/xapi/agents"): READ | {"profile"},
    ("GET", "/api/v1/metrics"): ANALYSE,
    ("GET", "/api/v1/metrics/{name}"): ANALYSE,
    ("GET", "/api/v1/interactions/report"): READ | ADMINISTER,
    ("GET", "/api/v1/charts"): ANALYSE,
    ("GET", "/api/v1/charts/{name}"): ANALYSE,
    ("GET", "/api/v1/network"): ANALYSE,
    ("GET", "/api/v1/network?level=person"): IDENTIFY,
    ("GET", "/api/v1/tables"): ANALYSE,
    ("GET", "/api/v1/tables/{name}"): IDENTIFY,
    ("GET", "/api/v1/statements"): READ,
    ("GET", "/api/v1/statements/aggregate"): READ | ANALYSE,
    ("GET", "/api/v1/credentials"): ADMINISTER,
    ("POST", "/api/v1/credentials"): ADMINISTER,
    ("DELETE", "/api/v1/credentials/{key}"): ADMINISTER,
    ("GET", "/api/v1/stores"): ADMINISTER,
    ("POST", "/api/v1/stores"): ADMINISTER,
    ("GET", "/api/v1/stores/{store}/redaction"): ADMINISTER,
    ("PUT", "/api/v1/stores/{store}/redaction"): ADMINISTER,
    ("GET", "/api/v1/refusals"): ADMINISTER,
    ("GET", "/api/v1/audit"): ADMINISTER,
    ("GET", "/api/v1/people"): ADMINISTER,
    ("PUT", "/api/v1/people"): ADMINISTER,
    ("GET", "/api/v1/people/{person}"): ADMINISTER,
    ("DELETE", "/api/v1/people/{person}"): ADMINISTER,
    ("POST", "/api/v1/people/merge"): ADMINISTER,
    ("POST", "/api/v1/people/split"): ADMINISTER,
    **{("GET", f"/api/v1/plugins{path}"): ANALYSE | ADMINISTER for path in ("", "/{name}", "/{name}/status")},
    ("GET", "/api/v1/plugins/{name}/failures"): ADMINISTER,
    ("PUT", "/api/v1/plugins/{name}/config"): ADMINISTER,
    **{
        ("POST", f"/api/v1/plugins/{{name}}/{change}"): ADMINISTER
        for change in ("enable", "disable", "rebuild", "retry")
    },
}
"""Each other route, and the scopes any of which opens it."""

LET_IN = {200, 201, 202, 204, 404, 409}
"""How requests of `ask` are answered that are let in: what some name isn't there, or is there already."""

PARAMETERS: dict[str, dict[str, str]] = {
    "/xapi/activities": {"activityId": COURSE},
    "/xapi/agents": {"agent": json.dumps(ANN)},
}

BODIES: dict[str, Any] = {
    "/api/v1/credentials": {"key": "first"},
    "/api/v1/stores": {"name": "default"},
    "/api/v1/people": {"people": []},
    "/api/v1/people/merge": {"into": "nobody", "people": ["somebody"]},
    "/api/v1/people/split": {
        "person": "nobody",
        "identifiers": [{"mbox": "mailto:ann@example.org"}],
        "into": "somebody",
    },
    "/api/v1/plugins/{name}/config": {},
}


def doors(lrs: Living) -> set[Route]:
    """Return every method and path that the application has a route for, described in OpenAPI or not."""
    application: Any = lrs.http._transport
    return set(_found(application.app.framework.routes))


def _found(routes: Iterable[Any]) -> Iterator[Route]:
    for route in routes:
        if hasattr(route, "original_router"):  # one that was included, without a prefix
            yield from _found(route.original_router.routes)
        elif hasattr(route, "methods"):
            yield from ((method, route.path) for method in route.methods - {"HEAD"})  # HEAD is GET without the body
        else:  # files below a path
            yield "GET", f"{route.path}/{{path}}"


def there(lrs: Living) -> dict[Route, set[str]]:
    """Return the rows of SCOPES_OF whose route the application has."""
    found = doors(lrs)
    return {(method, path): scopes for (method, path), scopes in SCOPES_OF.items() if (method, bare(path)) in found}


def bare(path: str) -> str:
    """Return the path of a row without parameters."""
    return path.partition("?")[0]


def address(path: str) -> str:
    """Return the path with something in the place of its parts: mostly what is not there."""
    part = "swagger-ui.css" if path.startswith("/static") else "statement-2.0.json"
    name = part if path in {each for _, each in OPEN} else "discussion.threads"
    return path.format(name=name, path=part, key="nobody", person="nobody", store="nowhere")


def parameters(route: Route) -> dict[str, str]:
    """Return the query parameters that a request needs to be right; each document is one that is not there."""
    documents = {
        "/xapi/activities/state": {"activityId": COURSE, "agent": json.dumps(ANN), "stateId": str(uuid4())},
        "/xapi/agents/profile": {"agent": json.dumps(ANN), "profileId": str(uuid4())},
        "/xapi/activities/profile": {"activityId": COURSE, "profileId": str(uuid4())},
    }
    if route == ("PUT", "/xapi/statements"):
        return {"statementId": UNKNOWN_ID}
    told = dict(pair.split("=") for pair in route[1].partition("?")[2].split("&") if pair)
    return {**told, **PARAMETERS.get(route[1], {}), **documents.get(route[1], {})}


async def ask(
    http: httpx.AsyncClient,
    route: Route,
    auth: str | None = None,
    *,
    method: str | None = None,
    spelled: Callable[[str], str] = str,
) -> httpx.Response:
    """Send a request that is right but for its credential; with another method, or its path spelled otherwise."""
    verb, path = method or route[0], bare(route[1])
    headers = {} if auth is None else {"Authorization": auth}
    if path in DOCUMENTS:
        headers["If-None-Match"] = "*"
    body = (BODIES.get(path) or statement()) if verb in ("POST", "PUT") else None
    request = http.build_request(verb, spelled(address(path)), params=parameters(route), json=body, headers=headers)
    return await (http.send(request) if auth is None else http.send(request, auth=None))


def basic(text: str | bytes) -> str:
    """Return the header of a credential, key:secret."""
    return f"Basic {base64.b64encode(text.encode() if isinstance(text, str) else text).decode()}"
