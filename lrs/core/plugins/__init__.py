"""What an administrator does with plugins: list, configure, switch, rebuild, and see what went wrong.

entries   what there is: installed plugins, those that left a view behind, and the normaliser
changes   what is changed, in one transaction with its audit
status    how far one has come
pages     failed statements

How a configuration is completed and checked, `lrs.plugin.configuration` knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lrs.core.plugins import entries, pages
from lrs.core.plugins.changes import Change, configured, switched, wished
from lrs.core.plugins.entries import Entry
from lrs.core.plugins.pages import FailureQuery
from lrs.core.plugins.status import status
from lrs.errors import NotFound
from lrs.plugin import Metric, Plugin
from lrs.plugin.configuration import completed
from lrs.store.plugin_settings import Chosen
from lrs.store.stores import Store, Stores
from lrs.xapi import Json


@dataclass(frozen=True)
class Plugins:
    """The plugins of one LRS. `installed` and `packages` are by the plugins' names, as the loader finds them."""

    stores: Stores
    installed: Mapping[str, Plugin]
    packages: Mapping[str, str] = field(default_factory=dict)

    async def listed(self, store: Store) -> list[Json]:
        """Return all plugins by name, also those of which only a view is left in the store. Raises: Unavailable."""
        chosen = await store.plugin_settings.all()
        return [_summary(entry, chosen.get(entry.name, Chosen())) for entry in await self._entries(store)]

    async def shown(self, store: Store, name: str, *, personal: bool = True) -> Json:
        """Return all there is to know of a plugin: metrics, schema, configuration. Raises: NotFound, Unavailable.

        Settings that name people are in it where they may be seen: `personal`.
        """
        entry = await self._find(store, name)
        chosen = await store.plugin_settings.get(name)
        return {
            **_summary(entry, chosen),
            "metrics": [_metric(entry.name, metric) for metric in entry.metrics],
            "config_schema": entry.config_schema,
            **_configuration(entry, chosen, personal=personal),
        }

    async def configure(self, store: Store, name: str, sent: object, *, who: str) -> Json:
        """Replace a plugin's configuration in a store; `sent` holds what is to differ from the defaults.

        Returns {config, changed, rebuild}: what is in force, what of it differs, whether the view is derived anew.
        Raises: NotFound, Conflict when it is not installed, InvalidConfiguration with every place, Unavailable.
        """
        entry = await self._installed(store, name)
        config = completed(sent, entry.config_schema or {})
        entry.check(config)
        chosen, rebuild = await configured(self._change(store, entry, who), config)
        return {**_configuration(entry, chosen), "rebuild": rebuild}

    async def enable(self, store: Store, name: str, enabled: bool, *, who: str) -> Json:
        """Switch a plugin on or off; its view is kept. Raises: NotFound, Conflict, Unavailable."""
        entry = await self._installed(store, name)
        return _summary(entry, await switched(self._change(store, entry, who), enabled))

    async def rebuild(self, store: Store, name: str, *, who: str) -> Json:
        """Have the worker derive a plugin's view anew, while the old one is served; return its status.

        Raises: NotFound, Conflict, Unavailable.
        """
        return await self._wish(store, name, who, "rebuild")

    async def retry(self, store: Store, name: str, *, who: str) -> Json:
        """Have the worker try again what a plugin failed on; return its status. Raises as `rebuild`."""
        return await self._wish(store, name, who, "retry")

    async def status(self, store: Store, name: str, *, personal: bool = True) -> Json:
        """Return how far a plugin has come (see `status`). Raises: NotFound, Unavailable.

        The statement that stopped it, and the reason, which may quote it, are in it where `personal` may be seen.
        """
        told = await status(store, await self._find(store, name))
        if told["failure"] is not None and not personal:
            told["failure"] = dict.fromkeys(told["failure"]) | {"position": told["failure"]["position"]}
        return told

    async def failures(self, store: Store, name: str, query: FailureQuery) -> tuple[list[Json], str]:
        """Return a page of what a plugin failed on (see `pages`). Raises: NotFound, Unavailable."""
        return await pages.failures(store, await self._find(store, name), query)

    async def _wish(self, store: Store, name: str, who: str, what: str) -> Json:
        entry = await self._installed(store, name)
        await wished(self._change(store, entry, who), what)
        return await status(store, entry)

    async def _entries(self, store: Store) -> list[Entry]:
        known = [entries.of_plugin(plugin, self.packages.get(name)) for name, plugin in self.installed.items()]
        absent = [entries.of_absent(name) for name in await store.views.plugins() - self.installed.keys()]
        return sorted([entries.of_normaliser(), *known, *absent], key=lambda entry: entry.name)

    async def _find(self, store: Store, name: str) -> Entry:
        found = {entry.name: entry for entry in await self._entries(store)}
        if name not in found:
            why = f"{name[:60]!r} is neither installed nor has it left a view in this store"
            raise NotFound("there is no such plugin", where="plugins", why=why, accepted=", ".join(found))
        return found[name]

    async def _installed(self, store: Store, name: str) -> Entry:
        entry = await self._find(store, name)
        entry.require_installed()
        return entry

    def _change(self, store: Store, entry: Entry, who: str) -> Change:
        return Change(self.stores, store, entry, who)


def _summary(entry: Entry, chosen: Chosen) -> Json:
    return {
        "name": entry.name,
        "title": entry.title,
        "description": entry.description,
        "version": entry.version,
        "package": entry.package,
        "installed": entry.installed,
        "enabled": chosen.enabled,
        "kinds": entry.kinds,
        "metrics": [f"{entry.name}.{metric.id}" for metric in entry.metrics],
    }


def _configuration(entry: Entry, chosen: Chosen, *, personal: bool = True) -> Json:
    told = {"config": entry.in_force(chosen), "changed": entry.changed(chosen)}
    return {name: entry.shown(settings, personal=personal) for name, settings in told.items()}


def _metric(plugin: str, metric: Metric) -> Json:
    told = ("title", "unit", "range", "direction", "definition", "no_data", "limits", "source")
    return {"id": f"{plugin}.{metric.id}", **{name: getattr(metric, name) for name in told}}
