"""Everything that a generated organisation's people did toward one another is found, or its sender doesn't tell it."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from lrs.cli.sample import Mix, Sample, generate
from lrs.store.stores import Stores
from tests import truth
from tests.telling import Telling

BATCH = 500
MUCH = Mix(voids=0.025, deletes=0.025, undone=0.3, early_replies=0.1, late=0.02, unseen_starts=0.05)
ORGANISATIONS = {"50 people": (50, 3_000), "5,000 people": (5_000, 15_000)}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@dataclass(frozen=True)
class Found:
    """A sample, and what the normaliser made of it when it was read in its order of arrival."""

    sample: Sample
    records: list[dict[str, Any]]


@pytest.fixture(scope="module", params=list(ORGANISATIONS.values()), ids=list(ORGANISATIONS))
async def found(request: pytest.FixtureRequest, stores: Stores) -> AsyncIterator[Found]:
    people, statements = request.param
    sample = generate(people=people, statements=statements, seed=5, mix=MUCH)
    async with Telling.to_a_new_store(stores) as telling:
        await telling.read([sample.statements[n : n + BATCH] for n in range(0, statements, BATCH)])
        yield Found(sample, list((await telling.interactions()).values()))


def test_every_act_is_found_as_far_as_its_sender_tells_it(found: Found) -> None:
    wrong = list(truth.wrong(found.sample.truth.interactions, found.records))
    assert wrong == [], Counter((each.kind, each.field) for each in wrong)
    assert len(found.records) > 0.8 * len(found.sample.statements)


def test_what_is_not_found_has_its_reason(found: Found) -> None:
    reasons = truth.hidden(found.sample.truth.interactions)
    print("\nnot to be found:", *(f"{number} x {field}: {why}" for (field, why), number in reasons.items()), sep="\n  ")
    by_reason: Counter[str] = Counter()
    for (_, why), number in reasons.items():
        by_reason[why] += number
    assert {"parent_dropped", "starter_never_seen", "parent_voided", "unvote_invisible"} <= by_reason.keys()
    targets = sum(number for (field, _), number in reasons.items() if field == "target")
    told = sum(act["target"] is not None for acts in found.sample.truth.interactions.values() for act in acts)
    assert targets < 0.25 * told


def test_every_thread_is_the_tree_that_its_sender_tells(found: Found) -> None:
    assert truth.trees(found.records) == truth.told_trees(found.sample.truth.as_dict())


def test_every_cascade_has_its_size_depth_and_breadth(found: Found) -> None:
    cascades = truth.cascades(found.records)
    assert cascades == found.sample.truth.cascades
    assert max(each["depth"] for each in cascades.values()) > 1


def test_every_mentoring_pair_is_found_with_its_sessions(found: Found) -> None:
    pairs = truth.pairs(found.records)
    assert sorted(pairs, key=str) == sorted(found.sample.truth.mentoring_pairs, key=str)
    assert len(pairs) > 3


def test_the_comparison_can_fail(found: Found) -> None:
    first = next(index for index, each in enumerate(found.records) if each["target"] is not None)
    changed = [*found.records[:first], found.records[first] | {"target": None}, *found.records[first + 1 :]]
    assert [each.field for each in truth.wrong(found.sample.truth.interactions, changed)] == ["target"]
    assert len(list(truth.wrong(found.sample.truth.interactions, found.records[1:]))) == 1
