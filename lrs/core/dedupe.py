"""Statements without an id, sent again: the ids that make a retry the same statement.

Moodle sends no ids, so a list that it sends again after a time-out would be stored twice. With a credential's `dedupe`
the id of such a statement is derived from the credential's key, the fingerprint, its place among equal ones of the
request, and a number: the first one under which nothing is stored, or the statement not longer ago than the window.
So whoever sends the same thing at the same time derives the same id, and the unique `_id` decides as it does for ids
that clients choose: across processes, without a lock, and without a border between two windows.

A timestamp that the sender gives is part of the fingerprint. Without one, nothing tells two equal acts from one that is
sent twice: a sender without timestamps wants a short window. Equal statements in one request are different acts, which
a retry of the request finds again in the same order.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from lrs import clock
from lrs.core.credentials import Access
from lrs.store.statements import Statements
from lrs.xapi import Json
from lrs.xapi.fingerprint import fingerprint

WIDENING = 8  # how many times as many numbers are looked up next, where a statement was sent again in many windows

_NAMESPACE = uuid5(NAMESPACE_URL, "social-lrs:dedupe")


async def ids(access: Access, statements: Sequence[Json]) -> list[UUID]:
    """Return the id of each valid statement: its own, that of the same one sent before, or a new one.

    Raises: Unavailable.
    """
    own = [UUID(each["id"]) if "id" in each else clock.new_id() for each in statements]
    if access.credential.dedupe_s is None:
        return own
    digests = {
        position: fingerprint(each, timestamp_given="timestamp" in each)
        for position, each in enumerate(statements)
        if "id" not in each
    }
    names: dict[int, str] = {}
    met: Counter[bytes] = Counter()
    for position, digest in digests.items():
        names[position] = f"{digest.hex()} {met[digest]} {access.credential.key}"
        met[digest] += 1
    since = clock.now() - timedelta(seconds=access.credential.dedupe_s)
    derived = await _derived(access.store.statements, names, digests, since)
    return [derived.get(position, each) for position, each in enumerate(own)]


async def _derived(
    statements: Statements, names: Mapping[int, str], digests: Mapping[int, bytes], since: datetime
) -> dict[int, UUID]:
    """Return for each position the first id that is free, or holds the statement stored at or after `since`."""
    found: dict[int, UUID] = {}
    first, width = 0, 1
    while missing := names.keys() - found.keys():
        numbers = range(first, first + width)
        candidates = {position: [uuid5(_NAMESPACE, f"{names[position]} {n}") for n in numbers] for position in missing}
        there = await statements.fingerprints([each for several in candidates.values() for each in several])
        for position, several in candidates.items():
            for candidate in several:
                digest, stored = there.get(candidate, (digests[position], since))
                if digest == digests[position] and stored >= since:
                    found[position] = candidate
                    break
        first, width = first + width, width * WIDENING
    return found
