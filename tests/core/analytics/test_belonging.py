"""Who belonged where: as it was in the past that is released, until enough people differ."""

from datetime import datetime

import polars as pl

from lrs.core.analytics.belonging import renewed_members, unpacked_members
from lrs.core.analytics.released import packed_table
from lrs.core.analytics.resolved import Directory, directory
from lrs.core.analytics.windows import Window
from lrs.core.people.identity import Identity, Membership
from lrs.plugin import code
from tests.core.analytics.samples import WEEK, week

K, UNTIL = 5, week(1).start
PEOPLE = "abcdefgh"


def known(groups: dict[str, str], persons: dict[str, str] | None = None, since: datetime | None = None) -> Directory:
    """A directory in which people are in these departments, for ever or since a time."""
    belonging = Membership if since is None else lambda group: Membership(group, since)
    members = {person: (belonging(group),) for person, group in groups.items()}
    return directory(Identity(persons=persons or {}, memberships={"department": members}))


def roster(members: pl.DataFrame, group: str, of: Window) -> set[str]:
    """Who belongs to a department at some time of a week, by their names."""
    names = {code(name): name for name in (*PEOPLE, "Ann")}
    found = Directory(
        agents=pl.DataFrame(), opted_out=pl.Series(), everybody=None, memberships=members, groups={}
    ).rosters("department", of)
    return {names[person] for person in found.get(code(group), [])}


ALL_NORTH = dict.fromkeys(PEOPLE, "North")


def moved(*people: str) -> dict[str, str]:
    return {**ALL_NORTH, **dict.fromkeys(people, "South")}


def test_at_first_everybody_belongs_where_it_is_known_by_now() -> None:
    who = known(ALL_NORTH)

    assert renewed_members(None, who, UNTIL, K).equals(who.memberships)


def test_few_who_turn_out_to_have_been_elsewhere_were_there_before_and_are_there_from_now_on() -> None:
    found = renewed_members(known(ALL_NORTH).memberships, known(moved("a", "b")), UNTIL, K)

    assert (roster(found, "North", week(0)), roster(found, "South", week(0))) == (set(PEOPLE), set())
    assert (roster(found, "North", week(1)), roster(found, "South", week(1))) == (set(PEOPLE[2:]), set(PEOPLE[:2]))


def test_k_people_belong_where_it_is_known_by_now_and_those_before_count_with_them() -> None:
    few = renewed_members(known(ALL_NORTH).memberships, known(moved("a", "b")), UNTIL, K)
    enough = renewed_members(few, known(moved(*"abcde")), UNTIL + WEEK, K)

    assert roster(enough, "South", week(0)) == set("abcde")


def test_one_who_joins_later_changes_nothing_of_the_past() -> None:
    who = directory(
        Identity(memberships={"department": {"a": (Membership("North"),), "b": (Membership("North", UNTIL),)}})
    )
    found = renewed_members(known({"a": "North"}).memberships, who, UNTIL, K)

    assert (roster(found, "North", week(0)), roster(found, "North", week(1))) == ({"a"}, {"a", "b"})


def test_an_account_that_turns_out_to_be_somebodys_is_no_other() -> None:
    found = renewed_members(known(ALL_NORTH).memberships, known({**ALL_NORTH, "Ann": "North"}, {"a": "Ann"}), UNTIL, K)

    assert roster(found, "North", week(0)) >= set("bcdefgh") | {"Ann"}


def test_memberships_come_back_as_they_were() -> None:
    members = known(moved("a")).memberships

    assert unpacked_members(None) is None
    found = unpacked_members(packed_table(members))
    assert found is not None
    assert found.equals(members)
