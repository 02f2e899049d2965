"""What becomes of posts: edited by their authors, reported by readers, deleted in the end."""

from random import Random

from lrs.cli.sample import generic, moodle, openedx
from lrs.cli.sample.mix import Mix
from lrs.cli.sample.people import Person
from lrs.cli.sample.period import DAY, HOUR, delay
from lrs.cli.sample.threads import Post, Thread
from lrs.cli.sample.timeline import APART, Timeline
from lrs.cli.sample.told import Told, toward
from lrs.xapi import Json


class Revisions:
    """Tells edits, reports and deletes, where the platform tells them."""

    def __init__(self, threads: list[Thread], timeline: Timeline, rng: Random, mix: Mix) -> None:
        self._timeline, self._rng, self._mix = timeline, rng, mix
        posts = [post for thread in threads for post in thread.posts]
        self._revised = [post for post in posts if _is_revised(post)]
        self._reported = [post for post in posts if post.thread.sender != "moodle"]
        self._reports: set[tuple[str, str]] = set()

    def tell(self, statements: int) -> None:
        """Tell about `statements` edits and reports."""
        for _ in range(statements * 3):
            if statements <= 0:
                break
            if self._rng.random() < 0.7 and self._revised:
                statements -= self._edit(self._rng.choice(self._revised))
            elif self._reported:
                statements -= self._report(self._rng.choice(self._reported), revocable=statements > 1)

    def delete(self, statements: int) -> None:
        """Delete `statements` posts and threads, by their authors or an instructor; less when there are fewer."""
        posts = self._rng.sample(self._revised, len(self._revised))
        for post in posts:
            if statements <= 0:
                break
            statements -= self._delete(post)

    def _edit(self, post: Post) -> int:
        at = post.at + delay(self._rng, median=HOUR, spread=1.0, least=APART)
        if not self._timeline.period.holds(at):
            return 0
        at = self._timeline.free(post.author.id, f"{post.item} edited", at)
        if at <= post.at:
            return 0
        self._send(_edited(post), at, post, Told(kind="edit", actor=post.key, object=post.item))
        return 1

    def _report(self, post: Post, *, revocable: bool) -> int:
        rng, sender = self._rng, post.thread.sender
        reader = post.thread.place.readers.other_than(post.author, rng)
        at = post.at + delay(rng, median=8 * HOUR, spread=1.0, least=APART)
        if reader is post.author or (reader.id, post.item) in self._reports or not self._timeline.period.holds(at):
            return 0
        self._reports.add((reader.id, post.item))
        report = toward("flag", reader.keys[sender], post)
        self._send(_flagged(reader, post), at, post, report)
        later = at + delay(rng, median=DAY, spread=1.0, least=APART)
        withdrawn = revocable and sender == "openedx" and rng.random() < self._mix.undone
        if not withdrawn or not self._timeline.period.holds(later):
            return 1
        back = toward("flag", reader.keys[sender], post, undo=True, ends=(report,))
        self._send(openedx.reported(reader, post, undo=True), later, post, back)
        return 2

    def _delete(self, post: Post) -> int:
        """Delete a post after all that was done to it: what comes later would be done to nothing."""
        at = max(post.last, post.at) + delay(self._rng, median=DAY, spread=1.0, least=APART)
        if not self._timeline.period.holds(at):
            return 0
        teachers = post.thread.place.instructors
        person = self._rng.choice(teachers) if teachers and self._rng.random() < 0.4 else post.author
        ends = [act for act in post.sent.acts if act.made is post] + post.reactions
        told = Told(kind="delete", actor=person.keys[post.thread.sender], object=post.item, ends=tuple(ends))
        self._send(_deleted(person, post), at, post, told)
        return 1

    def _send(self, statement: Json, at: int, post: Post, told: Told) -> None:
        self._timeline.add(statement, at, post.thread.sender, told)


def _is_revised(post: Post) -> bool:
    """Tell whether edits and deletes of the post are sent: Moodle tells those of replies, since its release 4.8."""
    return post.thread.sender != "moodle" or (post.parent is not None and not post.thread.older)


def _edited(post: Post) -> Json:
    if post.thread.sender == "moodle":
        return moodle.edited(post)
    return openedx.edited(post) if post.thread.sender == "openedx" else generic.edited(post)


def _deleted(person: Person, post: Post) -> Json:
    writers = {"moodle": moodle.deleted, "openedx": openedx.deleted, "generic": generic.deleted}
    return writers[post.thread.sender](person, post)


def _flagged(person: Person, post: Post) -> Json:
    return openedx.reported(person, post) if post.thread.sender == "openedx" else generic.flagged(person, post)
