"""GraphML, read again by another library."""

from pathlib import Path
from xml.etree import ElementTree

import polars as pl
import rustworkx

from lrs.core.network.graphml import NAMESPACE, graphml

NODES = pl.DataFrame(
    {"id": ["p-1", "4711"], "name": [None, 'Ann <"&\x01> Ä'], "degree": [1, 2], "betweenness": [0.5, None]},
    schema={"id": pl.String(), "name": pl.String(), "degree": pl.Int64(), "betweenness": pl.Float64()},
)
EDGES = pl.DataFrame({"source": ["p-1"], "target": ["4711"], "acts": [3], "weight": [1.25]})


def test_another_library_reads_the_same_graph(tmp_path: Path) -> None:
    file = tmp_path / "network.graphml"
    file.write_bytes(graphml({"since": "2026-03-02"}, NODES, EDGES))
    (read,) = rustworkx.read_graphml(str(file))

    assert isinstance(read, rustworkx.PyDiGraph)
    nodes = {node["id"]: node for node in read.nodes()}
    assert nodes["p-1"]["degree"] == 1
    assert nodes["p-1"]["betweenness"] == 0.5
    assert nodes["4711"]["name"] == 'Ann <"&\N{REPLACEMENT CHARACTER}> Ä'
    ((source, target, edge),) = read.weighted_edge_list()
    assert [read[end]["id"] for end in (source, target)] == ["p-1", "4711"]
    assert (edge["acts"], edge["weight"]) == (3, 1.25)
    assert read.attrs["since"] == "2026-03-02"


def test_every_value_has_a_key_that_says_its_name_and_type() -> None:
    root = ElementTree.fromstring(graphml({"level": "group"}, NODES, EDGES))
    keys = {key.get("id"): (key.get("for"), key.get("attr.type")) for key in root.iter(f"{{{NAMESPACE}}}key")}

    assert keys == {
        "graph.level": ("graph", "string"),
        "node.name": ("node", "string"),
        "node.degree": ("node", "long"),
        "node.betweenness": ("node", "double"),
        "edge.acts": ("edge", "long"),
        "edge.weight": ("edge", "double"),
    }
    assert {data.get("key") for data in root.iter(f"{{{NAMESPACE}}}data")} == keys.keys()


def test_what_is_null_is_left_out() -> None:
    text = graphml({}, NODES[:1], EDGES[:0]).decode()

    assert 'key="node.name"' not in text
    assert text.startswith("<?xml version='1.0' encoding='UTF-8'?>")
