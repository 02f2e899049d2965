"""The story of the course work: modules completed, answered, graded; and noise that means nothing social."""

from random import Random

from lrs.cli.sample import generic, moodle, openedx
from lrs.cli.sample.organisation import Organisation, Place
from lrs.cli.sample.people import HOMES, Draw, Person
from lrs.cli.sample.timeline import Timeline
from lrs.cli.sample.told import Told
from lrs.cli.sample.vocabulary import ADL, activity, verb
from lrs.xapi import Json

_NOISE = (
    ADL + "launched",
    ADL + "initialized",
    ADL + "suspended",
    ADL + "terminated",
    ADL + "interacted",
    "https://w3id.org/xapi/video/verbs/paused",
    HOMES["generic"] + "/verbs/pinged",
    HOMES["generic"] + "/verbs/changed-theme",
)


class CourseWork:
    """Tells what people do in courses, alone."""

    def __init__(self, organisation: Organisation, timeline: Timeline, rng: Random) -> None:
        self._timeline, self._rng = timeline, rng
        self._courses = Draw(organisation.courses, lambda course: len(course.members))

    def tell(self, statements: int) -> None:
        """Tell `statements` statements of course work."""
        for _ in range(statements):
            course = self._courses.one(self._rng)
            person, module = course.readers.one(self._rng), self._rng.choice(course.modules)
            at = self._timeline.free(person.id, f"{module[0]} done", self._timeline.period.moment(self._rng))
            statement, acts = self._did(person, course, module)
            self._timeline.add(statement, at, course.platform, *acts)

    def tell_noise(self, statements: int) -> None:
        """Tell `statements` statements that say nothing social, with verbs nobody maps among them."""
        for _ in range(statements):
            course = self._courses.one(self._rng)
            person, module = course.readers.one(self._rng), self._rng.choice(course.modules)
            at = self._timeline.period.moment(self._rng)
            self._timeline.add(self._noise(person, course, module), at, course.platform, repeatable=False)

    def _did(self, person: Person, course: Place, module: tuple[str, str, str]) -> tuple[Json, list[Told]]:
        """Return a statement of course work and its acts; an answer and a failure say nothing social."""
        rng = self._rng
        scaled = round(min(1.0, rng.betavariate(5, 2)), 2)
        complete = Told(kind="complete", actor=person.keys[course.platform], object=module[0])
        outcome = "passed" if scaled >= 0.5 else "failed"
        if course.platform == "moodle":
            if "/assign/" in module[0]:
                return moodle.graded(person, course, module, scaled), [_grading(person, course, module)]
            if "/quiz/" in module[0]:
                return moodle.attempted_quiz(person, course, module, scaled), [complete] * (outcome == "passed")
            return moodle.completed_module(person, course, module), [complete]
        result: Json = {"score": {"scaled": scaled}, "success": scaled >= 0.5}
        done = rng.choice(("answered", "completed", outcome))
        if done == "completed":
            result = {"completion": True, "duration": f"PT{rng.randint(2, 50)}M{rng.randint(0, 59)}S"}
        acts = [complete] * (done in ("completed", "passed"))
        if course.platform == "openedx":
            return openedx.did_module(person, course, module, done, result), acts
        return generic.did_module(person, course, module, ADL + done, result), acts

    def _noise(self, person: Person, course: Place, module: tuple[str, str, str]) -> Json:
        if course.platform == "openedx" and self._rng.random() < 0.3:
            return openedx.asked_for_solution(person, course, module)
        iri = self._rng.choice(_NOISE)
        return {
            "actor": person.agent(course.platform),
            "verb": verb(iri, iri.rpartition("/")[2]),
            "object": activity(module[0], module[2], module[1]),
        }


def _grading(person: Person, course: Place, module: tuple[str, str, str]) -> Told:
    grader, learner = course.instructors[0].keys["moodle"], person.keys["moodle"]
    return Told(kind="grading", actor=grader, object=moodle.submission(module), target=learner)
