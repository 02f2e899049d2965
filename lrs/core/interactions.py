"""The normaliser's own report: what was read out of the statements, and what was not."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, TypeAlias

from lrs.store.counts import Counted
from lrs.store.positions import NORMALISER
from lrs.store.stores import Store
from lrs.xapi.values import format_timestamp

Counts: TypeAlias = Sequence[tuple[Counted, int]]

MOST_VERBS = 100  # unmapped ones that are shown, those that were met most
HAPPENED = ("live", "deleted", "undone")
"""The states of acts that count: what was deleted or taken back was done all the same."""


async def report(store: Store) -> dict[str, Any]:
    """Return acts by kind and state, unmapped verbs, and how the other person was found, for the whole store.

    Counts only: no person, object or group is named. They are live and of however few people, so they are for those who
    may see statements, or look after their senders. Raises: Unavailable.
    """
    position = await store.positions.get(NORMALISER)
    counts = await store.counts(position.generation).all()
    unmapped = sorted(
        ((n, each.verb) for each, n in counts if each.verb is not None), key=lambda told: (-told[0], told[1])
    )
    return {
        "acts": _acts(counts),
        "targets": _targets(counts),
        "unmapped_verbs": [{"verb": verb, "n": n} for n, verb in unmapped[:MOST_VERBS]],
        "failed_statements": await store.failures.count(),
        "data_until": None if position.data_until is None else format_timestamp(position.data_until),
    }


def _acts(counts: Counts) -> dict[str, dict[str, int]]:
    """Return {kind: {n, <state>: number...}}; `n` are the acts that count."""
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for each, n in counts:
        if each.kind is not None:
            kinds[each.kind][str(each.state)] += n
    return {kind: {"n": sum(states[each] for each in HAPPENED), **states} for kind, states in sorted(kinds.items())}


def _targets(counts: Counts) -> dict[str, Any]:
    """Return, for each sender, of how many acts that aim at somebody that person was found, and by which rule."""
    sources: dict[str, dict[str, Any]] = {}
    for each, n in counts:
        if each.status is None or each.state not in HAPPENED:
            continue
        nothing = {"n": 0, "resolved": 0, "self": 0, "pending": 0, "unresolvable": 0, "share": 0.0, "via": Counter()}
        source = sources.setdefault(str(each.source), nothing)
        source["n"] += n
        source[each.status] += n
        if each.via is not None:
            source["via"][each.via] += n
    for source in sources.values():
        source["share"] = (source["resolved"] + source["self"]) / source["n"]
    return dict(sorted(sources.items()))
