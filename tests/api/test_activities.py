"""GET activities: an activity with what all statements tell of it (Communication 2.5)."""

from uuid import uuid4

import pytest

from lrs.xapi import Json
from tests.api.conftest import Admit
from tests.api.documents import new_activity
from tests.api.samples import VERSION, refused, statement, voiding
from tests.living import Living

MEETING: Json = {
    "type": "http://adlnet.gov/expapi/activities/meeting",
    "name": {"en-GB": "meeting", "en-US": "meeting"},
    "description": {"ja": "会議 🗓"},
    "moreInfo": "https://example.org/meeting",
    "extensions": {
        "http://example.org/room": {"floor": 3, "seats": [1, 2.5, None, True]},
        "http://example.org/none": None,
    },
}
QUESTION: Json = {
    "interactionType": "matching",
    "correctResponsesPattern": ["1[.]a"],
    "source": [{"id": "1", "description": {"en": "One"}}],
    "target": [{"id": "a"}],
}


async def told(lrs: Living, activity_id: str, **headers: str) -> Json:
    answer = await lrs.http.get("/xapi/activities", params={"activityId": activity_id}, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    activity: Json = answer.json()
    return activity


async def define(lrs: Living, activity_id: str, definition: Json) -> None:
    sent = statement(object={"objectType": "Activity", "id": activity_id, "definition": definition})
    assert (await lrs.post(sent)).status_code == 200


@pytest.mark.clause("Communication 2.5")
@pytest.mark.clause("IEEE 9274.1.1 4.1.6.4")
@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
@pytest.mark.parametrize("definition", [MEETING, QUESTION])
async def test_an_activity_comes_back_as_it_was_sent(shared: Living, version: str, definition: Json) -> None:
    activity_id = new_activity()
    await define(shared, activity_id, definition)

    expected = {"objectType": "Activity", "id": activity_id, "definition": definition}
    assert await told(shared, activity_id, **{VERSION: version}) == expected


@pytest.mark.clause("Communication 2.5")
@pytest.mark.clause("IEEE 9274.1.1 4.1.6.4")
async def test_an_activity_that_no_statement_named_is_an_activity_all_the_same(shared: Living) -> None:
    activity_id = new_activity()

    assert await told(shared, activity_id) == {"objectType": "Activity", "id": activity_id}


@pytest.mark.clause("Communication 2.5")
async def test_statement_after_statement_adds_to_it(shared: Living) -> None:
    activity_id = new_activity()
    await define(shared, activity_id, MEETING)
    await define(shared, activity_id, {"name": {"fr": "réunion", "en-US": "Meeting!"}})

    definition = (await told(shared, activity_id))["definition"]

    assert definition == {**MEETING, "name": {"en-GB": "meeting", "en-US": "Meeting!", "fr": "réunion"}}


@pytest.mark.clause("Communication 2.5")
async def test_languages_of_one_list_are_merged(shared: Living) -> None:
    activity_id = new_activity()
    sent = [
        statement(object={"id": activity_id, "definition": {"name": {tag: tag}}}) for tag in ("en-US", "fr-FR", "de")
    ]
    assert (await shared.post(sent)).status_code == 200

    definition = (await told(shared, activity_id, **{"Accept-Language": "de"}))["definition"]

    assert definition["name"] == {"en-US": "en-US", "fr-FR": "fr-FR", "de": "de"}


async def test_context_activities_and_substatements_tell_too(shared: Living) -> None:
    inner, parent, category = new_activity(), new_activity(), new_activity()
    sent = statement(
        object={**statement(object={"id": inner, "definition": MEETING}), "objectType": "SubStatement"},
        context={
            "contextActivities": {
                "parent": {"id": parent, "definition": {"name": {"en": "Parent"}}},
                "category": [{"id": category, "definition": {"name": {"en": "Category"}}}],
            }
        },
    )
    assert (await shared.post(sent)).status_code == 200

    assert (await told(shared, inner))["definition"] == MEETING
    assert (await told(shared, parent))["definition"] == {"name": {"en": "Parent"}}
    assert (await told(shared, category))["definition"] == {"name": {"en": "Category"}}


@pytest.mark.clause("Data 2.3.2")
async def test_what_a_voided_statement_told_stays(shared: Living) -> None:
    activity_id, statement_id = new_activity(), str(uuid4())
    await shared.post(statement(id=statement_id, object={"id": activity_id, "definition": MEETING}))
    await shared.post(voiding(statement_id))

    assert (await told(shared, activity_id))["definition"] == MEETING


@pytest.mark.clause("Communication 4.2")
async def test_a_credential_that_may_not_define_changes_no_activity(lrs: Living, admit: Admit) -> None:
    writer, activity_id = await admit("statements/write"), new_activity()
    await define(lrs, activity_id, {"name": {"en": "right"}})
    await define(writer, activity_id, {"name": {"en": "wrong"}})
    assert (await told(lrs, activity_id))["definition"] == {"name": {"en": "right"}}

    definer = await admit("statements/write", "define")
    await define(definer, activity_id, {"name": {"en": "righter"}})
    assert (await told(lrs, activity_id))["definition"] == {"name": {"en": "righter"}}


async def test_another_store_knows_nothing_of_it(shared: Living, lrs: Living) -> None:
    activity_id = new_activity()
    await define(shared, activity_id, MEETING)

    assert await told(lrs, activity_id) == {"objectType": "Activity", "id": activity_id}


async def test_the_answer_is_the_same_once_the_worker_has_seen_it_all(working_lrs: Living) -> None:
    activity_id = new_activity()
    for tag in ("en", "de", "fr"):
        await define(working_lrs, activity_id, {"name": {tag: tag}, "type": f"http://example.org/types/{tag}"})
        expected = await told(working_lrs, activity_id)
        await working_lrs.catalogued()
        assert await told(working_lrs, activity_id) == expected

    assert expected["definition"] == {
        "name": {"en": "en", "de": "de", "fr": "fr"},
        "type": "http://example.org/types/fr",
    }
    assert await working_lrs.store.catalogue.known("activities", [activity_id])


@pytest.mark.clause("Communication 2.5")
@pytest.mark.parametrize("parameters", [{}, {"activityId": ""}, {"activityId": "no iri"}, {"activityId": "true"}])
async def test_without_an_iri_it_is_refused(shared: Living, parameters: dict[str, str]) -> None:
    assert refused(await shared.http.get("/xapi/activities", params=parameters), 400)["where"] == "activityId"


@pytest.mark.clause("Communication 3.2")
@pytest.mark.parametrize("name", ["activityid", "id", "cachebuster"])
async def test_another_parameter_is_refused(shared: Living, name: str) -> None:
    parameters = {"activityId": new_activity(), name: "1"}

    assert refused(await shared.http.get("/xapi/activities", params=parameters), 400)["where"] == name


@pytest.mark.clause("Communication 3.3")
async def test_without_a_version_it_is_refused(shared: Living) -> None:
    request = shared.http.build_request("GET", "/xapi/activities", params={"activityId": new_activity()})
    del request.headers[VERSION]

    assert refused(await shared.http.send(request), 400)["where"] == VERSION


@pytest.mark.clause("Communication 1.1")
async def test_head_answers_without_a_body(shared: Living) -> None:
    answer = await shared.http.head("/xapi/activities", params={"activityId": new_activity()})

    assert (answer.status_code, answer.content) == (200, b"")
