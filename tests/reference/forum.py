"""All posts of a store and who opened them, by persons."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from .acts import THREAD_TYPES
from .people import People
from .statements import Statement
from .threads import Post, read_posts
from .views import View, read_views


@dataclass(frozen=True)
class Forum:
    """Posts and views of threads and posts, each sorted by (time, statement id). Who opted out did nothing."""

    posts: list[Post]
    views: list[View]
    threads: Mapping[str, list[Post]]  # the posts of each, by the item of the thread, or of what may be one
    items: Mapping[str, list[Post]]  # the posts of an item that is no thread

    @classmethod
    def read(cls, statements: Iterable[Statement], people: People) -> "Forum":
        """What statements tell, and the persons behind it."""
        told = list(statements)
        everything = read_posts(told)
        # A thread is one whoever wrote there, and remains one to look at.
        threads = {post.thread for post in everything if post.thread}
        items = {post.item for post in everything if post.item}
        posts = [mine for post in everything if (mine := _by_person(post, people))]
        return cls(
            posts=posts,
            views=[
                replace(view, actor=person)
                for view in read_views(told)
                if (person := people.counted(view.actor))
                and (view.item in threads or view.item in items or view.type in THREAD_TYPES)
            ],
            threads=_grouped((post.thread or post.unseen, post) for post in posts),
            items=_grouped((post.item, post) for post in posts if post.item not in threads),
        )

    def thread_of(self, root: Post, before: datetime) -> list[Post]:
        """The posts of a root's thread before an instant, the earliest first."""
        return [post for post in self.threads[root.thread or ""] if post.at < before]

    def first_response(self, root: Post) -> Post | None:
        """The first post in a root's thread by another than its author, whenever it was."""
        return next((post for post in self.threads[root.thread or ""] if post.actor != root.actor), None)

    def opened(self, view: View) -> list[Post]:
        """What a view opened: of a thread all posts written up to it, of a post that one."""
        if view.item in self.threads:
            return [post for post in self.threads[view.item] if post.at <= view.at]
        return self.items.get(view.item, [])


def _by_person(post: Post, people: People) -> Post | None:
    """A post by its author's person, at a person: None if the author opted out; nobody answers who did, or oneself."""
    author = people.counted(post.actor)
    if author is None:
        return None
    target = people.counted(post.target)
    mine = replace(post, act=replace(post.act, actor=author))
    return replace(mine, target=target) if target not in (None, author) else replace(mine, target=None, latency=None)


def _grouped(named: Iterable[tuple[str | None, Post]]) -> dict[str, list[Post]]:
    found: dict[str, list[Post]] = {}
    for name, post in named:
        if name is not None:
            found.setdefault(name, []).append(post)
    return found
