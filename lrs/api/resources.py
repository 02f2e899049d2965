"""Activities, Agents and About: the resources that only tell (xAPI Communication 2.4, 2.5 and 2.8)."""

import orjson
from fastapi import APIRouter, Security
from starlette.requests import Request
from starlette.responses import Response

from lrs import __version__
from lrs.api import answers, described, requests
from lrs.core import catalogue
from lrs.errors import BadRequest
from lrs.xapi import Json
from lrs.xapi.actors import is_group
from lrs.xapi.query import read_agent, read_iri

router = APIRouter(prefix="/xapi", tags=["xAPI"])

SCOPES = ("statements/read", "profile")
VERSIONS = ("1.0.0", "1.0.1", "1.0.2", "1.0.3", "2.0.0")
ABOUT = "urn:social-lrs:about"  # begins the names of the extensions

_AGENT = 'an Agent in JSON such as {"mbox": "mailto:name@example.org"}'


@router.get(
    "/activities",
    summary="An activity, with what all statements tell of it",
    openapi_extra=described.statements(activityId="the activity's IRI"),
    dependencies=[Security(described.BASIC)],
)
async def activity(request: Request) -> Response:
    granted = await requests.access(request, *SCOPES)
    requests.version(request, granted)
    parameters = requests.parameters(request, granted, "activityId")
    activity_id = read_iri("activityId", _required(parameters, "activityId", "the activity's IRI", "2.5"))
    return answers.json(await catalogue.activity(granted.store, activity_id))


@router.get(
    "/agents",
    summary="The person behind an agent, with every name seen",
    openapi_extra=described.statements(agent="an Agent as JSON"),
    dependencies=[Security(described.BASIC)],
)
async def person(request: Request) -> Response:
    granted = await requests.access(request, *SCOPES)
    requests.version(request, granted)
    parameters = requests.parameters(request, granted, "agent")
    return answers.json(await catalogue.person(granted.store, _agent(_required(parameters, "agent", _AGENT, "2.4"))))


@router.get("/about", summary="The versions of xAPI that are served; needs no credential and no version header")
async def about(request: Request) -> Response:
    requests.refuse_parameters(request)
    settings = requests.served(request).settings
    extensions = {
        f"{ABOUT}:software": {"name": "Social LRS", "version": __version__},
        f"{ABOUT}:analytics": f"{settings.public_path}/api/v1",
        f"{ABOUT}:documentation": f"{settings.public_path}/docs",
        f"{ABOUT}:limits": {"body_bytes": settings.max_body_bytes},
    }
    return answers.json({"version": VERSIONS, "extensions": extensions})


def _required(parameters: dict[str, str], name: str, accepted: str, clause: str) -> str:
    if name not in parameters:
        why = f"it is required (xAPI Communication {clause})"
        raise BadRequest("a query parameter is missing", where=name, why=why, accepted=accepted)
    return parameters[name]


def _agent(text: str) -> Json:
    read_agent("agent", text)
    agent: Json = orjson.loads(text)
    if is_group(agent):
        why = "a Group is no person (xAPI Communication 2.4)"
        raise BadRequest("a query parameter can't be used", where="agent", why=why, accepted=_AGENT)
    return agent
