"""What routes read of a request: its body, its credential, its xAPI version."""

import base64
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from lrs.api import alternate, bodies
from lrs.core import asked
from lrs.core import bodies as contents
from lrs.core.administration import Administration
from lrs.core.analytics import Analytics
from lrs.core.analytics.persons import PersonTables
from lrs.core.audit import AuditTrail
from lrs.core.credentials import Access, Doorkeeper
from lrs.core.network import Network
from lrs.core.people.directory import Directory
from lrs.core.plugins import Plugins
from lrs.core.refusals import Refusals
from lrs.errors import BadRequest, LRSError, Unauthorized, UnsupportedMediaType
from lrs.settings import Settings
from lrs.xapi.leniency import tolerated_agent_text
from lrs.xapi.multipart import media_type
from lrs.xapi.versions import HEADER, Version, negotiate


@dataclass(frozen=True, slots=True)
class Served:
    """What the application hands to its routes."""

    settings: Settings
    doorkeeper: Doorkeeper
    analytics: Analytics
    network: Network
    administration: Administration
    directory: Directory
    plugins: Plugins
    refusals: Refusals
    tables: PersonTables
    audit: AuditTrail


def served(request: Request) -> Served:
    """Return what the application hands to its routes."""
    state: Served = request.app.state.served
    return state


async def access(request: Request, *scopes: str) -> Access:
    """Return the access of the request's credential, which needs one of the scopes.

    Raises: Unauthorized, Forbidden, Unavailable.
    """
    key, secret, is_bare = _basic(request.headers.get("authorization"))
    admitted = await served(request).doorkeeper.admit(key, secret)
    request.state.access = admitted  # also for the record of a refusal
    if is_bare and not admitted.credential.lenient:
        raise _tolerated("a token without its scheme", "Authorization", "Basic before the token", Unauthorized)
    admitted.require(*scopes)
    return admitted


def version(request: Request, granted: Access) -> Version:
    """Return the xAPI version of the request; also for its errors.

    A request without the header is one of the credential's `xapi_version`, which refuses it like every version does
    (xAPI Communication 3.3), unless the credential is lenient. Raises: BadRequest.
    """
    header, default = request.headers.get(HEADER), granted.credential.xapi_version
    if header is None and default is not None:
        request.state.xapi_version = negotiate(default)
    negotiated = negotiate(header, default if granted.credential.lenient else None)
    request.state.xapi_version = negotiated
    form = getattr(request.state, "alternate", None)
    if form is not None and negotiated is Version.V2:
        why = "xAPI 2.0 has no alternate request syntax (IEEE 9274.1.1)"
        raise BadRequest("this method is not for this version", where="method", why=why, accepted="the method itself")
    if form == alternate.PLAIN and not granted.credential.lenient:
        raise _tolerated("a form as text/plain", "Content-Type", alternate.FORM)
    return negotiated


def pairs(request: Request, granted: Access, known: Collection[str]) -> list[tuple[str, str]]:
    """Return the query parameters of an xAPI request.

    Of a lenient credential's, without those that mean nothing, and with `agent` in the standard's form.
    Raises: BadRequest naming the first that means nothing.
    """
    given = request.query_params.multi_items()
    unknown = next((name for name, _ in given if name not in known), None)
    if unknown is not None and not granted.credential.lenient:
        raise _tolerated("a parameter without a meaning here", unknown, ", ".join(known) or "none")
    kept = [(name, value) for name, value in given if name in known]
    if not granted.credential.lenient:
        return kept
    return [(name, tolerated_agent_text(value) if name == "agent" else value) for name, value in kept]


def parameters(request: Request, granted: Access, *known: str) -> dict[str, str]:
    """Return the same by name. Raises: BadRequest naming the first that is unknown or given twice."""
    return asked.each_once(pairs(request, granted, known), known)


def plain_parameters(request: Request, *known: str) -> dict[str, str]:
    """Return the query parameters of a request outside the xAPI by name. Raises: BadRequest as `parameters` does."""
    return asked.each_once(request.query_params.multi_items(), known)


def refuse_parameters(request: Request) -> None:
    """Refuse all query parameters. Raises: BadRequest naming the first."""
    asked.each_once(request.query_params.multi_items(), ())


def _tolerated(what: str, where: str, accepted: str, kind: type[LRSError] = BadRequest) -> LRSError:
    """Return the refusal of what only a lenient credential may send."""
    why = "it breaks the standard; a credential with `lenient` may send it"
    return kind(f"{what} is not taken from this credential", where=where, why=why, accepted=accepted)


async def body(request: Request) -> bytes:
    """Read the body, never more than LRS_MAX_BODY_BYTES. Raises: TooLarge, BadRequest, Unavailable."""
    request.state.body = await bodies.read(request, served(request).settings.max_body_bytes)  # also for a refusal
    return bytes(request.state.body)


async def content(request: Request) -> Any:
    """Return the JSON that an administrator sends. Raises: UnsupportedMediaType, BadRequest, TooLarge, Unavailable."""
    told = media_type(request.headers.get("content-type", ""))
    if told != "application/json":  # else a page of another site could send it as a form (CSRF)
        raise UnsupportedMediaType(
            "this is sent as JSON", where="Content-Type", why=f"{told!r}", accepted="application/json"
        )
    return contents.parse(await body(request))


def sent_key(request: Request) -> str | None:
    """Return the key of the request's credential, right or wrong; None where there is none that can be told apart."""
    try:
        return _basic(request.headers.get("authorization"))[0]
    except LRSError:  # it may be anything, a secret too
        return None


def _basic(header: str | None) -> tuple[str, str, bool]:
    """Return key and secret, and whether they stood there without a scheme, as some launched content sends them."""
    if header is None:
        raise Unauthorized("no credential was sent", where="Authorization", accepted="HTTP Basic: key and secret")
    scheme, space, encoded = header.strip().partition(" ")
    is_bare = not space and scheme.lower() != "basic"
    if scheme.lower() != "basic" and not is_bare:
        raise Unauthorized(
            "this kind of credential is not known", where="Authorization", why=f"{scheme[:20]!r}", accepted="HTTP Basic"
        )
    try:
        told = base64.b64decode(scheme if is_bare else encoded.strip(), validate=True).decode()
    except ValueError as error:  # also what is not ASCII, and no UTF-8 in the Base64
        raise BadRequest(
            "the credential can't be read", where="Authorization", why="not Base64 of UTF-8", accepted="key:secret"
        ) from error
    key, colon, secret = told.partition(":")
    if not colon:
        raise Unauthorized("the credential has no colon", where="Authorization", accepted="Base64 of key:secret")
    return key, secret, is_bare
