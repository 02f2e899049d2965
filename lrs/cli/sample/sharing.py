"""The story of sharing: posts to communities, cascades of reshares, and recommendations to one person."""

from collections import Counter
from dataclasses import dataclass
from itertools import count
from random import Random

from lrs.cli.sample import generic, words
from lrs.cli.sample.organisation import Organisation, Place
from lrs.cli.sample.people import HOMES, Draw, Person
from lrs.cli.sample.period import HOUR, delay
from lrs.cli.sample.timeline import Timeline
from lrs.cli.sample.told import Item, Told, makes
from lrs.cli.sample.vocabulary import (
    ACTIVITY_STREAMS,
    ACTIVITY_STREAMS_1,
    ADL,
    ARTICLE,
    DOD_ISD,
    NOTE,
    PREPOSITIONS,
    TINCAN,
    activity,
    verb,
)
from lrs.xapi import Json


@dataclass(eq=False, slots=True)
class Shared(Item):
    """A shared post; a reshare has the post it passes on as `parent`."""

    number: int
    community: Place
    sharer: Person
    parent: "Shared | None"
    at: int
    level: int = 0
    reshared: int = 0

    @property
    def item(self) -> str:
        return f"{HOMES['generic']}/feed/{self.number}"

    @property
    def key(self) -> str:
        return self.sharer.keys["generic"]

    @property
    def kind(self) -> str:
        return NOTE if self.number % 3 else ARTICLE

    @property
    def root(self) -> "Shared":
        return self if self.parent is None else self.parent.root

    @property
    def true_place(self) -> Json:
        parent = self.parent
        place: Json = {"parent": parent.item if parent else None, "root": self.root.item, "depth": self.level}
        return place if parent is None else place | {"target": parent.key}

    @property
    def told_place(self) -> Json:
        return self.true_place  # its sender tells all, and a share that was passed on is never voided


def viewed_share(person: Person, share: Shared) -> Json:
    """Return a view of a shared post."""
    return generic.statement(person, verb(TINCAN + "viewed", "viewed"), activity(share.item, share.kind))


class Sharing:
    """Tells cascades (most of one, few large) and recommendations, and knows their shapes."""

    def __init__(self, organisation: Organisation, timeline: Timeline, rng: Random) -> None:
        self.shares: list[Shared] = []
        self.recommendations = 0
        self._people = Draw(organisation.people, lambda person: person.talk)
        self._communities = Draw(organisation.communities, lambda place: len(place.members))
        self._timeline, self._rng = timeline, rng
        self._numbers = count(1)

    def tell(self, acts: int) -> None:
        """Tell `acts` shares, reshares and recommendations."""
        for _ in range(acts // 7):
            self._recommend()
        acts -= acts // 7
        while acts > 0:
            acts -= self._cascade(acts)

    def cascades(self) -> dict[str, dict[str, int]]:
        """Return size, depth (0 for a share nobody reshared) and breadth (most posts on one level) by root item."""
        levels: dict[str, Counter[int]] = {}
        for share in self._standing():
            levels.setdefault(share.root.item, Counter())[share.level] += 1
        return {
            item: {"size": by_level.total(), "depth": max(by_level), "breadth": max(by_level.values())}
            for item, by_level in levels.items()
        }

    def counts(self) -> dict[str, int]:
        """Return how many shares, reposts and recommendations were told."""
        standing = self._standing()
        reposts = sum(share.parent is not None for share in standing)
        return {
            "shares": len(standing) - reposts,
            "reposts": reposts,
            "recommendations": self.recommendations,
        }

    def _standing(self) -> list[Shared]:
        return [share for share in self.shares if share.seen]

    def _cascade(self, most: int) -> int:
        rng, community = self._rng, self._communities.one(self._rng)
        sharer = community.talkers.one(rng)
        tree = [self._share(community, sharer, None, self._timeline.period.moment(rng))]
        size = min(most, 1 if rng.random() < 0.6 else min(40, 1 + int(rng.paretovariate(1.1))))
        taken = {sharer}
        for _ in range(size - 1):
            parent = tree[0] if rng.random() < 0.5 else rng.choice(tree)
            at = parent.at + delay(rng, median=6 * HOUR, spread=1.3)
            person = self._people.one(rng)
            if person not in taken and self._timeline.period.holds(at):
                taken.add(person)
                tree.append(self._share(community, person, parent, at))
        return len(tree)

    def _share(self, community: Place, person: Person, parent: Shared | None, at: int) -> Shared:
        share = Shared(next(self._numbers), community, person, parent, at, parent.level + 1 if parent else 0)
        if parent:
            parent.reshared += 1
        self.shares.append(share)
        statement = self._shared(share) if parent is None else self._reshared(share, parent)
        self._timeline.add(statement, at, "generic", makes("share" if parent is None else "repost", share))
        return share

    def _shared(self, share: Shared) -> Json:
        thing = activity(share.item, share.kind, words.opening(share.community.name, self._rng))
        place = [generic.place_activity(share.community)]
        if self._rng.random() < 0.6:
            return generic.statement(share.sharer, verb(ADL + "shared", "shared"), thing, grouping=place)
        # Activity Streams' share with a place as parent: shared into it, not passed on.
        return generic.statement(share.sharer, verb(ACTIVITY_STREAMS + "share", "shared"), thing, parent=place)

    def _reshared(self, share: Shared, parent: Shared) -> Json:
        iri = self._rng.choice((ACTIVITY_STREAMS + "share", ACTIVITY_STREAMS_1 + "share", TINCAN + "retweeted"))
        thing, original = activity(share.item, share.kind), activity(parent.item, parent.kind)
        return generic.statement(share.sharer, verb(iri, "reshared"), thing, parent=[original])

    def _recommend(self) -> None:
        rng = self._rng
        person = self._people.one(rng)
        friend = self._people.other_than(person, rng)
        if friend is person:
            return
        number = rng.randint(1, 40)
        article = activity(f"{HOMES['generic']}/library/{number}", ARTICLE, f"Reading {number}")
        at = self._timeline.free(f"{person.id} {friend.id}", article["id"], self._timeline.period.moment(rng))
        recommended = generic.statement(person, verb(DOD_ISD + "recommended", "recommended"), article)
        recommended["context"]["extensions"] = {PREPOSITIONS + "to": friend.agent("generic")}
        told = Told(kind="recommend", actor=person.keys["generic"], object=article["id"], target=friend.keys["generic"])
        self._timeline.add(recommended, at, "generic", told)
        self.recommendations += 1
