"""What a client asks, by name or read into a model, and refused in the one shape of errors."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from lrs.errors import BadRequest

_Model = TypeVar("_Model", bound=BaseModel)

UNUSABLE = "a field can't be used"


def read(model: type[_Model], asked: object) -> _Model:
    """Return parsed JSON, or parameters by name, as the model.

    Raises: BadRequest; its `where` is the path of the first offending field, such as `scopes[1]`.
    """
    if not isinstance(asked, dict):
        raise BadRequest("the body can't be used", where="body", why="it is no object", accepted=_fields(model))
    try:
        return model.model_validate(asked)
    except ValidationError as error:
        first = error.errors()[0]
        if first["type"] == "extra_forbidden":
            why, accepted = "it has no meaning here", _fields(_model_at(model, first["loc"]))
        else:
            why = first["msg"].removeprefix("Value error, ")
            accepted = first.get("ctx", {}).get("expected") or _meant(model, first["loc"])
        raise BadRequest(UNUSABLE, where=_written(first["loc"]), why=why, accepted=accepted) from error


def each_once(given: Sequence[tuple[str, str]], known: Collection[str]) -> dict[str, str]:
    """Return parameters by name. Raises: BadRequest naming the first that is unknown or given twice."""
    values: dict[str, str] = {}
    for name, value in given:
        if name not in known:
            accepted = ", ".join(known) or "none"
            raise BadRequest("unknown parameter", where=name, why="it has no meaning here", accepted=accepted)
        if name in values:
            why = "it would have several values"
            raise BadRequest("a parameter is given more than once", where=name, why=why, accepted="each parameter once")
        values[name] = value
    return values


def _fields(model: type[BaseModel]) -> str:
    return ", ".join(field.alias or name for name, field in model.model_fields.items())


def _model_at(model: type[BaseModel], place: tuple[str | int, ...]) -> type[BaseModel]:
    """Return the model of the object whose field the place names: the model itself, or one inside it."""
    for step in place[:-1]:
        if isinstance(step, str) and step in model.model_fields:
            model = next(_models_in(model.model_fields[step].annotation), model)
    return model


def _meant(model: type[BaseModel], place: tuple[str | int, ...]) -> str:
    """Return what the innermost field that the place names is to hold, in the words of its description."""
    meant = ""
    for step in place:
        found = (field for name, field in model.model_fields.items() if step in (name, field.alias))
        if (field := next(found, None)) is not None:
            meant, model = field.description or meant, next(_models_in(field.annotation), model)
    return meant


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


def _written(place: tuple[str | int, ...]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step[:60]}" for step in place)
    return "".join(steps).removeprefix(".") or "body"  # its name is empty
