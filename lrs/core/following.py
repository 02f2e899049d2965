"""The readers of the feed follow it together: one change stream for all of them, whatever each has seen already."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from typing import Any, TypeAlias

import structlog

from lrs.core.feed_reader import FeedReader
from lrs.store.connection import Client
from lrs.store.feed import Feed, HistoryLost, open_feed

Document: TypeAlias = dict[str, Any]

BATCH = 500  # statements in one transaction

log = structlog.get_logger()


async def follow(client: Client, readers: Sequence[FeedReader[Any]]) -> AsyncGenerator[None]:
    """Let readers that have started follow the feed for ever; yields whenever they may have read something new."""
    while True:
        for reader in readers:
            await reader.read_settled()
            yield
        tokens = [reader.position.token for reader in readers]
        known = [token for token in tokens if token is not None]
        # The oldest position of all readers: what a reader has seen already counts once.
        oldest = min(known, key=lambda token: str(token["_data"])) if known else None
        try:
            async with open_feed(client, oldest) as opened:
                async for _ in _hear(opened, readers, None if oldest is not None else await opened.begin()):
                    yield
        except HistoryLost:
            log.warning("the oplog has rolled past the position: catching up by scanning")
            async with open_feed(client, None) as opened:
                async for _ in _hear(opened, readers, await opened.begin()):
                    yield


async def _hear(opened: Feed, readers: Sequence[FeedReader[Any]], begun: Document | None) -> AsyncIterator[None]:
    """Follow the feed; what it can't give, because it was `begun` just now, is scanned first."""
    for reader in readers:
        await reader.catch_up(begun)
        yield
    while True:
        news = await opened.news(BATCH)
        # At once: while one waits for the database, another computes.
        async with asyncio.TaskGroup() as tasks:
            for reader in readers:
                tasks.create_task(reader.hear(news))
        yield
