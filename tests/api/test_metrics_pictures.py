"""Metrics and charts as pictures, and as specifications to embed: the guard holds for them as for numbers."""

import re
from typing import Any

import httpx
import pytest

from lrs.plugin.declared import DRAWN
from lrs.store.stores import Stores
from tests.api.conftest import Admit
from tests.api.samples import refused
from tests.api.talking import POSTS, WEEKS
from tests.living import Living, asked_by, new_store

SPAN = {"since": "2026-03-02", "until": "2026-03-30"}
BY_DEPARTMENT = {**SPAN, "group_by": "department"}
CHART = "/api/v1/charts/discussion.posts"
PNG = b"\x89PNG\r\n\x1a\n"


async def texts(lrs: Living, path: str = POSTS, **asked: str) -> list[str]:
    """Return the words of a picture."""
    answer = await lrs.http.get(path, params={"format": "svg", **asked})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/svg+xml"), answer.text
    return re.findall(r"<(?:text|tspan)[^>]*>([^<]+)<", answer.text)


async def spec(lrs: Living, **asked: str) -> dict[str, Any]:
    answer = await lrs.http.get(CHART, params=asked)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json"), answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_a_picture_of_a_metric_shows_weeks_with_title_and_window(talking: Living) -> None:
    shown = await texts(talking, **SPAN)

    assert "Posts" in shown
    assert "2 Mar – 29 Mar 2026, by week, whole store" in shown
    assert "1 of 4 withheld: too few people" in shown
    assert {"2 Mar", "9 Mar", "16 Mar", "23 Mar"} <= set(shown)


async def test_a_metric_without_a_chart_is_drawn_with_its_unit(talking: Living) -> None:
    metrics = (await talking.http.get("/api/v1/metrics")).json()["metrics"]
    alone = next(each for each in metrics if not each["charts"] and each["unit"] == "n")

    shown = await texts(talking, f"/api/v1/metrics/{alone['id']}", **SPAN)

    assert {alone["title"], "number", "week from"} <= set(shown)


async def test_groups_are_bars_by_name_and_a_withheld_one_has_none(talking: Living) -> None:
    shown = await texts(talking, **{**BY_DEPARTMENT, "until": "2026-03-09"})

    assert [text for text in shown if text in ("East", "North", "West")] == ["East", "North", "West"]
    assert "2 of 3 withheld: too few people" in shown
    assert shown.count("too few people") == 2
    assert "12" in shown
    answer = await talking.http.get(POSTS, params={**BY_DEPARTMENT, "until": "2026-03-09", "format": "svg"})
    assert re.findall(r'aria-label="([^"]*)" role="graphics-symbol" aria-roledescription="bar"', answer.text) == [
        "number: 12; group: North"
    ]


async def test_groups_over_weeks_have_a_panel_each(talking: Living) -> None:
    shown = await texts(talking, **BY_DEPARTMENT, bucket="week")

    assert {"East", "North", "West", "2 Mar – 29 Mar 2026, by week, by department"} <= set(shown)


async def test_a_picture_of_one_group_names_it(talking: Living) -> None:
    shown = await texts(talking, **BY_DEPARTMENT, group="North")

    assert "Posts – North" in shown
    assert "2 Mar – 29 Mar 2026, by week, one department" in shown


async def test_a_picture_of_groups_nobody_knows_says_so(talking: Living) -> None:
    shown = await texts(talking, **SPAN, group_by="team")

    assert "Nothing can be shown: nobody is known to belong there" in shown


@pytest.mark.parametrize("path", [POSTS, CHART])
async def test_png_is_a_picture_too(talking: Living, path: str) -> None:
    answer = await talking.http.get(path, params={**SPAN, "format": "png"})

    assert answer.headers["Content-Type"] == "image/png"
    assert answer.content.startswith(PNG)
    name = "discussion.posts_2026-03-02_2026-03-30.png"
    assert answer.headers["Content-Disposition"] == f'inline; filename="{name}"'


async def test_nothing_in_a_picture_may_run_in_a_browser(talking: Living) -> None:
    answer = await talking.http.get(POSTS, params={**SPAN, "format": "svg"})

    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]


async def test_a_chart_is_answered_as_a_specification_with_its_rows(talking: Living) -> None:
    told = await spec(talking, **SPAN)

    rows = told["datasets"]["rows"]
    assert told["data"] == {"name": "rows"}
    assert [(row["metric"], row["value"], row["reason"]) for row in rows if row["metric"] == "Posts"] == [
        ("Posts", 26, None),
        ("Posts", 6, None),
        ("Posts", None, "too_few_people"),
        ("Posts", 13, None),
    ]
    assert {row["metric"] for row in rows} == {"Posts", "Threads"}
    assert set(DRAWN) <= rows[0].keys()  # which no number beside may be called
    assert {row["group"] for row in rows} == {"whole store"}
    assert rows[0]["start"] == "2026-03-02T00:00:00.000"
    about = told["usermeta"]
    assert about["metrics"] == ["discussion.posts", "discussion.threads"]
    assert (about["values"], about["withheld"], about["stale"]) == (8, 2, False)


async def test_a_chart_shows_what_its_metrics_do(talking: Living) -> None:
    rows = (await spec(talking, **BY_DEPARTMENT))["datasets"]["rows"]
    metric = await talking.metric("discussion.posts", **BY_DEPARTMENT, bucket="week")

    told = [(row["group"], row["value"], row["reason"]) for row in rows if row["metric"] == "Posts"]
    assert told == [(row["group"], row["value"], row["reason"]) for row in metric["rows"]]
    assert ("East", None, "too_few_people") in told


async def test_every_chart_can_be_drawn(talking: Living) -> None:
    charts = (await talking.http.get("/api/v1/charts")).json()["charts"]

    assert charts
    for chart in charts:
        for asked in (SPAN, BY_DEPARTMENT):
            assert chart["title"] in await texts(talking, f"/api/v1/charts/{chart['id']}", **asked)


async def test_charts_are_listed_with_what_they_show(shared: Living) -> None:
    listed = (await shared.http.get("/api/v1/charts")).json()["charts"]

    posts = next(each for each in listed if each["id"] == "discussion.posts")
    assert posts["metrics"] == ["discussion.posts", "discussion.threads"]
    assert (posts["plugin"], posts["bucket"], posts["formats"]) == ("discussion", "week", ["json", "svg", "png"])
    assert posts["title"]
    assert posts["description"].endswith(".")


@pytest.mark.parametrize(
    ("path", "asked", "status", "where"),
    [
        ("/api/v1/charts/nothing.posts", {}, 404, "charts/nothing.posts"),
        ("/api/v1/charts/discussion.nothing", {}, 404, "charts/discussion.nothing"),
        ("/api/v1/charts/discussion", {"format": "svg"}, 404, "charts/discussion"),
        ("/api/v1/charts", {"since": "2026-03-02"}, 400, "since"),
        (CHART, {"bucket": "day"}, 400, "bucket"),
        (CHART, {"format": "csv"}, 400, "format"),
        (CHART, {"compare": "previous"}, 400, "compare"),
        (CHART, {"group": "North"}, 400, "group"),
        (CHART, {"since": "2000-01-01", "until": "2000-01-01"}, 400, "until"),
        (CHART, {"format": "png", "sinse": "2026-03-02"}, 400, "sinse"),
        (POSTS, {"format": "svg", "compare": "previous"}, 400, "compare"),
        (POSTS, {"format": "png", "group_by": "team", "bucket": "day"}, 400, "bucket"),
    ],
)
async def test_a_question_that_can_not_be_drawn_is_refused_by_its_place(
    shared: Living, path: str, asked: dict[str, str], status: int, where: str
) -> None:
    error = refused(await shared.http.get(path, params=asked), status)

    assert error["where"] == where
    assert error["accepted"]


async def test_an_unknown_chart_is_refused_with_the_known_ones(shared: Living) -> None:
    error = refused(await shared.http.get("/api/v1/charts/discussion.nothing"), 404)

    assert "discussion.posts" in error["accepted"]


@pytest.mark.parametrize("path", ["/api/v1/charts", CHART, f"{CHART}?format=svg"])
async def test_who_may_not_read_metrics_sees_no_chart(talking: Living, admit: Admit, path: str) -> None:
    guest = await admit("all", "admin", store=talking.store.name)
    analyst = await admit("analytics/read", store=talking.store.name)

    refused(await guest.http.get(path), 403)
    refused(await talking.http.get(path, auth=httpx.BasicAuth("nobody", "at all")), 401)
    assert (await analyst.http.get(path)).status_code == 200


async def test_another_stores_chart_is_empty(talking: Living, stores: Stores) -> None:
    async with new_store(stores) as other, asked_by(talking.http._transport, other, stores) as elsewhere:  # type: ignore[arg-type]
        told = await spec(elsewhere, **SPAN)
        assert {row["reason"] for row in told["datasets"]["rows"]} == {"no_data"}
        assert "2 of 2 unknown: nothing it could be made of" in await texts(elsewhere, CHART, **SPAN)


async def test_a_disabled_plugin_has_no_chart(lrs: Living) -> None:
    assert (await lrs.http.post("/api/v1/plugins/discussion/disable")).status_code == 200

    assert refused(await lrs.http.get(CHART), 409)["where"] == "charts/discussion.posts"


async def test_names_of_persons_are_in_no_picture(talking: Living) -> None:
    for path, asked in ((POSTS, WEEKS), (POSTS, BY_DEPARTMENT), (CHART, BY_DEPARTMENT)):
        answer = await talking.http.get(path, params={**asked, "format": "svg"})
        assert "example.org" not in answer.text.replace("http://www.w3.org", "")
        assert "Person" not in answer.text
