"""Taking statements away: all that the filters fit, as JSON lines, CSV or Parquet."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

import polars as pl

from lrs import clock
from lrs.core.querying.columns import COLUMNS, USUAL, fields, table
from lrs.core.querying.filters import FILTERS, Given, chosen, filtered, listed, refused
from lrs.store.statement_rows import StatementRows
from lrs.store.stores import Store
from lrs.xapi.query import StatementQuery, index_keys

Batches: TypeAlias = AsyncGenerator[list[dict[str, Any]], None]
Content: TypeAlias = AsyncGenerator[bytes, None]

PARAMETERS = (*FILTERS, "since", "until", "ascending", "limit", "format", "columns")
FORMATS = ("jsonl", "csv", "parquet")
MEDIA_TYPES = {
    "jsonl": "application/x-ndjson",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
}

ROW_GROUP = 20_000  # rows of a Parquet file that are put together in memory
PIECE = 262_144  # bytes of a file that are read at once


@dataclass(frozen=True, slots=True)
class ExportQuery:
    """Which statements, which columns of them, and in which format."""

    filters: StatementQuery
    columns: Sequence[str]
    format: str

    @property
    def limit(self) -> int | None:
        """How many statements at the most; None for all of them."""
        return self.filters.limit or None

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.format]


@dataclass(frozen=True, slots=True)
class Export:
    """What is taken away, in pieces, and the time before which nothing is missing in it."""

    content: Content
    through: datetime


def read_query(given: Given) -> ExportQuery:
    """Return what the parameters ask. Raises: BadRequest naming the parameter."""
    format_ = chosen(given, "format", FORMATS)
    if format_ == "jsonl" and "columns" in given:
        raise refused("columns", "JSON lines hold whole statements", "columns with format=csv or format=parquet")
    columns = listed(given, "columns", tuple(COLUMNS), USUAL)
    return ExportQuery(filtered(given, "since", "until", "ascending", "limit"), columns, format_)


async def export(store: Store, query: ExportQuery) -> Export:
    """Begin to take statements away: what can't be answered fails here, before anything is sent.

    They are those that were stored before this, by `stored`, the newest first unless asked otherwise; voided ones are
    left out. Raises: Unavailable, also later while the content is read. Source: xAPI Communication 2.1.3.
    """
    through = await store.statements.reached(clock.now())
    asked = query.filters
    batches = StatementRows(store.database).batches(
        index_keys(asked),
        ["raw"] if query.format == "jsonl" else fields(query.columns),
        since=asked.since,
        until=asked.until,
        bound=through,
        ascending=asked.ascending,
        limit=query.limit,
    )
    return Export(await _begun(_WRITERS[query.format](batches, query.columns)), through)


async def _begun(content: Content) -> Content:
    """Return the content once its first piece is there."""
    first = await anext(content, None)

    async def whole() -> Content:
        async with aclosing(content):
            if first is not None:
                yield first
            async for piece in content:
                yield piece

    return whole()


async def _json_lines(batches: Batches, columns: Sequence[str]) -> Content:
    async with aclosing(batches):
        async for batch in batches:
            for piece in _joined(batch):
                yield piece


def _joined(batch: Sequence[Mapping[str, Any]]) -> list[bytes]:
    """Return statements one a line, in pieces that the application compresses in a moment."""
    pieces, piece, size = list[bytes](), list[bytes](), 0
    for statement in batch:
        piece.append(statement["raw"])
        size += len(statement["raw"])
        if size > PIECE:
            pieces.append(b"\n".join([*piece, b""]))
            piece, size = [], 0
    return [*pieces, b"\n".join([*piece, b""])] if piece else pieces


async def _csv(batches: Batches, columns: Sequence[str]) -> Content:
    """Yield CSV (RFC 4180): an absent value is an empty field, an empty text one in quotes."""
    is_first = True
    async with aclosing(batches):
        async for batch in batches:
            yield _as_csv(table(batch, columns), is_first)
            is_first = False
    if is_first:
        yield _as_csv(table([], columns), True)


def _as_csv(rows: pl.DataFrame, with_header: bool) -> bytes:
    return rows.write_csv(
        include_header=with_header, line_terminator="\r\n", datetime_format="%Y-%m-%dT%H:%M:%S%.3fZ"
    ).encode()


async def _parquet(batches: Batches, columns: Sequence[str]) -> Content:
    """Yield a Parquet file, which is put together on the disk: its row groups are larger than a batch."""
    with tempfile.TemporaryDirectory(prefix="lrs-export-", ignore_cleanup_errors=True) as folder:
        number = 0
        async for rows in _row_groups(batches, columns):
            await asyncio.to_thread(rows.write_ipc, Path(folder, f"{number:09}.arrow"), compression="zstd")
            number += 1
        whole = Path(folder, "whole.parquet")
        parts = pl.scan_ipc(Path(folder, "*.arrow"))
        await asyncio.to_thread(parts.sink_parquet, whole, row_group_size=ROW_GROUP)
        with await asyncio.to_thread(whole.open, "rb") as file:
            while piece := await asyncio.to_thread(file.read, PIECE):
                yield piece


async def _row_groups(batches: Batches, columns: Sequence[str]) -> AsyncGenerator[pl.DataFrame, None]:
    """Yield tables of ROW_GROUP rows or a few more; the last one, which may be the only one, of fewer."""
    held, rows = [table([], columns)], 0
    async with aclosing(batches):
        async for batch in batches:
            held.append(table(batch, columns))
            rows += len(batch)
            if rows >= ROW_GROUP:
                yield pl.concat(held)
                held, rows = [table([], columns)], 0
    yield pl.concat(held)


_WRITERS: Mapping[str, Callable[[Batches, Sequence[str]], Content]] = {
    "jsonl": _json_lines,
    "csv": _csv,
    "parquet": _parquet,
}
