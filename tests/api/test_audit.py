"""The audit over the API: who did what in a store, in words, in pages, as JSON and CSV."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from lrs.core.audited import GROUPS, WORDS
from lrs.store.stores import Stores
from lrs.xapi import Json
from tests.api.conftest import Admit
from tests.api.samples import refused
from tests.living import Living

AUDIT, PLUGIN = "/api/v1/audit", "/api/v1/plugins/discussion"
WINDOW = {"since": "2026-03-02T00:00:00.000Z", "until": "2026-05-31T00:00:00.000Z"}


async def audit(lrs: Living, **parameters: Any) -> list[Json]:
    answer = await lrs.http.get(AUDIT, params=parameters)
    assert answer.status_code == 200, answer.text
    entries: list[Json] = answer.json()["audit"]
    return entries


async def told(lrs: Living, **parameters: Any) -> list[str]:
    return [each["told"] for each in await audit(lrs, **parameters)]


async def configure(lrs: Living, **config: Any) -> None:
    assert (await lrs.http.put(f"{PLUGIN}/config", json=config)).status_code == 200


async def put(lrs: Living, *ids: str) -> None:
    people = [{"id": each, "name": f"Name of {each}"} for each in ids]
    assert (await lrs.http.put("/api/v1/people", json={"people": people})).status_code == 200


async def was_shown(lrs: Living, stores: Stores, what: str, of: str, **after: Any) -> None:
    """Record an answer with names, as whatever gives one does."""
    shown = {"people": 34, "named": 5, "format": "json", **after}
    await stores.audit.record("an analyst", lrs.store.name, what, of, before={}, after=shown)


async def test_only_administrators_see_it_and_only_of_their_store(lrs: Living, other: Living, admit: Admit) -> None:
    await configure(lrs, grace_hours=1)

    refused(await (await admit("all", "analytics/identify")).http.get(AUDIT), 403)
    assert len(await audit(lrs)) == 1
    assert await audit(other) == []


async def test_what_administrators_do_with_plugins_is_told_in_words(lrs: Living) -> None:
    await configure(lrs, grace_hours=24)
    await configure(lrs, questions_only=False)
    for what in ("disable", "enable", "rebuild", "retry"):
        await lrs.http.post(f"{PLUGIN}/{what}")

    assert await told(lrs) == [
        "had the plugin discussion try again what it had failed on",
        "had all that the plugin discussion tells derived anew",
        "switched the plugin discussion on",
        "switched the plugin discussion off",
        "changed the settings of the plugin discussion: grace_hours from 24 to its default, "
        "questions_only from its default to false",
        "changed the settings of the plugin discussion: grace_hours from its default to 24",
    ]
    assert {each["who"] for each in await audit(lrs)} == {lrs.key}


async def test_a_long_setting_is_cut_in_words_and_whole_beside_them(lrs: Living) -> None:
    aliases = {f"https://example.org/verbs/{n}": "as:like" for n in range(20)}
    await lrs.http.put("/api/v1/plugins/interactions/config", json={"verb_aliases": aliases})

    (entry,) = await audit(lrs)

    assert len(entry["told"]) < 200
    assert entry["after"] == {"verb_aliases": aliases}


async def test_what_administrators_do_with_people_is_told_by_ids_and_never_by_names(lrs: Living) -> None:
    agent = {"mbox": "mailto:ann@example.org"}
    await put(lrs, "p1", "p2")
    await put(lrs, "p3")
    await lrs.http.post("/api/v1/people/merge", json={"into": "p1", "people": ["p2"]})
    await lrs.http.put("/api/v1/people", json={"people": [{"id": "p1", "identifiers": [agent]}]})
    await lrs.http.post("/api/v1/people/split", json={"person": "p1", "identifiers": [agent], "into": "p4"})
    await lrs.http.delete("/api/v1/people/p3")

    assert await told(lrs) == [
        "deleted the person p3",
        "gave identifiers of one person to another: p1, p4",
        "added or changed 1 person: p1",
        "made several people one person, which changed: p2",
        "added or changed 1 person: p3",
        "added or changed 2 people: p1, p2",
    ]
    assert "Name of" not in str(await audit(lrs))


async def test_who_gave_out_which_rights_is_told_without_the_secret(lrs: Living) -> None:
    asked = {"key": f"made by {lrs.key}", "name": "Ann", "scopes": ["analytics/read", "analytics/identify"]}
    made = (await lrs.http.post("/api/v1/credentials", json=asked)).json()
    await lrs.http.delete(f"/api/v1/credentials/{made['key']}")

    assert await told(lrs, what="rights") == [
        f"deleted the credential {made['key']}",
        f"made the credential {made['key']} for Ann, which may do: analytics/read, analytics/identify",
    ]
    assert made["secret"] not in str(await audit(lrs))


async def test_a_credential_stands_in_the_audit_of_the_store_it_opens(lrs: Living, other: Living) -> None:
    asked = {"name": "Ann", "store": other.store.name, "scopes": ["analytics/identify"]}
    made = (await lrs.http.post("/api/v1/credentials", json=asked)).json()

    (entry,) = await audit(other)
    assert (entry["who"], entry["of"], entry["what"]) == (lrs.key, made["key"], "credential.create")
    assert await audit(lrs) == []
    await lrs.http.delete(f"/api/v1/credentials/{made['key']}")
    assert (await audit(other))[0]["what"] == "credential.delete"


async def test_who_changed_what_is_dropped_from_statements_is_told(lrs: Living) -> None:
    path, settings = f"/api/v1/stores/{lrs.store.name}/redaction", {"defaults": False, "rules": []}
    for _ in range(2):  # the second time it changes nothing
        assert (await lrs.http.put(path, json=settings)).status_code == 200

    (entry,) = await audit(lrs, what="rights")
    assert entry["told"] == f"changed what is dropped from statements in the store {lrs.store.name}"
    assert (entry["before"]["defaults"], entry["after"]["defaults"]) == (True, False)


async def test_who_was_shown_people_is_told_with_how_many(lrs: Living, stores: Stores) -> None:
    await was_shown(lrs, stores, "network.person", "2026-03-02 to 2026-05-31")
    await was_shown(lrs, stores, "table.person", "mentoring.pairs", **WINDOW, people=1)

    assert await told(lrs, what="names") == [
        "was shown the table mentoring.pairs, 2026-03-02T00:00:00.000Z to 2026-05-31T00:00:00.000Z: 1 person, "
        "5 of them by name",
        "was shown the network between people, 2026-03-02 to 2026-05-31: 34 people, 5 of them by name",
    ]


async def test_an_entry_of_a_kind_that_nobody_knows_is_listed_as_it_is(lrs: Living, stores: Stores) -> None:
    await stores.audit.record("somebody", lrs.store.name, "moon.landing", "apollo", before={}, after={})

    assert await told(lrs) == ["moon.landing apollo"]


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("plugins", ["plugin.enabled", "plugin.config"]),
        ("people", ["people.put"]),
        ("names", ["table.person"]),
        ("plugin.config", ["plugin.config"]),
        ("rights", []),
    ],
)
async def test_only_some_kinds_are_asked_for(lrs: Living, stores: Stores, what: str, expected: list[str]) -> None:
    await configure(lrs, grace_hours=1)
    await put(lrs, "p1")
    await was_shown(lrs, stores, "table.person", "mentoring.pairs", **WINDOW)
    await lrs.http.post(f"{PLUGIN}/disable")

    assert [each["what"] for each in await audit(lrs, what=what)] == expected


async def test_pages_miss_nothing_also_of_one_kind(lrs: Living) -> None:
    for hours in range(5):
        await configure(lrs, grace_hours=hours)
        await put(lrs, f"p{hours}")

    pages, more = [], f"{AUDIT}?limit=2&what=plugins"
    while more:
        page = (await lrs.http.get(more)).json()
        pages.append([each["after"]["grace_hours"] for each in page["audit"]])
        more = page["more"]

    assert pages == [[4, 3], [2, 1], [0]]


async def test_it_comes_as_csv_with_a_link_to_the_next_page(lrs: Living) -> None:
    for hours in range(3):
        await configure(lrs, grace_hours=hours)

    first = await lrs.http.get(AUDIT, params={"format": "csv", "limit": "2"})

    assert first.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(first.text)))
    assert list(rows[0]) == ["time", "who", "what", "of", "told", "before", "after"]
    assert [each["after"] for each in rows] == ['{"grace_hours":2}', '{"grace_hours":1}']
    rest = await lrs.http.get(first.links["next"]["url"])
    assert [each["before"] for each in csv.DictReader(io.StringIO(rest.text))] == ["{}"]
    assert "link" not in rest.headers


@pytest.mark.parametrize(
    ("parameters", "where"),
    [
        ({"what": "everything"}, "what"),
        ({"limit": "0"}, "limit"),
        ({"limit": "1001"}, "limit"),
        ({"format": "xml"}, "format"),
        ({"cursor": "here"}, "cursor"),
        ({"who": "ann"}, "who"),
    ],
)
async def test_what_can_not_be_asked_is_refused(lrs: Living, parameters: dict[str, str], where: str) -> None:
    assert refused(await lrs.http.get(AUDIT, params=parameters), 400)["where"] == where


async def test_the_kinds_that_can_be_asked_for_are_named(lrs: Living) -> None:
    accepted = refused(await lrs.http.get(AUDIT, params={"what": "everything"}), 400)["accepted"]

    assert {"names", "people", "plugins", "rights", "people.merge"} <= set(accepted.split(", "))


@pytest.mark.parametrize("what", [*GROUPS, *WORDS])
def test_everything_that_is_audited_stands_in_the_readme(what: str) -> None:
    assert f"`{what}`" in (Path(__file__).parents[2] / "README.md").read_text()
