"""The rules of Statements, SubStatements and Verbs, and those between a statement's parts (xAPI Data 2.4)."""

from collections.abc import Callable, Mapping

from lrs.xapi import Json
from lrs.xapi.validation.activities import activity
from lrs.xapi.validation.actors import actor, agent, authority, group
from lrs.xapi.validation.attachments import attachments
from lrs.xapi.validation.checks import Check, format_of, iri, language_map, one_of, refuse, shape, timestamp
from lrs.xapi.validation.context import CONTEXT, statement_ref
from lrs.xapi.validation.results import result
from lrs.xapi.values import is_uuid
from lrs.xapi.versions import Version, is_statement_version

VOIDED = "http://adlnet.gov/expapi/verbs/voided"
_NEEDED = ("actor", "verb", "object")
_verb = shape("a Verb", "2.4.3", {"id": iri, "display": language_map}, ("id",))
_REFERABLE: dict[str, Check] = {"Activity": activity, "Agent": agent, "Group": group, "StatementRef": statement_ref}


def _object_among(kinds: Mapping[str, Check]) -> Check:
    def check(value: object) -> None:
        if not isinstance(value, dict):
            refuse(value, "an Object", "2.4.4")
        object_type = value.get("objectType", "Activity")
        check_kind = kinds.get(object_type) if isinstance(object_type, str) else None
        if check_kind is None:
            refuse(object_type, "allowed here", "2.4.4", ", ".join(kinds), below=("objectType",))
        check_kind(value)

    return check


def _across(statement: Json) -> Json:
    """Check the rules that join two parts: voiding (Data 2.3.2), revision and platform (Data 2.4.6)."""
    object_type = statement["object"].get("objectType", "Activity")
    if object_type != "StatementRef" and statement["verb"]["id"] == VOIDED:
        refuse(object_type, "what a voiding statement acts on", "2.3.2", "StatementRef", below=("object",))
    if object_type != "Activity" and "context" in statement:
        for key in ("revision", "platform"):
            if key in statement["context"]:
                refuse(key, f"allowed when the Object is of type {object_type}", "2.4.6", below=("context", key))
    return statement


def _statement(version: Version) -> Callable[[object], Json]:
    parts: dict[str, Check] = {
        "actor": actor,
        "verb": _verb,
        "object": _object_among(_REFERABLE),
        "result": result,
        "context": CONTEXT[version],
        "timestamp": timestamp,
        "attachments": attachments,
    }
    inner = shape("a SubStatement", "2.4.4.3", {"objectType": one_of("2.4.4.3", "SubStatement"), **parts}, _NEEDED)

    def sub_statement(value: object) -> Json:
        return _across(inner(value))

    def statement_version(value: object) -> None:
        if not is_statement_version(value, version):
            accepted = "1.0, 1.0.x" if version is Version.V1 else "1.0, 1.0.x, 2.0, 2.0.x"
            refuse(value, f"a version a {version} statement may have", "2.4.10", accepted)

    properties: dict[str, Check] = {
        "id": format_of(is_uuid, "a UUID", "2.4.1"),
        **parts,
        "object": _object_among({**_REFERABLE, "SubStatement": sub_statement}),
        "stored": timestamp,
        "authority": authority,
        "version": statement_version,
    }
    outer = shape("a Statement", "2.4", properties, _NEEDED)
    return lambda value: _across(outer(value))


STATEMENT = {version: _statement(version) for version in Version}
"""Check a whole statement by the rules of a version, and return it."""
