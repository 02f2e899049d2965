"""Reading what was released of groups in the weeks of a window."""

from collections.abc import Sequence
from dataclasses import dataclass

from lrs.core.analytics.groups import ReleasedGroups
from lrs.core.analytics.guard import Reason
from lrs.core.analytics.source import Known, Served, Source
from lrs.core.analytics.windows import Window


@dataclass(frozen=True, slots=True)
class Weeks(Known):
    """What was released of groups in the weeks of the window, or the reason why there is nothing to show."""

    weeks: Sequence[Window]
    groups: ReleasedGroups | None = None
    reason: Reason | None = None
    release: tuple[int, int] | None = None  # what differs when something else was released


async def released_weeks(source: Source, window: Window, partition: str, k: int) -> Weeks:
    """Return what was released of a partition in the closed weeks of a window. Raises: Unavailable."""

    async def read(served: Served) -> Weeks | None:
        weeks = source.closed(window, served)
        stale = await source.is_stale(served, weeks)
        if served.data_until is None or not weeks:
            reason = Reason.NO_DATA if served.data_until is None else Reason.OPEN_WEEK
            return Weeks(window, served.data_until, stale, weeks, reason=reason)
        groups = await source.table(served).groups(partition, weeks, False, k)
        if groups is None:  # it is another table by now
            return None
        nothing = None if groups.names(weeks) else source.why_nothing(partition)
        span = Window(weeks[0].start, weeks[-1].end)
        return Weeks(span, served.data_until, stale, weeks, groups, nothing, served.release)

    return await source.as_one(read)
