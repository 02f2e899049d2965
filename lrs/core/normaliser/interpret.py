"""One statement read as acts: who did which kind of thing to what, and who the other person is."""

from collections.abc import Iterator
from typing import NamedTuple

from lrs.core.normaliser.acts import NO_VALUE, Act
from lrs.core.normaliser.agents import members
from lrs.core.normaliser.measures import value_of
from lrs.core.normaliser.reading import Reading, read
from lrs.core.normaliser.rule import Rule
from lrs.core.normaliser.rules import Rules
from lrs.core.normaliser.targets import Target, extension_targets, observers, parties, tagged_targets
from lrs.core.normaliser.telling import Telling
from lrs.core.normaliser.things import things_of
from lrs.xapi import Json
from lrs.xapi.actors import is_group

_VOIDED = "http://adlnet.gov/expapi/verbs/voided"


class Interpretation(NamedTuple):
    """The acts of one statement, and its verb as sent when no rule knows it."""

    acts: tuple[Act, ...] = ()
    unmapped_verb: str | None = None


def interpret(statement: Json, rules: Rules) -> Interpretation:
    """Return what a completed, valid statement (with id, stored and authority) says that somebody did.

    A voiding statement says nothing of its own, and a SubStatement is a plan: neither is an act nor an unmapped verb.
    Persons mentioned in a text, who watched, and who acted together give further acts, of the kinds `mention`, `view`
    and `collaborate`. The same statement always gives the same acts.
    """
    verb: str = statement["verb"]["id"]
    if verb == _VOIDED or statement["object"].get("objectType") == "SubStatement":
        return Interpretation()
    reading = read(statement, rules.vocabulary)
    rule = rules.first(reading)
    unmapped = verb if rule is None else None
    if reading.actor is None or (rule is not None and rule.kind is None and not rule.counts):
        return Interpretation((), unmapped)
    telling = Telling(reading, rules)
    if rule is not None and rule.counts:
        telling.tell_counts(rule, reading.actor)
    else:
        _tell_acts(telling, rule)
    return Interpretation(telling.told(), unmapped)


def _tell_acts(telling: Telling, rule: Rule | None) -> None:
    """Tell the act of the rule and those beside it; a statement of an unknown verb may still mention somebody."""
    reading, rules = telling.reading, telling.rules
    carrier = rule or rules.mention
    things = things_of(reading, carrier)
    if rule is not None:
        actor, targets = parties(reading, rule, rules, things)
        value = value_of(reading, rule)
        for target in targets:
            telling.tell(rule, actor, target, things, value, rule)
    for beside, actor, target in _beside(reading, rule, rules):
        telling.tell(beside, actor, target, things._replace(creates=False, is_thread=False), NO_VALUE, carrier)


def _beside(reading: Reading, rule: Rule | None, rules: Rules) -> Iterator[tuple[Rule, str, Target]]:
    """Yield what else a statement tells: who is mentioned in its text, who watched, and who did it together."""
    actor = str(reading.actor)
    for target in _mentioned(reading, rule, rules):
        yield rules.mention, actor, target
    for observer in observers(reading, rules):
        if observer.key is not None:
            yield rules.observation, observer.key, Target(actor, "person", observer.via)
    if rule is not None and is_group(reading.statement["actor"]):
        together = members(reading.statement["actor"])
        if len(together) <= rules.fanout_max:
            for other in together[1:]:
                yield rules.collaboration, together[0], Target(other, "person", "group", weight=1 / len(together))


def _mentioned(reading: Reading, rule: Rule | None, rules: Rules) -> tuple[Target, ...]:
    """Whom a text mentions, or a reaction; the tags of that are taken for those of what it is on."""
    writes = rule is None or (rule.text and rule.kind != "mention")
    reacts = rule is not None and rule.kind == "react" and not rule.value.get("undo")
    named = extension_targets(reading, rules.mention.paths, rules) if writes or reacts else ()
    return (*named, *tagged_targets(reading)) if writes else named
