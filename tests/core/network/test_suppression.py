"""Which entries of the matrix are withheld, attacked with every sum that is told."""

from collections import defaultdict
from typing import Any, TypeAlias

import numpy as np
import polars as pl
import pytest

from lrs.core.analytics.guard import Reason
from lrs.core.network.matrix import Matrix
from lrs.core.network.suppression import ALL, DIAGONAL, ROW, Decided, decided, decided_by_kind
from tests.core.network.samples import VIEW, Entry, drawn, flow, flows, names, together

K = 5
FEW, WITH = Reason.TOO_FEW_PEOPLE.value, Reason.COMPLEMENTARY.value
Part: TypeAlias = tuple[int, int, int]


def reasons(links: pl.DataFrame, kinds: list[str] | None = None) -> dict[Entry, str]:
    """Why entries are withheld, by the names of their groups, which are letters."""
    entries = Matrix.of(links, K, kinds).entries.filter(pl.col("reason").is_not_null())
    ends = [names(entries[end], "abcde") for end in ("source", "sink")]
    return dict(zip(zip(*ends, strict=True), entries["reason"], strict=True))


def square(**people: int) -> dict[Entry, int]:
    """Ten people in each entry of a matrix of a, b and c, but as told of some: `ab=4`."""
    return {(one, other): people.get(one + other, 10) for one in "abc" for other in "abc"}


def test_an_entry_needs_k_people_who_act_and_k_who_are_aimed_at() -> None:
    few_act, few_are_aimed_at = flow(("a", "b"), 4), flow(("a", "c"), 10, 4)

    assert reasons(together(few_act, few_are_aimed_at, flow(("a", "a"), 5))) == {("a", "b"): FEW, ("a", "c"): FEW}


def test_an_entry_is_not_withheld_alone_in_its_row_or_column() -> None:
    found = reasons(flows(square(ab=4)))

    assert {entry for entry, reason in found.items() if reason == FEW} == {("a", "b")}
    for line in (0, 1):
        withheld = [entry[line] for entry in found]
        assert all(withheld.count(group) > 1 for group in withheld)


def test_the_smallest_that_may_be_is_withheld_with_it() -> None:
    found = reasons(flows(square(ab=4, ac=7, cb=6, bb=9)))

    assert found[("a", "c")] == WITH
    assert found[("c", "b")] == WITH


def test_two_that_are_of_too_few_people_together_take_another_with_them() -> None:
    same_people = together(flow(("a", "b"), 2, first=0), flow(("a", "c"), 2, first=0))

    assert reasons(together(same_people, flow(("a", "d"), 9), flow(("a", "e"), 8)))[("a", "e")] == WITH


def test_two_of_enough_people_together_hide_each_other() -> None:
    others = together(flow(("a", "b"), 4, first=0), flow(("a", "c"), 4, first=4))

    assert reasons(together(others, flow(("a", "d"), 9), flow(("a", "e"), 8))) == {("a", "b"): FEW, ("a", "c"): FEW}


def test_what_the_e_i_index_tells_hides_nothing() -> None:
    """Inside a there are fewest people, but how many ties they have is known from a's index and its ties."""
    found = reasons(flows({("a", "a"): 5, ("a", "b"): 4, ("a", "c"): 8, ("a", "d"): 9}))

    assert found == {("a", "b"): FEW, ("a", "c"): WITH}


def test_where_nobody_can_have_the_index_what_is_inside_may_hide_others() -> None:
    found = reasons(flows({("a", "a"): 5, ("a", "b"): 8, ("a", ""): 4}))

    assert found == {("a", ""): FEW, ("a", "a"): WITH}


def test_where_nothing_happens_there_is_nothing_to_withhold() -> None:
    assert reasons(flows({("a", "b"): 9, ("b", "a"): 9})) == {}
    assert Matrix.of(flows({("a", "b"): 9}).clear(), K).entries.is_empty()


def test_what_is_shown_are_acts_and_ordered_pairs() -> None:
    links = together(flow(("a", "b"), 6), flow(("a", "b"), 6, kind="react"), flow(("a", "b"), 6, kind=VIEW))

    assert Matrix.of(links, K).entries.select("acts", "ties").rows() == [(12, 6)]
    assert Matrix.of(links, K, ["reply"]).entries.select("acts", "ties").rows() == [(6, 6)]
    assert Matrix.of(links, K, ["reply", VIEW]).entries.select("acts", "ties").rows() == [(12, 6)]


def test_a_kind_of_too_few_people_is_withheld_with_the_next_smallest_of_the_entry() -> None:
    links = together(flow(("a", "b"), 20), flow(("a", "b"), 9, kind="react"), flow(("a", "b"), 2, kind="mention"))

    assert reasons(links) == {}
    assert reasons(links, ["mention"]) == {("a", "b"): FEW}
    assert reasons(links, ["react"]) == {("a", "b"): WITH}
    assert reasons(links, ["reply"]) == {}
    assert reasons(links, ["reply", "mention"]) == {("a", "b"): FEW}


def test_a_filter_of_all_kinds_but_one_tells_no_more_than_the_filter_of_that_one() -> None:
    links = together(flow(("a", "b"), 20), flow(("a", "b"), 2, kind="react"))

    assert reasons(links, ["react"]) == {("a", "b"): FEW}
    assert reasons(links, ["reply"]) == {("a", "b"): WITH}


def test_of_an_entry_that_is_withheld_no_kind_is_shown() -> None:
    links = together(flows(square(ab=4)), flow(("a", "b"), 9, kind=VIEW))
    withheld = reasons(links)

    assert reasons(links, ["reply"]).keys() == withheld.keys()
    assert ("a", "b") in reasons(links, [VIEW])


def test_passive_kinds_are_decided_by_themselves() -> None:
    links = together(flows(square()), flow(("a", "b"), 4, kind=VIEW), flow(("a", "c"), 9, kind=VIEW))

    assert reasons(links) == {}
    assert reasons(links, [VIEW]) == {("a", "b"): FEW, ("a", "c"): WITH}


def found_out(whole: Decided, kinds: Decided) -> list[dict[str, Any]]:
    """The withheld parts that follow from the sums that are told: rows, the diagonal, and entries over their kinds."""
    hidden = pl.concat([each.parts.select(whole.parts.columns) for each in (whole, kinds)])
    hidden = hidden.filter(pl.col("reason").is_not_null()).sort("source", "sink", "kind")
    shown = set(whole.parts.filter(pl.col("reason").is_null()).select("source", "sink").rows())
    sums: dict[object, list[int]] = defaultdict(list)
    for number, (source, sink, kind, passive) in enumerate(hidden.select("source", "sink", "kind", "passive").rows()):
        if kind == ALL:
            sums["row", source].append(number)
            sums["diagonal"] += [number] if source == sink else []
        elif not passive and (source, sink) in shown:
            sums["kinds", source, sink].append(number)
    if len(whole.unsafe(DIAGONAL)):  # then nobody tells the index of the whole
        del sums["diagonal"]
    matrix = np.zeros((len(sums), len(hidden)))
    for row, numbers in zip(matrix, sums.values(), strict=True):
        row[numbers] = 1
    if not matrix.size:
        return []
    _, strengths, directions = np.linalg.svd(matrix, full_matrices=False)
    follows = (directions[strengths > 1e-9] ** 2).sum(axis=0) > 1 - 1e-9
    return hidden.filter(pl.Series(follows)).rows(named=True)


@pytest.mark.parametrize("seed", range(60))
def test_no_withheld_entry_follows_from_the_sums_that_are_told(seed: int) -> None:
    links = drawn(seed)
    whole = decided(links, K)
    kinds = decided_by_kind(links, whole)
    lost = {source for (source,) in whole.unsafe(ROW).select("source").rows()}  # of which no sum is told

    assert [each for each in found_out(whole, kinds) if each["source"] not in lost] == []


@pytest.mark.parametrize("seed", range(20))
def test_filters_put_together_tell_no_more_than_what_each_tells(seed: int) -> None:
    """Of any kinds that are asked for together an entry is shown only where each of them is, and the whole."""
    links = drawn(seed)
    whole = decided(links, K)
    kinds = decided_by_kind(links, whole).parts
    hidden = set(whole.parts.filter(pl.col("reason").is_not_null()).select("source", "sink").rows())

    assert hidden.isdisjoint(kinds.filter(pl.col("reason").is_null()).select("source", "sink").rows())
    entry = ["source", "sink"]
    pools = kinds.filter(pl.col("reason").is_not_null(), ~pl.col("passive")).join(
        whole.parts.filter(pl.col("reason").is_null()).select(entry), on=entry, how="semi"
    )
    people = links.join(pools, on=[*entry, "kind"], how="semi").group_by(entry)
    for _, _, n, actors, targets in people.agg(
        pl.col("kind").n_unique(), pl.col("actor").n_unique(), pl.col("target").n_unique()
    ).rows():
        assert (n >= 2, actors >= K, targets >= K) == (True, True, True)


def test_the_order_of_links_means_nothing() -> None:
    links = drawn(3)

    assert (
        Matrix.of(links, K, None)
        .entries.sort("source", "sink")
        .equals(Matrix.of(links.sample(fraction=1, shuffle=True, seed=1), K, None).entries.sort("source", "sink"))
    )
