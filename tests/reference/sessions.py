"""Meetings of a mentor and a mentee: the acts that mentoring counts, put together into sessions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from .mentoring_deeds import Deed
from .mentoring_programme import is_declared
from .people import People

SESSION_GAP = timedelta(hours=2)


class Pair(NamedTuple):
    """Two persons, in this order."""

    mentor: str
    mentee: str


@dataclass(frozen=True)
class MentoringAct:
    """A statement about a meeting, a plan to meet, or feedback, by whoever it was told: its actor is the mentor.

    `target` is the mentee, None if that is nobody who may be counted. `duration` is in seconds.
    """

    statement_id: str
    at: datetime
    kind: str
    actor: str
    target: str | None
    course: str | None
    object: str | None
    duration: float | None
    over: datetime | None

    @property
    def pair(self) -> Pair | None:
        """Whose meeting it is."""
        return None if self.target is None else Pair(self.actor, self.target)

    @property
    def is_meeting(self) -> bool:
        """Whether it tells of a session."""
        return self.kind in ("mentor", "attend")


@dataclass(frozen=True)
class Session:
    """A meeting from its first act; `duration` is the longest told, in seconds, None if nobody told one."""

    pair: Pair
    start: datetime
    duration: float | None


def mentoring_act(deed: Deed, people: People) -> MentoringAct | None:
    """The act of a deed between persons; None where there is no mentor, or who told it or the mentor opted out."""
    mentor, mentee = people.counted(deed.mentor), people.counted(deed.mentee)
    if mentor is None or people.counted(deed.doer) is None:
        return None
    if mentee == mentor:
        mentee = None
    if deed.either_mentors and mentee is not None and _only_other_way(people, mentor, mentee, deed.at):
        mentor, mentee = mentee, mentor
    return MentoringAct(
        deed.statement_id, deed.at, deed.kind, mentor, mentee, deed.course, deed.object, deed.duration, deed.over
    )


def _only_other_way(people: People, mentor: str, mentee: str, at: datetime) -> bool:
    return is_declared(people, mentee, mentor, at) and not is_declared(people, mentor, mentee, at)


def sessions(acts: Iterable[MentoringAct]) -> list[Session]:
    """The sessions that acts tell of, each pair's by time. An act less than two hours after the last belongs to it."""
    return [_session(pair, told) for pair, all_told in _meetings(acts).items() for told in _split(all_told)]


def _meetings(acts: Iterable[MentoringAct]) -> dict[Pair, list[MentoringAct]]:
    found: dict[Pair, list[MentoringAct]] = {}
    for act in sorted(acts, key=lambda act: (act.at, act.statement_id)):
        if act.is_meeting and act.pair:
            found.setdefault(act.pair, []).append(act)
    return found


def _split(told: Sequence[MentoringAct]) -> list[list[MentoringAct]]:
    parts: list[list[MentoringAct]] = []
    for act in told:
        if parts and act.at - parts[-1][-1].at < SESSION_GAP:
            parts[-1].append(act)
        else:
            parts.append([act])
    return parts


def _session(pair: Pair, told: Sequence[MentoringAct]) -> Session:
    return Session(pair, told[0].at, max((act.duration for act in told if act.duration is not None), default=None))
