"""Everything that can go wrong, in one tree. Each error knows its HTTP status.

LRSError                        500
├── PluginFailed                500  a plugin's own code raised, or gave what it may not
├── BadRequest                  400  the request can't be understood
│   ├── InvalidStatement        400  a statement breaks a rule of the specification
│   └── InvalidConfiguration    400  a plugin's configuration breaks its schema, at one place or at several
├── Unauthorized                401
├── Forbidden                   403
├── NotFound                    404
├── MethodNotAllowed            405
├── Conflict                    409
├── PreconditionFailed          412  If-Match or If-None-Match does not hold
├── TooLarge                    413
├── UnsupportedMediaType        415
├── RangeNotSatisfiable         416  the bytes asked for are beyond the end
├── Unavailable                 503  the database is away or too slow; try again
└── StartupError                     the process can't start; the message says what to do
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import ClassVar


class LRSError(Exception):
    """A failure in the words of the user's input.

    `what` went wrong in one sentence, `where` in the input (`statements[3].actor.mbox`, `until`), `why` it is
    refused, and what would be `accepted`. The last three are empty when they would say nothing.
    """

    status: ClassVar[int] = 500

    def __init__(self, what: str, *, where: str = "", why: str = "", accepted: str = "") -> None:
        super().__init__(what)
        self.what, self.where, self.why, self.accepted = what, where, why, accepted

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        reason = f": {self.why}" if self.why else ""
        hint = f" (accepted: {self.accepted})" if self.accepted else ""
        return f"{place}{self.what}{reason}{hint}"

    def as_dict(self) -> dict[str, object]:
        """The one shape of an error in every answer."""
        return {
            "status": self.status,
            "what": self.what,
            "where": self.where,
            "why": self.why,
            "accepted": self.accepted,
        }


class PluginFailed(LRSError):
    """A plugin's own code raised, or gave what it may not."""


class BadRequest(LRSError):
    status = 400


class InvalidStatement(BadRequest):
    """A statement breaks a rule; `where` is the path of the offending value, `why` ends with the clause."""

    def __init__(self, where: str, why: str, accepted: str = "") -> None:
        super().__init__("invalid statement", where=where, why=why, accepted=accepted)


@dataclass(frozen=True, slots=True)
class Fault:
    """One place that is wrong, where there may be several."""

    where: str
    why: str
    accepted: str

    def __str__(self) -> str:
        return f"{self.where}: {self.why}" + (f" (accepted: {self.accepted})" if self.accepted else "")


class InvalidConfiguration(BadRequest):
    """A configuration breaks its schema. The error is the first fault; `errors` in an answer lists all of them."""

    def __init__(self, what: str, faults: Sequence[Fault]) -> None:
        first = faults[0]
        super().__init__(what, where=first.where, why=first.why, accepted=first.accepted)
        self.faults = faults

    def __str__(self) -> str:
        return f"{self.what}: {'; '.join(map(str, self.faults))}"

    def as_dict(self) -> dict[str, object]:
        return {**super().as_dict(), "errors": [asdict(fault) for fault in self.faults]}


class Unauthorized(LRSError):
    status = 401


class Forbidden(LRSError):
    status = 403


class NotFound(LRSError):
    status = 404


class MethodNotAllowed(LRSError):
    status = 405


class Conflict(LRSError):
    status = 409


class PreconditionFailed(LRSError):
    status = 412


class TooLarge(LRSError):
    status = 413


class UnsupportedMediaType(LRSError):
    status = 415


class RangeNotSatisfiable(LRSError):
    status = 416


class Unavailable(LRSError):
    status = 503


class StartupError(LRSError):
    """The process can't start. Printed without a traceback; the exit status is 1."""
