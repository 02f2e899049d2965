"""What the documentation says is there, and what is there is documented."""

import re
from dataclasses import Field, fields
from pathlib import Path

import pytest
from typer.main import get_command

from lrs import __version__, cli
from lrs.cli.sample import Mix
from lrs.core.analytics.guard import Reason
from lrs.core.analytics.released import PARTITIONS
from lrs.core.credentials import SCOPES
from lrs.core.people.table import COLUMNS
from lrs.plugin.loader import load_plugins
from lrs.settings import Settings
from lrs.xapi.leniency import LENIENCIES, Leniency

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
NOT_YET = {Reason.NOT_ENOUGH_HISTORY}  # no metric gives it yet


@pytest.mark.parametrize("field", Settings.model_fields)
def test_every_setting_stands_in_the_readme(field: str) -> None:
    assert f"`LRS_{field.upper()}`" in README


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason not in NOT_YET])
def test_every_reason_stands_in_the_readme(reason: Reason) -> None:
    assert f"`{reason}`" in README


def test_every_command_stands_in_the_readme() -> None:
    group = get_command(cli.app)
    commands = getattr(group, "commands")  # noqa: B009 - typer's own type hides it
    for name, command in commands.items():
        for words in [f"{name} {inner}" for inner in getattr(command, "commands", {})] or [name]:
            assert command.hidden or f"`lrs {words}" in README, words


@pytest.mark.parametrize("field", fields(Mix), ids=lambda field: field.name)
def test_every_share_of_a_sample_stands_in_the_readme_with_its_default(field: Field[float]) -> None:
    assert f"| `--{field.name.replace('_', '-')}` | {field.default} |" in README


@pytest.mark.parametrize("leniency", LENIENCIES, ids=lambda leniency: leniency.name)
def test_every_leniency_stands_in_the_readme(leniency: Leniency) -> None:
    assert f"| {leniency.name} | {leniency.what} |" in README


@pytest.mark.parametrize("scope", SCOPES)
def test_every_scope_stands_in_the_readme(scope: str) -> None:
    assert f"`{scope}`" in README


@pytest.mark.parametrize("partition", PARTITIONS)
def test_every_partition_stands_in_the_readme(partition: str) -> None:
    assert f"`{partition}`" in README


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_of_a_table_of_people_stands_in_the_readme(column: str) -> None:
    assert f"`{column}`" in README


@pytest.mark.parametrize("name", load_plugins())
def test_every_metric_stands_in_its_plugins_readme_with_its_unit(name: str) -> None:
    text = (ROOT / "plugins" / name / "README.md").read_text()
    for metric in load_plugins()[name].metrics:
        assert re.search(rf"^\| `{metric.id}` \| {re.escape(metric.unit)} \|", text, re.MULTILINE), metric.id


def test_the_newest_version_of_the_changelog_is_the_packages() -> None:
    versions = re.findall(r"^## (\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)

    assert versions[0] == __version__
