"""The network, under /api/v1/network."""

import asyncio

from fastapi import APIRouter, Security
from starlette.requests import Request
from starlette.responses import Response

from lrs.api import answers, described, requests
from lrs.core.analytics.released import PARTITIONS
from lrs.core.network.query import FORMATS, LEVELS

router = APIRouter(prefix="/api/v1", tags=["analytics"], dependencies=[Security(described.BASIC)])

_QUESTION = described.parameters(
    kinds="only ties of these kinds of interactions, with commas between them; else of all that are not passive",
    since="beginning of the window, inclusive: RFC 3339 or a date; else 90 days before `until`",
    until="end of the window, exclusive; else now",
    level=("between groups, or person by person (scope analytics/identify)", list(LEVELS)),
    group_by=("which groups, over whole released weeks; else department", list(PARTITIONS)),
    format=("how the answer is written; csv: the entries or edges", list(FORMATS)),
)


@router.get("/network", summary="Who has to do with whom, between groups or people", openapi_extra=_QUESTION)
async def network(request: Request) -> Response:
    granted = await requests.access(request, "analytics/read")
    answer = await requests.served(request).network.answer(granted, request.query_params.multi_items())
    if answer.query.format == "csv":
        return Response(await asyncio.to_thread(answer.as_csv), media_type="text/csv")
    if answer.query.format == "graphml":
        return Response(await asyncio.to_thread(answer.as_graphml), media_type="application/graphml+xml")
    return answers.json(await asyncio.to_thread(answer.as_dict))
