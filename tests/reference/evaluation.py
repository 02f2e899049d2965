"""From raw statements to the rows of an answer, by the definitions and nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from .calendar import Span, buckets, by_month, closed_weeks
from .discussion import Discussion, Settings
from .guard import Row, empty_row, shown_row, whole_store_reason, withheld_cells, withheld_row
from .statements import Statement
from .threads import Post, read_posts


@dataclass(frozen=True)
class Question:
    """What is asked, with all times in UTC. `told_until` is the caller's `as_of`: no bucket looks beyond."""

    metric: str
    since: datetime
    until: datetime
    told_until: datetime | None
    bucket: str | None
    group: str | None
    zone: ZoneInfo
    min_group: int
    settings: Settings
    guarded: bool

    def as_of(self, end: datetime) -> datetime:
        """The instant a window that ends at `end` is answered as of."""
        return min(end, self.told_until) if self.told_until else end


def read(statements: Iterable[Statement]) -> Discussion:
    """The posts of a store, to ask several questions of one reading."""
    return Discussion(read_posts(statements))


def evaluate(
    statements: Iterable[Statement] | Discussion,
    *,
    metric: str,
    since: datetime,
    until: datetime,
    now: datetime,
    as_of: datetime | None = None,
    bucket: str | None = None,
    group_by: str | None = None,
    group: str | None = None,
    timezone: str = "UTC",
    min_group: int = 5,
    grace_hours: float = 72,
    questions_only: bool = False,
    guarded: bool = True,
) -> list[Row]:
    """The rows of one metric of discussion, its id with or without `discussion.`.

    `statements` are raw ones in any order, or what `read` made of them.

    Times are aware. Times (median) are in seconds, rates from 0 to 1. A `group` alone means a course.
    With `guarded=False` nothing is withheld; the windows of groups are whole closed weeks all the same.
    Raises ValueError for an unknown metric, partition or bucket, and for days with groups.
    """
    question = Question(
        metric=metric.removeprefix("discussion."),
        since=since.astimezone(UTC),
        until=until.astimezone(UTC),
        told_until=as_of.astimezone(UTC) if as_of else None,
        bucket=bucket,
        group=group,
        zone=ZoneInfo(timezone),
        min_group=min_group,
        settings=Settings(timedelta(hours=grace_hours), questions_only),
        guarded=guarded,
    )
    discussion = statements if isinstance(statements, Discussion) else read(statements)
    if group_by is None and group is None:
        return _whole_store(discussion, question)
    if group_by not in (None, "course") or bucket == "day":
        raise ValueError(f"groups are courses, by week or month: not {group_by!r} by {bucket!r}")
    return _courses(
        discussion, question, closed_weeks(question.since, question.until, now.astimezone(UTC), question.zone)
    )


def _whole_store(discussion: Discussion, question: Question) -> list[Row]:
    if question.bucket is None:
        return [_store_row(discussion, question, (question.since, question.until), None)]
    spans = buckets(question.since, question.until, question.bucket, question.zone)
    return [_store_row(discussion, question, span, span) for span in spans]


def _store_row(discussion: Discussion, question: Question, span: Span, bucket: Span | None) -> Row:
    as_of = question.as_of(span[1])
    posts = discussion.within(span[0], as_of)
    reason = whole_store_reason(posts, question.min_group) if question.guarded else None
    if reason:
        return withheld_row(None, bucket, reason)
    found = discussion.measure(question.metric, posts, posts, as_of, question.settings)
    return shown_row(None, bucket, posts, question.metric, found, guarded=question.guarded)


def _courses(discussion: Discussion, question: Question, weeks: list[Span]) -> list[Row]:
    if not weeks:
        return [empty_row("open_week", suppressed=True)]
    cells = {week: _by_course(discussion.within(week[0], question.as_of(week[1]))) for week in weeks}
    courses = sorted({course for cell in cells.values() for course in cell})
    if not courses:
        return [empty_row("source_cannot_tell", suppressed=False)]
    withheld = {week: withheld_cells(cells[week], question.min_group) if question.guarded else {} for week in weeks}
    rows = []
    for course in courses if question.group is None else [question.group]:
        for parts in _parts(weeks, question):
            reasons = {withheld[week].get(course) for week in parts}
            posts = [post for week in parts for post in cells[week].get(course, [])]
            rows.append(_course_row(discussion, question, course, parts, posts, reasons))
    return rows


def _parts(weeks: list[Span], question: Question) -> list[list[Span]]:
    """The weeks that each row of a course is made of."""
    if question.bucket == "week":
        return [[week] for week in weeks]
    if question.bucket == "month":
        return by_month(weeks, question.zone)
    if question.bucket is None:
        return [weeks]
    raise ValueError(f"bucket is {question.bucket!r}, not week or month")


def _course_row(
    discussion: Discussion,
    question: Question,
    course: str,
    weeks: list[Span],
    posts: list[Post],
    reasons: set[str | None],
) -> Row:
    start, end = weeks[0][0], weeks[-1][1]
    bucket = (start, end) if question.bucket else None
    for reason in ("too_few_people", "complementary"):
        if reason in reasons:
            return withheld_row(course, bucket, reason)
    as_of = question.as_of(end)
    window = discussion.within(start, as_of)
    found = discussion.measure(question.metric, posts, window, as_of, question.settings)
    return shown_row(course, bucket, posts, question.metric, found, guarded=question.guarded)


def _by_course(posts: list[Post]) -> dict[str, list[Post]]:
    found: dict[str, list[Post]] = {}
    for post in posts:
        if post.act.course:
            found.setdefault(post.act.course, []).append(post)
    return found
