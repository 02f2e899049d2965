"""The metrics of discussion by week, beside the reference or the truth."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import urlencode

import orjson

from lrs.cli.sample import Sample
from lrs.xapi import Json
from tests.bench.organisations import SINCE, UNTIL
from tests.connection import Connection
from tests.faults import system as systems
from tests.faults.answers import METRICS, Answers
from tests.faults.system import System
from tests.reference import evaluate, read
from tests.reference.discussion import Discussion


async def weeks_equal_the_reference(system: System, sample: Sample) -> list[str]:
    """Return which metrics differ from what an independent reading of one organisation's statements gives."""
    discussion = read(sample.statements)
    async with systems.connect(system) as http:
        answers = Answers(system, http, SINCE, UNTIL)
        return [metric for metric in METRICS if not await _as_evaluated(answers, metric, discussion)]


async def _as_evaluated(answers: Answers, metric: str, discussion: Discussion) -> bool:
    rows = await answers.rows(metric, "week")
    expected = evaluate(
        discussion,
        metric=metric,
        bucket="week",
        since=SINCE,
        until=UNTIL,
        now=datetime.now(UTC),
    )
    return rows == expected


async def weeks_equal_the_truth(port: int, truths: Iterable[Json]) -> list[str]:
    """Return which counts differ from those of all organisations together, which share nobody."""
    told: dict[str, Counter[str]] = {}
    for truth in truths:
        for week, counts in truth["weeks"].items():
            told.setdefault(week, Counter()).update(counts)
    differing: list[str] = []
    connection, window = Connection(port), {"since": SINCE.isoformat(), "until": UNTIL.isoformat(), "bucket": "week"}
    for metric in ("threads", "posts", "replies", "participants"):
        answer = await connection.request("GET", f"/api/v1/metrics/discussion.{metric}?{urlencode(window)}")
        values = [row["value"] for row in orjson.loads(answer.content)["rows"]]
        if values != [counts[metric] for counts in told.values()]:
            differing.append(f"{metric}: {values}")
    connection.close()
    return differing
