"""What analysts ask: metrics and charts; and the report on interactions, for whoever looks after senders."""

from fastapi import APIRouter, Security
from starlette.requests import Request
from starlette.responses import Response

from lrs.api import answers, described, files, requests
from lrs.core import interactions
from lrs.core.analytics.query import BUCKETS, CHART_FORMATS, FORMATS
from lrs.core.analytics.released import PARTITIONS

router = APIRouter(prefix="/api/v1", tags=["analytics"], dependencies=[Security(described.BASIC)])

REPORT_READERS = ("statements/read", "admin")
"""Not `analytics/read`: the report is live, and counts acts of however few people."""

_SINCE = "beginning of the window, inclusive: RFC 3339 or a date; else the metric's own window before `until`"
_UNTIL = "end of the window, exclusive; else now"
_GROUP_BY = ("one row for each group of this partition, over whole released weeks", list(PARTITIONS))
_GROUP = "only this group of the partition"

_QUESTION = described.parameters(
    since=_SINCE,
    until=_UNTIL,
    bucket=("one row for each of these; groups by week or month only", list(BUCKETS)),
    group_by=_GROUP_BY,
    group=_GROUP,
    compare=("beside each row the same of the window as long before", ["previous"]),
    format=("how the answer is written, or drawn", list(FORMATS)),
)
_CHART = described.parameters(
    since=_SINCE,
    until=_UNTIL,
    group_by=_GROUP_BY,
    group=_GROUP,
    format=("the Vega-Lite specification with the data in it, or drawn", list(CHART_FORMATS)),
)


@router.get("/metrics", summary="All metrics, with what they mean")
async def catalogue(request: Request) -> Response:
    await requests.access(request, "analytics/read")
    requests.refuse_parameters(request)
    return answers.json({"metrics": requests.served(request).analytics.catalogue()})


@router.get(
    "/metrics/{name}", summary="One metric over a window: numbers, a table or a picture", openapi_extra=_QUESTION
)
async def metric(request: Request, name: str) -> Response:
    granted = await requests.access(request, "analytics/read")
    analytics, pairs = requests.served(request).analytics, request.query_params.multi_items()
    if request.query_params.get("format", "json") == "json":
        _, answer = await analytics.metric(granted.store, name, pairs)
        return answers.json(answer.as_dict())
    return await files.respond(request, granted.store.name, lambda: analytics.metric_file(granted.store, name, pairs))


@router.get("/charts", summary="All charts of the plugins")
async def charts(request: Request) -> Response:
    await requests.access(request, "analytics/read")
    requests.refuse_parameters(request)
    return answers.json({"charts": requests.served(request).analytics.charts()})


@router.get("/charts/{name}", summary="One chart over a window, to embed or drawn", openapi_extra=_CHART)
async def chart(request: Request, name: str) -> Response:
    granted = await requests.access(request, "analytics/read")
    analytics, pairs = requests.served(request).analytics, request.query_params.multi_items()
    if request.query_params.get("format", "json") == "json":
        _, picture = await analytics.chart(granted.store, name, pairs)
        return answers.json(picture.spec())
    return await files.respond(request, granted.store.name, lambda: analytics.chart_file(granted.store, name, pairs))


@router.get("/interactions/report", summary="Acts by kind, unmapped verbs, and how targets were found")
async def report(request: Request) -> Response:
    granted = await requests.access(request, *REPORT_READERS)
    requests.refuse_parameters(request)
    return answers.json(await interactions.report(granted.store))
