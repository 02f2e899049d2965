"""CORS for the xAPI: content in a browser, on any host, may talk to the LRS (Fetch standard, section 3.2).

Any origin is allowed because nothing is granted by where a page comes from: each request carries its own credential,
and `*` keeps browsers from adding cookies or a remembered login to it.
"""

import re

ALLOWED = (
    "Accept, Accept-Language, Authorization, Cache-Control, Content-Type, Content-Length, If-Match, If-None-Match,"
    " Link, X-Experience-API-Version, X-Experience-API-Hash, X-Experience-API-Consistent-Through, X-Requested-With"
)
EXPOSED = (
    "Cache-Control, Content-Length, Content-Type, ETag, Last-Modified, Link, Retry-After, WWW-Authenticate,"
    " X-Experience-API-Version, X-Experience-API-Consistent-Through"
)
METHODS = "GET, HEAD, PUT, POST, DELETE, OPTIONS"

_TOKENS = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~\- ,]{0,1000}")

ON_EVERY_ANSWER = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": EXPOSED}


def preflight(requested_headers: str | None) -> dict[str, str]:
    """Return the headers that answer OPTIONS: what is always allowed, and whatever else the page wants to send."""
    wanted = requested_headers if requested_headers and _TOKENS.fullmatch(requested_headers) else ""
    known = {name.strip().lower() for name in ALLOWED.split(",")}
    further = [name.strip() for name in wanted.split(",") if name.strip() and name.strip().lower() not in known]
    return {
        "Allow": METHODS,
        "Access-Control-Allow-Methods": METHODS,
        "Access-Control-Allow-Headers": ", ".join([ALLOWED, *further]),
        "Access-Control-Max-Age": "86400",
    }
