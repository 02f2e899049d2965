"""The roster of mentoring programmes: who is declared to mentor whom, and which way round talks are by that."""

import polars as pl

from lrs.plugin import Scope

PAIR = ("mentor", "mentee")

_READ = (
    *("t", "actor", "target", "subject", "session", "feedback", "plan"),
    *("by_mentee", "open_direction", "duration_s", "ended"),
)


def declared(memberships: pl.DataFrame) -> pl.DataFrame:
    """Return the declared pairs: mentor, mentee, since, until.

    Either of the two may say so: the mentor by the role `mentor`, the mentee by the role `mentee`, with the other.
    """
    programme = memberships.filter(pl.col("kind") == "programme", pl.col("person") != pl.col("partner"))
    mentors = programme.filter(pl.col("role") == "mentor").select("since", "until", mentor="person", mentee="partner")
    mentees = programme.filter(pl.col("role") == "mentee").select("since", "until", mentor="partner", mentee="person")
    return pl.concat([mentors, mentees])


def standing(scope: Scope) -> pl.Expr:
    """Return what tells memberships that last at `as_of`."""
    return (pl.col("since") <= scope.as_of) & (pl.col("until") > scope.as_of)


def happened(acts: pl.DataFrame, what: pl.Expr, scope: Scope) -> pl.DataFrame:
    """Return the acts of a sort before `as_of` that had not been taken back by then."""
    ended = pl.col("ended")
    narrow = acts.select(_READ)  # the others are costly to carry along
    return narrow.filter(what, pl.col("t") < scope.as_of, ended.is_null() | (ended > scope.as_of))


def met(acts: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Return the statements of sessions, with `mentor` and `mentee`."""
    return directed(happened(acts, pl.col("session"), scope), scope)


def directed(acts: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Return sessions' statements, feedback and plans with `mentor` and `mentee`; what somebody told of oneself is out.

    Who told a talk is the mentor, unless at that time the roster has the two the other way round and not this way.
    """
    told = acts.with_columns(mentor="actor", mentee="target").filter(pl.col("mentor") != pl.col("mentee"))
    programme = declared(scope.memberships)
    is_open = pl.col("open_direction").fill_null(False)
    if programme.is_empty() or not told.select(is_open.any()).item():
        return told
    return pl.concat([told.filter(~is_open), _as_the_roster_says(told.filter(is_open), programme)])


def _as_the_roster_says(talks: pl.DataFrame, programme: pl.DataFrame) -> pl.DataFrame:
    numbered = talks.with_row_index("talk")
    turned = numbered.rename({"mentor": "mentee", "mentee": "mentor"}).select([*talks.columns, "talk"])
    against = _declared_of(turned, programme).join(_declared_of(numbered, programme), on="talk", how="anti")
    kept = numbered.join(against, on="talk", how="anti")
    return pl.concat([kept.drop("talk"), turned.join(against, on="talk", how="semi").drop("talk")])


def _declared_of(talks: pl.DataFrame, programme: pl.DataFrame) -> pl.DataFrame:
    """Return the numbers of the talks whose pair was declared at their time."""
    lasting = (pl.col("since") <= pl.col("t")) & (pl.col("until") > pl.col("t"))
    return talks.select("talk", "t", *PAIR).join(programme, on=PAIR).filter(lasting).select("talk").unique()
