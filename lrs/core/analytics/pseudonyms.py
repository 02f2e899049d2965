"""What people are called where they are shown one by one: by name who opted in, all others by a pseudonym."""

import hashlib
import hmac

from lrs.errors import Conflict

PREFIX = "p-"
DIGITS = 20  # 80 bits in hexadecimal: two of a million people have the same with a probability of 4e-13

LEAST_PEOPLE = 20
"""Among fewer everybody can be told by what is shown of them."""


def pseudonym(person: int, key: bytes) -> str:
    """Return what a person (by code) is called: HMAC-SHA256 under the store's key, so that no list of people tells."""
    told = person.to_bytes(8, "little", signed=True)
    return PREFIX + hmac.new(key, told, hashlib.sha256).hexdigest()[:DIGITS]


def key_of(answer: str, key: bytes) -> bytes:
    """Return the key of one kind of answer: who is shown in two of them has two pseudonyms, which nobody can join."""
    return hmac.new(key, answer.encode(), hashlib.sha256).digest()


def refuse_few(people: int, others: int, k: int, *, where: str) -> None:
    """Raise Conflict where people would be told by what is shown of them, or by being all that is left.

    `others` are those of the people who did not opt in, and `k` the least of a group.
    """
    if people < LEAST_PEOPLE:
        why = f"fewer than {LEAST_PEOPLE} people are in it, so each could be told by what is shown of them"
    elif 0 < others < k:
        why = f"fewer than {k} of its people have not opted in, so each could be told by who is missing"
    else:
        return
    accepted = "a longer window, or an answer about groups"
    raise Conflict("this is too small to be shown person by person", where=where, why=why, accepted=accepted)
