"""A store's settings of the normaliser: what is refused, by its path, and what tells two sets of rules apart."""

import copy
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator

import schemas
from lrs.core.normaliser.rules import load_rules
from lrs.errors import BadRequest
from lrs.xapi import Json

SCHEMA = schemas.load("plugins/interactions.json")
RULE: Json = {"id": "own.cheered", "kind": "react", "match": {"verbs": ["https://example.org/cheered"]}}


def own(**changes: Any) -> Json:
    return {"rules": [RULE | {"id": "own.first"}, RULE, copy.deepcopy(RULE) | changes]}


@pytest.mark.parametrize(
    ("settings", "where", "why"),
    [
        ({"colour": "red"}, "", "'colour' was unexpected"),
        ({"fanout_max": 0}, "fanout_max", "less than the minimum"),
        ({"repetition_minutes": "ten"}, "repetition_minutes", "not of type 'number'"),
        ({"types": {"pets": ["as:cat"]}}, "types.pets", "no such set of types"),
        ({"types": {"threads": ["cats"]}}, "types.threads[0]", "'cats' is neither"),
        ({"verb_aliases": {"nowhere:x": "as:like"}}, "verb_aliases.nowhere:x", "'nowhere:x' is neither"),
        ({"verb_aliases": {"as:adore": "likes"}}, "verb_aliases.as:adore", "'likes' is neither"),
        ({"item_keys": [{"pattern": "(", "replacement": ""}]}, "item_keys[0].pattern", "no regular expression"),
        ({"item_keys": [{"pattern": "a", "replacement": r"\1"}]}, "item_keys[0].replacement", "no replacement"),
        ({"profiles": [{"pattern": "(a+)+", "home_page": "", "name": ""}]}, "profiles[0].pattern", "too long"),
        ({"context_roles": {"https://example.org/r": "boss"}}, "context_roles.https://example.org/r", "'boss'"),
        ({"context_roles": {"boss": "mentor"}}, "context_roles.boss", "'boss' is neither"),
        ({"person_paths": {"x": {"place": "verb", "extension": "as:x"}}}, "person_paths.x.place", "'verb'"),
        ({"person_paths": {"x": {"place": "context", "extension": "x"}}}, "person_paths.x.extension", "'x' is neither"),
        ({"system_agents": {"agents": [{"name": "Bot"}]}}, "system_agents.agents[0]", "names no agent"),
        ({"system_agents": {"authorities": [{}]}}, "system_agents.authorities[0]", "names no agent"),
        ({"instructors": {"patterns": ["ok", "["]}}, "instructors.patterns[1]", "no regular expression"),
        (own(), "rules[2].id", "used twice"),
        (own(id="own.b", kind="cheer"), "rules[2].kind", "unknown kind 'cheer'"),
        (own(id="own.b", match={"verbs": []}), "rules[2].match.verbs", "should be non-empty"),
        (own(id="own.b", match={"verbs": ["as:x", "x"]}), "rules[2].match.verbs[1]", "'x' is neither"),
        (
            own(id="own.b", match=RULE["match"] | {"object_types": ["@pets"]}),
            "rules[2].match.object_types[0]",
            "no set",
        ),
        (own(id="own.b", match=RULE["match"] | {"object_id": ".*.*x"}), "rules[2].match.object_id", "too long"),
        (own(id="own.b", paths=["to", "nowhere"]), "rules[2].paths[1]", "can't hold 'nowhere'"),
        (own(id="own.b", item="nowhere"), "rules[2].item", "can't be 'nowhere'"),
        (own(id="own.b", counts={"as:x": {"n": "cheer"}}), "rules[2].counts.as:x.n", "unknown kind 'cheer'"),
        (own(id="own.b", closes="cheer"), "rules[2].closes", "unknown kind 'cheer'"),
        (own(id="generic.liked"), "rules[2].id", "used twice"),
    ],
)
def test_what_cannot_be_used_is_told_by_its_path(settings: Json, where: str, why: str) -> None:
    with pytest.raises(BadRequest) as refused:
        load_rules(settings)
    assert refused.value.where == where
    assert why in refused.value.why
    assert refused.value.accepted


def test_every_setting_has_a_description_and_a_default_that_changes_nothing() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    properties: Json = SCHEMA["properties"]
    assert all(setting["description"] for setting in properties.values())
    defaults = {name: setting["default"] for name, setting in properties.items()}
    assert load_rules(defaults) is load_rules()
    assert (load_rules().fanout_max, load_rules().repetition) == (25, timedelta(minutes=10))
    assert (defaults["fanout_max"], defaults["repetition_minutes"]) == (25, 10)


def test_the_sets_of_types_in_the_description_are_those_there_are() -> None:
    told = SCHEMA["properties"]["types"]["description"]
    assert all(name in told for name in load_rules().vocabulary.type_sets)


def test_every_property_of_a_rule_is_described() -> None:
    rule = SCHEMA["$defs"]["rule"]["properties"]
    for described in (*rule.values(), *rule["match"]["properties"].values()):
        assert described["description"]


@pytest.mark.parametrize(
    "settings",
    [
        {"fanout_max": 24},
        {"repetition_minutes": 5},
        {"verb_aliases": {"https://example.org/a": "as:like"}},
        {"rules": [RULE]},
        {"required_activities": ["https://example.org/c"]},
        {"system_agents": {"patterns": ["bot"]}},
    ],
)
def test_each_setting_changes_the_fingerprint(settings: Json) -> None:
    assert load_rules(settings).fingerprint != load_rules().fingerprint


def test_the_same_settings_are_the_same_rules_whatever_the_order() -> None:
    one = load_rules({"fanout_max": 9, "repetition_minutes": 5})
    assert one is load_rules({"repetition_minutes": 5, "fanout_max": 9})
    assert (one.fanout_max, one.repetition) == (9, timedelta(minutes=5))


def test_the_readmes_settings_can_be_used_and_name_every_setting_and_kind() -> None:
    readme = (Path(__file__).parents[3] / "README.md").read_text()
    section = readme.partition("## What becomes an interaction\n")[2].partition("\n## ")[0]
    example = re.search(r"```json\n(.*?)```", section, re.DOTALL)
    assert example is not None
    rules = load_rules(orjson.loads(example[1]))
    assert rules.by_verb["https://example.org/verbs/tried-out"][0].kind == "adopt"
    assert {name for name in SCHEMA["properties"] if f"`{name}`" not in section} == set()
    assert {kind for kind in rules.vocabulary.kinds if f"`{kind}`" not in section} == set()
