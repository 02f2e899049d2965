"""Events in line: finding where a moment falls without comparing each with each."""

import polars as pl


class Line:
    """Events of several things, those of one thing together and by time, each with its `place` in the whole line."""

    def __init__(self, events: pl.DataFrame) -> None:
        """Line up events, which have a `thing` and a time `t`."""
        lined_up = events.sort("thing", "t").with_row_index("place").with_columns(number=pl.col("thing").rle_id())
        begins = lined_up.filter(pl.col("number") != pl.col("number").shift(fill_value=-1))
        stop = pl.col("place").shift(-1, fill_value=len(events))
        self._things = begins.select("thing", "number", stop=stop)
        times = events.select(begin=_ms("t").min(), end=_ms("t").max()).fill_null(0)
        self._begin: int = times["begin"][0]
        self._span: int = times["end"][0] - self._begin + 2
        self._keys = lined_up.select(self._key("t")).to_series()
        self.events = lined_up.drop("number")

    def find(self, rows: pl.DataFrame, **times: str) -> pl.DataFrame:
        """Return the rows on things in the line, with the place of the first event from a time on, for each `times`.

        It is a column of that name. `stop` is the place after the thing's last event, which it is where no more come.
        """
        known = rows.join(self._things, on="thing")
        keys = known.select(**{name: self._key(at) for name, at in times.items()})
        places = [self._keys.search_sorted(keys[name], side="left").alias(name) for name in times]
        return known.drop("number").with_columns(places)

    def _key(self, at: str) -> pl.Expr:
        """A number that grows along the line: by the thing, then by the time; a time beyond its ends stands there."""
        after = (_ms(at) - self._begin).clip(0, self._span - 1)
        return pl.col("number").cast(pl.Int64) * self._span + after


def _ms(at: str) -> pl.Expr:
    return pl.col(at).dt.epoch("ms")
