"""`lrs people`, as a program of its own on the database of a running LRS."""

import json
from pathlib import Path

import pytest

from tests.cli.commands import Command
from tests.living import Living


@pytest.fixture
def command(mongodb_url: str) -> Command:
    return Command(mongodb_url)


async def test_people_of_a_table_and_of_json_are_imported_and_listed(
    lrs: Living, command: Command, tmp_path: Path
) -> None:
    store = ("--store", lrs.store.name)
    table, parsed = tmp_path / "people.csv", tmp_path / "people.json"
    table.write_text(
        "id,name,identifiers,kind,group\np1,Ann [b],mailto:ann@example.org,team,A\np1,,,team,B\np2,Ben,,,\n"
    )
    parsed.write_text(json.dumps({"people": [{"id": "p3", "name": "Cem", "opt_out": True}]}))

    told = await command("people", "import", str(table), *store)
    await command("people", "import", str(parsed), *store)

    assert told == "2 people are in people.csv; 2 of them are new or changed.\n"
    everybody = await command("people", "list", *store)
    (ann,) = (line for line in everybody.splitlines() if "p1" in line)
    assert all(each in ann for each in ("Ann [b]", "mbox:mailto:ann@example.org", "team A, team B"))
    (cem,) = (line for line in everybody.splitlines() if "p3" in line)
    assert "opted out" in cem
    assert "p2" not in await command("people", "list", *store, "--kind", "team", "--group", "B")


async def test_a_mistake_is_told_in_one_line_with_its_place(lrs: Living, command: Command, tmp_path: Path) -> None:
    store = ("--store", lrs.store.name)
    table = tmp_path / "people.csv"
    table.write_text("id,kind,group\np1,club,A\n")

    assert (await command("people", "import", str(table), *store, status=1)).startswith("lrs: line 2, column kind: ")
    assert "can't be read" in await command("people", "import", str(tmp_path / "none.csv"), *store, status=1)
    assert "can't be used" in await command("people", "import", str(tmp_path / "people.xlsx"), *store, status=1)
    assert "kind" in await command("people", "list", *store, "--group", "A", status=1)
