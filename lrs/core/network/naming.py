"""What people are called where they are shown one by one: by name who opted in, all others by a pseudonym."""

from collections.abc import Mapping

import polars as pl

from lrs.core.analytics.pseudonyms import pseudonym


def called(people: pl.Series, named: Mapping[int, tuple[str, str]], key: bytes) -> pl.DataFrame:
    """Return `id` and `name` of people, in their order: the own ones of those `named` by code, else a pseudonym."""
    codes = people.to_list()
    known = [named.get(each) or (pseudonym(each, key), None) for each in codes]
    return pl.DataFrame(known, schema={"id": pl.String(), "name": pl.String()}, orient="row")
