"""What a plugin's modules remember: `apply` may change none of it, or another order would give other acts."""

import copy
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from types import FunctionType, ModuleType
from typing import Any

_KEPT = (dict, list, set, bytearray, deque, int, float, str, tuple, frozenset, type(None))


def memory(function: Callable[..., Any]) -> dict[str, Any]:
    """Return a copy of what the modules of a function's package hold, and the function itself, by names."""
    found: dict[str, Any] = {}
    for name, value in _held(function):
        if isinstance(value, _KEPT):
            try:
                found[name] = copy.deepcopy(value)
            except Exception:  # what can't be copied can't be compared
                continue
    return found


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the names of what is another one than before."""
    return sorted(name for name in before.keys() | after.keys() if not _same(before.get(name), after.get(name)))


def _held(function: Callable[..., Any]) -> Iterator[tuple[str, Any]]:
    for module in _modules(function):
        for name, value in list(vars(module).items()):
            if not name.startswith("__"):
                yield f"{module.__name__}.{name}", value
            if isinstance(value, FunctionType) and value.__module__ == module.__name__:
                yield from _of_function(value)
    if isinstance(function, FunctionType):
        yield from _of_function(function)


def _of_function(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """Yield what a function keeps: defaults, attributes, and the names around it."""
    of = f"{function.__module__}.{function.__qualname__}"
    yield f"the defaults of {of}", function.__defaults__
    yield f"the defaults of {of} by name", function.__kwdefaults__
    yield f"the attributes of {of}", vars(function)
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            yield f"{name} around {of}", cell.cell_contents
        except ValueError:  # it is not there yet
            continue


def _modules(function: Callable[..., Any]) -> list[ModuleType]:
    module = getattr(function, "__module__", None) or ""
    package = (
        module if module in sys.modules and hasattr(sys.modules[module], "__path__") else module.rpartition(".")[0]
    )
    names = [name for name in sys.modules if name == module or (package and name.startswith(f"{package}."))]
    return [sys.modules[name] for name in [*names, package] if name in sys.modules]


def _same(one: Any, other: Any) -> bool:
    try:
        return bool(one == other)
    except Exception:  # a table in it can't be compared
        return True
