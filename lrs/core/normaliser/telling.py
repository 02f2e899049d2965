"""The acts of one statement while they are told: each numbered among those of its kind."""

from lrs.core.normaliser.acts import Act, Value
from lrs.core.normaliser.agents import checked_key
from lrs.core.normaliser.numbers import is_number
from lrs.core.normaliser.reading import NOTHING, Reading, dict_at
from lrs.core.normaliser.rule import Rule
from lrs.core.normaliser.rules import Rules
from lrs.core.normaliser.scenes import Scene, scene_of
from lrs.core.normaliser.targets import NOBODY, Target
from lrs.core.normaliser.things import Things

MOST_REPEATED = 10_000  # ids and keys in all acts of one statement together: else a long list takes time by its square
MOST_PLACES = 10  # groups that the other acts tell then

_FROM_CONTEXT = ("context_agent", "context_group")


class Telling:
    """Collects the acts of one reading."""

    def __init__(self, reading: Reading, rules: Rules) -> None:
        self.reading, self.rules = reading, rules
        self.acts: list[Act] = []
        self._scene = scene_of(reading, rules)
        self._object_group = checked_key(reading.statement["object"]) if reading.object_kind == "Group" else None
        self._numbers: dict[str, int] = {}

    def tell(self, rule: Rule, actor: str, target: Target, things: Things, value: Value, carrier: Rule) -> None:
        """Add an act of the rule's kind; `carrier` is the rule of the statement, which the act may only go with."""
        kind, scene = str(rule.kind), self._scene
        n = self._numbers.get(kind, 0)
        self._numbers[kind] = n + 1
        self.acts.append(
            Act(
                kind=kind,
                n=n,
                rule_id=rule.id,
                actor=actor,
                t=scene.t,
                t_quality=scene.t_quality,
                polarity=rule.polarity,
                object_id=things.object_id,
                object_type=things.object_type,
                object_group=self._object_group,
                creates=things.creates,
                is_thread=things.is_thread,
                in_thread=things.in_thread,
                parent_id=things.parent_id,
                parent_known=carrier.parents == "true",
                thread_id=things.thread_id,
                target=target.key,
                target_type=target.type,
                target_via=target.via,
                target_ref=target.ref,
                target_ref_via=target.ref_via,
                weight=target.weight,
                course_id=scene.course_id,
                board_id=scene.board_id,
                group_ids=scene.group_ids,
                platform=scene.platform,
                aggregate=bool(carrier.counts),
                source="xapi-2.0" if target.via in _FROM_CONTEXT else carrier.preset,
                actor_role=self._role(rule, actor),
                closes=rule.closes,
                aims=self._aims(rule, target, things),
                teams=scene.teams,
                topics=scene.topics,
                voluntary=scene.voluntary,
                visibility=_visibility(carrier, target, scene),
                value=value,
            )
        )

    def tell_counts(self, rule: Rule, actor: str) -> None:
        """Add one act for each number of the rule's, standing for so many acts: of nobody's thing, toward nobody.

        Each number has an object of its own, so that only the same number told again is a repetition.
        """
        activity, extensions = self.reading.object, self.reading.extensions.get("object", NOTHING)
        for count in rule.counts:
            told = dict_at(extensions, count.extension).get(count.name)
            if activity is None or not is_number(told) or told <= 0:
                continue
            counted = f"{activity.key}#{count.extension}/{count.name}"
            things = Things(counted, activity.type, None, None, is_thread=False, in_thread=False, creates=False)
            self.tell(count.rule, actor, NOBODY, things, {"count": told}, rule)

    def told(self) -> tuple[Act, ...]:
        """Return the acts; the many of a statement that names many do not each repeat all of it.

        Memberships are learned from any act of a statement that is neither the system's nor a join or a leave, so the
        first such one tells the teams.
        """
        scene = self._scene
        named = len(scene.group_ids) + len(scene.topics) + sum(1 + len(members) for _, members in scene.teams)
        if len(self.acts) * named <= MOST_REPEATED:
            return tuple(self.acts)
        whole = next((act for act in self.acts if _teaches(act)), self.acts[0])
        return tuple(act if act is whole else _shortened(act) for act in self.acts)

    def _role(self, rule: Rule, actor: str) -> str | None:
        """The role of who acted: a setting's word first, then the rule's, then the statement's."""
        if self._scene.by_system:
            return "system"
        set_role = self.rules.role(actor)
        if set_role is not None or rule.actor_role is not None:
            return set_role or (rule.actor_role if rule.actor_role != "none" else None)
        return "instructor" if actor == self._scene.instructor else None

    def _aims(self, rule: Rule, target: Target, things: Things) -> bool:
        aims = rule.implied.aims
        if aims == "always" or target.key is not None:
            return True
        if aims == "post":  # which somebody wrote, even if nobody saw it written
            made = self.reading.object
            return made is not None and ("posts" in made.sets or things.thread_id == made.key)
        return aims == "led" and target.ref is not None


def _teaches(act: Act) -> bool:
    return act.actor_role != "system" and act.kind not in ("join", "leave")


def _shortened(act: Act) -> Act:
    return act._replace(group_ids=act.group_ids[:MOST_PLACES], teams=(), topics=())


def _visibility(rule: Rule, target: Target, scene: Scene) -> str | None:
    if rule.visibility is not None:
        return rule.visibility
    to_group = scene.to_group or target.type == "group"
    if rule.implied.private and not to_group:
        return "private" if target.key is not None or target.ref is not None else None
    return "group" if to_group or scene.course_id is not None else None
