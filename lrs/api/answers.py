"""Answers as several routes give them."""

from datetime import UTC, datetime
from email.utils import format_datetime

import orjson
from starlette.responses import Response


def json(content: object, status: int = 200) -> Response:
    """Return an answer whose body is the content as JSON."""
    return Response(orjson.dumps(content), status_code=status, media_type="application/json")


def http_date(moment: datetime) -> str:
    """Return a time, which has a time zone, as HTTP headers write it (RFC 9110, section 5.6.7)."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)
