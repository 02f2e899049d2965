"""Small conversations that hold every shape and every mishap, as a Hypothesis strategy.

People, items and moments are few, so that items are made twice, moments coincide and repetitions are near.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from hypothesis import strategies as st

from tests.reference.acts import ADL, FORUM_REPLY
from tests.reference.samples import (
    ANSWERED,
    COMMENTED,
    COURSE,
    CREATE,
    DAY,
    DISCUSSION,
    DOUBT,
    MONDAY,
    MOODLE,
    REPLIED,
    STREAMS_COMMENT,
    STREAMS_QUESTION,
    WEEK,
    WIKI_PAGE,
    activity,
    edx_reply,
    edx_thread,
    minute,
    moodle_46_reply,
    moodle_reply,
    moodle_thread,
    statement,
    uuid,
    void,
)
from tests.reference.statements import Statement

Shape: TypeAlias = Callable[[st.DrawFn, int], Statement]
"""Draws a statement of a number."""

STREAMS = "http://activitystrea.ms/"
NOTE = f"{STREAMS}note"
MENTIONED = "https://w3id.org/xapi/acrossx/extensions/mentionedagent"

PEOPLE = st.sampled_from("abcdef")
MOMENTS = st.builds(lambda begin, after: begin + after, st.sampled_from([0, 3 * DAY, WEEK]), st.integers(0, 25))
THREADS = st.integers(0, 2)
REPLIES = st.integers(0, 7)
COURSES = ("http://example.org/c1", "http://example.org/c2")
BOARDS = {
    "http://example.org/board/1": "http://id.tincanapi.com/activitytype/chat-channel",
    "http://example.org/community/1": "http://id.tincanapi.com/activitytype/community-site",
}
HEX = ("64abcdfee68f35002fd013c6", "64abcdfee68f35002fd013c7")

THREAD_TYPES = (DISCUSSION, DOUBT, STREAMS_QUESTION)


def places(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Return the course or the board that a statement names, both, or none."""
    course, board = draw(st.sampled_from([None, *COURSES])), draw(st.sampled_from([None, None, *BOARDS]))
    found = [] if course is None else [activity(course, COURSE)]
    return found if board is None else [*found, activity(board, BOARDS[board])]


def _thread(draw: st.DrawFn, number: int) -> Statement:
    return start_of(draw(THREADS), number, draw(PEOPLE), draw(MOMENTS), places(draw))


def start_of(which: int, number: int, author: str, at: float, around: list[dict[str, Any]]) -> Statement:
    """Return the start of a thread, two of which are about a note."""
    below = [activity("http://example.org/note/1", NOTE)] if which else []
    about = activity(f"http://example.org/t/{which}", THREAD_TYPES[which])
    return statement(number, author, CREATE, about, at, parent=below, grouping=around)


def _note(draw: st.DrawFn, number: int) -> Statement:
    return statement(number, draw(PEOPLE), CREATE, activity("http://example.org/note/1", NOTE), draw(MOMENTS))


def _reply(draw: st.DrawFn, number: int) -> Statement:
    """A reply to a thread or to a reply of a lower number, so that nothing hangs below itself."""
    own = draw(REPLIES)
    above = draw(st.integers(-3, own - 1))
    parent = f"http://example.org/p/{above}" if above >= 0 else f"http://example.org/t/{-above - 1}"
    told = statement(
        number,
        draw(PEOPLE),
        REPLIED,
        activity(f"http://example.org/p/{own}", FORUM_REPLY),
        draw(MOMENTS),
        parent=[activity(parent)],
        grouping=places(draw),
    )
    if draw(st.integers(0, 4)) == 0:
        mentioned = {"mbox": f"mailto:{draw(PEOPLE)}@example.org"}
        told["context"]["extensions"] = {MENTIONED: mentioned}
    return told


def _comment(draw: st.DrawFn, number: int) -> Statement:
    parent = draw(st.sampled_from(["t/0", "p/1", "p/4"]))
    type_of = DISCUSSION if parent == "t/0" else None
    about = activity(f"http://example.org/comment/{draw(st.integers(0, 2))}", STREAMS_COMMENT)
    parents = [activity(f"http://example.org/{parent}", type_of)]
    return statement(number, draw(PEOPLE), COMMENTED, about, draw(MOMENTS), parent=parents, grouping=places(draw))


def _answer(draw: st.DrawFn, number: int) -> Statement:
    which = draw(st.integers(1, 2))
    about = activity(f"http://example.org/t/{which}", THREAD_TYPES[which])
    return statement(number, draw(PEOPLE), ANSWERED, about, draw(MOMENTS), grouping=places(draw))


def _wiki_comment(draw: st.DrawFn, number: int) -> Statement:
    about = activity(f"{MOODLE}/mod/wiki/comments.php?pageid=1", DISCUSSION)
    parents = [activity(f"{MOODLE}/mod/wiki/view.php?pageid=1", WIKI_PAGE)]
    return statement(number, draw(PEOPLE), COMMENTED, about, draw(MOMENTS), parent=parents)


def _reaction(draw: st.DrawFn, number: int) -> Statement:
    about = activity(f"http://example.org/p/{draw(REPLIES)}", FORUM_REPLY)
    return statement(number, draw(PEOPLE), f"{ADL}voted-up", about, draw(MOMENTS))


def _reaction_below(draw: st.DrawFn, number: int) -> Statement:
    """A reaction on something that hangs below another, or one that has an id of its own there."""
    about = activity(f"http://example.org/{draw(st.sampled_from(['like/1', 'comment/0', 'note/1']))}", NOTE)
    parents = [activity(f"http://example.org/{draw(st.sampled_from(['note/1', 'comment/0', 't/0', 'p/1']))}")]
    return statement(number, draw(PEOPLE), f"{STREAMS}like", about, draw(MOMENTS), parent=parents)


def _taken_back(draw: st.DrawFn, number: int) -> Statement:
    about = activity(f"http://example.org/p/{draw(REPLIES)}", FORUM_REPLY)
    return statement(number, draw(PEOPLE), f"{STREAMS}unlike", about, draw(MOMENTS))


def _shared(draw: st.DrawFn, number: int) -> Statement:
    item, type_of = draw(st.sampled_from([("t/0", DISCUSSION), ("note/1", NOTE), ("p/1", FORUM_REPLY)]))
    return statement(
        number, draw(PEOPLE), f"{STREAMS}share", activity(f"http://example.org/{item}", type_of), draw(MOMENTS)
    )


def _deletion(draw: st.DrawFn, number: int) -> Statement:
    which = draw(st.sampled_from(["t/0", "p/1", "p/4", "comment/0"]))
    about = activity(f"http://example.org/{which}", None)
    return statement(number, draw(PEOPLE), f"{STREAMS}delete", about, draw(MOMENTS))


def _reply_to_a_statement(draw: st.DrawFn, number: int) -> Statement:
    about = {"objectType": "StatementRef", "id": uuid(draw(st.integers(1, 20)))}
    return statement(number, draw(PEOPLE), REPLIED, about, draw(MOMENTS))


def _moodle(draw: st.DrawFn, number: int) -> Statement:
    shape: Callable[..., Statement] = draw(st.sampled_from([moodle_thread, moodle_reply, moodle_46_reply]))
    return shape(number, draw(PEOPLE), draw(MOMENTS), draw(st.integers(1, 2)))


def _open_edx(draw: st.DrawFn, number: int) -> Statement:
    hex_id = draw(st.sampled_from(HEX))
    if draw(st.integers(0, 2)) == 0:
        return edx_thread(
            number, draw(PEOPLE), draw(MOMENTS), hex_id, draw(st.sampled_from(["discussion", "question"]))
        )
    return edx_reply(number, draw(PEOPLE), draw(MOMENTS), hex_id)


SHAPES: tuple[Shape, ...] = (
    *(_thread, _reply, _reply, _reply, _reply, _comment, _answer, _note),
    *(_moodle, _moodle, _open_edx, _open_edx, _wiki_comment, _reply_to_a_statement),
    *(_reaction, _reaction, _reaction_below, _taken_back, _deletion, _shared),
)


MOST_ACTS, MOST_AGAIN, MOST_VOIDS = 19, 3, 3


@st.composite
def conversations(draw: st.DrawFn) -> list[Statement]:
    """Return 2 to 25 statements: acts, repetitions of some under new ids, and voids of others."""
    return corrected(draw, acts_of(draw, SHAPES, draw(st.integers(2, MOST_ACTS))))


def acts_of(draw: st.DrawFn, shapes: Sequence[Shape], count: int, first: int = 1) -> list[Statement]:
    """Return so many statements, numbered from the first on."""
    return [draw(st.sampled_from(shapes))(draw, number) for number in range(first, first + count)]


def corrected(draw: st.DrawFn, acts: list[Statement]) -> list[Statement]:
    """Return statements, MOST_ACTS at most, with repetitions of some under new ids and voids of others."""
    again = range(MOST_ACTS + 1, MOST_ACTS + 1 + draw(st.integers(0, MOST_AGAIN)))
    told = [*acts, *(_again(draw, draw(st.sampled_from(acts)), number) for number in again)]
    most = draw(st.sampled_from([1, 0, MOST_VOIDS]))
    voided = draw(st.lists(st.sampled_from(told), max_size=most, unique_by=lambda each: str(each["id"])))
    voids = [void(MOST_ACTS + MOST_AGAIN + 1 + n, int(each["id"][-12:])) for n, each in enumerate(voided)]
    return [*told, *voids]


def _again(draw: st.DrawFn, told: Statement, number: int) -> Statement:
    """The same told again within or after ten minutes, under a new id."""
    begun = (datetime.fromisoformat(told["timestamp"]) - MONDAY) / timedelta(minutes=1)
    when = minute(begun + draw(st.sampled_from([0, 1, 4, 6, 9, 9.99, 10, 11]))).isoformat()
    return {**told, "id": uuid(number), "timestamp": when, "stored": when}


@st.composite
def deliveries(draw: st.DrawFn, told: list[Statement]) -> list[list[Statement]]:
    """Return the statements shuffled and cut into batches, some of which come again."""
    shuffled = draw(st.permutations(told))
    cuts = sorted(draw(st.sets(st.integers(1, max(1, len(told) - 1)), max_size=5)))
    batches = [shuffled[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(told)], strict=True)]
    again = draw(st.lists(st.sampled_from(batches), max_size=2))
    return [batch for batch in [*batches, *again] if batch]
