"""Stories of sharing: what is shared, passed on, recommended, viewed, liked, commented on, deleted and taken back."""

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from tests.conversations import BOARDS, COURSES, PEOPLE
from tests.reference.acts import FORUM_REPLY
from tests.reference.samples import COURSE, CREATE, DAY, REPLIED, VIEWED, WEEK, activity, person, statement
from tests.reference.sharing_samples import (
    COMMENT,
    COMMENTED,
    COMMUNITY,
    DELETE,
    DISLIKE,
    LIKE,
    NOTE,
    RECOMMENDED,
    RETWEETED,
    SHARED,
    STREAMS_SHARE,
    TO,
    UNLIKE,
    UNSHARE,
)
from tests.reference.statements import STREAMS, Statement
from tests.stories.people import directories, memberships
from tests.stories.story import Stories, days, stories_of

COMMUNITIES = ("http://example.org/community/1", "http://example.org/community/2")
CHANNEL = "http://example.org/board/1"

MOMENTS = st.builds(
    lambda begin, after: begin + after,
    st.sampled_from([0, 0, 60, 3 * DAY, WEEK, 2 * WEEK]),
    st.sampled_from([0, 1, 2, 4, 5, 8, 9, 10, 11, 16, 20, 40]),
)
THINGS = st.integers(0, 4)
MINUTE = 1 / DAY  # of a day
SPANS = (days(0, 21), days(0, 60 * MINUTE), days(5 * MINUTE, 3 + 10 * MINUTE), days(7, 14), days(3, 28), days(-7, 0))


def _thing(draw: st.DrawFn) -> dict[str, Any]:
    return activity(f"http://example.org/n/{draw(THINGS)}", NOTE)


def _place(draw: st.DrawFn) -> list[dict[str, Any]]:
    """The community, channel or course that something is shared into, or several, or none."""
    kinds = {**dict.fromkeys(COMMUNITIES, COMMUNITY), CHANNEL: BOARDS[CHANNEL], COURSES[0]: COURSE}
    return [activity(place, kinds[place]) for place in draw(st.lists(st.sampled_from([*kinds]), max_size=2))]


_LATER = st.sampled_from([0, 1, 2, 5, 10, 11, 30, DAY, 3 * DAY, WEEK])


def _cascade(draw: st.DrawFn, numbers: Iterator[int]) -> list[Statement]:
    """Something shared and passed on, and what others do with it and with what passes it on."""
    begun, own = draw(MOMENTS), draw(st.permutations(range(5)))
    things = [activity(f"http://example.org/n/{own[0]}", NOTE)]
    told = [statement(next(numbers), draw(PEOPLE), SHARED, things[0], begun, grouping=_place(draw))]
    for thing in own[1 : draw(st.integers(1, 4))]:
        above, verb = draw(st.sampled_from(things)), draw(st.sampled_from([STREAMS_SHARE, RETWEETED]))
        things.append(activity(f"http://example.org/n/{thing}", NOTE))
        told.append(statement(next(numbers), draw(PEOPLE), verb, things[-1], begun + draw(_LATER), parent=[above]))
    for _ in range(draw(st.integers(2, 7))):
        about, verb = draw(st.sampled_from(things)), draw(st.sampled_from([VIEWED, VIEWED, VIEWED, LIKE, DISLIKE]))
        told.append(statement(next(numbers), draw(PEOPLE), verb, about, begun + draw(_LATER)))
    return told


def _share(draw: st.DrawFn, number: int) -> Statement:
    place = draw(st.sampled_from(["grouping", "parent"]))
    verb = draw(st.sampled_from([SHARED, STREAMS_SHARE]))
    return statement(number, draw(PEOPLE), verb, _thing(draw), draw(MOMENTS), **{place: _place(draw)})


def _pass_on(draw: st.DrawFn, number: int) -> Statement:
    """A post of one's own that passes on another, which may in turn pass on this one."""
    verb = draw(st.sampled_from([STREAMS_SHARE, f"{STREAMS[1]}share", RETWEETED]))
    own, original = draw(st.lists(THINGS, min_size=2, max_size=2, unique=True))
    about = activity(f"http://example.org/n/{own}", NOTE)
    above = [activity(f"http://example.org/n/{original}", draw(st.sampled_from([NOTE, NOTE, None])))]
    return statement(number, draw(PEOPLE), verb, about, draw(MOMENTS), parent=above, grouping=_place(draw))


def _retweet(draw: st.DrawFn, number: int) -> Statement:
    """A share that has no id of its own: its object is what it passes on."""
    return statement(number, draw(PEOPLE), RETWEETED, _thing(draw), draw(MOMENTS))


def _make(draw: st.DrawFn, number: int) -> Statement:
    return statement(number, draw(PEOPLE), CREATE, _thing(draw), draw(MOMENTS))


def _recommend(draw: st.DrawFn, number: int) -> Statement:
    told = statement(number, draw(PEOPLE), RECOMMENDED, _thing(draw), draw(MOMENTS))
    names = draw(st.lists(PEOPLE, max_size=2, unique=True))
    agents = [{"objectType": "Agent", "mbox": person(name).removeprefix("mbox:")} for name in names]
    if agents:
        group = {"objectType": "Group", "member": agents}
        told["context"]["extensions"] = {TO: agents[0] if len(agents) == 1 else group}
    return told


def _view(draw: st.DrawFn, number: int) -> Statement:
    return statement(number, draw(PEOPLE), VIEWED, _thing(draw), draw(MOMENTS), grouping=_place(draw))


def _view_below(draw: st.DrawFn, number: int) -> Statement:
    """A view of a comment, or of something that nobody is known to have made, below a thing."""
    about = activity(f"http://example.org/c/{draw(st.integers(0, 2))}", draw(st.sampled_from([COMMENT, None])))
    return statement(number, draw(PEOPLE), VIEWED, about, draw(MOMENTS), parent=[_thing(draw)])


def _react(draw: st.DrawFn, number: int) -> Statement:
    verb = draw(st.sampled_from([LIKE, LIKE, DISLIKE]))
    about = draw(st.sampled_from([_thing(draw), activity("http://example.org/c/0", COMMENT)]))
    return statement(number, draw(PEOPLE), verb, about, draw(MOMENTS))


def _take_back(draw: st.DrawFn, number: int) -> Statement:
    return statement(number, draw(PEOPLE), draw(st.sampled_from([UNLIKE, UNSHARE])), _thing(draw), draw(MOMENTS))


def _delete(draw: st.DrawFn, number: int) -> Statement:
    return statement(number, draw(PEOPLE), DELETE, _thing(draw), draw(MOMENTS))


def _respond(draw: st.DrawFn, number: int) -> Statement:
    """A comment, or a reply, to a thing or to a comment."""
    verb, kind = draw(st.sampled_from([(COMMENTED, COMMENT), (REPLIED, FORUM_REPLY)]))
    about = activity(f"http://example.org/c/{draw(st.integers(0, 2))}", kind)
    above = draw(st.sampled_from([_thing(draw), activity("http://example.org/c/3", COMMENT)]))
    return statement(number, draw(PEOPLE), verb, about, draw(MOMENTS), parent=[above])


_SHAPES = (
    *(_share, _share, _share, _pass_on, _pass_on, _pass_on, _pass_on, _retweet, _recommend),
    *(_view, _view, _view, _view_below, _react, _react, _respond, _make, _take_back, _delete),
)

_BELONGING = st.one_of(
    memberships("department", ("Sales", "Service", "Lab")),
    memberships("department", ("Sales", "Service", "Lab")),
    memberships("community", COMMUNITIES),
    memberships("course", COURSES),
    memberships("team", ("http://example.org/team/1",)),
    memberships("role", ("lead",)),
)


def stories() -> Stories:
    """Return stories told where everything is followed, and others in which all that is shared was made by somebody."""
    people = directories(_BELONGING)
    made = [shape for shape in _SHAPES if shape not in (_recommend, _retweet)]
    everything = stories_of((_cascade,), _SHAPES, people, SPANS, st.just({"follow_everything": True}))
    return st.one_of(everything, everything, stories_of((_cascade,), made, people, SPANS, st.just({})))
