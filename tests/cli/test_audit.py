"""`lrs audit`, as a program of its own."""

import csv
import io

from lrs.store.stores import Stores
from tests.cli.commands import Command
from tests.living import Living


async def test_it_prints_who_did_what_the_newest_first(lrs: Living, command: Command, stores: Stores) -> None:
    await lrs.http.put("/api/v1/plugins/discussion/config", json={"grace_hours": 24})
    await command("plugins", "disable", "discussion", "--store", lrs.store.name)
    await stores.audit.record("[b]", lrs.store.name, "people.delete", "[red]p1", before={}, after={})

    lines = [line for line in (await command("audit", "--store", lrs.store.name)).splitlines() if "20" in line]

    assert "[b]" in lines[0]
    assert "deleted the person [red]p1" in lines[0]
    assert "cli" in lines[1]
    assert "switched the plugin discussion off" in lines[1]
    assert lrs.key in lines[2]
    assert "grace_hours from its default to 24" in lines[2]


async def test_it_takes_a_kind_and_a_number(lrs: Living, command: Command) -> None:
    for hours in range(3):
        await lrs.http.put("/api/v1/plugins/discussion/config", json={"grace_hours": hours})

    store = ("--store", lrs.store.name)
    said = await command("audit", *store, "--what", "plugins", "--limit", "2")
    assert "to 2" in said
    assert "to 0" not in said
    assert "There are older ones" in said
    assert "grace_hours" not in await command("audit", *store, "--what", "names")


async def test_it_prints_csv(lrs: Living, command: Command) -> None:
    await lrs.http.put("/api/v1/plugins/discussion/config", json={"grace_hours": 24})

    (row,) = csv.DictReader(io.StringIO(await command("audit", "--csv", "--store", lrs.store.name)))

    assert (row["who"], row["after"]) == (lrs.key, '{"grace_hours":24}')


async def test_what_is_not_audited_is_one_line(command: Command) -> None:
    said = await command("audit", "--what", "everything", status=1)

    assert said.startswith("lrs: what: ")
    assert "names" in said
