"""What clients send about people; the descriptions are the documentation."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from lrs.core import asked
from lrs.errors import BadRequest
from lrs.xapi.actors import IDENTIFIERS
from lrs.xapi.validation.actors import agent
from lrs.xapi.validation.checks import Broken
from lrs.xapi.values import parse_timestamp

Kind: TypeAlias = Literal["department", "team", "community", "course", "role", "programme"]

MOST_PEOPLE = 20_000  # in one request
MOST_GROUPS = 1_000  # of one person
MOST_IDENTIFIERS = 100  # of one person

_YEARS = range(2, 9999)  # a day of them begins in the calendar, in any time zone
_ZONE = re.compile(r"[Zz+-]")
_MEANT = "RFC 3339 with a zone, like 2026-03-01T00:00:00Z, or a date, which begins in the store's time zone"
_KEY_BEGINNINGS = tuple(f"{identifier}:" for identifier in IDENTIFIERS)


def _moment(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError(f"{value!r:.60} is no text with a time")
    try:
        moment = date.fromisoformat(value) if len(value) == 10 else parse_timestamp(value)
    except ValueError as error:
        raise ValueError(f"{value[:60]!r} is no date like 2026-03-01 and no RFC 3339 time") from error
    if isinstance(moment, datetime) and _ZONE.search(value, 8) is None:  # behind the date
        raise ValueError(f"{value[:60]!r} has no time zone")
    if moment.year not in _YEARS:
        raise ValueError(f"{value[:60]!r} is out of the calendar; leave out what has no beginning or end")
    return moment


def _no_key(person: str) -> str:
    if person.startswith(_KEY_BEGINNINGS):
        raise ValueError(f"{person[:60]!r} reads like an identifier, by which whoever was not imported is known")
    return person


_Text = Annotated[str, StringConstraints(min_length=1, max_length=2_000, pattern=r"^[^\x00-\x1f\x7f]+$")]
_Id = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=r"^[^/\x00-\x1f\x7f]+$"),
    AfterValidator(_no_key),
]
_Moment = Annotated[date | datetime, BeforeValidator(_moment)]
_Agent = dict[str, Any]  # checked by the rules of xAPI, which name the place inside it

_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)


class NewMembership(BaseModel):
    """Where somebody belongs, and since when until when."""

    model_config = _STRICT

    kind: Kind = Field(description="the partition: department, team, community, course, role or programme")
    group: _Text = Field(description="which of them; for a course its activity id, as statements name it")
    role: _Text | None = Field(default=None, description="what somebody is in it, such as instructor, mentor, mentee")
    since: _Moment | None = Field(default=None, alias="from", description=f"first moment of it: {_MEANT}; else ever")
    until: _Moment | None = Field(default=None, alias="to", description=f"when it has ended: {_MEANT}; else it goes on")
    partner: _Text | None = Field(default=None, alias="with", description="the other person, of a mentoring programme")


class NewPerson(BaseModel):
    """One person, who replaces the one with the same id."""

    model_config = _STRICT

    id: _Id = Field(description="your own id of the person, without /")
    name: _Text | None = Field(default=None, description="shown only of people who opted in")
    identifiers: list[_Agent] = Field(
        default=[], max_length=MOST_IDENTIFIERS, description="xAPI Agents, one for each account"
    )
    groups: list[NewMembership] = Field(default=[], max_length=MOST_GROUPS, description="memberships with dates")
    opt_in: bool = Field(default=False, description="whether named results may show the person")
    opt_out: bool = Field(default=False, description="whether the person is left out of all analytics")
    active: bool = Field(default=True, description="false: not on any roster; what was done stays")


class NewPeople(BaseModel):
    """What `PUT /api/v1/people` takes."""

    model_config = _STRICT

    people: list[NewPerson] = Field(max_length=MOST_PEOPLE, description="the people to add or replace")


class Merge(BaseModel):
    """What `POST /api/v1/people/merge` takes: several people turn out to be one."""

    model_config = _STRICT

    into: str = Field(description="id of the person who stays")
    people: list[str] = Field(min_length=1, max_length=100, description="ids of the people who become that one")


class Split(BaseModel):
    """What `POST /api/v1/people/split` takes: some identifiers turn out to be another's."""

    model_config = _STRICT

    person: str = Field(description="id of the person who has the identifiers")
    identifiers: list[_Agent] = Field(min_length=1, max_length=100, description="the xAPI Agents to give away")
    into: _Id = Field(description="id of who gets them: a person who is there, or a new one")
    name: _Text | None = Field(default=None, description="name of a new person")


class PeopleQuery(BaseModel):
    """The parameters of `GET /api/v1/people`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str | None = Field(default=None, description="only this person")
    kind: Kind | None = Field(default=None, description="only people with a membership of this kind")
    group: str | None = Field(default=None, description="only members of this group; needs `kind`")
    limit: Annotated[int, Field(ge=1, le=1000)] = Field(default=100, description="how many, 1 to 1000; else 100")
    after: str | None = Field(default=None, description="in `more` only: the last id of the page before")


def checked_agent(given: _Agent, where: str) -> _Agent:
    """Return an Agent with exactly one identifier. Raises: BadRequest with its place below `where`."""
    try:
        agent(given)
    except Broken as broken:
        fault = broken.at(where)
        raise BadRequest(asked.UNUSABLE, where=fault.where, why=fault.why, accepted=fault.accepted) from broken
    return given
