"""The metrics of discussion over people: how evenly they write, who only reads, how much of it they open."""

from collections import Counter

from .asked import Asked, Measurement
from .figures import gini, mean, ratio
from .forum import Forum

NO_ROSTER = Measurement(None, reason="no_roster")


def participation_equality(forum: Forum, asked: Asked) -> Measurement:
    """1 - Gini of posts over the roster, silent people included."""
    written = _written_by_roster(asked)
    if written is None:
        return NO_ROSTER
    unequal = gini(written)
    return Measurement(None if unequal is None else 1 - unequal, len(written))


def top10_share(forum: Forum, asked: Asked) -> Measurement:
    """Posts by the tenth of the roster that writes most ÷ posts by the roster; a tenth begun is one more person."""
    written = _written_by_roster(asked)
    if written is None:
        return NO_ROSTER
    tenth = -(-len(written) // 10)
    return Measurement(ratio(sum(sorted(written)[-tenth:]), sum(written)), len(written))


def lurker_ratio(forum: Forum, asked: Asked) -> Measurement:
    """Roster people who opened a thread or post and wrote nothing ÷ those who opened or wrote."""
    roster = asked.roster()
    if roster is None:
        return NO_ROSTER
    opened = {view.actor for view in asked.own(forum.views)} & roster
    posted = {post.actor for post in asked.acts} & roster
    return Measurement(ratio(len(opened - posted), len(opened | posted)), len(opened | posted))


def listening_breadth(forum: Forum, asked: Asked) -> Measurement:
    """Mean over viewers of others' posts of the row that they opened ÷ others' posts of the row."""
    opened: dict[str, set[str]] = {}
    for view in asked.own(forum.views):
        opened.setdefault(view.actor, set()).update(post.act.statement_id for post in forum.opened(view))
    shares = []
    for viewer, seen in opened.items():
        others = {post.act.statement_id for post in asked.acts if post.actor != viewer}
        if others:
            shares.append(len(others & seen) / len(others))
    return Measurement(mean(shares), len(shares))


def _written_by_roster(asked: Asked) -> list[int] | None:
    """How many posts each person on the roster wrote; None if there is no roster."""
    roster = asked.roster()
    written = Counter(post.actor for post in asked.acts)
    return None if roster is None else [written[person] for person in roster]
