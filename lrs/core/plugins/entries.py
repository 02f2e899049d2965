"""What is administered as a plugin: each installed one, each that left a view behind, and the normaliser."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import schemas
from lrs.core.normaliser.rules import load_rules
from lrs.core.runner import reader_name
from lrs.errors import Conflict
from lrs.plugin import Config, Metric, Plugin, spec
from lrs.plugin.loader import NORMALISER as NORMALISER_NAME
from lrs.store.plugin_settings import Chosen
from lrs.store.positions import NORMALISER
from lrs.xapi import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One plugin as an administrator sees it. One that is absent has a name and a position, and no more."""

    name: str
    reader: str  # the name of its position
    plugin: Plugin | None = None
    package: str | None = None  # the distribution it came with, and its version
    title: str = ""
    description: str = ""
    version: int | str | None = None  # of the plugin, or of the shipped mapping rules
    kinds: tuple[str, ...] = ()
    config_schema: Mapping[str, Any] | None = None

    @property
    def installed(self) -> bool:
        return self.config_schema is not None

    @property
    def metrics(self) -> tuple[Metric, ...]:
        return self.plugin.metrics if self.plugin is not None else ()

    @property
    def defaults(self) -> Config:
        """The configuration of a store that has chosen nothing."""
        return spec.defaults(self.config_schema or {})

    def in_force(self, chosen: Chosen) -> Json:
        """Return the configuration that applies where this was chosen."""
        return spec.in_force(self.config_schema or {}, chosen.config)

    def changed(self, chosen: Chosen) -> Json:
        """Return what differs from the defaults, without what only an earlier version knew."""
        return spec.known(self.config_schema or {}, chosen.config)

    def shown(self, settings: Mapping[str, Any], *, personal: bool) -> Json:
        """Return settings as they are shown: what may name people, by `personal` in the schema, only if `personal`."""
        properties: Mapping[str, Any] = (self.config_schema or {}).get("properties", {})
        harmless = {name for name, rule in properties.items() if not (isinstance(rule, dict) and rule.get("personal"))}
        return {name: value for name, value in settings.items() if personal or name in harmless}

    def derives_anew(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
        """Tell whether what was derived under one configuration must be derived anew under another."""
        changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
        return bool(changed) if self.plugin is None else not changed.isdisjoint(self.plugin.applied_settings)

    def check(self, config: Mapping[str, Any]) -> None:
        """Refuse what the schema allows and still can't be. Raises: BadRequest with the place."""
        if self.name == NORMALISER_NAME:
            load_rules(config)

    def require_installed(self) -> None:
        """Raise Conflict for a plugin of which only a view is left."""
        if not self.installed:
            raise Conflict(
                "the plugin is not installed",
                where=f"plugins/{self.name}",
                why="only what it derived is still there",
                accepted="the package it came with, installed beside the LRS, and a restart",
            )


def of_plugin(plugin: Plugin, package: str | None) -> Entry:
    """Return the entry of an installed plugin."""
    return Entry(
        name=plugin.name,
        reader=reader_name(plugin.name),
        plugin=plugin,
        package=package,
        title=plugin.title,
        description=plugin.description,
        version=plugin.version,
        kinds=tuple(sorted(plugin.kinds)),
        config_schema=plugin.config_schema,
    )


def of_absent(name: str) -> Entry:
    """Return the entry of a plugin that has a view in the store and is no longer installed."""
    return Entry(name=name, reader=reader_name(name))


def of_normaliser() -> Entry:
    """Return the entry of the normaliser, which is no plugin and is configured and rebuilt like one."""
    rules = load_rules()
    return Entry(
        name=NORMALISER_NAME,
        reader=NORMALISER,
        title="Interactions",
        description="Who did what toward whom, about what: the mapping of statements that all plugins share.",
        version=rules.fingerprint,
        kinds=tuple(sorted(rules.vocabulary.kinds)),
        config_schema=schemas.load("plugins/interactions.json"),
    )
