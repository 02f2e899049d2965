"""Statements ready to be written."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import orjson

from lrs import clock
from lrs.store.statements import NewStatement
from lrs.xapi import Json
from lrs.xapi.columns import columns
from lrs.xapi.statements import complete
from lrs.xapi.values import format_timestamp
from lrs.xapi.versions import Version

ANN: Json = {"mbox": "mailto:ann@example.org"}
VERBS = "http://adlnet.gov/expapi/verbs"


def statement(**changes: Any) -> Json:
    """A valid statement without an id, with some of its properties changed."""
    return {"actor": ANN, "verb": {"id": f"{VERBS}/completed"}, "object": {"id": "http://example.org/1"}, **changes}


def reference(target: str) -> Json:
    """A statement about another statement."""
    return statement(verb={"id": f"{VERBS}/answered"}, object={"objectType": "StatementRef", "id": target})


def voiding(target: str) -> Json:
    """A statement that voids another."""
    return statement(verb={"id": f"{VERBS}/voided"}, object={"objectType": "StatementRef", "id": target})


def new(sent: Json, stored: datetime | None = None, statement_id: UUID | None = None) -> NewStatement:
    """Return a statement as the core hands it to the store."""
    moment, key = stored or clock.now(), statement_id or uuid4()
    whole = complete(sent, id=str(key), stored=format_timestamp(moment), authority=ANN, version=Version.V1)
    return NewStatement(
        id=key,
        raw=orjson.dumps(whole),
        stored=moment,
        columns=columns(whole),
        timestamp_given="timestamp" in sent,
    )
