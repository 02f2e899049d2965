"""Who is who and belongs where, as tables: persons in the place of agents, before any metric sees an act."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from lrs.core.people.identity import Identity
from lrs.plugin import code
from lrs.plugin.frames import CODE, MEMBERSHIPS


@dataclass(frozen=True, slots=True, eq=False)
class Directory:
    """An identity in codes."""

    agents: pl.Series  # whom somebody claims
    persons: pl.Series  # who that is, one for each
    opted_out: pl.Series
    uncounted: pl.Series  # on no roster: who opted out or is not active
    everybody: pl.Series | None
    memberships: pl.DataFrame
    groups: Mapping[int, str]  # the names of the groups in it, by their codes

    def resolved(self, acts: pl.DataFrame, columns: Iterable[str]) -> pl.DataFrame:
        """Return the acts with the persons behind the agents in some columns, in their order.

        Whoever opted out is left out: acts by them, and them where acts of others are aimed at them.
        """
        names = list(columns)
        if len(self.agents):
            acts = acts.with_columns(pl.col(names).replace(self.agents, self.persons))
        if not len(self.opted_out):
            return acts
        out = self.opted_out.implode()
        acts = acts.filter(~pl.col("actor").is_in(out))
        return acts.with_columns(pl.when(~pl.col(name).is_in(out)).then(pl.col(name)).alias(name) for name in names)

    def roster(self, kind: str, group: int, since: object, until: object) -> pl.Series | None:
        """Return who belongs to a group at some time of [since, until); None where nobody is known to."""
        overlaps = (pl.col("since") < pl.lit(until)) & (pl.col("until") > pl.lit(since))
        members = self.memberships.filter(pl.col("kind") == kind, pl.col("group") == group, overlaps)
        counted = members.filter(~pl.col("person").is_in(self.uncounted.implode()))["person"].unique()
        return counted.sort() if len(counted) else None


@lru_cache(maxsize=64)
def directory(identity: Identity) -> Directory:
    """Return an identity in codes, made once."""
    memberships = [
        (code(person), kind, code(each.group), each.role, _code(each.partner), each.since, each.until)
        for kind, members in identity.memberships.items()
        for person, known in members.items()
        for each in known
    ]
    names = {each.group for members in identity.memberships.values() for known in members.values() for each in known}
    everybody = identity.everybody()
    return Directory(
        agents=_codes(identity.persons.keys()),
        persons=_codes(identity.persons.values()),
        opted_out=_codes(identity.opted_out),
        uncounted=_codes(identity.opted_out | identity.inactive),
        everybody=_codes(everybody).sort() if everybody else None,
        memberships=pl.DataFrame(memberships, schema=MEMBERSHIPS, orient="row"),
        groups={code(name): name for name in names},
    )


def _codes(texts: Collection[str]) -> pl.Series:
    return pl.Series("person", [code(text) for text in texts], CODE)


def _code(text: str | None) -> int | None:
    return None if text is None else code(text)
