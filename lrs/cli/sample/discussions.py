"""The story of the discussions: threads that grow reply by reply, and reactions on their posts."""

from itertools import count
from random import Random

from lrs.cli.sample import generic, moodle, openedx, words
from lrs.cli.sample.mix import Mix
from lrs.cli.sample.organisation import Organisation, Place
from lrs.cli.sample.people import Draw, Person
from lrs.cli.sample.period import DAY, HOUR, MINUTE, delay
from lrs.cli.sample.threads import Post, Thread
from lrs.cli.sample.timeline import APART, Timeline
from lrs.cli.sample.told import UNVOTE, Told, makes, toward
from lrs.cli.sample.vocabulary import ACTIVITY_STREAMS, ACTIVITY_STREAMS_1, CURATR, TINCAN

_WRITERS = {"moodle": moodle.wrote, "openedx": openedx.wrote, "generic": generic.wrote}
_REACTIONS = (
    ACTIVITY_STREAMS + "like",
    ACTIVITY_STREAMS_1 + "like",
    TINCAN + "voted-up",
    CURATR + "voted-up",
)


class Discussions:
    """Tells threads: some unanswered, most short, a few long; nested where the platform nests."""

    def __init__(self, organisation: Organisation, timeline: Timeline, rng: Random, mix: Mix) -> None:
        self.threads: list[Thread] = []
        self._timeline, self._rng, self._mix = timeline, rng, mix
        places = organisation.courses + organisation.communities
        self._places = Draw(places, lambda place: len(place.members) * (1.0 if place.is_course else 0.15))
        self._post_numbers = count(1)

    def tell(self, posts: int) -> None:
        """Write `posts` posts, roots included; the starts of some threads happen and are not sent."""
        while posts > 0:
            thread = self._open(unseen=self._rng.random() < self._mix.unseen_starts)
            posts -= thread.root.seen
            self._grow(thread, min(posts, max(self._replies(), not thread.root.seen)))
            posts -= len(thread.posts) - 1

    def _open(self, *, unseen: bool) -> Thread:
        rng, place = self._rng, self._places.one(self._rng)
        thread = Thread(
            number=len(self.threads) + 1,
            place=place,
            sender=place.platform,
            older=rng.random() < 0.2,
            question=place.platform != "moodle" and rng.random() < 0.35,
            title=words.opening(place.name, rng),
            board=rng.choice(place.boards) if place.boards else None,
            serial=f"{rng.getrandbits(96):024x}",
        )
        self.threads.append(thread)
        self._post(thread, place.talkers.one(rng), None, self._timeline.period.moment(rng), unseen=unseen)
        return thread

    def _replies(self) -> int:
        if self._rng.random() < 0.22:
            return 0
        return min(60, max(1, round(self._rng.lognormvariate(1.0, 0.9))))

    def _grow(self, thread: Thread, replies: int) -> None:
        for _ in range(replies):
            parent = self._parent(thread)
            at = parent.at + delay(self._rng, median=2 * HOUR, spread=1.5)
            if self._timeline.period.holds(at):
                self._post(thread, self._replier(thread, parent), parent, at)

    def _parent(self, thread: Thread) -> Post:
        # Open edX nests no deeper than a comment on a response.
        open_posts = [post for post in thread.posts if thread.sender != "openedx" or post.level < 2]
        return thread.root if self._rng.random() < 0.45 else self._rng.choice(open_posts[-5:])

    def _replier(self, thread: Thread, parent: Post) -> Person:
        chance, place = self._rng.random(), thread.place
        if chance < 0.06:
            return parent.author
        if chance < 0.28 and parent.author is not thread.root.author:
            return thread.root.author
        if chance > 0.88 and place.instructors:
            return self._rng.choice(place.instructors)
        return place.talkers.other_than(parent.author, self._rng)

    def _post(self, thread: Thread, author: Person, parent: Post | None, at: int, *, unseen: bool = False) -> None:
        rng, sender = self._rng, thread.sender
        post = Post(
            thread=thread,
            number=next(self._post_numbers),
            author=author,
            parent=parent,
            at=at,
            text=words.answer(thread.place.name, rng),
            serial=f"{rng.getrandbits(96):024x}",
            names_thread=rng.random() < 0.7,
            mentions=self._mentioned(thread.place, author) if sender == "generic" else None,
        )
        post.at = self._timeline.add(_WRITERS[sender](post), at, sender, *_written(post), withheld=unseen).at
        thread.posts.append(post)

    def _mentioned(self, place: Place, author: Person) -> Person | None:
        if self._rng.random() > 0.08:
            return None
        person = place.readers.other_than(author, self._rng)
        return None if person is author else person

    def react(self, reactions: int) -> None:
        """Let readers like and vote up posts where the platform tells, and take some of it back.

        One reaction per person and post; `reactions` statements in all.
        """
        posts = [post for thread in self.threads if thread.sender != "moodle" for post in thread.posts]
        given: set[tuple[str, str]] = set()
        left = reactions
        for _ in range(reactions * 3 if posts else 0):
            if left <= 0:
                break
            post = self._rng.choice(posts)
            person = post.thread.place.readers.other_than(post.author, self._rng)
            at = post.at + delay(self._rng, median=5 * HOUR, spread=1.4, least=MINUTE)
            if person is post.author or (person.id, post.item) in given or not self._timeline.period.holds(at):
                continue
            given.add((person.id, post.item))
            left -= self._react(person, post, at, revocable=left > 1)

    def _react(self, person: Person, post: Post, at: int, *, revocable: bool) -> int:
        """React, and perhaps take it back later; return how many statements that took."""
        sender = post.thread.sender
        given = toward("react", person.keys[sender], post, polarity=1)
        self._send_reaction(person, post, at, given)
        later = at + delay(self._rng, median=DAY, spread=1.0, least=APART)
        if not revocable or self._rng.random() >= self._mix.undone or not self._timeline.period.holds(later):
            return 1
        unseen = sender == "openedx"
        taken_back = toward("react", person.keys[sender], post, undo=True, ends=(given,), ends_unseen=unseen)
        if unseen:
            taken_back.shown = {"undo": (UNVOTE, False), "polarity": (UNVOTE, 1)}
        self._send_reaction(person, post, later, taken_back)
        return 2

    def _send_reaction(self, person: Person, post: Post, at: int, reaction: Told) -> None:
        post.reactions.append(reaction)
        if post.thread.sender == "openedx":
            self._timeline.add(openedx.voted(person, post), at, "openedx", reaction)
        else:
            verb = ACTIVITY_STREAMS + "unlike" if reaction.undo else self._rng.choice(_REACTIONS)
            self._timeline.add(generic.reacted(person, post, verb), at, "generic", reaction)


def _written(post: Post) -> list[Told]:
    """Return the acts of a post: itself, and whom it mentions."""
    opening = "ask" if post.thread.question else "create"
    acts = [makes("reply" if post.parent else opening, post)]
    if post.mentions is not None:
        mentioned = post.mentions.keys[post.thread.sender]
        acts.append(Told(kind="mention", actor=post.key, object=post.item, target=mentioned))
    return acts
