"""Where, when and among whom: what all acts of one statement share."""

from datetime import datetime
from typing import NamedTuple

from lrs.core.normaliser.agents import acting_key, checked_key, identified_groups, members
from lrs.core.normaliser.measures import time_of
from lrs.core.normaliser.reading import Reading
from lrs.core.normaliser.rules import Rules
from lrs.xapi import Json
from lrs.xapi.actors import is_group

_Teams = tuple[tuple[str, tuple[str, ...]], ...]


class Scene(NamedTuple):
    """The circumstances of one statement, in an act's own terms."""

    t: datetime
    t_quality: str
    course_id: str | None
    board_id: str | None
    group_ids: tuple[str, ...]
    teams: _Teams
    topics: tuple[str, ...]
    platform: str | None
    voluntary: bool | None
    instructor: str | None  # key of who the statement names as instructor
    by_system: bool  # the authority is one that only machines use

    @property
    def to_group(self) -> bool:
        """Whether this was told to a group or on a board."""
        return bool(self.group_ids) or self.board_id is not None


def scene_of(reading: Reading, rules: Rules) -> Scene:
    """Return the circumstances of the statement."""
    t, t_quality = time_of(reading.statement)
    context = reading.context
    named = _by_part(reading)
    return Scene(
        t,
        t_quality,
        course_id=named["courses"][0] if "courses" in named else None,
        board_id=named["boards"][0] if "boards" in named else None,
        group_ids=tuple(dict.fromkeys(named["groups"])) if "groups" in named else (),
        teams=_teams(reading) if _names_groups(reading) else (),
        topics=_topics(reading, named["tags"]) if "tags" in named else (),
        platform=context.get("platform"),
        voluntary=False if rules.vocabulary.required and _is_required(reading) else None,
        instructor=acting_key(context["instructor"]) if "instructor" in context else None,
        by_system=bool(rules.system_authorities) and _by_system(reading.statement.get("authority"), rules),
    )


def _by_part(reading: Reading) -> dict[str, list[str]]:
    """The ids of courses, boards, groups and tags; a team is one of the groups, a category may be a tag."""
    named: dict[str, list[str]] = {}
    for activity in reading.places:
        for part in activity.parts:
            named.setdefault(part, []).append(activity.id)
    for activity in reading.category:
        if "tags" in activity.parts:
            named.setdefault("tags", []).append(activity.id)
    if "team" in reading.context and (team := checked_key(reading.context["team"])) is not None:
        named.setdefault("groups", []).append(team)
    return named


def _is_required(reading: Reading) -> bool:
    named = (*reading.places, *reading.category)
    return any(activity.required for activity in named) or (reading.object is not None and reading.object.required)


def _topics(reading: Reading, tags: list[str]) -> tuple[str, ...]:
    """The tags in their order, but for those that name a person."""
    names = {tag for tag, _ in reading.name_tags()}
    return tuple(tag for tag in dict.fromkeys(tags) if tag not in names)


def _names_groups(reading: Reading) -> bool:
    context = reading.context
    return (
        "team" in context
        or "contextGroups" in context
        or reading.object_kind == "Group"
        or is_group(reading.statement["actor"])
    )


def _teams(reading: Reading) -> _Teams:
    """The identified Groups with their members as told; who acts is one of the team, and of the Group that acts."""
    actor: Json = reading.statement["actor"]
    alone = () if is_group(actor) else (reading.actor,)
    teams: dict[str, dict[str, None]] = {}
    for key, listed in identified_groups(reading.context.get("team")):
        teams.setdefault(key, {}).update(dict.fromkeys([*listed, *(agent for agent in alone if agent is not None)]))
    others = [entry["group"] for entry in reading.context.get("contextGroups", ())]
    for key, listed in identified_groups(actor, reading.statement["object"], *others):
        teams.setdefault(key, {}).update(dict.fromkeys(listed))
    return tuple((key, tuple(listed)) for key, listed in teams.items())


def _by_system(authority: Json | None, rules: Rules) -> bool:
    keys = {checked_key(authority), *members(authority or {})}
    return not keys.isdisjoint(rules.system_authorities)
