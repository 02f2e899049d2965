"""Repetitions: the same act told again within ten minutes (a retry with a new id, a double click) counts once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import blake2b
from types import MappingProxyType
from typing import Any, TypeAlias

Document: TypeAlias = dict[str, Any]

SPAN = timedelta(minutes=10)

_FROM_THE_BEGINNING: Mapping[bytes, datetime] = MappingProxyType({})


def dedupe_key(act: Mapping[str, Any]) -> bytes:
    """Return what two acts share that may repeat one another: actor, kind, object, parent and recipient.

    The recipient is the person told, or what the person is looked up by, so that the key never changes. An un-act
    (a report taken back) is no repetition of the act.
    """
    kind = f"un-{act['kind']}" if act["value"].get("undo") else act["kind"]
    parts = (act["actor"], kind, act["object_id"], act["parent_id"], act["named_target"] or act["target_ref"])
    return blake2b("\n".join(part or "" for part in parts).encode(), digest_size=12).digest()


def settle(interactions: Iterable[Document], since: Mapping[bytes, datetime] = _FROM_THE_BEGINNING) -> None:
    """Set the state of acts that may repeat one another: `live`, or `superseded` by the kept one before.

    An act less than ten minutes after the last *kept* one is dropped, over event time, so that arrival doesn't matter.
    With `since`, by dedupe key, nothing has changed before that time: earlier acts keep their states, and only those
    of the ten minutes before are needed.
    """
    series: dict[bytes, list[Document]] = defaultdict(list)
    for interaction in interactions:
        if interaction["state"] in ("live", "superseded"):
            series[interaction["dedupe_key"]].append(interaction)
    for key, acts in series.items():
        _settle_series(acts, since.get(key))


def _settle_series(acts: list[Document], since: datetime | None) -> None:
    kept: Document | None = None
    for act in sorted(acts, key=lambda each: (each["t"], each["statement_id"], each["_id"])):
        if since is not None and act["t"] < since:
            kept = act if act["state"] == "live" else kept
        elif kept is not None and act["t"] - kept["t"] < SPAN:
            act["state"], act["state_by"] = "superseded", kept["statement_id"]
        else:
            act["state"], act["state_by"] = "live", None
            kept = act
