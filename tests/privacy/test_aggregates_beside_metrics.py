"""Statements counted by department, beside the metrics of plugins: what one withholds, the other does not give away.

Every statement here is an act of one of the plugins, and the attacker knows it: so a department's statements are the
sum of its acts, and replies are what `discussion.replies` counts.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest

from lrs.core.people.identities import Identities
from lrs.store.stores import Stores
from tests.api.counted import Known
from tests.privacy.aggregates import Asked
from tests.privacy.attacked import truth_of
from tests.privacy.attacker import WHOLE, Guarded, K, Place
from tests.privacy.conftest import SIZES
from tests.privacy.equations import Equation, determined
from tests.privacy.organisation import Organisation, organisation
from tests.reference.samples import REPLIED

ACTS = ("discussion.posts", "sharing.shares", "mentoring.sessions")  # each beside all acts of its plugin
WEEKLY = {**WHOLE, "bucket": "week"}

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Both:
    """An organisation, what its metrics tell, and what counting its statements tells."""

    of: Organisation
    metrics: dict[tuple[str, str | None], dict[Place, Any]]  # rows by metric and partition
    statements: dict[Place, Any]
    replies: dict[Place, Any]


@pytest.fixture(scope="module", params=SIZES[:3], ids=lambda sizes: "-".join(map(str, sizes)))
async def both(stores: Stores, request: pytest.FixtureRequest) -> AsyncIterator[Both]:
    made = organisation(sum(request.param), request.param)
    async with Guarded.told(stores, made.people, made.statements) as telling:
        # They came when they happened.
        statements = telling.store.database["statements"]
        await statements.update_many({"stored": {"$exists": True}}, [{"$set": {"stored": "$timestamp"}}])
        metrics = {
            (metric, partition): dict((await telling.asked(metric, partition, WEEKLY)).rows)
            for metric in (*ACTS, "discussion.replies")
            for partition in (None, "department")
        }
        asking = Asked(telling.store, stores, Identities())
        yield Both(made, metrics, await _counted(asking), await _counted(asking, verb=REPLIED))


async def _counted(asking: Asked, **asked: str) -> dict[Place, Any]:
    found: dict[Place, Any] = {}
    for axes in ("week", "department,week"):
        for row in (await asking.answer(group_by=axes, **asked))["rows"]:
            found[row.get("department"), row["bucket"]["start"]] = row
    return found


def test_a_group_that_is_withheld_of_a_metric_is_not_counted(both: Both) -> None:
    withheld = {
        place
        for (_, partition), rows in both.metrics.items()
        for place, row in rows.items()
        if partition and row["suppressed"]
    }
    assert len(withheld) > 3
    for place in withheld:
        for counted in (both.statements, both.replies):
            assert place not in counted or counted[place]["count"] is None


def test_acts_and_statements_together_determine_no_acts_that_are_withheld(both: Both) -> None:
    truth = truth_of(both.of)
    groups = {str(place[0]) for place in both.metrics[ACTS[0], "department"]}
    equations = []
    for metric in ACTS:
        for partition in (None, "department"):
            for (group, week), row in both.metrics[metric, partition].items():
                if row["n_acts"] is not None and not row["suppressed"]:
                    of = groups if group is None else {group}
                    equations.append(_sum(of, [metric], week, row["n_acts"]))
    for (group, week), row in both.statements.items():
        if row["count"] is not None:
            equations.append(_sum(groups if group is None else {group}, ACTS, week, row["count"]))

    for (group, metric, week), total in determined(equations).items():
        row = both.metrics[metric, "department"].get((group, week))
        people = truth[metric, "department"].get((group, week), {}).get("n_people", 0)
        assert not total or (row is not None and not row["suppressed"]) or people >= K, (group, metric, week)


def _sum(groups: Any, metrics: Any, week: Any, total: float) -> Equation:
    return Equation(frozenset((group, metric, week) for group in groups for metric in metrics), Fraction(int(total)))


def test_replies_are_counted_of_no_group_whose_replies_are_withheld_beside_others(both: Both) -> None:
    known = Known(both.of.statements, both.of.people)
    truth = known.counted(["department", "week"], fits=lambda each: bool(each["verb"]["id"] == REPLIED))
    weeks = {week for _, week in both.replies}
    for week in weeks:
        told = both.metrics["discussion.replies", "department"]
        groups = {group for group, of in truth if of == week}
        shown = {
            group
            for group in groups
            if (told.get((group, week)) or {"value": None})["value"] is not None
            or (both.replies.get((group, week)) or {"count": None})["count"] is not None
        }
        people = set[str]().union(*(truth[group, week].people for group in groups - shown))
        assert not people or len(people) >= K, (week, groups - shown)
