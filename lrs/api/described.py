"""How routes that read the request themselves are described in OpenAPI, at /docs."""

from typing import Any

from fastapi.security import HTTPBasic
from pydantic import BaseModel
from starlette.requests import HTTPConnection


class _OnlyDescribed(HTTPBasic):
    async def __call__(self, request: HTTPConnection) -> None:
        """Read nothing: the framework's own reading takes ASCII only and refuses outside the one error shape."""


BASIC = _OnlyDescribed(auto_error=False, description="Key and secret of a credential.")
"""Puts the scheme into the description; the routes read and refuse credentials themselves, in their one error shape."""

VERSION = {
    "name": "X-Experience-API-Version",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "examples": ["1.0.3", "2.0.0"]},
}


def parameters(**described: str | tuple[str, list[str]]) -> dict[str, Any]:
    """Return the `openapi_extra` for query parameters: a description each, or a description and the choices."""
    return {"parameters": [_parameter(name, each) for name, each in described.items()]}


def model(of: type[BaseModel]) -> dict[str, Any]:
    """Return the same for the fields of a model, whose descriptions are the documentation."""
    return parameters(**{name: str(field.description) for name, field in of.model_fields.items()})


def statements(**described: str | tuple[str, list[str]]) -> dict[str, Any]:
    """Return the same for a route of the xAPI, which also needs the version header."""
    return {"parameters": [VERSION, *parameters(**described)["parameters"]]}


def body(extra: dict[str, Any]) -> dict[str, Any]:
    """Add a statement, or a list of them, as the body; also as the first part of one with attachments."""
    content = {
        "application/json": {"schema": {"anyOf": [{"type": "object"}, {"type": "array"}]}},
        "multipart/mixed": {"schema": {"type": "string", "format": "binary"}},
    }
    return {**extra, "requestBody": {"required": True, "content": content}}


def _parameter(name: str, described: str | tuple[str, list[str]]) -> dict[str, Any]:
    description, choices = (described, None) if isinstance(described, str) else described
    schema: dict[str, Any] = {"type": "string"} if choices is None else {"type": "string", "enum": choices}
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


def taking(of: type[BaseModel]) -> dict[str, Any]:
    """Return the `openapi_extra` for a body of JSON that a model describes."""
    schema = of.model_json_schema()
    content = {"application/json": {"schema": _inlined(schema, schema.pop("$defs", {}))}}
    return {"requestBody": {"required": True, "content": content}}


def _inlined(schema: Any, definitions: dict[str, Any]) -> Any:
    """Return the schema with each definition where it is meant: a reference would lead nowhere in the whole."""
    if isinstance(schema, list):
        return [_inlined(each, definitions) for each in schema]
    if not isinstance(schema, dict):
        return schema
    meant = definitions[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else {}
    return {name: _inlined(part, definitions) for name, part in {**meant, **schema}.items() if name != "$ref"}
