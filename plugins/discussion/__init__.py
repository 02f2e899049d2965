"""Discussion: threads, who answers whom in them, and who reads along."""

from datetime import timedelta

import schemas
from lrs.plugin import Plugin
from plugins.discussion import answers, counts, participation, readers, threads
from plugins.discussion.acts import COLUMNS, KINDS, act, coverage
from plugins.discussion.charts import CHARTS

plugin = Plugin(
    name="discussion",
    version=5,
    title="Discussion",
    description="Threads in forums and communities: how many, how fast and by whom answered, and who reads and writes.",
    kinds=KINDS,
    config_schema=schemas.load("plugins/discussion.json"),
    default_window=timedelta(days=28),
    metrics=(*counts.METRICS, *answers.METRICS, *threads.METRICS, *participation.METRICS, *readers.METRICS),
    apply=act,
    coverage=coverage,
    columns=COLUMNS,
    charts=CHARTS,
)
