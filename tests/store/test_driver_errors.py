"""What a failure of the database means to a client."""

import pytest
from pymongo.errors import AutoReconnect, BulkWriteError, OperationFailure, PyMongoError

from lrs.store.driver_errors import OUT_OF_DISK, unavailable


def bulk(code: int) -> BulkWriteError:
    return BulkWriteError({"writeErrors": [{"index": 0, "code": code, "errmsg": ""}], "writeConcernErrors": []})


@pytest.mark.parametrize("error", [OperationFailure("full", OUT_OF_DISK), bulk(OUT_OF_DISK)], ids=["command", "bulk"])
def test_a_full_disk_is_named(error: PyMongoError) -> None:
    assert "disk is full" in str(unavailable(error))


@pytest.mark.parametrize(
    ("error", "told"),
    [(AutoReconnect("gone"), "is away"), (OperationFailure("no", 1), "refused"), (bulk(1), "refused")],
    ids=["away", "command", "bulk"],
)
def test_a_database_that_is_away_is_told_from_one_that_refuses(error: PyMongoError, told: str) -> None:
    answer = unavailable(error)

    assert told in str(answer)
    assert answer.status == 503
