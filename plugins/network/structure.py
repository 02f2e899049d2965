"""The structure of the network: how many arcs there are, how dense they are, and whether they go both ways."""

import polars as pl

from lrs.plugin import Metric, Number, Scope, ratio
from plugins.network.arcs import ARC, arcs, everybodys

_ROSTER = "It needs a directory that says who belongs where; guests count nowhere in it."
_SENDERS = (
    "Only what is aimed at somebody whom the sender names, or whose thing it is about, makes a tie. Moodle's forum and "
    "Open edX drop whom a reply answers: there it is taken to be whoever started the thread."
)


def ties(scope: Scope) -> Number:
    """Count the ordered pairs of people of whom the one did something toward the other. Unit: n."""
    return Number(len(arcs(scope)))


def density(scope: Scope) -> Number:
    """Return the arcs between people on the roster ÷ n(n - 1), n being how many are on it. Range 0-1.

    Nobody or a single person is on it: no_roster. Source: Wasserman & Faust 1994.
    """
    n = 0 if scope.roster is None else len(scope.roster)
    if scope.roster is None or n < 2:
        return Number(None, why="no_roster")
    members, given = scope.roster.implode(), arcs(scope)
    inside = given.filter(pl.col("actor").is_in(members), pl.col("target").is_in(members))
    return Number(len(inside) / (n * (n - 1)) if len(given) else None, n=n)


def reciprocity(scope: Scope) -> Number:
    """Return the share of arcs whose reverse is in the window too, from whatever group. Range 0-1.

    Source: arc reciprocity, Wasserman & Faust 1994.
    """
    given = arcs(scope)
    reverse = everybodys(scope).rename({"actor": "target", "target": "actor"})
    return ratio(len(given.join(reverse, on=ARC, how="semi")), len(given))


def isolates(scope: Scope) -> Number:
    """Return the share of the roster that has no arc to or from anybody. Range 0-1. Nobody is on it: no_roster."""
    if scope.roster is None or scope.roster.is_empty():
        return Number(None, why="no_roster")
    n, tied = len(scope.roster), pl.concat([everybodys(scope)[name] for name in ARC]).unique()
    alone = n - int(scope.roster.is_in(tied.implode()).sum())
    return Number(alone / n if len(tied) else None, n=n)


METRICS = (
    Metric(
        id="ties",
        title="Ties",
        unit="n",
        range=(0, None),
        direction="neutral",
        definition="ordered pairs of people of whom the one did something toward the other in the window",
        no_data="0: nobody did anything toward anybody",
        source="arcs, Wasserman & Faust 1994",
        limits=_SENDERS,
        counts=True,
        compute=ties,
    ),
    Metric(
        id="density",
        title="Density",
        unit="0-1",
        range=(0, 1),
        direction="neutral",
        definition=(
            "ties between people who belong here divided by n(n - 1), n being how many belong here, silent people "
            "included; only comparable between groups of about one size"
        ),
        no_data="null: nobody here did anything toward anybody; null (no_roster): nobody knows who belongs here",
        source="Wasserman & Faust 1994",
        limits=_ROSTER,
        min_denominator=10,
        compute=density,
    ),
    Metric(
        id="reciprocity",
        title="Reciprocity",
        unit="0-1",
        range=(0, 1),
        direction="higher",
        definition="ties whose reverse is in the window too, divided by all ties",
        no_data="null: nobody did anything toward anybody",
        source="arc reciprocity, Wasserman & Faust 1994",
        limits=_SENDERS,
        min_denominator=10,
        compute=reciprocity,
    ),
    Metric(
        id="isolates",
        title="People without a tie",
        unit="0-1",
        range=(0, 1),
        direction="lower",
        definition="people who belong here and have no tie to or from anybody, divided by all who belong here",
        no_data="null: nobody did anything toward anybody; null (no_roster): nobody knows who belongs here",
        source="Wasserman & Faust 1994",
        limits=_ROSTER,
        min_denominator=10,
        compute=isolates,
    ),
)
