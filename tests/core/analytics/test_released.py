from dataclasses import fields
from datetime import timedelta

from lrs.core.analytics.released import cells, packed, unpacked
from lrs.core.analytics.resolved import resolved
from lrs.core.people.identity import Identity, Membership
from lrs.core.runner import document
from lrs.plugin import Act
from lrs.store.released import Pack
from tests.core.analytics.samples import DAY, MONDAY, act

KNOWN = Identity(
    memberships={
        "team": {
            "ann": (Membership("A"), Membership("A", role="lead"), Membership("B", until=MONDAY + DAY)),
            "ben": (Membership("A", since=MONDAY + DAY),),
        },
        "role": {"ann": (Membership("A"),)},
        "programme": {"ann": (Membership("M"),)},
    }
)
ACTS = [
    act("ann", course="c:1", target="ben"),
    act("ann", DAY, course="c:1", target="ann"),
    act("ben", target="eve"),
    act("ben", DAY, target="ann", detail={"x": 1}, parties={"parent": "ann"}, subject="t", opens=True),
    act("eve", timedelta(hours=1)),
]


def test_an_act_is_in_its_course_and_once_in_each_of_its_actors_groups_at_its_time() -> None:
    found = {(each.partition, each.group): list(each.positions) for each in cells(ACTS, KNOWN)}

    assert found == {("course", "c:1"): [0, 1], ("team", "A"): [0, 1, 3], ("team", "B"): [0], ("role", "A"): [0, 1]}


def test_a_cell_counts_people_and_whom_they_aim_at_but_not_themselves() -> None:
    found = {(each.partition, each.group): each for each in cells(ACTS, KNOWN)}

    team = found["team", "A"]
    assert (team.n_people, team.n_targets, team.n_acts) == (2, 2, 3)


def test_acts_come_back_from_what_is_kept() -> None:
    parts = [each for each in packed(ACTS, KNOWN) if each["partition"] == "store"]

    assert unpacked(Pack(parts)) == ACTS
    assert unpacked(Pack(parts), [3, 4]) == ACTS[3:]


def test_no_field_of_an_act_is_lost_on_the_way_to_a_metric() -> None:
    told = Act(
        id="1",
        t=MONDAY,
        actor="ann",
        target="ben",
        parties={"parent": "ben"},
        course="c:1",
        subject="t",
        opens=True,
        detail={"x": 1},
    )
    assert all(getattr(told, each.name) not in (None, False, {}) for each in fields(Act))

    (resolved_act,) = resolved([document(told)], Identity())
    parts = [each for each in packed([told], KNOWN) if each["partition"] == "store"]

    assert [resolved_act, *unpacked(Pack(parts))] == [told, told]
