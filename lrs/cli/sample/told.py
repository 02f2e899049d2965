"""What statements tell: the items that people make, and who did what toward whom, noted by the stories themselves.

A `Told` is one act as it was meant. What its sender's shape lets nobody see is noted with it, by field: the reason, and
what is told instead. Why something can't be seen:

- `parent_dropped`: Moodle and Open edX name the thread, and never the post that a reply answers;
- `starter_never_seen`: the thread was begun before its platform was connected;
- `parent_voided`: the statement that told the author was voided;
- `unvote_invisible`: Open edX tells a vote taken back like a vote;
- `group_too_large`: a message to a group without an identifier, too large to count as one to each member.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

from lrs.cli.sample.period import iso
from lrs.xapi import Json

DROPPED, NEVER_SEEN, VOIDED = "parent_dropped", "starter_never_seen", "parent_voided"
UNVOTE, LARGE_GROUP = "unvote_invisible", "group_too_large"


@dataclass(eq=False, slots=True)
class Sent:
    """One statement on its way, and the acts it tells.

    `repeatable` acts may be sent twice by a retry; a `withheld` one happened and was never sent.
    """

    id: str
    statement: Json
    at: int
    arrives: int
    sender: str
    repeatable: bool
    withheld: bool = False
    voided: bool = False
    acts: tuple["Told", ...] = ()

    @property
    def stands(self) -> bool:
        return not self.withheld and not self.voided


@dataclass(eq=False, slots=True, kw_only=True)
class Item(ABC):
    """Something that somebody made, and that others answer, react to or pass on."""

    sent: Sent = field(init=False)
    reactions: list["Told"] = field(default_factory=list)
    last: int = 0  # when somebody last did something to it

    @property
    @abstractmethod
    def item(self) -> str:
        """Its activity id."""

    @property
    @abstractmethod
    def key(self) -> str:
        """The actor key of who made it."""

    @property
    @abstractmethod
    def true_place(self) -> Json:
        """What it truly answers: parent, root, depth, and the target, the parent's author."""

    @property
    @abstractmethod
    def told_place(self) -> Json:
        """The same, as all statements together let anybody see it."""

    @property
    def statement(self) -> str:
        return self.sent.id

    @property
    def seen(self) -> bool:
        return self.sent.stands

    @property
    def unseen_because(self) -> str:
        """Why nobody can see who made it, if so."""
        return NEVER_SEEN if self.sent.withheld else VOIDED

    def hides(self, field_name: str) -> str:
        """Return why what it answers can't be seen as it was, for one field of its place."""
        return DROPPED


@dataclass(eq=False, slots=True, kw_only=True)
class Told:
    """One act. Persons are actor keys and things activity ids; `made` and `about` may say more once all is told."""

    kind: str
    actor: str
    object: str | None = None
    target: str | None = None
    polarity: int = 0
    undo: bool = False
    made: Item | None = None  # what the act makes: gives parent, root and depth, and the target
    about: Item | None = None  # the item whose author the target is, where nothing else says who that is
    ends: tuple["Told", ...] = ()  # what it deletes or takes back
    ends_unseen: bool = False  # nobody can see that it takes anything back
    shown: dict[str, tuple[str, Any]] = field(default_factory=dict)  # by field: reason, and what is told instead
    sent: Sent = field(init=False)
    ended: tuple[str, Sent] | None = None  # the state it has come to, and by what
    seems: tuple[str, Sent] | None = None  # the same, as far as anybody can see

    def end(self, state: str, by: Sent, *, unseen: bool = False) -> None:
        """Let the act be `deleted`, `undone` or `superseded` by a statement; what ended first stays so."""
        self.ended = self.ended or (state, by)
        if not unseen:
            self.seems = self.seems or (state, by)

    def as_dict(self) -> Json:
        """Return the act as the truth writes it, see `Truth`."""
        true: Json = {"kind": self.kind, "actor": self.actor, "t": iso(self.sent.at), "object": self.object}
        true |= {"target": self.target, "polarity": self.polarity, "undo": self.undo, **_state(self.ended)}
        hidden = dict(self.shown)
        if self.made is not None:
            place = self.made.true_place
            true |= place
            differing = {name: told for name, told in self.made.told_place.items() if told != place[name]}
            hidden |= {name: (self.made.hides(name), told) for name, told in differing.items()}
        elif self.about is not None and not self.about.seen:
            hidden["target"] = (self.about.unseen_because, None)
        for name, told in _state(self.seems).items():
            if told != true[name]:
                hidden[name] = (UNVOTE, told)
        if hidden:
            true["hidden"] = {name: {"reason": reason, "told": told} for name, (reason, told) in hidden.items()}
        return true


def toward(kind: str, actor: str, about: Item, **more: Any) -> Told:
    """Return an act on an item, toward whoever made it."""
    return Told(kind=kind, actor=actor, object=about.item, target=about.key, about=about, **more)


def makes(kind: str, item: Item) -> Told:
    """Return the act that makes an item."""
    return Told(kind=kind, actor=item.key, object=item.item, made=item)


def _state(ended: tuple[str, Sent] | None) -> Json:
    if ended is None:
        return {"state": "live", "state_by": None, "state_t": None}
    state, by = ended
    return {"state": state, "state_by": by.id, "state_t": None if state == "superseded" else iso(by.at)}
