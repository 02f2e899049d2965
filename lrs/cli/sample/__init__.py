"""A sample organisation's statements, and the truth about them.

    Discussions, Revisions, Sharing, Mentoring,      ->  Timeline  ->  statements in order of arrival
    Connections, Reading, CourseWork                     \\-> corrections: voids, retry twins, late arrivals
                                                          \\-> Truth, noted by the stories themselves

The same arguments give the same bytes on every machine. Nothing here knows how the product reads statements.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from random import Random

import orjson

from lrs.cli.sample import corrections, truth
from lrs.cli.sample.connections import Connections
from lrs.cli.sample.coursework import CourseWork
from lrs.cli.sample.discussions import Discussions
from lrs.cli.sample.mentoring import MEETING, Mentoring
from lrs.cli.sample.mix import Mix
from lrs.cli.sample.organisation import Organisation, found
from lrs.cli.sample.period import iso, period
from lrs.cli.sample.reading import Reading
from lrs.cli.sample.revisions import Revisions
from lrs.cli.sample.sharing import Sharing
from lrs.cli.sample.timeline import Timeline
from lrs.cli.sample.truth import Truth
from lrs.errors import BadRequest
from lrs.xapi import Json

__all__ = ["Mix", "Organisation", "Sample", "Truth", "generate", "write"]

_SOCIAL, _VIEWS, _COURSE_WORK = 0.30, 0.35, 0.25  # shares of all statements; the rest says nothing social
_SHARING, _REACTIONS, _MENTORING = 0.15, 0.12, 0.10  # shares of the social acts; the rest are posts
_CONNECTIONS, _REVISIONS = 0.05, 0.03


@dataclass(frozen=True, slots=True)
class Sample:
    """Statements (with id and timestamp, in the order senders post them), their truth and the people behind them."""

    statements: list[Json]
    truth: Truth
    organisation: Organisation


class _Stories:
    """The stories of one sample, on one timeline; each has its own source of chance."""

    def __init__(self, organisation: Organisation, timeline: Timeline, seed: int, mix: Mix) -> None:
        self.timeline = timeline
        self.organisation, self._seed, self._mix = organisation, seed, mix
        self.mentoring = Mentoring(organisation, timeline, self.chance("mentoring"))
        self.sharing = Sharing(organisation, timeline, self.chance("sharing"))
        self.discussions = Discussions(organisation, timeline, self.chance("discussions"), mix)
        self.connections = Connections(organisation, timeline, self.chance("connections"), mix)
        self.course_work = CourseWork(organisation, timeline, self.chance("course work"))

    def chance(self, name: str) -> Random:
        return Random(f"{self._seed} {name}")

    def tell(self, statements: int) -> None:
        """Tell all but the noise; what the other social stories leave of the social acts is written as posts."""
        social = int(statements * _SOCIAL)
        self.mentoring.tell(max(int(social * _MENTORING), MEETING if social > 2 * MEETING else 0))
        self.sharing.tell(int(social * _SHARING))
        reactions, connections, revisions = (int(social * each) for each in (_REACTIONS, _CONNECTIONS, _REVISIONS))
        self.discussions.tell(social - reactions - connections - revisions - len(self.timeline))
        self.discussions.react(reactions)
        threads, shares = self.discussions.threads, self.sharing.shares
        self.connections.tell(connections, threads)
        revised = Revisions(threads, self.timeline, self.chance("revisions"), self._mix)
        revised.tell(revisions)
        revised.delete(round(statements * self._mix.deletes))
        reading = Reading(self.organisation, threads, shares, self.timeline, self.chance("reading"))
        reading.tell(int(statements * _VIEWS))
        self.course_work.tell(int(statements * _COURSE_WORK))


def generate(
    *,
    people: int,
    statements: int,
    seed: int,
    start: datetime | None = None,
    end: datetime | None = None,
    mix: Mix | None = None,
) -> Sample:
    """Return exactly `statements` valid xAPI 1.0.3 statements of an organisation of `people`, and their truth.

    Acts lie in [start, end); with both absent in the 12 weeks before 2026-11-01, so that nothing depends on the clock.
    Raises BadRequest for fewer than two people, a negative number, a time without a zone, a period under a day or a
    share in `mix` that can't be.
    """
    if people < 2:
        raise BadRequest("too few people for a conversation", where="people", accepted="2 or more")
    if statements < 0:
        raise BadRequest("a negative number of statements", where="statements", accepted="0 or more")
    span, mix = period(start, end), mix or Mix()
    mix.check()
    timeline = Timeline(span, Random(f"{seed} ids"))
    stories = _Stories(found(people, Random(f"{seed} organisation")), timeline, seed, mix)
    stories.tell(statements)
    voided = corrections.void(timeline, round(statements * mix.voids), stories.chance("voids"))
    twins = corrections.repeat(statements, timeline, stories.chance("twins"))
    stories.course_work.tell_noise(statements - len(timeline))
    late = corrections.hold_back(stories.discussions.threads, timeline, mix, stories.chance("late"))
    parameters = {"people": people, "statements": statements, "seed": seed, **asdict(mix)}
    known = _truth(parameters, stories, voided=voided, twins=twins, late=late)
    return Sample(timeline.in_order_of_arrival(), known, stories.organisation)


def _truth(parameters: Json, stories: _Stories, **corrected: list[str]) -> Truth:
    threads, span = stories.discussions.threads, stories.timeline.period
    posts = truth.kept_posts(threads)
    return Truth(
        parameters=parameters | {"start": iso(span.start), "end": iso(span.end)},
        interactions=truth.interactions(stories.timeline.sent),
        threads=truth.told_threads(threads),
        replies=truth.told_replies(posts),
        mentoring_pairs=stories.mentoring.told_pairs(),
        cascades=stories.sharing.cascades(),
        sharing=stories.sharing.counts(),
        weeks=truth.by_week(posts, span),
        totals=truth.counts(posts),
        **corrected,
    )


def write(sample: Sample, directory: Path) -> None:
    """Write `statements.jsonl`, `truth.json` and `people.json` (the shape of `PUT /api/v1/people`) to `directory`."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "statements.jsonl").open("wb") as lines:
        lines.writelines(orjson.dumps(statement, option=orjson.OPT_APPEND_NEWLINE) for statement in sample.statements)
    _write_json(directory / "truth.json", sample.truth.as_dict())
    _write_json(directory / "people.json", sample.organisation.roster())


def _write_json(path: Path, content: Json) -> None:
    path.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
