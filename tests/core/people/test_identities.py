from lrs.core.people.identities import Identities
from lrs.store.stores import Stores
from tests.telling import Telling


async def test_who_is_who_is_read_again_only_when_it_has_changed(stores: Stores) -> None:
    async with Telling.to_a_new_store(stores) as telling:
        identities = Identities()
        first = await identities.of(telling.store)
        await telling.introduce([{"id": "p1", "identifiers": [{"mbox": "mailto:a@example.org"}]}])
        second = await identities.of(telling.store)

        assert (first.version, first.imported) == (0, frozenset())
        assert second.person("mbox:mailto:a@example.org") == "p1"
        assert await identities.of(telling.store) is second
