"""How far a plugin, or the normaliser, has come in one store, and what stopped it."""

from datetime import datetime
from typing import Any

from lrs import clock
from lrs.core.plugins.entries import Entry
from lrs.store.positions import NORMALISER, Position
from lrs.store.stores import Store
from lrs.xapi.values import format_timestamp

Json = dict[str, Any]


async def status(store: Store, entry: Entry) -> Json:
    """Return the status of a plugin; the README says what each name means. Raises: Unavailable."""
    position = await store.positions.get(entry.reader)
    head = (await store.positions.get(NORMALISER)).seq  # afterwards: what was applied is never ahead of the log
    enabled = (await store.plugin_settings.get(entry.name)).enabled
    return {
        "name": entry.name,
        "installed": entry.installed,
        "enabled": enabled,
        "position": position.seq,
        "head": head,
        "lag_s": _lag_s(position.data_until),
        "data_until": None if position.data_until is None else format_timestamp(position.data_until),
        "stale": not (entry.installed and enabled) or _is_stale(position),
        "rebuilding": _rebuilding(position, head),
        "failure": _failure(position),
        "failed_statements": await store.failures.count(entry.reader),
    }


def _lag_s(data_until: datetime | None) -> float | None:
    """Return how old the newest statement may be that is not in the view yet. Unit: s."""
    return None if data_until is None else max(0.0, round((clock.now() - data_until).total_seconds(), 3))


def _is_stale(position: Position) -> bool:
    return position.rebuild_asked or position.rebuilt is not None or position.failure is not None


def _rebuilding(position: Position, head: int) -> Json | None:
    """Return how far a rebuild has come, from 0 to 1; None when there is none."""
    if position.rebuilt is None:
        return {"position": 0, "head": head, "done": 0.0} if position.rebuild_asked else None
    seq = position.rebuilt.get("seq", 0)
    return {"position": seq, "head": head, "done": round(min(1.0, seq / head), 4) if head else 1.0}


def _failure(position: Position) -> Json | None:
    if position.failure is None:
        return None
    told = position.failure
    return {"statement": told["statement"], "position": told["seq"], "reason": told["reason"]}
