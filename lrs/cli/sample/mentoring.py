"""The story of mentoring: pairs that meet over weeks, told by the mentor, the mentee or both; plans and feedback."""

from dataclasses import dataclass
from itertools import count
from random import Random

from lrs.cli.sample import generic, words
from lrs.cli.sample.organisation import Organisation
from lrs.cli.sample.people import HOMES, Person
from lrs.cli.sample.period import DAY, HOUR, MINUTE, weekday
from lrs.cli.sample.timeline import Timeline
from lrs.cli.sample.told import Told
from lrs.cli.sample.vocabulary import (
    ACTIVITY_STREAMS,
    ADL,
    NOTE,
    PREPOSITIONS,
    TINCAN,
    TUTOR_SESSION,
    activity,
    verb,
)
from lrs.xapi import Json

MEETING = 6  # a meeting takes up to six statements, and is told whole or not at all

_PROGRAMME = "Mentoring 2026"


@dataclass(eq=False, slots=True)
class Pair:
    """A mentor and a mentee; `times` are when they mean to meet, and fewer when the pair stalls."""

    mentor: Person
    mentee: Person
    times: list[int]
    sessions: int = 0

    @property
    def keys(self) -> tuple[str, str]:
        """The actor keys of mentor and mentee."""
        return self.mentor.keys["generic"], self.mentee.keys["generic"]


class Mentoring:
    """Tells the pairs' sessions. Three pairs of four are declared in the roster, the others only show."""

    def __init__(self, organisation: Organisation, timeline: Timeline, rng: Random) -> None:
        self._timeline, self._rng = timeline, rng
        self._numbers = count(1)
        self.pairs = list(self._match(organisation.people))

    def tell(self, statements: int) -> None:
        """Tell about `statements` statements, less when the pairs meet less: first sessions first, then second ones."""
        before = len(self._timeline)
        rounds = max((len(pair.times) for pair in self.pairs), default=0)
        for turn in range(rounds):
            for pair in self.pairs:
                if len(self._timeline) - before > statements - MEETING:
                    return
                if turn < len(pair.times):
                    self._meet(pair, pair.times[turn])

    def told_pairs(self) -> list[list[str | int]]:
        """Return mentor key, mentee key and number of sessions of each pair that met."""
        return [[*pair.keys, pair.sessions] for pair in self.pairs if pair.sessions]

    def _match(self, people: list[Person]) -> list[Pair]:
        rng = self._rng
        mentors = rng.sample(people, max(1, len(people) // 14))
        others = [person for person in people if person not in set(mentors)]
        rng.shuffle(others)
        pairs = []
        for mentor in mentors:
            for _ in range(min(len(others), rng.choice((1, 1, 2, 3)))):
                pairs.append(Pair(mentor, others.pop(), self._appointments()))
        for number, pair in enumerate(pairs):
            if number % 4 != 3:
                pair.mentor.join("programme", _PROGRAMME, "mentor", **{"with": pair.mentee.id})
                pair.mentee.join("programme", _PROGRAMME, "mentee", **{"with": pair.mentor.id})
        return pairs

    def _appointments(self) -> list[int]:
        rng, period = self._rng, self._timeline.period
        gap = rng.choice((7, 7, 14, 14, 21)) * DAY
        at = _office_hour(period.start + DAY + rng.randrange(gap), rng)
        stop = period.start + (period.end - period.start) * (rng.uniform(0.3, 0.7) if rng.random() < 0.2 else 1.0)
        times = []
        while at < min(stop, period.last - 2 * HOUR):
            times.append(at)
            at = _office_hour(at + gap + rng.randint(-2 * DAY, 2 * DAY), rng)
        return times

    def _meet(self, pair: Pair, at: int) -> None:
        rng, number = self._rng, next(self._numbers)
        session = activity(f"{HOMES['generic']}/sessions/{number}", TUTOR_SESSION, f"Session {number}")
        planned = rng.random() < 0.4 and self._timeline.period.holds(at - 2 * DAY)
        plan = _with_mentor(pair, "schedule", session)
        if planned:
            done = (
                verb(TINCAN + "arranged", "arranged") if rng.random() < 0.5 else verb(ADL + "registered", "registered")
            )
            self._send(_told_with_mentor(pair, done, session), at - 2 * DAY, plan)
        if planned and rng.random() < 0.15:
            if rng.random() < 0.5:  # called off; else nobody came and nobody said so
                cancelled = _told_with_mentor(pair, verb(TINCAN + "unregistered", "cancelled"), session)
                self._send(cancelled, at - DAY, _with_mentor(pair, "schedule", session, undo=True, ends=(plan,)))
            return
        self._hold(pair, session, at)
        if rng.random() < 0.3:
            self._review(pair, number, at + rng.randint(20 * HOUR, 30 * HOUR))

    def _hold(self, pair: Pair, session: Json, at: int) -> None:
        rng = self._rng
        pair.sessions += 1
        length, teller = rng.choice((30, 45, 60, 60, 90)), rng.random()
        duration = {} if rng.random() < 0.15 else {"result": {"duration": f"PT{length}M"}}
        if teller < 0.75:
            mentor, mentee = pair.keys
            self._send(_mentored(pair) | duration, at, Told(kind="mentor", actor=mentor, target=mentee))
        if teller > 0.6:
            attended = _told_with_mentor(pair, verb(ADL + "attended", "attended"), session) | duration
            self._send(attended, at + rng.randint(MINUTE, 30 * MINUTE), _with_mentor(pair, "attend", session))

    def _review(self, pair: Pair, number: int, at: int) -> None:
        rng = self._rng
        if not self._timeline.period.holds(at):
            return
        plan = activity(f"{HOMES['generic']}/plans/{number}", NOTE, f"Development plan {number}")
        reviewed = generic.statement(pair.mentor, verb(TINCAN + "reviewed", "reviewed"), plan)
        reviewed["context"]["extensions"] = {PREPOSITIONS + "for": pair.mentee.agent("generic")}
        mentor, mentee = pair.keys
        feedback = Told(kind="feedback", actor=mentor, object=plan["id"], target=mentee)
        self._send(reviewed | {"result": {"response": words.remark(rng)}}, at, feedback)
        later = at + rng.randint(2 * HOUR, 12 * DAY)
        if rng.random() < 0.6 and self._timeline.period.holds(later):
            updated = generic.statement(pair.mentee, verb(ACTIVITY_STREAMS + "update", "updated"), plan)
            self._send(updated, later, Told(kind="edit", actor=mentee, object=plan["id"]))

    def _send(self, statement: Json, at: int, told: Told) -> None:
        self._timeline.add(statement, at, "generic", told)


def _office_hour(at: int, rng: Random) -> int:
    days_off = max(0, weekday(at) - 4)
    return at - at % DAY - days_off * DAY + rng.randint(9 * 60, 16 * 60) * MINUTE


def _told_with_mentor(pair: Pair, done: Json, session: Json) -> Json:
    """The mentee's statement about a session, which names the mentor as instructor."""
    statement = generic.statement(pair.mentee, done, session)
    statement["context"]["instructor"] = pair.mentor.agent("generic")
    return statement


def _with_mentor(pair: Pair, kind: str, session: Json, *, undo: bool = False, ends: tuple[Told, ...] = ()) -> Told:
    mentor, mentee = pair.keys
    return Told(kind=kind, actor=mentee, object=session["id"], target=mentor, undo=undo, ends=ends)


def _mentored(pair: Pair) -> Json:
    # No platform here: it is not allowed when the object is an Agent (xAPI Data 2.4.6).
    return {
        "actor": pair.mentor.agent("generic"),
        "verb": verb(TINCAN + "mentored", "mentored"),
        "object": pair.mentee.agent("generic"),
    }
