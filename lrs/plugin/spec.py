"""A plugin as one declarative value."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import polars as pl

from lrs.plugin.acts import Act, Change, Column
from lrs.plugin.charts import Chart
from lrs.plugin.metrics import Config, Metric
from lrs.plugin.tables import PersonTable

TIES: Mapping[str, Column] = {"kind": "key", "weight": "number", "ended": "time"}
"""The columns that acts have which are ties, from `actor` to `target`: the interaction's kind, how much the act counts,
and from when on it does not, if it was taken back.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """All the core knows about a plugin.

    `apply(change, config)` returns the act that the change's interaction stands for in the plugin's view, or None for
    none: it is of no interest, was voided, or repeats another. It is pure: the same interaction and configuration give
    the same act, nothing is changed or remembered, nothing else is looked at. What it raises stops this plugin, and is
    shown to the admin with the statement. Acts by systems and aggregates never reach it.

    `coverage(acts)` returns, by names of the plugin's own, which share of the acts that are shown (a table, see
    `lrs.plugin.frames`) the senders told enough about: 0-1, or None without acts.
    """

    name: str  # a-z, 0-9 and _, up to 40; of its entry point, its metrics, its views and its paths
    version: int  # from 1; raised when `apply` derives other acts from the same interactions: the view is derived anew
    title: str  # for people, in one or two words
    description: str  # one sentence on what the metrics tell
    kinds: frozenset[str]  # of the interactions that `apply` is given
    config_schema: Mapping[str, Any]  # JSON Schema (draft 2020-12) of an object; each property has a default
    default_window: timedelta  # of a question that names none
    metrics: tuple[Metric, ...]
    apply: Callable[[Change, Config], Act | None]
    coverage: Callable[[pl.DataFrame], Mapping[str, float | None]]
    columns: Mapping[str, Column] = field(default_factory=dict)  # what the acts' `detail` holds
    charts: tuple[Chart, ...] = ()
    tables: tuple[PersonTable, ...] = ()  # of people, one by one; for `analytics/identify` only
    applied_settings: frozenset[str] = frozenset()  # properties that `apply` reads: a change derives the view anew
    ties: bool = False  # its acts are ties between people, what the network is made of; see `TIES`

    @property
    def defaults(self) -> Config:
        """The configuration where a store has none of its own: the defaults of the schema."""
        return defaults(self.config_schema)

    def in_force(self, chosen: Mapping[str, Any]) -> Config:
        """Return the configuration where these settings were chosen."""
        return in_force(self.config_schema, chosen)

    def metric(self, metric_id: str) -> Metric | None:
        """Return the metric with this id."""
        return next((metric for metric in self.metrics if metric.id == metric_id), None)


def defaults(config_schema: Mapping[str, Any]) -> Config:
    """Return the defaults of a configuration's schema, by the names of its properties."""
    properties: Mapping[str, Any] = config_schema.get("properties", {})
    return {name: rule["default"] for name, rule in properties.items() if isinstance(rule, dict) and "default" in rule}


def in_force(config_schema: Mapping[str, Any], chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Return the configuration where these settings were chosen: beside them the defaults."""
    return {**defaults(config_schema), **known(config_schema, chosen)}


def known(config_schema: Mapping[str, Any], chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of the settings that the schema knows: an earlier version may have had others."""
    if config_schema.get("additionalProperties", True) is not False:
        return dict(chosen)
    names, patterns = config_schema.get("properties", {}), config_schema.get("patternProperties", {})
    return {
        name: value
        for name, value in chosen.items()
        if name in names or any(re.search(pattern, name) for pattern in patterns)
    }
