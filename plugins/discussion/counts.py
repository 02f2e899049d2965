"""How much is written, by how many, and how lively boards are."""

from lrs.plugin import Metric, Number, Scope
from plugins.discussion.posts import POST, REPLY, START

_SECONDS_A_DAY = 86_400


def threads(scope: Scope) -> Number:
    """Count the threads that start in the window. Unit: n."""
    return Number(len(scope.acts.filter(START)))


def posts(scope: Scope) -> Number:
    """Count the posts in the window, first posts included. Unit: n."""
    return Number(len(scope.acts.filter(POST)))


def replies(scope: Scope) -> Number:
    """Count the posts in the window that don't start a thread. Unit: n."""
    return Number(len(scope.acts.filter(REPLY)))


def participants(scope: Scope) -> Number:
    """Count the distinct authors of posts in the window. Unit: people."""
    return Number(scope.acts.filter(POST)["actor"].n_unique())


def liveliness(scope: Scope) -> Number:
    """Return the posts on boards per board that has one and per day of the window. Unit: n/day.

    Source: Lithium Community Health Index.
    """
    posts = scope.acts.filter(POST)
    boards = posts["board"].drop_nulls()
    if boards.is_empty():
        return Number(None, n=None, why="no_data" if posts.is_empty() else "source_cannot_tell")
    days = (scope.until - scope.since).total_seconds() / _SECONDS_A_DAY
    return Number(len(boards) / (boards.n_unique() * days), n=None)


METRICS = (
    Metric(
        id="threads",
        title="Threads",
        unit="n",
        range=(0, None),
        direction="neutral",
        definition="threads that start in the window",
        no_data="0: no thread started",
        source="count",
        limits="A reply whose thread's start was never seen is a post and a reply, not a thread.",
        counts=True,
        compute=threads,
    ),
    Metric(
        id="posts",
        title="Posts",
        unit="n",
        range=(0, None),
        direction="neutral",
        definition="posts in the window, first posts of threads included",
        no_data="0: nobody posted",
        source="count",
        counts=True,
        compute=posts,
    ),
    Metric(
        id="replies",
        title="Replies",
        unit="n",
        range=(0, None),
        direction="neutral",
        definition="posts in the window that do not start a thread",
        no_data="0: nobody replied",
        source="count",
        counts=True,
        compute=replies,
    ),
    Metric(
        id="participants",
        title="Participants",
        unit="people",
        range=(0, None),
        direction="higher",
        definition="distinct authors of posts in the window",
        no_data="0: nobody posted",
        source="count",
        counts=True,
        compute=participants,
    ),
    Metric(
        id="liveliness",
        title="Liveliness of boards",
        unit="n/day",
        range=(0, None),
        direction="neutral",
        definition="posts on boards, divided by the boards that have one and by the days of the window",
        no_data="null: nobody posted, or no post tells its board (source_cannot_tell)",
        source="posts by board and day as in the Lithium Community Health Index",
        limits=(
            "A board is a forum, channel or community. Open edX names only the course, which is none; posts without a "
            "board are left out."
        ),
        compute=liveliness,
    ),
)
