"""xAPI Data 2.4.2: Agents, Groups and what identifies them, at every place where there may be one."""

from typing import Any

import pytest

from lrs.xapi import Json
from tests.api.samples import ANN, BEN
from tests.conformance.asking import EMPTY, NOTHING, Case, Xapi, by_clause, having, within

SHA1 = "cd9b00a5611f94eaa7b1661edab976068e364975"
ACCOUNT: Json = {"homePage": "http://example.org", "name": "ann"}
IDENTIFIERS: dict[str, Any] = {
    "mbox": "mailto:ann@example.org",
    "mbox_sha1sum": SHA1,
    "openid": "http://ann.example.org",
    "account": ACCOUNT,
}
GROUP: Json = {"objectType": "Group"}
CREW: Json = {**GROUP, "member": [ANN, BEN]}
WRONG_IDENTIFIERS = [
    *(("Data 2.4.2.3/1", "mbox", value) for value in ("ann@example.org", "mailto:", "mailto:ann", "http://a.org", 1)),
    *(("Data 2.4.2.3/1", "mbox", value) for value in ("Mailto:a b@example.org", "mailto:@example.org", NOTHING, EMPTY)),
    *(("Data 2.4.2.3/2", "mbox_sha1sum", value) for value in ("", SHA1[1:], SHA1 + "0", "g" + SHA1[1:], 1, [SHA1])),
    *(("Data 2.4.2.3/3", "openid", value) for value in ("", "ann", "ann.example.org", 1, ["http://a.org"], "a b")),
    *(("Data 2.4.2.3/4", "account", value) for value in ("", "ann", 1, [ACCOUNT], EMPTY, {**ACCOUNT, "id": "x"})),
    *(("Data 2.4.2.4/1", "account", {**ACCOUNT, "homePage": value}) for value in ("", "example.org", 1, EMPTY)),
    ("Data 2.4.2.4/1", "account", {"name": "ann"}),
    *(("Data 2.4.2.4/2", "account", {**ACCOUNT, "name": value}) for value in (1, EMPTY, ["ann"], True)),
    ("Data 2.4.2.4/2", "account", {"homePage": "http://example.org"}),
]
PAIRS = [(a, b) for a in IDENTIFIERS for b in IDENTIFIERS if a < b]
# Where an Agent may be, and where a Group may be: the paths of statements, and whether that place needs objectType.
AGENT_PLACES = ("actor", "object", "authority", "context.instructor")
GROUP_PLACES = ("actor", "object", "context.instructor", "context.team")

AGENTS = [
    Case("Data 2.4.2.1/1", "no identifier", {"objectType": "Agent", "name": "Ann"}),
    *(Case("Data 2.4.2.1/2", f"{a} and {b}", {a: IDENTIFIERS[a], b: IDENTIFIERS[b]}) for a, b in PAIRS),
    Case("Data 2.4.2.1/3", "name a number", {**ANN, "name": 1}),
    Case("Data 2.4.2.1/3", "members", {"objectType": "Agent", **ANN, "member": [BEN]}),
    Case("Data 2.4.2.1/3", "another property", {**ANN, "email": "ann@example.org"}),
    *(Case(clause, f"{name} {value}", {name: value}) for clause, name, value in WRONG_IDENTIFIERS),
]
GROUPS = [
    Case("Data 2.4.2.2/2", "no member", {**GROUP, "name": "Crew"}),
    Case("Data 2.4.2.2/2", "an empty list of members", {**GROUP, "member": []}),
    Case("Data 2.4.2.2/3", "a Group as a member", {**GROUP, "member": [ANN, CREW]}),
    Case("Data 2.4.2.2/3", "an identified Group as a member", {**GROUP, "member": [{**GROUP, **ANN}]}),
    *(Case("Data 2.4.2.2/4", f"{a} and {b}", {**GROUP, a: IDENTIFIERS[a], b: IDENTIFIERS[b]}) for a, b in PAIRS),
    Case("Data 2.4.2.2/5", "a Group as a member", {**GROUP, **ANN, "member": [CREW]}),
    Case("Data 2.4.2.2/6", "name a number", {**CREW, "name": 1}),
    Case("Data 2.4.2.2/6", "member an Agent", {**GROUP, "member": ANN}),
    Case("Data 2.4.2.2/6", "member a string", {**GROUP, **ANN, "member": ["ann"]}),
    Case("Data 2.4.2.2/6", "another property", {**CREW, "size": 2}),
    *(Case(clause, f"{name} {value}", {**GROUP, name: value}) for clause, name, value in WRONG_IDENTIFIERS),
]


@pytest.mark.parametrize("agents", by_clause(AGENTS))
async def test_a_wrong_Agent_is_refused_at_every_place(xapi: Xapi, agents: list[Json]) -> None:
    named = [{"objectType": "Agent", **agent} for agent in agents]
    members = [having("actor", {**GROUP, "member": [BEN, agent]}) for agent in agents]
    await xapi.refuses(*(having(place, agent) for agent in named for place in AGENT_PLACES), *members)


@pytest.mark.parametrize("groups", by_clause(GROUPS))
async def test_a_wrong_Group_is_refused_at_every_place(xapi: Xapi, groups: list[Json]) -> None:
    await xapi.refuses(*(having(place, group) for group in groups for place in GROUP_PLACES))


@pytest.mark.clause("Data 2.4.2/1")
@pytest.mark.parametrize(
    "actor", [{"id": "http://example.org/a"}, {"objectType": "Person", **ANN}, {"objectType": "Activity", **ANN}, "ann"]
)
async def test_what_is_neither_Agent_nor_Group_is_no_actor(xapi: Xapi, actor: Any) -> None:
    await xapi.refuses(having("actor", actor))
    await xapi.refuses(within(having("actor", actor)))


@pytest.mark.clause(
    "Data 2.4.2/1",
    "Data 2.4.2.1/1",
    "Data 2.4.2.1/3",
    *(f"Data 2.4.2.3/{number}" for number in range(1, 5)),
    "Data 2.4.2.4/1",
    "Data 2.4.2.4/2",
)
async def test_an_Agent_with_one_identifier_is_taken_at_every_place(xapi: Xapi) -> None:
    agents = [{"objectType": "Agent", "name": "Ann", name: value} for name, value in IDENTIFIERS.items()]
    places = [place for place in AGENT_PLACES if place != "authority"]  # which the LRS may set to another
    await xapi.keeps([(place, agent) for place in places for agent in agents])
    await xapi.keeps([("actor", {**GROUP, "member": [agent]}) for agent in agents])


@pytest.mark.clause("Data 2.4.2/1", "Data 2.4.2.2/4", "Data 2.4.2.2/6")
async def test_an_identified_Group_is_taken_with_or_without_members(xapi: Xapi) -> None:
    groups = [{**GROUP, "name": "Crew", name: value} for name, value in IDENTIFIERS.items()]
    members: list[Json] = [{}, {"member": []}, {"member": [ANN, {"objectType": "Agent", **BEN}]}]
    await xapi.keeps([("actor", {**group, **more}) for group in groups for more in members])


@pytest.mark.clause("Data 2.4.2.2/2", "Data 2.4.2.2/6")
async def test_an_anonymous_Group_with_members_is_taken_at_every_place(xapi: Xapi) -> None:
    await xapi.keeps([(place, {**CREW, "name": "Crew"}) for place in GROUP_PLACES])
