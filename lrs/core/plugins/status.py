"""How far a plugin, or the normaliser, has come in one store, and what stopped it."""

from datetime import datetime

from lrs import clock
from lrs.core.normaliser.rebuild import rules_of
from lrs.core.plugins.entries import Entry
from lrs.core.runner import is_stale
from lrs.errors import BadRequest
from lrs.store.positions import NORMALISER, REBUILD, Position
from lrs.store.stores import Store
from lrs.xapi import Json
from lrs.xapi.values import format_timestamp


async def status(store: Store, entry: Entry) -> Json:
    """Return the status of a plugin; the README says what each name means. Raises: Unavailable."""
    position = await store.positions.get(entry.reader)
    normaliser = await store.positions.get(NORMALISER)  # afterwards: what was applied is never ahead of the log
    enabled = (await store.plugin_settings.get(entry.name)).enabled
    failure = _failure(position)
    if entry.reader == NORMALISER:
        try:
            behind = position.version not in (None, (await rules_of(store)).fingerprint)
        except BadRequest as error:  # an update may have left the store's settings behind
            behind, failure = False, failure or {"statement": None, "position": None, "reason": str(error)}
        rebuilding = await _interactions_rebuilt(store, position, due=behind)
    else:
        works = entry.installed and enabled
        behind = not works or await _is_view_stale(store, entry, position)
        rebuilding = _view_rebuilt(entry, position, normaliser) if works else None
    return {
        "name": entry.name,
        "installed": entry.installed,
        "enabled": enabled,
        "position": position.seq,
        "head": normaliser.seq,
        "lag_s": _lag_s(position.data_until),
        "data_until": None if position.data_until is None else format_timestamp(position.data_until),
        "stale": behind or rebuilding is not None or failure is not None,
        "rebuilding": rebuilding,
        "failure": failure,
        "failed_statements": await store.failures.count(entry.reader),
    }


async def _is_view_stale(store: Store, entry: Entry, position: Position) -> bool:
    """Tell what answers about the plugin tell; of one that never ran they say nothing yet."""
    has_run = position.version is not None
    return has_run and entry.plugin is not None and await is_stale(store, entry.plugin, position)


def _lag_s(data_until: datetime | None) -> float | None:
    """Return how old the newest statement may be that is not in the view yet. Unit: s."""
    return None if data_until is None else max(0.0, round((clock.now() - data_until).total_seconds(), 3))


def _view_rebuilt(entry: Entry, position: Position, normaliser: Position) -> Json | None:
    """Return how far the rebuild of a view has come, `done` from 0 to 1; None when none is under way or due."""
    if position.rebuilt is not None:
        seq = position.rebuilt["seq"]
        return {"position": seq, "head": normaliser.seq, "done": _share(seq, normaliser.seq)}
    ran = position.version is not None
    made_of = (position.source, position.version)
    is_due = position.rebuild_asked or (ran and made_of != (normaliser.generation, entry.version))
    return {"position": 0, "head": normaliser.seq, "done": 0.0} if is_due else None


async def _interactions_rebuilt(store: Store, served: Position, *, due: bool) -> Json | None:
    """Return the same for all interactions, which are read anew from the statements."""
    begun = await store.positions.get(REBUILD)
    if not begun.generation:
        return {"position": 0, "head": served.seq, "done": 0.0} if due or served.rebuild_asked else None
    return {"position": begun.seq, "head": served.seq, "done": _share(begun.read, served.read)}


def _share(part: int, whole: int) -> float:
    return round(min(1.0, part / whole), 4) if whole else 1.0


def _failure(position: Position) -> Json | None:
    if position.failure is None:
        return None
    told = position.failure
    return {"statement": told["statement"], "position": told["seq"], "reason": told["reason"]}
