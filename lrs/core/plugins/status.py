"""How far a plugin, or the normaliser, has come in one store, and what stopped it."""

from datetime import datetime

from lrs import clock
from lrs.core.plugins.entries import Entry
from lrs.store.positions import NORMALISER, REBUILD, Position
from lrs.store.stores import Store
from lrs.xapi import Json
from lrs.xapi.values import format_timestamp


async def status(store: Store, entry: Entry) -> Json:
    """Return the status of a plugin; the README says what each name means. Raises: Unavailable."""
    position = await store.positions.get(entry.reader)
    normaliser = await store.positions.get(NORMALISER)  # afterwards: what was applied is never ahead of the log
    enabled = (await store.plugin_settings.get(entry.name)).enabled
    rebuilding = await _interactions_rebuilt(store, position) if entry.reader == NORMALISER else None
    rebuilding = rebuilding or _rebuilding(position, normaliser.seq)
    return {
        "name": entry.name,
        "installed": entry.installed,
        "enabled": enabled,
        "position": position.seq,
        "head": normaliser.seq,
        "lag_s": _lag_s(position.data_until),
        "data_until": None if position.data_until is None else format_timestamp(position.data_until),
        "stale": not (entry.installed and enabled) or rebuilding is not None or position.failure is not None,
        "rebuilding": rebuilding,
        "failure": _failure(position),
        "failed_statements": await store.failures.count(entry.reader),
    }


def _lag_s(data_until: datetime | None) -> float | None:
    """Return how old the newest statement may be that is not in the view yet. Unit: s."""
    return None if data_until is None else max(0.0, round((clock.now() - data_until).total_seconds(), 3))


def _rebuilding(position: Position, head: int) -> Json | None:
    """Return how far the rebuild of a view has come, from 0 to 1; None when there is none."""
    if position.rebuilt is None:
        return {"position": 0, "head": head, "done": 0.0} if position.rebuild_asked else None
    seq = position.rebuilt["seq"]
    return {"position": seq, "head": head, "done": _share(seq, head)}


async def _interactions_rebuilt(store: Store, served: Position) -> Json | None:
    """Return the same for all interactions, which are read anew from the statements."""
    begun = await store.positions.get(REBUILD)
    if not begun.generation:
        return None
    return {"position": begun.seq, "head": served.seq, "done": _share(begun.read, served.read)}


def _share(part: int, whole: int) -> float:
    return round(min(1.0, part / whole), 4) if whole else 1.0


def _failure(position: Position) -> Json | None:
    if position.failure is None:
        return None
    told = position.failure
    return {"statement": told["statement"], "position": told["seq"], "reason": told["reason"]}
