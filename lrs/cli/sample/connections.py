"""The story of who belongs together: follows, communities and groups joined and left, messages to one and to many."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from random import Random

from lrs.cli.sample import generic, moodle, moodle_groups
from lrs.cli.sample.mix import Mix
from lrs.cli.sample.moodle_groups import Group
from lrs.cli.sample.organisation import Organisation, Place
from lrs.cli.sample.people import HOMES, Draw, Person
from lrs.cli.sample.period import DAY, delay
from lrs.cli.sample.threads import Thread
from lrs.cli.sample.timeline import APART, Timeline
from lrs.cli.sample.told import LARGE_GROUP, Told
from lrs.xapi import Json

LARGEST_COUNTED = 25  # a message to more people is one to the group


@dataclass(frozen=True, slots=True)
class _Step:
    """Something done, and how it is taken back later."""

    statement: Json
    told: Told
    back: Json
    back_told: Callable[[Told], Told]


class Connections:
    """Tells follows, memberships and messages; who follows or joins may stop later."""

    def __init__(self, organisation: Organisation, timeline: Timeline, rng: Random, mix: Mix) -> None:
        self._timeline, self._rng, self._mix = timeline, rng, mix
        self._people = Draw(organisation.people, lambda person: person.talk + person.read)
        self._communities = Draw(organisation.communities, lambda place: len(place.members))
        self._courses = [place for place in organisation.courses if place.platform == "moodle"]
        self._groups = _groups(self._courses, rng)
        self._messages = count(1)
        self._done: set[tuple[str, str]] = set()

    def tell(self, statements: int, threads: list[Thread]) -> None:
        """Tell about `statements` statements, less when there is nobody left to follow."""
        subscribed = [each for each in threads if each.shape == "moodle-4.8"]
        for _ in range(statements * 3):
            if statements <= 0:
                break
            statements -= self._step(subscribed, revocable=statements > 1)

    def _step(self, threads: list[Thread], *, revocable: bool) -> int:
        chance, rng = self._rng.random(), self._rng
        if chance < 0.3:
            return self._write()
        if chance < 0.5 and threads:
            return self._do("moodle", self._subscribe(rng.choice(threads)), revocable=revocable)
        if chance < 0.7:
            return self._do("generic", self._follow(), revocable=revocable)
        if chance < 0.85 and self._groups:
            return self._do("moodle", self._join_group(rng.choice(self._groups)), revocable=revocable)
        return self._do("generic", self._join_community(self._communities.one(rng)), revocable=revocable)

    def _do(self, sender: str, step: _Step, *, revocable: bool) -> int:
        """Do it once, and perhaps take it back later; return how many statements that took."""
        rng, period, told = self._rng, self._timeline.period, step.told
        thing = told.object or told.target or ""
        if told.actor == told.target or (told.actor, thing) in self._done:
            return 0
        self._done.add((told.actor, thing))
        at = period.moment(rng)
        self._timeline.add(step.statement, at, sender, told)
        later = at + delay(rng, median=5 * DAY, spread=1.0, least=APART, most=60 * DAY)
        if not revocable or rng.random() >= self._mix.undone or not period.holds(later):
            return 1
        self._timeline.add(step.back, later, sender, step.back_told(told))
        return 2

    def _follow(self) -> _Step:
        person = self._people.one(self._rng)
        other = self._people.other_than(person, self._rng)
        return _Step(
            generic.followed(person, other),
            Told(kind="follow", actor=person.keys["generic"], target=other.keys["generic"]),
            generic.followed(person, other, undo=True),
            _taken_back("unfollow"),
        )

    def _subscribe(self, thread: Thread) -> _Step:
        reader = thread.place.readers.one(self._rng)
        return _Step(
            moodle.subscribed(reader, thread),
            Told(kind="follow", actor=reader.keys["moodle"], object=thread.item),
            moodle.subscribed(reader, thread, undo=True),
            _taken_back("unfollow"),
        )

    def _join_community(self, community: Place) -> _Step:
        member = self._rng.choice(community.members)
        return _Step(
            generic.joined(member, community),
            Told(kind="join", actor=member.keys["generic"], object=community.id),
            generic.joined(member, community, undo=True),
            _taken_back("leave"),
        )

    def _join_group(self, group: Group) -> _Step:
        member, teacher = self._rng.choice(group.members), group.teacher.keys["moodle"]
        return _Step(
            moodle_groups.joined(member, group),
            Told(kind="join", actor=member.keys["moodle"], object=group.id, target=teacher),
            moodle_groups.joined(member, group, undo=True),
            _taken_back("leave"),
        )

    def _write(self) -> int:
        """Send a message to one person, or to a group: then it is one to each member."""
        rng, number = self._rng, next(self._messages)
        at = self._timeline.period.moment(rng)
        item = f"{HOMES['moodle']}/message?id={number}"
        if self._groups and rng.random() < 0.4:
            group = rng.choice(self._groups)
            sender = rng.choice([*group.members, group.teacher])
            acts = _to_members(sender, item, group)
            self._timeline.add(moodle_groups.sent_to_group(sender, item, group), at, "moodle", *acts)
            return 1
        course = rng.choice(self._courses)
        sender, other = rng.sample(course.members, 2)
        told = Told(kind="message", actor=sender.keys["moodle"], object=item, target=other.keys["moodle"])
        self._timeline.add(moodle_groups.sent(sender, item, course, other), at, "moodle", told)
        return 1


def _taken_back(kind: str) -> Callable[[Told], Told]:
    return lambda told: Told(kind=kind, actor=told.actor, object=told.object, target=told.target, ends=(told,))


def _to_members(sender: Person, item: str, group: Group) -> list[Told]:
    keys = [member.keys["moodle"] for member in group.members]
    if len(keys) > LARGEST_COUNTED:
        to_all = Told(kind="message", actor=sender.keys["moodle"], object=item, target=group.id)
        to_all.shown = {"target": (LARGE_GROUP, None)}
        return [to_all]
    return [Told(kind="message", actor=sender.keys["moodle"], object=item, target=key) for key in keys]


def _groups(courses: list[Place], rng: Random) -> list[Group]:
    """Small groups in each course, and one of everybody in a large one."""
    groups: list[Group] = []
    for course in courses:
        size = rng.randint(3, 8)
        parts = [course.members[:size], course.members[size : 2 * size]]
        parts += [course.members[: 2 * LARGEST_COUNTED]] * (len(course.members) > LARGEST_COUNTED)
        for members in filter(None, parts):
            iri = f"{HOMES['moodle']}/group/index.php?id={len(groups) + 1}"
            groups.append(Group(iri, f"{course.name}: group {len(groups) + 1}", course, members))
    return groups
