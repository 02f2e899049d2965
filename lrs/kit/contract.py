"""What a plugin promises by its value alone: what can be told without any statement."""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

from lrs.core.normaliser.rules import load_rules
from lrs.kit.interactions import change
from lrs.kit.memory import changed, memory
from lrs.kit.scopes import scope
from lrs.plugin import Act, Change, Column, Config, Metric, PersonTable, Plugin, Scope
from lrs.plugin.declared import faults
from lrs.plugin.frames import coded, schema
from lrs.plugin.loader import why_no_name
from lrs.plugin.schema import schema_faults

MIN_VALUES, MIN_DENOMINATOR = 5, 10  # what a median and a ratio must rest on to be shown
TAKEN = {*schema({}), "_id", "seq", "gone", "early"}  # what the documents of all acts have
LOOKS = 200  # calls of `apply` after which it is looked for what they left in memory, which takes a while
NOT_COUNTED = ("voided", "superseded")  # the states of what never happened, and of what is told once more


def check_contract(plugin: Plugin) -> None:
    """Check what a plugin promises: its name, kinds, metrics, columns, charts, tables, configuration, pure functions.

    Raises: AssertionError that lists everything that is wrong, each with what would be right.
    """
    wrong = [*_names(plugin), *map(str, faults(plugin)), *_metrics(plugin), *_columns(plugin), *_charts(plugin)]
    wrong += [*_tables(plugin), *_configuration(plugin)]
    wrong += [*_apply(plugin), *_nothing(plugin)] if not wrong else []  # which need the rest to be right
    if wrong:
        raise AssertionError(f"{plugin.name} breaks the plugin contract:\n  " + "\n  ".join(wrong))


def watched(plugin: Plugin) -> Plugin:
    """Return the plugin with an `apply` that raises AssertionError where it is not pure, or names its act otherwise."""

    looks = iter(range(LOOKS))

    def apply(change: Change, config: Config) -> Act | None:
        seen, chosen = copy.deepcopy(dict(change.interaction)), copy.deepcopy(dict(config))
        before = memory(plugin.apply) if next(looks, None) is not None else None
        act = plugin.apply(change, config)
        if before is not None:
            remembered = changed(before, memory(plugin.apply))
            _require(not remembered, f"apply remembers what it was given, in {', '.join(remembered)}")
        again = plugin.apply(change, config)
        _require(seen == dict(change.interaction), "apply has changed the interaction")
        _require(chosen == dict(config), "apply has changed the configuration")
        _require(act == again, f"apply gives {again} where it gave {act} before")
        if act is not None:
            _require(act.id == seen["_id"], f"the act of the interaction {seen['_id']!r} is called {act.id!r}")
            _require(act.t == seen["t"], f"the act {act.id!r} is at {act.t}, its interaction at {seen['t']}")
            coded([act], plugin.columns)
        return act

    return replace(plugin, apply=apply)


def _require(holds: bool, words: str) -> None:
    if not holds:
        raise AssertionError(words)


def _names(plugin: Plugin) -> Iterator[str]:
    if why := why_no_name(plugin.name):
        yield f"name: {why}"
    if plugin.version < 1:
        yield f"version: {plugin.version} is below 1"
    if not (plugin.title and plugin.description):
        yield "title, description: they say what the plugin is, and one is empty"
    known = load_rules().vocabulary.kinds
    if not plugin.kinds or not plugin.kinds <= known.keys():
        yield f"kinds: {sorted(plugin.kinds - known.keys())} are none of {', '.join(known)}"
    if plugin.default_window <= timedelta():
        yield "default_window: it is no time"


def _metrics(plugin: Plugin) -> Iterator[str]:
    for metric in plugin.metrics:
        yield from (f"metric {metric.id}: {fault}" for fault in _faults(metric))


def _faults(metric: Metric) -> Iterator[str]:
    if why := why_no_name(metric.id):
        yield f"id: {why}"
    for name in ("title", "unit", "definition", "no_data", "source"):
        if not getattr(metric, name):
            yield f"{name} is empty"
    least, most = metric.range
    if least is not None and most is not None and least > most:
        yield f"range: {least} is above {most}"
    if metric.unit == "0-1" and metric.range != (0, 1):
        yield f"range: a share is within (0, 1), not {metric.range}"
    amount = metric.counts or metric.unit.partition("/")[0] in ("n", "people")
    if not (amount or metric.min_values >= MIN_VALUES or metric.min_denominator >= MIN_DENOMINATOR):
        yield f"it is no count, so it needs min_values of {MIN_VALUES} or min_denominator of {MIN_DENOMINATOR} at least"


def _columns(plugin: Plugin) -> Iterator[str]:
    for name, column in plugin.columns.items():
        if name in TAKEN:
            yield f"columns: {name!r} is a name that every act has"
        elif why := why_no_name(name):
            yield f"columns: {why}"
        if column not in get_args(Column):
            yield f"columns: {name} is {column!r}, which is none of {', '.join(get_args(Column))}"


def _charts(plugin: Plugin) -> Iterator[str]:
    for chart in plugin.charts:
        if why := why_no_name(chart.id):
            yield f"chart {chart.id}: id: {why}"
        if not (chart.title and chart.description and chart.metrics):
            yield f"chart {chart.id}: title, description and metrics say what it shows, and one is empty"
        units = sorted({metric.unit for each in chart.metrics if (metric := plugin.metric(each)) is not None})
        if len(units) > 1:
            yield f"chart {chart.id}: its metrics are of different units: {', '.join(units)}"


def _tables(plugin: Plugin) -> Iterator[str]:
    for table in plugin.tables:
        for name in (table.id, *table.columns):
            if why := why_no_name(name):
                yield f"table {table.id}: {why}"
        if not (table.title and table.definition and all(each.meaning for each in table.columns.values())):
            yield f"table {table.id}: title, definition and meanings say what it tells, and one is empty"
        if not table.persons:
            yield f"table {table.id}: none of its columns is a person, so it is no table of people"


def _configuration(plugin: Plugin) -> Iterator[str]:
    schema = plugin.config_schema
    if any(schema_faults(schema)):  # which are told already
        return
    properties: Mapping[str, Any] = schema.get("properties", {})
    if schema.get("type") != "object" or schema.get("additionalProperties") is not False:
        yield 'config_schema: without "type": "object" and "additionalProperties": false a mistyped name goes unseen'
    yield from (f"config_schema: {name} has no default" for name in properties if name not in plugin.defaults)
    yield from (f"applied_settings: {name!r} is no setting" for name in plugin.applied_settings - properties.keys())


def _apply(plugin: Plugin) -> Iterator[str]:
    pure = watched(plugin)
    for kind in sorted(plugin.kinds):
        try:
            pure.apply(change(kind), plugin.defaults)
            states = {state: pure.apply(change(kind, state=state), plugin.defaults) for state in NOT_COUNTED}
        except Exception as error:  # whatever a plugin raises is what its author wants to see
            yield f"apply: on an interaction of kind {kind} it raises {type(error).__name__}: {error}"
            continue
        yield from (
            f"apply: an interaction of kind {kind} that is {state} is no act"
            for state, act in states.items()
            if act is not None
        )


def _nothing(plugin: Plugin) -> Iterator[str]:
    """Check what the functions make of no acts at all, with a roster and without one."""
    nothing = scope(plugin, (), roster=["ann", "ben"])
    for metric in plugin.metrics:
        yield from (f"metric {metric.id}: without acts {fault}" for fault in _of(nothing, metric))
        yield from (f"metric {metric.id}: without acts and roster {fault}" for fault in _of(scope(plugin, ()), metric))
    for table in plugin.tables:
        yield from (f"table {table.id}: without acts {fault}" for fault in _rows_of(nothing, table))
    try:
        told = [name for name, share in plugin.coverage(nothing.acts).items() if share is not None]
    except Exception as error:  # whatever a plugin raises is what its author wants to see
        yield f"coverage: without acts it raises {type(error).__name__}: {error}"
    else:
        yield from (f"coverage: without acts {name} must be None" for name in told)


def _of(nothing: Scope, metric: Metric) -> Iterator[str]:
    wanted = 0 if metric.counts else None
    try:
        found = metric.compute(nothing)
    except Exception as error:  # see above
        yield f"it raises {type(error).__name__}: {error}"
        return
    if found.value != wanted:
        yield f"it is {found.value}, and must be {wanted}"
    if unnamed := sorted(found.beside.keys() - metric.beside.keys()):
        yield f"it tells {', '.join(unnamed)}, which its `beside` doesn't name"


def _rows_of(nothing: Scope, table: PersonTable) -> Iterator[str]:
    try:
        rows = table.compute(nothing)
    except Exception as error:  # see above
        yield f"it raises {type(error).__name__}: {error}"
        return
    if dict(rows.schema) != table.schema:
        yield f"its columns are {dict(rows.schema)}, and must be {table.schema}"
    if len(rows):
        yield f"it has {len(rows)} rows, and must have none"
