"""The network: who has to do with whom, and how far that crosses from one department to another."""

from datetime import timedelta

import schemas
from lrs.plugin import Plugin
from plugins.network.charts import CHARTS
from plugins.network.metrics import METRICS
from plugins.network.ties import COLUMNS, KINDS, coverage, tie

plugin = Plugin(
    name="network",
    version=2,
    title="Network",
    description="Who has to do with whom: how many ties there are, whether they go both ways, and how far they reach.",
    kinds=KINDS,
    config_schema=schemas.load("plugins/network.json"),
    default_window=timedelta(days=90),
    metrics=METRICS,
    apply=tie,
    coverage=coverage,
    columns=COLUMNS,
    charts=CHARTS,
    applied_settings=frozenset({"passive_kinds"}),
    ties=True,
)
