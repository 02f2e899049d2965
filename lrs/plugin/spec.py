"""A plugin as one declarative value."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from lrs.plugin.acts import Act, Change
from lrs.plugin.metrics import Config, Metric


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """All the core knows about a plugin.

    `apply` is pure: it returns the act that the change's interaction stands for in the plugin's view, or None for none
    (the interaction is of no interest, was voided, or is a repetition). `coverage` says which shares of the acts the
    senders told enough about, 0-1 or None without acts. `config_schema` is a JSON Schema (draft 2020-12) of an object,
    whose defaults are the configuration until a store has one of its own; `applied_settings` names those properties
    that `apply` reads: when one of them changes, the view is rebuilt.
    """

    name: str
    version: int  # raised when `apply` derives other acts from the same interactions: the view is rebuilt
    title: str
    description: str
    kinds: frozenset[str]
    config_schema: Mapping[str, Any]
    default_window: timedelta
    metrics: tuple[Metric, ...]
    apply: Callable[[Change, Config], Act | None]
    coverage: Callable[[Sequence[Act]], Mapping[str, float | None]]
    applied_settings: frozenset[str] = frozenset()

    @property
    def defaults(self) -> Config:
        """The configuration where a store has none of its own: the defaults of the schema."""
        properties: Mapping[str, Any] = self.config_schema.get("properties", {})
        return {name: rule["default"] for name, rule in properties.items() if "default" in rule}

    def metric(self, metric_id: str) -> Metric | None:
        """Return the metric with this id."""
        return next((metric for metric in self.metrics if metric.id == metric_id), None)
