"""What breaks an answer or a picture later, told from a plugin's value alone: looked for at the start."""

import math
from collections.abc import Iterator, Sequence

from lrs.errors import Fault
from lrs.plugin.charts import Chart
from lrs.plugin.metrics import Metric
from lrs.plugin.schema import schema_faults
from lrs.plugin.spec import TIES, Plugin

ANSWERED = ("group", "bucket_start", "bucket_end", "value", "n_people", "n_acts", "suppressed", "reason")
"""The columns that the table of every answer has."""

PREVIOUS = "previous_"
"""Begins the names of the columns that tell the same of the window before."""

DRAWN = ("metric", "group", "start", "end", "value", "reason")
"""The fields that every row of a picture has."""


def faults(plugin: Plugin) -> Iterator[Fault]:
    """Yield what is wrong, each with its place in the plugin, the reason and what would be right."""
    for of, ids in (
        ("metrics", [each.id for each in plugin.metrics]),
        ("charts", [each.id for each in plugin.charts]),
        ("tables", [each.id for each in plugin.tables]),
    ):
        yield from _repeated(of, ids)
    for metric in plugin.metrics:
        yield from _beside(metric)
    for chart in plugin.charts:
        yield from _shown(chart, plugin)
        for name, part in chart.spec.items():
            yield from _no_json(part, f"chart {chart.id}: spec.{name}")
    if plugin.ties:
        yield from _ties(plugin)
    yield from schema_faults(plugin.config_schema)


def _repeated(of: str, ids: Sequence[str]) -> Iterator[Fault]:
    for each in sorted({each for each in ids if ids.count(each) > 1}):
        yield Fault(of, f"the id {each!r} is there more than once", "each id once")


def _beside(metric: Metric) -> Iterator[Fault]:
    where, taken = f"metric {metric.id}: beside", list(dict.fromkeys((*ANSWERED, *DRAWN)))
    for name in metric.beside:
        if name in taken:
            yield Fault(where, f"{name!r} is what every answer has", f"a name that is none of {', '.join(taken)}")
        elif name.startswith(PREVIOUS):
            yield Fault(where, f"{name!r} is a name of the window before", f"a name that begins without {PREVIOUS}")


def _shown(chart: Chart, plugin: Plugin) -> Iterator[Fault]:
    where, known = f"chart {chart.id}", ", ".join(each.id for each in plugin.metrics)
    if not chart.metrics:
        yield Fault(where, "it shows no metric", f"one or several of {known}")
    for each in chart.metrics:
        if plugin.metric(each) is None:
            yield Fault(where, f"there is no metric {each!r}", known)


def _no_json(value: object, where: str) -> Iterator[Fault]:
    if isinstance(value, dict):
        for name, part in value.items():
            if not isinstance(name, str):
                yield Fault(where, f"{name!r} is no name that JSON can have", "text as names")
            yield from _no_json(part, f"{where}.{name}")
    elif isinstance(value, list | tuple):
        for number, part in enumerate(value):
            yield from _no_json(part, f"{where}[{number}]")
    elif not (value is None or isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value))):
        accepted = "dict, list, tuple, str, bool, None, and numbers that are finite"
        yield Fault(where, f"{value!r:.60} is nothing that JSON can hold", accepted)


def _ties(plugin: Plugin) -> Iterator[Fault]:
    accepted = ", ".join(f"{name}: {type_}" for name, type_ in TIES.items())
    for name, type_ in TIES.items():
        if name not in plugin.columns:
            yield Fault("columns", f"its acts are ties, and have no {name!r}", accepted)
        elif plugin.columns[name] != type_:
            yield Fault("columns", f"its acts are ties, and {name!r} is {plugin.columns[name]!r}", accepted)
