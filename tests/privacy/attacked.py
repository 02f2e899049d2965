"""An organisation that was attacked: all answers about it, and the equations they make of the cells of a partition."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, TypeAlias

from lrs.xapi.values import format_timestamp
from tests import reference
from tests.privacy.attacker import WHOLE, Answer, Guarded, Place, Question
from tests.privacy.equations import Equation
from tests.privacy.organisation import Organisation
from tests.telling import MUCH_LATER

Rows: TypeAlias = Mapping[Place, Mapping[str, Any]]

# Numbers that add up over weeks, and by which metric's rows they are told; those of people add up over groups only.
ADD_UP = {
    "threads": ("discussion.threads", "value"),
    "posts": ("discussion.posts", "value"),
    "replies": ("discussion.replies", "value"),
    "shares": ("sharing.shares", "value"),
    "acts of discussion": ("discussion.posts", "n_acts"),
    "acts of sharing": ("sharing.shares", "n_acts"),
    "acts of mentoring": ("mentoring.sessions", "n_acts"),
}
PEOPLE = {
    "participants": ("discussion.participants", "value"),
    "sharers": ("sharing.sharers", "value"),
    "people of discussion": ("discussion.posts", "n_people"),
    "people of sharing": ("sharing.shares", "n_people"),
    "people of mentoring": ("mentoring.sessions", "n_people"),
}
QUANTITIES = {**ADD_UP, **PEOPLE}
OF_COURSES = ("threads", "posts", "replies", "acts of discussion")  # only these acts all have a course, and one


@dataclass(frozen=True)
class Attacked:
    """An organisation, and all that an attacker is answered; `truth` is by week what there is without a guard."""

    of: Organisation
    telling: Guarded
    answers: Mapping[Question, Answer]
    truth: Mapping[tuple[str, str], Rows]  # by metric and partition

    def attacks(self) -> Iterator["Attack"]:
        """Yield each number of each partition, with all that is told of it."""
        for partition in self.of.kinds:
            for quantity in QUANTITIES:
                yield Attack(self, partition, quantity)


@dataclass(frozen=True)
class Attack:
    """The attack on one number of the cells of one partition."""

    on: Attacked
    partition: str
    quantity: str

    @property
    def reasons(self) -> dict[Place, str | None]:
        """Why each cell is withheld; None where it is shown."""
        return {place: row["reason"] for place, row in self._weekly(self.partition).items()}

    @property
    def truth(self) -> dict[Place, int]:
        """What the attacker wants to know."""
        metric, field = QUANTITIES[self.quantity]
        return _numbers(self.on.truth[metric, self.partition], field)

    @property
    def people(self) -> dict[Place, int]:
        """How many people there are in each cell."""
        metric, _ = QUANTITIES[self.quantity]
        return _numbers(self.on.truth[metric, self.partition], "n_people")

    def withheld(self) -> Iterator[tuple[Place, str]]:
        """Yield the cells that are withheld, of weeks in which others are shown: more could be withheld there."""
        shown = {place[1] for place, reason in self.reasons.items() if reason is None and self.people.get(place)}
        for place, reason in self.reasons.items():
            if reason is not None and place[1] in shown:
                yield place, reason

    def equations(self) -> list[Equation]:
        """Return all that the answers tell: each row is a sum over its weeks, and each week a sum over its groups."""
        metric, field = QUANTITIES[self.quantity]
        reasons, found = self.reasons, []
        for question, answer in self.on.answers.items():
            if question.metric == metric and question.partition == self.partition:
                for place, number in _numbers(answer.rows, field).items():
                    weeks = answer.weeks(place, reasons)
                    if self.quantity in ADD_UP or len(weeks) == 1:
                        found.append(Equation(frozenset((place[0], week) for week in weeks), Fraction(number)))
        for (_, week), number in _numbers(self._weekly(None), field).items():
            if self._is_sum_of_groups(str(week)):
                found.append(Equation(frozenset(place for place in reasons if place[1] == week), Fraction(number)))
        return found

    def _weekly(self, partition: str | None) -> Rows:
        metric, _ = QUANTITIES[self.quantity]
        return self.on.answers[Question(metric, partition, (*WHOLE.items(), ("bucket", "week")))].rows

    def _is_sum_of_groups(self, week: str) -> bool:
        """Tell whether every act of a week, or everybody in it, is in exactly one group: then the attacker knows it."""
        if self.partition == "course":
            return self.quantity in OF_COURSES
        moving = self.quantity in PEOPLE and week.startswith("2026-03-09")  # who moves amid it is in two departments
        return self.on.of.kinds[self.partition] and not moving


def truth_of(made: Organisation) -> dict[tuple[str, str], Rows]:
    """Return by metric and partition what an independent reading finds of each week, without a guard."""
    window: dict[str, Any] = {name: datetime.fromisoformat(told) for name, told in WHOLE.items()}
    found: dict[tuple[str, str], Rows] = {}
    for plugin in ("discussion", "mentoring", "sharing"):
        read = reference.read(made.statements, plugin=plugin, people=made.people)
        for metric in {metric for metric, _ in QUANTITIES.values() if metric.startswith(plugin)}:
            for partition in made.kinds:
                asked = {**window, "group_by": partition, "bucket": "week", "guarded": False}
                rows = reference.evaluate(read, metric=metric, now=MUCH_LATER, **asked)
                found[metric, partition] = {(row.group, _time(row.start)): asdict(row) for row in rows}
    return found


def _numbers(rows: Rows, field: str) -> dict[Place, int]:
    return {place: int(row[field]) for place, row in rows.items() if row[field] is not None}


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else format_timestamp(moment)
