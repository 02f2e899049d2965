"""format=canonical: activities as the catalogue defines them, in one language (Communication 2.1.3)."""

from uuid import uuid4

import pytest

from lrs.xapi import Json
from tests.api.conftest import Admit
from tests.api.documents import new_activity
from tests.api.samples import ANN, identified, reference, statement
from tests.living import Living


def named(activity_id: str, **texts: str) -> Json:
    return {"id": activity_id, "definition": {"name": texts}}


async def canonical(lrs: Living, sent: Json, language: str | None = None) -> Json:
    """Return one statement in this format, asked for by its id and in a list, which must be the same."""
    headers = {} if language is None else {"Accept-Language": language}
    one = await lrs.http.get(
        "/xapi/statements", params={"statementId": sent["id"], "format": "canonical"}, headers=headers
    )
    assert one.status_code == 200, one.text
    page = await lrs.http.get("/xapi/statements", params={"format": "canonical"}, headers=headers)
    found: Json = next(each for each in page.json()["statements"] if each["id"] == sent["id"])
    assert found == one.json()
    return found


@pytest.mark.clause("Communication 2.1.3")
async def test_activities_have_the_definition_of_the_catalogue(working_lrs: Living) -> None:
    lrs, quiz, course, task = working_lrs, new_activity(), new_activity(), new_activity()
    for activity in (
        named(quiz, en="Quiz", de="Ratespiel"),
        named(course, en="Course", de="Kurs"),
        named(task, de="Aufgabe"),
    ):
        await lrs.post(statement(object=activity))
    sent = identified(object={"id": quiz}, context={"contextActivities": {"parent": [{"id": course}]}})
    about = identified(object={**statement(object={"id": task}), "objectType": "SubStatement"})
    await lrs.post([sent, about])
    await lrs.catalogued()

    back = await canonical(lrs, sent, "de")
    assert back["object"]["definition"] == {"name": {"de": "Ratespiel"}}
    assert back["context"]["contextActivities"]["parent"][0]["definition"] == {"name": {"de": "Kurs"}}
    assert (await canonical(lrs, about))["object"]["object"]["definition"] == {"name": {"de": "Aufgabe"}}
    assert (await canonical(lrs, sent, "en"))["object"]["definition"] == {"name": {"en": "Quiz"}}


@pytest.mark.clause("Communication 2.1.3")
async def test_a_definition_that_changed_is_told_of_older_statements_too(working_lrs: Living) -> None:
    quiz, sent = new_activity(), identified()
    sent["object"] = named(quiz, en="Quiz")
    await working_lrs.post(sent)
    await working_lrs.post(statement(object=named(quiz, en="Test")))
    await working_lrs.catalogued()

    assert (await canonical(working_lrs, sent))["object"]["definition"] == {"name": {"en": "Test"}}
    exact = await working_lrs.http.get("/xapi/statements", params={"statementId": sent["id"]})
    assert exact.json()["object"] == sent["object"]


async def test_where_the_catalogue_has_none_the_statements_own_definition_stays(lrs: Living) -> None:
    sent = identified(object=named(new_activity(), en="Quiz", de="Ratespiel"))
    await lrs.post(sent)

    assert (await canonical(lrs, sent, "de"))["object"]["definition"] == {"name": {"de": "Ratespiel"}}


async def test_what_one_without_the_scope_defined_stays_in_the_own_statement(working_lrs: Living, admit: Admit) -> None:
    writer, quiz, other = await admit("statements/write"), new_activity(), identified()
    sent = identified(object=named(quiz, en="wrong", fr="faux"))
    other["object"] = named(quiz, en="right")
    await writer.post(sent)
    await working_lrs.post(other)
    await working_lrs.catalogued()

    assert (await canonical(working_lrs, sent, "en"))["object"]["definition"] == {"name": {"en": "right"}}
    assert (await canonical(working_lrs, sent, "fr"))["object"]["definition"] == {"name": {"fr": "faux"}}
    assert (await canonical(working_lrs, other, "fr"))["object"]["definition"] == {"name": {"en": "right"}}


@pytest.mark.clause("Communication 2.1.3")
async def test_agents_groups_references_and_verbs_are_as_in_the_statement(working_lrs: Living) -> None:
    lrs = working_lrs
    await lrs.post(statement(actor={**ANN, "name": "Ann"}))
    team: Json = {"objectType": "Group", "name": "Team", "member": [ANN]}
    verb = {"id": "http://example.org/verbs/did", "display": {"en": "did", "de": "tat"}}
    sent = reference(str(uuid4()), actor=team, verb=verb)
    await lrs.post(sent)
    await lrs.catalogued()

    back = await canonical(lrs, sent, "de")

    assert (back["actor"], back["object"]) == (team, sent["object"])
    assert back["verb"] == {"id": verb["id"], "display": {"de": "tat"}}
