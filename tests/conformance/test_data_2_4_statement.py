"""xAPI Data 2.4, 2.4.1 and 2.4.7 to 2.4.10: the properties of a statement itself, and what the LRS assigns."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from lrs.xapi import Json
from lrs.xapi.versions import Version
from tests.api.samples import ANN, BEN, identified, statement
from tests.conformance.asking import Case, Xapi, by_clause, having, only, within
from tests.conformance.conftest import Guest

AGENTS = {"objectType": "Group", "member": [ANN, BEN]}

REFUSED = [
    *(Case("Data 2.4/1", f"{name} a string", having(name, "x")) for name in ("actor", "verb", "object", "result")),
    *(Case("Data 2.4/1", f"{name} an array", having(name, [])) for name in ("actor", "verb", "object", "context")),
    Case("Data 2.4/1", "another property", having("subject", ANN)),
    Case("Data 2.4/1", "voided", having("voided", True)),
    *(
        Case("Data 2.4.1/1", str(value), having("id", value))
        for value in (1, "", "x", "fd41c918b88b4b20a0a5a4c32391aaa0", "{fd41c918-b88b-4b20-a0a5-a4c32391aaa0}")
    ),
    Case("Data 2.4.1/1", "a digit too many", having("id", "fd41c918-b88b-4b20-a0a5-a4c32391aaa00")),
    Case("Data 2.4.1/1", "no hexadecimal digit", having("id", "gd41c918-b88b-4b20-a0a5-a4c32391aaa0")),
    Case("Data 2.4.1/1", "URN", having("id", "urn:uuid:fd41c918-b88b-4b20-a0a5-a4c32391aaa0")),
    *(Case("Data 2.4.7/1", str(value), having("timestamp", value)) for value in (1, "", "now", "12:00", "2020-02-30")),
    *(
        Case("Data 2.4.7/1", f"{value} in a SubStatement", within(having("timestamp", value)))
        for value in (1, "", "now", "12:00", "2020-02-30T00:00:00Z", "2020-01-01T25:00:00Z")
    ),
    Case("Data 2.4.9/1", "an identified Group", having("authority", {**AGENTS, "mbox": "mailto:team@example.org"})),
    Case("Data 2.4.9/1", "a Group of one", having("authority", {**AGENTS, "member": [ANN]})),
    Case("Data 2.4.9/1", "a Group of three", having("authority", {**AGENTS, "member": [ANN, BEN, ANN]})),
    Case("Data 2.4.9/1", "an activity", having("authority", {"id": "http://example.org/a"})),
    *(
        Case("Data 2.4.10/1", str(value), having("version", value))
        for value in (1.0, "", "1", "one", "1.0.x", "v1.0.0")
    ),
    *(Case("Data 2.4.10/3", value, having("version", value)) for value in ("0.9", "0.95", "0.9.9", "1.1.0", "1.10.0")),
]


@pytest.mark.parametrize("statements", by_clause(REFUSED))
async def test_a_statement_with_such_a_property_is_refused(xapi: Xapi, statements: list[Json]) -> None:
    await xapi.refuses(*statements)


@only(Version.V1)
@pytest.mark.clause("Data 2.4.10/3")
async def test_a_statement_of_2_0_is_refused_in_1_0_3(xapi: Xapi) -> None:
    await xapi.refuses(having("version", "2.0.0"))


@pytest.mark.clause("Data 2.4.1/1")
@pytest.mark.parametrize("generation", [1, 3, 4, 5])
async def test_every_version_of_a_UUID_is_an_id_in_either_case(xapi: Xapi, generation: int) -> None:
    made = UUID(int=uuid4().int, version=generation)
    for text in (str(made), str(made).upper()):
        assert (await xapi.post(statement(id=text))).status_code == 200
        assert UUID((await xapi.read(text))["id"]) == made


@pytest.mark.clause("Data 2.4.1/2")
async def test_a_statement_without_an_id_gets_one_of_its_own(xapi: Xapi) -> None:
    answer = await xapi.post([statement(), statement()])
    assert len({UUID(each) for each in answer.json()}) == 2
    for each in answer.json():
        assert (await xapi.read(each))["id"] == each


@pytest.mark.clause("Data 2.4.8/1")
async def test_the_LRS_sets_when_a_statement_was_stored(xapi: Xapi) -> None:
    first, second = await xapi.store(statement()), await xapi.store(statement())
    before, after = (datetime.fromisoformat(each["stored"]) for each in (first, second))
    assert before <= after
    assert after - before < timedelta(minutes=1)
    assert before.utcoffset() is not None


@pytest.mark.clause("Data 2.4.8/2")
@pytest.mark.parametrize("sent", ["2001-01-01T00:00:00.000Z", "2999-01-01T00:00:00.000Z"])
async def test_stored_as_it_was_sent_is_overwritten(xapi: Xapi, sent: str) -> None:
    known = (await xapi.store(statement()))["stored"]
    stored = await xapi.store(having("stored", sent))
    assert (
        timedelta() <= datetime.fromisoformat(stored["stored"]) - datetime.fromisoformat(known) < timedelta(minutes=1)
    )
    put = having("stored", sent)
    assert (await xapi.put(put)).status_code == 204
    assert (await xapi.read(put["id"]))["stored"] != sent


@pytest.mark.clause("IEEE 9274.1.1 4.2.4.2/1")
async def test_a_statement_without_a_timestamp_has_the_time_when_it_was_stored(xapi: Xapi) -> None:
    posted = await xapi.store(statement())
    put = identified()
    await xapi.put(put)
    for each in (posted, await xapi.read(put["id"])):
        assert each["timestamp"] == each["stored"]


@pytest.mark.clause("Data 2.4.7/1", "IEEE 9274.1.1 4.2.4.2/1")
async def test_a_timestamp_that_was_sent_is_kept(xapi: Xapi) -> None:
    stored = await xapi.store(having("timestamp", "2020-01-01T12:00:00.123Z"))
    assert stored["timestamp"] == "2020-01-01T12:00:00.123Z"
    inner = await xapi.store(within(having("timestamp", "2020-01-01T12:00:00.123Z")))
    assert inner["object"]["timestamp"] == "2020-01-01T12:00:00.123Z"
    assert inner["timestamp"] == inner["stored"]


@pytest.mark.clause("IEEE 9274.1.1 4.2.4.1/3")
async def test_a_timestamp_may_lie_in_the_future(xapi: Xapi) -> None:
    for whole in (having("timestamp", "2999-01-01T00:00:00.000Z"), within(having("timestamp", "2999-01-01T00:00:00Z"))):
        assert (await xapi.post(whole)).status_code == 200


@pytest.mark.clause("IEEE 9274.1.1 4.2.4.1/2")
async def test_the_order_of_properties_does_not_matter(xapi: Xapi) -> None:
    sent = having("result.score", {"scaled": 1, "raw": 2, "min": 1, "max": 3})
    backwards = {name: sent[name] for name in reversed(sent)}
    backwards["result"] = {"score": {name: sent["result"]["score"][name] for name in ("max", "min", "raw", "scaled")}}
    assert (await xapi.post(backwards)).status_code == 200
    assert (await xapi.post(sent)).status_code == 200


@pytest.mark.clause("Data 2.4.9/2", "Data 2.4.9/3", "IEEE 9274.1.1 4.2.4.2/2")
async def test_the_authority_of_every_statement_is_its_credential_as_an_Agent(xapi: Xapi) -> None:
    first, second = await xapi.store(statement()), await xapi.store(statement(actor=BEN))
    put = identified()
    await xapi.put(put)
    authority = first["authority"]
    assert set(authority) == {"objectType", "name", "account"}
    assert authority["objectType"] == "Agent"
    assert authority["account"]["name"] == xapi.living.key
    assert second["authority"] == (await xapi.read(put["id"]))["authority"] == authority


@pytest.mark.clause("Data 2.4.9/2")
async def test_who_may_only_write_and_read_is_the_authority_whatever_was_sent(version: Version, guest: Guest) -> None:
    visitor = Xapi(await guest("statements/write statements/read"), version)
    stored = await visitor.store(having("authority", BEN))
    assert stored["authority"]["account"]["name"] == visitor.living.key


@pytest.mark.clause("Data 2.4.9/1")
@pytest.mark.parametrize("sent", [ANN, {"objectType": "Agent", **BEN}, AGENTS])
async def test_an_authority_that_may_be_sent_is_taken(xapi: Xapi, sent: Any) -> None:
    stored = await xapi.store(having("authority", sent))
    assert stored["authority"]


@pytest.mark.clause("Data 2.4.10/2", "Data 2.4.10/4", "Data 2.4.10/1")
@pytest.mark.parametrize("sent", ["1.0.0", "1.0.1", "1.0.3", "1.0.9", "1.0"])
async def test_a_version_1_0_x_is_taken_and_kept(xapi: Xapi, sent: str) -> None:
    assert (await xapi.store(having("version", sent)))["version"] == sent


@only(Version.V2)
@pytest.mark.clause("Data 2.4.10/4")
@pytest.mark.parametrize("sent", ["2.0.0", "2.0.1"])
async def test_a_version_2_0_x_is_taken_and_kept(xapi: Xapi, sent: str) -> None:
    assert (await xapi.store(having("version", sent)))["version"] == sent


@only(Version.V1)
@pytest.mark.clause("Data 2.4.10/5")
async def test_a_statement_without_a_version_gets_1_0_0(xapi: Xapi) -> None:
    assert (await xapi.store(statement()))["version"] == "1.0.0"


@only(Version.V2)
@pytest.mark.clause("IEEE 9274.1.1 4.2.4.3/1")
async def test_a_statement_of_2_0_without_a_version_gets_2_0_0(xapi: Xapi) -> None:
    assert (await xapi.store(statement()))["version"] == "2.0.0"
