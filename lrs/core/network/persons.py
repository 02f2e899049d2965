"""The network person by person: acts in, people by name or pseudonym and their ties out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from lrs.core.analytics.pseudonyms import refuse_few
from lrs.core.analytics.rows import Naming
from lrs.core.analytics.source import Known
from lrs.core.network.answers import Answer
from lrs.core.network.graphml import graphml
from lrs.core.network.measures import DEFINITIONS, EDGES, Ties, nodes
from lrs.core.network.naming import called
from lrs.core.network.query import NetworkQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAnswer(Answer):
    """The network between people: `nodes` with `id`, `name` and DEFINITIONS, and `edges` between ids.

    Who opted in may be two of the nodes (see `naming`); `people` counts them once.
    """

    people: int
    nodes: pl.DataFrame
    edges: pl.DataFrame
    methods: Mapping[str, Any]

    @property
    def named(self) -> int:
        """How many people are shown by name."""
        return len(self.nodes) - self.nodes["name"].null_count()

    def as_dict(self) -> dict[str, Any]:
        return {
            **self.about(),
            "people": self.people,
            "named": self.named,
            "nodes": self.nodes.to_dicts(),
            "edges": self.edges.to_dicts(),
            "definitions": DEFINITIONS,
            "method": self.methods,
        }

    def as_csv(self) -> str:
        """Return the edges as CSV (RFC 4180) with one header line; names are of those who opted in."""
        names = self.nodes.select("id", "name")
        source, target = (names.rename({"id": end, "name": f"{end}_name"}) for end in ("source", "target"))
        edges = self.edges.join(source, on="source", how="left", maintain_order="left")
        return edges.join(target, on="target", how="left", maintain_order="left").write_csv(line_terminator="\r\n")

    def as_graphml(self) -> bytes:
        """Return people and edges as GraphML."""
        return graphml(self.of_graph(), self.nodes, self.edges)


def between_people(query: NetworkQuery, found: Known, ties: Ties, naming: Naming, k: int) -> PersonAnswer:
    """Return people and their ties, as they are called.

    Raises: Conflict where people would be told by their place in the network, or by being all that is left.
    """
    shown, people = called(ties, naming), len(ties.people)
    refuse_few(shown.hidden or people, people - len(naming.named), k, where="level")
    measures, methods = nodes(shown.arcs, shown.people["id"])
    return PersonAnswer(
        query=query,
        known=found,
        people=people,
        nodes=pl.concat([shown.people, measures], how="horizontal"),
        edges=shown.arcs.rename({"actor": "source"}).select(EDGES),
        methods=methods,
    )
