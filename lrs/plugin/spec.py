"""A plugin as one declarative value."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from lrs.plugin.acts import Act, Change
from lrs.plugin.metrics import Metric


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """All the core knows about a plugin.

    `apply` is pure: it returns the act that the change's interaction stands for in the plugin's view, or None for none
    (the interaction is of no interest, was voided, or is a repetition). `coverage` says which shares of the acts the
    senders told enough about, 0-1 or None without acts. `config_schema` is the path of a JSON Schema
    below `schemas/`, whose defaults are the configuration.
    """

    name: str
    version: int  # raised when `apply` derives other acts from the same interactions: the view is rebuilt
    title: str
    description: str
    kinds: frozenset[str]
    config_schema: str
    default_window: timedelta
    metrics: tuple[Metric, ...]
    apply: Callable[[Change], Act | None]
    coverage: Callable[[Sequence[Act]], Mapping[str, float | None]]

    def metric(self, metric_id: str) -> Metric | None:
        """Return the metric with this id."""
        return next((metric for metric in self.metrics if metric.id == metric_id), None)
