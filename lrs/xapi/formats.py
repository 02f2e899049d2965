"""The formats a statement is read in: `exact`, `ids` and `canonical` (xAPI Communication 2.1.3)."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, TypeAlias

from lrs.xapi import Json
from lrs.xapi.actors import IDENTIFIERS, actor_key, is_group

Format: TypeAlias = Literal["exact", "ids", "canonical"]

INTERACTION_COMPONENTS = ("choices", "scale", "source", "target", "steps")

Rules = Mapping[str, Callable[[Any], Any]]


def render(
    statement: Json, format: Format, languages: list[str], define: Callable[[Json], Json] = lambda activity: activity
) -> Json:
    """Return the statement in one format; the given one is never changed, but may share parts with the answer.

    `ids` keeps what identifies actors, verbs and activities. `canonical` keeps one language of each language map:
    the best for `languages`, best first (see `parse_accept_language`), else the map's first; `define` first gives each
    Activity the definition that the LRS holds canonical. `exact` is the statement.
    Source: xAPI Communication 2.1.3 (format; language filtering requirements).
    """
    if format == "ids":
        return _replaced(statement, IDS)
    if format == "canonical":
        return _canonical(statement, languages, define)
    return statement


def parse_accept_language(header: str | None) -> list[str]:
    """Return the language ranges of an Accept-Language header, best first; equals in the order of the header.

    Ranges with q=0 and what can't be read are left out: a wrong header is no reason to refuse a request.
    Source: RFC 2616 section 14.4, RFC 4647 section 2.3.
    """
    weighted = [_range(entry) for entry in (header or "").split(",")]
    wanted = [(quality, language) for quality, language in weighted if language and quality > 0]
    return [language for _, language in sorted(wanted, key=lambda pair: -pair[0])]


def _range(entry: str) -> tuple[float, str]:
    language, *parameters = (part.strip() for part in entry.split(";"))
    quality = 1.0
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                quality = float(value)
            except ValueError:
                quality = 0.0
    return (quality if quality <= 1 else 0.0), language.lower()


def _replaced(value: Json, rules: Rules) -> Json:
    return {key: rules[key](part) if key in rules else part for key, part in value.items()}


def _actor_id(actor: Json) -> Json:
    """An Agent's identifier alone; a Group keeps its objectType, and an anonymous one its members' identifiers."""
    identifier = {key: actor[key] for key in IDENTIFIERS if key in actor}
    if not is_group(actor):
        return identifier
    if actor_key(actor) is None:
        identifier = {"member": [_actor_id(member) for member in actor.get("member", ())]}
    return {"objectType": "Group", **identifier}


def _only_id(value: Json) -> Json:
    return {"id": value["id"]}


def _object_id(target: Json) -> Json:
    match target.get("objectType", "Activity"):
        case "Activity":
            return _only_id(target)
        case "SubStatement":
            return _replaced(target, IDS)
        case "Agent":
            # Without its objectType an object is taken for an Activity (Data 2.4.4).
            return {"objectType": "Agent", **_actor_id(target)}
        case "Group":
            return _actor_id(target)
        case _:
            return target


def _listed(activities: Json | list[Json]) -> list[Json]:
    return [activities] if isinstance(activities, dict) else activities


def _context_activity_ids(value: Json) -> Json:
    return {relation: [_only_id(activity) for activity in _listed(some)] for relation, some in value.items()}


def _context_actor_ids(entries: list[Json]) -> list[Json]:
    return [_replaced(entry, {"agent": _actor_id, "group": _actor_id}) for entry in entries]


CONTEXT_IDS: Rules = {
    "instructor": _actor_id,
    "team": _actor_id,
    "contextActivities": _context_activity_ids,
    "contextAgents": _context_actor_ids,
    "contextGroups": _context_actor_ids,
}
IDS: Rules = {
    "actor": _actor_id,
    "verb": _only_id,
    "object": _object_id,
    "authority": _actor_id,
    "context": lambda context: _replaced(context, CONTEXT_IDS),
}


def _canonical(statement: Json, languages: list[str], define: Callable[[Json], Json]) -> Json:
    def one(language_map: Json) -> Json:
        if len(language_map) < 2:  # whatever is asked for, there is no other; and most have one
            return language_map
        tag = choose_language(list(language_map), languages)
        return {} if tag is None else {tag: language_map[tag]}

    def components(some: list[Json]) -> list[Json]:
        return [_replaced(component, {"description": one}) for component in some]

    definition: Rules = {"name": one, "description": one} | dict.fromkeys(INTERACTION_COMPONENTS, components)

    def activity(value: Json) -> Json:
        return _replaced(define(value), {"definition": lambda given: _replaced(given, definition)})

    def target(value: Json) -> Json:
        kind = value.get("objectType", "Activity")
        if kind == "SubStatement":
            return _replaced(value, rules)
        return activity(value) if kind == "Activity" else value

    def context_activities(value: Json) -> Json:
        return {relation: [activity(each) for each in _listed(some)] for relation, some in value.items()}

    def attachments(some: list[Json]) -> list[Json]:
        return [_replaced(attachment, {"display": one, "description": one}) for attachment in some]

    rules: Rules = {
        "verb": lambda verb: _replaced(verb, {"display": one}),
        "object": target,
        "context": lambda context: _replaced(context, {"contextActivities": context_activities}),
        "attachments": attachments,
    }
    return _replaced(statement, rules)


def choose_language(tags: list[str], languages: list[str]) -> str | None:
    """Return the tag that serves a reader of `languages` (lower-case ranges, best first) best, None if there is none.

    A range serves its own tag, then any tag it begins (`en` serves en-GB). When no range serves, each is shortened
    (`en-GB` to en, which serves en-US); when that fails too, the first tag is taken.
    Source: RFC 2616 section 14.4 for the first step, RFC 4647 section 3.4 (lookup) for the second.
    """
    for language in [*languages, *_shortened(languages)]:
        found = _served(language, tags)
        if found is not None:
            return found
    return tags[0] if tags else None


def _served(language: str, tags: list[str]) -> str | None:
    if language == "*":
        return tags[0] if tags else None
    exact = (tag for tag in tags if tag.lower() == language)
    begun = (tag for tag in tags if tag.lower().startswith(f"{language}-"))
    return next(exact, None) or next(begun, None)


def _shortened(languages: list[str]) -> Iterator[str]:
    for language in languages:
        while "-" in language:
            language = language.rpartition("-")[0]
            yield language
