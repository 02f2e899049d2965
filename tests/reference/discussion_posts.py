"""The metrics of discussion over single posts: how many, how fast, toward whom, by whom and where."""

from datetime import timedelta

from .asked import Asked, Measurement, within
from .figures import median, percentile, ratio
from .forum import Forum
from .people import People
from .threads import Post

INSTRUCTORS = ("instructor", "teacher")


def threads(forum: Forum, asked: Asked) -> Measurement:
    """Roots."""
    return Measurement(sum(post.is_root for post in asked.acts))


def posts(forum: Forum, asked: Asked) -> Measurement:
    """Posts, roots included."""
    return Measurement(len(asked.acts))


def replies(forum: Forum, asked: Asked) -> Measurement:
    """Posts that are not roots."""
    return Measurement(len(_replies(asked)))


def participants(forum: Forum, asked: Asked) -> Measurement:
    """Distinct authors."""
    return Measurement(len({post.actor for post in asked.acts}))


def median_response_time(forum: Forum, asked: Asked) -> Measurement:
    """Median of reply - its parent, in s."""
    latencies = _latencies(asked)
    return Measurement(median(latencies), len(latencies))


def p90_response_time(forum: Forum, asked: Asked) -> Measurement:
    """90th percentile of reply - its parent, in s."""
    latencies = _latencies(asked)
    return Measurement(percentile(latencies, 0.9), len(latencies))


def reply_reciprocity(forum: Forum, asked: Asked) -> Measurement:
    """A group's arcs are those its replies make; the reverse may come from anyone's reply in the window."""
    arcs = {(post.actor, post.target) for post in asked.acts if post.target}
    everyones = {(post.actor, post.target) for post in within(forum.posts, asked.since, asked.as_of) if post.target}
    returned = [(source, target) for source, target in arcs if (target, source) in everyones]
    return Measurement(ratio(len(returned), len(arcs)), len(arcs))


def instructor_share(forum: Forum, asked: Asked) -> Measurement:
    """Replies by instructors ÷ replies."""
    written = _replies(asked)
    return Measurement(ratio(sum(_is_instructors(post, asked.people) for post in written), len(written)), len(written))


def _is_instructors(post: Post, people: People) -> bool:
    """What somebody is in the course at that time decides; the statement does only for who is nothing there."""
    roles = {
        each.role
        for each in people.belonging.get(post.actor, ())
        if each.kind == "course" and each.group == post.course and each.covers(post.at)
    }
    return not roles.isdisjoint(INSTRUCTORS) if roles else post.act.by_instructor


def liveliness(forum: Forum, asked: Asked) -> Measurement:
    """Posts on boards ÷ (boards with a post × days of the window)."""
    boards = [post.act.board for post in asked.acts if post.act.board]
    if asked.acts and not boards:
        return Measurement(None, reason="source_cannot_tell")
    days = (asked.until - asked.since) / timedelta(days=1)
    return Measurement(ratio(len(boards), len(set(boards)) * days))


def _replies(asked: Asked) -> list[Post]:
    return [post for post in asked.acts if not post.is_root]


def _latencies(asked: Asked) -> list[float]:
    return [post.latency.total_seconds() for post in asked.acts if post.latency is not None]
