import ast
from pathlib import Path

import jsonschema
import pytest

import schemas
from lrs.core.normaliser.rules import load_rules
from lrs.plugin import Plugin, Scope
from lrs.plugin.loader import load_plugins
from tests.core.analytics.samples import MONDAY, WEEK

PLUGINS = list(load_plugins().values())


@pytest.fixture(params=PLUGINS, ids=lambda plugin: plugin.name)
def plugin(request: pytest.FixtureRequest) -> Plugin:
    found: Plugin = request.param
    return found


def test_a_metric_is_found_by_its_id(plugin: Plugin) -> None:
    assert [plugin.metric(each.id) for each in plugin.metrics] == list(plugin.metrics)
    assert plugin.metric("no such metric") is None


def test_metrics_have_ids_of_their_own_and_say_what_they_mean(plugin: Plugin) -> None:
    ids = [metric.id for metric in plugin.metrics]

    assert len(set(ids)) == len(ids)
    for metric in plugin.metrics:
        assert all([metric.title, metric.unit, metric.definition, metric.no_data, metric.source])


def test_what_does_not_add_up_needs_a_minimum_to_be_shown(plugin: Plugin) -> None:
    for metric in plugin.metrics:
        assert metric.counts or metric.min_values >= 5 or metric.min_denominator >= 10, metric.id


def test_without_acts_a_count_is_zero_and_all_else_unknown(plugin: Plugin) -> None:
    nothing = Scope(MONDAY, MONDAY + WEEK, MONDAY + WEEK, [], [], plugin.defaults)

    for metric in plugin.metrics:
        assert metric.compute(nothing).value == (0 if metric.counts else None), metric.id


def test_the_kinds_it_consumes_exist(plugin: Plugin) -> None:
    assert plugin.kinds <= load_rules().vocabulary.kinds.keys()


def test_the_configuration_has_a_default_that_its_own_schema_allows(plugin: Plugin) -> None:
    schema = plugin.config_schema

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(plugin.defaults, schema)
    assert schema["additionalProperties"] is False
    assert plugin.defaults.keys() == schema["properties"].keys()


def test_a_plugin_imports_nothing_of_the_core_but_the_contract(plugin: Plugin) -> None:
    folder = Path(schemas.__file__).parents[1] / "plugins" / plugin.name
    imported = {name for file in folder.glob("*.py") for name in imports(file) if name.split(".")[0] == "lrs"}

    assert imported <= {"lrs.plugin", "lrs.xapi"}


def imports(file: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(file.read_text())))
    direct = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return direct | {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
