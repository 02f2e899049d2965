"""How mentoring stands at a moment: which pairs there are, when they met, and the metrics of that."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

from .asked import Asked, Measurement
from .calendar import bucket_start
from .figures import gini, median, ratio
from .mentoring_programme import declared
from .people import People
from .sessions import MentoringAct, Pair, Session, sessions

ACTIVE, LOOKED_BACK, STALLED = timedelta(days=30), timedelta(days=90), timedelta(days=14)
LEAST_ACTS, LEAST_WEEKS, LEAST_SESSIONS = 3, 2, 3


@dataclass(frozen=True)
class State:
    """The pairs and sessions at `as_of`, of the whole store or of one group. Every act lies before `as_of`."""

    acts: Sequence[MentoringAct]
    as_of: datetime
    people: People
    zone: ZoneInfo
    group: tuple[str, str] | None = None  # (partition, name): pairs are declared if their mentor is in it

    @cached_property
    def sessions(self) -> list[Session]:
        """All sessions, however old."""
        return sessions(self.acts)

    @cached_property
    def declared(self) -> set[Pair]:
        """The pairs a programme tells of."""
        return {Pair(*pair) for pair in declared(self.people, self.as_of) if self._holds(pair[0])}

    def _holds(self, mentor: str) -> bool:
        return self.group is None or self.group[1] in self.people.memberships(mentor, self.group[0], self.as_of)

    @cached_property
    def pairs(self) -> set[Pair]:
        """The declared pairs, and those that show: three directed acts or more, in two weeks or more."""
        told: dict[Pair, list[datetime]] = {}
        for act in self.acts:
            if act.pair and act.at >= self.as_of - LOOKED_BACK:
                told.setdefault(act.pair, []).append(bucket_start(act.at, "week", self.zone))
        inferred = {pair for pair, weeks in told.items() if len(weeks) >= LEAST_ACTS and len(set(weeks)) >= LEAST_WEEKS}
        return self.declared | inferred

    @cached_property
    def starts(self) -> dict[Pair, list[datetime]]:
        """When each pair met, by time."""
        return {pair: sorted(session.start for session in self.sessions if session.pair == pair) for pair in self.pairs}

    @cached_property
    def active(self) -> set[Pair]:
        """The pairs that met in the last thirty days."""
        return {pair for pair, starts in self.starts.items() if starts and starts[-1] >= self.as_of - ACTIVE}

    @cached_property
    def stalled(self) -> set[Pair]:
        """The pairs that met three times or more, and for long not again."""
        return {
            pair
            for pair, starts in self.starts.items()
            if len(starts) >= LEAST_SESSIONS
            and (self.as_of - starts[-1]).total_seconds()
            > max(2 * (median(gaps(starts)) or 0), STALLED.total_seconds())
        }

    @cached_property
    def mentees(self) -> dict[str, int]:
        """How many mentees each mentor has: of the declared mentors, and of all who held a session lately."""
        lately = {each.pair.mentor for each in self.sessions if each.start >= self.as_of - LOOKED_BACK}
        mentors = {pair.mentor for pair in self.declared} | lately
        return {mentor: sum(pair.mentor == mentor for pair in self.pairs) for mentor in mentors}

    def kinds(self, pairs: Collection[Pair]) -> dict[str, Measurement]:
        """How many of some pairs are declared, and how many only show."""
        return {
            "declared": Measurement(len(self.declared.intersection(pairs))),
            "inferred": Measurement(len(set(pairs) - self.declared)),
        }


def gaps(starts: Sequence[datetime]) -> list[float]:
    """The seconds between one session and the next."""
    return [(later - earlier).total_seconds() for earlier, later in pairwise(starts)]


def measure_state(asked: Asked, state: State, everywhere: State) -> Measurement:
    """A metric of how the row stands; `everywhere` is how the whole store does. ValueError for any other metric."""
    pooled = [gap for starts in state.starts.values() for gap in gaps(starts)]
    match asked.metric:
        case "active_pairs":
            return Measurement(len(state.active), beside=state.kinds(state.active))
        case "stalled_pairs":
            return Measurement(len(state.stalled), beside=state.kinds(state.stalled))
        case "cadence":
            return Measurement(median(pooled), len(pooled), beside=state.kinds(state.pairs))
        case "cadence_mad":
            middle = median(pooled) or 0
            off = median([abs(gap - middle) for gap in pooled])
            return Measurement(off, len(pooled), beside=state.kinds(state.pairs))
        case "load_gini":
            loads = list(state.mentees.values())
            return Measurement(gini(loads), len(loads), beside=state.kinds(state.pairs))
        case "max_mentees":
            loads = list(state.mentees.values())
            return Measurement(max(loads, default=0), len(loads), beside=state.kinds(state.pairs))
        case "reciprocity":
            return _reciprocity(state, everywhere)
        case "cross_department_share":
            return _across_departments(state)
        case "mentee_coverage":
            return _coverage(asked, everywhere)
    raise ValueError(f"{asked.metric!r} is no metric of mentoring")


def _reciprocity(state: State, everywhere: State) -> Measurement:
    """The way back may be anywhere in the store."""
    there, anywhere = ({each.pair for each in of.sessions} for of in (state, everywhere))
    both = [pair for pair in state.pairs if pair in there and Pair(pair.mentee, pair.mentor) in anywhere]
    return Measurement(ratio(len(both), len(state.pairs)), len(state.pairs), beside=state.kinds(state.pairs))


def _across_departments(state: State) -> Measurement:
    def departments(person: str) -> set[str]:
        return state.people.memberships(person, "department", state.as_of)

    beside = state.kinds(state.pairs)
    if not any(departments(person) for person in state.people.belonging):
        return Measurement(None, reason="no_roster", beside=beside)
    known = [(departments(a), departments(b)) for a, b in state.pairs if departments(a) and departments(b)]
    across = sum(not ours & theirs for ours, theirs in known)
    return Measurement(ratio(across, len(known)), len(known), beside=beside)


def _coverage(asked: Asked, everywhere: State) -> Measurement:
    """Whose mentor is active, wherever that mentor belongs, of the roster or of those in the eligible role."""
    eligible = asked.roster()
    if eligible is None:
        return Measurement(None, reason="no_roster", beside=everywhere.kinds(()))
    if role := asked.settings.get("eligible_role"):
        eligible &= asked.people.roster("role", role, asked.since, asked.until) or set()
    if not everywhere.acts:
        return Measurement(None, reason="no_data", beside=everywhere.kinds(()))
    pairs = [pair for pair in everywhere.active if pair.mentee in eligible]
    covered = {pair.mentee for pair in pairs}
    return Measurement(ratio(len(covered), len(eligible)), len(eligible), beside=everywhere.kinds(pairs))
