"""Stories of discussions: the conversations of `tests.conversations` with readers, instructors, and people who belong.

Forums are Moodle's and Open edX's, which drop true parents, and a generic tool's, which tells them.
"""

from collections.abc import Callable, Iterator

from hypothesis import strategies as st

from tests.conversations import (
    BOARDS,
    COURSES,
    HEX,
    MOMENTS,
    PEOPLE,
    REPLIES,
    SHAPES,
    THREAD_TYPES,
    THREADS,
    places,
    start_of,
)
from tests.reference.acts import FORUM_REPLY
from tests.reference.samples import (
    COURSE,
    DAY,
    DISCUSS,
    DISCUSSION,
    EDX,
    FORUM,
    MOODLE,
    REPLIED,
    VIEWED,
    WEEK,
    activity,
    moodle_46_reply,
    moodle_reply,
    moodle_thread,
    person,
    statement,
)
from tests.reference.statements import STREAMS, Statement
from tests.stories.people import directories, memberships
from tests.stories.story import Stories, days, stories_of

COMMUNITY = "http://example.org/community/1"
TEAM = "http://example.org/team/1"
_GROUPS = {COMMUNITY: BOARDS[COMMUNITY], TEAM: "https://xapi.edlm/profiles/edlm-lms/concepts/activity-types/group"}
_MOODLE_COURSE, _EDX_COURSE = f"{MOODLE}/course/view.php?id=2", "https://edx.example.org/course/c1"

MINUTE = 1 / DAY  # of a day
SPANS = (days(0, 21), days(0, 3 + 10 * MINUTE), days(3 + 5 * MINUTE, 12), days(7, 14), days(-7, 0))


_LATER = st.sampled_from([1, 3, 9, 15, 30, 60, DAY, 3 * DAY, WEEK, 0, -2])  # minutes; a clock may run behind


def _thread(draw: st.DrawFn, numbers: Iterator[int]) -> list[Statement]:
    """A thread that people answer, and answer each other in, and read, told by a sender that tells parents."""
    begun, around, which = draw(MOMENTS), places(draw), draw(THREADS)
    told = [start_of(which, next(numbers), draw(PEOPLE), begun, around)]
    start, items = told[0]["object"], [f"http://example.org/t/{which}"]
    for own in range(draw(st.integers(2, 5))):
        parent = activity(draw(st.sampled_from(items)))
        items.append(f"http://example.org/p/{own}")
        about, at = activity(items[-1], FORUM_REPLY), begun + draw(_LATER)
        told.append(statement(next(numbers), draw(PEOPLE), REPLIED, about, at, parent=[parent], grouping=around))
    for _ in range(draw(st.integers(1, 3))):
        about = draw(st.sampled_from([start, start, activity(items[1], FORUM_REPLY)]))
        told.append(statement(next(numbers), draw(PEOPLE), VIEWED, about, begun + draw(_LATER), grouping=around))
    return told


def _thread_on_moodle(draw: st.DrawFn, numbers: Iterator[int]) -> list[Statement]:
    """The same told by one that drops them."""
    begun, which = draw(MOMENTS), draw(st.integers(1, 2))
    replies: tuple[Callable[..., Statement], ...] = (moodle_reply, moodle_reply, moodle_46_reply)
    told = [moodle_thread(next(numbers), draw(PEOPLE), begun, which)]
    for _ in range(draw(st.integers(1, 5))):
        told.append(draw(st.sampled_from(replies))(next(numbers), draw(PEOPLE), begun + draw(_LATER), which))
    return told


def _view_of_thread(draw: st.DrawFn, number: int) -> Statement:
    """A view of a thread, which says that it is one: its start may never have been seen."""
    which = draw(THREADS)
    about = activity(f"http://example.org/t/{which}", THREAD_TYPES[which])
    return statement(number, draw(PEOPLE), VIEWED, about, draw(MOMENTS), grouping=places(draw))


def _view_of_post(draw: st.DrawFn, number: int) -> Statement:
    about = activity(f"http://example.org/p/{draw(REPLIES)}", draw(st.sampled_from([FORUM_REPLY, None])))
    return statement(number, draw(PEOPLE), VIEWED, about, draw(MOMENTS), grouping=places(draw))


def _view_on_moodle(draw: st.DrawFn, number: int) -> Statement:
    around = [activity(f"{MOODLE}/mod/forum/view.php?id=1", FORUM), activity(_MOODLE_COURSE, COURSE)]
    about = activity(f"{DISCUSS}{draw(st.integers(1, 2))}", DISCUSSION)
    return statement(number, draw(PEOPLE), VIEWED, about, draw(MOMENTS), parent=around)


def _view_on_open_edx(draw: st.DrawFn, number: int) -> Statement:
    """Open edX names the thread that is viewed below another path than where it is made."""
    path = draw(st.sampled_from(["comments", "comments", "threads"]))
    about = activity(f"{EDX}/{path}/{draw(st.sampled_from(HEX))}", DISCUSSION)
    return statement(number, draw(PEOPLE), VIEWED, about, draw(MOMENTS), parent=[activity(_EDX_COURSE, COURSE)])


def _view_elsewhere(draw: st.DrawFn, number: int) -> Statement:
    about = activity("http://example.org/page/1", "http://adlnet.gov/expapi/activities/lesson")
    return statement(number, draw(PEOPLE), VIEWED, about, draw(MOMENTS), grouping=places(draw))


def _reply_with_instructor(draw: st.DrawFn, number: int) -> Statement:
    """A reply that names who teaches: the author, or another."""
    author, teacher = draw(PEOPLE), draw(PEOPLE)
    parent = activity(f"http://example.org/t/{draw(THREADS)}")
    around = [activity(draw(st.sampled_from(COURSES)), COURSE)]
    about = activity(f"http://example.org/p/{draw(st.integers(8, 9))}", FORUM_REPLY)
    told = statement(number, author, REPLIED, about, draw(MOMENTS), parent=[parent], grouping=around)
    told["context"]["instructor"] = {"mbox": person(teacher).removeprefix("mbox:")}
    return told


def _joining(draw: st.DrawFn, number: int) -> Statement:
    group = draw(st.sampled_from([*_GROUPS]))
    verb = draw(st.sampled_from([f"{STREAMS[0]}join", f"{STREAMS[1]}join", f"{STREAMS[0]}leave"]))
    return statement(number, draw(PEOPLE), verb, activity(group, _GROUPS[group]), draw(MOMENTS))


_READING = (_view_of_thread, _view_of_thread, _view_of_post, _view_on_moodle, _view_on_open_edx, _view_elsewhere)
_WRITING = (*SHAPES, _reply_with_instructor, _reply_with_instructor, _joining, _joining)
_GENERIC = (*SHAPES[:5], _reply_with_instructor, *_READING[:4])

_BELONGING = st.one_of(
    memberships("department", ("Sales", "Service")),
    memberships("department", ("Sales", "Service")),
    memberships("course", (*COURSES, _MOODLE_COURSE, _EDX_COURSE), ("instructor", "teacher", "learner", None)),
    memberships("team", (TEAM,)),
    memberships("community", (COMMUNITY,)),
    memberships("role", ("lead",)),
)


def stories() -> Stories:
    """Return stories of all senders, and of one that tells true parents."""
    people = directories(_BELONGING)
    settings = st.builds(lambda hours: {"grace_hours": hours}, st.sampled_from([72, 72, 0, 24]))
    of_all = stories_of((_thread, _thread_on_moodle), (*_WRITING, *_READING), people, SPANS, settings)
    return st.one_of(stories_of((_thread,), _GENERIC, people, SPANS, settings), of_all)
