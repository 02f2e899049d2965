"""A week that is released again: what of it may change.

Whoever asks again and again sees what came between two answers. So a cell stays as it was, acts and numbers, until the
acts of at least k people in it differ, and everybody's acts, which the numbers of groups rest on too, until those of k
people do. That holds for late acts as for voided ones, for accounts that turn out to be one person's, and for who opts
out: their acts leave the whole store at once, and a closed week with those of others. It holds for as long as the view
is the same; one that is derived anew is released as a whole.

The whole store is live, so it tells how much came late. Hence what was withheld stays withheld, however many come late,
or it would be told what it had been before; and what was shown is not replaced by what is too small to be shown. Where
it may be known otherwise who belongs where, a partition begins of which nobody was told before. And if the week has the
acts that it always had, a withheld cell in which k people differ is decided anew, and so is a partition of which
nothing was shown: people may be told of one after another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import polars as pl

from lrs.core.analytics import guard
from lrs.core.analytics.released import ReleasedWeek, tallied
from lrs.core.analytics.windows import Window
from lrs.plugin import Column
from lrs.plugin.frames import persons
from lrs.store.released import Cell

Place: TypeAlias = tuple[str, str]
"""A partition and a group."""


def decided(week: ReleasedWeek, span: Window, k: int) -> ReleasedWeek:
    """Return a week whose cells say whether the guard withholds them; those that said so before stay withheld."""
    partitions: dict[str, dict[tuple[str, Window], guard.Tally]] = {}
    for cell in week.cells:
        partitions.setdefault(cell.partition, {})[cell.group, span] = tallied(cell)
    withheld = {
        (partition, group) for partition, cells in partitions.items() for group, _ in guard.withheld_cells(cells, k)
    }
    cells = [replace(each, withheld=(each.partition, each.group) in withheld) for each in week.cells]
    return replace(week, cells=cells)


def renewed(
    old: ReleasedWeek, new: ReleasedWeek, span: Window, k: int, columns: Mapping[str, Column], *, regrouped: bool
) -> ReleasedWeek:
    """Return a week as it is released again: each cell, and everybody's acts, as they were or as they are by now.

    `regrouped` tells that it may be known otherwise who is who and who belongs where. Where nothing changes, the old
    week is returned.
    """
    late = old.late or not old.everybody["id"].equals(new.acts["id"])
    known = _renamed(old, new, persons(columns)) if regrouped else old
    known = known if late == known.late else replace(known, late=late)
    was, anew = decided(known, span, k), regrouped and not late
    pile, begun = _Pile.of(was, new), _begun(was, new, regrouped=regrouped, anew=anew)
    before, now = pile.cells(was.cells, 0), pile.cells(new.cells, len(was.acts))
    chosen = {
        place: now.get(place) if place[0] in begun else _chosen(pile, before.get(place), now.get(place), k, anew=anew)
        for place in sorted(before.keys() | now.keys())
    }
    everybody = pile.new if pile.people_between(pile.old, pile.new) >= k else pile.old
    if everybody is pile.old and all(each is before.get(place) for place, each in chosen.items()):
        return known
    found = pile.week(everybody, [each for each in chosen.values() if each is not None])
    return decided(replace(found, late=late), span, k)


def _begun(old: ReleasedWeek, new: ReleasedWeek, *, regrouped: bool, anew: bool) -> set[str]:
    """Return the partitions that begin with the new week: of which nobody was told before, or nothing was shown."""
    told = {each.partition for each in old.cells if not (anew and each.withheld)}
    return {each.partition for each in [*old.cells, *new.cells]} - told if regrouped else set()


@dataclass(frozen=True, slots=True)
class _Rows:
    """A cell, and the rows of the pile that are its acts."""

    cell: Cell
    rows: pl.Series


def _chosen(pile: "_Pile", was: _Rows | None, is_: _Rows | None, k: int, *, anew: bool) -> _Rows | None:
    """Return a cell as it was or as it is by now; None where there is none.

    `anew` tells that one which was withheld may be decided anew.
    """
    if pile.people_between(*(pile.none if each is None else each.rows for each in (was, is_))) < k:
        return was
    if was is not None and was.cell.withheld:
        return is_ if anew else was
    return was if is_ is not None and guard.too_few(tallied(is_.cell), k) else is_


@dataclass(frozen=True, slots=True)
class _Pile:
    """The acts of a week as it was, and after them those of the week as it is by now.

    Acts that are the same have the same key. `people` is who acted, as far as it is known by now.
    """

    acts: pl.DataFrame
    keys: pl.Series
    people: pl.Series
    old: pl.Series  # the rows of everybody's acts as they were
    new: pl.Series  # and as they are

    @classmethod
    def of(cls, old: ReleasedWeek, new: ReleasedWeek) -> "_Pile":
        acts = pl.concat([old.acts, new.acts])
        rows = pl.int_range(len(acts), eager=True)
        people = _people_by_now(old.acts, new.acts)
        return cls(acts, acts.hash_rows(), people, rows.head(len(old.everybody)), rows.tail(len(new.acts)))

    @property
    def none(self) -> pl.Series:
        """No rows."""
        return self.old.clear()

    def cells(self, cells: Sequence[Cell], begin: int) -> dict[Place, _Rows]:
        """Return cells of the week whose acts begin at a row, by their places."""
        return {
            (each.partition, each.group): _Rows(each, pl.Series(each.positions, dtype=pl.Int64) + begin)
            for each in cells
        }

    def people_between(self, some: pl.Series, others: pl.Series) -> int:
        """Return how many people's acts are among some and not among the others, or the other way round."""
        one, other = self.keys.gather(some), self.keys.gather(others)
        if one.equals(other):
            return 0
        apart = [some.filter(~one.is_in(other.implode())), others.filter(~other.is_in(one.implode()))]
        return self.people.gather(pl.concat(apart)).n_unique()

    def week(self, everybody: pl.Series, cells: Sequence[_Rows]) -> ReleasedWeek:
        """Return a week of everybody's acts, with those at the end that only cells have."""
        own = pl.DataFrame({"key": self.keys.gather(everybody), "row": everybody})
        used = pl.concat([self.none, *(each.rows for each in cells)])
        used = used.filter(self._positions(own).gather(used).is_null())
        more = pl.DataFrame({"key": self.keys.gather(used), "row": used})
        acts = pl.concat([own, more.unique("key", keep="first", maintain_order=True)])
        positions = self._positions(acts)
        found = [replace(each.cell, positions=positions.gather(each.rows).to_list()) for each in cells]
        return ReleasedWeek(self.acts[acts["row"]], found, len(acts) - len(own))

    def _positions(self, acts: pl.DataFrame) -> pl.Series:
        """Return where each act of the pile stands among these; null where it is none of them."""
        numbered = acts.select("key").with_row_index("position")
        return pl.DataFrame({"key": self.keys}).join(numbered, on="key", how="left", maintain_order="left")["position"]


def _people_by_now(old: pl.DataFrame, new: pl.DataFrame) -> pl.Series:
    """Return who acted, of old acts and then of new ones: of an old one whoever it is by now, as far as that is told.

    It is told by the same act, else by others of the same person.
    """
    acted = new.select("id", by_now="actor")
    known = old.select("id", "actor").join(acted, on="id", how="left", maintain_order="left")
    others = known.drop_nulls().unique("actor", keep="first", maintain_order=True).select("actor", instead="by_now")
    known = known.join(others, on="actor", how="left", maintain_order="left")
    return pl.concat([known.select(pl.coalesce("by_now", "instead", "actor"))["by_now"], new["actor"]])


def _renamed(old: ReleasedWeek, new: ReleasedWeek, columns: Sequence[str]) -> ReleasedWeek:
    """Return a week as it was, with those people by the names of today who are the same ones, and alone, under both.

    An account that was a stranger's, and turns out to be somebody's who had no other, changes nothing.
    """
    acts = old.acts.select("id", *columns).join(new.acts.select("id", *columns), on="id", suffix=_BY_NOW)
    pairs = pl.concat([acts.select(was=pl.col(name), by_now=pl.col(name + _BY_NOW)) for name in columns])
    pairs = pairs.drop_nulls().unique()
    known = pl.concat([old.acts[name].alias("was") for name in columns]).unique()
    alone = pl.col("was").is_unique() & pl.col("by_now").is_unique() & ~pl.col("by_now").is_in(known.implode())
    names = dict(pairs.filter(alone).rows())
    if not names:
        return old
    renamed = old.acts.with_columns(pl.col(columns).replace(names))
    cells = [
        replace(each, people=_named(each.people, names), targets=_named(each.targets, names)) for each in old.cells
    ]
    return replace(old, acts=renamed, cells=cells)


def _named(people: Sequence[int], names: Mapping[int, int]) -> Sequence[int]:
    return [names.get(each, each) for each in people]


_BY_NOW = " by now"
