"""The normaliser's own report: what was read out of the statements, and what was not."""

from collections import Counter, defaultdict
from typing import Any

from lrs.store.positions import NORMALISER
from lrs.store.stores import Store
from lrs.xapi.values import format_timestamp


async def report(store: Store) -> dict[str, Any]:
    """Return acts by kind and state, unmapped verbs, and how the other person was found, for the whole store.

    Counts only: no person, object or group is named. Raises: Unavailable.
    """
    position = await store.positions.get(NORMALISER)
    counted = await store.interactions(position.generation).report()
    return {
        "acts": _acts(counted["kinds"]),
        "targets": _targets(counted["targets"]),
        "unmapped_verbs": [{"verb": verb, "n": n} for verb, n in counted["unmapped"]],
        "failed_statements": await store.failures.count(),
        "data_until": None if position.data_until is None else format_timestamp(position.data_until),
    }


def _acts(counted: list[dict[str, Any]]) -> dict[str, dict[str, int]]:
    """Return {kind: {n, live, superseded, voided}}; `n` are the acts that count."""
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for entry in counted:
        kinds[entry["kind"]][entry["state"]] += entry["n"]
    return {kind: {"n": states["live"], **states} for kind, states in sorted(kinds.items())}


def _targets(counted: list[dict[str, Any]]) -> dict[str, Any]:
    """Return, for each sender, how many acts that aim at somebody were resolved, and by which rule."""
    sources: dict[str, dict[str, Any]] = {}
    for entry in counted:
        source = sources.setdefault(
            entry["source"], {"n": 0, "resolved": 0, "self": 0, "pending": 0, "share": 0.0, "via": Counter()}
        )
        source["n"] += entry["n"]
        source[entry["status"]] += entry["n"]
        if entry["via"] is not None:
            source["via"][entry["via"]] += entry["n"]
    for source in sources.values():
        source["share"] = (source["resolved"] + source["self"]) / source["n"]
    return sources
