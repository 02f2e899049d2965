"""Who is the mentor and who the mentee in what a statement tells, as agents' keys."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

from .acts import place_of, read_act
from .mentoring_verbs import MENTORED_IN, kind_of
from .statements import Statement, agent_key, around, happened_at, statement_id, type_of
from .threads import CONTAINER_TYPES, Forest

PREPOSITIONS = "https://yetanalytics.com/profiles/prepositions/concepts/context-extensions/"
RECIPIENTS = ("http://id.tincanapi.com/extension/target", f"{PREPOSITIONS}to", f"{PREPOSITIONS}for")
MOST_MEMBERS = 25


class Party(NamedTuple):
    """A mentor and a mentee; None is somebody whom nobody told."""

    mentor: str | None
    mentee: str | None


class Parties:
    """Finds them by what each statement says and by who wrote what. `statements` are all that stand.

    `roles` are the IRIs of context agents' relevant types, each `mentor`, `mentee`, `addressee` or `observer`.
    """

    def __init__(self, statements: Sequence[Statement], roles: Mapping[str, str]) -> None:
        self.by_id = {statement_id(statement): statement for statement in statements}
        self.roles = roles
        self.authors = _authors(statements)

    def of(self, statement: Statement, kind: str, actor: str) -> list[Party]:
        """The parties of a meeting, a plan or feedback, one for each other person; none of any other kind."""
        if kind in ("attend", "schedule"):
            return self._by_role(statement, actor, ("mentee",)) or self._instructors(statement, actor)
        if kind not in ("mentor", "feedback"):
            return []
        done_to = [Party(actor, other) for other in self._done_to(statement)]
        if found := done_to or self._by_role(statement, actor, ("mentee", "addressee")):
            return found
        if statement["verb"]["id"] in MENTORED_IN:
            return self._instructors(statement, actor)
        return [Party(actor, self._author(statement) if kind == "feedback" else None)]

    def thing(self, statement: Statement) -> str | None:
        """The activity a statement is about, of a reference that of the statement it refers to. None of a person."""
        about = statement["object"]
        if about.get("objectType") == "StatementRef":
            referred = self.by_id.get(str(about["id"]).lower())
            about = referred["object"] if referred else about
        return None if about.get("objectType") in ("Agent", "Group") else place_of(about).id

    def _done_to(self, statement: Statement) -> list[str | None]:
        """The object if that is a person or a group, else who did what is referred to, else an extension's agent."""
        context = statement.get("context") or {}
        if statement["object"].get("objectType") in ("Agent", "Group"):
            return _people(statement["object"])
        for place in (statement["object"], context.get("statement") or {}):
            if place.get("objectType") == "StatementRef" and str(place["id"]).lower() in self.by_id:
                return _people(self.by_id[str(place["id"]).lower()]["actor"])
        extensions = context.get("extensions") or {}
        return next((found for iri in RECIPIENTS if (found := _people(extensions.get(iri)))), [])

    def _by_role(self, statement: Statement, actor: str, mentees: tuple[str, ...]) -> list[Party]:
        """By the roles told of context agents; where the other role is told of nobody, it is the actor's."""
        told = list(self._roles_told(statement))
        mentored = [person for role, person in told if role in mentees]
        mentors = [person for role, person in told if role == "mentor"]
        pairs = product(mentors or [actor], mentored or [actor])
        return [Party(mentor, mentee) for mentor, mentee in pairs if mentor != mentee]

    def _roles_told(self, statement: Statement) -> Iterator[tuple[str, str]]:
        context = statement.get("context") or {}
        for place, who in (("contextAgents", "agent"), ("contextGroups", "group")):
            for each in context.get(place) or []:
                for role in sorted({self.roles[iri] for iri in each.get("relevantTypes") or () if iri in self.roles}):
                    yield from ((role, person) for person in _people(each[who]) if person)

    def _instructors(self, statement: Statement, actor: str) -> list[Party]:
        return [Party(who, actor) for who in _people((statement.get("context") or {}).get("instructor")) if who]

    def _author(self, statement: Statement) -> str | None:
        """Who wrote what the thing belongs to, else who wrote the thing."""
        parents = [each for each in around(statement, "parent") if type_of(each) not in CONTAINER_TYPES]
        named = [place_of(each).id for each in parents] + [self.thing(statement) or ""]
        return next((self.authors[each] for each in named if each in self.authors), None)


def _people(told: Any) -> list[str | None]:
    """The agent, or a group's members; of a group too large to mean each of them nobody."""
    if not isinstance(told, dict):
        return []
    members = told.get("member") or []
    if len(members) > MOST_MEMBERS:
        return [None]
    keys = [agent_key(each) for each in (members if told.get("objectType") == "Group" else [told])]
    return [key for key in keys if key]


def _authors(statements: Sequence[Statement]) -> dict[str, str]:
    """Whoever first created, asked or wrote each thing."""
    acts = [act for each in statements if (act := read_act(each))]
    forest = Forest(sorted(acts, key=lambda act: act.order))
    wrote = [(act.order, name, act.actor) for first in (forest.roots, forest.items) for name, act in first.items()]
    for each in statements:
        actor = agent_key(each["actor"])
        if kind_of(each) == "create" and actor and each["object"].get("objectType", "Activity") == "Activity":
            wrote.append(((happened_at(each), statement_id(each)), place_of(each["object"]).id, actor))
    authors: dict[str, str] = {}
    for _, name, actor in sorted(wrote):
        authors.setdefault(name, actor)
    return authors
