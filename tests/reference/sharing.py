"""The raw metrics of sharing over the shares of one row, without any guard."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from math import ceil
from typing import Any, ClassVar

from .asked import Asked, Measurement
from .figures import mean, median, ratio
from .people import People
from .shares import Deed
from .sharing_cascades import Cascade, cascades
from .sharing_deeds import settle
from .statements import Statement

MOMENT = timedelta(microseconds=1)
RESPONSES = ("comment", "reply")


class Sharing:
    """All shares of a store as `acts`, and beside them what people did with the things shared."""

    METRICS: ClassVar[Mapping[str, int]] = {
        **dict.fromkeys(("shares", "sharers", "reach"), 0),
        **dict.fromkeys(("sharer_rate", "amplification", "cross_group_share"), 10),
        **dict.fromkeys(("cascade_size", "cascade_depth", "cascade_breadth", "structural_virality"), 10),
        "half_life": 5,
    }

    LOOK_BACK: ClassVar[Collection[str]] = (
        *("cascade_size", "cascade_depth", "cascade_breadth", "structural_virality"),
        "amplification",
    )

    def __init__(self, deeds: list[Deed], people: People) -> None:
        self.people = people
        self.acts = [deed for deed in deeds if deed.is_share]
        self.reactions = [deed for deed in deeds if deed.kind == "react"]
        self.touching: dict[str, list[Deed]] = {}
        for deed in deeds:
            for thing in _touched(deed):
                self.touching.setdefault(thing, []).append(deed)

    @classmethod
    def read(cls, statements: list[Statement], people: People, settings: Mapping[str, Any]) -> "Sharing":
        """The sharing in a store. `context_roles` is the one setting it looks at."""
        return cls(settle(statements, people, settings.get("context_roles") or {}), people)

    def measure(self, asked: Asked) -> Measurement:
        """One metric over the row's shares that stand at its `as_of`."""
        shares = [act for act in asked.acts if act.stands(asked.as_of)]
        if asked.metric == "shares":
            return _count(shares)
        if asked.metric == "sharers":
            return Measurement(len({share.actor for share in shares}))
        if asked.metric == "sharer_rate":
            return _sharer_rate(shares, asked)
        if asked.metric == "reach":
            return self._reach(shares, asked.as_of)
        if asked.metric == "amplification":
            return self._amplification(shares, asked)
        if asked.metric == "half_life":
            return self._half_life(shares, asked.as_of)
        if asked.metric == "cross_group_share":
            return self._cross_group(shares, asked.as_of)
        return _of_cascades(asked.metric, self._cascades(shares, asked.as_of))

    def _reach(self, shares: list[Deed], as_of: datetime) -> Measurement:
        viewers = {view.actor for share in shares for view in self._views(share, as_of)}
        members = {person for share in shares for person in self._invited(share)}
        return Measurement(len(viewers), beside={"possible_audience": Measurement(len(viewers | members))})

    def _views(self, share: Deed, as_of: datetime) -> list[Deed]:
        """The views by others of what was shared, or of something below it, from the share on."""
        return [deed for deed in self._touches(share, as_of) if deed.kind == "view"]

    def _touches(self, share: Deed, as_of: datetime) -> list[Deed]:
        """What others did with what was shared from the share on, as far as it stands at `as_of`."""
        return [
            deed
            for deed in self.touching.get(share.object or "", [])
            if deed.at >= share.at and deed.stands(as_of) and deed.actor != share.actor
        ]

    def _invited(self, share: Deed) -> set[str]:
        """The other members, at that time, of the communities something was shared into."""
        found: set[str] = set()
        for place in share.places:
            found |= self.people.roster("community", place, share.at, share.at + MOMENT) or set()
        return found - {share.actor}

    def _cascades(self, shares: list[Deed], as_of: datetime) -> list[Cascade]:
        """The cascades whose root is among `shares`, with everybody's part in them."""
        roots = set(shares)
        return [each for each in cascades(act for act in self.acts if act.stands(as_of)) if each.root in roots]

    def _amplification(self, shares: list[Deed], asked: Asked) -> Measurement:
        """The row's reposts and reactions; what they react to may be shared by anybody, at any time before."""
        shared = {act.object for act in self.acts if act.stands(asked.as_of)} - {None}
        reactions = [each for each in asked.own(self.reactions) if each.stands(asked.as_of) and each.object in shared]
        reposts = [share for share in shares if share.kind == "repost"]
        return Measurement(ratio(len(reposts) + len(reactions), len(shares)), len(shares))

    def _half_life(self, shares: list[Deed], as_of: datetime) -> Measurement:
        found = []
        for share in shares:
            touches = self._touches(share, as_of)
            if touches:
                half = touches[ceil(len(touches) / 2) - 1].at - share.at
                if as_of - share.at >= 4 * half:
                    found.append(half.total_seconds())
        return Measurement(median(found), len(found))

    def _cross_group(self, shares: list[Deed], as_of: datetime) -> Measurement:
        if not self.people.has("department"):
            return Measurement(None, 0, "no_roster")
        placed = [share for share in shares if self._departments(share)]
        crossing = [share for share in placed if self._crosses(share, as_of)]
        return Measurement(ratio(len(crossing), len(placed)), len(placed))

    def _crosses(self, share: Deed, as_of: datetime) -> bool:
        theirs = [self._departments(view) for view in self._views(share, as_of)]
        return any(each and not each & self._departments(share) for each in theirs)

    def _departments(self, deed: Deed) -> set[str]:
        return self.people.memberships(deed.actor, "department", deed.at)


def _touched(deed: Deed) -> set[str]:
    """The ids of the things that a deed is an interaction with."""
    if deed.kind == "repost":
        return {deed.parent} if deed.parent is not None else set()
    if deed.kind in ("view", "react", *RESPONSES):
        return {thing for thing in (deed.object, *deed.about) if thing is not None}
    return set()


def _count(shares: list[Deed]) -> Measurement:
    names = {"reposts": "repost", "recommendations": "recommend"}
    beside = {name: Measurement(sum(share.kind == kind for share in shares)) for name, kind in names.items()}
    return Measurement(len(shares), beside=beside)


def _sharer_rate(shares: list[Deed], asked: Asked) -> Measurement:
    roster = asked.roster()
    if roster is None:
        return Measurement(None, 0, "no_roster")
    if not shares:
        return Measurement(None, 0)  # without an act nothing can be said but of counts
    sharers = {share.actor for share in shares}
    return Measurement(ratio(len(sharers & roster), len(roster)), len(roster))


def _of_cascades(metric: str, found: list[Cascade]) -> Measurement:
    if metric == "structural_virality":
        values = [each.virality for each in found if each.size >= 2]
        return Measurement(mean(values), len(values))
    if metric not in ("cascade_size", "cascade_depth", "cascade_breadth"):
        raise ValueError(f"{metric!r} is no metric of sharing")
    shape = metric.removeprefix("cascade_")
    sizes: list[float] = [getattr(each, shape) for each in found]
    if not sizes:
        return Measurement(None, 0)
    n = len(sizes)
    return Measurement(
        mean(sizes), n, beside={"median": Measurement(median(sizes), n), "max": Measurement(max(sizes), n)}
    )
