"""The network over the API: between groups for analysts, person by person for who may identify people."""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import rustworkx

from lrs.kit.derivation import Derivation
from lrs.plugin.loader import load_plugins
from lrs.store.connection import Client
from lrs.store.stores import Stores
from lrs.xapi import Json
from tests.api.conftest import Admit
from tests.api.samples import refused
from tests.living import Living, asked_by, new_store
from tests.releasing import release
from tests.telling import MUCH_LATER

NETWORK = "/api/v1/network"
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
WINDOW = {"since": "2026-03-02", "until": "2026-03-16"}
AS = "http://activitystrea.ms/"

SALES, IT, LAW, HR = ([f"{name}{number}" for number in range(8)] for name in ("sally", "ivan", "laura", "hanna"))
STAFF = {"sales": SALES, "it": IT, "law": LAW, "hr": HR}
EVERYBODY = [name for names in STAFF.values() for name in names]


def agent(name: str) -> Json:
    return {"objectType": "Agent", "mbox": f"mailto:{name}@example.org"}


def toward(one: str, other: str, verb: str = "follow", day: float = 0) -> Json:
    return {
        "id": str(uuid4()),
        "actor": agent(one),
        "verb": {"id": AS + verb},
        "object": agent(other),
        "timestamp": (MONDAY + timedelta(days=day)).isoformat(),
    }


def circle(people: Sequence[str], **told: Any) -> list[Json]:
    return [toward(one, other, **told) for one, other in pairwise([*people, people[0]])]


def across(ones: Iterable[str], others: Iterable[str], **told: Any) -> list[Json]:
    return [toward(one, other, **told) for one, other in zip(ones, others, strict=True)]


FEW = [
    act
    for ones in (SALES, IT)
    for others, begin in ((LAW, 0), (HR, 3))
    for act in across(ones[begin : begin + 3], others[begin : begin + 3], day=3)
]
STORY = [
    *circle(SALES),
    *circle(IT, day=1),
    *circle(LAW, day=8),
    *circle(HR, day=8),
    *across(SALES, IT, day=2),
    *across(IT, SALES, day=8),
    *across(LAW, IT, verb="invite", day=9),
    *across(LAW, SALES, day=9),
    *across(HR, IT, verb="invite", day=9),
    *FEW,
]
"""In each department everybody follows the next; few of sales and IT have to do with the lawyers and with HR."""


async def tell(living: Living, client: Client, statements: list[Json]) -> None:
    answer = await living.post(statements)
    assert answer.status_code == 200, answer.text
    async with Derivation.of(living.store, client, load_plugins().values()) as derivation:
        await derivation.take(answer.json(), MUCH_LATER)
        await derivation.apply()
    await release(living.store, client)


async def introduce(living: Living, **flags: dict[str, Any]) -> None:
    """Tell who everybody is and where they belong; `flags` are more of some by name."""
    people = [
        {
            "id": f"id-{name}",
            "name": name.title(),
            "identifiers": [agent(name)],
            "groups": [{"kind": "department", "group": group}],
            **flags.get(name, {}),
        }
        for group, names in STAFF.items()
        for name in names
    ]
    answer = await living.http.put("/api/v1/people", json={"people": people})
    assert answer.status_code == 200, answer.text


@pytest.fixture(scope="module")
async def told(transport: Any, stores: Stores, client: Client) -> AsyncIterator[Living]:
    """A store of 32 people in four departments, two of whom opted in, and one out; and a guest."""
    async with new_store(stores) as store, asked_by(transport, store, stores) as living:
        flags: dict[str, dict[str, Any]] = {
            "sally0": {"opt_in": True},
            "ivan0": {"opt_in": True, "name": None},
            "laura7": {"opt_out": True},
        }
        await introduce(living, **flags)
        await tell(living, client, [*STORY, toward("guest", "ivan0", verb="invite")])
        yield living


async def ask(living: Living, **parameters: str) -> Any:
    answer = await living.http.get(NETWORK, params={**WINDOW, **parameters})
    assert answer.status_code == 200, answer.text
    return answer


async def test_groups_are_shown_with_what_goes_between_them(told: Living) -> None:
    body = (await ask(told)).json()

    assert (body["level"], body["group_by"], body["kinds"], body["min_group"]) == ("group", "department", None, 5)
    assert body["window"] == {"since": "2026-03-02T00:00:00.000Z", "until": "2026-03-16T00:00:00.000Z"}
    assert (body["stale"], body["reason"], body["as_of"]) == (False, None, "2026-03-16T00:00:00.000Z")
    entries = {(each["source"], each["target"]): each for each in body["entries"]}
    assert entries["sales", "sales"]["acts"] == entries["sales", "sales"]["ties"] == 8
    assert entries["sales", "law"] == {
        "source": "sales",
        "target": "law",
        "acts": None,
        "ties": None,
        "suppressed": True,
        "reason": "too_few_people",
    }
    assert {each["group"] for each in body["groups"]} == STAFF.keys()
    assert body["definitions"].keys() >= {"acts", "ties", "ei_index"}


async def test_nobody_is_named_between_groups(told: Living) -> None:
    for form in ("json", "csv", "graphml"):
        text = (await ask(told, format=form)).text.lower()
        assert not [name for name in EVERYBODY if name in text]


async def test_kinds_are_a_filter(told: Living) -> None:
    body = (await ask(told, kinds="invite")).json()
    entries = {(each["source"], each["target"]): each["acts"] for each in body["entries"]}

    assert entries == {("law", "it"): 7, ("hr", "it"): 8}, "one of the lawyers opted out"


async def test_the_table_of_entries_has_a_stable_header(told: Living) -> None:
    answer = await ask(told, format="csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))

    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="network.csv"'
    assert list(rows[0]) == ["source", "target", "acts", "ties", "suppressed", "reason"]
    found = {(row["source"], row["target"]): row for row in rows}
    assert found["sales", "sales"]["acts"] == "8"
    assert (found["sales", "law"]["suppressed"], found["sales", "law"]["acts"]) == ("true", "")


async def test_graphml_holds_what_is_shown(told: Living, tmp_path: Path) -> None:
    answer = await ask(told, format="graphml")
    file = tmp_path / "network.graphml"
    file.write_bytes(answer.content)
    (graph,) = rustworkx.read_graphml(str(file))

    assert answer.headers["content-type"].startswith("application/graphml+xml")
    arcs = {(graph[source]["id"], graph[sink]["id"]): edge["acts"] for source, sink, edge in graph.weighted_edge_list()}
    shown = {(each["source"], each["target"]): each["acts"] for each in (await ask(told)).json()["entries"]}
    assert arcs == {(one, other or "(no group)"): acts for (one, other), acts in shown.items() if acts is not None}


async def test_the_metrics_of_the_plugin_say_the_same(told: Living) -> None:
    groups = {each["group"]: each for each in (await ask(told)).json()["groups"]}
    asked = {**WINDOW, "group_by": "department"}
    ties = {row["group"]: row["value"] for row in (await told.metric("network.ties", **asked))["rows"]}
    reciprocity = {row["group"]: row["value"] for row in (await told.metric("network.reciprocity", **asked))["rows"]}

    assert ties["it"] == groups["it"]["internal"]["value"] + groups["it"]["external"]["value"]
    assert reciprocity == {name: pytest.approx(each["reciprocity"]["value"]) for name, each in groups.items()}


async def test_people_are_shown_by_name_beside_others_who_opted_in_and_else_by_pseudonym(told: Living) -> None:
    body = (await ask(told, level="person")).json()
    names = {each["id"]: each["name"] for each in body["nodes"] if each["name"] is not None}

    assert names == {"id-sally0": "Sally0", "id-ivan0": "id-ivan0"}
    assert (body["people"], body["named"]) == (32, 2), "with a guest, without whom opted out"
    others = [each["id"] for each in body["nodes"] if each["name"] is None]
    assert all(each.startswith("p-") for each in others)
    assert len(others) == 32, "the two are also among them, in their ties to others"
    beside = {end for each in body["edges"] for end in (each["source"], each["target"]) if names.keys() & each.values()}
    assert beside == names.keys()
    text = str(body).lower()
    assert not [name for name in EVERYBODY if name in text and name not in ("sally0", "ivan0")]
    assert {end for each in body["edges"] for end in (each["source"], each["target"])} == {*names, *others}


async def test_pseudonyms_stay_in_a_store_and_are_others_in_another(told: Living, lrs: Living, client: Client) -> None:
    first, again = [(await ask(told, level="person")).json()["nodes"] for _ in range(2)]
    await introduce(lrs)
    await tell(lrs, client, STORY)
    elsewhere = (await ask(lrs, level="person")).json()["nodes"]

    assert first == again
    assert {each["id"] for each in first}.isdisjoint(each["id"] for each in elsewhere)


async def test_person_by_person_every_kind_of_answer_holds_the_same_ties(told: Living, tmp_path: Path) -> None:
    body = (await ask(told, level="person")).json()
    rows = list(csv.DictReader(io.StringIO((await ask(told, level="person", format="csv")).text)))
    file = tmp_path / "network.graphml"
    file.write_bytes((await ask(told, level="person", format="graphml")).content)
    (graph,) = rustworkx.read_graphml(str(file))

    ties = {(each["source"], each["target"]) for each in body["edges"]}
    assert ties == {(row["source"], row["target"]) for row in rows}
    assert ties == {(graph[source]["id"], graph[sink]["id"]) for source, sink, _ in graph.weighted_edge_list()}


async def test_each_answer_with_people_in_it_is_audited_and_no_other(told: Living, stores: Stores) -> None:
    before = len(await stores.audit.latest(told.store.name, 1000))
    await ask(told)
    await ask(told, level="person", kinds="follow,invite", format="csv")
    entry, *earlier = await stores.audit.latest(told.store.name, 1000)

    assert len(earlier) == before
    assert (entry["who"], entry["what"]) == (told.key, "network.person")
    assert entry["of"] == "2026-03-02T00:00:00.000Z to 2026-03-16T00:00:00.000Z"
    assert entry["after"] == {"people": 32, "named": 2, "kinds": ["follow", "invite"], "format": "csv"}


async def test_a_small_network_is_not_shown_person_by_person(told: Living, stores: Stores) -> None:
    before = len(await stores.audit.latest(told.store.name, 1000))
    error = refused(await told.http.get(NETWORK, params={**WINDOW, "level": "person", "until": "2026-03-03"}), 409)

    assert error["where"] == "level"
    assert "fewer than 20" in error["why"]
    assert len(await stores.audit.latest(told.store.name, 1000)) == before


async def test_people_need_the_scope_to_identify_and_groups_the_one_to_read(told: Living, admit: Admit) -> None:
    analyst = await admit("analytics/read", store=told.store.name)
    nobody = await admit("all", store=told.store.name)

    assert (await ask(analyst)).json()["groups"]
    refused(await analyst.http.get(NETWORK, params={**WINDOW, "level": "person"}), 403)
    refused(await nobody.http.get(NETWORK, params=WINDOW), 403)


@pytest.mark.parametrize(
    "asked", [{"kinds": "shout"}, {"level": "team"}, {"group_by": "programme"}, {"format": "svg"}, {"bucket": "week"}]
)
async def test_what_has_no_meaning_is_refused_by_its_parameter(told: Living, asked: dict[str, str]) -> None:
    error = refused(await told.http.get(NETWORK, params=asked), 400)

    assert [error["where"]] == list(asked)
    assert error["accepted"]


async def test_without_groups_or_closed_weeks_the_answer_says_why_there_is_nothing(told: Living) -> None:
    for asked, reason in (
        ({"group_by": "team"}, "no_roster"),
        ({"group_by": "course"}, "source_cannot_tell"),
        ({"since": "2026-06-01", "until": "2026-06-08"}, "no_data"),
        ({"since": "2031-01-01", "until": "2031-01-08"}, "open_week"),
    ):
        body = (await ask(told, **asked)).json()
        assert (body["reason"], body["groups"], body["entries"]) == (reason, [], [])


async def test_before_anything_was_derived_nothing_is_known(lrs: Living) -> None:
    body = (await ask(lrs)).json()

    assert (body["reason"], body["as_of"], body["data_until"]) == ("no_data", None, None)
    assert (await ask(lrs, format="csv")).text == "source,target,acts,ties,suppressed,reason\r\n"
    refused(await lrs.http.get(NETWORK, params={"level": "person"}), 409)


async def test_a_plugin_that_is_disabled_has_no_network(lrs: Living) -> None:
    answer = await lrs.http.post("/api/v1/plugins/network/disable")
    assert answer.status_code == 200, answer.text

    assert refused(await lrs.http.get(NETWORK), 409)["accepted"].startswith("POST /api/v1/plugins/network/enable")


async def test_it_is_described(told: Living) -> None:
    described = (await told.http.get("/openapi.json")).json()["paths"][NETWORK]["get"]

    assert {each["name"] for each in described["parameters"]} == {
        "kinds",
        "since",
        "until",
        "level",
        "group_by",
        "format",
    }
