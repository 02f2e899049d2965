"""Who is whose mentor by a programme's memberships, and by what they do."""

from collections.abc import Iterator
from datetime import datetime

from .people import People


def declared(people: People, at: datetime) -> Iterator[tuple[str, str]]:
    """(mentor, mentee) of each pair that a programme tells of at a moment, by either's membership; maybe repeatedly.

    Who opted out is in no pair.
    """
    for person, memberships in people.belonging.items():
        for each in memberships:
            if each.kind != "programme" or not each.partner or not each.covers(at):
                continue
            pair = {"mentor": (person, each.partner), "mentee": (each.partner, person)}.get(each.role or "")
            if pair and person != each.partner and not people.opted_out & set(pair):
                yield pair


def is_declared(people: People, mentor: str, mentee: str, at: datetime) -> bool:
    """Whether a programme tells of this pair at a moment."""
    return (mentor, mentee) in declared(people, at)
