"""People over the API: import as JSON and CSV, paging, merge and split, by whoever has the scope `admin`."""

import asyncio
from typing import Any

import httpx
import pytest

from lrs.store.stores import Stores
from lrs.xapi import Json
from tests.api.conftest import Admit
from tests.api.samples import refused
from tests.living import Living, asked_by, new_store

PEOPLE = "/api/v1/people"
MERGE, SPLIT = f"{PEOPLE}/merge", f"{PEOPLE}/split"
TABLE = {"Content-Type": "text/csv"}


def mail(name: str) -> Json:
    return {"mbox": f"mailto:{name}@example.org"}


def account(name: str) -> Json:
    return {"account": {"homePage": "https://moodle.example.org", "name": name}, "name": "as given"}


def belongs(kind: str, group: str, **more: Any) -> Json:
    return {"kind": kind, "group": group, **more}


def person(identity: str, *identifiers: Json, groups: list[Json] | None = None, **more: Any) -> Json:
    return {"id": identity, "identifiers": list(identifiers), "groups": groups or [], **more}


async def put(lrs: Living, *people: Json) -> httpx.Response:
    return await lrs.http.put(PEOPLE, json={"people": list(people)})


async def told(lrs: Living, identity: str) -> Json:
    answer = await lrs.http.get(f"{PEOPLE}/{identity}")
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def ids(lrs: Living, **parameters: str) -> list[str]:
    answer = await lrs.http.get(PEOPLE, params=parameters)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["people"]]


ROUTES = [("PUT", ""), ("GET", ""), ("GET", "/p1"), ("DELETE", "/p1"), ("POST", "/merge"), ("POST", "/split")]


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_only_admin_opens_the_people(lrs: Living, admit: Admit, method: str, path: str) -> None:
    guest = await admit("all", "analytics/identify")

    refused(await lrs.http.request(method, PEOPLE + path, auth=httpx.BasicAuth("nobody", "at all")), 401)
    assert "admin" in refused(await guest.http.request(method, PEOPLE + path, json={}), 403)["why"]


async def test_another_store_sees_nobody(lrs: Living, stores: Stores) -> None:
    await put(lrs, person("p1", mail("ann")))

    async with new_store(stores) as other, asked_by(lrs.http._transport, other, stores) as elsewhere:  # type: ignore[arg-type]
        assert await ids(elsewhere) == []
        refused(await elsewhere.http.get(f"{PEOPLE}/p1"), 404)


async def test_a_person_is_kept_as_told(lrs: Living) -> None:
    since, until = "2026-03-01", "2026-09-01T10:30:00+02:00"
    groups = [
        belongs("department", "Sales", **{"from": since, "to": until}),
        belongs("programme", "Mentoring 2026", role="mentor", **{"with": "p2"}),
    ]

    answer = await put(lrs, person("p1", mail("ann"), account("11"), groups=groups, name="Ann", opt_in=True))

    assert (answer.status_code, answer.json()) == (200, {"people": 1, "changed": 1})
    times = {"from": "2026-03-01T00:00:00.000Z", "to": "2026-09-01T08:30:00.000Z"}
    none = dict.fromkeys(("role", "from", "to", "with"))
    assert await told(lrs, "p1") == {
        "id": "p1",
        "name": "Ann",
        "identifiers": [mail("ann"), account("11")],
        "groups": [{**none, **groups[0], **times}, {**none, **groups[1]}],
        "opt_in": True,
        "opt_out": False,
        "active": True,
    }


async def test_what_is_shown_can_be_put_again_and_changes_nothing(lrs: Living) -> None:
    await put(lrs, person("p1", mail("ann"), groups=[belongs("team", "A", **{"from": "2026-03-01"})]))
    version = await lrs.store.people.version()

    answer = await lrs.http.put(PEOPLE, json={"people": (await lrs.http.get(PEOPLE)).json()["people"]})

    assert answer.json() == {"people": 1, "changed": 0}
    assert await lrs.store.people.version() == version == 1


async def test_a_date_begins_in_the_stores_time_zone(stores: Stores, lrs: Living) -> None:
    async with new_store(stores) as other, asked_by(lrs.http._transport, other, stores) as elsewhere:  # type: ignore[arg-type]
        await stores.control["stores"].update_one({"_id": other.name}, {"$set": {"timezone": "Europe/Berlin"}})
        stores._open.pop(other.name)
        application: Any = lrs.http._transport
        application.app.framework.state.served.administration.stores._open.pop(other.name, None)

        await put(elsewhere, person("p1", groups=[belongs("team", "A", **{"from": "2026-03-01"})]))

        assert (await told(elsewhere, "p1"))["groups"][0]["from"] == "2026-02-28T23:00:00.000Z"


async def test_a_person_replaces_the_one_with_the_id_and_leaves_the_others(lrs: Living) -> None:
    await put(lrs, person("p1", mail("ann"), name="Ann"), person("p2", mail("ben")))

    await put(lrs, person("p1", mail("anna")))

    assert ((await told(lrs, "p1"))["identifiers"], (await told(lrs, "p1"))["name"]) == ([mail("anna")], None)
    assert (await told(lrs, "p2"))["identifiers"] == [mail("ben")]


async def test_people_without_identifiers_are_people_all_the_same(lrs: Living) -> None:
    await put(lrs, person("p1"), person("p2"))

    assert await ids(lrs) == ["p1", "p2"]


WRONG: dict[str, tuple[Any, str]] = {
    "no object": ([], "body"),
    "no people": ({}, "people"),
    "an unknown field": ({"people": [person("p1", nmae="Ann")]}, "people[0].nmae"),
    "no id": ({"people": [{"name": "Ann"}]}, "people[0].id"),
    "an id with a slash": ({"people": [person("a/b")]}, "people[0].id"),
    "an id like a key": ({"people": [person("mbox:mailto:ann@example.org")]}, "people[0].id"),
    "an id twice": ({"people": [person("p1"), person("p1")]}, "people[1].id"),
    "no agent": ({"people": [person("p0"), person("p1", {"mbox": "ann"})]}, "people[1].identifiers[0].mbox"),
    "two identifiers in one": (
        {"people": [person("p1", {**mail("a"), "openid": "https://a"})]},
        "people[0].identifiers[0]",
    ),
    "a Group": (
        {"people": [person("p1", {"objectType": "Group", **mail("a")})]},
        "people[0].identifiers[0].objectType",
    ),
    "an identifier of two": (
        {"people": [person("p1", mail("a")), person("p2", mail("a"))]},
        "people[1].identifiers[0]",
    ),
    "an unknown kind": ({"people": [person("p1", groups=[belongs("club", "x")])]}, "people[0].groups[0].kind"),
    "an unknown part": (
        {"people": [person("p1", groups=[belongs("team", "x", form="y")])]},
        "people[0].groups[0].form",
    ),
    "no time": (
        {"people": [person("p1", groups=[belongs("team", "x", **{"from": "May"})])]},
        "people[0].groups[0].from",
    ),
    "an end before the beginning": (
        {"people": [person("p1", groups=[belongs("team", "x", **{"from": "2026-02-01", "to": "2026-01-01"})])]},
        "people[0].groups[0].to",
    ),
    "out of the calendar": (
        {"people": [person("p1", groups=[belongs("team", "x", to="9999-12-31")])]},
        "people[0].groups[0].to",
    ),
    "in and out": ({"people": [person("p1", opt_in=True, opt_out=True)]}, "people[0].opt_in"),
}


@pytest.mark.parametrize(("body", "where"), WRONG.values(), ids=WRONG)
async def test_what_no_person_can_be_is_refused_at_its_place_and_nobody_is_kept(
    lrs: Living, body: Any, where: str
) -> None:
    error = refused(await lrs.http.put(PEOPLE, json=body), 400)

    assert error["where"] == where
    assert error["why"]
    assert await ids(lrs) == []


async def test_the_accepted_kinds_and_fields_are_told(lrs: Living) -> None:
    kind = refused(await put(lrs, person("p1", groups=[belongs("club", "x")])), 400)
    field = refused(await put(lrs, person("p1", groups=[belongs("team", "x", form="y")])), 400)

    assert all(each in kind["accepted"] for each in ("department", "team", "community", "course", "role", "programme"))
    assert field["accepted"] == "kind, group, role, from, to, with"


async def test_an_identifier_of_somebody_else_is_a_conflict_that_names_both(lrs: Living) -> None:
    await put(lrs, person("p1", mail("ann")))

    error = refused(await put(lrs, person("p2"), person("p3", mail("ann"))), 409)

    assert error["where"] == "people[1].identifiers[0]"
    assert "'p1'" in error["why"]
    assert "'p3'" in error["why"]
    assert await ids(lrs) == ["p1"]


async def test_an_identifier_moves_where_its_owner_gives_it_up_in_the_same_request(lrs: Living) -> None:
    await put(lrs, person("p1", mail("ann")), person("p2", mail("ben")))

    assert (await put(lrs, person("p1", mail("ben")), person("p2", mail("ann")))).status_code == 200
    assert (await told(lrs, "p1"))["identifiers"] == [mail("ben")]
    refused(await put(lrs, person("p1", mail("ben"), mail("x")), person("p3", mail("ben"))), 400)


async def test_people_come_in_pages_and_by_group(lrs: Living) -> None:
    sales = [belongs("department", "Sales")]
    await put(lrs, *(person(f"p{n}", groups=sales if n % 2 else [belongs("team", "Sales")]) for n in range(5)))

    first = (await lrs.http.get(PEOPLE, params={"limit": "2"})).json()
    rest = (await lrs.http.get(first["more"])).json()

    assert [each["id"] for each in first["people"] + rest["people"]] == ["p0", "p1", "p2", "p3"]
    assert [each["id"] for each in (await lrs.http.get(rest["more"])).json()["people"]] == ["p4"]
    assert await ids(lrs, kind="department", group="Sales") == ["p1", "p3"]
    assert await ids(lrs, kind="team") == ["p0", "p2", "p4"]
    assert await ids(lrs, id="p3") == ["p3"]
    assert refused(await lrs.http.get(PEOPLE, params={"group": "Sales"}), 400)["where"] == "group"
    assert refused(await lrs.http.get(PEOPLE, params={"limit": "0"}), 400)["where"] == "limit"


async def test_a_deleted_person_is_gone(lrs: Living) -> None:
    await put(lrs, person("p1", mail("ann")))

    assert (await lrs.http.delete(f"{PEOPLE}/p1")).status_code == 204
    assert refused(await lrs.http.get(f"{PEOPLE}/p1"), 404)["where"] == "id"
    refused(await lrs.http.delete(f"{PEOPLE}/p1"), 404)
    assert (await put(lrs, person("p2", mail("ann")))).status_code == 200


async def test_merged_people_are_one_with_all_they_had(lrs: Living) -> None:
    sales, team = belongs("department", "Sales"), belongs("team", "A")
    paired = belongs("programme", "M", role="mentee", **{"with": "p2"})
    await put(
        lrs,
        person("p1", mail("ann"), groups=[sales], opt_in=True),
        person("p2", mail("anna"), groups=[sales, team], name="Anna", opt_out=True),
        person("p3", mail("ben"), groups=[paired]),
    )

    one = (await lrs.http.post(MERGE, json={"into": "p1", "people": ["p2"]})).json()

    assert one == await told(lrs, "p1")
    assert one["identifiers"] == [mail("ann"), mail("anna")]
    assert [each["group"] for each in one["groups"]] == ["Sales", "A"]
    assert (one["name"], one["opt_in"], one["opt_out"]) == ("Anna", False, True)
    assert (await told(lrs, "p3"))["groups"][0]["with"] == "p1"
    assert await ids(lrs) == ["p1", "p3"]


async def test_who_mentored_themself_under_two_names_mentors_nobody(lrs: Living) -> None:
    def paired(role: str, other: str) -> Json:
        return belongs("programme", "M", role=role, **{"with": other})

    mentor = person("p1", groups=[paired("mentor", "p2"), paired("mentor", "p3")])
    mentee = person("p3", groups=[paired("mentee", "p1"), paired("mentee", "p2")])
    await put(lrs, mentor, person("p2", groups=[paired("mentee", "p1")]), mentee)

    one = (await lrs.http.post(MERGE, json={"into": "p1", "people": ["p2"]})).json()

    assert [(each["role"], each["with"]) for each in one["groups"]] == [("mentor", "p3")]
    assert [each["with"] for each in (await told(lrs, "p3"))["groups"]] == ["p1"]


async def test_nobody_becomes_more_than_can_be_told_of_one_person(lrs: Living) -> None:
    many = [[mail(f"{name}{n}") for n in range(60)] for name in "ab"]
    groups = [[belongs("team", f"{name}{n}") for n in range(501)] for name in "ab"]
    await put(lrs, person("p1", *many[0]), person("p2", *many[1]))
    await put(lrs, person("p3", groups=groups[0]), person("p4", groups=groups[1]))

    identifiers = refused(await lrs.http.post(MERGE, json={"into": "p1", "people": ["p2"]}), 409)
    moved = refused(await lrs.http.post(SPLIT, json={"person": "p2", "identifiers": many[1], "into": "p1"}), 409)
    memberships = refused(await lrs.http.post(MERGE, json={"into": "p3", "people": ["p4"]}), 409)

    assert (identifiers["where"], identifiers["why"]) == ("people", "'p1' would have 120 identifiers")
    assert identifiers["accepted"] == "up to 100 identifiers of one person"
    assert (moved["where"], moved["why"]) == ("into", identifiers["why"])
    assert memberships["accepted"] == "up to 1000 groups of one person"
    assert await ids(lrs) == ["p1", "p2", "p3", "p4"]


async def test_a_conflict_is_at_its_place_after_an_identifier_that_is_told_twice(lrs: Living) -> None:
    await put(lrs, person("p1", mail("ann")))
    named = {**mail("q"), "name": "Q"}

    elsewhere = refused(await put(lrs, person("p2", named, mail("q"), mail("ann"))), 409)
    twice = refused(await put(lrs, person("p2", mail("x")), person("p3", named, mail("q"), mail("x"))), 400)

    assert elsewhere["where"] == "people[0].identifiers[2]"
    assert twice["where"] == "people[1].identifiers[2]"


@pytest.mark.parametrize("time", ["2026-03-01T00:00:00", "2026-03-01T00:00", "20260301T000000"])
async def test_a_time_without_a_zone_is_refused(lrs: Living, time: str) -> None:
    as_json = refused(await put(lrs, person("p1", groups=[belongs("team", "A", **{"from": time})])), 400)
    table = f"id,kind,group,to\np1,team,A,{time}"
    as_table = refused(await lrs.http.put(PEOPLE, content=table.encode(), headers=TABLE), 400)

    assert (as_json["where"], as_table["where"]) == ("people[0].groups[0].from", "line 2, column to")
    for error in (as_json, as_table):
        assert error["why"] == f"{time!r} has no time zone"
        assert "RFC 3339 with a zone" in error["accepted"]


@pytest.mark.parametrize(
    ("body", "status", "where"),
    [
        ({"into": "p9", "people": ["p1"]}, 404, "into"),
        ({"into": "p1", "people": ["p1"]}, 400, "people"),
        ({"into": "p1", "people": ["p2", "p9"]}, 404, "people[1]"),
        ({"into": "p1", "people": []}, 400, "people"),
        ({"into": "p1"}, 400, "people"),
    ],
)
async def test_what_can_not_be_merged_stays_apart(lrs: Living, body: Json, status: int, where: str) -> None:
    await put(lrs, person("p1", mail("ann")), person("p2", mail("ben")))

    assert refused(await lrs.http.post(MERGE, json=body), status)["where"] == where
    assert await ids(lrs) == ["p1", "p2"]


async def test_split_identifiers_are_anothers(lrs: Living) -> None:
    await put(lrs, person("p1", mail("ann"), mail("ben"), mail("cem"), opt_out=True), person("p3", mail("dee")))

    new = await lrs.http.post(SPLIT, json={"person": "p1", "identifiers": [mail("ben")], "into": "p2", "name": "Ben"})
    old = await lrs.http.post(SPLIT, json={"person": "p1", "identifiers": [mail("cem")], "into": "p3"})

    assert (new.status_code, old.status_code) == (200, 200)
    assert [each["id"] for each in new.json()["people"]] == ["p1", "p2"]
    ben = await told(lrs, "p2")
    assert (ben["identifiers"], ben["name"], ben["opt_out"]) == ([mail("ben")], "Ben", True)
    assert (await told(lrs, "p1"))["identifiers"] == [mail("ann")]
    assert (await told(lrs, "p3"))["identifiers"] == [mail("dee"), mail("cem")]


@pytest.mark.parametrize(
    ("changed", "status", "where"),
    [
        ({"person": "p9"}, 404, "person"),
        ({"identifiers": [mail("ann"), mail("dee")]}, 400, "identifiers[1]"),
        ({"identifiers": [{"mbox": "x"}]}, 400, "identifiers[0].mbox"),
        ({"into": "p1"}, 400, "into"),
        ({"into": "a/b"}, 400, "into"),
        ({"into": "p3", "name": "Dee"}, 400, "name"),
    ],
)
async def test_what_can_not_be_split_stays(lrs: Living, changed: Json, status: int, where: str) -> None:
    await put(lrs, person("p1", mail("ann")), person("p3", mail("dee")))
    body = {"person": "p1", "identifiers": [mail("ann")], "into": "p2", **changed}

    assert refused(await lrs.http.post(SPLIT, json=body), status)["where"] == where
    assert (await told(lrs, "p1"))["identifiers"] == [mail("ann")]


async def test_every_edit_raises_the_version_once_and_is_audited_without_names(lrs: Living, stores: Stores) -> None:
    await put(lrs, person("p1", mail("ann"), name="Ann"), person("p2", mail("ben"), name="Ben"))
    await lrs.http.post(MERGE, json={"into": "p1", "people": ["p2"]})
    await lrs.http.post(SPLIT, json={"person": "p1", "identifiers": [mail("ben")], "into": "p3"})
    await lrs.http.delete(f"{PEOPLE}/p3")
    refused(await lrs.http.delete(f"{PEOPLE}/p3"), 404)

    assert await lrs.store.people.version() == 4
    entries = await stores.audit.latest(lrs.store.name, 10)
    assert [each["what"] for each in entries] == ["people.delete", "people.split", "people.merge", "people.put"]
    assert {each["who"] for each in entries} == {lrs.key}
    assert "p1" in entries[-1]["of"]
    assert (entries[-1]["after"], entries[0]["after"]) == ({"people": 2, "removed": 0}, {"people": 0, "removed": 1})
    assert not any(name in str(entries) for name in ("Ann", "Ben", "example.org"))


async def test_a_table_says_the_same(lrs: Living) -> None:
    table = (
        "\ufeffid,name,identifiers,kind,group,role,from,to,with,opt_in,opt_out,active\r\n"
        'p1,"Ann, the first",mailto:ann@example.org; account:https://moodle.example.org 11,'
        "team,A,,2026-03-01,,,TRUE,,\r\n"
        "\r\n"
        "p2,,openid:https://ben.example.org/,,,,,,,,true,false\r\n"
        f"p1,,mbox_sha1sum:{'ab' * 20},programme,M,mentor,,2026-09-01T10:00:00Z,p2,,,\r\n"
    )

    answer = await lrs.http.put(PEOPLE, content=table.encode(), headers=TABLE)

    assert answer.json() == {"people": 2, "changed": 2}
    ann, ben = await told(lrs, "p1"), await told(lrs, "p2")
    assert (ann["name"], ann["opt_in"]) == ("Ann, the first", True)
    accounts = {"account": {"homePage": "https://moodle.example.org", "name": "11"}}
    assert ann["identifiers"] == [mail("ann"), accounts, {"mbox_sha1sum": "ab" * 20}]
    team, programme = ann["groups"]
    assert (team["kind"], team["from"]) == ("team", "2026-03-01T00:00:00.000Z")
    assert (programme["role"], programme["with"], programme["to"]) == ("mentor", "p2", "2026-09-01T10:00:00.000Z")
    assert (ben["identifiers"], ben["groups"]) == ([{"openid": "https://ben.example.org/"}], [])
    assert (ben["opt_out"], ben["active"]) == (True, False)


WRONG_TABLES = {
    "an unknown column": ("id,nmae\np1,Ann", "line 1"),
    "no id": ("name\nAnn", "line 1"),
    "nothing": ("", "line 1"),
    "a cell too many": ("id,name\np1,Ann,x", "line 2"),
    "an open quote": ('id,name\np1,"Ann', "line 2"),
    "an empty id": ("id,name\n,Ann", "line 2, column id"),
    "no identifier": ("id,identifiers\np1,mailto:a@example.org\np1,ann", "line 3, column identifiers"),
    "a wrong address": ("id,identifiers\np1,mailto:a@example.org; mailto:b", "line 2, column identifiers"),
    "an unknown kind": ("id,kind,group\np1,team,A\n\np1,club,B", "line 4, column kind"),
    "no group": ("id,kind\np1,team", "line 2, column group"),
    "no time": ("id,kind,group,from\np1,team,A,\np2,team,A,May", "line 3, column from"),
    "an end before": ("id,kind,group,from,to\np1,team,A,2026-02-01,2026-01-01", "line 2, column to"),
    "no flag": ("id,active\np1,yes", "line 2, column active"),
    "two names": ("id,name\np1,Ann\np1,Anna", "line 3, column name"),
    "an identifier of two": ("id,identifiers\np1,mailto:a@b.org\np2,mailto:a@b.org", "line 3, column identifiers"),
}


@pytest.mark.parametrize(("table", "where"), WRONG_TABLES.values(), ids=WRONG_TABLES)
async def test_what_a_table_can_not_say_is_refused_by_line_and_column(lrs: Living, table: str, where: str) -> None:
    error = refused(await lrs.http.put(PEOPLE, content=table.encode(), headers=TABLE), 400)

    assert error["where"] == where
    assert await ids(lrs) == []


async def test_a_table_can_not_take_an_identifier_away(lrs: Living) -> None:
    await put(lrs, person("p1", mail("ann")))

    table = "id,identifiers\np2,mailto:x@example.org\np2,mailto:ann@example.org"
    error = refused(await lrs.http.put(PEOPLE, content=table.encode(), headers=TABLE), 409)

    assert error["where"] == "line 3, column identifiers"
    refused(await lrs.http.put(PEOPLE, content=b"id\n\xff", headers=TABLE), 400)
    refused(await lrs.http.put(PEOPLE, content=b"{}", headers={"Content-Type": "text/plain"}), 415)


async def test_edits_at_the_same_time_happen_one_after_the_other(lrs: Living) -> None:
    answers = await asyncio.gather(*(put(lrs, person(f"p{n}", mail("ann"))) for n in range(6)))

    assert sorted(each.status_code for each in answers) == [200, *[409] * 5]
    assert await lrs.store.people.version() == 1
