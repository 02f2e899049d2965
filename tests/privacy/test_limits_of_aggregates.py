"""What the guard over statements in groups does not protect from; the README says so, and here it is shown.

Each way of grouping is guarded for itself, who is who is known at once, and the metrics are released at other times.
"""

from collections.abc import Sequence

import pytest

from lrs.store.stores import Stores
from lrs.xapi import Json
from tests.privacy.aggregates import Asked, asked
from tests.privacy.organisation import member, person
from tests.privacy.test_late_statements import WEEK_ONE, told

NAMES = "abcdefghijkl"


async def test_who_opts_out_is_gone_at_once_and_with_them_what_they_did(stores: Stores) -> None:
    async with asked(stores, [person("a")], [told(name) for name in NAMES + "a"]) as asking:
        before = await asking.total(**WEEK_ONE)
        await asking.introduce([person("a", opt_out=True)])

        assert before == 13
        assert await asking.total(**WEEK_ONE) == 11


async def test_who_moves_to_another_group_takes_along_what_they_did(stores: Stores) -> None:
    people = [person(name, member("department", "North" if name < "g" else "South")) for name in NAMES]
    async with asked(stores, people, [told(name) for name in NAMES + "a"]) as asking:
        assert await asking.counts("department", **WEEK_ONE) == {"North": 7, "South": 6}
        await asking.introduce([person("a", member("department", "South"))])

        assert await asking.counts("department", **WEEK_ONE) == {"North": 5, "South": 8}


async def test_accounts_that_are_found_to_be_one_person_s_are_so_at_once(stores: Stores) -> None:
    async with asked(stores, (), [told(name) for name in NAMES]) as asking:
        assert await people(asking) == 12
        both = [{"mbox": f"mailto:{name}@example.org"} for name in "ab"]
        await asking.introduce([{**person("a"), "identifiers": both}])

        assert await people(asking) == 11


async def people(asking: Asked) -> int:
    (row,) = (await asking.answer(**WEEK_ONE))["rows"]
    count: int = row["people"]
    return count


@pytest.mark.parametrize("by_few", [1, 3])
async def test_who_knows_that_a_verb_is_only_of_one_type_knows_what_else_was_done_with_that_type(
    stores: Stores, by_few: int
) -> None:
    reading = [told(name, "read", "book") for name in NAMES[:9]]
    few = [told("a", "liked", "book", day=2 + n / 100) for n in range(by_few)]
    others = [told(name, "wrote", "letter") for name in NAMES[:7]]
    async with asked(stores, (), reading + few + others) as asking:
        books, read = await counts_of(asking, "type", "book"), await counts_of(asking, "verb", "read")

        assert books - read == by_few
        # Nothing that is answered says that what was read are books.
        assert await named(asking, "type,verb") == []


async def counts_of(asking: Asked, axis: str, name: str) -> int:
    found = (await asking.counts(axis, **WEEK_ONE))[name]
    assert found is not None
    return found


async def named(asking: Asked, axes: str) -> Sequence[Json]:
    answer = await asking.answer(group_by=axes, **WEEK_ONE)
    assert answer["withheld"] is None
    return [row for row in answer["rows"] if row["type"].endswith("/book")]
