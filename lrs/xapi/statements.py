"""From what a client sends to what the LRS stores: validate, then complete (xAPI Data 2.2 to 2.4)."""

from lrs.errors import InvalidStatement
from lrs.xapi import Json
from lrs.xapi.leniency import HINT, tolerated
from lrs.xapi.validation.actors import actor as check_actor
from lrs.xapi.validation.checks import Broken, shown
from lrs.xapi.validation.quick import is_surely_valid
from lrs.xapi.validation.statement import STATEMENT
from lrs.xapi.values import in_utc
from lrs.xapi.versions import Version, default_statement_version


def validate(statement: object, version: Version, where: str = "statement") -> Json:
    """Return the statement when it keeps every rule of the version's data model.

    `statement` is parsed JSON and is not changed. Raises: InvalidStatement; its `where` is the path of the first
    offending value, below `where`, and its `why` shows the value and cites the clause.
    """
    if is_surely_valid(statement, version):
        return statement
    try:
        return STATEMENT[version](statement)
    except Broken as broken:
        raise broken.at(where) from None


def validate_actor(actor: object, where: str) -> Json:
    """Return the Agent or Group when it keeps every rule (xAPI Data 2.4.2). Raises: InvalidStatement."""
    try:
        check_actor(actor)
    except Broken as broken:
        raise broken.at(where) from None
    assert isinstance(actor, dict)
    return actor


def validate_batch(body: object, version: Version, *, lenient: bool = False) -> list[Json]:
    """Return the statements of a POST body, one object or an array, which may be empty.

    With `lenient` they are brought into the standard's form first (see `leniency`).
    Raises: InvalidStatement for the first invalid statement and for an id used twice (xAPI Communication 2.1.2).
    """
    if lenient:
        return _validated(tolerated(body), version)
    try:
        return _validated(body, version)
    except InvalidStatement as refused:
        if _is_tolerable(body, version, refused):
            accepted = f"{refused.accepted}, or {HINT}" if refused.accepted else HINT
            raise InvalidStatement(refused.where, refused.why, accepted) from refused
        raise


def _validated(body: object, version: Version) -> list[Json]:
    if isinstance(body, dict):
        return [validate(body, version)]
    if not isinstance(body, list):
        why = f"{shown(body)} is not a Statement or an array of Statements (xAPI Data 2.4)"
        raise InvalidStatement("statements", why)
    statements = [validate(item, version, f"statements[{index}]") for index, item in enumerate(body)]
    _refuse_repeated_ids(statements)
    return statements


def _is_tolerable(body: object, version: Version, refused: InvalidStatement) -> bool:
    """Tell whether a lenient credential would not have been refused at this place."""
    standard = tolerated(body)
    if standard is body:
        return False
    try:
        _validated(standard, version)
    except InvalidStatement as other:
        return other.where != refused.where
    return True


def _refuse_repeated_ids(statements: list[Json]) -> None:
    first: dict[str, int] = {}
    for index, statement in enumerate(statements):
        if "id" in statement:
            earlier = first.setdefault(statement["id"].lower(), index)
            if earlier != index:
                why = f"{shown(statement['id'])} is also the id of statements[{earlier}] (xAPI Communication 2.1.2)"
                raise InvalidStatement(f"statements[{index}].id", why)


def complete(statement: Json, *, id: str, stored: str, authority: Json, version: Version) -> Json:
    """Return a valid statement as the LRS stores it: a new dict, which shares with the input what stays the same.

    `id` is set in lower case, `stored` is replaced; `timestamp` becomes `stored`, `authority` the given one and
    `version` 1.0.0 or 2.0.0 where the client sent none (xAPI Data 2.4.1, 2.4.7 to 2.4.10). Single context activities
    become arrays (2.4.6.2), in a SubStatement too. In 2.0 every timestamp is in UTC (IEEE 9274.1.1 4.2.7); in 1.0.x
    it stays as sent.
    """
    whole = _normalised(statement, version)
    whole["id"] = id.lower()
    whole.setdefault("timestamp", stored)
    whole["stored"] = stored
    whole.setdefault("authority", authority)
    whole.setdefault("version", default_statement_version(version))
    return whole


def _normalised(statement: Json, version: Version) -> Json:
    whole = dict(statement)
    if "contextActivities" in whole.get("context", ()):
        whole["context"] = _with_activity_arrays(whole["context"])
    if version is Version.V2 and "timestamp" in whole:
        whole["timestamp"] = in_utc(whole["timestamp"])
    if whole["object"].get("objectType") == "SubStatement":
        whole["object"] = _normalised(whole["object"], version)
    return whole


def _with_activity_arrays(context: Json) -> Json:
    activities = context["contextActivities"].items()
    arrays = {relation: [value] if isinstance(value, dict) else value for relation, value in activities}
    return {**context, "contextActivities": arrays}
