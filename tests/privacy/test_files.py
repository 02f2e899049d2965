"""What JSON withholds is in no other format: tables, data of charts, pictures, networks, statements in groups.

How long an answer takes tells nothing either, which no test measures: of a group that is withheld nothing is computed,
whatever it did, and what is read is read of all groups together.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest

from lrs.store.stores import Store, Stores
from lrs.xapi import Json
from tests.privacy.attacker import METRICS, Guarded
from tests.privacy.files import (
    asked,
    check_csv,
    check_parquet,
    edges,
    nodes,
    of_groups,
    of_metric,
    symbols,
)
from tests.privacy.organisation import WEEKS, member, organisation, person
from tests.reference.mentoring_samples import mentored
from tests.reference.samples import DAY, MONDAY, reply, thread
from tests.reference.sharing_samples import shared
from tests.reference.statements import Statement
from tests.telling import spread

SPAN = {"since": spread(MONDAY, 0), "until": spread(MONDAY, 7 * WEEKS)}
PARTITIONS = ("department", "team", "course")
WITHHELD = ("too_few_people", "complementary")


@asynccontextmanager
async def analyst(transport: httpx.ASGITransport, store: Store, stores: Stores) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who may see numbers of groups, and tables of people, and no statement."""
    key = f"an analyst of {store.name}"
    await stores.credentials.put(key, "secret", name=key, store=store.name, scopes=frozenset(["analytics/identify"]))
    async with httpx.AsyncClient(transport=transport, base_url="http://lrs.example.org", auth=(key, "secret")) as http:
        yield http


@pytest.fixture(scope="module")
async def http(transport: httpx.ASGITransport, stores: Stores) -> AsyncIterator[httpx.AsyncClient]:
    """Asks about an organisation in which small departments, teams and courses are withheld."""
    made = organisation(32, (2, 3, 6, 8, 13))
    told = Guarded.told(stores, made.people, [*made.statements, *meetings()])
    async with told as telling, analyst(transport, telling.store, stores) as asking:
        yield asking


def meetings() -> list[Statement]:
    """In each week all thirteen of the largest department mentor the eight of the next."""
    return [
        mentored(5000 + 100 * week + n, f"p4x{n}", f"p3x{n % 8}", 7 * week + 2 + n / DAY)
        for week in range(WEEKS)
        for n in range(13)
    ]


@dataclass(frozen=True)
class Listed:
    """What can be asked for, by its title, as the catalogues say."""

    metrics: dict[str, Json]
    charts: list[Json]


@pytest.fixture(scope="module")
async def listed(http: httpx.AsyncClient) -> Listed:
    metrics = (await asked(http, "/api/v1/metrics")).json()["metrics"]
    return Listed({each["id"]: each for each in metrics}, (await asked(http, "/api/v1/charts")).json()["charts"])


def withheld(rows: list[Json]) -> list[Json]:
    return [row for row in rows if row["reason"] in WITHHELD]


@pytest.mark.parametrize("partition", PARTITIONS)
async def test_tables_of_a_metric_hold_what_json_does(http: httpx.AsyncClient, partition: str) -> None:
    hidden = 0
    for metric in METRICS:
        path, question = f"/api/v1/metrics/{metric}", {**SPAN, "group_by": partition, "bucket": "week"}
        rows = (await asked(http, path, **question)).json()["rows"]

        told = [of_metric(row) for row in rows]
        check_csv((await asked(http, path, **question, format="csv")).text, told)
        check_parquet((await asked(http, path, **question, format="parquet")).content, told)
        hidden += len(withheld(rows))
    assert hidden > 5


async def test_tables_that_compare_hold_what_json_does(http: httpx.AsyncClient) -> None:
    question = {
        "since": spread(MONDAY, 7),
        "until": spread(MONDAY, 21),
        "group_by": "department",
        "compare": "previous",
    }
    for metric in ("discussion.posts", "sharing.reach", "mentoring.sessions"):
        path = f"/api/v1/metrics/{metric}"
        rows = (await asked(http, path, **question)).json()["rows"]

        assert withheld([row["previous"] for row in rows])
        check_csv((await asked(http, path, **question, format="csv")).text, [of_metric(row) for row in rows])
        check_parquet((await asked(http, path, **question, format="parquet")).content, [of_metric(row) for row in rows])


@pytest.mark.parametrize("partition", PARTITIONS)
async def test_the_data_of_a_chart_are_what_json_tells_of_its_metrics(
    http: httpx.AsyncClient, listed: Listed, partition: str
) -> None:
    hidden = 0
    for chart in listed.charts:
        spec = (await asked(http, f"/api/v1/charts/{chart['id']}", **SPAN, group_by=partition)).json()
        bucket = {} if chart["bucket"] is None else {"bucket": chart["bucket"]}
        expected = []
        for metric in chart["metrics"]:
            answer = (await asked(http, f"/api/v1/metrics/{metric}", **SPAN, group_by=partition, **bucket)).json()
            expected += [drawn(row, listed.metrics[metric], answer["window"]) for row in answer["rows"] if row["group"]]
            hidden += len(withheld(answer["rows"]))

        assert [whole(row) for row in spec["datasets"]["rows"]] == [whole(row) for row in expected]
        assert spec["data"] == {"name": "rows"}
        assert spec["datasets"].keys() == {"rows"}
    assert hidden > 5


def drawn(row: Json, metric: Json, window: Json) -> Json:
    """Return a row of a metric as the data of a chart have it; the store's time is UTC."""
    bucket = row["bucket"] or {"start": window["since"], "end": window["until"]}
    beside = {name: each["value"] for name, each in row.get("beside", {}).items()}
    times = {name: bucket[name].removesuffix("Z") for name in ("start", "end")}
    return {**beside, "metric": metric["title"], **{name: row[name] for name in ("group", "value", "reason")}, **times}


def whole(row: Json) -> Json:
    """Return the row with what it doesn't tell left out."""
    return {name: value for name, value in row.items() if value is not None}


@pytest.mark.parametrize("metric", ["discussion.posts", "discussion.median_response_time", "sharing.shares"])
async def test_what_is_withheld_has_no_bar_and_no_label(http: httpx.AsyncClient, metric: str) -> None:
    for window in ({}, {"until": spread(MONDAY, 7)}):
        question = {**SPAN, **window, "group_by": "department"}
        rows = (await asked(http, f"/api/v1/metrics/{metric}", **question)).json()["rows"]
        svg = (await asked(http, f"/api/v1/metrics/{metric}", **question, format="svg")).text

        shown = [row["group"] for row in rows if row["value"] is not None]
        assert [each.rpartition("group: ")[2] for each in symbols(svg)] == shown
        assert svg.count(">too few people<") == sum(row["reason"] == "too_few_people" for row in rows)


async def test_what_is_withheld_has_no_point_in_any_chart(http: httpx.AsyncClient, listed: Listed) -> None:
    for chart in listed.charts:
        question = {**SPAN, "group_by": "department"}
        spec = (await asked(http, f"/api/v1/charts/{chart['id']}", **question)).json()
        svg = (await asked(http, f"/api/v1/charts/{chart['id']}", **question, format="svg")).text

        numbers = [
            value for row in spec["datasets"]["rows"] for value in row.values() if isinstance(value, int | float)
        ]
        assert len(symbols(svg)) <= len(numbers), chart["id"]  # of which some may be drawn as lines only
        if chart["plugin"] == "discussion":
            assert len(symbols(svg)) == sum(row["value"] is not None for row in spec["datasets"]["rows"])


@pytest.fixture(scope="module")
async def linked(transport: httpx.ASGITransport, stores: Stores) -> AsyncIterator[httpx.AsyncClient]:
    """Four departments of eight: each mentors itself, two of them each other, and few of these the other two."""
    async with Guarded.to_a_new_store(stores) as telling, analyst(transport, telling.store, stores) as asking:
        await telling.introduce([person(f"{d}{n}", member("department", d)) for d in "ABCD" for n in range(8)])
        within = [(f"{d}{n}", f"{d}{(n + 1) % 8}") for d in "ABCD" for n in range(8)]
        across = [(f"{one}{n}", f"{other}{n}") for one, other in ("AB", "BA") for n in range(8)]
        few = [(f"{one}{n}", f"{'CCCDDD'[n]}{n}") for one in "AB" for n in range(6)]
        pairs = enumerate([*within, *across, *few])
        await telling.tell([[mentored(n, mentor, mentee, 1 + n / DAY) for n, (mentor, mentee) in pairs]])
        yield asking


async def test_a_network_tells_the_same_in_every_format(linked: httpx.AsyncClient) -> None:
    question = {**SPAN, "group_by": "department"}
    told = (await asked(linked, "/api/v1/network", **question)).json()
    written = (await asked(linked, "/api/v1/network", **question, format="csv")).text
    graph = (await asked(linked, "/api/v1/network", **question, format="graphml")).content

    assert withheld(told["entries"])
    assert any(each["reason"] is None for each in told["entries"])
    check_csv(written, told["entries"])
    shown = [each for each in told["entries"] if each["reason"] is None]
    assert [(each["source"], each["acts"], each["ties"]) for each in edges(graph)] == [
        (each["source"] or "(no group)", str(each["acts"]), str(each["ties"])) for each in shown
    ]
    for group in told["groups"]:
        figures = {name: each["value"] for name, each in group.items() if isinstance(each, dict)}
        assert nodes(graph)[group["group"]] == {name: value for name, value in figures.items() if value is not None}


@pytest.mark.parametrize("group_by", ["department", "department,week", "verb,department", "activity", "week,team"])
async def test_statements_in_groups_are_the_same_in_every_format(http: httpx.AsyncClient, group_by: str) -> None:
    path, question = "/api/v1/statements/aggregate", {**SPAN, "group_by": group_by, "measures": "count,people,duration"}
    rows = (await asked(http, path, **question)).json()["rows"]

    told = [of_groups(row) for row in rows]
    check_csv((await asked(http, path, **question, format="csv")).text, told)
    check_parquet((await asked(http, path, **question, format="parquet")).content, told)
    for row in withheld(rows):
        assert {row[measure] for measure in ("count", "people", "duration")} == {None}


async def test_a_table_of_people_is_the_same_in_every_format(http: httpx.AsyncClient) -> None:
    path = "/api/v1/tables/mentoring.pairs"
    rows = (await asked(http, path, **SPAN)).json()["rows"]

    assert len(rows) == 13
    check_csv((await asked(http, path, **SPAN, format="csv")).text, rows)


# Two organisations that differ only in what is withheld.


NORTH, SOUTH, WEST = "abcdefghijkl", "mnopqrs", "tu"
PEOPLE = [
    person(name, member("department", department))
    for department, names in (("North", NORTH), ("South", SOUTH), ("West", WEST))
    for name in names
]


def talk() -> list[Statement]:
    """Everybody starts two threads, answers one of their own department, shares and mentors."""
    return [
        told
        for names in (NORTH, SOUTH, WEST)
        for n, name in enumerate(names)
        for told in (
            thread(100 + ord(name), name, n, f"t:{name}"),
            thread(300 + ord(name), name, n + 5, f"s:{name}"),
            reply(500 + ord(name), name, DAY + n, f"p:{name}", f"t:{names[n - 1]}"),
            shared(700 + ord(name), name, 3 * DAY + n, f"n:{name}"),
            mentored(900 + ord(name), name, names[n - 1], 4 + n / DAY),
        )
    ]


def more() -> list[Statement]:
    """South and West do more, among themselves."""
    return [
        told
        for names in (SOUTH, WEST)
        for n, name in enumerate(names[:5])
        for told in (
            thread(2000 + ord(name), name, 2 * DAY + n, f"u:{name}"),
            reply(2200 + ord(name), name, 3 * DAY + n, f"q:{name}", f"s:{names[n - 1]}"),
            shared(2400 + ord(name), name, 3 * DAY + n, f"o:{name}"),
        )
    ]


@pytest.fixture(scope="module")
async def twins(transport: httpx.ASGITransport, stores: Stores) -> AsyncIterator[list[httpx.AsyncClient]]:
    async with AsyncExitStack() as stack:
        asking = []
        for told in (talk(), [*talk(), *more()]):
            telling = await stack.enter_async_context(Guarded.told(stores, PEOPLE, told))
            asking.append(await stack.enter_async_context(analyst(transport, telling.store, stores)))
        yield asking


WEEK = {"since": spread(MONDAY, 0), "until": spread(MONDAY, 7), "group_by": "department"}


async def both(twins: list[httpx.AsyncClient], path: str, **question: str) -> list[httpx.Response]:
    return [await asked(http, path, **question) for http in twins]


def same(answers: list[httpx.Response]) -> bool:
    one, other = answers
    return one.content == other.content and one.headers == other.headers


async def test_organisations_of_which_the_same_is_shown_have_the_same_files_to_the_byte(
    twins: list[httpx.AsyncClient],
) -> None:
    window = {name: WEEK[name] for name in ("since", "until")}
    live = [answer.json()["rows"] for answer in await both(twins, "/api/v1/metrics/discussion.posts", **window)]
    assert live[0] != live[1]  # what differs is there
    alike = []
    for metric in METRICS:
        path = f"/api/v1/metrics/{metric}"
        one, other = await both(twins, path, **WEEK)
        if one.json()["rows"] == other.json()["rows"]:
            alike.append(metric)
            assert len(one.content) == len(other.content), metric
            for form in ("csv", "parquet", "svg", *(["png"] if metric == "discussion.posts" else [])):
                assert same(await both(twins, path, **WEEK, format=form)), (metric, form)
    assert {"discussion.posts", "discussion.unanswered_rate", "sharing.shares", "mentoring.sessions"} <= set(alike)


async def test_the_same_holds_for_charts_and_the_network(twins: list[httpx.AsyncClient], listed: Listed) -> None:
    for chart in listed.charts:
        told = [answer.json()["datasets"] for answer in await both(twins, f"/api/v1/charts/{chart['id']}", **WEEK)]
        if told[0] == told[1]:
            assert same(await both(twins, f"/api/v1/charts/{chart['id']}", **WEEK, format="svg")), chart["id"]
    told = [answer.json() for answer in await both(twins, "/api/v1/network", **WEEK)]
    assert [told[0][each] for each in ("entries", "groups")] == [told[1][each] for each in ("entries", "groups")]
    for form in ("csv", "graphml"):
        assert same(await both(twins, "/api/v1/network", **WEEK, format=form)), form
