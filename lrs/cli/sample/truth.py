"""The truth: what the statements of a sample mean, noted while they are made."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from lrs.cli.sample.period import Period, iso, week
from lrs.cli.sample.threads import Post, Thread
from lrs.cli.sample.told import Sent
from lrs.xapi import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What an analysis of the sample has to find; persons are actor keys, not merged, and items are activity ids.

    - `interactions`: by statement id the acts it tells: `{kind, actor, t, object, target, polarity, undo, state,
      state_by, state_t}`, with `{parent, root, depth}` of what makes a post or a share. `undo` is an act taken back;
      `state` is live, deleted, undone, or superseded for a retry twin, `state_by` the statement that made it so and
      `state_t` when a deleted or undone one ended. All is as it truly was; what no statement lets anybody see is in
      `hidden`: by field `{reason, told}`, with the reasons of `told.py`. Voided statements, and those that say nothing
      social, are left out.
    - `threads`: by thread item `{author, t, course, sender, shape, question, posts: [{statement, item, author, parent,
      told_parent, t, replied_to}]}`; the root comes first, with null parents. `parent` is the true one, `told_parent`
      what the statement itself reveals, `replied_to` the author of the latter if it was seen. Voided posts are left
      out, and so is a root that was never sent: `author` and `t` are null then.
    - `replies`: `[statement, replier, replied-to]`, self-replies included, as the shape can tell; null where it can't.
    - `mentoring_pairs`: `[mentor, mentee, sessions]`; `cascades`: by root item `{size, depth, breadth}`, a share that
      nobody passed on included and recommendations left out; `sharing`: `{shares, reposts, recommendations}`.
    - `weeks`: by ISO week in UTC, `totals` for the whole: `{threads, posts, replies, participants}`, roots are posts.
    - `voided`: voided statements; `twins`: repeated statements to be dropped; `late`: statements that arrive late.
    """

    parameters: Json
    interactions: dict[str, list[Json]]
    threads: dict[str, Json]
    replies: list[list[str | None]]
    mentoring_pairs: list[list[str | int]]
    cascades: dict[str, dict[str, int]]
    sharing: dict[str, int]
    weeks: dict[str, dict[str, int]]
    totals: dict[str, int]
    voided: list[str]
    twins: list[str]
    late: list[str]

    def as_dict(self) -> Json:
        """Return the content of `truth.json`."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def interactions(sent: Iterable[Sent]) -> dict[str, list[Json]]:
    """Return the acts of every statement that stands, once every end has come to what it ends."""
    standing = sorted((each for each in sent if each.stands), key=lambda each: (each.at, each.id))
    for each in standing:
        for act in each.acts:
            for ended in act.ends:
                ended.end("deleted" if act.kind == "delete" else "undone", each, unseen=act.ends_unseen)
    return {each.id: [act.as_dict() for act in each.acts] for each in standing if each.acts}


def kept_posts(threads: Iterable[Thread]) -> list[Post]:
    """Return the posts that were sent and not voided, thread by thread."""
    return [post for thread in threads for post in thread.posts if post.seen]


def told_threads(threads: Iterable[Thread]) -> dict[str, Json]:
    """Return the threads in the truth's shape, but for those of which nothing is left."""
    return {thread.item: _thread(thread) for thread in threads if any(post.seen for post in thread.posts)}


def told_replies(posts: Iterable[Post]) -> list[list[str | None]]:
    """Return statement, replier and replied-to of every reply."""
    return [[post.statement, post.key, post.replied_to] for post in posts if post.parent]


def by_week(posts: list[Post], period: Period) -> dict[str, dict[str, int]]:
    """Return the counts of every ISO week the period touches, zeros included."""
    weeks: dict[str, list[Post]] = {name: [] for name in period.weeks()}
    for post in posts:
        weeks[week(post.at)].append(post)
    return {name: counts(of_week) for name, of_week in weeks.items()}


def counts(posts: list[Post]) -> dict[str, int]:
    """Return threads, posts, replies and participants (distinct actor keys)."""
    roots = Counter(post.parent is None for post in posts)
    return {
        "threads": roots[True],
        "posts": len(posts),
        "replies": roots[False],
        "participants": len({post.key for post in posts}),
    }


def _thread(thread: Thread) -> Json:
    return {
        "author": thread.root.key if thread.root.seen else None,
        "t": iso(thread.root.at) if thread.root.seen else None,
        "course": thread.course,
        "sender": thread.sender,
        "shape": thread.shape,
        "question": thread.question,
        "posts": [_post(post) for post in thread.posts if post.seen],
    }


def _post(post: Post) -> Json:
    told = post.told_parent
    return {
        "statement": post.statement,
        "item": post.item,
        "author": post.key,
        "parent": post.parent.item if post.parent else None,
        "told_parent": told.item if told else None,
        "t": iso(post.at),
        "replied_to": post.replied_to,
    }
