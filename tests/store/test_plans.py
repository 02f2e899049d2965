"""What the database examines for a page of statements: little more than it returns, whichever filters are asked for,
and however common or rare their values are (see `skewed`).
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import orjson
import pytest
from pymongo import AsyncMongoClient

from lrs.store.pages import BY_KEY, BY_TIME, Page
from lrs.store.stores import Store, Stores
from lrs.xapi.query import index_keys, parse_query
from lrs.xapi.values import format_timestamp
from tests.living import new_store
from tests.store.explained import Document, Effort, Finds, effort
from tests.store.skewed import (
    APART,
    EXAMS,
    FILTERS,
    LISTED,
    MET,
    NUMBER,
    RELATED,
    VOIDED,
    documents,
    parameters,
    statement_id,
    stored,
)

PAGE, MOST = 100, 500  # statements in an answer: as many as a client gets who doesn't say, and at the most
FEW = 8  # examined and not returned: a voided one here and there
MULTIPLE = 2  # several filters are tried side by side: each may examine so many for one statement that has them all


@dataclass(frozen=True, slots=True)
class Filled:
    """The store, asked through a client whose commands are seen."""

    store: Store
    finds: Finds
    written: list[Document]

    async def find(self, told: Mapping[str, str], *, after: int | None = None, limit: int = PAGE) -> Page:
        """Return a page as the parameters of a query ask for it; `after` is the number of the last one given."""
        query = parse_query(list(told.items()))
        return await self.store.statements.find(
            index_keys(query),
            since=query.since,
            until=query.until,
            ascending=query.ascending,
            limit=limit,
            after=None if after is None else (stored(after), statement_id(after)),
            before_bound=stored(NUMBER) if query.ascending else None,
        )

    async def effort(self, told: Mapping[str, str], **page: Any) -> Effort:
        """Return what it takes to find the page, which is never sorted and never read but by its index."""
        self.finds.sent.clear()
        await self.find(told, **page)
        done = await effort(self.store.database, self.finds.sent)
        assert done.stages == {"LIMIT", "PROJECTION_SIMPLE", "FETCH", "IXSCAN"}
        assert done.indexes == {BY_KEY if keys_of(told) else BY_TIME}
        assert done.keys <= done.documents + FEW
        return done


def keys_of(told: Mapping[str, str]) -> tuple[str, ...]:
    return index_keys(parse_query(list(told.items())))


def frugal(told: Mapping[str, str], done: Effort) -> bool:
    """Whether little more was examined than is returned."""
    tried = len(keys_of(told))
    return done.documents <= done.returned * (tried * MULTIPLE if tried > 1 else 1) + FEW


@pytest.fixture(scope="module")
async def filled(mongodb_url: str, stores: Stores) -> AsyncIterator[Filled]:
    finds = Finds()
    client: AsyncMongoClient[Document] = AsyncMongoClient(
        mongodb_url, tz_aware=True, uuidRepresentation="standard", event_listeners=[finds]
    )
    async with new_store(stores) as made, client:
        written = list(documents())
        await made.database["statements"].insert_many(written, ordered=False)
        yield Filled(await Stores(client).open(made.name), finds, written)


def at(number: int) -> str:
    return format_timestamp(stored(number))


WINDOWS: dict[str, tuple[dict[str, str], int | None]] = {
    "all": ({}, None),
    "since": ({"since": at(15_700)}, None),
    "until": ({"until": at(6_000)}, None),
    "since and until": ({"since": at(12_500), "until": at(14_500)}, None),
    "more": ({}, 13_000),
    "more in the middle of a list": ({}, 10_000),
    "more since and until": ({"since": at(6_000), "until": at(13_000)}, 10_000),
}
CHOSEN: dict[str, dict[str, str]] = {
    "no filter": {},
    "a common verb": {"verb": "common"},
    "a rare agent": {"agent": "rare"},
    "a rare agent and a common verb": {"agent": "rare", "verb": "common"},
    "a common agent and a rare verb": {"agent": "common", "verb": "rare"},
}


@pytest.mark.parametrize("chosen", CHOSEN.values(), ids=CHOSEN)
@pytest.mark.parametrize("ascending", ["true", "false"], ids=["ascending", "descending"])
@pytest.mark.parametrize(("window", "after"), WINDOWS.values(), ids=WINDOWS)
async def test_a_page_is_read_where_it_begins_and_no_further(
    filled: Filled, window: dict[str, str], after: int | None, ascending: str, chosen: dict[str, str]
) -> None:
    told = {**parameters(chosen), **window, "ascending": ascending}

    done = await filled.effort(told, after=after)

    assert done.returned > 0
    assert frugal(told, done)


@pytest.mark.parametrize("which", ["common", "rare"])
@pytest.mark.parametrize("name", [*FILTERS, *RELATED])
async def test_a_filter_examines_what_it_returns(filled: Filled, name: str, which: str) -> None:
    told = parameters({name: which})

    done = await filled.effort(told)

    assert done.returned > PAGE / 2
    assert frugal(told, done)


PAIRS = [
    pair
    for pair in combinations([*FILTERS, *RELATED], 2)
    if pair not in (("agent", "related agent"), ("activity", "related activity"))  # one parameter
]


@pytest.mark.parametrize("values", [("common", "rare"), ("rare", "common"), ("common", "common")], ids=" and ".join)
@pytest.mark.parametrize("pair", PAIRS, ids=" and ".join)
async def test_two_filters_examine_little_more_than_they_return(
    filled: Filled, pair: tuple[str, str], values: tuple[str, str]
) -> None:
    told = parameters(dict(zip(pair, values, strict=True)))

    done = await filled.effort(told)

    assert done.returned > PAGE / 2
    assert frugal(told, done)


@pytest.mark.parametrize("limit", [PAGE, MOST])
@pytest.mark.parametrize("rare", [None, *FILTERS])
async def test_all_filters_at_once_examine_little_more_than_they_return(
    filled: Filled, rare: str | None, limit: int
) -> None:
    told = parameters({name: "rare" if name == rare else "common" for name in FILTERS})

    done = await filled.effort(told, limit=limit)

    assert done.returned > PAGE / 3
    assert frugal(told, done)


async def test_a_page_that_begins_alike_for_two_filters_is_not_ended_with_the_worse_one(filled: Filled) -> None:
    """The database would stay with the agent, who has done thousands of other things between the two exams."""
    told = {**parameters({"agent": "common", "verb": "passed"}), "until": at(EXAMS[-1][-1])}

    done = await filled.effort(told, limit=MOST)

    assert done.returned == sum(len(exam) for exam in EXAMS)
    assert frugal(told, done)


async def test_two_filters_that_hardly_ever_meet_examine_all_that_the_rarer_one_has(filled: Filled) -> None:
    """An index of arrays follows one key only, so what is returned is no measure here.

    They are tried side by side until the rarer one has come to its end: both examine as many. That holds up to 10,000
    (MongoDB's own choice); beyond that the one that has found more by then is followed to its end.
    """
    told = parameters({"agent": "apart", "activity": "apart"})
    rarer = sum(keys_of(parameters({"agent": "apart"}))[0] in each["keys"] for each in filled.written[: len(APART)])

    done = await filled.effort(told)

    assert done.returned == MET
    assert done.documents <= 2 * rarer + FEW


@pytest.mark.parametrize("chosen", [{}, {"verb": "common"}], ids=["no filter", "a common verb"])
async def test_voided_statements_are_examined_once_by_the_page_that_meets_them(
    filled: Filled, chosen: dict[str, str]
) -> None:
    told, end = parameters(chosen), VOIDED.stop
    meeting = await filled.effort(told, after=end + PAGE // 2)
    behind = await filled.effort(told, after=VOIDED.start)

    assert meeting.documents <= meeting.returned + len(VOIDED)
    assert frugal(told, behind)


@pytest.mark.parametrize("ascending", ["true", "false"], ids=["ascending", "descending"])
async def test_the_longest_pages_of_two_filters_hold_every_statement_once(filled: Filled, ascending: str) -> None:
    """Such a page takes several commands, which end anywhere among statements that share their `stored`."""
    told = {**parameters({"agent": "common", "verb": "common"}), "since": at(LISTED.start - 50), "ascending": ascending}
    number, found = None, list[str]()
    while True:
        page = await filled.find(told, after=number, limit=MOST)
        found += [orjson.loads(raw)["id"] for raw in page.statements]
        if page.next_position is None:
            break
        number = page.next_position[1].int >> 80

    keys = set(keys_of(told))
    matching = [
        str(each["_id"])
        for each in filled.written[LISTED.start - 49 : NUMBER]
        if keys <= set(each["keys"]) and "voided_by" not in each
    ]
    assert found == (matching if ascending == "true" else matching[::-1])
