"""Valid statements to break, and two ways to look at what validation says."""

from copy import deepcopy
from typing import Any

import pytest

from lrs.errors import InvalidStatement
from lrs.xapi import Json
from lrs.xapi.statements import validate
from lrs.xapi.versions import Version

GONE: Any = object()
"""Stands for a property that is taken away."""

ADA: Json = {"objectType": "Agent", "name": "Ada", "mbox": "mailto:ada@example.org"}
BOB: Json = {"account": {"homePage": "https://lms.example.org", "name": "4711"}}
CLUB: Json = {"objectType": "Group", "name": "Club", "openid": "https://id.example.org/club", "member": [ADA, BOB]}
CREW: Json = {"objectType": "Group", "member": [ADA, BOB]}
VERB: Json = {"id": "http://adlnet.gov/expapi/verbs/answered", "display": {"en-US": "answered"}}
VOIDED: Json = {"id": "http://adlnet.gov/expapi/verbs/voided"}
UUID = "fd41c918-b88b-4b20-a0a5-a4c32391aaa0"
REF: Json = {"objectType": "StatementRef", "id": UUID}
CHOICE: Json = {
    "objectType": "Activity",
    "id": "https://example.org/quiz/1",
    "definition": {
        "name": {"en": "Question 1"},
        "description": {"de": "Welche?", "zh-Hant": "哪個"},
        "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
        "moreInfo": "https://example.org/about",
        "interactionType": "choice",
        "correctResponsesPattern": ["a[,]b"],
        "choices": [{"id": "a", "description": {"en": "A"}}, {"id": "b"}],
        "extensions": {"https://example.org/x": None},
    },
}
ATTACHMENT: Json = {
    "usageType": "https://example.org/usage/essay",
    "display": {"en": "Essay"},
    "description": {"en": "An essay"},
    "contentType": "text/plain; charset=utf-8",
    "length": 27,
    "sha2": "495395e777cd98da653df9615d09c0fd6bb2f8d4788394cd53c56a3bfdcd848a",
    "fileUrl": "https://example.org/essay.txt",
}
SCORE: Json = {"scaled": 0.5, "raw": 5, "min": 0, "max": 10}
RESULT: Json = {
    "score": SCORE,
    "success": True,
    "completion": False,
    "response": "a[,]b",
    "duration": "PT1H0.5S",
    "extensions": {"https://example.org/tries": [1, None]},
}
CONTEXT: Json = {
    "registration": UUID,
    "instructor": CREW,
    "team": CLUB,
    "contextActivities": {"parent": [{"id": "https://example.org/quiz"}], "category": {"id": "urn:cmi5"}},
    "revision": "2",
    "platform": "Example LMS",
    "language": "en",
    "statement": REF,
    "extensions": {"https://example.org/seat": {"row": None}},
}
FULL: Json = {
    "id": UUID,
    "actor": BOB,
    "verb": VERB,
    "object": CHOICE,
    "result": RESULT,
    "context": CONTEXT,
    "timestamp": "2026-11-22T09:30:00.000+01:00",
    "stored": "2026-11-22T09:30:00.000Z",
    "authority": ADA,
    "version": "1.0.0",
    "attachments": [ATTACHMENT],
}
CONTEXT_AGENT: Json = {"objectType": "contextAgent", "agent": ADA, "relevantTypes": ["https://example.org/mentor"]}
CONTEXT_GROUP: Json = {"objectType": "contextGroup", "group": CREW, "relevantTypes": ["https://example.org/team"]}
SUB: Json = {
    "objectType": "SubStatement",
    "actor": CLUB,
    "verb": VERB,
    "object": CHOICE,
    "context": CONTEXT,
    "timestamp": "2036-01-01T00:00:00Z",
}


def simple(**parts: object) -> Json:
    """A statement of actor, verb and object with parts replaced, added or GONE."""
    whole = {"actor": ADA, "verb": VERB, "object": {"id": "https://example.org/quiz"}} | parts
    return {key: value for key, value in whole.items() if value is not GONE}


WHOLE: dict[str, Json] = {
    "an interaction with everything": FULL,
    "a sub-statement": simple(object={**SUB, "result": RESULT}, actor=CREW),
    "about an agent": simple(object=ADA, actor=BOB, authority=CREW),
    "about a group": simple(object=CLUB, context={"team": CREW}),
    "voiding": simple(object=REF, verb=VOIDED),
    "matching": simple(
        object={
            "id": "urn:a",
            "definition": {
                "interactionType": "matching",
                "source": [{"id": "a"}],
                "target": [{"id": "a"}, {"id": "b"}],
            },
        }
    ),
    "with context agents": simple(context={"contextAgents": [CONTEXT_AGENT], "contextGroups": [CONTEXT_GROUP]}),
}
"""Statements to break in every way; the last is one of 2.0 only."""


def changed(original: Json, path: str, value: object) -> Json:
    """A copy with the value at a path such as `context.team.member.0` set, or GONE."""
    whole: Any = deepcopy(original)
    *steps, last = (int(step) if step.isdigit() else step for step in path.split("."))
    place = whole
    for step in steps:
        place = place[step]
    if value is GONE:
        del place[last]
    else:
        place[last] = value
    return dict(whole)


def refusal(statement: object, version: Version = Version.V1) -> InvalidStatement:
    """The error a statement is refused with."""
    with pytest.raises(InvalidStatement) as caught:
        validate(statement, version)
    return caught.value
