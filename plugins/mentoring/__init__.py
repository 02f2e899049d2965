"""Mentoring: who meets for mentoring, how steadily, and whom it reaches."""

from datetime import timedelta

import schemas
from lrs.plugin import Plugin
from plugins.mentoring.acts import COLUMNS, KINDS, act
from plugins.mentoring.charts import CHARTS
from plugins.mentoring.coverage import coverage
from plugins.mentoring.metrics import METRICS
from plugins.mentoring.tables import TABLES

plugin = Plugin(
    name="mentoring",
    version=1,
    title="Mentoring",
    description="Pairs of mentors and mentees: how many meet, how steadily, and whom that reaches.",
    kinds=KINDS,
    config_schema=schemas.load("plugins/mentoring.json"),
    default_window=timedelta(days=90),
    metrics=METRICS,
    apply=act,
    coverage=coverage,
    columns=COLUMNS,
    charts=CHARTS,
    tables=TABLES,
)
