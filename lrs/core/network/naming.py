"""What people are called where they are shown one by one: by name among those who opted in, else by a pseudonym.

An edge is like a row of a table of people (see `lrs.core.analytics.rows`): it names its two people only where both
opted in. Beside a name a pseudonym would be a riddle that every colleague can solve: who else could it be that Ann
mentors? So who opted in is in it twice, if they have ties to both kinds of people: by name, and by a pseudonym of which
nothing tells that it is them.
"""

from dataclasses import dataclass

import polars as pl

from lrs.core.analytics.rows import Naming
from lrs.core.network.flows import ARC
from lrs.core.network.measures import Ties


@dataclass(frozen=True, slots=True)
class Called:
    """Ties between people as they are called: `arcs` (`actor`, `target`, `acts`, `weight`) are between the ids of
    `people` (`id`, and `name` where that is no pseudonym).

    All comes by ids: an order by anything else would help to tell who is who.
    """

    arcs: pl.DataFrame
    people: pl.DataFrame

    @property
    def hidden(self) -> int:
        """How many people are called by a pseudonym."""
        return self.people["name"].null_count()


def called(ties: Ties, naming: Naming) -> Called:
    """Return ties between people as these are called."""
    calls = naming.called(ties.people.to_list())
    opted_in = calls.drop_nulls("id")["code"].implode()
    arcs = ties.arcs.with_columns(is_open=pl.all_horizontal(pl.col(ARC).is_in(opted_in)))
    for end in ARC:
        ends = calls.select("pseudonym", "id", pl.col("code").alias(end))
        arcs = arcs.join(ends, on=end).with_columns(pl.when("is_open").then("id").otherwise("pseudonym").alias(end))
        arcs = arcs.drop("pseudonym", "id")
    people = pl.DataFrame({"id": pl.concat([arcs[end] for end in ARC]).unique()})
    people = people.join(calls.select("id", "name").drop_nulls(), on="id", how="left")
    return Called(arcs.drop("is_open").sort(ARC), people.sort("id"))
