"""The IRIs that senders use, and the two pieces every statement is made of: verbs and activities."""

from lrs.xapi import Json

ADL = "http://adlnet.gov/expapi/verbs/"
ADL_TYPE = "http://adlnet.gov/expapi/activities/"
ACTIVITY_STREAMS = "http://activitystrea.ms/"
ACTIVITY_STREAMS_1 = "http://activitystrea.ms/schema/1.0/"
TINCAN = "http://id.tincanapi.com/verb/"
TINCAN_TYPE = "http://id.tincanapi.com/activitytype/"
ACROSSX = "https://w3id.org/xapi/acrossx/verbs/"
ACROSSX_EXTENSION = "https://w3id.org/xapi/acrossx/extensions/"
DOD_ISD = "https://w3id.org/xapi/dod-isd/verbs/"
TLA = "https://w3id.org/xapi/tla/verbs/"
CURATR = "http://curatr3.com/define/verb/"
OPENEDX = "https://w3id.org/xapi/openedx/"
EDLM = "https://xapi.edlm/profiles/edlm-lms/concepts/verbs/"
EDLM_TYPE = "https://xapi.edlm/profiles/edlm-lms/concepts/activity-types/"
PREPOSITIONS = "https://yetanalytics.com/profiles/prepositions/concepts/context-extensions/"
CMI5_COURSE = "https://w3id.org/xapi/cmi5/activitytype/course"

DISCUSSION = TINCAN_TYPE + "discussion"
FORUM_REPLY = TINCAN_TYPE + "forum-reply"
CHAT_MESSAGE = TINCAN_TYPE + "chat-message"
COMMUNITY_SITE = TINCAN_TYPE + "community-site"
TUTOR_SESSION = TINCAN_TYPE + "tutor-session"
QUESTION = ACTIVITY_STREAMS_1 + "question"
NOTE = ACTIVITY_STREAMS_1 + "note"
ARTICLE = ACTIVITY_STREAMS_1 + "article"
COURSE = ADL_TYPE + "course"


def verb(iri: str, display: str, language: str = "en") -> Json:
    """Return a verb with its display."""
    return {"id": iri, "display": {language: display}}


def activity(iri: str, kind: str, name: str | None = None, *, language: str = "en", text: str | None = None) -> Json:
    """Return an activity of the type `kind`; `text` becomes its description."""
    definition: Json = {}
    if name is not None:
        definition["name"] = {language: name}
    if text is not None:
        definition["description"] = {language: text}
    definition["type"] = kind
    return {"id": iri, "definition": definition, "objectType": "Activity"}
