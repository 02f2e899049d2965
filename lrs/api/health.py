"""Whether the process lives (/healthz) and can serve (/readyz)."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from lrs.api.requests import served

router = APIRouter(tags=["operation"])


@router.api_route("/healthz", methods=["GET", "HEAD"], summary="Whether the process answers")
async def healthz() -> Response:
    return JSONResponse({"status": "ok"})


@router.api_route("/readyz", methods=["GET", "HEAD"], summary="Whether the database answers too")
async def readyz(request: Request) -> Response:
    await served(request).doorkeeper.check_database()
    return JSONResponse({"status": "ok"})
