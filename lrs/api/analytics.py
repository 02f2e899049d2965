"""What analysts ask: metrics and the report on interactions, under /api/v1."""

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from lrs.api import requests
from lrs.core import interactions

router = APIRouter(prefix="/api/v1", tags=["analytics"])


@router.api_route("/metrics", methods=["GET", "HEAD"], summary="All metrics, with what they mean")
async def catalogue(request: Request) -> Response:
    await requests.access(request, "analytics/read")
    return _json({"metrics": requests.served(request).analytics.catalogue()})


@router.api_route("/metrics/{name}", methods=["GET", "HEAD"], summary="One metric over a window, as JSON or CSV")
async def metric(request: Request, name: str) -> Response:
    granted = await requests.access(request, "analytics/read")
    pairs = request.query_params.multi_items()
    query, answer = await requests.served(request).analytics.metric(granted.store, name, pairs)
    if query.format == "csv":
        return Response(answer.as_csv(), media_type="text/csv")
    return _json(answer.as_dict())


@router.api_route(
    "/interactions/report", methods=["GET", "HEAD"], summary="Acts by kind, unmapped verbs, and how targets were found"
)
async def report(request: Request) -> Response:
    granted = await requests.access(request, "analytics/read")
    return _json(await interactions.report(granted.store))


def _json(content: object) -> Response:
    return Response(orjson.dumps(content), media_type="application/json")
