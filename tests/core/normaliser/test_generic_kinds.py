"""The verbs of the generic preset: their kinds, and the false friends that are none."""

import pytest

from lrs.core.normaliser.interpret import interpret
from lrs.core.normaliser.rules import load_rules
from lrs.xapi import Json
from tests.core.normaliser.samples import (
    ACROSSX,
    ADL,
    ADL_TYPE,
    AS,
    BEN,
    COURSE,
    DISCUSSION,
    DOD,
    FORUM_REPLY,
    TINCAN,
    TINCAN_TYPE,
    act_of,
    activity,
    statement,
)

THREAD = activity("threads/7", DISCUSSION)
POST = activity("posts/8", FORUM_REPLY)
ARTICLE = activity("articles/3", AS + "article")
PERSON = BEN
MEETING = activity("meetings/1", ADL_TYPE + "meeting")
QUIZ = activity("quiz/1", ADL_TYPE + "question")
CHAT = activity("m/1", TINCAN_TYPE + "chat-message")
COURSE_1 = activity("courses/1", COURSE)


@pytest.mark.parametrize(
    ("verb", "target", "kind", "polarity"),
    [
        (AS + "schema/1.0/share", ARTICLE, "share", 0),
        (ADL + "shared", ARTICLE, "share", 0),
        (DOD + "shared", ARTICLE, "share", 0),
        (TINCAN + "retweeted", ARTICLE, "repost", 0),
        (DOD + "recommended", ARTICLE, "recommend", 0),
        (TINCAN + "promoted", ARTICLE, "recommend", 0),
        (AS + "send", activity("messages/1", TINCAN_TYPE + "chat-message"), "message", 0),
        (TINCAN + "mentioned", PERSON, "mention", 0),
        (ADL + "commented", ARTICLE, "comment", 0),
        (ACROSSX + "annotated", ARTICLE, "comment", 0),
        ("http://risc-inc.com/annotator/verbs/annotated", ARTICLE, "comment", 0),
        (TINCAN + "tweeted", activity("tweets/1", TINCAN_TYPE + "tweet"), "comment", 0),
        (TINCAN + "replied", THREAD, "reply", 0),
        (TINCAN + "replied-to-tweet", ARTICLE, "reply", 0),
        (DOD + "responded", THREAD, "reply", 0),
        (ADL + "asked", activity("doubts/1", TINCAN_TYPE + "doubt"), "ask", 0),
        (ADL + "asked", activity("questions/1", AS + "question"), "ask", 0),
        (TINCAN + "requested-attention", PERSON, "ask", 0),
        ("https://w3id.org/xapi/adb/verbs/requested", ARTICLE, "ask", 0),
        (AS + "create", activity("doubts/1", TINCAN_TYPE + "doubt"), "ask", 0),
        (ADL + "answered", activity("doubts/1", TINCAN_TYPE + "doubt"), "answer", 0),
        (TINCAN + "replied", activity("solutions/1", TINCAN_TYPE + "solution"), "answer", 0),
        (AS + "accept", POST, "accept", 0),
        (AS + "like", POST, "react", 1),
        (ACROSSX + "liked", POST, "react", 1),
        (AS + "favorite", POST, "react", 1),
        (TINCAN + "applauded", POST, "react", 1),
        (ADL + "voted-up", POST, "react", 1),
        ("http://curatr3.com/define/verb/voted-down", POST, "react", -1),
        (AS + "dislike", POST, "react", -1),
        (TINCAN + "rated", ARTICLE, "react", 0),
        ("http://learninglocker.net/verbs/endorsed-in", PERSON, "endorse", 0),
        ("https://w3id.org/xapi/tla/verbs/conferred", PERSON, "endorse", 0),
        (AS + "follow", PERSON, "follow", 0),
        (AS + "make-friend", PERSON, "follow", 0),
        (AS + "stop-following", PERSON, "unfollow", 0),
        (AS + "join", activity("groups/1", TINCAN_TYPE + "community-site"), "join", 0),
        (AS + "leave", activity("groups/1", TINCAN_TYPE + "community-site"), "leave", 0),
        (AS + "schema/1.0/join", MEETING, "attend", 0),
        (ADL + "attended", MEETING, "attend", 0),
        (AS + "host", MEETING, "host", 0),
        (ADL + "registered", MEETING, "schedule", 0),
        (TINCAN + "arranged", MEETING, "schedule", 0),
        (TINCAN + "mentored", PERSON, "mentor", 0),
        (TINCAN + "interviewed", PERSON, "mentor", 0),
        ("https://w3id.org/xapi/adb/verbs/coached", PERSON, "mentor", 0),
        ("http://learninglocker.net/verbs/mentored-in", MEETING, "mentor", 0),
        (DOD + "explained", PERSON, "mentor", 0),
        (TINCAN + "reviewed", ARTICLE, "feedback", 0),
        (ACROSSX + "evaluated", ARTICLE, "feedback", 0),
        (DOD + "assessed", ARTICLE, "feedback", 0),
        (TINCAN + "viewed", ARTICLE, "view", 0),
        (ADL + "experienced", ARTICLE, "view", 0),
        (AS + "read", ARTICLE, "view", 0),
        (ACROSSX + "watched", ARTICLE, "view", 0),
        (DOD + "observed", PERSON, "view", 0),
        (DOD + "applied", ARTICLE, "adopt", 0),
        (AS + "use", ARTICLE, "adopt", 0),
        (AS + "create", ARTICLE, "create", 0),
        ("http://www.w3.org/ns/activitystreams#Create", THREAD, "create", 0),
        (DOD + "published", ARTICLE, "create", 0),
        (AS + "save", ARTICLE, "curate", 0),
        (TINCAN + "bookmarked", ARTICLE, "curate", 0),
        (AS + "invite", PERSON, "invite", 0),
        (DOD + "coordinated", ARTICLE, "collaborate", 0),
        (ACROSSX + "edited", POST, "edit", 0),
        (AS + "update", POST, "edit", 0),
        (AS + "delete", POST, "delete", 0),
        (DOD + "deleted", POST, "delete", 0),
        (AS + "flag-as-inappropriate", POST, "flag", 0),
        (ADL + "completed", ARTICLE, "complete", 0),
        (ADL + "passed", ARTICLE, "complete", 0),
    ],
)
def test_generic_verbs_have_their_kind(verb: str, target: Json, kind: str, polarity: int) -> None:
    act = act_of(statement(verb, target))
    assert (act.kind, act.polarity, act.source) == (kind, polarity, "generic")


@pytest.mark.parametrize(
    ("verb", "target"),
    [
        (ADL + "asked", activity("problems/1/hint/1", "https://w3id.org/xapi/acrossx/extensions/supplemental-info")),
        (ADL + "asked", activity("problems/1/answer", TINCAN_TYPE + "solution")),
        (ADL + "answered", activity("quiz/1", ADL_TYPE + "cmi.interaction", interactionType="choice")),
        (ADL + "answered", activity("quiz/1", ADL_TYPE + "question")),
        (ADL + "answered", activity("quiz/1")),
        (ACROSSX + "evaluated", activity("quiz/1", ADL_TYPE + "cmi.interaction")),
        ("https://w3id.org/xapi/adb/verbs/bookmarked", activity("books/1")),
        ("https://w3id.org/xapi/virtual-classroom/verbs/shared-screen", activity("rooms/1")),
        (ADL + "registered", COURSE_1),
        (ADL + "interacted", ARTICLE),
        (AS + "leave", MEETING),
        (TINCAN + "earned", activity("grades/1", "http://www.tincanapi.co.uk/activitytypes/grade_classification")),
        (AS + "schema/1.0/interact", activity("days/1", "http://xapi.jisc.ac.uk/activities/microsoft")),
        (AS + "interact", POST),
        ("https://w3id.org/xapi/tla/verbs/scored", ARTICLE),
        (ADL + "answered", POST),
    ],
)
def test_false_friends_are_known_and_no_acts(verb: str, target: Json) -> None:
    told = interpret(statement(verb, target), load_rules())
    assert told.acts == ()
    assert told.unmapped_verb is None


def test_a_verb_no_rule_knows_is_reported_as_sent() -> None:
    told = interpret(statement("https://example.org/verbs/cheered", ARTICLE), load_rules())
    assert (told.acts, told.unmapped_verb) == ((), "https://example.org/verbs/cheered")


@pytest.mark.parametrize(
    ("verb", "here", "kind", "there", "other"),
    [
        (AS + "join", MEETING, "attend", activity("groups/1", AS + "group"), "join"),
        (ADL + "asked", THREAD, "ask", activity("quiz/1", ADL_TYPE + "question"), None),
        (
            ADL + "answered",
            activity("doubts/1", TINCAN_TYPE + "doubt"),
            "answer",
            activity("q/1", ADL_TYPE + "question"),
            None,
        ),
        (ADL + "registered", MEETING, "schedule", COURSE_1, None),
        (AS + "create", MEETING, "schedule", ARTICLE, "create"),
        (
            AS + "create",
            activity("m/1", TINCAN_TYPE + "chat-message"),
            "message",
            activity("q/1", AS + "question"),
            "ask",
        ),
        (AS + "leave", activity("groups/1", AS + "group"), "leave", MEETING, None),
    ],
)
def test_the_type_of_the_object_decides_too(verb: str, here: Json, kind: str, there: Json, other: str | None) -> None:
    assert [act.kind for act in interpret(statement(verb, here), load_rules()).acts] == [kind]
    assert [act.kind for act in interpret(statement(verb, there), load_rules()).acts] == ([other] if other else [])


def test_a_bookmark_is_worth_keeping_or_a_reading_position() -> None:
    kept = interpret(statement(TINCAN + "bookmarked", ARTICLE), load_rules())
    read = interpret(statement("https://w3id.org/xapi/adb/verbs/bookmarked", ARTICLE), load_rules())
    assert ([act.kind for act in kept.acts], read.acts) == (["curate"], ())
