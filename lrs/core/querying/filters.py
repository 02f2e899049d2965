"""The parameters that the analysts' questions about statements share: the filters of the xAPI, and lists."""

from collections.abc import Mapping, Sequence

from lrs.errors import BadRequest
from lrs.xapi.query import StatementQuery, parse_query

FILTERS = ("agent", "verb", "activity", "registration", "related_agents", "related_activities")

Given = Mapping[str, str]


def filtered(given: Given, *also: str) -> StatementQuery:
    """Return the xAPI query of the filters among the parameters, and of some others of its own parameters.

    Raises: BadRequest naming the parameter. Source: xAPI Communication 2.1.3.
    """
    return parse_query([(name, value) for name, value in given.items() if name in (*FILTERS, *also)])


def listed(given: Given, name: str, choices: Sequence[str], default: Sequence[str]) -> tuple[str, ...]:
    """Return the values of a parameter that are separated by commas, in their order. Raises: BadRequest."""
    if name not in given:
        return tuple(default)
    values = given[name].split(",")
    for number, value in enumerate(values):
        if value not in choices:
            raise refused(name, f"{value[:60]!r} is none of them", ", ".join(choices))
        if value in values[:number]:
            raise refused(name, f"{value} is there twice", "each once")
    return tuple(values)


def chosen(given: Given, name: str, choices: Sequence[str]) -> str:
    """Return the value of a parameter that has a few; the first of them where it is not told. Raises: BadRequest."""
    value = given.get(name, choices[0])
    if value not in choices:
        raise refused(name, f"{value[:60]!r} is none of them", ", ".join(choices))
    return value


def refused(name: str, why: str, accepted: str) -> BadRequest:
    """Return the error for a parameter."""
    return BadRequest("a query parameter can't be used", where=name, why=why, accepted=accepted)
