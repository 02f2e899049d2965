"""What all answers to questions about the network say of themselves."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lrs import clock
from lrs.core.analytics.source import Known
from lrs.core.network.query import NetworkQuery
from lrs.xapi.values import format_timestamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The question, and how new what was found is."""

    query: NetworkQuery
    known: Known
    computed_at: datetime = field(default_factory=clock.now)

    def about(self) -> dict[str, Any]:
        """Return what an answer in JSON begins with."""
        window = self.known.window
        return {
            "level": self.query.level,
            "kinds": None if self.query.kinds is None else list(self.query.kinds),
            "window": {"since": format_timestamp(window.start), "until": format_timestamp(window.end)},
            "as_of": _time(self.known.as_of),
            "data_until": _time(self.known.data_until),
            "computed_at": _time(self.computed_at),
            "stale": self.known.stale,
        }

    def of_graph(self) -> dict[str, str]:
        """Return what is told of a graph as a whole."""
        window, kinds = self.known.window, self.query.kinds
        told = {"level": self.query.level} | ({} if kinds is None else {"kinds": ",".join(kinds)})
        return {**told, "since": format_timestamp(window.start), "until": format_timestamp(window.end)}


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else format_timestamp(moment)
