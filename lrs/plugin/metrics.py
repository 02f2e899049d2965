"""A metric: what it means, what it needs to be shown, and how it is computed from acts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, TypeAlias, TypeVar

import polars as pl

from lrs.plugin.frames import MEMBERSHIPS

Config: TypeAlias = Mapping[str, Any]
Result = TypeVar("Result")

Unknown: TypeAlias = Literal["no_data", "no_roster", "source_cannot_tell", "not_enough_history"]
"""Why a number can't be known."""


@dataclass(frozen=True, slots=True)
class Place:
    """A group of a partition, such as a department; the group's key is coded."""

    kind: str
    group: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What one number is computed over: acts of one window (or bucket) of one group or the whole store.

    Times are in UTC. Tables are those of `lrs.plugin.frames`, by (t, id); in place of the agents that acts name stand
    the persons behind them, as far as that is known. A metric that `looks_back` gets all acts before `until` in `acts`
    and `store`, else both have t in [since, until). Nothing from `as_of` on has happened yet.
    """

    since: datetime  # inclusive
    until: datetime  # exclusive
    as_of: datetime
    acts: pl.DataFrame  # of the group: by people who were in it
    store: pl.DataFrame  # of everybody
    early: pl.DataFrame  # acts that a sender's clock puts before `since`, on subjects that were opened from then on
    config: Config
    roster: pl.Series | None = None  # the persons who belong to the group in the window; None where nobody knows
    memberships: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=MEMBERSHIPS))
    place: Place | None = None  # the group; None for the whole store
    zone: str = "UTC"  # the store's time zone
    min_group: int = 5  # people: of fewer nothing may be told (`LRS_MIN_GROUP`); for what the core can't see
    known: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)  # see `once`

    def once(self, compute: Callable[["Scope"], Result]) -> Result:
        """Return what a function makes of everybody's acts: computed once for all groups of the same span.

        It is given a scope of the whole store, in which `acts` are `store`.
        """
        if compute not in self.known:
            self.known[compute] = compute(replace(self, acts=self.store, roster=None, place=None))
        result: Result = self.known[compute]
        return result

    def following(self) -> pl.DataFrame:
        """Return everybody's acts before `as_of` on the subjects that the acts open, these included."""
        opened = self.acts.filter("opens")["subject"].unique()
        acts = pl.concat([self.early, self.store])
        return acts.filter(pl.col("subject").is_in(opened.implode()), pl.col("t") < self.as_of)


@dataclass(frozen=True, slots=True)
class Number:
    """The outcome of one computation.

    `value` is None where nothing can be said, and `why` tells the reason; `n` is how many values (medians) or which
    denominator (ratios) it rests on, and the core withholds it below the metric's minimum. `beside` holds further
    numbers shown with it, each held to the same minimum unless it is a count (`n` None).
    """

    value: float | None
    n: int | None = 0
    beside: Mapping[str, "Number"] = field(default_factory=dict)
    why: Unknown = "no_data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One metric of a plugin, as `GET /api/v1/metrics` lists it."""

    id: str  # without the plugin's name
    title: str
    unit: str  # n, people, s, 0-1, ...
    range: tuple[float | None, float | None]  # least and greatest value, None where there is no bound
    direction: Literal["higher", "lower", "neutral"]  # which way is better for a group, if any
    definition: str
    no_data: str  # what the absence of acts means for the answer
    source: str  # where the definition comes from
    limits: str = ""  # per sender, what can't be known
    beside: Mapping[str, str] = field(default_factory=dict)  # what is shown with it, each in a few words
    privacy: Literal["group"] = "group"
    counts: bool = False  # adds up, or is a sum: without acts it is 0, else null with `no_data`
    looks_back: bool = False  # a state at `as_of`: it rests on all acts before, however old
    min_values: int = 0  # medians: fewer values are withheld
    min_denominator: int = 0  # ratios: a smaller denominator is withheld
    compute: Callable[[Scope], Number]  # pure; without acts 0 where it `counts`, else a value of None
