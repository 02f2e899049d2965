"""A metric, a coverage and a table whose own code fails: the answer says whose fault it is."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from lrs.core.analytics import Analytics
from lrs.errors import PluginFailed
from lrs.plugin import Number
from lrs.plugin.loader import load_plugins
from lrs.store.stores import Stores
from tests.reference.samples import HAND_THREAD, MONDAY
from tests.telling import Telling, spread

DISCUSSION = load_plugins()["discussion"]
WHOLE = [("since", spread(MONDAY, 0)), ("until", spread(MONDAY, 7))]


@pytest.fixture(scope="module")
async def telling(stores: Stores) -> AsyncIterator[Telling]:
    async with Telling.to_a_new_store(stores) as made:
        await made.tell([HAND_THREAD])
        yield made


def raising(error: BaseException) -> Callable[[Any], Any]:
    def compute(told: Any) -> Any:
        raise error

    return compute


def counting(compute: Callable[[Any], Any]) -> Any:
    metrics = tuple(dataclasses.replace(each, compute=compute) for each in DISCUSSION.metrics)
    return dataclasses.replace(DISCUSSION, metrics=metrics)


@pytest.mark.parametrize(
    ("compute", "why"),
    [
        (raising(ValueError("of ann")), "ValueError in the plugin's own code"),
        (raising(SystemExit(3)), "SystemExit in the plugin's own code"),
        (raising(asyncio.CancelledError()), "CancelledError in the plugin's own code"),
        (lambda scope: 3, "TypeError in the plugin's own code"),
        (lambda scope: Number("3"), "TypeError in the plugin's own code"),  # type: ignore[arg-type]
        (lambda scope: Number(3, n=3, beside={"more": 3}), "TypeError in the plugin's own code"),  # type: ignore[dict-item]
    ],
)
async def test_a_metric_that_fails_is_named_with_its_plugin(
    telling: Telling, compute: Callable[[Any], Any], why: str
) -> None:
    analytics = Analytics({"discussion": counting(compute)}, min_group=1)

    with pytest.raises(PluginFailed) as failed:
        await analytics.metric(telling.store, "discussion.posts", WHOLE)

    told = failed.value.as_dict()
    assert (told["status"], told["what"], told["where"]) == (500, "the plugin discussion failed", "discussion.posts")
    assert str(told["why"]).startswith(why)
    assert "ann" not in str(told["why"])


@pytest.mark.parametrize("coverage", [raising(KeyError("x")), lambda acts: None, lambda acts: {"known": "all"}])
async def test_a_coverage_that_fails_is_named_with_its_plugin(telling: Telling, coverage: Callable[[Any], Any]) -> None:
    analytics = Analytics({"discussion": dataclasses.replace(DISCUSSION, coverage=coverage)}, min_group=1)

    with pytest.raises(PluginFailed, match="the plugin discussion failed") as failed:
        await analytics.metric(telling.store, "discussion.posts", WHOLE)

    assert failed.value.where == "discussion.coverage"
