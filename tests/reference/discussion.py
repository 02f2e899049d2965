"""The raw metrics of discussion, without any guard."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, ClassVar

from . import discussion_posts as of_posts
from . import discussion_roster as of_roster
from . import discussion_threads as of_threads
from .asked import Asked, Measurement
from .forum import Forum
from .people import People
from .statements import Statement
from .threads import Post

_COUNTS: dict[str, Callable[[Forum, Asked], Measurement]] = {
    "threads": of_posts.threads,
    "posts": of_posts.posts,
    "replies": of_posts.replies,
    "participants": of_posts.participants,
    "liveliness": of_posts.liveliness,
}
_MEDIANS: dict[str, Callable[[Forum, Asked], Measurement]] = {
    "median_response_time": of_posts.median_response_time,
    "p90_response_time": of_posts.p90_response_time,
    "time_to_first_response": of_threads.time_to_first_response,
}
_RATIOS: dict[str, Callable[[Forum, Asked], Measurement]] = {
    "unanswered_rate": of_threads.unanswered_rate,
    "reply_reciprocity": of_posts.reply_reciprocity,
    "instructor_share": of_posts.instructor_share,
    "depth": of_threads.depth,
    "breadth": of_threads.breadth,
    "interactivity": of_threads.interactivity,
    "participation_equality": of_roster.participation_equality,
    "top10_share": of_roster.top10_share,
    "lurker_ratio": of_roster.lurker_ratio,
    "listening_breadth": of_roster.listening_breadth,
}
_ALL = _COUNTS | _MEDIANS | _RATIOS


class Discussion:
    """All posts of a store. Views of threads and posts are kept beside: who only reads is no contributor."""

    METRICS: ClassVar[Mapping[str, int]] = (
        dict.fromkeys(_COUNTS, 0) | dict.fromkeys(_MEDIANS, 5) | dict.fromkeys(_RATIOS, 10)
    )

    LOOK_BACK: ClassVar[Collection[str]] = ()

    def __init__(self, forum: Forum, people: People) -> None:
        self.forum = forum
        self.people = people

    @classmethod
    def read(cls, statements: Iterable[Statement], people: People, settings: Mapping[str, Any]) -> "Discussion":
        """The posts that statements tell; no setting changes which."""
        return cls(Forum.read(statements, people), people)

    @property
    def acts(self) -> list[Post]:
        """The posts, by (time, statement id)."""
        return self.forum.posts

    def measure(self, asked: Asked) -> Measurement:
        """One metric over a row's posts. Settings: `grace_hours` (72), `questions_only` (False)."""
        return _ALL[asked.metric](self.forum, asked)
