"""What a plugin promises by its value alone, and how each broken promise is told."""

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from lrs import kit
from lrs.plugin import Act, Change, Chart, Config, Number, PersonTable, Plugin, Scope, TableColumn
from lrs.plugin.loader import load_plugins
from plugins.discussion import plugin as shipped

discussion = dataclasses.replace(shipped, charts=())  # they would miss the metrics that are taken away
METRICS = {metric.id: metric for metric in discussion.metrics}
COUNT, RATE = METRICS["threads"], METRICS["unanswered_rate"]
CHART = Chart(id="talk", title="Talk", description="How much is said.", metrics=(COUNT.id,), spec={"mark": "bar"})


@pytest.mark.parametrize("plugin", load_plugins().values(), ids=lambda plugin: plugin.name)
def test_every_shipped_plugin_keeps_the_contract(plugin: Plugin) -> None:
    kit.check_contract(plugin)


def posters(scope: Scope) -> pl.DataFrame:
    return scope.acts.select(poster="actor", subject=pl.col("subject").is_not_null())


TABLE = PersonTable(
    id="posters",
    title="Posters",
    definition="who posted",
    columns={"poster": TableColumn("person", "who"), "subject": TableColumn("flag", "whether it is known")},
    compute=posters,
)


def table(**changed: Any) -> PersonTable:
    return dataclasses.replace(TABLE, **changed)


def beside(name: str) -> dict[str, Any]:
    """A change: a number beside the count that has this name."""
    return {"metrics": (dataclasses.replace(COUNT, beside={name: "what it is"}),)}


def drawn(**part: Any) -> dict[str, Any]:
    """A change: a chart with something in its specification."""
    return {"charts": (chart(spec={"mark": "bar", **part}),)}


def schema(**rule: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": {"hours": rule}}


def chart(**changed: Any) -> Chart:
    return dataclasses.replace(CHART, **changed)


def needs_a_roster(scope: Scope) -> Number:
    assert scope.roster is not None, "whose share?"
    return Number(None)


def told_by(**changed: Any) -> Callable[[Change, Config], Act | None]:
    """An apply whose acts differ in something from what they should be."""

    def apply(change: Change, config: Config) -> Act | None:
        seen = change.interaction
        if seen["state"] != "live":
            return None
        return Act(**{"id": seen["_id"], "t": seen["t"], "actor": seen["actor"], **changed})

    return apply


FIRST: dict[Any, str] = {}


def remembering(change: Change, config: Config) -> Act | None:
    """The first who does anything about a thing opens it: of whatever was seen first, in this process."""
    seen = change.interaction
    if seen["state"] != "live":
        return None
    opens = FIRST.setdefault(seen["object_id"], seen["_id"]) == seen["_id"]
    return Act(id=seen["_id"], t=seen["t"], actor=seen["actor"], opens=opens)


def remembering_around() -> Callable[[Change, Config], Act | None]:
    calls: list[str] = []

    def apply(change: Change, config: Config) -> Act | None:
        calls.append(change.interaction["_id"])
        return told_by()(change, config)

    return apply


def remembering_by_default(change: Change, config: Config, calls: list[str] = []) -> Act | None:  # noqa: B006
    calls.append(change.interaction["_id"])
    return told_by()(change, config)


BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "a name of the normaliser": ({"name": "interactions"}, "name: 'interactions' is the normaliser's own"),
    "a name with a capital": ({"name": "Reading"}, "name: 'Reading' is not 1 to 40 of a-z"),
    "a version of zero": ({"version": 0}, "version: 0 is below 1"),
    "no title": ({"title": ""}, "title, description"),
    "a kind that there is not": ({"kinds": frozenset({"yodel"})}, "kinds: ['yodel'] are none of "),
    "no kinds": ({"kinds": frozenset()}, "kinds: "),
    "no window": ({"default_window": timedelta()}, "default_window: it is no time"),
    "an id twice": ({"metrics": (COUNT, COUNT)}, "the id 'threads' is there more than once"),
    "no unit": ({"metrics": (dataclasses.replace(COUNT, unit=""),)}, "metric threads: unit is empty"),
    "a share of hundred": ({"metrics": (dataclasses.replace(RATE, range=(0, 100)),)}, "a share is within (0, 1)"),
    "a range upside down": ({"metrics": (dataclasses.replace(COUNT, range=(1, 0)),)}, "range: 1 is above 0"),
    "a rate of few": ({"metrics": (dataclasses.replace(RATE, min_denominator=1),)}, "it is no count, so it needs"),
    "a column of every act": ({"columns": {"actor": "person"}}, "columns: 'actor' is a name that every act has"),
    "a column of the store's": ({"columns": {"gone": "flag"}}, "columns: 'gone' is a name that every act has"),
    "a column with a dot": ({"columns": {"a.b": "flag"}}, "columns: 'a.b' is not 1 to 40 of a-z"),
    "a column of text": (
        {"columns": {"said": "text"}},
        "columns: said is 'text', which is none of person, key, number",
    ),
    "a number beside that is called like a column": (
        beside("n_people"),
        "metric threads: beside: 'n_people' is what every answer has (accepted: a name that is none of group,",
    ),
    "a number beside that is called like what is drawn": (
        beside("start"),
        "metric threads: beside: 'start' is what every answer has",
    ),
    "a number beside that is called like what was before": (
        beside("previous_value"),
        "metric threads: beside: 'previous_value' is a name of the window before",
    ),
    "a number beside that is not named": (
        {"metrics": (dataclasses.replace(COUNT, compute=lambda scope: Number(0, beside={"more": Number(1)})),)},
        "metric threads: without acts it tells more, which its `beside` doesn't name",
    ),
    "a chart that is no JSON": (
        drawn(encoding={"x": {"scale": {"domain": [1, timedelta()]}}}),
        "chart talk: spec.encoding.x.scale.domain[1]: datetime.timedelta(0) is nothing that JSON can hold (accepted: ",
    ),
    "a chart with a number that is none": (drawn(height=float("nan")), "chart talk: spec.height: nan is nothing"),
    "a chart with a number for a name": (
        drawn(config={1: "one"}),
        "chart talk: spec.config: 1 is no name that JSON can have (accepted: text as names)",
    ),
    "ties without their columns": (
        {"ties": True, "columns": {"kind": "key", "weight": "flag"}},
        "columns: its acts are ties, and have no 'ended' (accepted: kind: key, weight: number, ended: time)",
    ),
    "ties with other columns": (
        {"ties": True, "columns": {"kind": "key", "weight": "flag", "ended": "time"}},
        "columns: its acts are ties, and 'weight' is 'flag' (accepted: ",
    ),
    "a chart of nothing": ({"charts": (chart(metrics=()),)}, "chart talk: title, description and metrics say"),
    "a chart without words": ({"charts": (chart(description=""),)}, "chart talk: title, description and metrics say"),
    "a chart of what there is not": (
        {"charts": (chart(metrics=("noise",)),)},
        "chart talk: there is no metric 'noise'",
    ),
    "a chart of two units": (
        {"charts": (chart(metrics=(COUNT.id, RATE.id)),)},
        "chart talk: its metrics are of different units: 0-1, n",
    ),
    "a chart twice": ({"charts": (CHART, CHART)}, "charts: the id 'talk' is there more than once"),
    "a chart without a name": ({"charts": (chart(id="Talk!"),)}, "chart Talk!: id: 'Talk!' is not 1 to 40"),
    "a table twice": ({"tables": (TABLE, TABLE)}, "tables: the id 'posters' is there more than once"),
    "a table without words": ({"tables": (table(definition=""),)}, "table posters: title, definition and meanings"),
    "a table of no people": (
        {"tables": (table(columns={"subject": TableColumn("flag", "whether it is known")}),)},
        "table posters: none of its columns is a person",
    ),
    "a table of other columns": (
        {"tables": (table(compute=lambda scope: scope.acts.select(poster="actor")),)},
        "table posters: without acts its columns are {'poster': Int64}, and must be ",
    ),
    "a table that raises": (
        {"tables": (table(compute=lambda scope: scope.acts.select("poster")),)},
        "table posters: without acts it raises ColumnNotFoundError",
    ),
    "a schema that is none": ({"config_schema": schema(type="nummer")}, "config_schema: 'nummer' is not"),
    "a schema of anything": ({"config_schema": {"type": "object"}}, "a mistyped name goes unseen"),
    "no default": ({"config_schema": schema(type="number")}, "config_schema: hours has no default"),
    "a default that is none": ({"config_schema": schema(type="number", default="x")}, "its own defaults break it"),
    "a reference to nothing": (
        {"config_schema": schema(**{"$ref": "#/$defs/no", "default": 1})},
        "config_schema: the reference '#/$defs/no' leads nowhere (accepted: references within the schema)",
    ),
    "a schema that is no JSON": ({"config_schema": schema(default=2**70)}, "config_schema: "),
    "an unknown setting": ({"applied_settings": frozenset({"days"})}, "applied_settings: 'days' is no setting"),
    "a count of nothing": (
        {"metrics": (dataclasses.replace(COUNT, compute=lambda scope: Number(None)),)},
        "metric threads: without acts it is None, and must be 0",
    ),
    "a rate of nothing": (
        {"metrics": (dataclasses.replace(RATE, compute=lambda scope: Number(0)),)},
        "metric unanswered_rate: without acts it is 0, and must be None",
    ),
    "a rate that takes a roster for granted": (
        {"metrics": (dataclasses.replace(RATE, compute=needs_a_roster),)},
        "metric unanswered_rate: without acts and roster it raises AssertionError: whose share?",
    ),
    "a coverage that nothing breaks": (
        {"coverage": lambda acts: {"known": acts["known"].mean()}},
        "coverage: without acts it raises ColumnNotFoundError",
    ),
    "a covered nothing": ({"coverage": lambda acts: {"known": 1.0}}, "coverage: without acts known must be None"),
    "another time": (
        {"apply": told_by(t=kit.interaction("reply")["t"] + timedelta(hours=1))},
        "is at 2026-03-02 10:00:00+00:00, its interaction at 2026-03-02 09:00:00+00:00",
    ),
    "another name": ({"apply": told_by(id="mine")}, "is called 'mine'"),
    "a value of no column": (
        {"apply": told_by(detail={"said": "hello"}), "columns": {"words": "number"}},
        "it raises ValueError: 'said' is none of the plugin's columns: words",
    ),
    "a memory of the module": (
        {"apply": remembering},
        "apply remembers what it was given, in tests.kit.test_contract.FIRST",
    ),
    "a memory around apply": ({"apply": remembering_around()}, "apply remembers what it was given, in calls around "),
    "a memory in the defaults": ({"apply": remembering_by_default}, "what it was given, in the defaults of "),
    "what raises": ({"apply": lambda change, config: config["nothing"]}, "it raises KeyError: 'nothing'"),
    "what is voided": (
        {"apply": lambda change, config: Act(id=change.interaction["_id"], t=change.interaction["t"], actor="a")},
        "an interaction of kind reply that is voided is no act",
    ),
}


@pytest.mark.parametrize(("changed", "words"), BROKEN.values(), ids=BROKEN)
def test_a_broken_promise_is_told_with_what_would_be_right(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(AssertionError) as told:
        kit.check_contract(dataclasses.replace(discussion, **changed))

    assert words in str(told.value)


def test_a_chart_a_table_and_columns_of_ones_own_keep_the_contract() -> None:
    posts = chart(metrics=("threads", "posts"), bucket="week")
    columns = {**discussion.columns, "words": "number", "told": "time"}

    kit.check_contract(dataclasses.replace(discussion, charts=(posts,), columns=columns, tables=(TABLE,)))


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(AssertionError, match=r"(?s)version: .*\n  title, description: .*\n  default_window: "):
        kit.check_contract(dataclasses.replace(discussion, version=0, title="", default_window=timedelta()))


def test_an_interaction_of_ones_own_making_has_the_fields_that_are_told() -> None:
    made = kit.interaction("reply", actor="mbox:mailto:ben@example.org", state="deleted")

    assert (made["kind"], made["actor"], made["state"]) == ("reply", "mbox:mailto:ben@example.org", "deleted")
    assert made["_id"].endswith(":reply:0")
    assert kit.change("reply", depth=3).interaction["depth"] == 3
    with pytest.raises(TypeError, match="'dept'"):
        kit.interaction("reply", dept=3)
