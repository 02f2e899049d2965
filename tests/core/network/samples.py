"""Links of our own making: from which group to which, who toward whom."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import numpy as np
import polars as pl

from lrs.core.network.flows import LINKS, NOWHERE
from lrs.plugin import code

Entry: TypeAlias = tuple[str, str]
"""From which group to which; to no group where the second is empty."""

VIEW = "view"


def flow(entry: Entry, people: int, targets: int | None = None, kind: str = "reply", first: int = 0) -> pl.DataFrame:
    """So many people of the source, each toward one of so many of the sink (as many, unless told), in one kind.

    People of a group are numbered; `first` is the number of the first who acts.
    """
    source, sink = entry
    rows = [
        {
            "source": group(source),
            "sink": group(sink),
            "kind": code(kind),
            "passive": kind == VIEW,
            "actor": code(f"{source} {first + number}"),
            "target": code(f"{sink} to {number % (targets or people)}"),
            "acts": 1,
        }
        for number in range(people)
    ]
    return pl.DataFrame(rows, schema=LINKS)


def group(name: str) -> int:
    return code(name) if name else NOWHERE


def flows(entries: Mapping[Entry, int], kind: str = "reply") -> pl.DataFrame:
    """So many people and targets in each of some entries."""
    return pl.concat([flow(entry, people, kind=kind) for entry, people in entries.items()])


def drawn(seed: int) -> pl.DataFrame:
    """Links drawn at random: a few groups, some people of which some do most, some kinds of which one is passive."""
    random = np.random.default_rng(seed)
    groups, people, n = random.integers(2, 9), int(random.integers(30, 300)), int(random.integers(200, 3000))
    of = random.integers(1, groups + 1, people)
    busy = random.pareto(random.uniform(1.2, 3), people) + 0.2
    actor, target = (random.choice(people, n, p=busy / busy.sum()) for _ in range(2))
    kind = random.choice([1, 2, 3, 4], n, p=[0.6, 0.2, 0.1, 0.1])
    sink = np.where(random.random(n) < 0.1, NOWHERE, of[target])
    told = {"source": of[actor], "sink": sink, "kind": kind, "passive": kind == 4, "actor": actor, "target": target}
    acts = pl.DataFrame(told).filter(pl.col("actor") != pl.col("target"))
    return acts.group_by(acts.columns).agg(acts=pl.len()).select(LINKS.names()).cast(LINKS)


def together(*links: pl.DataFrame) -> pl.DataFrame:
    return pl.concat(links)


def names(codes: Iterable[int], known: Iterable[str]) -> list[str]:
    """The names behind codes, of those that are known."""
    by_code = {code(name): name for name in known} | {NOWHERE: ""}
    return [by_code[each] for each in codes]
