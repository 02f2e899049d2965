"""Who changed what, and who was shown people one by one, under /api/v1/audit. The scope is `admin`."""

from urllib.parse import urlencode

from fastapi import APIRouter, Security
from starlette.requests import Request
from starlette.responses import Response

from lrs.api import answers, described, requests
from lrs.core.asked import read
from lrs.core.audit import AuditQuery

router = APIRouter(prefix="/api/v1", tags=["administration"], dependencies=[Security(described.BASIC)])


@router.get("/audit", summary="Who did what, the newest first", openapi_extra=described.model(AuditQuery))
async def audit(request: Request) -> Response:
    granted = await requests.access(request, "admin")
    given = requests.plain_parameters(request, *AuditQuery.model_fields)
    query = read(AuditQuery, given)
    page = await requests.served(request).audit.page(granted.store.name, query)
    more = f"{request.url.path}?{urlencode({**given, 'cursor': page.cursor})}" if page.cursor else ""
    if query.format == "csv":
        headers = {"Link": f'<{more}>; rel="next"'} if more else {}
        return Response(page.as_csv(), media_type="text/csv", headers=headers)
    return answers.json({"audit": page.entries, "more": more})
