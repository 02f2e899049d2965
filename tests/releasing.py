"""What the worker does after the plugins: learns memberships, and releases weeks. Driven by hand."""

from lrs.core.analytics.releaser import Releaser
from lrs.core.analytics.tables import ViewTables
from lrs.core.people.identities import Identities
from lrs.core.people.learner import MembershipLearner
from lrs.plugin.loader import load_plugins
from lrs.store.connection import Client
from lrs.store.stores import Store


async def release(store: Store, client: Client) -> None:
    """Learn what is to be learned, and release what is due."""
    async with client.start_session() as session:
        learner, identities = MembershipLearner(store, "a test", session), Identities()
        await learner.start()
        while await learner.step():
            pass
        for plugin in load_plugins().values():
            releaser = Releaser(plugin, store, "a test", session, identities, ViewTables())
            await releaser.start()
            while await releaser.step():
                pass
