"""Which verb tells what, as far as sharing looks at it: shares, views, reactions, comments, and what ends them."""

from .acts import ADL, CREATES, FORUM_REPLY, POSTED, RESPONSES, SOLUTION, THREAD_TYPES, TINCAN, TINCAN_TYPE
from .statements import STREAMS
from .views import VERBS

ACROSSX = "https://w3id.org/xapi/acrossx/verbs/"
CURATR = "http://curatr3.com/define/verb/"
DOD = "https://w3id.org/xapi/dod-isd/verbs/"
ACTIVITY_STREAMS_2 = "http://www.w3.org/ns/activitystreams#"


def streams(*names: str) -> set[str]:
    """An Activity Streams term in all its spellings."""
    return {f"{base}{name}" for base in STREAMS for name in names}


STREAMS_SHARE = streams("share")
RETWEETED, RATED = f"{TINCAN}retweeted", f"{TINCAN}rated"
SHARED = {f"{ADL}shared", f"{DOD}shared"}
RECOMMENDED = {f"{DOD}recommended", f"{TINCAN}promoted"}
VIEWED = {*VERBS, "http://learninglocker.net/verbs/observed-in"}
REACTED = {
    *(f"{base}{name}" for base in (TINCAN, CURATR) for name in ("voted-up", "voted-down")),
    *(f"{ACROSSX}{name}" for name in ("liked", "disliked")),
    *streams("like", "dislike", "favorite"),
    f"{ADL}voted-up",
    f"{CURATR}liked",
    f"{TINCAN}applauded",
    "https://w3id.org/xapi/openedx/verb/voted",
}
COMMENTED = {
    *(verb for verb, kind in RESPONSES.items() if kind == "comment"),
    "http://risc-inc.com/annotator/verbs/annotated",
    f"{TINCAN}tweeted",
}
REPLIED = {*(verb for verb, kind in RESPONSES.items() if kind == "reply"), f"{TINCAN}replied-to-tweet"}
ANSWERED = {verb for verb, kind in RESPONSES.items() if kind == "answer"}
CREATED = {
    *CREATES,
    *streams("author"),
    *(f"{CURATR}{name}" for name in ("posted", "published")),
    *(f"{DOD}{name}" for name in ("posted", "published")),
}
DELETED = {*streams("delete", "retract", "remove"), f"{DOD}deleted", f"{ACTIVITY_STREAMS_2}Delete"}

KINDS = {
    verb: kind
    for kind, verbs in {
        "share": SHARED | STREAMS_SHARE,
        "repost": {RETWEETED},
        "recommend": RECOMMENDED,
        "view": VIEWED,
        "react": REACTED | {RATED},
        "comment": COMMENTED,
        "reply": REPLIED | {POSTED},
        "answer": ANSWERED,
        "create": CREATED,
        "delete": DELETED,
        "unreact": streams("unlike", "unfavorite"),
        "unshare": streams("unshare"),
    }.items()
    for verb in verbs
}

SHARES = ("share", "repost", "recommend")
UNDOES = {"unreact": ("react",), "unshare": ("share", "repost")}
"""What each un-act takes back."""

POST_TYPES = {
    *THREAD_TYPES,
    FORUM_REPLY,
    SOLUTION,
    *(f"{TINCAN_TYPE}{name}" for name in ("forum-topic", "status-update", "tweet", "chat-message", "suggestion")),
    *streams("comment", "note", "article", "bookmark", "review"),
    "http://xapi.jisc.ac.uk/forum-post",
}

QUALITY_RATING = "http://id.tincanapi.com/extension/quality-rating"
SENT_TO = (
    "http://id.tincanapi.com/extension/target",
    "https://yetanalytics.com/profiles/prepositions/concepts/context-extensions/to",
    "https://yetanalytics.com/profiles/prepositions/concepts/context-extensions/for",
)
"""The extensions that may hold whom something was sent to."""
