"""The metrics of mentoring: what each is, what it rests on, and what can't be known."""

from collections.abc import Mapping

from lrs.plugin import Metric
from plugins.mentoring.feedback import feedback_loop_closed
from plugins.mentoring.mentors import load_gini, max_mentees, mentee_coverage
from plugins.mentoring.pairs import (
    active_pairs,
    cadence,
    cadence_mad,
    cross_department_share,
    reciprocity,
    stalled_pairs,
)
from plugins.mentoring.plans import completion
from plugins.mentoring.sessions import duration, sessions

_GUIDES = "measures that guides of mentoring platforms name (mentordeck, Together); own definition"
_STATEMENTS = (
    "A course's instructor who is named in who attended, as Moodle's face-to-face names whoever took the register, "
    "counts as the mentor. Senders that don't name the other person tell no session."
)
_INFERRED = (
    "A pair that no roster declares is seen only after three statements of sessions or feedback in two weeks. "
    "Meetings that nobody tells of are not seen."
)
_OF_WHICH: Mapping[str, str] = {
    "declared": "how many of the pairs a programme's roster declares",
    "inferred": "how many are pairs only by what they did",
}

METRICS = (
    Metric(
        id="active_pairs",
        title="Active pairs",
        unit="n",
        range=(0, None),
        direction="higher",
        definition="declared and inferred pairs of mentor and mentee with a session that started in the 30 days before",
        no_data="0: no pair met",
        source=_GUIDES,
        limits=_INFERRED,
        beside=_OF_WHICH,
        counts=True,
        looks_back=True,
        compute=active_pairs,
    ),
    Metric(
        id="sessions",
        title="Sessions",
        unit="n",
        range=(0, None),
        direction="neutral",
        definition=(
            "sessions that start in the window: statements of one pair, each less than two hours after the last, "
            "whoever of the two tells them"
        ),
        no_data="0: nobody told of a session",
        source=_GUIDES,
        limits=_STATEMENTS,
        counts=True,
        looks_back=True,  # for what starts in the window must not go on from before
        compute=sessions,
    ),
    Metric(
        id="duration",
        title="Time in sessions",
        unit="s",
        range=(0, None),
        direction="neutral",
        definition="sum over the sessions that start in the window of the longest duration told of each",
        no_data="0: no session; null with source_cannot_tell: of no session is the duration told",
        source=_GUIDES,
        limits="A session whose duration nobody tells adds nothing, so the sum is too small by these. " + _STATEMENTS,
        beside={"duration_told": "share of the sessions whose duration is told"},
        counts=True,
        looks_back=True,
        compute=duration,
    ),
    Metric(
        id="cadence",
        title="Time between sessions",
        unit="s",
        range=(0, None),
        direction="neutral",
        definition="median of the times between the starts of consecutive sessions of a pair, over all pairs",
        no_data="null: no pair met twice",
        source=_GUIDES,
        limits=_INFERRED,
        beside=_OF_WHICH,
        looks_back=True,
        min_values=5,
        compute=cadence,
    ),
    Metric(
        id="cadence_mad",
        title="Unsteadiness of sessions",
        unit="s",
        range=(0, None),
        direction="lower",
        definition="median of how far the times between consecutive sessions of a pair are from their median",
        no_data="null: no pair met twice",
        source="median absolute deviation, Hampel 1974",
        limits=_INFERRED,
        beside=_OF_WHICH,
        looks_back=True,
        min_values=5,
        compute=cadence_mad,
    ),
    Metric(
        id="stalled_pairs",
        title="Stalled pairs",
        unit="n",
        range=(0, None),
        direction="lower",
        definition=(
            "pairs with three sessions or more whose last one started longer ago than twice their median gap, "
            "and than 14 days"
        ),
        no_data="0: no pair met three times",
        source="own definition",
        limits="A pair that ended well, and is still on the roster, counts as stalled. " + _INFERRED,
        beside=_OF_WHICH,
        counts=True,
        looks_back=True,
        compute=stalled_pairs,
    ),
    Metric(
        id="completion",
        title="Planned sessions held",
        unit="0-1",
        range=(0, 1),
        direction="higher",
        definition=(
            "sessions planned in the window and not called off, of which the pair told a session on the same thing, "
            "or one that started within 14 days of the plan, divided by all sessions planned and not called off"
        ),
        no_data="null: no session was planned",
        source=_GUIDES,
        limits="Only plans that name the other person are seen; of Moodle's bookings, those that name an instructor.",
        looks_back=True,
        min_denominator=10,
        compute=completion,
    ),
    Metric(
        id="mentee_coverage",
        title="People with a mentor",
        unit="0-1",
        range=(0, 1),
        direction="higher",
        definition="eligible people on the roster who are the mentee of an active pair, divided by the eligible",
        no_data=(
            "null: nobody told of mentoring, or nobody on the roster is eligible; with no_roster: nobody is on it"
        ),
        source=_GUIDES,
        limits=_INFERRED,
        beside={
            "declared": "how many of the active pairs of these people a programme's roster declares",
            "inferred": "how many are pairs only by what they did",
        },
        looks_back=True,
        min_denominator=10,
        compute=mentee_coverage,
    ),
    Metric(
        id="load_gini",
        title="Unevenness of mentors' load",
        unit="0-1",
        range=(0, 1),
        direction="lower",
        definition=(
            "Gini coefficient of the numbers of mentees, over declared mentors and all who held a session in the "
            "90 days before"
        ),
        no_data="null: there is no mentor, or none has a mentee",
        source="Gini 1912; at most (n - 1) / n",
        limits=_INFERRED,
        beside=_OF_WHICH,
        looks_back=True,
        min_denominator=10,
        compute=load_gini,
    ),
    Metric(
        id="max_mentees",
        title="Most mentees of a mentor",
        unit="n",
        range=(0, None),
        direction="neutral",
        definition="greatest number of mentees of declared mentors and of all who held a session in the 90 days before",
        no_data="0: there is no mentor, or none has a mentee",
        source=_GUIDES,
        limits=_INFERRED,
        beside=_OF_WHICH,
        counts=True,
        looks_back=True,
        compute=max_mentees,
    ),
    Metric(
        id="reciprocity",
        title="Mutual mentoring",
        unit="0-1",
        range=(0, 1),
        direction="neutral",
        definition="pairs that have met with each of the two as mentor, divided by all pairs",
        no_data="null: there is no pair",
        source="arc reciprocity, Wasserman & Faust 1994, on sessions",
        limits="A talk that does not say who is the mentor counts for whom the roster, else the statement puts first.",
        beside=_OF_WHICH,
        looks_back=True,
        min_denominator=10,
        compute=reciprocity,
    ),
    Metric(
        id="cross_department_share",
        title="Pairs across departments",
        unit="0-1",
        range=(0, 1),
        direction="neutral",
        definition="pairs without a common department, divided by the pairs with a known department of each of the two",
        no_data="null: there is no pair whose departments are known; with no_roster: nobody is known to have one",
        source="own definition",
        limits=_INFERRED,
        beside=_OF_WHICH,
        looks_back=True,
        min_denominator=10,
        compute=cross_department_share,
    ),
    Metric(
        id="feedback_loop_closed",
        title="Feedback acted on",
        unit="0-1",
        range=(0, 1),
        direction="higher",
        definition=(
            "feedback of the window, at least 14 days old, after which its recipient did something other than view to "
            "the same thing within 14 days, divided by all such feedback"
        ),
        no_data="null: no feedback is old enough",
        source="own definition",
        limits=(
            "Feedback whose recipient is not known counts as not acted on; `targets_resolved` tells how much it is. "
            "What is done elsewhere, such as a new file under another id, is not seen. Grades are no feedback."
        ),
        min_denominator=10,
        compute=feedback_loop_closed,
    ),
)
