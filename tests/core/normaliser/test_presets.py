"""The shapes of Moodle's and Open edX's senders, in statements of our own."""

from typing import Any

import pytest

from lrs.core.normaliser.interpret import interpret
from lrs.core.normaliser.rules import load_rules
from lrs.xapi import Json
from tests.core.normaliser.samples import (
    ACROSSX,
    ADL,
    ADL_TYPE,
    AS,
    COURSE,
    DISCUSSION,
    DOD,
    EDLM,
    FORUM,
    FORUM_REPLY,
    TINCAN,
    TINCAN_TYPE,
    TO,
    act_of,
    activity,
    statement,
)

SITE = "https://moodle.example.org"
EDX = "https://learn.example.org"
API = f"{EDX}/api/discussion/v1"
THREAD_ID = "65a0c0ffee65a0c0ffee0001"
REPLY_ID = "65a0c0ffee65a0c0ffee0002"


def user(number: int) -> Json:
    return {"objectType": "Agent", "account": {"homePage": SITE, "name": str(number)}}


def key(number: int) -> str:
    return f"account:{SITE} {number}"


def moodle(verb: str, target: Json, **parts: Any) -> Json:
    return statement(verb, target, actor=user(11), **parts)


DISCUSS = activity(f"{SITE}/mod/forum/discuss.php?d=4", DISCUSSION)
REPLY = activity(f"{SITE}/mod/forum/discuss.php?d=4#p9", FORUM_REPLY, description={"en": "Thanks!"})
BOARD = activity(f"{SITE}/mod/forum/view.php?id=2", FORUM)
SECTION = activity(f"{SITE}/course/section.php?id=1", TINCAN_TYPE + "section")
CLASS = activity(f"{SITE}/course/view.php?id=3", COURSE)
OLD_CLASS = activity(f"{SITE}/course/view.php?id=3", TINCAN_TYPE + "lms/course")
OLD_BOARD = activity(f"{SITE}/mod/forum/view.php?id=2", TINCAN_TYPE + "forum-topic")
SITE_ITSELF = activity(SITE, TINCAN_TYPE + "lms")


@pytest.mark.parametrize(
    ("verb", "places"),
    [
        (AS + "create", {"parent": [BOARD, SECTION, CLASS]}),
        (AS + "schema/1.0/create", {"grouping": [SITE_ITSELF, OLD_CLASS, OLD_BOARD]}),
    ],
)
def test_a_moodle_discussion_is_a_thread_in_both_shapes(verb: str, places: Json) -> None:
    act = act_of(moodle(verb, DISCUSS, **places))
    assert (act.rule_id, act.kind, act.source) == ("moodle.discussion_created", "create", "moodle")
    assert (act.is_thread, act.creates, act.thread_id) == (True, True, DISCUSS["id"])
    assert (act.course_id, act.board_id) == (CLASS["id"], BOARD["id"])


@pytest.mark.parametrize(
    ("told", "via", "length"),
    [
        (moodle(TINCAN + "replied", REPLY, parent=[DISCUSS, BOARD, SECTION, CLASS]), "parent", 7),
        (
            moodle(
                TINCAN + "replied",
                DISCUSS,
                grouping=[SITE_ITSELF, OLD_CLASS, OLD_BOARD],
                other=[activity("tags/1", TINCAN_TYPE + "tag"), activity(REPLY["id"], FORUM_REPLY)],
                result={"response": "Thanks a lot"},
            ),
            "object",
            12,
        ),
    ],
)
def test_a_moodle_reply_hangs_below_its_discussion_in_both_shapes(told: Json, via: str, length: int) -> None:
    act = act_of(told)
    assert (act.kind, act.source, act.actor) == ("reply", "moodle", key(11))
    assert (act.object_id, act.object_type, act.creates) == (REPLY["id"], FORUM_REPLY, True)
    assert (act.parent_id, act.parent_known, act.thread_id) == (DISCUSS["id"], False, DISCUSS["id"])
    assert (act.target_ref, act.target_ref_via) == (DISCUSS["id"], via)
    assert (act.course_id, act.board_id) == (CLASS["id"], BOARD["id"])
    assert act.value == {"text_len": length}


def test_an_old_moodle_reply_without_its_own_id_makes_nobody_the_discussions_author() -> None:
    act = act_of(moodle(TINCAN + "replied", DISCUSS, grouping=[OLD_CLASS]))
    assert (act.object_id, act.parent_id, act.creates) == (DISCUSS["id"], DISCUSS["id"], False)


GROUP = activity(f"{SITE}/group/index.php?id=1", EDLM + "activity-types/group")
MESSAGE = activity(f"{SITE}/message?id=1", TINCAN_TYPE + "chat-message", description={"en": "Hi"})
NOTE_SUBJECT = EDLM + "activity-extensions/note-subject"
NOTE = activity(f"{SITE}/notes/view.php?id=1", AS + "note", extensions={NOTE_SUBJECT: user(12)})
SUBMISSION = activity(f"{SITE}/mod/assign/view.php?id=1#submission", EDLM + "activity-types/submission")
FEEDBACK = activity(f"{SITE}/mod/assign/view.php?id=1#feedback", EDLM + "activity-types/feedback")
ESSAY = activity(f"{SITE}/mod/lesson/view.php?id=1&pageid=1", ADL_TYPE + "cmi.interaction")
BADGE = activity(f"{SITE}/badges/overview.php?id=1", EDLM + "activity-types/badge")
SESSION = activity(
    f"{SITE}/mod/facetoface/view.php?id=1", "https://w3id.org/xapi/acrossx/activities/face-to-face-discussion"
)
ROOM = activity(f"{SITE}/mod/bigbluebuttonbn/view.php?id=1", ADL_TYPE + "meeting")
PROFILE = activity(
    f"{SITE}/mod/forum/user.php?id=12",
    TINCAN_TYPE + "user-profile",
    extensions={"https://moodle.org/xapi/extensions/user_id": 12},
)
FOR = TO.removesuffix("to") + "for"
FROM = TO.removesuffix("to") + "from"
TEACHER: Json = {"instructor": user(12)}


@pytest.mark.parametrize(
    ("told", "kind", "actor", "target", "via"),
    [
        (moodle(AS + "send", MESSAGE, extensions={TO: user(12)}), "message", 11, 12, "extension"),
        (moodle(TINCAN + "viewed", MESSAGE, extensions={FROM: user(12)}), "view", 11, 12, "extension"),
        (moodle(AS + "join", GROUP, **TEACHER), "join", 11, 12, "instructor"),
        (moodle(AS + "leave", GROUP, **TEACHER), "leave", 11, 12, "instructor"),
        (moodle(AS + "create", NOTE), "create", 11, 12, "extension"),
        (moodle("https://w3id.org/xapi/tla/verbs/scored", SUBMISSION, **TEACHER), "grading", 12, 11, "instructor"),
        (moodle(DOD + "assessed", ESSAY, extensions={FOR: user(12)}), "feedback", 11, 12, "extension"),
        (moodle(TINCAN + "viewed", FEEDBACK, **TEACHER), "view", 11, 12, "instructor"),
        (moodle("https://w3id.org/xapi/tla/verbs/achieved", BADGE, **TEACHER), "endorse", 12, 11, "instructor"),
        (moodle(ADL + "attended", SESSION, **TEACHER), "attend", 11, 12, "instructor"),
        (moodle(TINCAN + "viewed", PROFILE), "view", 11, 12, "extension"),
    ],
)
def test_moodle_names_the_other_person(told: Json, kind: str, actor: int, target: int, via: str) -> None:
    act = act_of(told)
    assert (act.kind, act.source) == (kind, "moodle")
    assert (act.actor, act.target, act.target_type, act.target_via) == (key(actor), key(target), "person", via)


@pytest.mark.parametrize(
    ("verb", "target", "kind", "undo"),
    [
        (EDLM + "verbs/subscribed", DISCUSS, "follow", False),
        (EDLM + "verbs/unsubscribed", BOARD, "unfollow", False),
        (ADL + "registered", SESSION, "schedule", False),
        (TINCAN + "unregistered", SESSION, "schedule", True),
        (AS + "schema/1.0/create", ROOM, "host", False),
        (AS + "schema/1.0/join", ROOM, "attend", False),
        (TINCAN + "viewed", BOARD, "view", False),
        (AS + "create", GROUP, "create", False),
        (AS + "delete", REPLY, "delete", False),
        (ACROSSX + "edited", REPLY, "edit", False),
    ],
)
def test_other_moodle_events_have_no_person(verb: str, target: Json, kind: str, undo: bool) -> None:
    act = act_of(moodle(verb, target, parent=[SECTION, CLASS]))
    assert (act.kind, act.source, act.target, act.target_ref) == (kind, "moodle", None, None)
    assert act.value.get("undo", False) is undo
    assert act.course_id == CLASS["id"]


@pytest.mark.parametrize("verb", [DOD + "deleted", AS + "retract", AS + "leave", TINCAN + "live", TINCAN + "adjourned"])
def test_what_happens_to_a_recording_does_not_happen_to_the_meeting(verb: str) -> None:
    told = interpret(moodle(verb, ROOM), load_rules())
    assert (told.acts, told.unmapped_verb) == ((), None)


def test_a_comment_on_a_wiki_page_is_no_post_and_the_page_of_comments_has_no_author() -> None:
    page = activity(f"{SITE}/mod/wiki/view.php?pageid=1", EDLM + "activity-types/wiki-page")
    comments = activity(f"{SITE}/mod/wiki/comments.php?pageid=1", DISCUSSION)
    wiki = activity(f"{SITE}/mod/wiki/view.php?id=1", EDLM + "activity-types/wiki")
    act = act_of(moodle(ADL + "commented", comments, parent=[page, wiki, SECTION, CLASS], result={"response": "Why?"}))
    assert (act.kind, act.creates, act.is_thread, act.thread_id) == ("comment", False, False, None)
    assert (act.parent_id, act.target_ref_via, act.value) == (page["id"], "parent", {"text_len": 4})
    viewed = act_of(moodle(TINCAN + "viewed", comments, parent=[page, wiki, SECTION, CLASS]))
    assert (viewed.kind, viewed.thread_id) == ("view", None)


def test_a_comment_on_a_glossary_entry_is_an_item_of_its_own() -> None:
    entry = activity(f"{SITE}/mod/glossary/showentry.php?eid=1", EDLM + "activity-types/glossary-entry")
    comment = activity(f"{SITE}/mod/glossary/showentry.php?eid=1#c1", AS + "comment", description={"en": "Nice"})
    act = act_of(moodle(ADL + "commented", comment, parent=[entry, SECTION, CLASS]))
    assert (act.creates, act.object_id, act.parent_id, act.thread_id) == (True, comment["id"], entry["id"], None)


def test_a_profile_names_nobody_where_accounts_are_not_user_ids() -> None:
    named = {"objectType": "Agent", "account": {"homePage": SITE, "name": "anna"}}
    act = act_of(statement(TINCAN + "viewed", PROFILE, actor=named))
    assert (act.kind, act.target, act.target_ref) == ("view", None, None)


def openedx(verb: str, path: str, **parts: Any) -> Json:
    course = activity(f"{EDX}/course/course-v1:Org+C1+2026", ADL_TYPE + "course")
    return statement(verb, activity(f"{API}/{path}", DISCUSSION), parent=[course], **parts)


THREAD = activity(f"{API}/threads/{THREAD_ID}", DISCUSSION)


@pytest.mark.parametrize(("thread_type", "kind"), [("discussion", "create"), ("question", "ask")])
def test_an_openedx_thread_is_a_create_or_an_ask(thread_type: str, kind: str) -> None:
    mode = {"https://w3id.org/xapi/acrossx/extensions/type": thread_type}
    act = act_of(openedx(ACROSSX + "posted", f"threads/{THREAD_ID}", extensions=mode))
    assert (act.kind, act.source, act.is_thread, act.creates) == (kind, "openedx", True, True)
    assert (act.object_id, act.thread_id, act.parent_id) == (f"{API}/{THREAD_ID}", f"{API}/{THREAD_ID}", None)
    assert act.course_id == f"{EDX}/course/course-v1:Org+C1+2026"


def test_an_openedx_response_is_a_reply_whose_parent_is_dropped() -> None:
    act = act_of(openedx(ACROSSX + "posted", f"comments/{REPLY_ID}", grouping=[THREAD]))
    assert (act.kind, act.is_thread, act.creates) == ("reply", False, True)
    assert (act.object_id, act.parent_id, act.parent_known) == (f"{API}/{REPLY_ID}", f"{API}/{THREAD_ID}", False)
    assert (act.thread_id, act.target_ref, act.target_ref_via) == (act.parent_id, act.parent_id, "parent")


def test_an_openedx_response_without_its_thread_is_still_a_reply() -> None:
    act = act_of(openedx(ACROSSX + "posted", f"comments/{REPLY_ID}"))
    assert (act.kind, act.is_thread, act.parent_id, act.parent_known) == ("reply", False, None, False)


def test_a_view_of_an_openedx_thread_finds_it_under_its_other_path() -> None:
    viewed = act_of(openedx(TINCAN + "viewed", f"comments/{THREAD_ID}"))
    posted = act_of(openedx(ACROSSX + "posted", f"threads/{THREAD_ID}"))
    assert (viewed.kind, viewed.object_id, viewed.target_ref) == ("view", posted.object_id, posted.object_id)
    assert viewed.thread_id == posted.thread_id


@pytest.mark.parametrize(("sign", "polarity"), [("up", 1), ("down", -1), (None, 0)])
def test_an_openedx_vote_has_its_sign_in_the_context(sign: str | None, polarity: int) -> None:
    mode = {"https://w3id.org/xapi/acrossx/extensions/type": sign} if sign else {}
    act = act_of(openedx("https://w3id.org/xapi/openedx/verb/voted", f"comments/{REPLY_ID}", extensions=mode))
    assert (act.kind, act.polarity) == ("react", polarity)
    assert (act.target_ref, act.target_ref_via, act.thread_id) == (f"{API}/{REPLY_ID}", "object", None)


@pytest.mark.parametrize(
    ("verb", "kind", "value"),
    [
        (ACROSSX + "edited", "edit", {}),
        (DOD + "deleted", "delete", {}),
        (ACROSSX + "reported", "flag", {}),
        ("https://w3id.org/xapi/openedx/verb/unreported", "flag", {"undo": True}),
    ],
)
def test_openedx_posts_are_edited_deleted_and_reported(verb: str, kind: str, value: Json) -> None:
    for path, thread in ((f"threads/{THREAD_ID}", f"{API}/{THREAD_ID}"), (f"comments/{REPLY_ID}", None)):
        act = act_of(openedx(verb, path))
        assert (act.kind, act.source, act.creates, act.value) == (kind, "openedx", False, value)
        assert act.thread_id == thread
