"""The only source of time and chance, so that tests can replace both."""

import secrets
import uuid
from datetime import UTC, datetime

EPOCH = datetime.fromtimestamp(0, UTC)
"""Before everything that is stored."""


def now() -> datetime:
    """The present in UTC, cut to whole milliseconds, the precision of everything stored."""
    present = datetime.now(UTC)
    return present.replace(microsecond=present.microsecond // 1000 * 1000)


def new_id() -> uuid.UUID:
    """A random statement id (UUID version 4)."""
    return uuid.uuid4()


def new_secret() -> str:
    """A secret of 192 random bits in URL-safe characters."""
    return secrets.token_urlsafe(24)


def new_key() -> str:
    """A key of 80 random bits, which can be read aloud."""
    return secrets.token_hex(10)
