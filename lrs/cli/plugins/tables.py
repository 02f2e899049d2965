"""What is printed of plugins."""

from collections.abc import Iterable
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lrs.xapi import Json

ABSENT = "absent: it is not installed here any more, and only what it derived is left."

_LISTED = ("plugin", "version", "state", "metrics", "package", "what it is")
_STATUS = ("plugin", "position", "of", "data until", "lag, s", "failed", "state")


def listed(plugins: Iterable[Json]) -> None:
    """Print what `GET /api/v1/plugins` lists."""
    table = Table(*_LISTED)
    for each in plugins:
        state = "absent" if not each["installed"] else "enabled" if each["enabled"] else "disabled"
        version = str(each["version"] or "")[:8]  # that of the mapping rules is a fingerprint
        _row(table, each["name"], version, state, len(each["metrics"]), each["package"], each["description"])
    Console().print(table)


def shown(plugin: Json) -> None:
    """Print what `GET /api/v1/plugins/{name}` tells."""
    about = f"{plugin['title']}. {plugin['description']}" if plugin["installed"] else ABSENT
    Console().print(Text(f"{plugin['name']}: {about}"))
    if plugin["metrics"]:
        table = Table("metric", "unit", "definition")
        for each in plugin["metrics"]:
            _row(table, each["id"], each["unit"], each["definition"])
        Console().print(table)
    configuration(plugin, plugin["config_schema"])


def configuration(told: Json, schema: Json | None) -> None:
    """Print the configuration that is in force, and what differs from the defaults."""
    properties = (schema or {}).get("properties", {})
    table = Table("setting", "in force", "by default", "meaning")
    for name, value in told["config"].items():
        rule = properties.get(name, {})
        default = json(rule.get("default")) if name in told["changed"] else "the same"
        _row(table, name, json(value), default, rule.get("description", ""))
    Console().print(table)


def statuses(told: Iterable[Json]) -> None:
    """Print what `GET /api/v1/plugins/{name}/status` tells of each."""
    table = Table(*_STATUS)
    for each in told:
        names = ("name", "position", "head", "data_until", "lag_s", "failed_statements")
        _row(table, *("never" if each[name] is None else each[name] for name in names), state(each))
    Console().print(table)


def state(told: Json) -> str:
    """Return in words whether a plugin runs, and what it waits for or stopped on."""
    if not told["installed"]:
        return "absent"
    if (failure := told["failure"]) is not None:
        on = f" (statement {failure['statement']})" if failure["statement"] else ""
        return f"stopped: {failure['reason']}{on}"
    if not told["enabled"]:
        return "disabled"
    if told["rebuilding"] is not None:
        return f"rebuilding: {told['rebuilding']['done']:.0%}"
    return "not run yet" if told["data_until"] is None else "ok"


def json(value: Any) -> str:
    """Return a value as it is written in a configuration."""
    return orjson.dumps(value).decode()


def _row(table: Table, *cells: object) -> None:
    table.add_row(
        *("" if cell is None else Text(str(cell)) for cell in cells)
    )  # a text may hold what looks like markup
