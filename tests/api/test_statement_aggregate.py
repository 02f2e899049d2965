"""Statements in groups: the numbers that counting them one by one gives, and what is never shown of a few."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import orjson
import polars as pl
import pytest

from lrs import clock
from lrs.cli.sample import generate
from lrs.core.people.directory import Directory
from lrs.core.people.identities import Identities
from lrs.core.querying import tally
from lrs.core.querying.aggregate import aggregate
from lrs.core.querying.question import GROUPS, MEASURES
from lrs.kit.derivation import Derivation
from lrs.store.connection import Client
from lrs.store.statement_groups import Grouping, StatementGroups
from lrs.store.stores import Store, Stores
from lrs.xapi import Json
from lrs.xapi.columns import Columns, columns
from lrs.xapi.values import format_timestamp, parse_timestamp
from tests.api.conftest import Admit, application
from tests.api.counted import Cell, Guarded, Key, Known, rows_of
from tests.api.queried import AGGREGATE, abandoned, arrived, at_work, comes_to_rest, groups, write
from tests.api.samples import ANSWERED, COMPLETED, COURSE, identified, refused, statement, voiding
from tests.living import Living, asked_by, new_store
from tests.store.samples import new

README = (Path(__file__).parents[2] / "README.md").read_text()
MONDAY = datetime(2026, 9, 7, tzinfo=UTC)
WEEK = timedelta(days=7)
EVERYTHING = ",".join(MEASURES)


def agent(name: str | int) -> Json:
    return {"mbox": f"mailto:{name}@example.org"}


def by(name: str | int, week: int = 0, day: int = 1, **changes: Any) -> Json:
    """A statement by somebody on a day of a week in September."""
    t = MONDAY + week * WEEK + timedelta(days=day, hours=12)
    return identified(**{"actor": agent(name), "timestamp": t.isoformat(), **changes})


def of_each(people: int, *, first: int = 0, **changes: Any) -> list[Json]:
    return [by(n, **changes) for n in range(first, first + people)]


def verb(name: str) -> Json:
    return {"id": f"http://example.org/verbs/{name}"}


def thing(name: str) -> Json:
    return {"id": f"http://example.org/things/{name}"}


async def guest(admit: Admit) -> Living:
    """Whoever may ask for groups, and read no statement."""
    return await admit("analytics/read")


def reasons(answer: dict[str, Any], axis: str) -> dict[str, str | None]:
    return {str(row[axis]).rpartition("/")[2]: row["reason"] for row in answer["rows"]}


# Who may ask, and what


async def test_it_takes_the_scope_to_read_statements_or_analytics(lrs: Living, admit: Admit) -> None:
    refused(await lrs.http.get(AGGREGATE, auth=httpx.BasicAuth("nobody", "at all")), 401)
    for scope in ("statements/read/mine", "admin", "statements/write"):
        assert "analytics/read" in refused(await (await admit(scope)).http.get(AGGREGATE), 403)["why"]
    for scope in ("statements/read", "analytics/read", "analytics/identify"):
        assert (await (await admit(scope)).http.get(AGGREGATE)).status_code == 200


async def test_another_store_is_not_counted(lrs: Living, stores: Stores) -> None:
    await lrs.post(of_each(3))

    async with new_store(stores) as other, asked_by(lrs.http._transport, other, stores) as elsewhere:  # type: ignore[arg-type]
        assert (await groups(elsewhere))["rows"][0]["count"] == 0


WRONG = [
    ({"group_by": "actor"}, "group_by", "department"),
    ({"group_by": "verb,verb"}, "group_by", "once"),
    ({"group_by": "team,department"}, "group_by", "one partition"),
    ({"group_by": "day,week"}, "group_by", "one unit of time"),
    ({"group_by": "verb,type,activity,week"}, "group_by", "up to 3"),
    ({"measures": "count,median"}, "measures", "success_rate"),
    ({"format": "jsonl"}, "format", "json, csv, parquet"),
    ({"since": "last week"}, "since", "RFC 3339"),
    ({"until": "0001-01-01"}, "until", "0002-01-01"),
    ({"since": "2026-09-02", "until": "2026-09-01"}, "until", "since earlier"),
    ({"agent": "ann"}, "agent", "mailto:"),
    ({"limit": "1"}, "limit", "group_by"),
]


@pytest.mark.parametrize(("parameters", "where", "accepted"), WRONG, ids=[str(wrong[0]) for wrong in WRONG])
async def test_what_can_not_be_asked_is_refused_by_its_name(
    lrs: Living, parameters: dict[str, str], where: str, accepted: str
) -> None:
    error = refused(await lrs.http.get(AGGREGATE, params=parameters), 400)

    assert error["where"] == where
    assert error["why"]
    assert accepted in error["accepted"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("agent", orjson.dumps(agent("ann")).decode()),
        ("registration", "7b5e1c2a-6a0f-4d0e-9f57-0d3f3a7c1e55"),
        ("related_agents", "true"),
        ("related_activities", "true"),
        ("group_by", "verb,day"),
        ("group_by", "month"),
    ],
)
async def test_what_could_be_about_a_person_takes_the_scope_to_read_statements(
    lrs: Living, admit: Admit, name: str, value: str
) -> None:
    error = refused(await (await guest(admit)).http.get(AGGREGATE, params={name: value}), 403)

    assert error["where"] == name
    assert "statements/read" in error["accepted"]
    assert (await lrs.http.get(AGGREGATE, params={name: value})).status_code == 200


# What is counted


@dataclass(frozen=True)
class Filled:
    """A store with a sample organisation in it, and how its statements are counted by hand."""

    store: Store
    known: Known
    lrs: Living
    guest: Living


@pytest.fixture(scope="module")
async def filled(transport: httpx.ASGITransport, stores: Stores) -> AsyncIterator[Filled]:
    sample = generate(people=40, statements=1500, seed=3)
    people = sample.organisation.roster()["people"]
    for n, person in enumerate(people):
        team = {"kind": "team", "group": f"Team {n % 3}"}
        moves = [{**team, "to": "2026-09-16T10:30:00Z"}, {**team, "group": "Team 1", "from": "2026-09-16T10:30:00Z"}]
        person["groups"] = [*person["groups"], *moves, {"kind": "role", "group": "staff", "from": "2026-09-01"}]
        person["opt_out"] = n in (5, 11)
    async with new_store(stores) as store, asked_by(transport, store, stores) as lrs:
        written = await write(store, sample.statements, in_time=True)
        await Directory(stores).put(store, "a test", {"people": people})
        async with Derivation.of(store, stores.client, ()) as derivation:
            await derivation.take([str(each.id) for each in written])
        whole = [orjson.loads(each.raw) for each in written]
        courses = await StatementGroups(store.database).courses(0)
        key = "a guest"
        await stores.credentials.put(key, "secret", name=key, store=store.name, scopes=frozenset(["analytics/read"]))
        async with httpx.AsyncClient(transport=transport, base_url=lrs.http.base_url, auth=(key, "secret")) as http:
            yield Filled(store, Known(whole, people, frozenset(courses)), lrs, replace(lrs, http=http))


def same(answer: dict[str, Any], cells: dict[Key, Cell]) -> None:
    rows = rows_of(answer)
    assert rows.keys() == cells.keys()
    for key, cell in cells.items():
        for measure in answer["measures"]:
            assert rows[key][measure] == pytest.approx(cell.value(measure)), (key, measure)


QUESTIONS: list[tuple[str, dict[str, str]]] = [
    ("", {}),
    ("verb", {}),
    ("type,verb", {}),
    ("activity", {}),
    ("verb,week,type", {}),
    ("day", {"since": "2026-09-02T08:30:00Z", "until": "2026-10-01"}),
    ("month,verb", {"measures": "duration,mean_score"}),
    ("department", {}),
    ("team,verb", {}),
    ("week,role", {}),
    ("community", {"measures": "people"}),
    ("course,month", {}),
    ("course", {"since": "2026-10-01"}),
]


@pytest.mark.parametrize(("grouped", "also"), QUESTIONS, ids=[f"{by}{also or ''}" for by, also in QUESTIONS])
async def test_groups_hold_what_counting_one_by_one_gives(filled: Filled, grouped: str, also: dict[str, str]) -> None:
    asked = {"measures": EVERYTHING, **({"group_by": grouped} if grouped else {}), **also}

    answer = await groups(filled.lrs, **asked)

    since, until = (_moment(also.get(name)) for name in ("since", "until"))
    cells = filled.known.counted([each for each in grouped.split(",") if each], since, until)
    assert len(cells) > 1 or not grouped
    same(answer, cells)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text if "T" in text else f"{text}T00:00:00Z")


@pytest.mark.parametrize("name", ["agent", "verb", "activity", "related_activities", "both"])
async def test_filters_are_those_of_the_xapi(filled: Filled, name: str) -> None:
    person = next(each for each in filled.known.people if not each["opt_out"])
    ann = {"objectType": "Agent", **person["identifiers"][0]}
    course = min(filled.known.courses)
    asked, key = {
        "agent": ({"agent": orjson.dumps(ann).decode()}, ["a:" + str(columns(identified_by(ann)).actor)]),
        "verb": ({"verb": COMPLETED}, [f"v:{COMPLETED}"]),
        "activity": ({"activity": course}, [f"o:{course}"]),
        "related_activities": ({"activity": course, "related_activities": "true"}, [f"O:{course}"]),
        "both": (
            {"activity": course, "related_activities": "true", "verb": COMPLETED},
            [f"O:{course}", f"v:{COMPLETED}"],
        ),
    }[name]

    answer = await groups(filled.lrs, group_by="verb,week", measures=EVERYTHING, **asked)

    same(answer, filled.known.counted(["verb", "week"], fits=lambda each: filled.known.keys(each) >= set(key)))
    assert answer["rows"] or name == "activity"


def identified_by(actor: Json) -> Json:
    return {**statement(actor=actor), "timestamp": "2026-01-01T00:00:00Z"}


async def test_time_is_the_stores(filled: Filled) -> None:
    berlin = replace(filled.store, timezone="Europe/Berlin")
    known = replace(filled.known, zone=ZoneInfo("Europe/Berlin"))

    for unit in ("day", "week", "month"):
        found = await aggregate(berlin, {"group_by": unit, "measures": EVERYTHING}, Identities(), None)
        same(orjson.loads(orjson.dumps(found.as_dict())), known.counted([unit]))


async def test_csv_and_parquet_say_the_same_as_json(filled: Filled) -> None:
    asked = {"group_by": "verb,month", "measures": "count,mean_score"}
    answer = await groups(filled.lrs, **asked)

    text = (await filled.lrs.http.get(AGGREGATE, params={**asked, "format": "csv"})).text
    table = pl.read_parquet((await filled.lrs.http.get(AGGREGATE, params={**asked, "format": "parquet"})).content)

    read = list(csv.DictReader(io.StringIO(text, newline="")))
    told = [
        (row["verb"], row["bucket"]["start"], str(row["count"]), "" if row["mean_score"] is None else row["mean_score"])
        for row in answer["rows"]
    ]
    score = [float(row["mean_score"]) if row["mean_score"] else "" for row in read]
    assert [
        (row["verb"], row["bucket_start"], row["count"], each) for row, each in zip(read, score, strict=True)
    ] == told
    assert table.columns == list(read[0])
    assert table["count"].to_list() == [row["count"] for row in answer["rows"]]
    assert table["mean_score"].to_list() == [row["mean_score"] for row in answer["rows"]]
    assert table["bucket_start"].dtype == pl.Datetime("ms", "UTC")


async def test_an_open_window_is_told_as_such_and_buckets_are_cut_to_one(lrs: Living) -> None:
    await lrs.post(of_each(2))
    since, until = "2026-09-08T09:00:00.000Z", "2026-09-09T00:00:00.000Z"

    answer = await groups(lrs, group_by="week", since=since, until=until)

    assert (await groups(lrs))["window"] == {"since": None, "until": None}
    assert answer["window"] == {"since": since, "until": until}
    assert [row["bucket"] for row in answer["rows"]] == [{"start": since, "end": until}]


async def test_nothing_is_0_statements_and_no_score(lrs: Living) -> None:
    answer = await groups(lrs, measures=EVERYTHING)

    (row,) = answer["rows"]
    assert (row["count"], row["people"], row["mean_score"], row["duration"]) == (0, 0, None, None)
    assert set(row["reasons"].values()) == {"no_data"}
    assert (await groups(lrs, group_by="verb"))["rows"] == []


async def test_who_voids_is_counted_and_what_is_voided_is_not(lrs: Living) -> None:
    gone = by("ann", verb=verb("gone"))
    await lrs.post([gone, by("ben")])
    await lrs.post(voiding(gone["id"]))

    assert reasons(await groups(lrs, group_by="verb"), "verb") == {"completed": None, "voided": None}


async def test_who_is_nobody_identified_is_counted_as_nobody(lrs: Living) -> None:
    anonymous = {"objectType": "Group", "member": [agent("ann"), agent("ben")]}
    await lrs.post([by("ann"), by("ann"), by("cem"), by("x", actor=anonymous)])

    answer = await groups(lrs)

    assert (answer["rows"][0]["count"], answer["rows"][0]["people"]) == (4, 2)
    assert answer["coverage"] == {"identified": 0.75}
    assert (await groups(lrs, measures="count"))["coverage"] == {"identified": 0.75}


@pytest.mark.skipif("by_group" not in Columns._fields, reason="the store does not tell Groups apart")
async def test_an_identified_group_is_no_person(lrs: Living) -> None:
    team = {"objectType": "Group", "mbox": "mailto:team@example.org"}
    await lrs.post([by("ann"), by("x", actor=team)])

    answer = await groups(lrs)

    assert (answer["rows"][0]["count"], answer["rows"][0]["people"]) == (2, 1)
    assert answer["coverage"] == {"identified": 0.5}


async def test_accounts_of_one_person_are_one_and_who_opted_out_is_not_there(lrs: Living) -> None:
    people = [
        {"id": "p1", "identifiers": [agent("ann"), agent("anna")]},
        {"id": "p2", "identifiers": [agent("out")], "opt_out": True},
    ]
    await lrs.post([by("ann"), by("anna"), by("ben"), by("out")])
    assert (await lrs.http.put("/api/v1/people", json={"people": people})).status_code == 200

    row = (await groups(lrs))["rows"][0]

    assert (row["count"], row["people"]) == (3, 2)
    assert (await groups(lrs, measures="count"))["rows"][0]["count"] == 3


async def test_a_statement_belongs_to_the_group_its_actor_was_in_at_its_time(lrs: Living) -> None:
    noon = "2026-09-08T12:00:00Z"
    moves = [{"kind": "team", "group": "A", "to": noon}, {"kind": "team", "group": "B", "from": noon}]
    await lrs.http.put("/api/v1/people", json={"people": [{"id": "p", "identifiers": [agent("ann")], "groups": moves}]})
    for t in ("11:59:59.999", "12:00:00.000", "12:00:00.001"):
        await lrs.post(by("ann", timestamp=f"2026-09-08T{t}Z"))

    answer = await groups(lrs, group_by="team,week")

    assert {row["team"]: row["count"] for row in answer["rows"]} == {"A": 1, "B": 2}


async def test_no_roster_and_no_course_are_reasons(lrs: Living) -> None:
    await lrs.post(of_each(6))

    for partition, why in (("department", "no_roster"), ("course", "source_cannot_tell")):
        (row,) = (await groups(lrs, group_by=partition))["rows"]
        assert (row[partition], row["count"], row["reason"], row["suppressed"]) == (None, None, why, False)


async def test_too_many_groups_are_refused_with_what_to_do(lrs: Living, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lrs.core.querying.aggregate.MOST_GROUPS", 20)
    await lrs.post([by("ann", object=thing(str(n))) for n in range(21)])

    error = refused(await lrs.http.get(AGGREGATE, params={"group_by": "activity"}), 400)

    assert error["where"] == "group_by"
    assert "20" in error["why"]
    assert "window" in error["accepted"]
    assert len((await groups(lrs, group_by="verb"))["rows"]) == 1


async def test_batches_brought_together_again_and_again_come_to_the_same(
    filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"group_by": "team,type,week", "measures": EVERYTHING}
    at_once = await groups(filled.lrs, **asked)
    monkeypatch.setattr("lrs.store.statement_groups.BATCH", 7)
    monkeypatch.setattr(tally, "PENDING", 50)

    in_parts = await groups(filled.lrs, **asked)

    assert [_without_sums(row) for row in in_parts["rows"]] == [_without_sums(row) for row in at_once["rows"]]
    assert [row["duration"] for row in in_parts["rows"]] == pytest.approx([row["duration"] for row in at_once["rows"]])


def _without_sums(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("duration", "mean_score")}


# What is never shown


COURSE_4 = "https://commons.example.org/courses/4"

GUARDED: list[tuple[str, dict[str, str]]] = [
    ("", {}),
    ("verb", {"since": "2026-09-07", "until": "2026-09-14"}),
    ("verb,week", {}),
    ("type,verb,week", {}),
    ("department,week", {}),
    ("team,type", {"since": "2026-09-10", "until": "2026-09-20"}),
    ("course,week", {}),
    ("course,verb,week", {}),
    ("type,week", {"verb": COMPLETED}),
    ("week", {"verb": COMPLETED}),
    ("verb,week", {"activity": COURSE_4}),
    ("week", {"activity": COURSE_4, "verb": COMPLETED}),
    ("activity,week", {}),
]


@pytest.mark.parametrize(("grouped", "also"), GUARDED, ids=[f"{by}{also or ''}" for by, also in GUARDED])
async def test_only_what_the_rules_allow_is_shown(filled: Filled, grouped: str, also: dict[str, str]) -> None:
    answer = await groups(filled.guest, measures=EVERYTHING, **({"group_by": grouped} if grouped else {}), **also)

    _same_as_by_hand(filled, answer, [each for each in grouped.split(",") if each], also)


def _same_as_by_hand(filled: Filled, answer: dict[str, Any], grouped: list[str], asked: dict[str, str]) -> None:
    chosen = {axis: asked[axis] for axis in ("verb", "activity") if axis in asked}
    axes = [*(each for each in grouped if each != "week"), *chosen]
    since, until = (_moment(answer["window"][name]) for name in ("since", "until"))
    assert until is not None
    by_hand = Guarded(filled.known, axes, since, until)
    by_basis = {
        basis: by_hand.hidden(basis) for basis in ("n", "mean_score", "success_rate", "completion_rate", "duration")
    }
    expected: dict[Key, Cell] = {}
    weeks: dict[Key, list[Key]] = {}
    for key, cell in by_hand.cells().items():
        if all(key[axes.index(axis)] == value for axis, value in chosen.items()):
            row = tuple(key[-1] if each == "week" else key[axes.index(each)] for each in grouped)
            if all(part is not None for part, each in zip(row, grouped, strict=True) if each in ("team", "department")):
                expected.setdefault(row, Cell()).join(cell)
                weeks.setdefault(row, []).append(key)
    rows = rows_of(answer)
    withheld = 0
    for row, cell in expected.items():
        why = _whys(by_basis["n"], weeks[row])
        withheld += bool(why)
        if why and ("activity" in axes or len(axes) > 1):
            assert row not in rows
            continue
        assert rows[row]["reason"] == (max(why) if why else None), row
        if why:
            assert [rows[row][measure] for measure in MEASURES] == [None] * len(MEASURES)
            continue
        for measure in MEASURES:
            _measured_the_same(rows[row], measure, cell, by_basis, weeks[row])
    assert answer["withheld"] == (None if len(axes) > 1 else withheld)
    assert rows.keys() <= expected.keys()
    assert any(row["reason"] is None for row in rows.values()) or len(axes) != 1


def _whys(hidden: dict[Key, str], weeks: list[Key]) -> set[str]:
    return {hidden[key] for key in weeks if key in hidden}


def _measured_the_same(row: Any, measure: str, cell: Cell, by_basis: dict[str, Any], weeks: list[Key]) -> None:
    least = {"mean_score": 5, "success_rate": 10, "completion_rate": 10}.get(measure, 0)
    if measure in ("count", "people"):
        assert row[measure] == cell.value(measure)
    elif why := _whys(by_basis[measure], weeks):
        assert (row[measure], row["reasons"][measure]) == (None, max(why))
    elif not cell.told[measure]:
        assert (row[measure], row["reasons"][measure]) == (None, "no_data")
    elif len(cell.told[measure]) < least:
        assert (row[measure], row["reasons"][measure]) == (None, "too_few_values")
    else:
        assert row[measure] == pytest.approx(cell.value(measure))


async def test_a_group_of_four_is_withheld_and_the_next_smallest_with_it(lrs: Living, admit: Admit) -> None:
    await arrived(lrs.store, of_each(4, verb=verb("few")))
    await arrived(lrs.store, [*of_each(6, verb=verb("six")), *of_each(9, verb=verb("nine"))])

    answer = await groups(await guest(admit), group_by="verb")

    assert reasons(answer, "verb") == {"few": "too_few_people", "six": "complementary", "nine": None}
    assert [row["count"] for row in answer["rows"]] == [None, 9, None]
    assert (answer["min_group"], answer["withheld"]) == (5, 2)
    assert reasons(await groups(lrs, group_by="verb"), "verb") == {"few": None, "six": None, "nine": None}


async def test_a_week_that_is_withheld_withholds_the_row_over_several(lrs: Living, admit: Admit) -> None:
    await arrived(lrs.store, [*of_each(6), *of_each(3, week=1), *of_each(6, week=2)])
    asker = await guest(admit)

    (whole,) = (await groups(asker))["rows"]
    weeks = (await groups(asker, group_by="week"))["rows"]
    (first,) = (await groups(asker, until="2026-09-14"))["rows"]

    assert (whole["count"], whole["reason"]) == (None, "too_few_people")
    assert [row["count"] for row in weeks] == [6, None, 6]
    assert first["count"] == 6


async def test_a_window_is_of_whole_weeks_and_what_is_open_is_not_shown(lrs: Living, admit: Admit) -> None:
    present = clock.now()
    await arrived(lrs.store, [*of_each(6, day=0), *of_each(6, day=6), *of_each(7, week=1)])
    await arrived(lrs.store, [by(n, timestamp=present.isoformat()) for n in range(8)])
    asker = await guest(admit)

    answer = await groups(asker, since="2026-09-09T15:00:00Z", until="2026-09-10")
    everything = await groups(asker)
    still_open = await groups(asker, since=present.isoformat())

    assert answer["window"] == {"since": "2026-09-07T00:00:00.000Z", "until": "2026-09-14T00:00:00.000Z"}
    assert answer["rows"][0]["count"] == 12
    assert everything["rows"][0]["count"] == 19
    assert (still_open["rows"][0]["count"], still_open["rows"][0]["reason"]) == (None, "open_week")


async def test_where_everything_was_stored_this_week_the_answer_says_so(lrs: Living, admit: Admit) -> None:
    asker = await guest(admit)
    asked: list[dict[str, str]] = [{}, {"group_by": "verb"}, {"group_by": "verb,type", "since": "2026-09-07"}]
    empty = [(await groups(asker, **each))["rows"] for each in asked]
    await arrived(lrs.store, of_each(9), at=clock.now())

    rows = [(await groups(asker, **each))["rows"] for each in asked]

    assert [[(row["count"], row["suppressed"], row["reason"]) for row in each] for each in rows] == 3 * [
        [(None, True, "open_week")]
    ]
    assert rows == empty
    await arrived(lrs.store, of_each(9))
    assert (await groups(asker, group_by="verb"))["rows"][0]["count"] == 9


async def test_a_filter_shows_nothing_that_groups_would_not(lrs: Living, admit: Admit) -> None:
    one, other = verb("one"), verb("other")
    await arrived(lrs.store, [*of_each(6, verb=one, object=thing("a")), by(9, verb=one, object=thing("b"))])
    await arrived(lrs.store, of_each(8, verb=other, object=thing("a")))
    asker = await guest(admit)

    by_verb = await groups(asker, verb=one["id"])
    chosen = await groups(asker, verb=one["id"], activity=thing("a")["id"])
    grouped = await groups(asker, verb=one["id"], group_by="activity")

    assert by_verb["rows"][0]["count"] == 7
    # Six people with one of two things: taken from the seven it would tell what the last one did.
    assert (chosen["rows"][0]["count"], chosen["rows"][0]["reason"]) == (None, "complementary")
    assert (grouped["rows"], grouped["withheld"]) == ([], None)


async def test_who_is_in_no_group_can_not_be_found_by_what_the_groups_leave(lrs: Living, admit: Admit) -> None:
    sales, support = ({"kind": "department", "group": name} for name in ("Sales", "Support"))
    people = [{"id": f"p{n}", "identifiers": [agent(n)], "groups": [sales if n < 6 else support]} for n in range(14)]
    await lrs.http.put("/api/v1/people", json={"people": people})
    await arrived(lrs.store, of_each(15))

    answer = await groups(await guest(admit), group_by="department")

    assert reasons(answer, "department") == {"Sales": "complementary", "Support": None}


async def test_what_only_a_few_did_is_not_even_named(lrs: Living, admit: Admit) -> None:
    await arrived(lrs.store, [*of_each(6, object=thing("a")), *of_each(7, object=thing("b"))])
    await arrived(lrs.store, [by(1, object=thing("c")), by(2, object=thing("d"))])

    answer = await groups(await guest(admit), group_by="activity")

    # Two people are too few to be all that is withheld: so "a" is too, and "b" is not.
    assert reasons(answer, "activity") == {"b": None}
    assert answer["withheld"] == 3


async def test_what_only_a_few_did_is_not_told_from_what_nobody_did(lrs: Living, admit: Admit) -> None:
    await arrived(lrs.store, [*of_each(6, object=thing("a")), by(1, object=thing("c"))])
    asker = await guest(admit)

    few, none = [(await groups(asker, activity=thing(name)["id"]))["rows"] for name in "cz"]

    assert few == none
    assert few[0]["reason"] == "too_few_people"


async def test_what_names_a_course_and_is_not_about_it_is_of_k_people(filled: Filled) -> None:
    """The activity is a part of the course, so what is left of the course is known."""
    by_course = await groups(filled.guest, group_by="course,week")
    by_activity = rows_of(await groups(filled.guest, group_by="activity,week"))

    for key, row in rows_of(by_course).items():
        if not row["suppressed"] and key in by_activity:
            about = Guarded(filled.known, [], None, clock.now()).known
            left = {
                about.person(each)
                for each in about.standing()
                if f"O:{key[0]}" in about.keys(each)
                and each["object"].get("id") != key[0]
                and format_timestamp(about.begins("week", parse_timestamp(each["timestamp"]))) == key[1]
            }
            assert len(left) == 0 or len(left) >= 5, key


async def test_a_measure_needs_enough_people_who_tell_it(lrs: Living, admit: Admit) -> None:
    scored = {"score": {"scaled": 0.5}, "duration": "PT10S", "success": True}
    await arrived(lrs.store, [*of_each(4, result=scored), *of_each(6, first=4)])
    await arrived(lrs.store, [*of_each(5, week=1, result=scored), *of_each(5, week=1, first=5)])
    await arrived(lrs.store, of_each(10, week=2, result=scored))

    rows = (await groups(await guest(admit), group_by="week", measures=EVERYTHING))["rows"]

    assert [row["people"] for row in rows] == [10, 10, 10]
    assert [row["mean_score"] for row in rows] == [None, 0.5, 0.5]
    assert [row["duration"] for row in rows] == [None, 50, 100]
    assert [row["success_rate"] for row in rows] == [None, None, 1]
    told = [row["reasons"].get("success_rate") for row in rows]
    assert told == ["too_few_people", "too_few_values", None]


async def test_who_is_nobody_fills_no_group(lrs: Living, admit: Admit) -> None:
    crowd = {"objectType": "Group", "member": [agent(n) for n in range(9)]}
    await arrived(lrs.store, [by(n, actor=crowd) for n in range(20)])
    await arrived(lrs.store, of_each(4))

    (row,) = (await groups(await guest(admit)))["rows"]

    assert (row["count"], row["reason"]) == (None, "too_few_people")


async def test_the_setting_can_ask_for_more_people(lrs: Living, stores: Stores, mongodb_url: str) -> None:
    await arrived(lrs.store, of_each(7))
    await stores.credentials.put(
        "careful", "secret", name="x", store=lrs.store.name, scopes=frozenset(["analytics/read"])
    )
    async with application(mongodb_url, min_group=8) as http:
        answer = (await http.get(AGGREGATE, auth=httpx.BasicAuth("careful", "secret"))).json()

    assert (answer["min_group"], answer["rows"][0]["reason"]) == (8, "too_few_people")


# What it takes


async def test_a_cursor_ends_with_whoever_reads_it(lrs: Living, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lrs.store.statement_groups.BATCH", 10)
    await lrs.post(of_each(100))
    always = datetime(2, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
    grouping = Grouping(since=always[0], until=always[1], bound=always[1], by=("verb",), singly=True)

    batches = StatementGroups(lrs.store.database).batches(grouping)
    await anext(batches)
    await anext(batches)
    assert len(await at_work(lrs.store)) == 1
    await batches.aclose()

    assert await at_work(lrs.store) == []


async def test_what_takes_too_long_says_what_would_be_quicker(lrs: Living, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lrs.store.statement_groups.GROUPS_S", 0.001)
    await lrs.post(of_each(300))

    error = refused(await lrs.http.get(AGGREGATE, params={"group_by": "verb,activity,day"}), 503)

    assert error["what"] == "the question takes too long"
    assert "window" in error["accepted"]


@pytest.mark.slow
async def test_the_database_stops_counting_for_a_client_that_left(
    transport: httpx.ASGITransport, stores: Stores, client: Client
) -> None:
    async with new_store(stores) as store, asked_by(transport, store, stores) as lrs:
        await store.database["statements"].insert_many(_many(), ordered=False)
        seen: list[dict[str, Any]] = []

        async def when_at_work() -> None:
            while not seen:
                seen.extend(await at_work(store))

        sent = await abandoned(lrs, AGGREGATE, when_at_work, group_by="activity,day,verb", measures=EVERYTHING)

        assert [each.get("status") for each in sent] == [499, None]
        await comes_to_rest(store, within_s=1)


def _many() -> list[dict[str, Any]]:
    pattern = new(statement(object={"id": COURSE}, timestamp="2026-01-01T00:00:00Z")).document()
    return [
        {
            **pattern,
            "_id": UUID(int=n + 1),
            "actor": f"mbox:mailto:{n % 5000}@example.org",
            "verb": ANSWERED,
            "timestamp": MONDAY + timedelta(minutes=n),
        }
        for n in range(100_000)
    ]


def test_every_group_and_measure_stands_in_the_readme() -> None:
    assert [name for name in (*GROUPS, *MEASURES) if f"`{name}`" not in README] == []


async def test_it_is_described(lrs: Living) -> None:
    paths = (await lrs.http.get("/openapi.json")).json()["paths"]

    for path in ("/api/v1/statements", AGGREGATE):
        names = {each["name"] for each in paths[path]["get"]["parameters"]}
        assert {"agent", "verb", "activity", "since", "until", "format"} <= names


async def test_many_questions_at_once_are_answered(filled: Filled) -> None:
    answers = await asyncio.gather(*(groups(filled.lrs, group_by=axis) for axis in ("verb", "type", "day", "team")))

    assert [len(answer["rows"]) > 0 for answer in answers] == [True] * 4
