"""Answers in their formats, brought into one shape: rows of a table, by the names of its columns."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias
from xml.etree import ElementTree

import httpx
import polars as pl

from lrs.core.network.graphml import NAMESPACE
from lrs.xapi import Json

Row: TypeAlias = Mapping[str, Any]

_TIME = "%Y-%m-%dT%H:%M:%S%.3fZ"
_SYMBOL = re.compile(r'aria-label="([^"]*)" role="graphics-symbol" aria-roledescription="([^"]*)"')


async def asked(http: httpx.AsyncClient, path: str, **parameters: str) -> httpx.Response:
    """Ask, uncompressed, and check that there is an answer."""
    answer = await http.get(path, params=parameters, headers={"Accept-Encoding": "identity"})
    assert answer.status_code == 200, (path, parameters, answer.text)
    return answer


def of_metric(row: Json) -> Row:
    """Return a row of a metric in JSON as its tables have it."""
    own = {name: row[name] for name in ("group", "value", "n_people", "n_acts", "suppressed", "reason")}
    beside = {name: each["value"] for name, each in row.get("beside", {}).items()}
    before = {f"previous_{name}": value for name, value in row.get("previous", {}).items()}
    return {**own, **_bucket(row), **beside, **before}


def of_groups(row: Json) -> Row:
    """Return a row of statements in groups in JSON as its tables have it."""
    reasons = "; ".join(f"{measure}: {reason}" for measure, reason in row["reasons"].items()) or None
    return {**{name: value for name, value in row.items() if name != "bucket"}, **_bucket(row), "reasons": reasons}


def _bucket(row: Json) -> Row:
    bucket = row["bucket"] or {"start": None, "end": None}
    return {"bucket_start": bucket["start"], "bucket_end": bucket["end"]}


def check_csv(written: str, told: Sequence[Row]) -> None:
    """Check that CSV has the same rows in the same order; what a row doesn't tell is empty."""
    lines = list(csv.DictReader(io.StringIO(written)))
    assert len(lines) == len(told)
    for line, row in zip(lines, told, strict=True):
        assert row.keys() <= line.keys()
        for name, text in line.items():
            value = row.get(name)
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            assert (float(text) == value) if is_number else (text == _text(value)), (name, row, line)


def _text(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else value


def check_parquet(content: bytes, told: Sequence[Row]) -> None:
    """Check the same of Parquet, and that all columns of numbers are null where nothing is told."""
    table = pl.read_parquet(io.BytesIO(content))
    table = table.with_columns(pl.col(pl.Datetime).dt.strftime(_TIME))
    assert all(row.keys() <= set(table.columns) for row in told)
    assert table.to_dicts() == [{name: row.get(name) for name in table.columns} for row in told]


def symbols(svg: str) -> list[str]:
    """Return what a picture says of each mark that stands for a value: bars and points."""
    return [label for label, kind in _SYMBOL.findall(svg) if kind in ("bar", "point")]


def edges(content: bytes) -> list[Row]:
    """Return the edges of a network as GraphML: source, target and their data, as text."""
    graph = ElementTree.fromstring(content)
    return [
        {**each.attrib, **{data.attrib["key"].removeprefix("edge."): data.text for data in each}}
        for each in graph.iter(f"{{{NAMESPACE}}}edge")
    ]


def nodes(content: bytes) -> dict[str, dict[str, float]]:
    """Return the numbers of each node of a network as GraphML."""
    graph = ElementTree.fromstring(content)
    return {
        each.attrib["id"]: {data.attrib["key"].removeprefix("node."): float(data.text or "") for data in each}
        for each in graph.iter(f"{{{NAMESPACE}}}node")
    }
