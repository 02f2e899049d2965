"""A released table as it is kept in memory: as it was at the last release, and never two releases in one."""

import dataclasses
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pytest

from lrs.core.analytics.groups import ReleasedGroups, ReleasedTables
from lrs.core.analytics.guard import Reason
from lrs.core.analytics.released import packed, released_week
from lrs.core.analytics.releaser import table_name
from lrs.core.analytics.resolved import directory
from lrs.core.analytics.windows import Window, week_of
from lrs.core.people.identity import Identity, Membership
from lrs.plugin import Act, Column, code
from lrs.plugin.loader import load_plugins
from lrs.store.connection import Client
from lrs.store.positions import Position
from lrs.store.stores import Store
from tests.core.analytics.samples import DAY, MONDAY, WEEK, act, acts, table, week

COLUMNS: dict[str, Column] = {"words": "number"}
PLUGIN = dataclasses.replace(load_plugins()["discussion"], name="p", columns=COLUMNS)
COURSES = {code(name): name for name in ("c:1", "c:2")}
WHO = Identity(memberships={"team": {f"p{n}": (Membership("A"),) for n in range(3)}})
UTC_ZONE = ZoneInfo("UTC")


@dataclasses.dataclass
class Table:
    """The released table of a plugin in a store, written to as the releaser does."""

    store: Store
    client: Client
    releases: int = 0
    generation: int = 1

    @property
    def position(self) -> Position:
        return Position(generation=self.generation, seq=self.releases)

    async def release(self, told: Sequence[Act], *weeks: Window) -> None:
        """Release acts of some weeks."""
        self.releases += 1
        await self.put(told, *weeks)
        moved = {"generation": self.generation, "seq": self.releases}
        await self.store.positions.ask(table_name("p"), moved)

    async def put(self, told: Sequence[Act], *weeks: Window) -> None:
        """Put acts into the table without any word of it."""
        async with self.client.start_session() as session, await session.start_transaction():
            for each in weeks or [week(0)]:
                inside = table([act for act in told if act.t in each], COLUMNS)
                cells = packed(released_week(inside, PLUGIN, directory(WHO), COURSES))
                await self.store.released.replace_week("p", self.generation, each.start, cells, session)

    async def asked(
        self, tables: ReleasedTables, *weeks: Window, partition: str = "course", looks_back: bool = False
    ) -> ReleasedGroups:
        kept = tables.of(self.store, PLUGIN, self.position)
        found = await kept.groups(partition, weeks or [week(0)], looks_back, 5)
        assert found is not None
        return found


@pytest.fixture
async def released(store: Store, client: Client) -> Table:
    return Table(store, client)


def ids(told: Sequence[Act]) -> list[str]:
    return [each.id for each in sorted(told, key=lambda each: (each.t, each.id))]


async def test_a_group_has_its_acts_and_everybody_all_of_them(released: Table) -> None:
    first, other, none = acts(6, course="c:1"), acts(5, named="q", course="c:2"), [act("z", DAY)]
    await released.release(first + other + none)

    groups = await released.asked(ReleasedTables())

    assert groups.names([week(0)]) == ["c:1", "c:2"]
    assert groups.names([week(1)]) == []
    assert groups.acts("c:1", [week(0)])["id"].to_list() == ids(first)
    assert groups.acts("c:2", [week(0)])["id"].to_list() == ids(other)
    assert groups.acts("c:3", [week(0)]).equals(table([], COLUMNS))
    assert groups.of_all([week(0)])["id"].to_list() == ids(first + other + none)


async def test_a_group_in_which_nothing_counts_is_not_told_of(released: Table) -> None:
    await released.release([*acts(6, course="c:1"), *acts(6, named="reader", course="c:2", contributes=False)])

    assert (await released.asked(ReleasedTables())).names([week(0)]) == ["c:1"]


async def test_several_weeks_come_by_time(released: Table) -> None:
    told = [*acts(5, course="c:1", after=WEEK), *acts(6, course="c:1")]
    await released.release(told, week(0), week(1))

    groups = await released.asked(ReleasedTables(), week(0), week(1), week(2))

    assert groups.acts("c:1", [week(0), week(1), week(2)])["id"].to_list() == ids(told)
    assert groups.of_all([week(1)])["id"].to_list() == ids(told[:5])


async def test_a_withheld_week_has_no_acts(released: Table) -> None:
    told = [*acts(6, course="c:1"), *acts(4, course="c:1", after=WEEK)]
    await released.release(told, week(0), week(1))

    groups = await released.asked(ReleasedTables(), week(0), week(1))

    assert groups.withheld == {("c:1", week(1)): Reason.TOO_FEW_PEOPLE}
    assert groups.acts("c:1", [week(0), week(1)])["id"].to_list() == ids(told[:6])
    assert len(groups.of_all([week(0), week(1)])) == 10


async def test_what_was_released_before_counts_only_where_it_is_looked_back_to(released: Table) -> None:
    before, inside = acts(5, course="c:1", after=-9 * WEEK), acts(5, course="c:1")
    await released.release(before + inside, week(-9), week(0))
    tables = ReleasedTables()

    back = await released.asked(tables, looks_back=True)

    assert back.weeks == [week(-9), week(0)]
    assert back.acts("c:1", back.weeks)["id"].to_list() == ids(before + inside)
    assert (await released.asked(tables)).weeks == [week(0)]


async def test_weeks_that_are_looked_back_to_are_those_of_the_stores_time_zone(store: Store, client: Client) -> None:
    auckland = ZoneInfo("Pacific/Auckland")
    released = Table(dataclasses.replace(store, timezone="Pacific/Auckland"), client)
    before, inside = week_of(MONDAY, auckland), week_of(MONDAY + 2 * WEEK, auckland)
    await released.release([*acts(5, course="c:1"), *acts(5, course="c:1", after=2 * WEEK)], before, inside)

    assert (await released.asked(ReleasedTables(), inside, looks_back=True)).weeks == [before, inside]


async def test_what_is_kept_is_not_read_again_until_something_is_released(released: Table) -> None:
    await released.release(acts(6, course="c:1"))
    tables = ReleasedTables()
    assert len((await released.asked(tables)).of_all([week(0)])) == 6

    await released.put(acts(9, course="c:1"))
    assert len((await released.asked(tables)).of_all([week(0)])) == 6

    await released.release(acts(2, course="c:1", after=WEEK), week(1))
    assert len((await released.asked(tables)).of_all([week(0)])) == 9
    assert len((await released.asked(tables, week(1))).of_all([week(1)])) == 2


async def test_another_table_is_read_anew(released: Table) -> None:
    await released.release(acts(6, course="c:1"))
    tables = ReleasedTables()
    await released.asked(tables)
    released.generation = 2
    await released.release(acts(7, course="c:1"))

    assert len((await released.asked(tables)).of_all([week(0)])) == 7


async def test_partitions_are_read_one_by_one_and_point_into_the_same_acts(released: Table) -> None:
    told = [*acts(6, course="c:1"), *acts(3, after=DAY)]
    await released.release(told)
    tables = ReleasedTables()
    await released.asked(tables)

    groups = await released.asked(tables, partition="team")

    team = [each for each in told if each.actor in ("p0", "p1", "p2")]
    assert groups.withheld == {("A", week(0)): Reason.TOO_FEW_PEOPLE}
    assert groups.everybody[week(0)][groups.cells["A", week(0)].positions]["id"].to_list() == ids(team)


async def test_cells_of_a_release_are_never_laid_over_acts_of_the_one_before(released: Table) -> None:
    await released.release(acts(4, course="c:1"))
    tables = ReleasedTables()
    kept = tables.of(released.store, PLUGIN, released.position)
    assert await kept.groups("course", [week(0)], False, 5) is not None

    await released.release(acts(9, named="earlier") + acts(4, after=DAY))

    assert await kept.groups("team", [week(0)], False, 5) is None
    assert (await released.asked(tables, partition="team")).cells["A", week(0)].n_acts == 3


async def test_tables_are_given_up_those_first_that_were_not_asked_for_longest(store: Store, client: Client) -> None:
    tables = ReleasedTables(most_bytes=1)
    some = [Table(dataclasses.replace(store, name=name), client) for name in ("one", "other")]
    for each in some:
        await each.release(acts(6, course="c:1"))
        await each.asked(tables)
    await some[0].asked(tables)

    tables.limit()

    kept = [tables.of(each.store, PLUGIN, each.position).size() for each in some]
    assert kept[0] > 0
    assert kept[1] == 0
