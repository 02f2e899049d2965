"""Which kind of act a statement tells, as far as mentoring asks: meetings of two people, plans, feedback, and all else.

Views are left out: nothing of mentoring counts them.
"""

from .acts import ADL, POSTED, QUESTION_TYPES, THREAD_TYPES, TINCAN, TINCAN_TYPE
from .statements import STREAMS, Statement, type_of

DOD_ISD = "https://w3id.org/xapi/dod-isd/verbs/"
ACROSSX = "https://w3id.org/xapi/acrossx/verbs/"
ADB = "https://w3id.org/xapi/adb/verbs/"
TLA = "https://w3id.org/xapi/tla/verbs/"
EDLM = "https://xapi.edlm/profiles/edlm-lms/concepts/verbs/"
CURATR = "http://curatr3.com/define/verb/"
LEARNING_LOCKER = "http://learninglocker.net/verbs/"
OPENEDX = "https://w3id.org/xapi/openedx/verb/"
STREAMS_2 = "http://www.w3.org/ns/activitystreams#"

# Whoever does these is the mentor of the person they are done to.
MENTORING = {
    f"{TINCAN}mentored",
    f"{ADB}coached",
    *(
        DOD_ISD + name
        for name in ["advised", "assisted", "guided", "trained", "explained", "demonstrated", "supported"]
    ),
}
# Of these two either may be the mentor: the programme says.
TALKING = {f"{TINCAN}interviewed", f"{TINCAN}talked-with"}
# Told by the mentee where the statement names an instructor.
MENTORED_IN = {LEARNING_LOCKER + name for name in ("mentored-in", "coached-in", "trained-in")}

SCORED = f"{TLA}scored"
MEETING_TYPES = {
    "http://adlnet.gov/expapi/activities/meeting",
    f"{TINCAN_TYPE}webinar",
    f"{TINCAN_TYPE}conference-session",
    "https://w3id.org/xapi/acrossx/activities/face-to-face-discussion",
    "https://w3id.org/xapi/virtual-classroom/activity-types/virtual-classroom",
}

_STREAMS_KINDS = {
    **dict.fromkeys(("create", "author"), "create"),
    **dict.fromkeys(("add", "save", "tag"), "curate"),
    **dict.fromkeys(("like", "dislike", "favorite", "unlike", "unfavorite"), "react"),
    **dict.fromkeys(("accept", "approve"), "accept"),
    **dict.fromkeys(("follow", "make-friend", "request-friend"), "follow"),
    **dict.fromkeys(("stop-following", "remove-friend"), "unfollow"),
    **dict.fromkeys(("share", "unshare"), "share"),
    **dict.fromkeys(("delete", "retract", "remove"), "delete"),
    **{name: name for name in ("attend", "host", "invite", "join", "leave")},
    "update": "edit",
    "send": "message",
    "use": "adopt",
    "flag-as-inappropriate": "flag",
}

_KINDS = {
    **{f"{base}{name}": kind for base in STREAMS for name, kind in _STREAMS_KINDS.items()},
    **{STREAMS_2 + name: kind for name, kind in (("Create", "create"), ("Add", "curate"), ("Delete", "delete"))},
    **dict.fromkeys(MENTORING | TALKING | MENTORED_IN, "mentor"),
    **dict.fromkeys((f"{ADL}attended", f"{ADB}attended"), "attend"),
    # The second spelling is no registry's, but it is sent.
    **dict.fromkeys((f"{ADL}registered", f"{ADL.replace('http:', 'https:')}registered"), "schedule"),
    **dict.fromkeys((f"{TINCAN}arranged", f"{TINCAN}unregistered"), "schedule"),
    f"{TINCAN}adjourned": "host",
    **dict.fromkeys((f"{TINCAN}reviewed", f"{ACROSSX}evaluated"), "feedback"),
    **{DOD_ISD + name: "feedback" for name in ("assessed", "reviewed", "criticized")},
    **dict.fromkeys((f"{ADL}shared", f"{DOD_ISD}shared"), "share"),
    f"{TINCAN}retweeted": "repost",
    **dict.fromkeys((f"{DOD_ISD}recommended", f"{TINCAN}promoted"), "recommend"),
    f"{TINCAN}mentioned": "mention",
    **dict.fromkeys((f"{ADL}commented", f"{ACROSSX}annotated", f"{TINCAN}tweeted"), "comment"),
    "http://risc-inc.com/annotator/verbs/annotated": "comment",
    **{TINCAN + name: "reply" for name in ("replied", "replied-to-tweet")},
    **dict.fromkeys((f"{DOD_ISD}responded", f"{ADL}responded"), "reply"),
    **dict.fromkeys((f"{ADL}asked", f"{TINCAN}requested-attention", f"{ADB}requested"), "ask"),
    f"{ADL}answered": "answer",
    **{TINCAN + name: "react" for name in ("voted-up", "voted-down", "voted-cancel", "applauded", "rated")},
    **{CURATR + name: "react" for name in ("voted-up", "voted-down", "liked")},
    **dict.fromkeys((f"{ADL}voted-up", f"{OPENEDX}voted", f"{ACROSSX}liked", f"{ACROSSX}disliked"), "react"),
    f"{LEARNING_LOCKER}endorsed-in": "endorse",
    **dict.fromkeys((f"{TINCAN}earned", "http://specification.openbadges.org/xapi/verbs/earned"), "endorse"),
    **{TLA + name: "endorse" for name in ("achieved", "conferred")},
    f"{EDLM}subscribed": "follow",
    f"{EDLM}unsubscribed": "unfollow",
    **{DOD_ISD + name: "adopt" for name in ("applied", "implemented", "adapted", "integrated")},
    **{base + name: "create" for base in (CURATR, DOD_ISD) for name in ("posted", "published")},
    POSTED: "create",
    **dict.fromkeys((f"{TINCAN}bookmarked", f"{CURATR}bookmarked"), "curate"),
    f"{DOD_ISD}coordinated": "collaborate",
    **dict.fromkeys((f"{ACROSSX}edited", f"{CURATR}edited"), "edit"),
    f"{DOD_ISD}deleted": "delete",
    **dict.fromkeys((f"{ACROSSX}reported", f"{OPENEDX}unreported"), "flag"),
    **{ADL + name: "complete" for name in ("completed", "passed")},
}

# What closes an earlier act of the same kind; `unfollow` and `leave` are kinds of their own and close follow and join.
# Who leaves a meeting has attended it all the same.
_TAKES_BACK = {
    *(f"{base}{name}" for base in STREAMS for name in ("unlike", "unfavorite", "unshare")),
    f"{TINCAN}voted-cancel",
    f"{TINCAN}unregistered",
    f"{OPENEDX}unreported",
}
CLOSES = {"unfollow": "follow", "leave": "join"}


def kind_of(statement: Statement) -> str | None:
    """The kind of act, None for views, for what nobody maps and for false friends."""
    verb, object_type = statement["verb"]["id"], type_of(statement["object"])
    if verb == SCORED:
        return "grading" if "instructor" in (statement.get("context") or {}) else None
    kind = _KINDS.get(verb)
    # Open edX's hint and show-answer clicks, and answers to quiz items.
    if kind in ("ask", "answer") and verb.startswith(ADL) and object_type not in THREAD_TYPES | QUESTION_TYPES:
        return None
    return "attend" if kind == "join" and object_type in MEETING_TYPES else kind


def takes_back(statement: Statement) -> bool:
    """Whether the statement only ends an earlier act of its kind: un-like, un-share, a cancelled registration."""
    return statement["verb"]["id"] in _TAKES_BACK
