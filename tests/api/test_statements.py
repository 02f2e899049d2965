from tests.living import Living

STATEMENT = {
    "actor": {"mbox": "mailto:ann@example.org"},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
    "object": {"id": "http://example.org/activities/1"},
}


async def test_a_posted_statement_is_read_back(lrs: Living) -> None:
    posted = await lrs.post(STATEMENT)

    assert posted.status_code == 200
    (statement_id,) = posted.json()
    read = await lrs.http.get("/xapi/statements", params={"statementId": statement_id})
    assert read.status_code == 200
    assert read.json()["actor"] == STATEMENT["actor"]
