"""What people are called where they are shown one by one: by name who opted in, all others by a pseudonym."""

import hashlib
import hmac
from collections.abc import Mapping

import polars as pl

PREFIX = "p-"
DIGITS = 20  # 80 bits in hexadecimal: two of a million people have the same with a probability of 4e-13


def pseudonym(person: int, key: bytes) -> str:
    """Return what a person (by code) is called: HMAC-SHA256 under the store's key, so that no list of people tells."""
    told = person.to_bytes(8, "little", signed=True)
    return PREFIX + hmac.new(key, told, hashlib.sha256).hexdigest()[:DIGITS]


def called(people: pl.Series, named: Mapping[int, tuple[str, str]], key: bytes) -> pl.DataFrame:
    """Return `id` and `name` of people, in their order: the own ones of those `named` by code, else a pseudonym."""
    codes = people.to_list()
    known = [named.get(each) or (pseudonym(each, key), None) for each in codes]
    return pl.DataFrame(known, schema={"id": pl.String(), "name": pl.String()}, orient="row")
