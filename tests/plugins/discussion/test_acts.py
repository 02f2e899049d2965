import pytest

from lrs import kit
from lrs.plugin import Act
from plugins.discussion import plugin
from plugins.discussion.acts import COLUMNS, KINDS, coverage
from tests.plugins.discussion.samples import reply, start, told, view

START = start("anna")
REPLY = reply("ben", 10, START)


def test_only_what_people_write_and_open_is_consumed() -> None:
    assert {"create", "ask", "reply", "comment", "answer", "view"} == KINDS


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("state", ["voided", "superseded", "undone"])
def test_what_never_happened_was_taken_back_or_repeats_another_is_no_act(kind: str, state: str) -> None:
    assert told(kind, on_thread=True, state=state) is None


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_was_deleted_stays_what_it_was(kind: str) -> None:
    assert told(kind, on_thread=True, state="deleted") == told(kind, on_thread=True) is not None


@pytest.mark.parametrize("act", [START, REPLY, view("cleo", 20, "t", "t")])
def test_every_value_of_an_act_has_a_column(act: Act) -> None:
    assert act.detail.keys() <= COLUMNS.keys()


def test_coverage_tells_which_share_of_replies_has_an_addressee_and_a_true_parent() -> None:
    replies = [
        REPLY,
        reply("anna", 11, START),
        reply("ben", 12, START, target=None, target_status="pending", parent_known=False),
        reply("ben", 13, START, target=None, target_status=None, parent_known=False),
    ]

    acts = kit.scope(plugin, [START, *replies, view("cleo", 20, "t", "t")]).acts

    assert coverage(acts) == {"targets_resolved": 0.5, "parents_known": 0.5}


def test_without_replies_there_is_nothing_to_cover() -> None:
    assert coverage(kit.scope(plugin, [START]).acts) == {"targets_resolved": None, "parents_known": None}
