"""What is recorded of a request that is refused."""

from starlette.requests import Request

from lrs.api import alternate, requests
from lrs.core.refusals import Refused
from lrs.errors import LRSError


async def record(request: Request, error: LRSError) -> None:
    """Record the refusal of a request of the xAPI; a failure of the server's is none."""
    path: str = request.state.path
    if error.status >= 500 or not (path == "/xapi" or path.startswith("/xapi/")):
        return
    refused = Refused(
        key=requests.sent_key(request),
        access=getattr(request.state, "access", None),
        method=request.method,
        path=path,
        error=error,
        body=None if _is_form(request) else getattr(request.state, "body", None),
    )
    await requests.served(request).refusals.record(refused)


def _is_form(request: Request) -> bool:
    """Tell whether the body may be a form, which may carry the credential (xAPI Communication 1.3)."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return media_type in (alternate.FORM, alternate.PLAIN)
