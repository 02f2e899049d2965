"""The network person by person: acts in, people by name or pseudonym and their ties out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from lrs.core.network.answers import Answer
from lrs.core.network.graphml import graphml
from lrs.core.network.measures import DEFINITIONS, EDGES, Ties, nodes
from lrs.core.network.naming import called
from lrs.core.network.query import NetworkQuery
from lrs.core.network.reading import Known
from lrs.errors import Conflict

LEAST_PEOPLE = 20
"""In a smaller network everybody can be told by their place in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAnswer(Answer):
    """The network between people: `nodes` with `id`, `name` and DEFINITIONS, and `edges` between ids."""

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
            "people": len(self.nodes),
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


def refuse_few(ties: Ties, named: int, k: int) -> None:
    """Raise Conflict where people would be told by their place in the network, or by being all that is left.

    `named` is how many of them are shown by name.
    """
    others = len(ties.people) - named
    if len(ties.people) < LEAST_PEOPLE:
        why = f"fewer than {LEAST_PEOPLE} people have ties in it, so each could be told by their place"
    elif 0 < others < k:
        why = f"fewer than {k} of its people have not opted in, so each could be told by who is missing"
    else:
        return
    accepted = "a longer window or more kinds, or level=group"
    raise Conflict("the network is too small to be shown person by person", where="level", why=why, accepted=accepted)


def between_people(
    query: NetworkQuery, found: Known, ties: Ties, named: Mapping[int, tuple[str, str]], key: bytes
) -> PersonAnswer:
    """Return people and their ties, both by id: an order by anything else would help to tell who is who."""
    measures, methods = nodes(ties)
    calls = called(ties.people, named, key)
    ids = pl.DataFrame({"person": ties.people, "id": calls["id"]})
    source, target = (ids.rename({"person": end, "id": f"{end}_id"}) for end in ("actor", "target"))
    edges = ties.arcs.join(source, on="actor").join(target, on="target")
    return PersonAnswer(
        query=query,
        known=found,
        nodes=pl.concat([calls, measures], how="horizontal").sort("id"),
        edges=edges.select("acts", "weight", source="actor_id", target="target_id")
        .select(EDGES)
        .sort("source", "target"),
        methods=methods,
    )
