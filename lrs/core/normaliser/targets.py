"""Who the other person is: the order of resolution within one statement.

1 the object is a person, 2 a reference to a statement, 3 an extension that holds a person, 4 contextAgents and
contextGroups with a configured role, 5 the author of the parent, 6 the author of the object, 7 the instructor where
the rule says so, 8 nobody. 2, 5 and 6 only name the thing; its author is looked up later.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from lrs.core.normaliser.acts import EITHER
from lrs.core.normaliser.agents import acting_key, checked_key, members
from lrs.core.normaliser.reading import Reading, dict_at
from lrs.core.normaliser.rule import RECEIVING, Rule
from lrs.core.normaliser.rules import Rules
from lrs.core.normaliser.things import Things, statement_key
from lrs.core.normaliser.vocabulary import Vocabulary
from lrs.xapi import Json
from lrs.xapi.actors import is_group


class Target(NamedTuple):
    """The other person or group of one act, or the thing whose author that is; all None when nobody is named."""

    key: str | None = None
    type: str | None = None  # "person" | "group"
    via: str | None = None
    ref: str | None = None
    ref_via: str | None = None
    weight: float = 1.0


NOBODY = Target()
_NOBODY = (NOBODY,)


def parties(reading: Reading, rule: Rule, rules: Rules, things: Things) -> tuple[str, tuple[Target, ...]]:
    """Return who acted and at least one target: a Group of up to `fanout_max` gives one target for each member.

    Two rules turn the statement round, so that the actor is who did it: `instructor: actor` (a learner *was graded*),
    and a `mentor` act whose statement names the mentor in contextAgents.
    """
    actor = str(reading.actor)
    if rule.instructor == "actor" and (instructor := acting_key(reading.context.get("instructor"))) is not None:
        return instructor, (_turned_round(reading, actor, "instructor"),)
    targets = _resolve(reading, rule, rules, things)
    mentor = _only_mentor(reading, targets, rules) if rule.kind == "mentor" else None
    return (mentor, (_turned_round(reading, actor, "context_agent"),)) if mentor is not None else (actor, targets)


def extension_targets(reading: Reading, paths: tuple[str, ...], rules: Rules) -> tuple[Target, ...]:
    """Return the persons of the first of these extensions that holds any; role names and other texts hold none."""
    words = rules.vocabulary
    held = reading.extensions
    if not held:
        return ()
    for name in paths:
        path = words.paths[name]
        if path.place in held and path.iri in held[path.place]:
            value = held[path.place][path.iri]
            if name in words.account_paths:
                value = _default_account(reading, value)
            elif name in words.profile_paths:
                value = _profiles(value, words)
            if targets := _persons(value, "extension", rules.fanout_max):
                return targets
    return ()


def tagged_targets(reading: Reading) -> tuple[Target, ...]:
    """Return the persons whose account name stands after an @ in the name of a tag.

    Only the sender's own name space can be meant: the account is looked for on the actor's home page, and where the
    actor has no account it is known that somebody is mentioned, but not who.
    """
    names = dict.fromkeys(name for _, name in reading.name_tags())
    home_page = dict_at(reading.statement["actor"], "account").get("homePage")
    if home_page is None:
        return _NOBODY if names else ()
    return tuple(Target(f"account:{home_page} {name}", "person", "tag") for name in names)


def observers(reading: Reading, rules: Rules) -> tuple[Target, ...]:
    """Return who watched the act: named in the extension for observers, or by that role in the context."""
    named = extension_targets(reading, rules.observation.paths, rules)
    return named or _context_targets(reading, ("observer",), rules)


def _resolve(reading: Reading, rule: Rule, rules: Rules, things: Things) -> tuple[Target, ...]:
    return (
        _object_targets(reading, rules)
        or _statement_ref(reading)
        or extension_targets(reading, rule.paths, rules)
        or _context_targets(reading, rule.roles, rules)
        or _author_of_item(reading, rule, things)
        or _instructor_target(reading, rule, rules)
        or _NOBODY
    )


def _only_mentor(reading: Reading, targets: tuple[Target, ...], rules: Rules) -> str | None:
    """The one person that contextAgents name, if as mentor: the statement's actor is the mentee then."""
    if len(targets) != 1 or targets[0].via != "context_agent":
        return None
    roles = {role for role, _ in _in_roles(reading, "contextAgents", RECEIVING, rules)}
    return targets[0].key if roles == {"mentor"} else None


def _object_targets(reading: Reading, rules: Rules) -> tuple[Target, ...]:
    if reading.object_kind not in ("Agent", "Group"):
        return ()
    return _persons(reading.statement["object"], "object", rules.fanout_max)


def _statement_ref(reading: Reading) -> tuple[Target, ...]:
    referred = (
        reading.statement["object"] if reading.object_kind == "StatementRef" else reading.context.get("statement")
    )
    return (Target(ref=statement_key(referred["id"]), ref_via="statement_ref"),) if referred else ()


def _context_targets(reading: Reading, roles: tuple[str, ...], rules: Rules) -> tuple[Target, ...]:
    """The contextAgents in one of the roles, else the groups; the actor apart, whom a mentor's statement may list."""
    if "contextAgents" not in reading.context and "contextGroups" not in reading.context:
        return ()
    listed = [entry["agent"] for _, entry in _in_roles(reading, "contextAgents", roles, rules)]
    agents = [agent for agent in listed if checked_key(agent) != reading.actor]
    if agents:
        return _persons(agents, "context_agent", rules.fanout_max)
    groups = [entry["group"] for _, entry in _in_roles(reading, "contextGroups", roles, rules)]
    return _group_targets(groups, rules.fanout_max)


def _group_targets(groups: Sequence[Json], fanout_max: int) -> tuple[Target, ...]:
    """The members of all Groups; where these are too many together, each Group as one, by the name it has."""
    if len(groups) == 1 or sum(len(members(group)) for group in groups) <= fanout_max:
        return tuple(target for group in groups for target in _persons(group, "context_group", fanout_max))
    keys = dict.fromkeys(key for group in groups if (key := checked_key(group)) is not None)
    return tuple(Target(key, "group", "context_group") for key in keys or (None,))


def _in_roles(reading: Reading, part: str, roles: tuple[str, ...], rules: Rules) -> Iterator[tuple[str, Json]]:
    """Yield the entries of the context with the first of their relevantTypes that is one of the roles."""
    for entry in reading.context.get(part, ()):
        meant = (rules.context_roles.get(iri) for iri in entry.get("relevantTypes", ()))
        role = next((role for role in meant if role in roles), None)
        if role is not None:
            yield role, entry


def _author_of_item(reading: Reading, rule: Rule, things: Things) -> tuple[Target, ...]:
    if "parent" in rule.targets and things.parent_id is not None:
        return (Target(ref=things.parent_id, ref_via="object" if rule.parent == "object" else "parent"),)
    if "object" in rule.targets and reading.object is not None and not reading.object.sets & _NOBODYS:
        return (Target(ref=reading.object.key, ref_via=EITHER if _may_be_below(reading, rule, things) else "object"),)
    return ()


def _may_be_below(reading: Reading, rule: Rule, things: Things) -> bool:
    """Whether a reaction may have an id of its own, with what it is on as its parent, as CLRecipe wants it.

    If so, nobody tells of its object. A thread and a reply are told by their type to be what others react to.
    """
    made = reading.object
    own = made is not None and made.sets.isdisjoint(("threads", "replies"))
    return own and rule.kind == "react" and rule.parents == "true" and things.parent_id is not None


_NOBODYS = frozenset({"containers", "courseware"})
"""What no single person made: places, and the course material an organisation offers."""


def _instructor_target(reading: Reading, rule: Rule, rules: Rules) -> tuple[Target, ...]:
    if rule.instructor != "target":
        return ()
    return _persons(reading.context.get("instructor"), "instructor", rules.fanout_max)


def _turned_round(reading: Reading, actor: str, via: str) -> Target:
    identified_group = is_group(reading.statement["actor"]) and checked_key(reading.statement["actor"]) is not None
    return Target(key=actor, type="group" if identified_group else "person", via=via)


def _default_account(reading: Reading, user_id: Any) -> Json | None:
    """The agent of a user id, on the actor's own home page, if that names its accounts by such ids too."""
    account: Json = reading.statement["actor"].get("account", {})
    if isinstance(user_id, bool) or not str(user_id).isdecimal() or not account.get("name", "").isdecimal():
        return None
    return {"account": {"homePage": account["homePage"], "name": str(user_id)}}


def _profiles(value: Any, vocabulary: Vocabulary) -> Any:
    """The agents in place of the addresses of their pages."""
    if isinstance(value, str):
        return vocabulary.profile(value)
    if isinstance(value, list):
        agents = (vocabulary.profile(each) if isinstance(each, str) else each for each in value)
        return [agent for agent in agents if agent is not None]
    return value


def _persons(value: Any, via: str, fanout_max: int) -> tuple[Target, ...]:
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else {"objectType": "Group", "member": value}
    if not isinstance(value, dict):
        return ()
    key = checked_key(value)
    if not is_group(value) and "member" not in value:
        return (Target(key, "person", via),) if key is not None else ()
    persons = members(value)
    if 0 < len(persons) <= fanout_max:
        return tuple(Target(person, "person", via, weight=1 / len(persons)) for person in persons)
    return (Target(key, "group", via),) if persons or key is not None else ()
