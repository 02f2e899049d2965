"""All interactions of a store derived anew, by other rules or once more by the same, beside the ones that are served.

It is the same loop from the beginning, into a generation of its own. When it has caught up with the one that is served,
it takes its place the next time the worker starts over: then nobody writes, and no act is missed or counted twice.
"""

from contextlib import aclosing
from datetime import timedelta

import structlog

from lrs.core.batches import Batches
from lrs.core.following import follow
from lrs.core.normaliser.reader import StoreReader
from lrs.core.normaliser.rules import INTERACTIONS, Rules, load_rules
from lrs.store.connection import Client
from lrs.store.interactions import Session
from lrs.store.positions import NORMALISER, REBUILD
from lrs.store.stores import Store

NEAR = timedelta(seconds=1)  # this far behind the one that is served, it may take its place

log = structlog.get_logger()


async def rules_of(store: Store) -> Rules:
    """Return the rules that a store's settings make. Raises: BadRequest where they can't be used, Unavailable."""
    return load_rules((await store.plugin_settings.get(INTERACTIONS)).config)


async def is_wanted(store: Store, rules: Rules) -> bool:
    """Tell whether the interactions that are served were made by other rules, or a rebuild was asked for or begun."""
    served = await store.positions.get(NORMALISER)
    if served.rebuild_asked or served.version != rules.fingerprint:
        return True
    return (await store.positions.get(REBUILD)).generation > 0


async def rebuild(
    client: Client, store: Store, rules: Rules, owner: str, session: Session, batches: Batches | None = None
) -> None:
    """Derive the interactions anew; returns when they are ready to take the place of those that are served.

    One that was left half way is taken up, unless it was by other rules, or a new one was asked for. Raises: LeaseLost.
    """
    served = await store.positions.get(NORMALISER)
    begun = await store.positions.get(REBUILD)
    if begun.generation == 0 or begun.version != rules.fingerprint or served.rebuild_asked:
        await _begin(store, rules, owner, max(served.generation, begun.generation) + 1)
    reader = StoreReader(store, rules, owner, session, REBUILD, batches)
    await reader.start()
    async with aclosing(follow(client, [reader])) as followed:
        async for _ in followed:
            served = await store.positions.get(NORMALISER)
            behind = served.data_until is not None and (
                reader.position.data_until is None or served.data_until - reader.position.data_until > NEAR
            )
            if reader.position.scan is None and not behind:
                break
    await store.positions.move(REBUILD, owner, {"ready": True})


async def put_in_place(store: Store, owner: str, session: Session) -> None:
    """Let interactions that were derived anew take the place of those that are served, if they are ready.

    The position's failures take the place of the old ones too. To be called while no reader runs.
    """
    old = await store.positions.get(NORMALISER)

    async def change(session: Session) -> bool:
        placed = await store.positions.put_in_place(REBUILD, NORMALISER, owner, session)
        if placed is not None:
            await store.failures.rename(REBUILD, NORMALISER, session)
        return placed is not None

    if await session.with_transaction(change):
        log.info("interactions were derived anew", store=store.name)
        await _drop(store, old.generation)


async def _begin(store: Store, rules: Rules, owner: str, generation: int) -> None:
    half_way = (await store.positions.get(REBUILD)).generation
    if half_way:
        await _drop(store, half_way)
    await _drop(store, generation)  # what a kill may have left
    await store.interactions(generation).create_indexes()
    await store.learned.create_indexes(generation)
    await store.failures.forget_all(REBUILD)
    await store.positions.begin(REBUILD, owner, {"generation": generation, "version": rules.fingerprint})
    await store.positions.ask(NORMALISER, {"rebuild_asked": False})
    log.info("interactions are derived anew", store=store.name, generation=generation)


async def _drop(store: Store, generation: int) -> None:
    await store.interactions(generation).drop()
    await store.changes(generation).drop()
    await store.counts(generation).drop()
