"""The network between groups: released weeks in, figures and a matrix of what may be shown out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from lrs.core.analytics import guard
from lrs.core.analytics.groups import ReleasedGroups
from lrs.core.analytics.guard import Reason, Shown
from lrs.core.analytics.released import MEMBERSHIPS
from lrs.core.analytics.resolved import Directory
from lrs.core.analytics.windows import Window
from lrs.core.network.answers import Answer
from lrs.core.network.figures import DEFINITIONS, FIGURES, OF_ALL, Figures, Surroundings, figures
from lrs.core.network.flows import ARC, NOWHERE, asked, links, standing
from lrs.core.network.graph import SEED
from lrs.core.network.graphml import graphml
from lrs.core.network.matrix import Matrix
from lrs.core.network.mixing import PERMUTATIONS
from lrs.core.network.query import NetworkQuery
from lrs.core.network.reading import Weeks
from lrs.plugin import code
from lrs.plugin.frames import CODE

ENTRIES = pl.Schema(
    {"source": pl.String(), "target": pl.String(), "acts": pl.Int64(), "ties": pl.Int64(), "reason": pl.String()}
)
OF_NO_GROUP = "(no group)"
"""What people who belong to no group are called as a node; everywhere else they are null."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One group: its figures, in how many of the weeks it is withheld, and why if it is in all of them."""

    name: str
    figures: Figures
    weeks_withheld: int
    reason: Reason | None

    def as_dict(self) -> dict[str, Any]:
        told = {"group": self.name, "suppressed": self.reason is not None, "reason": self.reason}
        return {**told, "weeks_withheld": self.weeks_withheld, **_as_dict(self.figures)}


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupAnswer(Answer):
    """The network between groups; `reason` says why there are none at all."""

    min_group: int
    entries: pl.DataFrame  # see ENTRIES; what is withheld has no `acts` and no `ties`
    groups: Sequence[Group]
    whole: Figures
    reason: Reason | None

    def as_dict(self) -> dict[str, Any]:
        return {
            **self.about(),
            "group_by": self.query.partition,
            "min_group": self.min_group,
            "reason": self.reason,
            "network": _as_dict(self.whole),
            "groups": [each.as_dict() for each in self.groups],
            "entries": self._table().to_dicts(),
            "definitions": DEFINITIONS,
            "method": {"p": {"permutations": PERMUTATIONS, "seed": SEED}},
        }

    def as_csv(self) -> str:
        """Return the entries as CSV (RFC 4180) with one header line; an absent value is an empty field."""
        return self._table().write_csv(line_terminator="\r\n")

    def as_graphml(self) -> bytes:
        """Return groups and the entries that are shown as GraphML; how many are withheld is told of the graph."""
        shown = self.entries.filter(pl.col("reason").is_null()).drop("reason")
        shown = shown.with_columns(pl.col("source", "target").fill_null(OF_NO_GROUP))
        told = [{"id": each.name, **{name: of.value for name, of in each.figures.items()}} for each in self.groups]
        nodes = pl.DataFrame(told, schema={"id": pl.String(), **dict.fromkeys(FIGURES, pl.Float64())}, orient="row")
        ends = pl.DataFrame({"id": pl.concat([shown["source"], shown["target"]]).unique().sort()})
        nodes = pl.concat([nodes, ends.join(nodes, on="id", how="anti")], how="diagonal")
        withheld = {"entries_withheld": str(len(self.entries) - len(shown))}
        return graphml({**self.of_graph(), "group_by": str(self.query.partition), **withheld}, nodes, shown)

    def _table(self) -> pl.DataFrame:
        suppressed = pl.col("reason").is_not_null().alias("suppressed")
        return self.entries.select("source", "target", "acts", "ties", suppressed, "reason")


def between_groups(query: NetworkQuery, found: Weeks, who: Directory, k: int) -> GroupAnswer:
    """Return the answer to a question about released weeks, as far as the guard lets it be told."""
    if found.groups is None or found.reason is not None:
        nothing = dict.fromkeys(OF_ALL, Shown(None, found.reason))
        entries = pl.DataFrame(schema=ENTRIES)
        return GroupAnswer(
            query=query, known=found, min_group=k, entries=entries, groups=(), whole=nothing, reason=found.reason
        )
    named = {code(name): name for name in found.groups.names(found.weeks)}
    aimed = links(found.groups, found.weeks, str(query.partition), who.memberships)
    matrix = Matrix.of(aimed, k, query.kinds)
    told = figures(matrix, list(named), _surroundings(query, found, who))
    return GroupAnswer(
        query=query,
        known=found,
        min_group=k,
        entries=_by_name(matrix.entries, {**who.groups, **named}),
        groups=[_group(found.groups, found.weeks, name, told[group]) for group, name in named.items()],
        whole=told[None],
        reason=None,
    )


def _surroundings(query: NetworkQuery, found: Weeks, who: Directory) -> Surroundings:
    assert found.groups is not None
    span, partition = found.window, str(query.partition)
    everybody = standing(found.groups.of_all(found.weeks), span.end).filter(asked(query.kinds))
    members = who.memberships.filter(
        pl.col("kind") == partition, pl.col("since") < span.end, pl.col("until") > span.start
    ).select("person", "group", "since", "until")
    return Surroundings(
        everybody=everybody.select(ARC).unique(),
        members=members if partition in MEMBERSHIPS else None,
        rosters=who.rosters(partition, span),
    )


def _group(groups: ReleasedGroups, weeks: Sequence[Window], name: str, told: Figures) -> Group:
    """Return what may be told of a group: nothing, if it is withheld in all weeks in which it did anything."""
    active = [week for week in weeks if (cell := groups.cells.get((name, week))) is not None and cell.n_acts]
    withheld = [week for week in active if (name, week) in groups.withheld]
    reason = guard.why_withheld(groups.withheld, name, active) if len(withheld) == len(active) else None
    known = told if reason is None else dict.fromkeys(told, Shown(None, reason))
    return Group(name=name, figures=known, weeks_withheld=len(withheld), reason=reason)


def _by_name(entries: pl.DataFrame, names: Mapping[int, str]) -> pl.DataFrame:
    """Return the entries by the names of groups, people of no group last.

    A group that nobody calls so any more, and in which nobody did anything, has no name: for as long as the weeks are
    about to be released anew, or of fewer people than are shown.
    """
    entries = entries.filter(pl.col("sink").is_in([NOWHERE, *names]))
    known = pl.DataFrame({"group": list(names), "name": list(names.values())}, {"group": CODE, "name": pl.String()})
    for end, named in (("source", "source"), ("sink", "target")):
        entries = entries.join(known.rename({"name": f"{named}_name"}), left_on=end, right_on="group", how="left")
    by_name = entries.select("acts", "ties", "reason", source="source_name", target="target_name")
    return by_name.select(ENTRIES.names()).cast(ENTRIES).sort("source", "target", nulls_last=True)


def _as_dict(values: Figures) -> dict[str, Any]:
    return {name: {"value": each.value, "reason": each.reason} for name, each in values.items()}
