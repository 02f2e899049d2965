"""The rules of Statements, SubStatements and Verbs, and those between a statement's parts (xAPI Data 2.4)."""

from collections.abc import Mapping

from lrs.xapi import Json
from lrs.xapi.validation.activities import ACTIVITY
from lrs.xapi.validation.actors import actor, agent, authority, group
from lrs.xapi.validation.attachments import attachments
from lrs.xapi.validation.checks import Check, Path, Shape, format_of, iri, language_map, one_of, refuse, timestamp
from lrs.xapi.validation.context import CONTEXT, STATEMENT_REF
from lrs.xapi.validation.results import RESULT
from lrs.xapi.values import is_uuid
from lrs.xapi.versions import Version, is_statement_version

VOIDED = "http://adlnet.gov/expapi/verbs/voided"
_NEEDED = ("actor", "verb", "object")
_VERB = Shape("a Verb", "2.4.3", {"id": iri("2.4.3"), "display": language_map}, ("id",))
_REFERABLE: dict[str, Check] = {"Activity": ACTIVITY, "Agent": agent, "Group": group, "StatementRef": STATEMENT_REF}


def _object_among(kinds: Mapping[str, Check]) -> Check:
    def check(value: object, where: Path) -> None:
        if not isinstance(value, dict):
            refuse(where, value, "an Object", "2.4.4")
        object_type = value.get("objectType", "Activity")
        check_kind = kinds.get(object_type) if isinstance(object_type, str) else None
        if check_kind is None:
            refuse((where, "objectType"), object_type, "allowed here", "2.4.4", ", ".join(kinds))
        check_kind(value, where)

    return check


def _across(statement: Json, where: Path) -> None:
    """Check the rules that join two parts: voiding (Data 2.3.2), revision and platform (Data 2.4.6)."""
    object_type = statement["object"].get("objectType", "Activity")
    if object_type != "StatementRef" and statement["verb"]["id"] == VOIDED:
        refuse((where, "object"), object_type, "what a voiding statement acts on", "2.3.2", "StatementRef")
    if object_type != "Activity" and "context" in statement:
        for key in ("revision", "platform"):
            if key in statement["context"]:
                refuse(((where, "context"), key), key, f"allowed when the Object is of type {object_type}", "2.4.6")


def _statement(version: Version) -> Shape:
    parts: dict[str, Check] = {
        "actor": actor,
        "verb": _VERB,
        "object": _object_among(_REFERABLE),
        "result": RESULT,
        "context": CONTEXT[version],
        "timestamp": timestamp("4.5"),
        "attachments": attachments,
    }
    sub_shape = Shape("a SubStatement", "2.4.4.3", {"objectType": one_of("2.4.4.3", "SubStatement"), **parts}, _NEEDED)

    def sub_statement(value: object, where: Path) -> None:
        _across(sub_shape(value, where), where)

    def statement_version(value: object, where: Path) -> None:
        if not is_statement_version(value, version):
            accepted = "1.0, 1.0.x" if version is Version.V1 else "1.0, 1.0.x, 2.0, 2.0.x"
            refuse(where, value, f"a version a {version} statement may have", "2.4.10", accepted)

    whole: dict[str, Check] = {
        "id": format_of(is_uuid, "a UUID", "2.4.1"),
        **parts,
        "object": _object_among({**_REFERABLE, "SubStatement": sub_statement}),
        "stored": timestamp("2.4.8"),
        "authority": authority,
        "version": statement_version,
    }
    return Shape("a Statement", "2.4", whole, _NEEDED)


_STATEMENTS = {version: _statement(version) for version in Version}


def statement(value: object, version: Version, where: Path) -> Json:
    """Check a whole statement by the rules of a version and return it. Raises: InvalidStatement."""
    checked = _STATEMENTS[version](value, where)
    _across(checked, where)
    return checked
