"""Whether the process lives (/healthz) and can serve (/readyz)."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from lrs.api.requests import served

router = APIRouter(tags=["operation"])


@router.get("/healthz", summary="Whether the process answers")
async def healthz() -> Response:
    return JSONResponse({"status": "ok"})


@router.get("/readyz", summary="Whether the database answers too")
async def readyz(request: Request) -> Response:
    await served(request).doorkeeper.check_database()
    return JSONResponse({"status": "ok"})
