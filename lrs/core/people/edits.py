"""What an edit makes of people: pure decisions on the people it looks at, as documents of `lrs.store.people`."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from lrs.core import asked
from lrs.core.people.models import MOST_GROUPS, MOST_IDENTIFIERS, Merge, NewMembership, NewPerson, Split, checked_agent
from lrs.errors import BadRequest, Conflict, NotFound
from lrs.xapi import Json
from lrs.xapi.actors import actor_key
from lrs.xapi.values import format_timestamp

Document: TypeAlias = dict[str, Any]
Found: TypeAlias = Mapping[str, Document]
Decided: TypeAlias = Mapping[str, Document | None]


def document(person: NewPerson, where: str, zone: ZoneInfo) -> Document:
    """Return the document of a person who stands at `where`; dates begin in the time zone. Raises: BadRequest."""
    if person.opt_in and person.opt_out:
        why = "who is left out of everything can't be named"
        raise BadRequest(asked.UNUSABLE, where=f"{where}.opt_in", why=why, accepted="opt_in or opt_out, not both")
    agents = [checked_agent(each, f"{where}.identifiers[{n}]") for n, each in enumerate(person.identifiers)]
    memberships = [_membership(each, f"{where}.groups[{n}]", zone) for n, each in enumerate(person.groups)]
    flags = {"opt_in": person.opt_in, "opt_out": person.opt_out, "active": person.active}
    return with_agents({"_id": person.id, "name": person.name, "memberships": memberships, **flags}, agents)


def with_agents(person: Document, agents: Sequence[Json]) -> Document:
    """Return the person with these agents, each identifier once, and none where there are none."""
    by_key: dict[str, Json] = {}
    for agent in agents:
        by_key.setdefault(str(actor_key(agent)), agent)
    kept = {name: value for name, value in person.items() if name != "identifiers"}
    owned = {"identifiers": sorted(by_key)} if by_key else {}  # absent, for the index is sparse
    return {**kept, "agents": list(by_key.values()), **owned}


def shown(person: Document) -> Json:
    """Return a person as `GET /api/v1/people` shows one: the shape that PUT takes."""
    return {
        "id": person["_id"],
        "name": person["name"],
        "identifiers": person["agents"],
        "groups": [_shown_membership(each) for each in person["memberships"]],
        "opt_in": person["opt_in"],
        "opt_out": person["opt_out"],
        "active": person["active"],
    }


def put(people: Sequence[Document], given: Sequence[Sequence[Json]], found: Found) -> Decided:
    """Put each person in the place of the one with the same id; `given` are their identifiers as they were sent.

    Raises: BadRequest for what is there twice, Conflict for an identifier of somebody who keeps it.
    """
    put_by_id = _by_id(people)
    owners = {key: person["_id"] for person in found.values() for key in person.get("identifiers", ())}
    seen: dict[str, str] = {}
    for where, key, person in _identifiers(people, given):
        if key in seen:
            why = f"{key} is already {seen[key]!r}'s in this request"
            raise BadRequest(asked.UNUSABLE, where=where, why=why, accepted="each identifier for one person")
        seen[key] = person
        owner = owners.get(key, person)
        if owner != person and owner not in put_by_id:
            raise Conflict(
                "an identifier belongs to somebody else",
                where=where,
                why=f"{key} is {owner!r}'s, not {person!r}'s",
                accepted=f"{owner!r} without it in the same request, or POST /api/v1/people/merge",
            )
    return put_by_id


def merge(asked_for: Merge, found: Found) -> Decided:
    """Make several people one: all their identifiers and memberships; whoever named one of them names the one now.

    Who opted out with any account stays out. Raises: NotFound, Conflict for one who would be too much.
    """
    merged = {key: _known(found, key, f"people[{n}]") for n, key in enumerate(asked_for.people)}
    into = _known(found, asked_for.into, "into")
    if into["_id"] in merged:
        raise BadRequest(asked.UNUSABLE, where="people", why="they include `into`", accepted="the others")
    everybody = [into, *merged.values()]
    opt_out = any(each["opt_out"] for each in everybody)
    one = {
        **into,
        "name": next((each["name"] for each in everybody if each["name"]), None),
        "memberships": [each for person in everybody for each in person["memberships"]],
        "opt_in": into["opt_in"] and not opt_out,
        "opt_out": opt_out,
        "active": any(each["active"] for each in everybody),
    }
    changed = {into["_id"]: with_agents(one, [agent for each in everybody for agent in each["agents"]])}
    rest = {key: person for key, person in found.items() if key not in merged} | changed
    renamed = {key: _renamed(person, merged, into["_id"]) for key, person in rest.items()}
    _limit(renamed[into["_id"]], "people")
    return {**renamed, **dict.fromkeys(merged)}


def split(asked_for: Split, found: Found) -> Decided:
    """Give identifiers of one person to another, who is made if there is none with the id. Who opted out stays out.

    Raises: NotFound, BadRequest, Conflict for one who would be too much.
    """
    person = _known(found, asked_for.person, "person")
    if asked_for.into == asked_for.person:
        raise BadRequest(asked.UNUSABLE, where="into", why="it is `person`", accepted="another id")
    given = {actor_key(each): each for each in asked_for.identifiers}
    for n, key in enumerate(given):
        if key not in person.get("identifiers", ()):
            why, accepted = f"{key} is not {person['_id']!r}'s", "identifiers that GET /api/v1/people/{id} shows"
            raise BadRequest(asked.UNUSABLE, where=f"identifiers[{n}]", why=why, accepted=accepted)
    flags = {"opt_in": False, "opt_out": person["opt_out"], "active": True}
    new = {"_id": asked_for.into, "name": asked_for.name, "agents": [], "memberships": [], **flags}
    into = found.get(asked_for.into, new)
    if into is not new and asked_for.name is not None:
        raise BadRequest(asked.UNUSABLE, where="name", why=f"{into['_id']!r} is there and has one", accepted="none")
    left = [each for each in person["agents"] if actor_key(each) not in given]
    moved = [each for each in person["agents"] if actor_key(each) in given]
    one = with_agents(into, [*into["agents"], *moved])
    _limit(one, "into")
    return {person["_id"]: with_agents(person, left), into["_id"]: one}


def _membership(membership: NewMembership, where: str, zone: ZoneInfo) -> Document:
    since, until = _instant(membership.since, zone), _instant(membership.until, zone)
    if since is not None and until is not None and since >= until:
        why = "it would end before it begins"
        raise BadRequest(asked.UNUSABLE, where=f"{where}.to", why=why, accepted="a time after `from`")
    named = {"kind": membership.kind, "group": membership.group, "role": membership.role}
    return {**named, "from": since, "to": until, "with": membership.partner}


def _instant(moment: date | datetime | None, zone: ZoneInfo) -> datetime | None:
    if moment is None:
        return None
    if not isinstance(moment, datetime):
        return datetime(moment.year, moment.month, moment.day, tzinfo=zone)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)  # the database keeps milliseconds


def _shown_membership(membership: Document) -> Json:
    times = {each: membership[each] and format_timestamp(membership[each]) for each in ("from", "to")}
    return {**membership, **times}


def _by_id(people: Sequence[Document]) -> dict[str, Document]:
    by_id: dict[str, Document] = {}
    for n, person in enumerate(people):
        if by_id.setdefault(person["_id"], person) is not person:
            why = f"{person['_id']!r} is there twice"
            raise BadRequest(asked.UNUSABLE, where=f"people[{n}].id", why=why, accepted="each person once")
    return by_id


def _identifiers(people: Sequence[Document], given: Sequence[Sequence[Json]]) -> Iterator[tuple[str, str, str]]:
    """Yield the place, the key and the person of every identifier, where it is told first of the person."""
    for n, (person, agents) in enumerate(zip(people, given, strict=True)):
        keys = [str(actor_key(agent)) for agent in agents]
        for key in dict.fromkeys(keys):
            yield f"people[{n}].identifiers[{keys.index(key)}]", key, person["_id"]


def _renamed(person: Document, merged: Mapping[str, Document], into: str) -> Document:
    """Return a person whose memberships name who is there now, each once; nobody is a partner of themself."""
    renamed = [{**each, "with": into} if each["with"] in merged else each for each in person["memberships"]]
    kept = (each for each in renamed if not each["with"] == person["_id"] == into)
    return {**person, "memberships": list({frozenset(each.items()): each for each in kept}.values())}


def _limit(person: Document, where: str) -> None:
    """Refuse who would have more than can be put of one person. Raises: Conflict."""
    counted = (
        ("identifiers", len(person["agents"]), MOST_IDENTIFIERS),
        ("groups", len(person["memberships"]), MOST_GROUPS),
    )
    for what, number, most in counted:
        if number > most:
            why, accepted = f"{person['_id']!r} would have {number} {what}", f"up to {most} {what} of one person"
            raise Conflict("the person would be too much", where=where, why=why, accepted=accepted)


def _known(found: Found, person: str, where: str) -> Document:
    if person not in found:
        raise NotFound("there is no such person", where=where, why=repr(person[:60]))
    return found[person]
