"""What a client asks, read into a model, and refused in the one shape of errors."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from lrs.errors import BadRequest

_Model = TypeVar("_Model", bound=BaseModel)


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
            why, accepted = "it has no meaning here", _fields(model)
        else:
            why, accepted = first["msg"].removeprefix("Value error, "), ""
        raise BadRequest("a field can't be used", where=_written(first["loc"]), why=why, accepted=accepted) from error


def _fields(model: type[BaseModel]) -> str:
    return ", ".join(model.model_fields)


def _written(place: tuple[str | int, ...]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step[:60]}" for step in place)
    return "".join(steps).removeprefix(".")
