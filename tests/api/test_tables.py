"""Tables of people, one by one: who may see them, what is shown of whom, and what the audit says of it."""

import csv
import io
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from lrs.kit.derivation import Derivation
from lrs.store.stores import Stores
from lrs.xapi import Json
from lrs.xapi.values import format_timestamp
from tests.api.conftest import Admit
from tests.api.samples import refused
from tests.core.analytics.samples import DAY, MONDAY, WEEK
from tests.living import Living

TABLES, PAIRS = "/api/v1/tables", "/api/v1/tables/mentoring.pairs"
AUDIT = "/api/v1/audit"
WINDOW = {"since": "2026-03-02", "until": "2026-05-31"}
MENTORED = "http://id.tincanapi.com/verb/mentored"


def agent(name: str) -> Json:
    return {"objectType": "Agent", "mbox": f"mailto:{name}@example.org"}


def met(mentor: str, mentee: str, at: timedelta) -> Json:
    told = {"actor": agent(mentor), "verb": {"id": MENTORED}, "object": agent(mentee)}
    return {"id": str(uuid4()), "timestamp": format_timestamp(MONDAY + at), **told}


def of_pairs(numbers: Sequence[int]) -> list[Json]:
    """Each pair meets on three Mondays, at an hour of its own."""
    hours = timedelta(hours=1)
    return [met(f"mentor{n}", f"mentee{n}", week * WEEK + n * hours) for n in numbers for week in range(3)]


async def tell(lrs: Living, derivation: Derivation, statements: Sequence[Json]) -> None:
    answer = await lrs.post(list(statements))
    assert answer.status_code == 200, answer.text
    await derivation.take(answer.json())
    await derivation.apply()


async def opt(lrs: Living, *names: str, out: bool = False) -> None:
    flags = {"opt_in": not out, "opt_out": out}
    people = [{"id": name.upper(), "name": f"Name of {name}", "identifiers": [agent(name)], **flags} for name in names]
    assert (await lrs.http.put("/api/v1/people", json={"people": people})).status_code == 200


async def shown(lrs: Living, **parameters: str) -> Json:
    answer = await lrs.http.get(PAIRS, params={**WINDOW, **parameters})
    assert answer.status_code == 200, answer.text
    told: Json = answer.json()
    return told


async def test_the_tables_are_listed_with_what_their_columns_mean(lrs: Living, admit: Admit) -> None:
    listed = (await (await admit("analytics/read")).http.get(TABLES)).json()["tables"]

    (pairs,) = [each for each in listed if each["id"] == "mentoring.pairs"]
    assert list(pairs["columns"])[:3] == ["mentor", "mentee", "declared"]
    assert pairs["privacy"] == "person"


@pytest.mark.parametrize("scope", ["analytics/read", "all", "admin"])
async def test_only_who_may_identify_people_sees_a_table(lrs: Living, admit: Admit, scope: str) -> None:
    refused(await (await admit(scope)).http.get(PAIRS), 403)

    assert (await lrs.http.get(AUDIT, params={"what": "names"})).json()["audit"] == []


async def test_pairs_are_shown_by_pseudonyms(lrs: Living, admit: Admit, derivation: Derivation) -> None:
    await tell(lrs, derivation, of_pairs(range(10)))
    analyst = await admit("analytics/identify")

    told = await shown(analyst)

    assert (told["people"], told["named"], len(told["rows"])) == (20, 0, 10)
    assert all(row["mentor"].startswith("p-") and row["mentor_name"] is None for row in told["rows"])
    assert len({row[who] for row in told["rows"] for who in ("mentor", "mentee")}) == 20
    assert {(row["sessions"], row["median_gap_s"], row["declared"]) for row in told["rows"]} == {(3, 604800.0, False)}
    assert "example.org" not in str(told)


async def test_a_pseudonym_is_the_same_in_the_next_answer_as_long_as_the_stores_key_is_there(
    lrs: Living, derivation: Derivation, stores: Stores
) -> None:
    await tell(lrs, derivation, of_pairs(range(10)))

    first = await shown(lrs)
    assert first["rows"] == (await shown(lrs))["rows"]

    record = {"_id": lrs.store.name}
    kept = await stores.control["stores"].find_one(record)
    assert kept is not None
    assert len(kept["pseudonym_key"]) == 32
    await stores.control["stores"].update_one(record, {"$unset": {"pseudonym_key": ""}})
    assert {row["mentor"] for row in first["rows"]}.isdisjoint(row["mentor"] for row in (await shown(lrs))["rows"])


async def test_fewer_than_twenty_people_are_not_shown(lrs: Living, derivation: Derivation) -> None:
    await tell(lrs, derivation, of_pairs(range(9)))

    error = refused(await lrs.http.get(PAIRS, params=WINDOW), 409)

    assert error["where"] == "tables/mentoring.pairs"
    assert "fewer than 20" in error["why"]
    assert (await lrs.http.get(AUDIT, params={"what": "names"})).json()["audit"] == []


async def test_a_store_without_anything_shows_nobody(lrs: Living) -> None:
    refused(await lrs.http.get(PAIRS), 409)


async def test_who_opted_in_is_named_where_the_other_did_too(lrs: Living, derivation: Derivation) -> None:
    await tell(lrs, derivation, of_pairs(range(12)))
    await opt(lrs, "mentor0", "mentee0", "mentor1")

    told = await shown(lrs)

    (named,) = [row for row in told["rows"] if row["mentor_name"] is not None]
    assert (named["mentor"], named["mentor_name"]) == ("MENTOR0", "Name of mentor0")
    assert (named["mentee"], named["mentee_name"]) == ("MENTEE0", "Name of mentee0")
    assert told["named"] == 2
    assert "mentor1" not in str(told).lower()


async def test_few_who_did_not_opt_in_hide_the_whole(lrs: Living, derivation: Derivation) -> None:
    await tell(lrs, derivation, of_pairs(range(12)))
    await opt(lrs, *(f"{who}{n}" for who in ("mentor", "mentee") for n in range(11)))

    assert "have not opted in" in refused(await lrs.http.get(PAIRS, params=WINDOW), 409)["why"]


async def test_who_opted_out_is_in_no_row(lrs: Living, derivation: Derivation) -> None:
    await tell(lrs, derivation, of_pairs(range(11)))
    await opt(lrs, "mentor0", out=True)

    told = await shown(lrs)

    assert (told["people"], len(told["rows"])) == (20, 10)


async def test_who_leaves_the_named_has_a_pseudonym_again(lrs: Living, derivation: Derivation) -> None:
    await tell(lrs, derivation, of_pairs(range(12)))
    await opt(lrs, "mentor0", "mentee0")
    assert (await shown(lrs))["named"] == 2

    people = [{"id": "MENTOR0", "identifiers": [agent("mentor0")]}]
    await lrs.http.put("/api/v1/people", json={"people": people})

    assert (await shown(lrs))["named"] == 0


async def test_two_accounts_of_one_person_are_one_in_the_table(lrs: Living, derivation: Derivation) -> None:
    await tell(lrs, derivation, of_pairs(range(11)))
    one = {"id": "M", "identifiers": [agent("mentor0"), agent("mentor1")]}
    await lrs.http.put("/api/v1/people", json={"people": [one]})

    told = await shown(lrs)

    assert (told["people"], len(told["rows"]), len({row["mentor"] for row in told["rows"]})) == (21, 11, 10)


async def test_a_window_may_be_chosen(lrs: Living, derivation: Derivation) -> None:
    await tell(lrs, derivation, of_pairs(range(10)))

    told = await shown(lrs, since=format_timestamp(MONDAY + WEEK + DAY))

    assert {row["sessions"] for row in told["rows"]} == {1}
    assert told["window"] == {"since": "2026-03-10T00:00:00.000Z", "until": "2026-05-31T00:00:00.000Z"}


async def test_a_table_comes_as_csv(lrs: Living, derivation: Derivation) -> None:
    await tell(lrs, derivation, of_pairs(range(10)))

    answer = await lrs.http.get(PAIRS, params={**WINDOW, "format": "csv"})

    assert answer.headers["content-type"].startswith("text/csv")
    read = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(read) == 10
    assert (read[0]["declared"], read[0]["sessions"], read[0]["mentor_name"]) == ("false", "3", "")


async def test_each_answer_is_audited_with_who_what_when_and_how_many(
    lrs: Living, admit: Admit, derivation: Derivation
) -> None:
    await tell(lrs, derivation, of_pairs(range(12)))
    await opt(lrs, "mentor0", "mentee0")
    analyst = await admit("analytics/identify")

    await shown(analyst)
    await analyst.http.get(PAIRS, params={**WINDOW, "format": "csv"})

    second, first = (await lrs.http.get(AUDIT, params={"what": "names"})).json()["audit"]
    window = {"since": "2026-03-02T00:00:00.000Z", "until": "2026-05-31T00:00:00.000Z"}
    assert first["who"] == analyst.key
    assert (first["what"], first["of"]) == ("table.person", "mentoring.pairs")
    assert first["after"] == {**window, "format": "json", "people": 24, "named": 2}
    assert second["after"]["format"] == "csv"
    assert first["told"] == (
        "was shown the table mentoring.pairs, 2026-03-02T00:00:00.000Z to 2026-05-31T00:00:00.000Z: "
        "24 people, 2 of them by name"
    )


@pytest.mark.parametrize(
    ("path", "parameters", "status", "where"),
    [
        (f"{TABLES}/mentoring.nothing", {}, 404, "tables/mentoring.nothing"),
        (f"{TABLES}/nothing", {}, 404, "tables/nothing"),
        (PAIRS, {"group_by": "department"}, 400, "group_by"),
        (PAIRS, {"bucket": "week"}, 400, "bucket"),
        (PAIRS, {"format": "svg"}, 400, "format"),
        (PAIRS, {"since": "yesterday"}, 400, "since"),
        (PAIRS, {"since": "2026-03-02", "until": "2026-03-01"}, 400, "until"),
    ],
)
async def test_what_can_not_be_asked_is_refused(
    lrs: Living, path: str, parameters: dict[str, Any], status: int, where: str
) -> None:
    error = refused(await lrs.http.get(path, params=parameters), status)

    assert error["where"] == where
    assert error["accepted"]


async def test_a_disabled_plugin_shows_no_table(lrs: Living) -> None:
    await lrs.http.post("/api/v1/plugins/mentoring/disable")

    assert "disabled" in refused(await lrs.http.get(PAIRS), 409)["what"]


async def test_another_store_has_people_of_its_own(lrs: Living, shared: Living, derivation: Derivation) -> None:
    await tell(lrs, derivation, of_pairs(range(10)))

    refused(await shared.http.get(PAIRS, params=WINDOW), 409)
