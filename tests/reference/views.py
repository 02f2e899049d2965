"""Who opened what, as their statements tell it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from .acts import ADL, TINCAN, place_of
from .statements import STREAMS, Statement, agent_key, around, course_of, happened_at, standing, statement_id
from .threads import TWIN_GAP

VERBS = {
    *(f"{TINCAN}{name}" for name in ("viewed", "previewed")),
    *(f"{base}{name}" for base in STREAMS for name in ("read", "watch", "listen", "access", "experience")),
    f"{ADL}experienced",
    "https://w3id.org/xapi/adb/verbs/read",
    "https://w3id.org/xapi/adb/verbs/watched",
    "https://w3id.org/xapi/acrossx/verbs/watched",
    "http://curatr3.com/define/verb/read",
    "https://w3id.org/xapi/dod-isd/verbs/observed",
}


@dataclass(frozen=True)
class View:
    """That somebody opened a thing, with the type and the parents told of it."""

    statement_id: str
    at: datetime
    actor: str
    item: str
    type: str | None
    parents: frozenset[str]
    course: str | None
    target: None = None


def read_views(statements: Iterable[Statement]) -> list[View]:
    """All views by (timestamp, statement id), without voided ones and twins."""
    told = [view for statement in standing(list(statements)) if (view := _view(statement))]
    kept: list[View] = []
    last_kept: dict[tuple[object, ...], datetime] = {}
    for view in sorted(told, key=lambda each: (each.at, each.statement_id)):
        key = (view.actor, view.item, view.parents)
        if key not in last_kept or view.at - last_kept[key] >= TWIN_GAP:
            last_kept[key] = view.at
            kept.append(view)
    return kept


def _view(statement: Statement) -> View | None:
    actor, about = agent_key(statement["actor"]), statement["object"]
    if statement["verb"]["id"] not in VERBS or actor is None or about.get("objectType", "Activity") != "Activity":
        return None
    seen = place_of(about)
    return View(
        statement_id=statement_id(statement),
        at=happened_at(statement),
        actor=actor,
        item=seen.id,
        type=seen.type,
        parents=frozenset(place_of(activity).id for activity in around(statement, "parent")),
        course=course_of(statement),
    )
