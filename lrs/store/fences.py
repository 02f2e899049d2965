"""Fences: what a writer that was given up still sends is refused by the server.

`killSessions` ends what is running, but a command that comes later begins the session anew. The server also refuses,
in each session, a retryable write or a transaction whose number is below one it has seen, and does one command after
the other. So a write with the greatest number waits for what is running, and lets nothing through after it. A server
remembers that for at least 30 minutes after it last heard of the session.
"""

from typing import Any, TypeAlias, cast
from uuid import UUID

from bson.binary import Binary
from bson.int64 import Int64
from pymongo import AsyncMongoClient

from lrs.store.databases import CONTROL

Document: TypeAlias = dict[str, Any]

LAST = Int64(2**63 - 1)  # the greatest number of a write that a session can have


async def fence(client: AsyncMongoClient[Document], writer: str, session: UUID | Binary) -> None:
    """Let no write in this session through any more; `writer` is the record it stands on. Raises: PyMongoError."""
    key = Binary.from_uuid(session) if isinstance(session, UUID) else session
    # It must change something, else the server keeps no record of the number.
    change = {"q": {"_id": writer}, "u": {"$addToSet": {"fenced": key}}}
    command = {"update": "writers", "updates": [change], "txnNumber": LAST, "writeConcern": {"w": "majority"}}
    async with client.start_session(causal_consistency=False) as ours:
        # The driver has no way to act in another's session. Its own id is back before the driver uses it again.
        identity = cast(Document, ours.session_id)
        own, identity["id"] = identity["id"], key
        try:
            await client[CONTROL].command(command, session=ours)
        finally:
            identity["id"] = own
