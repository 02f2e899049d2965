"""The two views of the catalogue: what a statement tells for each, and how that is merged."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from lrs.store.catalogue import Kind
from lrs.xapi import Json
from lrs.xapi.definitions import Layers, Stamp, definitions_told, names_told, with_definition, with_name


@dataclass(frozen=True, slots=True)
class View:
    """One collection of the catalogue."""

    kind: Kind
    prefix: str  # of the keys of statements (see `columns`) that name its activities or agents
    told: Callable[[Json], Iterator[tuple[str, Any]]]
    merge: Callable[[Layers, Stamp, Any], Layers]


ACTIVITIES = View("activities", "O", definitions_told, with_definition)
AGENTS = View("agents", "A", names_told, with_name)
