"""Sharing: who passes on what, how far it gets and how it spreads."""

from datetime import timedelta

import schemas
from lrs.plugin import Plugin
from plugins.sharing.acts import COLUMNS, KINDS, act, coverage
from plugins.sharing.charts import CHARTS
from plugins.sharing.metrics import METRICS

plugin = Plugin(
    name="sharing",
    version=1,
    title="Sharing",
    description="What people share and pass on: how much, whom it reaches, and how it spreads from one to the next.",
    kinds=KINDS,
    config_schema=schemas.load("plugins/sharing.json"),
    default_window=timedelta(days=90),
    metrics=METRICS,
    apply=act,
    coverage=coverage,
    columns=COLUMNS,
    charts=CHARTS,
    applied_settings=frozenset({"follow_everything"}),
)
