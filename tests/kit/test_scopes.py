"""Scopes of one's own making, and what a metric can ask of them."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from lrs import kit
from lrs.kit.interactions import MONDAY
from lrs.plugin import Act, Column, Place, Scope, code
from plugins.discussion import plugin as discussion

COLUMNS: dict[str, Column] = {"words": "number"}
PLUGIN = dataclasses.replace(discussion, columns=COLUMNS, default_window=timedelta(days=28))
DAY = timedelta(days=1)


def act(who: str, after: timedelta = timedelta(), **told: object) -> Act:
    return Act(id=f"{who} {after}", t=MONDAY + after, actor=who, **told)  # type: ignore[arg-type]


def test_a_scope_lasts_for_the_plugins_own_window_from_a_monday_on() -> None:
    made = kit.scope(PLUGIN, [act("ann")])

    assert (made.since, made.until, made.as_of) == (MONDAY, MONDAY + 28 * DAY, MONDAY + 28 * DAY)
    assert made.config == PLUGIN.defaults
    assert (made.roster, made.place, len(made.early), len(made.memberships)) == (None, None, 0, 0)


def test_acts_are_the_groups_and_everybodys_by_time() -> None:
    made = kit.scope(PLUGIN, [act("ben", DAY, detail={"words": 3}), act("ann")], others=[act("cem", DAY / 2)])

    assert made.acts["actor"].to_list() == [code("ann"), code("ben")]
    assert made.acts["words"].to_list() == [None, 3]
    assert made.store["actor"].to_list() == [code("ann"), code("cem"), code("ben")]


def test_everything_else_is_told_by_name() -> None:
    until = MONDAY + 7 * DAY
    made = kit.scope(
        PLUGIN,
        [],
        since=MONDAY - DAY,
        until=until,
        as_of=MONDAY,
        early=[act("ann", -2 * DAY)],
        roster=["ann", "ben"],
        memberships=[
            {"person": "ann", "kind": "team", "group": "A"},
            {"person": "ben", "kind": "programme", "group": "M", "role": "mentor", "partner": "ann", "until": until},
        ],
        place=("team", "A"),
        config={"grace_hours": 1},
    )

    assert (made.since, made.until, made.as_of) == (MONDAY - DAY, until, MONDAY)
    assert made.early["actor"].to_list() == [code("ann")]
    assert made.roster is not None
    assert made.roster.to_list() == [code("ann"), code("ben")]
    assert made.place == Place("team", code("A"))
    assert made.config == {**PLUGIN.defaults, "grace_hours": 1}
    ann, ben = made.memberships.to_dicts()
    assert (ann["person"], ann["group"], ann["role"], ann["partner"]) == (code("ann"), code("A"), None, None)
    assert ann["since"] < datetime(1900, 1, 1, tzinfo=UTC) < datetime(2900, 1, 1, tzinfo=UTC) < ann["until"]
    assert (ben["kind"], ben["role"], ben["partner"], ben["until"]) == ("programme", "mentor", code("ann"), until)


def test_a_value_that_is_no_column_is_told() -> None:
    with pytest.raises(ValueError, match="'word' is none of the plugin's columns: words"):
        kit.scope(PLUGIN, [act("ann", detail={"word": 3})])


def test_what_follows_is_everybodys_on_what_the_group_has_opened() -> None:
    opened = MONDAY + DAY
    made = kit.scope(
        PLUGIN,
        [act("ann", DAY, subject="s", opens=True), act("ann", 2 * DAY, subject="t")],
        others=[
            act("ben", 3 * DAY, subject="s"),
            act("ben", DAY, subject="u", opens=True),
            act("cem", 9 * DAY, subject="s"),
        ],
        early=[act("dee", -DAY, subject="s", subject_t=opened), act("dee", -2 * DAY, subject="u")],
        as_of=MONDAY + 9 * DAY,
    )

    assert made.following()["id"].to_list() == [act("dee", -DAY).id, act("ann", DAY).id, act("ben", 3 * DAY).id]


def test_what_is_computed_once_is_of_everybody_and_shared_by_all_groups_of_a_span() -> None:
    asked: list[Scope] = []

    def everybodys(scope: Scope) -> int:
        asked.append(scope)
        return len(scope.acts)

    made = kit.scope(PLUGIN, [act("ann")], others=[act("ben")], roster=["ann"], place=("team", "A"))
    other = dataclasses.replace(made, acts=made.acts.clear(), place=Place("team", code("B")))

    assert [made.once(everybodys), made.once(everybodys), other.once(everybodys)] == [2, 2, 2]
    assert [(each.place, each.roster) for each in asked] == [(None, None)]
    assert kit.scope(PLUGIN, [act("ann")]).once(everybodys) == 1
