"""Finds the installed plugins through the entry-point group `lrs.plugins`."""

from collections.abc import Mapping
from importlib.metadata import entry_points

from lrs.errors import StartupError
from lrs.plugin.spec import Plugin

GROUP = "lrs.plugins"


def load_plugins() -> Mapping[str, Plugin]:
    """Return the plugins by name, in the order of their names.

    Raises: StartupError naming the plugin that fails to load, is no `Plugin`, or goes by another name than its entry.
    """
    return {entry.name: _load(entry.name, entry.load) for entry in sorted(entry_points(group=GROUP))}


def _load(name: str, load: object) -> Plugin:
    try:
        loaded = load() if callable(load) else load
    except Exception as error:  # whatever a foreign module raises, the admin must learn which one it was
        raise StartupError(f"the plugin {name!r} can't be loaded", why=f"{type(error).__name__}: {error}") from error
    if not isinstance(loaded, Plugin):
        raise StartupError(
            f"the plugin {name!r} can't be loaded", why=f"its entry is a {type(loaded).__name__}, no Plugin"
        )
    if loaded.name != name:
        raise StartupError(f"the plugin {name!r} can't be loaded", why=f"it calls itself {loaded.name!r}")
    return loaded
