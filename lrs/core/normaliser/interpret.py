"""One statement read as acts: who did which kind of thing to what, and who the other person is."""

from dataclasses import dataclass, replace

from lrs.core.normaliser.acts import Act
from lrs.core.normaliser.measures import time_of, value_of
from lrs.core.normaliser.reading import Reading, read
from lrs.core.normaliser.rules import Rule, Rules
from lrs.core.normaliser.targets import Target, acting_key, checked_key, extension_targets, parties
from lrs.core.normaliser.things import Things, things_of
from lrs.xapi import Json

_VOIDED = "http://adlnet.gov/expapi/verbs/voided"


@dataclass(frozen=True, slots=True)
class Interpretation:
    """The acts of one statement, and its verb as sent when no rule knows it."""

    acts: tuple[Act, ...] = ()
    unmapped_verb: str | None = None


def interpret(statement: Json, rules: Rules) -> Interpretation:
    """Return what a completed, valid statement (with id, stored and authority) says that somebody did.

    A voiding statement says nothing of its own, and a SubStatement is a plan: neither is an act nor an unmapped verb.
    A person mentioned in a text gives a further act of kind `mention`. The same statement always gives the same acts.
    """
    verb: str = statement["verb"]["id"]
    if verb == _VOIDED or statement["object"].get("objectType") == "SubStatement":
        return Interpretation()
    reading = read(statement, rules.vocabulary)
    rule = rules.first(reading)
    unmapped = verb if rule is None else None
    if acting_key(statement["actor"]) is None or (rule is not None and rule.kind is None):
        return Interpretation((), unmapped)
    acts = _acts(reading, rule, rules) if rule is not None else ()
    return Interpretation(acts + _mentions(reading, rule, rules), unmapped)


def _acts(reading: Reading, rule: Rule, rules: Rules) -> tuple[Act, ...]:
    things = things_of(reading, rule)
    actor, targets = parties(reading, rule, rules, things)
    act = _without_target(reading, rule, actor, things)
    return tuple(_aimed(act, target, n) for n, target in enumerate(targets))


def _mentions(reading: Reading, rule: Rule | None, rules: Rules) -> tuple[Act, ...]:
    """Acts for persons named in the text: of any statement with a text, also of one whose verb is not known."""
    if rule is not None and (not rule.text or rule.kind == "mention"):
        return ()
    targets = extension_targets(reading, rules.mention, rules)
    if not targets:
        return ()
    carrier = rule if rule is not None else rules.mention
    mention = replace(carrier, id=rules.mention.id, kind="mention", creates=False, text=False, polarity=0, value={})
    act = _without_target(reading, mention, acting_key(reading.statement["actor"]), things_of(reading, mention))
    return tuple(_aimed(act, target, n) for n, target in enumerate(targets))


def _without_target(reading: Reading, rule: Rule, actor: str | None, things: Things) -> Act:
    t, t_quality = time_of(reading.statement)
    course = next(reading.places("courses"), None)
    board = next(reading.places("boards"), None)
    return Act(
        kind=str(rule.kind),
        n=0,
        rule_id=rule.id,
        actor=str(actor),
        t=t,
        t_quality=t_quality,
        polarity=rule.polarity,
        object_id=things.object_id,
        object_type=things.object_type,
        creates=things.creates,
        is_thread=things.is_thread,
        in_thread=things.in_thread,
        parent_id=things.parent_id,
        parent_known=rule.parents == "true",
        thread_id=things.thread_id,
        course_id=course.id if course else None,
        board_id=board.id if board else None,
        group_ids=_groups(reading),
        platform=reading.context.get("platform"),
        source=rule.preset,
        value=value_of(reading, rule),
    )


def _aimed(act: Act, target: Target, n: int) -> Act:
    return replace(
        act,
        n=n,
        target=target.key,
        target_type=target.type,
        target_via=target.via,
        target_ref=target.ref,
        target_ref_via=target.ref_via,
        weight=target.weight,
    )


def _groups(reading: Reading) -> tuple[str, ...]:
    team = checked_key(reading.context.get("team"))
    named = [activity.id for activity in reading.places("groups")]
    return tuple(dict.fromkeys([*named, team] if team is not None else named))
