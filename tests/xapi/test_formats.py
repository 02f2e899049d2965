from copy import deepcopy

import pytest

from lrs.xapi import Json
from lrs.xapi.formats import parse_accept_language, render

ANN: Json = {"objectType": "Agent", "name": "Ann", "mbox": "mailto:ann@example.org"}
BEN: Json = {"name": "Ben", "account": {"homePage": "https://lms.example.org", "name": "ben"}}
CLUB: Json = {"objectType": "Group", "name": "Club", "mbox": "mailto:club@example.org", "member": [ANN, BEN]}
CREW: Json = {"objectType": "Group", "name": "Crew", "member": [ANN, BEN]}
ANN_ID: Json = {"mbox": "mailto:ann@example.org"}
BEN_ID: Json = {"account": {"homePage": "https://lms.example.org", "name": "ben"}}
CLUB_ID: Json = {"objectType": "Group", "mbox": "mailto:club@example.org"}
CREW_ID: Json = {"objectType": "Group", "member": [ANN_ID, BEN_ID]}
TEXTS = {"en-US": "color", "en-GB": "colour", "de": "Farbe"}
VERB: Json = {"id": "https://example.org/did", "display": TEXTS}
QUIZ: Json = {
    "objectType": "Activity",
    "id": "https://example.org/quiz",
    "definition": {
        "name": TEXTS,
        "description": TEXTS,
        "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
        "interactionType": "matching",
        "source": [{"id": "a", "description": TEXTS}],
        "target": [{"id": "b", "description": TEXTS}, {"id": "c"}],
        "extensions": {"https://example.org/texts": TEXTS},
    },
}
COURSE: Json = {"id": "https://example.org/course", "definition": {"name": TEXTS}}
INNER: Json = {
    "actor": CREW,
    "verb": VERB,
    "object": QUIZ,
    "result": {"success": True, "response": "red"},
    "context": {
        "instructor": BEN,
        "team": CLUB,
        "platform": "LMS",
        "contextActivities": {"parent": [COURSE], "grouping": [QUIZ, COURSE]},
        "contextAgents": [{"objectType": "contextAgent", "agent": ANN, "relevantTypes": ["https://example.org/type"]}],
        "contextGroups": [{"objectType": "contextGroup", "group": CREW}],
        "statement": {"objectType": "StatementRef", "id": "16b8d2a1-6a4d-4d4f-9a25-3f4a1d8a8f10"},
    },
    "timestamp": "2026-01-31T12:00:00.000Z",
}
STATEMENT: Json = INNER | {
    "id": "6690e6c9-3ef0-4ed3-8b37-7f3964730bee",
    "actor": ANN,
    "authority": BEN,
    "stored": "2026-01-31T12:00:01.000Z",
    "attachments": [
        {
            "usageType": "https://example.org/usage",
            "display": TEXTS,
            "description": TEXTS,
            "contentType": "text/plain",
            "length": 1,
            "sha2": "a" * 64,
        }
    ],
}


def with_object(target: Json) -> Json:
    return STATEMENT | {"object": target}


@pytest.mark.clause("Communication 2.1.3")
def test_ids_keeps_only_what_identifies_actors_verbs_and_activities() -> None:
    short = render(STATEMENT, "ids", [])

    assert (short["actor"], short["authority"]) == (ANN_ID, BEN_ID)
    assert short["verb"] == {"id": "https://example.org/did"}
    assert short["object"] == {"id": "https://example.org/quiz"}
    assert short["context"]["instructor"] == BEN_ID
    assert short["context"]["team"] == CLUB_ID
    assert short["context"]["contextActivities"] == {
        "parent": [{"id": "https://example.org/course"}],
        "grouping": [{"id": "https://example.org/quiz"}, {"id": "https://example.org/course"}],
    }


@pytest.mark.clause("Communication 2.1.3")
def test_ids_reduces_context_agents_and_groups_and_keeps_their_types() -> None:
    context = render(STATEMENT, "ids", [])["context"]

    assert context["contextAgents"] == [
        {"objectType": "contextAgent", "agent": ANN_ID, "relevantTypes": ["https://example.org/type"]}
    ]
    assert context["contextGroups"] == [{"objectType": "contextGroup", "group": CREW_ID}]


def test_ids_keeps_everything_that_is_no_actor_verb_or_activity() -> None:
    short = render(STATEMENT, "ids", [])

    kept = ("id", "result", "timestamp", "stored", "attachments")
    assert {name: short[name] for name in kept} == {name: STATEMENT[name] for name in kept}
    assert short["context"]["statement"] == STATEMENT["context"]["statement"]
    assert list(short) == list(STATEMENT)


@pytest.mark.clause("Communication 2.1.3")
@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ({"id": "https://example.org/quiz"}, {"id": "https://example.org/quiz"}),
        (ANN, {"objectType": "Agent", **ANN_ID}),
        (CLUB, CLUB_ID),
        (CREW, CREW_ID),
        ({"objectType": "StatementRef", "id": "x"}, {"objectType": "StatementRef", "id": "x"}),
    ],
    ids=["Activity", "Agent", "Group", "anonymous Group", "StatementRef"],
)
def test_ids_reduces_objects_of_every_kind(target: Json, expected: Json) -> None:
    assert render(with_object(target), "ids", [])["object"] == expected


@pytest.mark.clause("Communication 2.1.3")
def test_ids_reaches_into_a_substatement() -> None:
    short = render(with_object({"objectType": "SubStatement"} | INNER), "ids", [])["object"]

    assert short["objectType"] == "SubStatement"
    assert short["actor"] == CREW_ID
    assert short["verb"] == {"id": "https://example.org/did"}
    assert short["object"] == {"id": "https://example.org/quiz"}
    assert short["context"]["instructor"] == BEN_ID


@pytest.mark.clause("Communication 2.1.3")
def test_canonical_keeps_one_language_of_each_language_map() -> None:
    answer = render(STATEMENT, "canonical", ["en-gb"])
    one = {"en-GB": "colour"}

    assert answer["verb"]["display"] == one
    assert answer["object"]["definition"] == QUIZ["definition"] | {
        "name": one,
        "description": one,
        "source": [{"id": "a", "description": one}],
        "target": [{"id": "b", "description": one}, {"id": "c"}],
    }
    assert answer["context"]["contextActivities"]["parent"] == [COURSE | {"definition": {"name": one}}]
    assert answer["attachments"][0]["display"] == answer["attachments"][0]["description"] == one


@pytest.mark.clause("Communication 2.1.3")
def test_canonical_keeps_actors_and_extensions_as_they_were_received() -> None:
    answer = render(STATEMENT, "canonical", ["de"])

    assert (answer["actor"], answer["authority"]) == (ANN, BEN)
    assert answer["context"]["team"] == CLUB
    assert answer["object"]["definition"]["extensions"] == {"https://example.org/texts": TEXTS}
    assert render(with_object(CLUB), "canonical", ["de"])["object"] == CLUB


@pytest.mark.clause("Communication 2.1.3")
def test_canonical_reaches_into_a_substatement() -> None:
    inner = render(with_object({"objectType": "SubStatement"} | INNER), "canonical", ["de"])["object"]

    assert inner["verb"]["display"] == {"de": "Farbe"}
    assert inner["object"]["definition"]["name"] == {"de": "Farbe"}
    assert inner["context"]["contextActivities"]["grouping"][1]["definition"]["name"] == {"de": "Farbe"}


@pytest.mark.clause("Communication 2.1.3")
def test_canonical_chooses_for_each_language_map_alone() -> None:
    mixed = QUIZ | {
        "definition": {"name": {"fr": "couleur", "en": "colour"}, "description": {"de": "Farbe", "en": "x"}}
    }

    definition = render(with_object(mixed), "canonical", ["de", "en"])["object"]["definition"]

    assert definition == {"name": {"en": "colour"}, "description": {"de": "Farbe"}}


@pytest.mark.clause("Communication 2.1.3")
@pytest.mark.parametrize(
    ("header", "tags", "expected"),
    [
        ("en-GB", ["en-US", "en-GB"], "en-GB"),
        ("EN-gb", ["en-US", "en-GB"], "en-GB"),
        ("en", ["de", "en-GB"], "en-GB"),
        ("en", ["en-GB", "en"], "en"),
        ("en", ["de", "eng"], "de"),
        ("de;q=0.5, en", ["de", "en"], "en"),
        ("en-GB, fr;q=0.5", ["en", "fr"], "fr"),
        ("en-GB", ["de", "en"], "en"),
        ("zh-Hant-TW", ["de", "zh-Hans", "zh-Hant"], "zh-Hant"),
        ("en-GB", ["de", "en-US"], "en-US"),
        ("ja", ["de", "en"], "de"),
        ("*", ["de", "en"], "de"),
        ("en, *;q=0.1", ["de", "en"], "en"),
        (None, ["de", "en"], "de"),
    ],
)
def test_the_language_follows_the_readers_order(header: str | None, tags: list[str], expected: str) -> None:
    texts = {tag: tag for tag in tags}
    given = STATEMENT | {"verb": {"id": "https://example.org/did", "display": texts}}

    answer = render(given, "canonical", parse_accept_language(header))

    assert answer["verb"]["display"] == {expected: expected}


def test_an_empty_language_map_stays_empty() -> None:
    assert render(STATEMENT | {"verb": {"id": "v", "display": {}}}, "canonical", ["en"])["verb"]["display"] == {}


@pytest.mark.clause("Communication 2.1.3")
def test_exact_is_the_statement_itself() -> None:
    assert render(STATEMENT, "exact", ["en"]) == STATEMENT


@pytest.mark.parametrize("format", ["ids", "canonical"])
def test_rendering_leaves_the_given_statement_as_it_was(format: str) -> None:
    given = with_object({"objectType": "SubStatement"} | INNER)
    before = deepcopy(given)

    answer = render(given, "ids" if format == "ids" else "canonical", ["en"])

    assert answer != given
    assert given == before


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, []),
        ("", []),
        ("de", ["de"]),
        ("da, en-GB;q=0.8, en;q=0.7", ["da", "en-gb", "en"]),
        ("en;q=0.7, da;q=0.9", ["da", "en"]),
        ("en , de ; q=1.0", ["en", "de"]),
        ("fr;q=0, de;q=0.1", ["de"]),
        ("de;q=high, en;q=2, fr;q=nan, it;Q=0.2", ["it"]),
        (",;,*;q=0.5", ["*"]),
    ],
)
def test_accept_language_is_read_in_order_of_quality(header: str | None, expected: list[str]) -> None:
    assert parse_accept_language(header) == expected
