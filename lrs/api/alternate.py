"""The alternate request syntax of 1.0.x: any request as a POST of a form (xAPI Communication 1.3).

Content in old browsers, and any with a long URL, sends `POST .../statements?method=GET` and puts headers, parameters
and content into a form. Here that becomes the request it stands for, so that no route has to know of it.
"""

from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Message, Receive, Scope

from lrs.api import bodies
from lrs.errors import BadRequest
from lrs.xapi.multipart import media_type

METHODS = ("GET", "PUT", "POST", "DELETE", "HEAD")
FORM, PLAIN = "application/x-www-form-urlencoded", "text/plain"
HEADERS = frozenset({"authorization", "x-experience-api-version", "content-type", "if-match", "if-none-match"})
_DROPPED = frozenset({"content-type", "content-length", "transfer-encoding"})  # of the form, not of what it holds
_WHAT = "this alternate request can't be read"
_ACCEPTED = f"POST ?method=GET (PUT, POST, DELETE) with a body of {FORM}"


def is_alternate(scope: Scope) -> bool:
    """Tell whether this is a POST that names another method in its URL."""
    return scope["method"] == "POST" and "method" in dict(_pairs(scope))


async def unwrapped(scope: Scope, receive: Receive, most: int) -> tuple[Scope, Receive]:
    """Return the request that the form stands for; its body may have `most` bytes.

    `state["alternate"]` of it is the media type of the form: text/plain is taken from lenient credentials only.
    Raises: BadRequest, TooLarge.
    """
    method = _method(scope)
    told = media_type(Headers(scope=scope).get("content-type", ""))
    if told not in (FORM, PLAIN):
        raise BadRequest(_WHAT, where="Content-Type", why=f"{told!r} (xAPI Communication 1.3)", accepted=FORM)
    fields = _fields(await bodies.read(Request(scope, receive), most))
    headers = {name.lower(): value for name, value in fields if name.lower() in HEADERS}
    parameters = [(n, v) for n, v in fields if n.lower() not in HEADERS | {"content", "content-length"}]
    content = next((value for name, value in fields if name == "content"), "").encode()
    headers.setdefault("content-type", "application/json")
    replaced = _DROPPED | headers.keys()
    kept = [(name, value) for name, value in scope["headers"] if name.decode("latin-1").lower() not in replaced]
    given = [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]
    length = (b"content-length", str(len(content)).encode())
    scope["state"]["alternate"] = told
    rewritten = {
        **scope,
        "method": method,
        "query_string": urlencode(parameters).encode(),
        "headers": [*kept, *given, length],
    }
    return rewritten, _body(content, receive)


def _pairs(scope: Scope) -> list[tuple[str, str]]:
    return parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)


def _method(scope: Scope) -> str:
    pairs = _pairs(scope)
    others = [name for name, _ in pairs if name != "method"]
    if others or len(pairs) != 1:
        name = others[0] if others else "method"
        why = "every parameter but one `method` belongs into the form (xAPI Communication 1.3)"
        raise BadRequest(_WHAT, where=name, why=why, accepted=_ACCEPTED)
    method = pairs[0][1].upper()
    if method not in METHODS:
        raise BadRequest(_WHAT, where="method", why=f"{method[:20]!r}", accepted=", ".join(METHODS))
    return method


def _fields(body: bytes) -> list[tuple[str, str]]:
    try:
        fields = parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True, errors="strict")
        if not fields:
            raise ValueError("nothing is in it")
    except ValueError as error:
        why = "it is no form: name=value pairs in UTF-8, joined by & and percent-encoded (xAPI Communication 1.3)"
        raise BadRequest(_WHAT, where="body", why=why, accepted=_ACCEPTED) from error
    seen: set[str] = set()
    for name, _ in fields:
        if name.lower() in seen:
            raise BadRequest(_WHAT, where=name[:60], why="it is in the form more than once", accepted="each name once")
        seen.add(name.lower())
    return fields


def _body(content: bytes, receive: Receive) -> Receive:
    """Return a channel that gives the content, and then what the server says of the connection."""
    pending: list[Message] = [{"type": "http.request", "body": content, "more_body": False}]

    async def next_message() -> Message:
        return pending.pop() if pending else await receive()

    return next_message
