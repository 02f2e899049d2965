"""A view as it is kept in memory: whatever has changed, it is as the view is."""

import asyncio
import dataclasses
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

import polars as pl
import pytest

from lrs.core.analytics.tables import ViewTable, ViewTables
from lrs.core.packed import packed
from lrs.plugin import Act, Column, code
from lrs.plugin.loader import load_plugins
from lrs.store.connection import Client
from lrs.store.positions import Position
from lrs.store.stores import Store
from tests.core.analytics.samples import DAY, MONDAY, WEEK, act, table

COLUMNS: dict[str, Column] = {"words": "number", "parent": "person", "day": "number"}
PLUGIN = dataclasses.replace(load_plugins()["discussion"], name="p", columns=COLUMNS)
MOMENT = timedelta(milliseconds=1)


@dataclasses.dataclass
class View:
    """The view of a plugin in a store, written to as the runner does."""

    store: Store
    client: Client
    seq: int = 0
    generation: int = 0

    @property
    def position(self) -> Position:
        return Position(seq=self.seq, generation=self.generation)

    async def write(self, *acts: Act, gone: Sequence[Act] = ()) -> None:
        """Put acts into the view by one more change."""
        self.seq += 1
        await self.behind_ones_back(*acts, gone=gone)

    async def behind_ones_back(self, *acts: Act, gone: Sequence[Act] = ()) -> None:
        """Change acts so that only who reads them again knows."""
        documents = packed(acts, {each.id: each.t for each in gone}, self.seq, COLUMNS)
        async with self.client.start_session() as session, await session.start_transaction():
            await self.store.views.add("p", self.generation, documents, session)

    def table(self, tables: ViewTables) -> ViewTable:
        return tables.of(self.store, PLUGIN, self.position)

    async def asked(
        self, tables: ViewTables, since: datetime = MONDAY, until: datetime = MONDAY + WEEK
    ) -> pl.DataFrame:
        return await self.table(tables).between(self.position, since, until)

    async def words(self, tables: ViewTables, since: datetime = MONDAY, until: datetime = MONDAY + WEEK) -> list[float]:
        """The words of each act in a window, by time."""
        words: list[float] = (await self.asked(tables, since, until))["words"].to_list()
        return words


@pytest.fixture
async def view(store: Store, client: Client) -> View:
    await store.views.create("p", 0)
    return View(store, client)


def told(who: str, after: timedelta, words: float = 1.0, **more: object) -> Act:
    return act(who, after, detail={"words": words}, **more)


async def test_acts_come_whole_by_time_and_id_with_codes_for_persons_and_keys(view: View) -> None:
    first = Act(id="2", t=MONDAY, actor="b", target="c", course="c:1", subject="s", opens=True, contributes=False)
    other = Act(id="1", t=MONDAY, actor="a", subject_t=MONDAY + DAY, detail={"words": 3, "parent": "d", "day": 4})
    later = act("a", DAY)
    await view.write(later, first, other)

    found = await view.asked(ViewTables())

    assert found.equals(table([other, first, later], COLUMNS))
    assert found["id"].to_list()[:2] == ["1", "2"]
    assert found.schema == table([], COLUMNS).schema


async def test_a_window_holds_its_start_and_not_its_end(view: View) -> None:
    edges = [timedelta(), DAY - MOMENT, DAY, 2 * DAY - MOMENT, 2 * DAY]
    await view.write(*(told("a", each, n) for n, each in enumerate(edges)))
    tables = ViewTables()

    assert await view.words(tables, MONDAY, MONDAY + 2 * DAY) == [0, 1, 2, 3]
    assert await view.words(tables, MONDAY + MOMENT, MONDAY + 2 * DAY - MOMENT) == [1, 2]
    assert await view.words(tables, MONDAY + DAY, MONDAY + 2 * DAY + MOMENT) == [2, 3, 4]
    assert await view.words(tables, MONDAY + 5 * DAY, MONDAY + 6 * DAY) == []


async def test_what_was_read_is_not_read_again(view: View) -> None:
    await view.write(told("a", DAY), told("b", 2 * DAY))
    tables = ViewTables()
    await view.words(tables, MONDAY, MONDAY + 3 * DAY)
    await view.behind_ones_back(told("a", DAY, 9), told("c", 4 * DAY, 9))

    assert await view.words(tables, MONDAY + DAY, MONDAY + 2 * DAY) == [1]
    await view.write(told("b", 2 * DAY, 5))
    assert await view.words(tables) == [1, 5, 9]  # of days that were not read before, all are
    assert await view.words(ViewTables()) == [9, 5, 9]


async def test_a_changed_a_gone_a_revived_and_a_late_act_are_as_in_the_view(view: View) -> None:
    ann, ben = told("a", DAY), told("b", DAY)
    await view.write(ann, ben)
    tables = ViewTables()
    assert await view.words(tables) == [1, 1]

    await view.write(told("a", DAY, 2))
    assert await view.words(tables) == [2, 1]

    await view.write(gone=[ann])
    assert await view.words(tables) == [1]
    await view.write(gone=[ben])
    assert await view.words(tables) == []

    await view.write(told("a", DAY, 3))
    assert await view.words(tables) == [3]

    await view.write(told("c", DAY - MOMENT, 4), told("d", 3 * DAY, 5), told("e", -DAY, 6))
    assert await view.words(tables) == [4, 3, 5]
    assert await view.words(tables, MONDAY - WEEK) == [6, 4, 3, 5]


async def test_what_is_gone_before_it_was_read_or_never_was_there_is_not_there(view: View) -> None:
    await view.write(told("a", DAY), told("b", DAY))
    await view.write(gone=[act("a", DAY), act("nobody")])
    tables = ViewTables()

    assert await view.words(tables) == [1]
    await view.write(gone=[act("nobody")])
    assert await view.words(tables) == [1]


async def test_what_is_newer_than_the_position_is_right_also_when_it_is_read_once_more(view: View) -> None:
    await view.write(told("a", DAY))
    before = view.position
    await view.write(told("a", DAY, 2), told("b", DAY))
    tables = ViewTables()
    kept = tables.of(view.store, PLUGIN, before)

    assert len(await kept.between(before, MONDAY, MONDAY + WEEK)) == 2
    assert await view.words(tables) == [2, 1]
    assert len(await kept.between(before, MONDAY, MONDAY + WEEK)) == 2  # of somebody who was slow


async def test_another_view_or_plugin_is_read_anew(view: View) -> None:
    await view.write(told("a", DAY))
    tables = ViewTables()
    assert await view.words(tables) == [1]

    view.generation = 1
    await view.write(told("a", DAY, 2), told("b", 2 * DAY, 2))
    assert await view.words(tables) == [2, 2]

    other = dataclasses.replace(PLUGIN, columns={"words": "number"})
    found = await tables.of(view.store, other, view.position).between(view.position, MONDAY, MONDAY + WEEK)
    assert "parent" not in found.columns


async def test_days_are_given_up_those_first_that_were_not_asked_for_longest(view: View) -> None:
    await view.write(*(told("a", n * DAY) for n in range(5)))
    tables = ViewTables(most_bytes=10**9)
    await view.words(tables)
    await view.words(tables, MONDAY, MONDAY + DAY)
    one = view.table(tables).size() // 5
    tables.limit()
    await view.behind_ones_back(*(told("a", n * DAY, 9) for n in range(5)))
    assert await view.words(tables) == [1, 1, 1, 1, 1]

    few = ViewTables(most_bytes=3 * one)
    await view.behind_ones_back(*(told("a", n * DAY) for n in range(5)))
    await view.words(few)
    await view.words(few, MONDAY, MONDAY + DAY)
    few.limit()
    await view.behind_ones_back(*(told("a", n * DAY, 9) for n in range(5)))

    assert view.table(few).size() <= 3 * one
    assert await view.words(few) == [1, 9, 9, 1, 1]


async def test_days_of_the_store_that_was_not_asked_longest_go_first(view: View) -> None:
    await view.write(told("a", DAY))
    other = dataclasses.replace(view, store=dataclasses.replace(view.store, name="another"))
    every = ViewTables()
    await view.words(every)
    tables = ViewTables(most_bytes=view.table(every).size())
    for each in (view, other, view):
        await each.words(tables)

    tables.limit()

    assert view.table(tables).size() > 0
    assert other.table(tables).size() == 0


async def test_a_day_that_is_given_up_while_others_are_read_is_not_missed(view: View) -> None:
    await view.write(*(told("a", n * DAY) for n in range(6)))
    tables = ViewTables(most_bytes=0)
    await view.words(tables, MONDAY + DAY, MONDAY + 2 * DAY)
    await view.words(tables, MONDAY + 3 * DAY, MONDAY + 4 * DAY)

    asking = asyncio.create_task(view.words(tables))
    for _ in range(3):
        await asyncio.sleep(0.001)
        tables.limit()

    assert await asking == [1] * 6


async def test_who_leaves_while_changes_are_taken_in_spoils_nothing(view: View) -> None:
    await view.write(*(told("a", n * DAY) for n in range(5)))
    tables = ViewTables()
    await view.words(tables)
    for turn in range(20):
        await view.write(told("a", DAY, turn), *(told(f"b{turn} {n}", DAY) for n in range(200)))
        leaving = asyncio.create_task(view.words(tables))
        await asyncio.sleep(turn * 0.0005)  # in the midst of it, once or twice
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)

        assert await view.words(tables) == await view.words(ViewTables())


async def test_acts_before_their_subjects_are_found_in_the_window_of_the_subject(view: View) -> None:
    opened = MONDAY + DAY
    await view.write(
        told("a", DAY, 1, subject="s", opens=True, subject_t=opened),
        told("b", -DAY, 2, subject="s", subject_t=opened),
        told("c", DAY / 2, 3, subject="s", subject_t=opened),
        told("d", 2 * DAY, 4, subject="s", subject_t=opened),
        told("e", -DAY, 5, subject="t", subject_t=MONDAY - MOMENT),
        told("f", -DAY, 6, subject="u", subject_t=opened),
    )
    await view.write(gone=[act("f", -DAY)])

    found = await view.table(ViewTables()).early(view.position, MONDAY, MONDAY + WEEK)

    assert found["words"].to_list() == [2, 3]


async def test_the_first_act_from_a_time_on_is_found_whatever_is_gone(view: View) -> None:
    gone = told("b", 3 * DAY)
    await view.write(told("a", DAY), gone, told("c", 4 * DAY + MOMENT))
    await view.write(gone=[gone])
    kept = view.table(ViewTables())

    firsts = [await kept.first_from(view.position, MONDAY + since) for since in (-DAY, DAY, DAY + MOMENT, 5 * DAY)]

    assert firsts == [MONDAY + DAY, MONDAY + DAY, MONDAY + 4 * DAY + MOMENT, None]


async def test_the_courses_are_known_by_name(view: View) -> None:
    await view.write(told("a", DAY, course="c:1"), told("b", DAY))
    tables = ViewTables()
    await view.words(tables)
    await view.write(told("a", 2 * DAY, course="c:2"))
    await view.words(tables)

    assert view.table(tables).courses == {code("c:1"): "c:1", code("c:2"): "c:2"}


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_happens_the_table_is_what_the_view_holds(view: View, seed: int) -> None:
    random, standing = Random(seed), dict[str, Act]()
    tables = ViewTables(most_bytes=20_000)
    for turn in range(60):
        acts = [told(random.choice("abcdef"), random.randrange(40) * DAY / 3, turn) for _ in range(random.randrange(4))]
        gone = random.sample(sorted(standing), min(len(standing), random.randrange(3)))
        written = {each.id: each for each in acts if each.id not in gone}
        await view.write(*written.values(), gone=[standing[key] for key in gone])
        standing = {key: each for key, each in (standing | written).items() if key not in gone}
        if random.random() < 0.6:
            since, until = sorted(MONDAY + n * DAY / 6 for n in random.sample(range(90), 2))
            found = await view.asked(tables, since, until)
            tables.limit()
            assert found.equals(table([each for each in standing.values() if since <= each.t < until], COLUMNS))
