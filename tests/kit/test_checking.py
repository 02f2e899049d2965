"""The kit on a plugin that keeps the contract, and on plugins that each break it in one way."""

import dataclasses
from collections.abc import Callable
from datetime import timedelta

import pytest

from lrs import kit
from lrs.plugin import Act, Change, Column, Config, Number, Plugin, Scope
from plugins.discussion import plugin as discussion
from tests.reference.samples import (
    COURSE,
    HAND_THREAD,
    MOODLE_HAND_THREAD,
    activity,
    edx_reply,
    edx_thread,
    reply,
    statement,
    thread,
    void,
)

HEX = "64abcdfee68f35002fd013c6"
CONVERSATION = [
    *HAND_THREAD,
    *[{**each, "id": f"00000000-0000-4000-8000-1{each['id'][-11:]}"} for each in MOODLE_HAND_THREAD],
    edx_thread(101, "a", 0, HEX, "question"),
    edx_reply(102, "b", 20, HEX),
    reply(103, "h", 45, "p:H", "t:A"),
    void(104, 103),
    thread(105, "f", 7 * 24 * 60, "t:F", course="c:1"),
    reply(106, "g", 7 * 24 * 60 + 30, "p:G", "t:F", course="c:1"),
]
FEW = HAND_THREAD[:5]


def test_the_shipped_plugin_gives_the_same_for_every_feed(mongodb_url: str) -> None:
    kit.check(discussion, CONVERSATION, mongodb_url=mongodb_url)


def test_statements_without_ids_and_timestamps_get_some_and_a_private_mongodb_is_started() -> None:
    bare = [{name: value for name, value in each.items() if name not in ("id", "timestamp", "stored")} for each in FEW]

    kit.check(discussion, bare, config={"grace_hours": 1})


COLUMNS: dict[str, Column] = {**discussion.columns, "number": "number"}


def wrong(apply: Callable[[Change, Config], Act | None]) -> Plugin:
    posts = tuple(metric for metric in discussion.metrics if metric.id == "posts")
    return dataclasses.replace(discussion, name="wrong", apply=apply, columns=COLUMNS, metrics=posts)


def by_arrival(change: Change, config: Config) -> Act | None:
    """Depends on the order in which statements arrive."""
    act = discussion.apply(change, config)
    return act and dataclasses.replace(act, detail={**act.detail, "number": change.seq})


def never_void(change: Change, config: Config) -> Act | None:
    """Keeps what was voided."""
    return discussion.apply(_as_if_live(change, "voided"), config)


def _as_if_live(change: Change, state: str) -> Change:
    seen = change.interaction
    return change._replace(interaction={**seen, "state": "live"}) if seen["state"] == state else change


def twice(change: Change, config: Config) -> Act | None:
    """Counts what is told twice."""
    return discussion.apply(_as_if_live(change, "superseded"), config)


def changing(change: Change, config: Config) -> Act | None:
    """Changes what it is given."""
    change.interaction["detail"] = 1  # type: ignore[index]
    return discussion.apply(change, config)


def renaming(change: Change, config: Config) -> Act | None:
    """Calls its acts by names of its own."""
    act = discussion.apply(change, config)
    return act and dataclasses.replace(act, id="mine")


def moving(change: Change, config: Config) -> Act | None:
    """Puts its acts at another time."""
    act = discussion.apply(change, config)
    return act and dataclasses.replace(act, t=act.t + timedelta(days=1))


def wordy(change: Change, config: Config) -> Act | None:
    """Keeps what it has no column for."""
    act = discussion.apply(change, config)
    return act and dataclasses.replace(act, detail={**act.detail, "text": "how is that?"})


def failing(change: Change, config: Config) -> Act | None:
    raise ValueError("too much")


@pytest.mark.parametrize(
    ("apply", "words"),
    [
        (by_arrival, ["does not stand the feed", "number is", "recomputed"]),
        (never_void, ["feed 'voided", "should not be there", "recomputed "]),
        (twice, ["feed 'repeated'", "should not be there"]),
        (changing, ["apply has changed the interaction"]),
        (renaming, ["is called 'mine'"]),
        (moving, ["is at 2026-03-", "its interaction at"]),
        (wordy, ["'text' is none of the plugin's columns: "]),
        (failing, ["ValueError: too much", "stops in the feed"]),
    ],
)
def test_a_plugin_that_breaks_the_contract_is_told_where_and_how(
    apply: Callable[[Change, Config], Act | None], words: list[str], mongodb_url: str
) -> None:
    with pytest.raises(AssertionError) as told:
        kit.check(wrong(apply), FEW, mongodb_url=mongodb_url)

    assert [each for each in words if each not in str(told.value)] == []


def test_a_value_outside_its_range_is_told_with_its_scope(mongodb_url: str) -> None:
    (posts,) = (metric for metric in discussion.metrics if metric.id == "posts")
    posts = dataclasses.replace(posts, compute=lambda scope: Number(-len(scope.acts)))

    with pytest.raises(AssertionError, match=r"discussion.posts over the whole is -5, outside its range \(0, None\)"):
        kit.check(dataclasses.replace(discussion, metrics=(posts,)), FEW, mongodb_url=mongodb_url)


def test_a_metric_that_takes_a_roster_for_granted_is_asked_without_one(mongodb_url: str) -> None:
    def silent(scope: Scope) -> Number:
        assert scope.roster is not None or scope.acts.is_empty(), "who is silent?"
        return Number(None)

    (rate,) = (metric for metric in discussion.metrics if metric.id == "unanswered_rate")
    trusting = dataclasses.replace(discussion, metrics=(dataclasses.replace(rate, compute=silent),))

    with pytest.raises(AssertionError, match=r"who is silent\?"):
        kit.check(trusting, FEW, mongodb_url=mongodb_url)


def test_a_coverage_that_is_no_share_is_told(mongodb_url: str) -> None:
    odd = dataclasses.replace(discussion, coverage=lambda posts: {"known": float(len(posts)) or None})

    with pytest.raises(AssertionError, match=r"coverage known is 5.0, outside its range \(0, 1\)"):
        kit.check(odd, FEW, mongodb_url=mongodb_url)


def test_statements_that_mean_nothing_to_the_plugin_prove_nothing(mongodb_url: str) -> None:
    about = statement(1, "a", "http://id.tincanapi.com/verb/viewed", activity("t:A", COURSE), 0)

    with pytest.raises(AssertionError, match="none of the statements became an act of discussion"):
        kit.check(discussion, [about], mongodb_url=mongodb_url)


def test_a_statement_that_can_not_be_stored_is_told(mongodb_url: str) -> None:
    with pytest.raises(AssertionError, match=r"a statement can't be stored: .*actor"):
        kit.check(discussion, [{"verb": {"id": "x:y"}}], mongodb_url=mongodb_url)
