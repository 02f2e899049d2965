"""A store that is told stories, one after another, in any order and in batches as they come."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from lrs.core.analytics.answer import Row
from lrs.kit.derivation import Derivation
from lrs.plugin import Plugin
from lrs.store.plugin_settings import Chosen
from tests.conversations import deliveries
from tests.reference.statements import Statement
from tests.stories.asking import Question
from tests.stories.story import Story
from tests.telling import MUCH_LATER, Telling


class Storyteller(Telling):
    """One store, which knows one story at a time and is asked about it in a time zone of choice."""

    async def tell_story(self, data: st.DataObject, story: Story, plugin: Plugin, zone: str) -> None:
        """Tell a story that a plugin hears of, and release it; who is who becomes known somewhere in the middle.

        Then weeks may have been released already of what was known until then.
        """
        batches = data.draw(deliveries(story.statements))
        known_after = data.draw(st.integers(0, len(batches)))
        released_before = data.draw(st.booleans())
        await self.forget()
        await self.store.plugin_settings.put(plugin.name, Chosen(config=dict(story.settings)))
        async with Derivation.of(self.store, self.client, [plugin]) as derivation:
            await self._take(derivation, batches[:known_after])
            if released_before:
                await self.introduce([{"id": person["id"]} for person in story.people])
                await self.release(replace(self.store, timezone=zone))
            await self.introduce(story.people)
            await self._take(derivation, batches[known_after:])
        await self.release(replace(self.store, timezone=zone))

    async def rows(self, question: Question, plugin: Plugin, zone: str) -> dict[str, Sequence[Row]]:
        """Return the answers of a plugin's metrics, by their ids."""
        analytics, store = question.analytics(), replace(self.store, timezone=zone)
        found = {}
        for metric in plugin.metrics:
            _, answer = await analytics.metric(store, f"{plugin.name}.{metric.id}", question.pairs)
            found[metric.id] = answer.rows
        return found

    async def _take(self, derivation: Derivation, batches: Sequence[Sequence[Statement]]) -> None:
        for batch in batches:
            await derivation.take(await self.post(batch), MUCH_LATER)
            await derivation.apply()
