"""How a statement is answered: exact, ids, canonical, with attachments, and its headers (Communication 2.1.3)."""

import re
from email.utils import parsedate_to_datetime

import pytest

from lrs.xapi import Json
from tests.api.samples import ANN, COURSE, count, identified, read, statement
from tests.living import Living

QUIZ: Json = {
    "id": "http://example.org/activities/quiz",
    "definition": {"name": {"en-US": "Quiz", "en-GB": "Quizz", "de": "Quiz!"}, "description": {"fr": "Jeu"}},
}
TEAM: Json = {"objectType": "Group", "name": "Team", "openid": "https://id.example.org/team", "member": [ANN]}
RICH = statement(
    actor=TEAM,
    verb={"id": "http://example.org/verbs/did", "display": {"de": "tat", "en-GB": "did"}},
    object=QUIZ,
    context={"contextActivities": {"parent": [QUIZ]}, "instructor": {**ANN, "name": "Ann"}},
)


async def answered(lrs: Living, sent: Json, language: str | None = None, **parameters: str) -> Json:
    """Store a statement and return it as it is answered alone; in a list it must be answered alike."""
    (statement_id,) = (await lrs.post(sent)).json()
    headers = {} if language is None else {"Accept-Language": language}
    alone = await lrs.http.get("/xapi/statements", params={"statementId": statement_id, **parameters}, headers=headers)
    together = await lrs.http.get("/xapi/statements", params={"limit": "1", **parameters}, headers=headers)
    assert together.json()["statements"] == [alone.json()]
    whole: Json = alone.json()
    return whole


@pytest.mark.clause("Communication 2.1.3")
@pytest.mark.parametrize("parameters", [{}, {"format": "exact"}])
async def test_exact_is_what_was_sent(lrs: Living, parameters: dict[str, str]) -> None:
    back = await answered(lrs, RICH, "en-GB", **parameters)

    assert {name: back[name] for name in RICH} == RICH


@pytest.mark.clause("Communication 2.1.3")
async def test_ids_keeps_only_what_identifies(lrs: Living) -> None:
    back = await answered(lrs, RICH, format="ids")

    assert back["actor"] == {"objectType": "Group", "openid": TEAM["openid"]}
    assert back["verb"] == {"id": RICH["verb"]["id"]}
    assert back["object"] == {"id": QUIZ["id"]}
    assert back["context"] == {"contextActivities": {"parent": [{"id": QUIZ["id"]}]}, "instructor": ANN}


@pytest.mark.clause("Communication 2.1.3")
@pytest.mark.parametrize(
    ("language", "name", "display"),
    [
        ("en-GB", {"en-GB": "Quizz"}, {"en-GB": "did"}),
        ("de;q=0.5, en-US", {"en-US": "Quiz"}, {"de": "tat"}),
        ("de", {"de": "Quiz!"}, {"de": "tat"}),
        (None, {"en-US": "Quiz"}, {"de": "tat"}),
    ],
)
async def test_canonical_chooses_one_language_of_each_map(
    lrs: Living, language: str | None, name: Json, display: Json
) -> None:
    back = await answered(lrs, RICH, language, format="canonical")

    assert back["verb"]["display"] == display
    for activity in (back["object"], back["context"]["contextActivities"]["parent"][0]):
        assert activity["definition"] == {"name": name, "description": {"fr": "Jeu"}}


@pytest.mark.clause("Communication 2.1.3")
@pytest.mark.parametrize("one", [True, False], ids=["one", "list"])
async def test_asked_for_attachments_the_answer_is_multipart(lrs: Living, one: bool) -> None:
    sent = identified()
    await lrs.post(sent)
    wanted = {"statementId": sent["id"]} if one else {"limit": "1"}

    answer = await lrs.http.get("/xapi/statements", params={**wanted, "attachments": "true"})

    match = re.fullmatch(r"multipart/mixed; boundary=([0-9a-zA-Z]+)", answer.headers["content-type"])
    assert match is not None
    before, part, after = answer.text.split(f"--{match[1]}")
    assert (before, after) == ("", "--\r\n")
    head, body = part.removesuffix("\r\n").split("\r\n\r\n", 1)
    assert head == "\r\nContent-Type: application/json"
    assert body == (await lrs.http.get("/xapi/statements", params=wanted)).text


@pytest.mark.clause("Communication 2.1.3")
async def test_without_attachments_the_answer_is_json(lrs: Living) -> None:
    await lrs.post(identified())

    for parameters in ({}, {"attachments": "false"}):
        answer = await lrs.http.get("/xapi/statements", params=parameters)
        assert answer.headers["content-type"] == "application/json"


@pytest.mark.clause("Communication 2.1.3")
async def test_last_modified_of_a_statement_is_when_it_was_stored(lrs: Living) -> None:
    sent = identified()
    await lrs.post(sent)
    back = await read(lrs, sent["id"])

    answer = await lrs.http.get("/xapi/statements", params={"statementId": sent["id"]})

    modified = parsedate_to_datetime(answer.headers["last-modified"])
    assert modified.strftime("%Y-%m-%dT%H:%M:%S") == back["stored"][:19]


async def test_a_deep_extension_is_stored_and_read_in_every_format(lrs: Living) -> None:
    value: object = "bottom"
    for number in range(100):
        value = [value] if number % 2 else {"a": value}
    sent = statement(object={"id": COURSE, "definition": {"extensions": {"http://example.org/deep": value}}})

    for form in ("exact", "canonical"):
        back = await answered(lrs, sent, format=form)
        assert back["object"]["definition"]["extensions"] == {"http://example.org/deep": value}
    assert await count(lrs) == 2
