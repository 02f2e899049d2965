"""GraphML, as Gephi, yEd, NetworkX and others read it. Source: graphml.graphdrawing.org, the specification of 2002."""

import re
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

import polars as pl

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
_SCHEMA = f"{NAMESPACE} {NAMESPACE}/1.0/graphml.xsd"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def graphml(about: Mapping[str, str], nodes: pl.DataFrame, edges: pl.DataFrame) -> bytes:
    """Return a directed graph as GraphML, in UTF-8.

    `nodes` has an `id` and `edges` a `source` and a `target`, which are ids; all other columns become data, of which
    what is null is left out, and so does `about`, of the graph as a whole. What XML may not hold is replaced.
    """
    root = Element("graphml", {"xmlns": NAMESPACE, "xmlns:xsi": _INSTANCE, "xsi:schemaLocation": _SCHEMA})
    _add_keys(root, "graph", dict.fromkeys(about, "string"))
    _add_keys(root, "node", _types(nodes.drop("id")))
    _add_keys(root, "edge", _types(edges.drop("source", "target")))
    graph = SubElement(root, "graph", {"id": "network", "edgedefault": "directed"})
    _add_data(graph, "graph", about)
    for row in nodes.iter_rows(named=True):
        _add_data(SubElement(graph, "node", {"id": _text(row.pop("id"))}), "node", row)
    for row in edges.iter_rows(named=True):
        ends = {end: _text(row.pop(end)) for end in ("source", "target")}
        _add_data(SubElement(graph, "edge", ends), "edge", row)
    return bytes(tostring(root, encoding="UTF-8", xml_declaration=True))


def _add_keys(root: Element, of: str, types: Mapping[str, str]) -> None:
    for name, type_ in types.items():
        SubElement(root, "key", {"id": f"{of}.{name}", "for": of, "attr.name": name, "attr.type": type_})


def _add_data(element: Element, of: str, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if value is not None:
            SubElement(element, "data", {"key": f"{of}.{name}"}).text = _text(value)


def _types(table: pl.DataFrame) -> dict[str, str]:
    return {name: _type(type_) for name, type_ in table.schema.items()}


def _type(column: pl.DataType) -> str:
    if column.is_integer():
        return "long"
    return "double" if column.is_float() else "string"


def _text(value: object) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", str(value))
