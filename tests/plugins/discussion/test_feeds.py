"""Whatever the order, the repetitions, the voids and the interruptions: the same acts and the same numbers."""

from lrs import kit
from plugins.discussion import plugin
from tests.plugins.discussion.test_golden import MANY, hand_thread, moodle_and_edx


def test_any_feed_of_posts_and_views_gives_the_same(mongodb_url: str) -> None:
    kit.check(plugin, [*hand_thread(0, MANY), *hand_thread(1, MANY), *moodle_and_edx()], mongodb_url=mongodb_url)
