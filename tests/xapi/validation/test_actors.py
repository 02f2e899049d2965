import pytest

from lrs.xapi import Json
from lrs.xapi.statements import validate
from lrs.xapi.versions import Version
from tests.xapi.validation.samples import ADA, BOB, CLUB, CREW, GONE, changed, refusal, simple

SHA1: Json = {"mbox_sha1sum": "cd9b00a5611f94eaa7b1661edab976068e364975"}
OPENID: Json = {"objectType": "Agent", "openid": "https://id.example.org/ada"}
TEAM: Json = {"objectType": "Group", **BOB}
ACTORS = [ADA, BOB, SHA1, OPENID, CLUB, CREW, TEAM, {**TEAM, "member": []}, {"objectType": "Group", "member": [OPENID]}]


@pytest.mark.clause("Data 2.4.2")
@pytest.mark.parametrize("version", list(Version))
@pytest.mark.parametrize("actor", ACTORS)
def test_agents_and_groups_with_one_identifier_and_crews_of_members_are_actors(actor: Json, version: Version) -> None:
    for statement in (simple(actor=actor), simple(context={"instructor": actor})):
        assert validate(statement, version) is statement


BROKEN_ACTORS = [
    pytest.param(BOB, "mbox", "mailto:should.fail.com", "mbox", marks=pytest.mark.clause("Data 2.4.2.3")),
    pytest.param(ADA, "mbox", "ada@example.org", "mbox", marks=pytest.mark.clause("Data 2.4.2.3")),
    pytest.param(ADA, "mbox", None, "mbox", marks=pytest.mark.clause("Data 2.2")),
    pytest.param(SHA1, "mbox_sha1sum", "cd9b", "mbox_sha1sum", marks=pytest.mark.clause("Data 2.4.2.3")),
    pytest.param(OPENID, "openid", "ab=c://should.fail.com", "openid", marks=pytest.mark.clause("Data 2.4.2.3")),
    pytest.param(ADA, "name", 7, "name", marks=pytest.mark.clause("Data 2.4.2.1")),
    pytest.param(ADA, "objectType", "agent", "objectType", marks=pytest.mark.clause("Data 2.2")),
    pytest.param(ADA, "objectType", "Activity", "objectType", marks=pytest.mark.clause("Data 2.4.2")),
    pytest.param(ADA, "objectType", None, "objectType", marks=pytest.mark.clause("Data 2.2")),
    pytest.param(ADA, "objectType", ["Agent"], "objectType", marks=pytest.mark.clause("Data 2.4.2")),
    pytest.param(ADA, "openid", "https://id.example.org/ada", "", marks=pytest.mark.clause("Data 2.4.2.1")),
    pytest.param(ADA, "mbox", GONE, "", marks=pytest.mark.clause("Data 2.4.2.1")),
    pytest.param(ADA, "Name", "Ada", "Name", marks=pytest.mark.clause("Data 2.2")),
    pytest.param(ADA, "member", [], "member", marks=pytest.mark.clause("Data 2.4.2.1")),
    pytest.param(BOB, "account", "4711", "account", marks=pytest.mark.clause("Data 2.4.2.4")),
    pytest.param(BOB, "account.name", 4711, "account.name", marks=pytest.mark.clause("Data 2.4.2.4")),
    pytest.param(BOB, "account.name", GONE, "account.name", marks=pytest.mark.clause("Data 2.4.2.4")),
    pytest.param(BOB, "account.homePage", GONE, "account.homePage", marks=pytest.mark.clause("Data 2.4.2.4")),
    pytest.param(BOB, "account.homePage", "lms", "account.homePage", marks=pytest.mark.clause("Data 2.4.2.4")),
    pytest.param(BOB, "account.homepage", "https://a", "account.homepage", marks=pytest.mark.clause("Data 2.2")),
    pytest.param(CREW, "member", GONE, "member", marks=pytest.mark.clause("Data 2.4.2.2")),
    pytest.param(CREW, "member", [], "member", marks=pytest.mark.clause("Data 2.4.2.2")),
    pytest.param(CREW, "member", ADA, "member", marks=pytest.mark.clause("Data 2.4.2.2")),
    pytest.param(CREW, "member.1", CREW, "member[1].objectType", marks=pytest.mark.clause("Data 2.4.2.2")),
    pytest.param(CREW, "member.1", {}, "member[1]", marks=pytest.mark.clause("Data 2.4.2.1")),
    pytest.param(CREW, "member.0", "Ada", "member[0]", marks=pytest.mark.clause("Data 2.4.2.2")),
    pytest.param(CLUB, "mbox", "mailto:club@example.org", "", marks=pytest.mark.clause("Data 2.4.2.2")),
    pytest.param(CLUB, "member.0", CLUB, "member[0].objectType", marks=pytest.mark.clause("Data 2.4.2.2")),
]
PLACES = ["actor", "context.instructor", "authority"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("original", "path", "value", "where"), BROKEN_ACTORS)
def test_a_broken_actor_is_refused_at_the_exact_place(
    original: Json, path: str, value: object, where: str, place: str
) -> None:
    broken = changed(simple(context={}), place, changed(original, path, value))

    assert refusal(broken).where == ".".join(filter(None, ("statement", place, where)))


@pytest.mark.clause("Data 2.4.6")
@pytest.mark.parametrize(
    ("team", "where"), [(ADA, "objectType"), (BOB, "objectType"), ({"objectType": "Group"}, "member")]
)
def test_a_team_is_a_group(team: Json, where: str) -> None:
    assert validate(simple(context={"team": CREW}), Version.V1)
    assert refusal(simple(context={"team": team})).where == f"statement.context.team.{where}"


@pytest.mark.clause("Data 2.4.9")
@pytest.mark.parametrize("authority", [ADA, BOB, CREW])
def test_an_agent_or_an_anonymous_pair_may_assert_a_statement(authority: Json) -> None:
    assert validate(simple(authority=authority), Version.V1)


@pytest.mark.clause("Data 2.4.9")
@pytest.mark.parametrize(
    ("authority", "where"),
    [
        (CLUB, "statement.authority"),
        (TEAM, "statement.authority"),
        ({**CREW, "member": [ADA]}, "statement.authority.member"),
        ({**CREW, "member": [ADA, BOB, OPENID]}, "statement.authority.member"),
    ],
)
def test_another_group_may_not_assert_a_statement(authority: Json, where: str) -> None:
    assert refusal(simple(authority=authority)).where == where
