"""What is asked of the network, read from the request's parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias, cast
from zoneinfo import ZoneInfo

from lrs.core.analytics import query as metrics
from lrs.core.analytics.released import PARTITIONS
from lrs.core.analytics.windows import Window
from lrs.core.asked import each_once
from lrs.errors import BadRequest
from lrs.plugin import Plugin

Format: TypeAlias = Literal["json", "csv", "graphml"]
Level: TypeAlias = Literal["group", "person"]

LEVELS, FORMATS = ("group", "person"), ("json", "csv", "graphml")
PARAMETERS = ("kinds", "since", "until", "level", "group_by", "format")
DEFAULT_PARTITION = "department"


@dataclass(frozen=True, slots=True)
class NetworkQuery:
    """One question: over which window and kinds (None: all that are not passive), between groups or people."""

    window: Window
    level: Level
    partition: str | None  # None between people
    kinds: tuple[str, ...] | None
    format: Format


def parse(pairs: Sequence[tuple[str, str]], plugin: Plugin, *, present: datetime, zone: ZoneInfo) -> NetworkQuery:
    """Return the question that the parameters ask of a plugin of ties. Raises: BadRequest naming the parameter."""
    given = each_once(pairs, PARAMETERS)
    level = cast(Level, _choice(given, "level", LEVELS))
    if level == "person" and "group_by" in given:
        why, accepted = "each node is one person", f"level=group beside it, or no group_by; {', '.join(PARTITIONS)}"
        raise BadRequest("people are not shown by group", where="group_by", why=why, accepted=accepted)
    asked: list[tuple[str, str]] = [(name, given[name]) for name in ("since", "until") if name in given]
    if level == "group":
        asked.append(("group_by", given.get("group_by", DEFAULT_PARTITION)))
    read = metrics.parse(asked, default=plugin.default_window, present=present, zone=zone)
    form = cast(Format, _choice(given, "format", FORMATS))
    return NetworkQuery(read.window, level, read.partition, _kinds(given, plugin), form)


def _choice(given: Mapping[str, str], name: str, choices: Sequence[str]) -> str:
    """Return the value of a parameter, the first choice where there is none."""
    value = given.get(name, choices[0])
    if value not in choices:
        raise BadRequest("this value has no meaning", where=name, why=f"{value[:60]!r}", accepted=", ".join(choices))
    return value


def _kinds(given: Mapping[str, str], plugin: Plugin) -> tuple[str, ...] | None:
    if "kinds" not in given:
        return None
    kinds = tuple(dict.fromkeys(given["kinds"].split(",")))
    for kind in kinds:
        if kind not in plugin.kinds:
            accepted = f"several of {', '.join(sorted(plugin.kinds))}, with commas between them"
            raise BadRequest("there is no such kind of tie", where="kinds", why=f"{kind[:60]!r}", accepted=accepted)
    return kinds
