"""A chart of a plugin: a Vega-Lite specification without data, into which the core puts the rows of answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One chart: which metrics it shows, asked how, and how they are drawn.

    `spec` is a Vega-Lite view. Its data is the named source `rows`: one row for each metric, group and bucket, with the
    fields `metric` (title), `group` (`whole store` where it is not by groups), `start`, `end` (the store's time,
    without an offset), `value` (null where it is withheld or unknown), `reason`, and one field for each number beside.
    """

    id: str
    title: str
    description: str  # what it shows in a sentence, for who can't see it
    metrics: tuple[str, ...]  # ids without the plugin's name, of one unit
    bucket: Literal["week", "month"] | None = None
    spec: Mapping[str, Any]
