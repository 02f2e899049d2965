"""The JSON Schemas of statements, for users to check with before they send."""

import orjson
from fastapi import APIRouter
from starlette.responses import Response

import schemas
from lrs.errors import NotFound

router = APIRouter(prefix="/api/v1/schemas", tags=["schemas"])

NAMES = ("statement-1.0.3.json", "statement-2.0.json")


@router.get("/{name}", summary="A JSON Schema of statements: statement-1.0.3.json or statement-2.0.json")
async def get(name: str) -> Response:
    if name not in NAMES:
        raise NotFound("there is no such schema", where=f"schemas/{name[:60]}", accepted=", ".join(NAMES))
    text = orjson.dumps(schemas.load(name), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    return Response(text, media_type="application/schema+json")
