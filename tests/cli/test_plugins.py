"""`lrs plugins`, as a program of its own on the database of a running LRS."""

import re
from pathlib import Path

import orjson
import pytest

from lrs.core.runner import reader_name
from lrs.store.plugin_settings import Chosen
from lrs.store.stores import Stores
from tests.cli.commands import Command
from tests.living import Living


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def test_plugins_are_listed_also_those_that_are_gone(lrs: Living, command: Command) -> None:
    await lrs.store.views.create("once_there", 0)

    said = await command("plugins", "list", "--store", lrs.store.name)

    assert re.search(r"discussion.*enabled.*social-lrs", said)
    assert re.search(r"interactions.*enabled", said)
    assert re.search(r"once_there.*absent", said)


async def test_settings_are_changed_one_by_one_and_told(lrs: Living, command: Command, stores: Stores) -> None:
    await command("plugins", "configure", "discussion", "grace_hours=24", "--store", lrs.store.name)

    said = await command("plugins", "configure", "discussion", "questions_only=false", "--store", lrs.store.name)

    assert re.search(r"grace_hours\W+24\W+72", said)
    assert (await lrs.store.plugin_settings.get("discussion")).config == {"grace_hours": 24, "questions_only": False}
    assert [each["who"] for each in await stores.audit.latest(lrs.store.name, 10)] == ["cli", "cli"]
    assert re.search(
        r"grace_hours\W+24\W+72", await command("plugins", "show", "discussion", "--store", lrs.store.name)
    )


async def test_a_setting_that_only_an_earlier_version_knew_is_in_nobodys_way(lrs: Living, command: Command) -> None:
    await lrs.store.plugin_settings.put("discussion", Chosen({"patience": 3, "questions_only": False}))

    await command("plugins", "configure", "discussion", "grace_hours=24", "--store", lrs.store.name)

    kept = await lrs.store.plugin_settings.get("discussion")
    assert kept.config == {"grace_hours": 24, "questions_only": False}


async def test_a_file_replaces_all_settings(lrs: Living, command: Command, tmp_path: Path) -> None:
    await command("plugins", "configure", "discussion", "grace_hours=24", "--store", lrs.store.name)
    file = tmp_path / "config.json"
    file.write_bytes(orjson.dumps({"questions_only": False}))

    await command("plugins", "configure", "discussion", str(file), "--store", lrs.store.name)

    assert (await lrs.store.plugin_settings.get("discussion")).config == {"questions_only": False}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("grace_hours=-1", "b=1"),
            "); grace_hours: it is -1 (accepted: a number, at least 0, at most 87600)",
        ),
        (("no_such_file.json",), "no_such_file.json: the file can't be read"),
        (("grace_hours=1", "file.json"), "file.json: this is no setting"),
        ((), "nothing is configured"),
    ],
)
async def test_what_can_not_be_configured_is_one_line(
    lrs: Living, command: Command, words: tuple[str, ...], message: str
) -> None:
    said = await command("plugins", "configure", "discussion", *words, "--store", lrs.store.name, status=1)

    assert said.startswith("lrs: ")
    assert message in said
    assert said.count("\n") == 1


async def test_a_plugin_is_switched_off_and_on(lrs: Living, command: Command) -> None:
    await command("plugins", "disable", "discussion", "--store", lrs.store.name)
    assert "disabled" in await command("plugins", "status", "discussion", "--store", lrs.store.name)

    await command("plugins", "enable", "discussion", "--store", lrs.store.name)
    assert (await lrs.store.plugin_settings.get("discussion")).enabled


async def test_the_state_tells_what_is_absent_disabled_or_was_never_run(lrs: Living, command: Command) -> None:
    await lrs.store.views.create("once_there", 0)
    for name in ("once_there", "sharing"):
        await lrs.store.positions.ask(reader_name(name), {"rebuild_asked": True})
    await lrs.store.plugin_settings.put("sharing", Chosen(enabled=False))

    said = await command("plugins", "status", "--store", lrs.store.name)

    assert re.search(r"once_there.*absent", said)
    assert re.search(r"sharing.*disabled", said)
    assert re.search(r"discussion.*not run yet", said)
    assert "once_there: absent" in await command("plugins", "show", "once_there", "--store", lrs.store.name)


async def test_a_disabled_plugins_rebuild_is_not_waited_for(lrs: Living, command: Command) -> None:
    await lrs.store.plugin_settings.put("sharing", Chosen(enabled=False))

    said = await command("plugins", "rebuild", "sharing", "--wait", "--store", lrs.store.name, status=1)

    assert "sharing: nobody rebuilds it: it is disabled (accepted: `lrs plugins enable sharing`" in said


async def test_a_rebuild_is_waited_for_until_the_worker_has_done_it(working_lrs: Living, command: Command) -> None:
    await working_lrs.derived()

    said = await command("plugins", "rebuild", "discussion", "--wait", "--store", working_lrs.store.name)

    assert "discussion is rebuilt." in said
    assert (await working_lrs.store.positions.get(reader_name("discussion"))).generation == 1
    assert re.search(r"discussion.*ok", await command("plugins", "status", "--store", working_lrs.store.name))


async def test_interactions_are_derived_anew_while_one_waits(working_lrs: Living, command: Command) -> None:
    await working_lrs.derived()

    said = await command("plugins", "rebuild", "interactions", "--wait", "--store", working_lrs.store.name)

    assert "interactions is rebuilt." in said
    assert (await working_lrs.store.positions.get("normaliser")).generation == 1


async def test_a_retry_is_asked_of_the_worker(lrs: Living, command: Command) -> None:
    await command("plugins", "retry", "interactions", "--store", lrs.store.name)

    assert (await lrs.store.positions.get("normaliser")).retry_asked


async def test_a_plugin_nobody_knows_is_named_with_the_known_ones(lrs: Living, command: Command) -> None:
    for words in (("status", "nonesuch"), ("configure", "nonesuch", "a=1")):
        said = await command("plugins", *words, "--store", lrs.store.name, status=1)
        assert "there is no such plugin" in said
        assert "discussion" in said


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Reading", "'Reading' is not 1 to 40 of a-z"),
        ("interactions", "'interactions' is the normaliser's own"),
        ("discussion", "a plugin 'discussion' is installed"),
    ],
)
async def test_a_new_plugin_can_not_have_any_name(command: Command, tmp_path: Path, name: str, message: str) -> None:
    said = await command("plugins", "new", name, "--into", str(tmp_path), status=1)

    assert message in said
    assert contents(tmp_path) == {}


async def test_a_new_project_overwrites_nothing(command: Command, tmp_path: Path) -> None:
    await command("plugins", "new", "good_talk", "--into", str(tmp_path))
    before = contents(tmp_path)

    said = await command("plugins", "new", "good_talk", "--into", str(tmp_path), status=1)

    assert "the folder can't be made" in said
    assert tmp_path / "lrs-plugin-good-talk" / "lrs_plugin_good_talk" / "acts.py" in before
    assert contents(tmp_path) == before
