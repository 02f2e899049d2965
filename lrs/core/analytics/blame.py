"""What a plugin's own functions answer, held to what they promise: an error says whose fault it is."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from numbers import Integral
from typing import TypeVar

import polars as pl
import structlog

from lrs.errors import PluginFailed
from lrs.plugin import Metric, Number, Plugin, Scope
from lrs.plugin.reasons import logged

Made = TypeVar("Made")

log = structlog.get_logger()


def number(metric: Metric, name: str, scope: Scope) -> Number:
    """Compute a metric, which errors call by its `name`. Raises: PluginFailed."""
    with _blamed(name):
        return _number(metric.compute(scope))


def coverage(plugin: Plugin, acts: pl.DataFrame) -> Mapping[str, float | None]:
    """Return the coverage of acts. Raises: PluginFailed."""
    with _blamed(f"{plugin.name}.coverage"):
        told = plugin.coverage(acts)
        for share in told.values():
            _require(isinstance(share, float | int | None), "coverage", "share or None")
        return told


def table(name: str, compute: Callable[[], Made]) -> Made:
    """Return what a table of a plugin computes, which errors call by its `name`. Raises: PluginFailed."""
    with _blamed(name):
        return compute()


@contextmanager
def _blamed(name: str) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whatever a foreign function raises is that plugin's fault, and only that
        plugin = name.partition(".")[0]
        log.error("plugin failed", plugin=plugin, where=name, **logged(error))
        why = f"{type(error).__name__} in the plugin's own code; the log of the LRS says where"
        accepted = "a version of the plugin that is mended"
        raise PluginFailed(f"the plugin {plugin} failed", where=name, why=why, accepted=accepted) from error


def _number(told: Number) -> Number:
    _require(isinstance(told, Number), "compute", "a Number")
    _require(isinstance(told.value, float | int | None), "value", "a number or None")
    _require(isinstance(told.n, Integral | None), "n", "a whole number or None")
    for each in told.beside.values():
        _number(each)
    return told


def _require(holds: bool, what: str, wanted: str) -> None:
    if not holds:
        raise TypeError(f"{what} gives no {wanted}")
