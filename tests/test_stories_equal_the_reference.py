"""Small stories with every mishap, told in any order: every metric's rows are those of an independent reading.

`STORIES=1000` in the environment tells so many stories of each plugin instead of the usual few.
"""

import os
from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lrs.plugin.loader import load_plugins
from lrs.store.stores import Stores
from tests import reference
from tests.reference.domain import DOMAINS
from tests.stories import STORIES
from tests.stories.asking import ZONES, all_of_it, differences, questions
from tests.stories.storyteller import Storyteller

EXAMPLES = int(os.environ.get("STORIES", "10"))
ASKED = 2  # questions about each story, of all metrics, besides the one after everything

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300 + 10 * EXAMPLES)]  # a story takes one second or two


@pytest.fixture(scope="module")
async def teller(stores: Stores) -> AsyncIterator[Storyteller]:
    async with Storyteller.to_a_new_store(stores) as made:
        yield made


@pytest.mark.parametrize("plugin", STORIES)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    # Shrinking would take minutes of a database's time: what Hypothesis finds is short already.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
async def test_every_row_of_a_story_is_the_references(data: st.DataObject, plugin: str, teller: Storyteller) -> None:
    chosen, story, zone = load_plugins()[plugin], data.draw(STORIES[plugin]), data.draw(st.sampled_from(ZONES))
    await teller.tell_story(data, story, chosen, zone)
    read = reference.read(story.statements, plugin=plugin, people=story.people, settings=story.settings)
    for question in (all_of_it(story), *(data.draw(questions(story)) for _ in range(ASKED))):
        for metric, rows in (await teller.rows(question, chosen, zone)).items():
            wrong = differences(rows, question.of_the_reference(read, f"{plugin}.{metric}", zone, story.settings))
            assert not wrong, f"{metric}: {len(wrong)} rows, first {wrong[0][0]}, by the reference {wrong[0][1]}"


def test_there_are_stories_of_every_plugin_that_the_reference_knows() -> None:
    assert STORIES.keys() == DOMAINS.keys()
