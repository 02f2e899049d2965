"""The contract between the core and a plugin: all that a plugin may import besides `lrs.xapi`.

A plugin is one declarative value, `Plugin`. It says which kinds of interactions it consumes, turns each into *acts* of
its own view (`apply`), and computes numbers from acts (`Metric.compute`). It never sees the database, never names a
person in an answer and never decides what may be shown: the core does, after it.
"""

from lrs.plugin.acts import FIELDS, Act, Change, Interaction
from lrs.plugin.metrics import Config, Metric, Number, Scope
from lrs.plugin.spec import Plugin
from lrs.plugin.statistics import median

__all__ = ["FIELDS", "Act", "Change", "Config", "Interaction", "Metric", "Number", "Plugin", "Scope", "median"]
