"""Tables of people, one by one, under /api/v1/tables: for whoever may see persons."""

import asyncio

from fastapi import APIRouter, Security
from starlette.requests import Request
from starlette.responses import Response

from lrs.api import answers, described, requests
from lrs.core.analytics.persons import FORMATS

router = APIRouter(prefix="/api/v1", tags=["analytics"], dependencies=[Security(described.BASIC)])

_QUESTION = described.parameters(
    since="beginning of the window, inclusive: RFC 3339 or a date; else the plugin's own window before `until`",
    until="end of the window, exclusive; else now",
    format=("how the answer is written", list(FORMATS)),
)


@router.get("/tables", summary="All tables of people, with what they mean")
async def catalogue(request: Request) -> Response:
    await requests.access(request, "analytics/read")
    requests.refuse_parameters(request)
    return answers.json({"tables": requests.served(request).tables.catalogue()})


@router.get("/tables/{name}", summary="One table of people; each answer is audited", openapi_extra=_QUESTION)
async def table(request: Request, name: str) -> Response:
    granted = await requests.access(request, "analytics/identify")
    form, answer = await requests.served(request).tables.answer(granted, name, request.query_params.multi_items())
    if form == "csv":
        return Response(await asyncio.to_thread(answer.as_csv), media_type="text/csv")
    return answers.json(await asyncio.to_thread(answer.as_dict))
