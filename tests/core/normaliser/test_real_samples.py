"""What real senders' samples become: file -> acts as (kind, rule, target or what leads to it). Skipped without them."""

from pathlib import Path

import orjson
import pytest

from lrs.core.normaliser.acts import Act
from lrs.core.normaliser.interpret import interpret
from lrs.core.normaliser.rules import load_rules
from tests.core.normaliser.samples import REAL as SAMPLES

MOODLE = "moodle-logstore_xapi-v5.0.1plus/{}.statements.json"
OPENEDX = "openedx-event-routing-backends/xapi/edx.forum.{}.json"
DISCUSSION = "/mod/forum/discuss.php?d=1"
PERSON_1, PERSON_2 = "account:http://www.example.org 1", "account:http://www.example.org 2"
API = "/api/discussion/v1/"

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of real senders are not here")

FROM_MOODLE = {
    "mod_forum.course_module_viewed.existing_module": ("view", "moodle.viewed", None),
    "mod_forum.discussion_created": ("create", "moodle.discussion_created", None),
    "mod_forum.discussion_subscription_created": ("follow", "moodle.subscribed", None),
    "mod_forum.discussion_subscription_deleted": ("unfollow", "moodle.unsubscribed", None),
    "mod_forum.discussion_viewed.existing_discussion_viewed": ("view", "moodle.viewed", DISCUSSION),
    "mod_forum.post_created": ("reply", "moodle.reply", DISCUSSION),
    "mod_forum.post_deleted": ("delete", "moodle.post_deleted", None),
    "mod_forum.post_updated": ("edit", "moodle.post_edited", None),
    "mod_forum.subscription_created": ("follow", "moodle.subscribed", None),
    "mod_forum.subscription_deleted": ("unfollow", "moodle.unsubscribed", None),
    "mod_forum.user_report_viewed.existing_report_viewed": ("view", "moodle.profile_viewed", PERSON_2),
    "mod_forum.user_report_viewed.existing_report_viewed_all_courses": ("view", "moodle.profile_viewed", PERSON_2),
    "core.badge_awarded.user_achieved_badge": ("endorse", "moodle.badge_awarded", PERSON_1),
    "core.group_created.creating_new_group": ("create", "moodle.group_created", None),
    "core.group_member_added.new_group_member_added_test": ("join", "moodle.group_joined", PERSON_1),
    "core.group_member_removed.existing_group_member_removed_test": ("leave", "moodle.group_left", PERSON_1),
    "core.group_message_sent.new_group_message_sent": ("message", "moodle.message", PERSON_1),
    "core.message_sent.user_sent_message": ("message", "moodle.message", PERSON_2),
    "core.message_viewed.user_viewed_message": ("view", "moodle.message_viewed", PERSON_1),
    "core.note_created.user_created_note": ("create", "moodle.note", PERSON_2),
    "mod_assign.assignment_graded.existing_assignment_graded_comment": ("grading", "moodle.graded", PERSON_2),
    "mod_assign.assignment_graded.existing_assignment_graded_nocomment": ("grading", "moodle.graded", PERSON_2),
    "mod_assign.feedback_viewed.user_viewed_feedback": ("view", "moodle.feedback_viewed", PERSON_2),
    "mod_bigbluebuttonbn.live_session": None,
    "mod_bigbluebuttonbn.meeting_created": ("host", "moodle.meeting_created", None),
    "mod_bigbluebuttonbn.meeting_ended": None,
    "mod_bigbluebuttonbn.meeting_joined": ("attend", "moodle.meeting_joined", None),
    "mod_bigbluebuttonbn.meeting_left": None,
    "mod_bigbluebuttonbn.recording_deleted": None,
    "mod_bigbluebuttonbn.recording_edited": None,
    "mod_bigbluebuttonbn.recording_imported": None,
    "mod_bigbluebuttonbn.recording_protected": None,
    "mod_bigbluebuttonbn.recording_published": None,
    "mod_bigbluebuttonbn.recording_unprotected": None,
    "mod_bigbluebuttonbn.recording_unpublished": None,
    "mod_facetoface.cancel_booking.existing_booking_cancelled": ("schedule", "moodle.session_cancelled", None),
    "mod_facetoface.signup_success.existing_signup_success": ("schedule", "moodle.session_booked", None),
    "mod_facetoface.take_attendance.existing_attendance_taken": ("attend", "moodle.session_attended", PERSON_1),
    "mod_glossary.comment_created": ("comment", "moodle.comment", "/mod/glossary/showentry.php?eid=1"),
    "mod_glossary.comment_deleted": ("delete", "moodle.comment_deleted", None),
    "mod_lesson.essay_assessed": ("feedback", "moodle.essay_assessed", PERSON_1),
    "mod_wiki.comment_created": ("comment", "moodle.wiki_comment", "/mod/wiki/view.php?pageid=1"),
    "mod_wiki.comment_deleted": ("delete", "moodle.comment_deleted", None),
    "mod_wiki.comments_viewed": ("view", "moodle.viewed", "/mod/wiki/comments.php?pageid=1"),
}
FROM_OPENEDX = {
    "comment.created": ("reply", "openedx.reply", f"{API}64d1df0887e82a002b35a6f7"),
    "comment.deleted": ("delete", "openedx.deleted", None),
    "comment.edited": ("edit", "openedx.edited", None),
    "comment.reported": ("flag", "openedx.reported", f"{API}64d2308202808b0030b8afaf"),
    "comment.unreported": ("flag", "openedx.unreported", f"{API}64d2308202808b0030b8afaf"),
    "response.created": ("reply", "openedx.reply", f"{API}64b7b2bee68f35003369092d"),
    "response.deleted": ("delete", "openedx.deleted", None),
    "response.edited": ("edit", "openedx.edited", None),
    "response.reported": ("flag", "openedx.reported", f"{API}64b7bbaee68f350033690935"),
    "response.unreported": ("flag", "openedx.unreported", f"{API}64b7bbaee68f350033690935"),
    "response.voted": ("react", "openedx.voted_up", f"{API}64b7b640e68f350033690932"),
    "thread.created": ("create", "openedx.thread", None),
    "thread.deleted": ("delete", "openedx.deleted", None),
    "thread.edited": ("edit", "openedx.edited", None),
    "thread.reported": ("flag", "openedx.reported", f"{API}64b7b2bee68f35003369092d"),
    "thread.unreported": ("flag", "openedx.unreported", f"{API}64b7b2bee68f35003369092d"),
    "thread.viewed": ("view", "openedx.viewed", f"{API}64a817fce68f35002fd013c3"),
    "thread.voted": ("react", "openedx.voted_up", f"{API}64a817fce68f35002fd013c3"),
}
FROM_OTHERS = {
    "jisc/vle-forum-template.json": ("create", "generic.forum_post", None),
    "jisc/microsoft-aggregated-activity.json": None,
}
TABLE = {
    **{MOODLE.format(name): expected for name, expected in FROM_MOODLE.items()},
    **{OPENEDX.format(name): expected for name, expected in FROM_OPENEDX.items()},
    **FROM_OTHERS,
}


def acts_in(file: Path) -> list[Act]:
    """The acts of a sample, whose sender leaves id and times to the transport; every verb must be known."""
    read = orjson.loads(file.read_bytes())
    acts: list[Act] = []
    for number, sent in enumerate(read if isinstance(read, list) else [read]):
        times = {"timestamp": "2026-03-02T10:00:00Z", "stored": "2026-03-02T10:00:01Z"}
        told = interpret({**sent, "id": f"00000000-0000-4000-8000-{number:012}", **times}, load_rules())
        assert told.unmapped_verb is None
        acts.extend(told.acts)
    return acts


@pytest.mark.parametrize("name", TABLE)
def test_a_real_sample_becomes_its_acts(name: str) -> None:
    acts, expected = acts_in(SAMPLES / name), TABLE[name]
    assert [(act.kind, act.rule_id) for act in acts] == ([expected[:2]] if expected else [])
    for act in acts:
        leads_to = act.target or act.target_ref
        wanted = expected[2] if expected else None
        assert leads_to == wanted or (leads_to is not None and wanted is not None and leads_to.endswith(wanted))


def test_every_forum_sample_is_in_the_table() -> None:
    forums = [*SAMPLES.glob(MOODLE.format("mod_forum.*")), *SAMPLES.glob(OPENEDX.format("*"))]
    assert len(forums) >= 30
    assert {file.relative_to(SAMPLES).as_posix() for file in forums} <= TABLE.keys()
