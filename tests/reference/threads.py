"""Acts put together into threads: whose item each is, what a response answers, and which responses are posts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .acts import FORUM_REPLY, SOLUTION, THREAD_TYPES, TINCAN_TYPE, Act, Place, read_act
from .statements import COURSE_TYPES, STREAMS, Statement, standing

TWIN_GAP = timedelta(minutes=10)
REPLY_TYPES = {FORUM_REPLY, SOLUTION, *(f"{base}comment" for base in STREAMS)}
EDLM = "https://xapi.edlm/profiles/edlm-lms/concepts/activity-types/"
CONTAINER_TYPES = COURSE_TYPES | {
    f"{EDLM}forum",
    f"{EDLM}group",
    "http://adlnet.gov/expapi/activities/module",
    *(f"{TINCAN_TYPE}{name}" for name in ("lms", "section", "community-site", "site")),
    *(f"{base}{name}" for base in STREAMS for name in ("group", "community")),
}

# How likely a place is the direct parent, the best first.
REPLY, THREAD, UNTYPED, CONTENT = range(4)


@dataclass(frozen=True)
class Post:
    """An act of a discussion. `thread` is None if nobody ever named the thread of a reply.

    Then `unseen` is what its parents lead to, which may be a thread whose start was not told.
    `target` is the other person replied to, None if unknown or the author; `latency` likewise, and None if negative.
    `item` is the id of what was written, None if nobody tells it; `depth` the distance from the root, None if unknown.
    """

    act: Act
    thread: str | None
    is_root: bool
    target: str | None
    latency: timedelta | None
    item: str | None
    depth: int | None
    unseen: str | None = None

    @property
    def at(self) -> datetime:
        """When it was written."""
        return self.act.at

    @property
    def actor(self) -> str:
        """Who wrote it."""
        return self.act.actor

    @property
    def course(self) -> str | None:
        """The course its statement names."""
        return self.act.course


@dataclass(frozen=True)
class Ending:
    """Where the parents of a response lead: to a thread, to something that can't be a thread, or out of sight."""

    thread: str | None = None
    is_content: bool = False
    is_forum_reply: bool = False
    unseen: str | None = None

    @property
    def is_post(self) -> bool:
        """A thread at the end, or a forum reply whose thread is out of sight."""
        return self.thread is not None or (self.is_forum_reply and not self.is_content)


def read_posts(statements: Iterable[Statement]) -> list[Post]:
    """All posts by (timestamp, statement id), without voided ones and twins, whatever order they came in."""
    told = [read_act(statement) for statement in standing(list(statements))]
    return Forest(sorted((act for act in told if act), key=lambda act: act.order)).posts()


def interactions(statements: Iterable[Statement]) -> list[tuple[str, str, str, str | None]]:
    """(statement id, kind, actor, target) of every post, as `read_posts` orders and `agent_key` writes them."""
    return [(post.act.statement_id, post.act.kind, post.act.actor, post.target) for post in read_posts(statements)]


class Forest:
    """All threads of a store. `acts` come sorted, so that the first of an item is its author's."""

    def __init__(self, acts: list[Act]) -> None:
        self.acts = acts
        responses = [act for act in acts if not act.opens]
        self.roots = _first((act.object.id, act) for act in acts if act.opens)
        self.said = {act.own_reply or act.object.id for act in responses}
        self.items = _first((own, act) for act in responses if (own := self.own_id(act)))
        self.endings: dict[str, Ending] = {}
        self.parents: dict[str, Place | None] = {}
        self.depths: dict[str, int | None] = {}

    def posts(self) -> list[Post]:
        """The posts among the acts, each told once."""
        last_kept: dict[tuple[object, ...], datetime] = {}
        posts = []
        for act in self.acts:
            post = self._post(act)
            parent = None if act.opens else self.parent(act)
            written = act.object.id if act.opens else self.own_id(act) or act.object.id
            key = (act.actor, act.kind, written, parent and parent.id, post and post.target)
            if key in last_kept and act.at - last_kept[key] < TWIN_GAP:
                continue
            last_kept[key] = act.at
            if post:
                posts.append(post)
        return posts

    def _post(self, act: Act) -> Post | None:
        if act.opens:
            # A later create or ask on the same item is a post of that thread, but it answers nobody.
            thread = act.object.id
            return Post(act, thread, self.roots[thread] is act, target=None, latency=None, item=thread, depth=0)
        ending = self.ending(act)
        if not ending.is_post:
            return None
        own, depth = self.own_id(act), self.depth(act)
        written = Post(act, ending.thread, False, None, None, own, depth, ending.unseen)
        answered = self.answered(act)
        if answered is None or answered.actor == act.actor:
            return written
        waited = act.at - answered.at
        return replace(written, target=answered.actor, latency=waited if waited >= timedelta(0) else None)

    def depth(self, act: Act) -> int | None:
        """How many parents lead up to the thread's start; None where one is dropped by its sender or out of sight."""
        path: dict[str, None] = {}
        step: Act | None = act
        while step and not step.opens and not step.drops_parent and not self._is_known(step, path):
            path[step.statement_id] = None
            step = self.answered(step)
        known = 0 if step and step.opens else self.depths.get(step.statement_id) if step else None
        for passed in reversed(path):
            known = None if known is None else known + 1
            self.depths[passed] = known
        return self.depths.get(act.statement_id)

    def _is_known(self, act: Act, path: Mapping[str, None]) -> bool:
        return act.statement_id in self.depths or act.statement_id in path

    def answered(self, act: Act) -> Act | None:
        """The first act of the parent item: its author's. Without true parents that is the thread's start."""
        parent = self.parent(act)
        return (self.roots.get(parent.id) or self.items.get(parent.id)) if parent else None

    def own_id(self, act: Act) -> str | None:
        """The id of what a response wrote; None if its object is the thread and it names no other."""
        return act.own_reply if self.answers_object(act) else act.object.id

    def answers_object(self, act: Act) -> bool:
        """Whether the object is the thread replied to, not the reply."""
        if act.object.id in self.roots:
            return act.names_parents
        if act.object.type not in THREAD_TYPES or self._thread_in_grouping(act):
            return False
        # A comment below a wiki page is typed as a discussion by Moodle; its parent tells what it is about.
        telling = (REPLY, THREAD, CONTENT) if act.kind == "comment" else (REPLY, THREAD)
        return not any(self._rank(parent) in telling for parent in act.parents if parent.id != act.object.id)

    def parent(self, act: Act) -> Place | None:
        """What a response answers, found once."""
        if act.statement_id not in self.parents:
            self.parents[act.statement_id] = self._find_parent(act)
        return self.parents[act.statement_id]

    def _find_parent(self, act: Act) -> Place | None:
        if self.answers_object(act):
            return act.object
        grouping = self._thread_in_grouping(act)
        if not act.names_parents:
            return grouping
        # By type, never by position: the order of parents differs between senders.
        worst = UNTYPED if grouping else CONTENT
        candidates = [place for place in act.parents if place.id != act.object.id and self._rank(place) <= worst]
        return min(candidates, key=self._rank, default=grouping)

    def _rank(self, place: Place) -> int:
        if place.id in self.roots:
            return THREAD
        if place.type in CONTAINER_TYPES:
            return CONTENT + 1
        if place.id in self.said or place.type in REPLY_TYPES:
            return REPLY
        if place.type in THREAD_TYPES:
            return THREAD
        return UNTYPED if place.type is None else CONTENT

    def _thread_in_grouping(self, act: Act) -> Place | None:
        for place in act.grouping:
            if place.id != act.object.id and (place.id in self.roots or place.type in THREAD_TYPES):
                return place
        return None

    def ending(self, act: Act) -> Ending:
        """Where the parents of a response lead, walking up until a thread, an ending known already, or a loop."""
        path, passed = [act], {act.statement_id}
        above = self._next(act)
        while above and above.statement_id not in self.endings and above.statement_id not in passed:
            path.append(above)
            passed.add(above.statement_id)
            above = self._next(above)
        known = self.endings.get(above.statement_id) if above else None
        ending = known or Ending()
        for step in reversed(path):
            ending = self._step(step, ending)
            self.endings[step.statement_id] = ending
        return ending

    def _next(self, act: Act) -> Act | None:
        parent = self.parent(act)
        return None if parent is None or parent.id in self.roots else self.items.get(parent.id)

    def _step(self, act: Act, above: Ending) -> Ending:
        """The ending of an act whose parent ends like `above`."""
        parent, grouping = self.parent(act), self._thread_in_grouping(act)
        if parent and parent.id in self.roots:
            return Ending(thread=parent.id)
        if above.thread:
            return above
        if grouping:
            return Ending(thread=grouping.id)
        if parent and parent.id not in self.items and parent.type in THREAD_TYPES:
            return Ending(thread=parent.id)
        is_forum_reply = FORUM_REPLY in (act.object.type, parent and parent.type) or act.own_reply is not None
        is_content = parent is not None and parent.id not in self.items and self._rank(parent) == CONTENT
        unseen = parent.id if parent and parent.id not in self.items else above.unseen
        return Ending(None, above.is_content or is_content, above.is_forum_reply or is_forum_reply, unseen)


def _first(named: Iterable[tuple[str, Act]]) -> dict[str, Act]:
    first: dict[str, Act] = {}
    for name, act in named:
        first.setdefault(name, act)
    return first
