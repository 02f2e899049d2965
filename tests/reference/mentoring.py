"""The raw metrics of mentoring over the acts of one row, without any guard."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from .asked import Asked, Measurement
from .figures import ratio
from .mentoring_deeds import Deed, read_deeds
from .mentoring_state import State, measure_state
from .people import People
from .sessions import MentoringAct, Pair, Session, mentoring_act, sessions
from .statements import Statement

FORTNIGHT = timedelta(days=14)


@dataclass
class Mentoring:
    """What a store tells of mentoring: statements of meetings and feedback, plans, and whatever else people did."""

    METRICS: ClassVar[Mapping[str, int]] = {
        **dict.fromkeys(("active_pairs", "sessions", "duration", "stalled_pairs", "max_mentees"), 0),
        **dict.fromkeys(("cadence", "cadence_mad"), 5),
        **dict.fromkeys(("completion", "mentee_coverage", "load_gini", "reciprocity"), 10),
        **dict.fromkeys(("cross_department_share", "feedback_loop_closed"), 10),
    }

    LOOK_BACK: ClassVar[Collection[str]] = METRICS.keys() - {"feedback_loop_closed"}

    acts: list[MentoringAct]
    plans: list[MentoringAct]
    done: Mapping[tuple[str, str], list[Deed]]  # by person and thing
    people: People

    @classmethod
    def read(cls, statements: Iterable[Statement], people: People, settings: Mapping[str, Any]) -> "Mentoring":
        """The acts of a store. The setting `context_roles` says what context agents' relevant types mean."""
        deeds = read_deeds(statements, settings.get("context_roles") or {})
        told = [act for deed in deeds if not deed.takes_back and (act := mentoring_act(deed, people))]
        done: dict[tuple[str, str], list[Deed]] = {}
        for deed in deeds:
            if (doer := people.counted(deed.doer)) and deed.object:
                done.setdefault((doer, deed.object), []).append(deed)
        return cls(
            acts=[act for act in told if act.kind != "schedule"],
            plans=[act for act in told if act.kind == "schedule" and act.pair],
            done=done,
            people=people,
        )

    def measure(self, asked: Asked) -> Measurement:
        """One metric of one row."""
        match asked.metric:
            case "sessions":
                return Measurement(len(_sessions(asked)))
            case "duration":
                return _duration(_sessions(asked))
            case "completion":
                return self._completion(asked)
            case "feedback_loop_closed":
                return self._loop_closed(asked)
        everything = [act for act in self.acts if act.at < asked.as_of]
        everywhere = State(everything, asked.as_of, asked.people, asked.zone)
        if asked.group is None:
            return measure_state(asked, everywhere, everywhere)
        state = State(_history(asked), asked.as_of, asked.people, asked.zone, asked.group)
        return measure_state(asked, state, everywhere)

    def _completion(self, asked: Asked) -> Measurement:
        """Of the plans that still stand, those of one pair to do one thing counted once; held wherever."""
        plans: dict[tuple[Pair | None, str | None], list[MentoringAct]] = {}
        for plan in asked.own(self.plans):
            if plan.over is None or asked.as_of < plan.over:
                plans.setdefault((plan.pair, plan.object), []).append(plan)
        acts = [act for act in self.acts if act.at < asked.as_of]
        met = sessions(acts)
        held = [same for same in plans.values() if any(_is_held(plan, acts, met) for plan in same)]
        return Measurement(ratio(len(held), len(plans)), len(plans))

    def _loop_closed(self, asked: Asked) -> Measurement:
        """Feedback whose receiver nobody knows, or to oneself, can't come back; it is feedback all the same."""
        old = [act for act in asked.acts if act.kind == "feedback" and asked.as_of - act.at >= FORTNIGHT]
        closed = [act for act in old if any(deed.stands(asked.as_of) for deed in self._taking_up(act))]
        return Measurement(ratio(len(closed), len(old)), len(old))

    def _taking_up(self, feedback: MentoringAct) -> list[Deed]:
        done = self.done.get((feedback.target or "", feedback.object or ""), [])
        return [deed for deed in done if feedback.at < deed.at <= feedback.at + FORTNIGHT]


def _history(asked: Asked) -> list[MentoringAct]:
    return [act for act in asked.history if act.at < asked.as_of]


def _sessions(asked: Asked) -> list[Session]:
    """Those that start in the window: what goes on from before it does not."""
    return [each for each in sessions(_history(asked)) if each.start >= asked.since]


def _duration(met: list[Session]) -> Measurement:
    """In seconds. If there were sessions and nobody told how long any was, that is not known."""
    told = [each.duration for each in met if each.duration is not None]
    beside = {"duration_told": Measurement(ratio(len(told), len(met)), len(met))}
    if met and not told:
        return Measurement(None, reason="source_cannot_tell", beside=beside)
    return Measurement(sum(told), beside=beside)


def _is_held(plan: MentoringAct, acts: list[MentoringAct], met: list[Session]) -> bool:
    """By an act of the pair on the planned thing, else by any meeting of theirs within a fortnight."""
    own = [act for act in acts if act.is_meeting and act.pair == plan.pair]
    if any(act.object == plan.object for act in own):
        return True
    return any(each.pair == plan.pair and plan.at <= each.start <= plan.at + FORTNIGHT for each in met)
