"""The deeds of a whole store: by persons, each told once, with whom they are aimed at and when they ended."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from .people import People
from .shares import Deed, read_deeds
from .sharing_verbs import UNDOES
from .statements import Statement, standing
from .threads import TWIN_GAP

ENDS = (*UNDOES, "delete")


def settle(statements: Iterable[Statement], people: People, context_roles: Mapping[str, str]) -> list[Deed]:
    """All that happened by (time, statement id), whatever order it came in, without voided acts and repetitions.

    To tell again and to take back are matters of one account. Who opted out did nothing, and is nobody's target.
    """
    told = [deed for statement in standing(list(statements)) for deed in read_deeds(statement, context_roles)]
    happened = _ended(_once(sorted(told, key=lambda deed: deed.order)))
    by_persons = [_of_persons(deed, people) for deed in happened]
    authors = _authors(by_persons)
    aimed = [_aimed(deed, authors) for deed in by_persons if deed.actor not in people.opted_out]
    return [_seen(deed, people) for deed in aimed]


def _of_persons(deed: Deed, people: People) -> Deed:
    target = None if deed.target is None else people.person(deed.target)
    return replace(deed, actor=people.person(deed.actor), target=target)


def _authors(deeds: list[Deed]) -> dict[str, str]:
    """Who made each item first; who shared it first where nobody told of making it."""
    authors: dict[str, str] = {}
    for deed in sorted(deeds, key=lambda deed: deed.is_share):
        if deed.makes is not None and not deed.of_others:
            authors.setdefault(deed.makes, deed.actor)
    return authors


def _aimed(deed: Deed, authors: Mapping[str, str]) -> Deed:
    return replace(deed, target=authors.get(deed.parent)) if deed.parent is not None else deed


def _seen(deed: Deed, people: People) -> Deed:
    """The deed without a target that is the actor or opted out."""
    return replace(deed, target=None) if deed.target in (deed.actor, *people.opted_out) else deed


def _once(deeds: list[Deed]) -> list[Deed]:
    """Without those less than ten minutes after the last kept one that is the same. What ends others always counts."""
    last_kept: dict[tuple[object, ...], datetime] = {}
    kept = []
    for deed in deeds:
        key = (deed.actor, deed.kind, deed.object, deed.about, deed.target)
        if deed.kind not in ENDS:
            if key in last_kept and deed.at - last_kept[key] < TWIN_GAP:
                continue
            last_kept[key] = deed.at
        kept.append(deed)
    return kept


def _ended(deeds: list[Deed]) -> list[Deed]:
    """The deeds with the time at which they were taken back, or their object was deleted if they are reactions."""
    undoing = [deed for deed in deeds if deed.kind in UNDOES and deed.object is not None]
    deleted: dict[str | None, datetime] = {}
    for deed in deeds:
        if deed.kind == "delete":
            deleted.setdefault(deed.object, deed.at)
    found = []
    for deed in (deed for deed in deeds if deed.kind not in ENDS):
        ends = [other.at for other in undoing if _takes_back(other, deed)]
        if deed.kind == "react" and deed.object in deleted:
            ends.append(deleted[deed.object])
        found.append(replace(deed, ended_at=min(ends)) if ends else deed)
    return found


def _takes_back(other: Deed, deed: Deed) -> bool:
    """Whether a later un-act is by the same person, on the same thing, and of a kind that ends this one."""
    same = (other.actor, other.object) == (deed.actor, deed.object)
    return same and deed.kind in UNDOES[other.kind] and other.order > deed.order
