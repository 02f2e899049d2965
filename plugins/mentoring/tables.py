"""The pairs one by one: for a programme's owner who wants to help, and may see persons."""

import polars as pl

from lrs.plugin import PersonTable, Scope, TableColumn
from plugins.mentoring.pairs import pairs, stalled
from plugins.mentoring.programme import PAIR
from plugins.mentoring.sessions import gaps, held


def pairs_one_by_one(scope: Scope) -> pl.DataFrame:
    """Return the pairs at `as_of` with their sessions. Units: sessions n, median_gap_s s."""
    found, series = pairs(scope), held(scope.acts, scope)
    in_the_window = (pl.col("start") >= scope.since).sum().cast(pl.Int64)
    met = series.group_by(PAIR).agg(sessions=in_the_window, last_session=pl.max("start"))
    usual = gaps(series).group_by(PAIR).agg(median_gap_s=pl.col("gap").dt.total_milliseconds().median() / 1000)
    silenced = stalled(found, series, scope).select(*PAIR, stalled=True)
    told = found.join(met, on=PAIR, how="left").join(usual, on=PAIR, how="left").join(silenced, on=PAIR, how="left")
    return told.with_columns(pl.col("sessions").fill_null(0), pl.col("stalled").fill_null(False))


TABLES = (
    PersonTable(
        id="pairs",
        title="Pairs",
        definition=(
            "declared and inferred pairs of mentor and mentee at the end of the window: those that "
            "`mentoring.active_pairs` and `mentoring.stalled_pairs` count some of"
        ),
        columns={
            "mentor": TableColumn("person", "who mentors"),
            "mentee": TableColumn("person", "who is mentored"),
            "declared": TableColumn("flag", "whether a programme's roster says so; else what they did shows it"),
            "sessions": TableColumn("count", "sessions that started in the window"),
            "last_session": TableColumn("time", "start of the last session before the end, however old; null: none"),
            "median_gap_s": TableColumn(
                "number", "median time between the starts of consecutive sessions, however old, in seconds"
            ),
            "stalled": TableColumn("flag", "whether they met three times, and not for much longer than usual"),
        },
        compute=pairs_one_by_one,
    ),
)
