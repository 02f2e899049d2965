"""How many events came before a moment: what spares a comparison of each with each."""

import polars as pl


def count_before(rows: pl.DataFrame, at: str, events: pl.DataFrame, by: str, name: str) -> pl.DataFrame:
    """Return the rows, in another order, with the number of events of the same `by` strictly before their time `at`.

    `events` have a time `t`. The number is in the column `name`.
    """
    so_far = events.sort("t").select(by, _t="t", **{name: pl.int_range(1, pl.len() + 1).over(by)})
    return (
        rows.sort(at)
        .join_asof(
            so_far,
            left_on=at,
            right_on="_t",
            by=by,
            strategy="backward",
            allow_exact_matches=False,
            check_sortedness=False,  # it can't be checked by group; both have just been sorted
        )
        .drop("_t", strict=False)
        .with_columns(pl.col(name).fill_null(0))
    )
