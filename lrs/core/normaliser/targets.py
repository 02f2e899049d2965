"""Who the other person is: the order of resolution within one statement.

1 the object is a person, 2 a reference to a statement, 3 an extension that holds a person, 4 contextAgents and
contextGroups with a configured role, 5 the author of the parent, 6 the author of the object, 7 the instructor where
the rule says so, 8 nobody. 2, 5 and 6 only name the thing; its author is looked up later.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lrs.core.normaliser.reading import Reading
from lrs.core.normaliser.rules import Rule, Rules
from lrs.core.normaliser.things import Things, statement_key
from lrs.xapi import Json
from lrs.xapi.actors import IDENTIFIERS, actor_key, is_group

_RECEIVING_ROLES = ("addressee", "mentee", "mentor")


@dataclass(frozen=True, slots=True)
class Target:
    """The other person or group of one act, or the thing whose author that is; all None when nobody is named."""

    key: str | None = None
    type: str | None = None  # "person" | "group"
    via: str | None = None
    ref: str | None = None
    ref_via: str | None = None
    weight: float = 1.0


def parties(reading: Reading, rule: Rule, rules: Rules, things: Things) -> tuple[str | None, tuple[Target, ...]]:
    """Return who acted and at least one target: a Group of up to `fanout_max` gives one target for each member.

    Two rules turn the statement round, so that the actor is who did it: `instructor: actor` (a learner *was graded*),
    and a `mentor` act whose statement names the mentor in contextAgents.
    """
    actor = acting_key(reading.statement["actor"])
    instructor = acting_key(reading.context.get("instructor"))
    if rule.instructor == "actor" and instructor is not None:
        return instructor, (_turned_round(reading, actor, "instructor"),)
    targets = _resolve(reading, rule, rules, things)
    if rule.kind == "mentor" and len(targets) == 1 and targets[0].via == "context_agent":
        roles = {role for role, _ in _context_agents(reading, rules)}
        if roles == {"mentor"}:
            return targets[0].key, (_turned_round(reading, actor, "context_agent"),)
    return actor, targets


def acting_key(actor: Any) -> str | None:
    """Return the key of who acts: an Agent's or identified Group's own, an anonymous Group's first member's.

    The first member stands for the whole, so that a thing made together still has one author.
    """
    if not isinstance(actor, dict):
        return None
    own = checked_key(actor)
    return own if own is not None else next(_members(actor), None)


def extension_targets(reading: Reading, rule: Rule, rules: Rules) -> tuple[Target, ...]:
    """Return the persons of the first of the rule's extensions that holds any; role names and other texts hold none."""
    for name in rule.paths:
        value = reading.extension(rules.vocabulary.paths[name])
        if name in rules.vocabulary.account_paths:
            value = _default_account(reading, value)
        targets = _persons(value, "extension", rules.fanout_max)
        if targets:
            return targets
    return ()


def checked_key(actor: Any) -> str | None:
    """Return the actor key of JSON nobody validated (an extension's value), if it has exactly one identifier."""
    if not isinstance(actor, dict) or sum(identifier in actor for identifier in IDENTIFIERS) != 1:
        return None
    account = actor.get("account")
    if account is None:
        return actor_key(actor) if all(isinstance(actor[name], str) for name in IDENTIFIERS if name in actor) else None
    named = isinstance(account, dict) and all(isinstance(account.get(part), str) for part in ("homePage", "name"))
    return actor_key(actor) if named else None


def _resolve(reading: Reading, rule: Rule, rules: Rules, things: Things) -> tuple[Target, ...]:
    return (
        _object_targets(reading, rules)
        or _statement_ref(reading)
        or extension_targets(reading, rule, rules)
        or _context_targets(reading, rules)
        or _author_of_item(reading, rule, things)
        or _instructor_target(reading, rule, rules)
        or (Target(),)
    )


def _object_targets(reading: Reading, rules: Rules) -> tuple[Target, ...]:
    if reading.object_kind not in ("Agent", "Group"):
        return ()
    return _persons(reading.statement["object"], "object", rules.fanout_max)


def _statement_ref(reading: Reading) -> tuple[Target, ...]:
    referred = (
        reading.statement["object"] if reading.object_kind == "StatementRef" else reading.context.get("statement")
    )
    return (Target(ref=statement_key(referred["id"]), ref_via="statement_ref"),) if referred else ()


def _context_targets(reading: Reading, rules: Rules) -> tuple[Target, ...]:
    agents = [agent for _, agent in _context_agents(reading, rules)]
    if agents:
        return _persons(agents, "context_agent", rules.fanout_max)
    for entry in reading.context.get("contextGroups", ()):
        if _role(entry, rules) is not None:
            return _persons(entry["group"], "context_group", rules.fanout_max)
    return ()


def _context_agents(reading: Reading, rules: Rules) -> Iterator[tuple[str, Json]]:
    """The contextAgents with a role, the actor apart: a mentor's statement may list the mentor too."""
    actor = acting_key(reading.statement["actor"])
    for entry in reading.context.get("contextAgents", ()):
        role = _role(entry, rules)
        if role is not None and checked_key(entry["agent"]) != actor:
            yield role, entry["agent"]


def _role(entry: Json, rules: Rules) -> str | None:
    roles = (rules.context_roles.get(iri) for iri in entry.get("relevantTypes", ()))
    return next((role for role in roles if role in _RECEIVING_ROLES), None)


def _author_of_item(reading: Reading, rule: Rule, things: Things) -> tuple[Target, ...]:
    if "parent" in rule.targets and things.parent_id is not None:
        return (Target(ref=things.parent_id, ref_via="object" if rule.parent == "object" else "parent"),)
    containers = reading.vocabulary.type_sets["containers"]
    if "object" in rule.targets and reading.object is not None and reading.object.type not in containers:
        return (Target(ref=reading.object.key, ref_via="object"),)
    return ()


def _instructor_target(reading: Reading, rule: Rule, rules: Rules) -> tuple[Target, ...]:
    if rule.instructor != "target":
        return ()
    return _persons(reading.context.get("instructor"), "instructor", rules.fanout_max)


def _turned_round(reading: Reading, actor: str | None, via: str) -> Target:
    identified_group = is_group(reading.statement["actor"]) and checked_key(reading.statement["actor"]) is not None
    return Target(key=actor, type="group" if identified_group else "person", via=via)


def _default_account(reading: Reading, user_id: Any) -> Json | None:
    """The agent of a user id, on the actor's own home page, if that names its accounts by such ids too."""
    account: Json = reading.statement["actor"].get("account", {})
    if isinstance(user_id, bool) or not str(user_id).isdecimal() or not account.get("name", "").isdecimal():
        return None
    return {"account": {"homePage": account["homePage"], "name": str(user_id)}}


def _persons(value: Any, via: str, fanout_max: int) -> tuple[Target, ...]:
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else {"objectType": "Group", "member": value}
    if not isinstance(value, dict):
        return ()
    key = checked_key(value)
    if not is_group(value) and "member" not in value:
        return (Target(key, "person", via),) if key is not None else ()
    members = tuple(_members(value))
    if 0 < len(members) <= fanout_max:
        return tuple(Target(member, "person", via, weight=1 / len(members)) for member in members)
    return (Target(key, "group", via),) if members or key is not None else ()


def _members(group: Json) -> Iterator[str]:
    listed = group.get("member")
    keys = (checked_key(member) for member in listed) if isinstance(listed, list) else ()
    return iter(dict.fromkeys(key for key in keys if key is not None))
