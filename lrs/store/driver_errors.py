"""What a driver's failure means to a client."""

from collections.abc import Iterator
from contextlib import contextmanager

import pymongo
from pymongo.errors import BulkWriteError, ConnectionFailure, OperationFailure, PyMongoError

from lrs.errors import LRSError, Unavailable

DUPLICATE_KEY = 11000
OUT_OF_DISK = 14031
TRANSACTION_TOO_OLD = 225


def taken(error: BulkWriteError) -> set[int]:
    """Return the positions whose `_id` was taken; raise the error again if it holds any other failure."""
    failures = error.details["writeErrors"]
    if any(failure["code"] != DUPLICATE_KEY for failure in failures) or error.details["writeConcernErrors"]:
        raise error
    return {failure["index"] for failure in failures}


def unavailable(error: PyMongoError) -> LRSError:
    """Return the error for a client: nothing was acknowledged, and the request can be sent again."""
    if OUT_OF_DISK in _codes(error):
        return Unavailable("the database's disk is full", why="nothing can be stored until space is freed")
    kind = "is away" if isinstance(error, ConnectionFailure) else "refused the operation"
    return Unavailable(f"the database {kind}", why=type(error).__name__, accepted="the same request again in a moment")


def _codes(error: PyMongoError) -> set[int | None]:
    """Return the database's codes of a failure; of a bulk, those of its single writes."""
    if isinstance(error, BulkWriteError):
        return {failure["code"] for failure in error.details["writeErrors"]}
    return {error.code} if isinstance(error, OperationFailure) else set()


@contextmanager
def driver_errors(within_s: float | None = None) -> Iterator[None]:
    """Turn what the driver raises inside the block into Unavailable.

    With `within_s` that is the end of every wait in it: for a server that hangs, and for the two minutes during which
    the driver tries a transaction again.
    """
    try:
        with pymongo.timeout(within_s):
            yield
    except PyMongoError as error:
        raise unavailable(error) from error
