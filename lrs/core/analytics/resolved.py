"""Who is who and belongs where, as tables: persons in the place of agents, before any metric sees an act."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import polars as pl

from lrs.core.analytics.windows import Window
from lrs.core.people.identity import Identity
from lrs.plugin import code
from lrs.plugin.frames import CODE, MEMBERSHIPS


@dataclass(frozen=True, slots=True, eq=False)
class Directory:
    """An identity in codes."""

    agents: pl.DataFrame  # the agents whom somebody claims, and which person that is
    opted_out: pl.Series
    everybody: pl.Series | None
    memberships: pl.DataFrame
    groups: Mapping[int, str]  # the names of the groups in it, by their codes

    def resolved(self, acts: pl.DataFrame, columns: Iterable[str]) -> pl.DataFrame:
        """Return the acts with the persons behind the agents in some columns, in their order.

        Whoever opted out is left out: acts by them, and them where acts of others are aimed at them.
        """
        names = list(columns)
        for name in names if len(self.agents) else ():
            known = acts.join(self.agents, left_on=name, right_on="_agent", how="left", maintain_order="left")
            acts = known.with_columns(pl.coalesce("_person", name).alias(name)).drop("_person")
        if not len(self.opted_out):
            return acts
        out = self.opted_out.implode()
        acts = acts.filter(~pl.col("actor").is_in(out))
        return acts.with_columns(pl.when(~pl.col(name).is_in(out)).then(pl.col(name)).alias(name) for name in names)

    def rosters(self, kind: str, span: Window) -> dict[int | None, pl.Series]:
        """Return who belongs to each group of a partition at some time of a span, by the groups' codes."""
        overlaps = (pl.col("since") < span.end) & (pl.col("until") > span.start)
        members = self.memberships.filter(pl.col("kind") == kind, overlaps, "active").unique(["group", "person"])
        return {group: each["person"].sort() for (group,), each in members.group_by("group")}


_KNOWN: WeakKeyDictionary[Identity, Directory] = WeakKeyDictionary()


def directory(identity: Identity) -> Directory:
    """Return an identity in codes, made once for as long as somebody has the identity."""
    known = _KNOWN.get(identity)
    if known is None:
        known = _KNOWN[identity] = _directory(identity)
    return known


def _directory(identity: Identity) -> Directory:
    memberships = [
        (
            *(code(person), kind, code(each.group), each.role, _code(each.partner, identity)),
            *(each.since, each.until, person not in identity.inactive),
        )
        for kind, members in identity.memberships.items()
        for person, known in members.items()
        for each in known
        if person not in identity.opted_out
    ]
    names = {each.group for members in identity.memberships.values() for known in members.values() for each in known}
    everybody = identity.everybody()
    return Directory(
        agents=pl.DataFrame({"_agent": _codes(identity.persons.keys()), "_person": _codes(identity.persons.values())}),
        opted_out=_codes(identity.opted_out),
        everybody=_codes(everybody).sort() if everybody else None,
        memberships=pl.DataFrame(memberships, schema=MEMBERSHIPS, orient="row"),
        groups={code(name): name for name in names},
    )


def _codes(texts: Collection[str]) -> pl.Series:
    return pl.Series("person", [code(text) for text in texts], CODE)


def _code(partner: str | None, identity: Identity) -> int | None:
    return None if partner is None or partner in identity.opted_out else code(partner)
