"""The contract between the core and a plugin: all that a plugin may import besides `lrs.xapi`.

A plugin is one declarative value, `Plugin`. It says which kinds of interactions it consumes, turns each into an *act*
of its own view (`apply`), and computes numbers from tables of acts (`Metric.compute`), and for the few who may see
persons rows about them (`PersonTable.compute`). It never sees the database, never names a person in an answer and never
decides what may be shown: the core does, after it.
"""

from lrs.plugin.acts import FIELDS, Act, Change, Column, Interaction
from lrs.plugin.charts import Chart
from lrs.plugin.frames import code
from lrs.plugin.metrics import Config, Metric, Number, Place, Scope
from lrs.plugin.spec import Plugin
from lrs.plugin.statistics import equality, gini, mean, median, percentile, ratio
from lrs.plugin.tables import PersonTable, TableColumn

__all__ = [
    "FIELDS",
    "Act",
    "Change",
    "Chart",
    "Column",
    "Config",
    "Interaction",
    "Metric",
    "Number",
    "PersonTable",
    "Place",
    "Plugin",
    "Scope",
    "TableColumn",
    "code",
    "equality",
    "gini",
    "mean",
    "median",
    "percentile",
    "ratio",
]
