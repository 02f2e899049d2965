import asyncio
import gc
import os
import re
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import vl_convert

from lrs.core.analytics import vega
from lrs.core.analytics.drawing import Drawing
from lrs.core.analytics.guard import Reason
from lrs.errors import LRSError
from tests.core.analytics.test_pictures import chart, drawn, rows

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
HIDDEN = Reason.TOO_FEW_PEOPLE


@pytest.fixture(scope="module")
def drawing() -> Drawing:
    return Drawing()


@pytest.fixture
def asked_for() -> Iterator[tuple[str, list[str]]]:
    """An address, and the paths that anybody has asked it for."""
    paths: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_error(404)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", paths
        server.shutdown()


def texts(svg: bytes) -> list[str]:
    return re.findall(r"<(?:text|tspan)[^>]*>([^<]+)<", svg.decode())


def lines(svg: bytes) -> list[str]:
    return re.findall(r'aria-roledescription="line mark"[^>]* d="([^"]*)"', svg.decode())


def programs() -> set[int]:
    """The programs that draw for this process."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile
            parent = (process / "stat").read_text().rpartition(")")[2].split()[1]
            if int(parent) == os.getpid() and b"drawer.py" in (process / "cmdline").read_bytes():
                found.add(int(process.name))
    return found


async def test_a_picture_says_title_unit_window_and_what_is_withheld(drawing: Drawing) -> None:
    svg = await drawing.svg("talk.posts", drawn(rows(1, HIDDEN, 3)).spec())

    assert svg.startswith(b"<svg")
    for text in ("Posts", "number", "week from", "2 Mar – 22 Mar 2026, by week, whole store"):
        assert text in texts(svg)
    assert "1 of 3 withheld: too few people" in texts(svg)


async def test_what_is_withheld_leaves_a_gap(drawing: Drawing) -> None:
    whole = await drawing.svg("talk.posts", drawn(rows(1, 2, 3, 4, 5)).spec())
    broken = await drawing.svg("talk.posts", drawn(rows(1, 2, HIDDEN, 4, 5)).spec())

    assert [path.count("M") for path in lines(whole)] == [1]
    assert [path.count("M") for path in lines(broken)] == [2]
    assert broken.decode().count('aria-roledescription="point"') == 4


async def test_bars_stand_in_the_order_of_names_and_say_why_one_is_missing(drawing: Drawing) -> None:
    found = [
        *rows(9, group="b", bucket=False),
        *rows(HIDDEN, group="a", bucket=False),
        *rows(1, group="c", bucket=False),
    ]

    shown = texts(await drawing.svg("talk.posts", drawn(found, bucket=None, by="team").spec()))

    assert [text for text in shown if text in "abc"] == ["a", "b", "c"]
    assert "too few people" in shown
    assert {"9", "1"} <= set(shown)


async def test_long_names_that_differ_in_their_ends_can_be_told_apart(drawing: Drawing) -> None:
    courses = [f"https://moodle.example.org/courses/of/the/enterprise/view.php?id={n}" for n in (17, 18)]
    over_time = [row for course in courses for row in rows(1, 2, group=course)]
    at_once = [row for course in courses for row in rows(1, group=course, bucket=False)]

    for found, bucket in ((over_time, "week"), (at_once, None)):
        shown = texts(await drawing.svg("talk.posts", drawn(found, bucket=bucket, by="course").spec()))
        assert [any(text.endswith(f"id={n}") for text in shown) for n in (17, 18)] == [True, True]


async def test_a_group_may_have_any_name(drawing: Drawing) -> None:
    svg = await drawing.svg("talk.posts", drawn(rows(1, group="<script>&'\""), by="team", group="<script>&'\"").spec())

    assert b"<script" not in svg
    assert "Posts – &lt;script&gt;" in svg.decode()


async def test_png_is_drawn_at_twice_the_size(drawing: Drawing) -> None:
    spec = drawn(rows(1, 2)).spec()
    svg, png = await drawing.svg("talk.posts", spec), await drawing.png("talk.posts", spec)

    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width = re.search(rb'width="(\d+)"', svg)
    assert width is not None
    assert int.from_bytes(png[16:20], "big") == 2 * int(width[1])


async def test_nothing_is_fetched_whatever_a_chart_names(drawing: Drawing, asked_for: tuple[str, list[str]]) -> None:
    url, paths = asked_for
    image = {"mark": {"type": "image", "url": f"{url}/image.png"}, "encoding": chart().spec["encoding"]}
    spec = drawn(rows(1, 2)).spec()
    lookup = {"lookup": "group", "from": {"data": {"url": f"{url}/data.json"}, "key": "a", "fields": ["b"]}}

    for draw in (drawing.svg, drawing.png):
        for part in (image, {"transform": [lookup]}):
            with pytest.raises(LRSError, match="can't be drawn") as failed:
                await draw("talk.outside", {**spec, **part})
            assert (failed.value.where, "not allowed" in failed.value.why) == ("talk.outside", True)

    assert paths == []


async def test_a_fault_in_a_chart_is_told_with_its_name_and_stops_no_other(drawing: Drawing) -> None:
    with pytest.raises(LRSError) as failed:
        await drawing.png("talk.broken", {"mark": "nothing", "data": {"name": "rows"}})

    assert (failed.value.status, failed.value.where) == (500, "talk.broken")
    assert "\n" not in failed.value.why
    assert await drawing.svg("talk.posts", drawn(rows(1)).spec())


async def test_all_other_work_goes_on_while_pictures_are_drawn(drawing: Drawing) -> None:
    many = [row for n in range(40) for row in rows(*range(1, 60), group=f"group {n}")]
    task = asyncio.create_task(drawing.png("talk.posts", drawn(many, by="team").spec()))
    turns = 0

    while not task.done():
        await asyncio.sleep(0.01)
        turns += 1

    assert turns > 5
    assert await task


@ON_LINUX
async def test_the_program_that_draws_is_started_again_when_it_has_ended() -> None:
    others, drawing, spec = programs(), Drawing(), drawn(rows(1)).spec()
    first = await drawing.svg("talk.posts", spec)
    (program,) = programs() - others

    os.kill(program, signal.SIGKILL)

    assert await drawing.svg("talk.posts", spec) == first
    assert len(programs() - others - {program}) == 1


@ON_LINUX
async def test_the_program_ends_with_who_started_it() -> None:
    others, drawing = programs(), Drawing()
    await drawing.svg("talk.posts", drawn(rows(1)).spec())
    assert len(programs() - others) == 1

    del drawing
    gc.collect()

    assert programs() <= others


async def test_what_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    drawing, spec = Drawing(), drawn(rows(1)).spec()
    await drawing.svg("talk.posts", spec)
    monkeypatch.setattr("lrs.core.analytics.drawing.LONGEST_S", 0.3)
    endless = {"data": {"sequence": {"start": 0, "stop": 50_000_000}}, "mark": "point", "encoding": {}}

    with pytest.raises(LRSError) as failed:
        await drawing.svg("talk.endless", endless)

    assert "took longer" in failed.value.why
    monkeypatch.undo()
    assert await drawing.svg("talk.posts", spec)


def test_the_version_of_vega_lite_is_the_one_that_draws() -> None:
    newest = vl_convert.get_vegalite_versions()[-1]

    assert f"/v{newest.partition('.')[0]}.json" in vega.SCHEMA
