"""What the E-I indices of groups would be by chance."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import polars as pl

from lrs.core.network import mixing
from lrs.core.network.flows import ARC
from lrs.core.network.graph import graph


@dataclass(frozen=True, slots=True)
class Chance:
    """The sizes of groups, and how likely an index is that is as far from its mean, by group; None: of them all."""

    sizes: Mapping[int, int]
    people: int
    p: Mapping[int | None, float | None]

    @classmethod
    def of(cls, arcs: pl.DataFrame, members: pl.DataFrame | None) -> Self:
        """Return what chance gives for `arcs` between `members` (`person`, `group`, `since`, `until`), if any.

        Somebody in several groups counts in the size of each, and for the p in the one that was joined last.
        """
        if members is None or members.is_empty():
            return cls({}, 0, {})
        sizes = dict(members.group_by("group").agg(pl.col("person").n_unique()).rows())
        one_each = members.sort("person", "since", "until", "group").unique("person", keep="last").sort("person")
        groups = one_each["group"].unique().sort()
        numbers = one_each["group"].replace_strict(groups, pl.int_range(len(groups), eager=True), return_dtype=pl.Int64)
        drawn = graph(arcs.select(ARC).unique().with_columns(weight=pl.lit(1.0)), one_each["person"])
        found = mixing.permuted(numbers.to_numpy(), drawn.source, drawn.sink)
        p = dict(zip(groups.to_list(), found.groups, strict=True))
        return cls(sizes, len(one_each), {**p, None: found.whole})

    def expected(self, group: int | None = None) -> float | None:
        """Return the index under random mixing, of a group or of all."""
        sizes = list(self.sizes.values()) if group is None else [self.sizes.get(group, 0)]
        return mixing.expected(sizes, self.people)
