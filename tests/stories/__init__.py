"""Small stories of each plugin's own, with the people in them, as Hypothesis strategies; and a store that is told them.

People, things and moments are few, so that things are made twice, moments coincide and spans end on an act. Shapes are
those of the generator of samples and of real senders.
"""

from collections.abc import Mapping

from tests.stories import discussing, mentoring, sharing
from tests.stories.story import Stories, Story

STORIES: Mapping[str, Stories] = {
    "discussion": discussing.stories(),
    "mentoring": mentoring.stories(),
    "sharing": sharing.stories(),
}
"""By the plugin they are about."""

__all__ = ["STORIES", "Stories", "Story"]
