"""The sample organisation: departments, courses, communities and who is in them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from random import Random

from lrs.cli.sample import words
from lrs.cli.sample.people import HOMES, Draw, Person, hire
from lrs.cli.sample.vocabulary import ADL_TYPE, EDLM_TYPE, TINCAN_TYPE
from lrs.xapi import Json

_PLATFORMS = ("moodle", "openedx", "generic", "moodle")
_MODULE_TYPES = (
    TINCAN_TYPE + "resource",
    ADL_TYPE + "lesson",
    ADL_TYPE + "media",
    EDLM_TYPE + "assignment",
    ADL_TYPE + "assessment",
    TINCAN_TYPE + "resource",
)


@dataclass(eq=False, slots=True)
class Place:
    """Where people meet: a course on one platform, or a community (always on the generic one)."""

    id: str  # the activity id, which is also the name of the group in the roster
    name: str
    platform: str
    members: list[Person]
    instructors: list[Person] = field(default_factory=list)
    boards: list[tuple[str, str]] = field(default_factory=list)  # activity id and name of each forum
    modules: list[tuple[str, str, str]] = field(default_factory=list)  # activity id, name and type
    is_course: bool = True
    talkers: Draw[Person] = field(init=False)
    readers: Draw[Person] = field(init=False)

    def __post_init__(self) -> None:
        self.talkers = Draw(self.members, lambda person: person.talk)
        self.readers = Draw(self.members, lambda person: person.read)


@dataclass(slots=True)
class Organisation:
    """Everybody and every place; `courses` and `communities` have the larger ones first."""

    people: list[Person]
    courses: list[Place]
    communities: list[Place]

    def roster(self) -> Json:
        """Return all people in the shape of `PUT /api/v1/people`."""
        return {"people": [person.record() for person in self.people]}


def found(people: int, rng: Random) -> Organisation:
    """Return an organisation of `people` people: 4-12 departments, large and small courses, some communities."""
    departments = words.DEPARTMENTS[: max(4, min(12, round(people / 25)))]
    staff = hire(people, departments, rng)
    return Organisation(staff, _courses(staff, rng), _communities(staff, rng))


def _courses(staff: list[Person], rng: Random) -> list[Place]:
    sizes = list(_course_sizes(len(staff), rng))
    enrolments = [rng.sample(staff, size) for size in sizes]
    enrolled = {person.id for members in enrolments for person in members}
    for person, members in zip((p for p in staff if p.id not in enrolled), cycle(enrolments[:3]), strict=False):
        members.append(person)
    courses = []
    for number, (members, platform) in enumerate(zip(enrolments, cycle(_PLATFORMS), strict=False), start=2):
        courses.append(_course(number, platform, members, rng))
    return courses


def _course_sizes(people: int, rng: Random) -> Iterator[int]:
    """Sizes fall with the rank; the last courses stay under five, the guard's floor."""
    count = max(4, min(60, round(people / 12)))
    small = max(1, count // 8)
    for rank in range(count - small):
        yield min(people, max(6, round(people * 0.5 / (rank + 1) ** 0.7)))
    for _ in range(small):
        yield min(people, rng.randint(2, 4))


def _course(number: int, platform: str, members: list[Person], rng: Random) -> Place:
    topic, level = words.TOPICS[(number - 2) % len(words.TOPICS)], (number - 2) // len(words.TOPICS)
    name = f"{topic} {'I' * (level + 1)}" if level else topic
    instructors = rng.sample(members, 2 if len(members) > 40 else 1)
    for person in instructors:
        person.talk, person.read = max(person.talk, 0.8), max(person.read, 0.8)
    course = Place(
        id=_course_id(number, platform),
        name=name,
        platform=platform,
        members=members,
        instructors=instructors,
        boards=_boards(number, platform, name, rng),
        modules=list(_modules(number, platform)),
    )
    for person in members:
        person.join("course", course.id, "instructor" if person in instructors else "learner")
    return course


def _course_id(number: int, platform: str) -> str:
    paths = {
        "moodle": f"/course/view.php?id={number}",
        "openedx": f"/course/course-v1:Example+SOC{100 + number}+2026_T3",
        "generic": f"/courses/{number}",
    }
    return HOMES[platform] + paths[platform]


def _boards(number: int, platform: str, name: str, rng: Random) -> list[tuple[str, str]]:
    path = "/mod/forum/view.php?id={}" if platform == "moodle" else "/boards/{}"
    titles = islice((f"{name}: questions", f"{name}: experiences", f"{name}: café"), rng.randint(1, 3))
    return [(HOMES[platform] + path.format(number * 100 + 90 + n), title) for n, title in enumerate(titles)]


def _modules(number: int, platform: str) -> Iterator[tuple[str, str, str]]:
    for position, (title, kind) in enumerate(zip(words.MODULES, _MODULE_TYPES, strict=True)):
        serial = number * 100 + position
        page = {3: "assign", 4: "quiz"}.get(position, "page")
        paths = {
            "moodle": f"/mod/{page}/view.php?id={serial}",
            "openedx": f"/xblock/block-v1:Example+SOC{100 + number}+2026_T3+type@vertical+block@{serial:032x}",
            "generic": f"/courses/{number}/modules/{position + 1}",
        }
        yield HOMES[platform] + paths[platform], title, kind


def _communities(staff: list[Person], rng: Random) -> list[Place]:
    communities = []
    for number, name in enumerate(words.COMMUNITIES[: max(2, min(12, len(staff) // 20))], start=1):
        size = min(len(staff), max(3, round(len(staff) * rng.uniform(0.15, 0.4) / number**0.4)))
        place = Place(
            id=f"{HOMES['generic']}/communities/{number}",
            name=name,
            platform="generic",
            members=rng.sample(staff, size),
            is_course=False,
        )
        for person in place.members:
            person.join("community", place.id, "member")
        communities.append(place)
    return sorted(communities, key=lambda place: -len(place.members))
