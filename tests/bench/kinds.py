"""Statements as typical senders write them, about 1.2 kB each: every one has its own ids, times and texts."""

from collections.abc import Callable, Mapping

from lrs.xapi import Json

UUID = "{:08x}-93f1-4b53-9a3f-5ad1d2a5a3d8"


def _activity(iri: str, kind: str, name: str, **more: object) -> Json:
    return {"objectType": "Activity", "id": iri, "definition": {"name": {"en": name}, "type": kind, **more}}


def _learner(home_page: str, number: int) -> Json:
    return {"account": {"homePage": home_page, "name": str(number % 200)}, "name": f"Learner {number % 200}"}


def _time(number: int) -> str:
    return f"2026-11-{1 + number % 28:02}T{number % 24:02}:{number % 60:02}:{number * 7 % 60:02}.{number % 1000:03}Z"


def _moodle_forum(number: int) -> Json:
    site, types = "https://moodle.example.org", "http://id.tincanapi.com/activitytype"
    discussion = f"{site}/mod/forum/discuss.php?d={number % 40}"
    return {
        "actor": _learner(site, number),
        "verb": {"id": "http://id.tincanapi.com/verb/replied", "display": {"en": "Replied"}},
        "object": _activity(f"{discussion}#p{number}", f"{types}/forum-reply", f"Re: Engines {number}"),
        "timestamp": _time(number),
        "context": {
            "platform": "Moodle",
            "language": "en",
            "registration": UUID.format(number),
            "contextActivities": {
                "parent": [_activity(discussion, f"{types}/discussion", "Analytical engines")],
                "grouping": [_activity(f"{site}/course/view.php?id=2", f"{types}/course", "History of computing")],
                "category": [_activity(site, f"{types}/lms", "Example campus")],
            },
            "extensions": {"http://lrs.learninglocker.net/define/extensions/info": {"event_name": "post_created"}},
        },
    }


def _cmi5(number: int) -> Json:
    site, types = "https://lms.example.org", "https://w3id.org/xapi/cmi5/activitytype"
    unit = f"{site}/courses/7/units/{number % 30}"
    return {
        "id": UUID.format(number),
        "actor": {"objectType": "Agent", **_learner(site, number)},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/passed", "display": {"en-US": "passed"}},
        "object": _activity(unit, f"{types}/block", f"Unit {number % 30}", description={"en": "Fire safety at sea"}),
        "result": {"score": {"scaled": number % 100 / 100}, "success": True, "duration": f"PT{number % 59}M12.5S"},
        "context": {
            "registration": UUID.format(number % 500),
            "contextActivities": {
                "category": [
                    {"id": "https://w3id.org/xapi/cmi5/context/categories/moveon"},
                    {"id": "https://w3id.org/xapi/cmi5/context/categories/cmi5"},
                ],
                "grouping": [_activity(f"{site}/courses/7", f"{types}/course", "Safety")],
            },
            "extensions": {
                "https://w3id.org/xapi/cmi5/context/extensions/sessionid": UUID.format(number),
                "https://w3id.org/xapi/cmi5/context/extensions/masteryscore": 0.8,
            },
        },
        "timestamp": _time(number),
    }


def _open_edx(number: int) -> Json:
    site, course = "https://edx.example.org", "https://edx.example.org/course/course-v1:Test+XP101+2026"
    block = f"{site}/xblock/block-v1:Test+XP101+2026+type@problem+block@{number % 60:032x}"
    interaction = "http://adlnet.gov/expapi/activities/cmi.interaction"
    return {
        "id": UUID.format(number),
        "actor": {"objectType": "Agent", "account": {"homePage": site, "name": UUID.format(number % 200)}},
        "verb": {"id": "https://w3id.org/xapi/acrossx/verbs/evaluated", "display": {"en": "evaluated"}},
        "object": _activity(block, interaction, "Multiple choice", interactionType="choice"),
        "result": {
            "score": {"min": 0, "max": 3, "raw": number % 4, "scaled": number % 4 / 3},
            "success": number % 4 == 3,
            "response": f"['choice_{number % 4}']",
        },
        "context": {
            "registration": UUID.format(number % 300),
            "contextActivities": {
                "parent": [_activity(course, "http://adlnet.gov/expapi/activities/course", "Demonstration Course")]
            },
            "extensions": {
                "https://w3id.org/xapi/openedx/extension/transformer-version": "event-routing-backends@9.3.5",
                "https://w3id.org/xapi/openedx/extensions/session-id": f"{number:032x}",
            },
        },
        "timestamp": _time(number).replace("Z", "000+00:00"),
        "version": "1.0.3",
    }


def _h5p(number: int) -> Json:
    site = "https://cms.example.org/h5p/embed"
    choices = [
        {"id": str(each), "description": {"en-US": f"Answer {each} of question {number % 50}"}} for each in range(4)
    ]
    return {
        "actor": {"objectType": "Agent", "name": "Ann", "mbox": f"mailto:learner{number % 200}@example.org"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/answered", "display": {"en-US": "answered"}},
        "object": {
            "objectType": "Activity",
            "id": f"{site}/{number % 50}?subContentId={UUID.format(number % 50)}",
            "definition": {
                "extensions": {"http://h5p.org/x-api/h5p-local-content-id": number % 50},
                "name": {"en-US": f"Question {number % 50}"},
                "description": {"en-US": "Which of these engines was built in Babbage's lifetime?"},
                "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
                "interactionType": "choice",
                "correctResponsesPattern": ["0[,]2"],
                "choices": choices,
            },
        },
        "context": {
            "contextActivities": {
                "parent": [{"id": f"{site}/7", "objectType": "Activity"}],
                "category": [{"id": "http://h5p.org/libraries/H5P.MultiChoice-1.16", "objectType": "Activity"}],
            }
        },
        "result": {
            "score": {"min": 0, "max": 2, "raw": number % 3, "scaled": number % 3 / 2},
            "completion": True,
            "success": number % 3 == 2,
            "duration": f"PT{number % 60}.25S",
            "response": f"{number % 4}",
        },
        "timestamp": _time(number),
    }


def _video(number: int) -> Json:
    profile, site = "https://w3id.org/xapi/video", "https://video.example.org"
    return {
        "id": UUID.format(number),
        "actor": _learner(site, number),
        "verb": {"id": f"{profile}/verbs/seeked", "display": {"en-US": "seeked"}},
        "object": _activity(f"{site}/watch/{number % 80}", f"{profile}/activity-type/video", f"Lecture {number % 80}"),
        "result": {
            "extensions": {
                f"{profile}/extensions/time-from": number % 300 + 0.25,
                f"{profile}/extensions/time-to": 301.5,
            }
        },
        "context": {
            "language": "en-US",
            "contextActivities": {
                "category": [{"id": profile}],
                "parent": [_activity(f"{site}/channels/3", "http://adlnet.gov/expapi/activities/course", "Lectures")],
            },
            "extensions": {
                f"{profile}/extensions/session-id": UUID.format(number),
                f"{profile}/extensions/length": 1800,
                f"{profile}/extensions/speed": "1x",
                f"{profile}/extensions/volume": 0.8,
                f"{profile}/extensions/user-agent": "Mozilla/5.0 (X11; Linux x86_64)",
            },
        },
        "timestamp": _time(number),
    }


KINDS: Mapping[str, Callable[[int], Json]] = {
    "Moodle forum": _moodle_forum,
    "cmi5": _cmi5,
    "Open edX": _open_edx,
    "H5P": _h5p,
    "video": _video,
}
"""Of each kind of sender, the statement with a number."""
