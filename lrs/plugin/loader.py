"""Finds the installed plugins through the entry-point group `lrs.plugins`."""

import re
from collections import defaultdict
from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points

from lrs.errors import StartupError
from lrs.plugin.declared import faults
from lrs.plugin.reasons import reason
from lrs.plugin.spec import Plugin

GROUP = "lrs.plugins"
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
NORMALISER = "interactions"
"""The name under which the normaliser is listed and configured among the plugins; none of them may have it."""

ACCEPTED_NAME = "1 to 40 of a-z, 0-9 and _, beginning with a letter"


def load_plugins() -> Mapping[str, Plugin]:
    """Return the plugins by name, in the order of their names.

    Raises: StartupError naming the plugin that fails to load, is no `Plugin`, goes by another name than its entry,
    by a name that can't be one or that two packages offer.
    """
    return {name: _load(name, entry) for name, entry in _entries().items()}


def packages() -> Mapping[str, str]:
    """Return the distribution each installed plugin came with, and its version, by the plugin's name."""
    return {name: _package(entry) for name, entry in _entries().items()}


def why_no_name(name: str) -> str | None:
    """Return why this can't be a plugin's name, None if it can: it stands in paths, commands and metrics' ids."""
    if not NAME.fullmatch(name):
        return f"{name[:60]!r} is not {ACCEPTED_NAME}"
    return f"{name!r} is the normaliser's own" if name == NORMALISER else None


def _entries() -> Mapping[str, EntryPoint]:
    offered: dict[str, list[EntryPoint]] = defaultdict(list)
    for entry in sorted(entry_points(group=GROUP)):
        offered[entry.name].append(entry)
    for name, entries in offered.items():
        if len(entries) > 1:
            raise StartupError(
                f"the plugin {name!r} is there twice",
                why=f"offered by {' and by '.join(map(_package, entries))}",
                accepted="one of them: uninstall the other",
            )
    return {name: entry for name, (entry,) in offered.items()}


def _package(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist is not None else "no package"


def _load(name: str, entry: EntryPoint) -> Plugin:
    if why := why_no_name(name):
        raise StartupError(f"the plugin {name!r} can't be loaded", why=f"its name can't be used: {why}")
    try:
        loaded = entry.load()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whatever a foreign module raises, the admin must learn which one it was
        raise StartupError(f"the plugin {name!r} can't be loaded", why=reason(error)) from error
    if not isinstance(loaded, Plugin):
        raise StartupError(
            f"the plugin {name!r} can't be loaded", why=f"its entry is a {type(loaded).__name__}, no Plugin"
        )
    if loaded.name != name:
        raise StartupError(f"the plugin {name!r} can't be loaded", why=f"it calls itself {loaded.name!r}")
    for fault in faults(loaded):  # the first
        where, why, accepted = fault.where, fault.why, fault.accepted
        raise StartupError(f"the plugin {name!r} can't be loaded", where=where, why=why, accepted=accepted)
    return loaded
