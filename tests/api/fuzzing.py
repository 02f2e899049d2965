"""Sending whatever hypothesis and schemathesis think of.

A short run is part of the tests. With FUZZ_SECONDS, the tests that fuzz share that time, and each round has other data:
`FUZZ_SECONDS=1800 .venv/bin/python -m pytest --timeout=0 tests/api/test_fuzz*.py`. A failure prints what was sent.
"""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import httpx
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case

from tests.api.samples import refused

T = TypeVar("T")
SECONDS = float(os.environ.get("FUZZ_SECONDS", "0"))
TESTS = 8  # which share the seconds


async def fuzz(strategy: st.SearchStrategy[T], send: Callable[[T], Awaitable[None]], examples: int) -> None:
    """Send examples of the strategy, in rounds until the time is over. They are made in a thread beside the loop."""
    loop, begin = asyncio.get_running_loop(), time.monotonic()

    def one_round(number: int) -> None:
        @seed(number)
        @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(strategy)
        def send_one(example: T) -> None:
            asyncio.run_coroutine_threadsafe(_awaited(send(example)), loop).result()

        send_one()

    number = 0
    while number == 0 or time.monotonic() - begin < SECONDS / TESTS:
        await asyncio.to_thread(one_round, number)
        number += 1


async def _awaited(sending: Awaitable[None]) -> None:
    await sending


def answered(answer: httpx.Response) -> None:
    """Check that the server did not fail, and told a refusal in the one shape."""
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400 and answer.request.method != "HEAD":
        refused(answer, answer.status_code)


def sendable(http: httpx.AsyncClient, case: Case[Any]) -> httpx.Request | None:
    """Return the request of a case; None for one that no client can send. It has the version that all have here."""
    asked = case.as_transport_kwargs(base_url=str(http.base_url))
    body = {"json": asked["json"]} if "json" in asked else {"content": asked["data"]} if "data" in asked else {}
    headers = {name: value for name, value in asked["headers"].items() if name.lower() != "x-experience-api-version"}
    try:
        return http.build_request(asked["method"], asked["url"], params=asked["params"], headers=headers, **body)
    except (UnicodeEncodeError, ValueError, TypeError, httpx.InvalidURL):
        return None
