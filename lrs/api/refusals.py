"""What is recorded of a request that is refused."""

from starlette.requests import Request

from lrs.api import alternate, requests
from lrs.core.refusals import Refused
from lrs.errors import LRSError
from lrs.xapi.multipart import media_type


async def record(request: Request, error: LRSError) -> None:
    """Record the refusal of a request of the xAPI; a failure of the server's is none."""
    if error.status >= 500 or not request.state.is_xapi:
        return
    refused = Refused(
        key=requests.sent_key(request),
        access=getattr(request.state, "access", None),
        method=request.method,
        path=request.state.path,
        error=error,
        body=None if _is_form(request) else getattr(request.state, "body", None),
    )
    await requests.served(request).refusals.record(refused)


def _is_form(request: Request) -> bool:
    """Tell whether the body may be a form, which may carry the credential (xAPI Communication 1.3)."""
    return media_type(request.headers.get("content-type", "")) in (alternate.FORM, alternate.PLAIN)
