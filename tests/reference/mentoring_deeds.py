"""The deeds that statements tell, by agents: each told once, with the time from which it no longer counts."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .acts import place_of
from .mentoring_parties import Parties, Party
from .mentoring_verbs import CLOSES, TALKING, kind_of, takes_back
from .statements import Statement, agent_key, around, course_of, happened_at, standing, statement_id, type_of
from .threads import CONTAINER_TYPES, TWIN_GAP

# Days and smaller only: nobody can tell how long a month is.
DURATION = re.compile(
    r"P(?:(?P<weeks>[\d.]+)W|(?:(?P<days>[\d.]+)D)?"
    r"(?:T(?:(?P<hours>[\d.]+)H)?(?:(?P<minutes>[\d.]+)M)?(?:(?P<seconds>[\d.]+)S)?)?)"
)


@dataclass(frozen=True)
class Deed:
    """What one statement tells that somebody did, with regard to one other person where it is about mentoring.

    `doer` is whose act it is, `mentor` and `mentee` are told of meetings, plans and feedback (agents' keys all).
    `duration` is in seconds. `over` is when it was taken back, or the thing reacted to was deleted.
    """

    statement_id: str
    at: datetime
    kind: str
    doer: str
    object: str | None
    parent: str | None
    course: str | None
    mentor: str | None = None
    mentee: str | None = None
    either_mentors: bool = False
    takes_back: bool = False
    duration: float | None = None
    over: datetime | None = None

    @property
    def order(self) -> tuple[datetime, str]:
        """The one order of deeds: by time, ties by statement id."""
        return self.at, self.statement_id

    def stands(self, as_of: datetime) -> bool:
        """Whether it happened before a moment and still counts then."""
        return self.at < as_of and (self.over is None or as_of < self.over)


def read_deeds(statements: Iterable[Statement], roles: Mapping[str, str]) -> list[Deed]:
    """All deeds by (time, statement id), without voided ones and repetitions; `roles` are those of context agents."""
    standing_ones = standing(list(statements))
    parties = Parties(standing_ones, roles)
    told = sorted((deed for each in standing_ones for deed in _deeds(each, parties)), key=lambda deed: deed.order)
    return _until_over(list(_without_repetitions(told)))


def _deeds(statement: Statement, parties: Parties) -> Iterator[Deed]:
    """One deed for each other person, or one alone."""
    kind, actor = kind_of(statement), agent_key(statement["actor"])
    if kind is None or actor is None or statement["object"].get("objectType") == "SubStatement":
        return
    deed = Deed(
        statement_id=statement_id(statement),
        at=happened_at(statement),
        kind=kind,
        # A grade is told as the learner's, who got it; but it is the instructor who did something.
        doer=(agent_key(statement["context"]["instructor"]) or actor) if kind == "grading" else actor,
        object=parties.thing(statement),
        parent=_parent(statement),
        course=course_of(statement),
        either_mentors=statement["verb"]["id"] in TALKING,
        takes_back=takes_back(statement),
        duration=seconds((statement.get("result") or {}).get("duration")),
    )
    for mentor, mentee in parties.of(statement, kind, actor) or [Party(None, None)]:
        yield replace(deed, mentor=mentor, mentee=mentee)


def _parent(statement: Statement) -> str | None:
    own = statement["object"].get("id")
    for activity in around(statement, "parent"):
        if activity["id"] != own and type_of(activity) not in CONTAINER_TYPES:
            return place_of(activity).id
    return None


def _without_repetitions(deeds: Iterable[Deed]) -> Iterator[Deed]:
    last_kept: dict[tuple[object, ...], datetime] = {}
    for deed in deeds:
        key = (deed.doer, deed.kind, deed.takes_back, deed.object, deed.parent, deed.mentor, deed.mentee)
        if key not in last_kept or deed.at - last_kept[key] >= TWIN_GAP:
            last_kept[key] = deed.at
            yield deed


def _until_over(deeds: list[Deed]) -> list[Deed]:
    """Each with the time it is over: when its doer took it back, a reaction also when its thing was first deleted."""
    deleted: dict[str | None, datetime] = {}
    taken_back: dict[tuple[str, str, str | None], list[Deed]] = {}
    for deed in deeds:
        if deed.kind == "delete":
            deleted.setdefault(deed.object, deed.at)
        if deed.takes_back or deed.kind in CLOSES:
            taken_back.setdefault((deed.doer, CLOSES.get(deed.kind, deed.kind), deed.object), []).append(deed)

    def over(deed: Deed) -> datetime | None:
        own = [] if deed.takes_back else taken_back.get((deed.doer, deed.kind, deed.object), [])
        ends = [later.at for later in own if later.order > deed.order][:1]
        if deed.kind == "react" and deed.object in deleted:
            ends.append(deleted[deed.object])
        return min(ends, default=None)

    return [replace(deed, over=over(deed)) for deed in deeds]


def seconds(told: str | None) -> float | None:
    """The length of an ISO 8601 duration of weeks, days or less; None for another, or none."""
    found = DURATION.fullmatch((told or "").replace(",", "."))
    if found is None or not any(found.groups()):
        return None
    return timedelta(**{unit: float(n) for unit, n in found.groupdict().items() if n}).total_seconds()
