"""The story of the readers: views of threads, of shared posts and of course pages; many more than writers."""

from random import Random

from lrs.cli.sample import generic, moodle, openedx
from lrs.cli.sample.organisation import Organisation, Place
from lrs.cli.sample.people import Draw
from lrs.cli.sample.period import HOUR, MINUTE, delay
from lrs.cli.sample.sharing import Shared, viewed_share
from lrs.cli.sample.threads import Thread
from lrs.cli.sample.timeline import Timeline
from lrs.cli.sample.told import Told, toward
from lrs.cli.sample.vocabulary import TINCAN

_THREAD_VIEWS = {
    "moodle": moodle.viewed_thread,
    "openedx": openedx.viewed_thread,
    "generic": generic.viewed_thread,
}


class Reading:
    """Tells views of what the other stories have made."""

    def __init__(
        self,
        organisation: Organisation,
        threads: list[Thread],
        shares: list[Shared],
        timeline: Timeline,
        rng: Random,
    ) -> None:
        self._timeline, self._rng = timeline, rng
        self._threads = Draw(threads, lambda thread: 1.0 + len(thread.posts))
        self._shares = Draw(shares, lambda share: 1.0 + share.reshared)
        self._courses = Draw(organisation.courses, lambda course: len(course.members))

    def tell(self, views: int) -> None:
        """Tell `views` views."""
        for _ in range(views):
            chance = self._rng.random()
            if chance < 0.58 and self._threads.things:
                self._open_thread(self._threads.one(self._rng))
            elif chance < 0.72 and self._shares.things:
                self._open_share(self._shares.one(self._rng))
            else:
                self._open_page(self._courses.one(self._rng))

    def _open_thread(self, thread: Thread) -> None:
        reader = thread.place.readers.one(self._rng)
        at = self._after(thread.root.at)
        at = self._timeline.free(reader.id, thread.item, at)
        view = toward("view", reader.keys[thread.sender], thread.root)
        self._timeline.add(_THREAD_VIEWS[thread.sender](reader, thread), at, thread.sender, view)

    def _open_share(self, share: Shared) -> None:
        reader = share.community.readers.one(self._rng)
        at = self._timeline.free(reader.id, share.item, self._after(share.at))
        view = toward("view", reader.keys["generic"], share)
        self._timeline.add(viewed_share(reader, share), at, "generic", view)

    def _open_page(self, course: Place) -> None:
        reader, module = course.readers.one(self._rng), self._rng.choice(course.modules)
        at = self._timeline.free(reader.id, module[0], self._timeline.period.moment(self._rng))
        if course.platform == "moodle":
            statement = moodle.viewed_module(reader, course, module)
        elif course.platform == "openedx":
            statement = openedx.viewed_module(reader, course, module)
        else:
            statement = generic.did_module(reader, course, module, TINCAN + "viewed", None)
        view = Told(kind="view", actor=reader.keys[course.platform], object=module[0])
        self._timeline.add(statement, at, course.platform, view)

    def _after(self, at: int) -> int:
        later = at + delay(self._rng, median=9 * HOUR, spread=1.6, least=MINUTE)
        last = self._timeline.period.last
        return later if later < last else self._rng.randrange(at + 1, last) if at + 1 < last else at
