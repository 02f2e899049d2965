"""A discussion thread while it is told: its posts with their true parents, whatever the sender's shape drops."""

from dataclasses import dataclass, field

from lrs.cli.sample.organisation import Place
from lrs.cli.sample.people import HOMES, Person


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
class Post:
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
    statement: str = ""
    voided: bool = False

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
        return self.parent if self.parent is None or self.thread.sender == "generic" else self.thread.root

    @property
    def level(self) -> int:
        return 0 if self.parent is None else self.parent.level + 1
