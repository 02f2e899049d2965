"""Plugins as they are installed: distributions with an entry point, in a folder of their own on the path."""

import sys
from pathlib import Path

import pytest

from lrs.errors import StartupError
from lrs.plugin.loader import load_plugins, packages


def install(folder: Path, name: str, entry: str, code: str) -> None:
    """Lay a distribution into the folder, with one module and one entry point."""
    (folder / f"{name}_module.py").write_text(code)
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[lrs.plugins]\n{entry}\n")


def plugin(name: str, changed: str = "") -> str:
    return f"""
import dataclasses
from plugins.discussion import plugin as discussion
plugin = dataclasses.replace(discussion, name={name!r}, {changed})
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def test_the_shipped_plugins_are_found_by_name() -> None:
    assert load_plugins()["discussion"].title == "Discussion"


def test_installed_plugins_come_by_name_without_a_change_of_the_core(site: Path) -> None:
    install(site, "zebra", "zebra = zebra_module:plugin", plugin("zebra"))
    install(site, "aardvark", "aardvark = aardvark_module:plugin", plugin("aardvark"))

    assert list(load_plugins()) == sorted([*load_plugins()])
    assert {"aardvark", "discussion", "zebra"} <= load_plugins().keys()


@pytest.mark.parametrize(
    ("entry", "code", "why"),
    [
        ("broken = broken_module:plugin", "raise OSError('the disk is gone')", "OSError: the disk is gone"),
        ("broken = broken_module:plugin", "raise SystemExit(3)", "SystemExit: 3"),
        ("broken = broken_module:plugin", "raise ValueError('\\ud800')", r"ValueError: \ud800"),
        ("broken = broken_module:plugin", "import a_module_nobody_has", "ModuleNotFoundError"),
        ("broken = broken_module:other", "plugin = 1", "AttributeError"),
        ("broken = absent_module:plugin", "", "absent_module"),
        ("broken = broken_module:plugin", "plugin = 'discussion'", "its entry is a str, no Plugin"),
        ("broken = broken_module:Plugin", "from lrs.plugin import Plugin", "its entry is a type, no Plugin"),
        ("broken = broken_module:plugin", plugin("another"), "it calls itself 'another'"),
    ],
)
def test_a_plugin_that_can_not_be_loaded_is_named_with_the_reason(
    site: Path, entry: str, code: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(site, "broken", entry, code)
    monkeypatch.delitem(sys.modules, "broken_module", raising=False)

    with pytest.raises(StartupError) as refused:
        load_plugins()

    assert "'broken'" in refused.value.what
    assert why in refused.value.why


FIRST = "metrics=(dataclasses.replace(discussion.metrics[0], {}),), charts=()"
CHART = "charts=(dataclasses.replace(discussion.charts[0], {}),)"


SETTING = "config_schema={{'properties': {{'hours': {}}}}}"


@pytest.mark.parametrize(
    ("changed", "where", "why", "accepted"),
    [
        (FIRST.format("beside={'reason': 'x'}"), "metric threads: beside", "'reason' is what", "none of group, "),
        ("charts=discussion.charts * 2", "charts", "is there more than once", "each id once"),
        ("metrics=discussion.metrics * 2", "metrics", "is there more than once", "each id once"),
        (CHART.format("id='a', spec={'mark': {1, 2}}"), "chart a: spec.mark", "{1, 2} is nothing", "dict, list, "),
        (CHART.format("id='a', metrics=('b',)"), "chart a", "there is no metric 'b'", "threads, "),
        (CHART.format("id='a', metrics=()"), "chart a", "it shows no metric", "threads, "),
        (SETTING.format("{'type': 'intger', 'default': 1}"), "config_schema", "'intger' is not", "a JSON Schema"),
        (SETTING.format("{'pattern': '(', 'default': ''}"), "config_schema", "'(' is not a 'regex'", "a JSON Schema"),
        (SETTING.format("{'$ref': '#/$defs/a', 'default': 1}"), "config_schema", "'#/$defs/a' leads", "within the"),
        (SETTING.format("{'items': {'$ref': 'http://a.b/c'}, 'default': 1}"), "config_schema", "'http://", "within"),
        (SETTING.format("{'type': 'number', 'default': 'x'}"), "config_schema", "its own defaults", "defaults that"),
        ("config_schema=[]", "config_schema", "it is a list", "a JSON Schema"),
        ("ties=True, columns={}", "columns", "its acts are ties, and have no 'kind'", "kind: key, "),
    ],
)
def test_a_plugin_that_answers_would_break_on_is_refused_by_its_place(
    site: Path, monkeypatch: pytest.MonkeyPatch, changed: str, where: str, why: str, accepted: str
) -> None:
    install(site, "broken", "broken = broken_module:plugin", plugin("broken", changed))
    monkeypatch.delitem(sys.modules, "broken_module", raising=False)

    with pytest.raises(StartupError, match="the plugin 'broken' can't be loaded") as refused:
        load_plugins()

    assert refused.value.where == where
    assert why in refused.value.why
    assert accepted in refused.value.accepted


def test_two_packages_that_offer_one_name_are_both_named(site: Path) -> None:
    install(site, "one", "shared = one_module:plugin", plugin("shared"))
    install(site, "other", "shared = other_module:plugin", plugin("shared"))

    with pytest.raises(StartupError) as refused:
        load_plugins()

    assert "'shared' is there twice" in refused.value.what
    assert "one 1.0" in refused.value.why
    assert "other 1.0" in refused.value.why


@pytest.mark.parametrize("name", ["interactions", "Reading", "a.b", "1st", "a-b", "x" * 41])
def test_a_name_that_can_not_be_one_is_refused(site: Path, name: str) -> None:
    install(site, "misnamed", f"{name} = misnamed_module:plugin", plugin(name))

    with pytest.raises(StartupError, match="can't be loaded") as refused:
        load_plugins()

    assert name in refused.value.what
    assert "its name can't be used" in refused.value.why


def test_each_plugin_is_known_by_the_package_it_came_with(site: Path) -> None:
    install(site, "zebra", "zebra = zebra_module:plugin", plugin("zebra"))

    assert packages()["zebra"] == "zebra 1.0"
    assert packages()["discussion"].startswith("social-lrs ")
