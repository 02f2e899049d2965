"""The identity of each store as a process knows it: read again when its version has changed."""

import asyncio

from lrs.core.people.identity import Identity, identity
from lrs.store.stores import Store


class Identities:
    """The identities that were read, by store."""

    def __init__(self) -> None:
        self._known: dict[str, Identity] = {}

    async def of(self, store: Store) -> Identity:
        """Return who is who in a store by now: one small read unless that has changed. Raises: Unavailable."""
        version = await store.people.version()
        known = self._known.get(store.name)
        if known is None or known.version != version:
            # Read after the version: what is newer is read again under its own.
            people, learned = await store.people.everybody(), await store.learned.everything()
            known = self._known[store.name] = await asyncio.to_thread(identity, version, people, learned)
        return known
