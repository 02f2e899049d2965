"""A discussion thread while it is told: its posts with their true parents, whatever the sender's shape drops."""

from dataclasses import dataclass, field

from lrs.cli.sample.organisation import Place
from lrs.cli.sample.people import HOMES, Person
from lrs.cli.sample.told import DROPPED, VOIDED, Item
from lrs.xapi import Json


@dataclass(eq=False, slots=True)
class Thread:
    """A thread and its posts, the root first."""

    number: int
    place: Place
    sender: str  # moodle | openedx | generic
    older: bool  # Moodle: the shape of releases 4.6-4.7; generic: the older spelling of Activity Streams
    question: bool
    title: str
    board: tuple[str, str] | None
    serial: str  # 24 hex digits, Open edX's name of the thread
    posts: list["Post"] = field(default_factory=list)

    @property
    def root(self) -> "Post":
        return self.posts[0]

    @property
    def item(self) -> str:
        """The thread's activity id."""
        paths = {
            "moodle": f"/mod/forum/discuss.php?d={self.number}",
            "openedx": f"/api/discussion/v1/threads/{self.serial}",
            "generic": f"/threads/{self.number}",
        }
        return HOMES[self.sender] + paths[self.sender]

    @property
    def shape(self) -> str:
        """The sender with its release, where releases differ: `moodle-4.6`, `moodle-4.8`, `openedx`, `generic`."""
        return f"moodle-{'4.6' if self.older else '4.8'}" if self.sender == "moodle" else self.sender

    @property
    def course(self) -> str | None:
        return self.place.id if self.place.is_course else None


@dataclass(eq=False, slots=True)
class Post(Item):
    """One post. `parent` is what it really answers; `told_parent` is what its statement lets anybody see."""

    thread: Thread
    number: int
    author: Person
    parent: "Post | None"
    at: int
    text: str
    serial: str
    names_thread: bool = True  # generic only: False when the thread is reachable through the parents alone
    mentions: Person | None = None

    @property
    def item(self) -> str:
        if self.parent is None:
            return self.thread.item
        paths = {
            "moodle": f"/mod/forum/discuss.php?d={self.thread.number}#p{self.number}",
            "openedx": f"/api/discussion/v1/comments/{self.serial}",
            "generic": f"/posts/{self.number}",
        }
        return HOMES[self.thread.sender] + paths[self.thread.sender]

    @property
    def key(self) -> str:
        """The author's actor key on the thread's platform."""
        return self.author.keys[self.thread.sender]

    @property
    def told_parent(self) -> "Post | None":
        """Moodle and Open edX drop the parent and name the thread; the others tell it."""
        return self.parent if self.parent is None or self.tells_parent else self.thread.root

    @property
    def tells_parent(self) -> bool:
        return self.thread.sender == "generic"

    @property
    def replied_to(self) -> str | None:
        """The author of the told parent, if it was seen."""
        told = self.told_parent
        return told.key if told is not None and told.seen else None

    @property
    def level(self) -> int:
        return 0 if self.parent is None else self.parent.level + 1

    @property
    def true_place(self) -> Json:
        parent = self.parent
        place: Json = {"parent": parent.item if parent else None, "root": self.thread.item, "depth": self.level}
        return place if parent is None else place | {"target": parent.key}

    @property
    def told_place(self) -> Json:
        parent = self.told_parent
        if parent is None:
            return self.true_place
        place: Json = {"parent": parent.item, "root": self._told_root(), "depth": self._told_level()}
        return place | {"target": self.replied_to}

    def hides(self, field_name: str) -> str:
        told = self.told_parent
        if field_name == "target" and told is not None and not told.seen:
            return told.unseen_because
        return VOIDED if self.tells_parent else DROPPED

    def _told_root(self) -> str:
        """The thread where it is named, else the topmost thing that the parents lead to."""
        parent = self.parent
        if parent is None or parent.parent is None or self.names_thread or not self.tells_parent:
            return self.thread.item
        return parent._told_root() if parent.seen else parent.item

    def _told_level(self) -> int | None:
        """What answers the thread itself is on the first level, whether or not its start was seen."""
        if self.parent is None:
            return 0
        if not self.tells_parent or (self.parent.parent is not None and not self.parent.seen):
            return None
        above = self.parent._told_level()
        return None if above is None else above + 1
