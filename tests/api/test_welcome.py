"""What a person sees in a browser, and that its links hold behind a proxy."""

import re

import pytest

from tests.api.conftest import application
from tests.living import Living

PREFIXES = {"https://lms.example.org/learning/lrs": "/learning/lrs", "https://lms.example.org/": "", None: ""}


@pytest.mark.parametrize("path", ["/", "/xapi", "/xAPI/", "/data/xAPI"])
async def test_the_endpoint_says_how_a_client_is_pointed_at_it(shared: Living, path: str) -> None:
    answer = await shared.http.get(path)

    assert answer.status_code == 200
    assert "<code>http://lrs.example.org/xapi</code>" in answer.text


@pytest.mark.parametrize("public_url", PREFIXES)
async def test_pages_and_their_files_are_found_behind_a_proxy(mongodb_url: str, public_url: str | None) -> None:
    prefix = PREFIXES[public_url]
    async with application(mongodb_url, public_url=public_url) as http:
        welcome, docs = (await http.get("/")).text, (await http.get("/docs")).text
        linked = re.findall(r"""(?:src|href|url: ?)=?["']([^"']+)["']""", docs)
        answers = [await http.get(link.removeprefix(prefix)) for link in linked]
        described = (await http.get("/openapi.json")).json()

    assert (public_url or "http://lrs.example.org").rstrip("/") + "/xapi" in welcome
    assert f'href="{prefix}/docs"' in welcome
    assert len(linked) >= 3
    assert all(link.startswith(f"{prefix}/") for link in linked)
    assert [answer.status_code for answer in answers] == [200] * len(linked)
    assert described.get("servers", [{"url": ""}])[0]["url"] == prefix
