"""The README's guide to writing a plugin, followed word for word by somebody who has an LRS installed."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.memory import folder_in_memory
from tests.plugin.tutorial import ROOT, Environment, Reader, section

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

README = (ROOT / "README.md").read_text()
GUIDE = section(README, "Writing a plugin")


@pytest.fixture
async def reader(tmp_path: Path) -> AsyncIterator[Reader]:
    with folder_in_memory() as temporary:
        following = Reader(Environment(tmp_path, temporary))
        yield following
        await following.stop()


def answers(printed: str) -> list[Any]:
    """Return the JSON answers in what curl printed; it ends none with a line break."""
    decoder, found, at = json.JSONDecoder(), [], 0
    while (begin := min((n for n in (printed.find("{", at), printed.find("[", at)) if n >= 0), default=-1)) >= 0:
        answer, at = decoder.raw_decode(printed, begin)
        found.append(answer)
    return found


async def test_the_guide_is_followed_word_for_word(reader: Reader) -> None:
    made, things, value, tested, served, told, configured, removed = GUIDE

    printed = await reader.follow(made)
    assert re.search(r"\b8 passed", printed)
    assert "Success: no issues found" in printed

    await reader.follow(things)
    await reader.follow(value)
    assert re.search(r"\b8 passed", await reader.follow(tested))

    await reader.follow(served)
    printed = await reader.follow(told)
    assert re.search(r"reading.*enabled.*lrs-plugin-reading 0.1.0", printed)
    ask = f"curl -s -u me:mine http://127.0.0.1:{reader.environment.port}/api/v1"
    await reader.until(f"{ask}/metrics/reading.viewers", '"value":5')
    await reader.until(f"{ask}/metrics/reading.things", '"value":1')

    printed = await reader.follow(configured)
    in_force = {"own": True, "least_views": 2}
    assert {"config": in_force, "changed": {"own": True}, "rebuild": True} in answers(printed)
    assert re.search(r"least_views\W+3\W+2", printed)
    assert "reading is rebuilt." in printed
    assert re.search(r"reading.*ok", printed)
    await reader.until(f"{ask}/metrics/reading.viewers", '"value":5')

    printed = await reader.follow(removed)
    assert re.search(r"reading.*absent", printed)
    await reader.stop()
    await reader.serve()
    listed = {each["name"]: each for each in answers(await reader.type(f"{ask}/plugins"))[0]["plugins"]}
    assert listed["reading"]["installed"] is False
    assert '"position":5' in await reader.type(f"{ask}/plugins/reading/status")  # its view is kept
    assert '"status":404' in await reader.type(f"{ask}/metrics/reading.viewers")


def test_every_block_of_the_guide_is_followed() -> None:
    assert [block.kind for block in GUIDE] == ["sh", "python", "python", "sh", "sh", "sh", "sh", "sh"]
