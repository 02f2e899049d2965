"""Which interactions are ties."""

from typing import Any

import pytest

from lrs import kit
from lrs.kit.interactions import MONDAY
from lrs.plugin import Act
from lrs.plugin.frames import frame
from lrs.plugin.spec import TIES
from plugins.network import plugin
from tests.plugins.network.samples import DAY

ANN, BEN = "mbox:mailto:ann@example.org", "mbox:mailto:ben@example.org"
TOWARD_BEN = {"target": BEN, "target_type": "person", "target_status": "resolved"}


def read(kind: str, *, passive: tuple[str, ...] = ("view",), **told: Any) -> Act | None:
    return plugin.apply(kit.change(kind, **{**TOWARD_BEN, **told}), {"passive_kinds": passive})


def kept(kind: str, **told: Any) -> Act:
    act = read(kind, **told)
    assert act is not None
    return act


def test_the_plugin_keeps_the_contract() -> None:
    kit.check_contract(plugin)


def test_its_acts_are_what_the_network_is_made_of() -> None:
    assert plugin.ties
    assert TIES.items() <= plugin.columns.items()


@pytest.mark.parametrize("kind", sorted(plugin.kinds))
def test_every_kind_toward_another_person_is_a_tie(kind: str) -> None:
    act = kept(kind, course_id="c:1", weight=0.25)

    assert (act.actor, act.target, act.course, act.t) == (ANN, BEN, "c:1", MONDAY)
    assert act.detail == {"kind": kind, "weight": 0.25, "ended": None}
    assert act.contributes is (kind != "view")


def test_which_kinds_are_passive_is_a_setting() -> None:
    assert kept("view", passive=()).contributes
    assert not kept("react", passive=("react",)).contributes


def test_what_ends_something_is_no_tie() -> None:
    assert not plugin.kinds & {"unfollow", "leave", "delete"}
    assert read("react", value={"undo": True}) is None


@pytest.mark.parametrize("status", ["self", "pending", "unresolvable", None])
def test_without_another_person_there_is_no_tie(status: str | None) -> None:
    assert read("reply", target_status=status) is None


def test_whom_the_thing_leads_to_is_another_person_though_the_statement_names_nobody() -> None:
    assert kept("reply", target_type=None, target_via="parent").target == BEN
    assert kept("react", target_type=None, target_via="object").target == BEN


def test_a_group_that_is_addressed_as_one_is_nobody() -> None:
    assert read("message", target_type="group") is None


def test_what_never_happened_and_what_is_told_once_more_are_no_ties() -> None:
    assert read("reply", state="voided") is None
    assert read("reply", state="superseded") is None


def test_a_deleted_post_still_ties_and_a_reaction_on_it_until_then() -> None:
    assert kept("reply", state="deleted", state_t=MONDAY + DAY).detail["ended"] is None
    assert kept("react", state="deleted", state_t=MONDAY + DAY).detail["ended"] == MONDAY + DAY


def test_what_was_taken_back_ties_until_then() -> None:
    assert kept("follow", state="undone", state_t=MONDAY + DAY).detail["ended"] == MONDAY + DAY


def test_coverage_tells_how_much_was_aimed_at_one_person() -> None:
    weights = (1.0, 1.0, 0.5, 0.5)
    acts = [kept("message", _id=f"m:{number}", weight=weight) for number, weight in enumerate(weights)]

    assert plugin.coverage(frame(acts, plugin.columns)) == {"addressed_singly": 0.5}
    assert plugin.coverage(frame([], plugin.columns)) == {"addressed_singly": None}
