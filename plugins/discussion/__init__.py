"""Discussion: threads and who answers whom in them."""

from datetime import timedelta

import schemas
from lrs.plugin import Plugin
from plugins.discussion.metrics import METRICS
from plugins.discussion.posts import COLUMNS, KINDS, coverage, post

plugin = Plugin(
    name="discussion",
    version=4,
    title="Discussion",
    description="Threads in forums and communities: how many, how fast answered, and whether talk goes both ways.",
    kinds=KINDS,
    config_schema=schemas.load("plugins/discussion.json"),
    default_window=timedelta(days=28),
    metrics=METRICS,
    apply=post,
    coverage=coverage,
    columns=COLUMNS,
)
