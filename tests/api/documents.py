"""Documents to send: where they belong, each test's own, and requests for them."""

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

import httpx

from tests.api.samples import VERSION
from tests.living import Living

V1, V2 = "1.0.3", "2.0.0"
STATE, AGENT_PROFILE, ACTIVITY_PROFILE = "/xapi/activities/state", "/xapi/agents/profile", "/xapi/activities/profile"


@dataclass(frozen=True)
class Address:
    """A resource and the parameters of a request; `id_name` is the one that names a single document."""

    path: str
    parameters: dict[str, str] = field(default_factory=dict)

    @property
    def id_name(self) -> str:
        return "stateId" if self.path == STATE else "profileId"

    @property
    def all(self) -> "Address":
        return self.but(**{self.id_name: None})

    def but(self, **changes: str | None) -> "Address":
        """The same with other parameters; None leaves one out."""
        changed = {**self.parameters, **changes}
        return replace(self, parameters={name: value for name, value in changed.items() if value is not None})


def state(**changes: str | None) -> Address:
    parameters = {"activityId": new_activity(), "agent": new_agent(), "stateId": "bookmark"}
    return Address(STATE, parameters).but(**changes)


def agent_profile(**changes: str | None) -> Address:
    return Address(AGENT_PROFILE, {"agent": new_agent(), "profileId": "preferences"}).but(**changes)


def activity_profile(**changes: str | None) -> Address:
    return Address(ACTIVITY_PROFILE, {"activityId": new_activity(), "profileId": "highscores"}).but(**changes)


EVERY = [state, agent_profile, activity_profile]
PROFILES = [agent_profile, activity_profile]


def new_activity() -> str:
    return f"http://example.org/activities/{uuid4()}"


def new_agent() -> str:
    return json.dumps({"mbox": f"mailto:{uuid4()}@example.org"})


async def send(
    lrs: Living, method: str, address: Address, body: Any = None, *, version: str = V1, **headers: str
) -> httpx.Response:
    """Send bytes as they are and anything else as JSON; `if_match="..."` and the like become headers."""
    told = {VERSION: version, **{name.replace("_", "-"): value for name, value in headers.items()}}
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
        told.setdefault("content-type", "application/json")
    return await lrs.http.request(method, address.path, params=address.parameters, content=body, headers=told)


async def stored(lrs: Living, address: Address, body: Any = None, **headers: str) -> str:
    """Store a new document and return its ETag."""
    answer = await send(lrs, "PUT", address, {"x": "foo"} if body is None else body, if_none_match="*", **headers)
    assert answer.status_code == 204, answer.text
    return (await send(lrs, "GET", address)).headers["etag"]


async def content(lrs: Living, address: Address) -> bytes | None:
    """Return the bytes of a document, None if there is none."""
    answer = await send(lrs, "GET", address)
    assert answer.status_code in (200, 404), answer.text
    return answer.content if answer.status_code == 200 else None


def etag(data: bytes) -> str:
    return f'"{hashlib.sha1(data).hexdigest()}"'
