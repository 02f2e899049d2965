import ast
from pathlib import Path

import pytest

import schemas
from lrs.plugin import Plugin
from lrs.plugin.loader import load_plugins

PLUGINS = list(load_plugins().values())


@pytest.fixture(params=PLUGINS, ids=lambda plugin: plugin.name)
def plugin(request: pytest.FixtureRequest) -> Plugin:
    found: Plugin = request.param
    return found


def test_a_metric_is_found_by_its_id(plugin: Plugin) -> None:
    assert [plugin.metric(each.id) for each in plugin.metrics] == list(plugin.metrics)
    assert plugin.metric("no such metric") is None


def test_the_defaults_are_those_of_the_schema(plugin: Plugin) -> None:
    assert plugin.defaults.keys() == plugin.config_schema["properties"].keys()


def test_a_plugin_imports_nothing_of_the_core_but_the_contract(plugin: Plugin) -> None:
    folder = Path(schemas.__file__).parents[1] / "plugins" / plugin.name
    imported = {name for file in folder.glob("*.py") for name in imports(file) if name.split(".")[0] == "lrs"}

    assert imported <= {"lrs.plugin", "lrs.xapi"}


def imports(file: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(file.read_text())))
    direct = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return direct | {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
