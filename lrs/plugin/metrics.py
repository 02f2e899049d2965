"""A metric: what it means, what it needs to be shown, and how it is computed from acts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

from lrs.plugin.acts import Act

Config: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Scope:
    """What one number is computed over: acts of one window (or bucket) of one group or the whole store.

    Times are in UTC. In place of the agents that acts name stand the persons behind them, as far as that is known.
    """

    since: datetime  # inclusive
    until: datetime  # exclusive
    as_of: datetime  # what happened from here on is not looked at
    acts: Sequence[Act]  # with t in [since, until)
    following: Sequence[Act]  # all acts before `as_of` on the subjects that `acts` open; only if the metric asks
    config: Config
    everyone: Sequence[Act] = ()  # for a group: what anybody aimed in [since, until) at those who act here


@dataclass(frozen=True, slots=True)
class Number:
    """The outcome of one computation.

    `value` is None where nothing can be said; `n` is how many values (medians) or which denominator (ratios) it
    rests on, and the core withholds it below the metric's minimum. `beside` holds further numbers shown with it.
    """

    value: float | None
    n: int = 0
    beside: Mapping[str, "Number"] = field(default_factory=dict)


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
    privacy: Literal["group"] = "group"
    counts: bool = False  # adds up: without acts it is 0, else null with `no_data`
    follows: bool = False  # whether it needs `Scope.following`
    min_values: int = 0  # medians: fewer values are withheld
    min_denominator: int = 0  # ratios: a smaller denominator is withheld
    compute: Callable[[Scope], Number]  # pure; without acts 0 where it `counts`, else a value of None
