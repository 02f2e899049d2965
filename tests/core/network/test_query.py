"""What is asked of the network, read from parameters."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lrs.core.network.query import NetworkQuery, parse
from lrs.errors import BadRequest
from plugins.network import plugin

PRESENT = datetime(2026, 11, 28, 12, tzinfo=UTC)


def read(**given: str) -> NetworkQuery:
    return parse(list(given.items()), plugin, present=PRESENT, zone=ZoneInfo("UTC"))


def refused(*pairs: tuple[str, str]) -> BadRequest:
    with pytest.raises(BadRequest) as found:
        parse(list(pairs), plugin, present=PRESENT, zone=ZoneInfo("UTC"))
    return found.value


def test_without_parameters_departments_are_asked_about_over_ninety_days() -> None:
    asked = read()

    assert (asked.level, asked.partition, asked.kinds, asked.format) == ("group", "department", None, "json")
    assert (asked.window.start, asked.window.end) == (PRESENT - timedelta(days=90), PRESENT)


def test_kinds_are_a_list_each_once() -> None:
    assert read(kinds="reply,react,reply").kinds == ("reply", "react")


def test_between_people_there_are_no_groups() -> None:
    assert read(level="person").partition is None
    assert refused(("level", "person"), ("group_by", "team")).where == "group_by"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("level", "team"),
        ("group_by", "programme"),
        ("format", "xml"),
        ("kinds", "reply,shout"),
        ("kinds", ""),
        ("kinds", "delete"),
        ("since", "yesterday"),
        ("until", "2026-01-00"),
        ("bucket", "week"),
    ],
)
def test_what_has_no_meaning_is_refused_by_its_parameter(name: str, value: str) -> None:
    error = refused((name, value))

    assert error.where == name
    assert error.accepted


def test_a_parameter_is_given_once() -> None:
    assert refused(("kinds", "reply"), ("kinds", "react")).where == "kinds"


def test_a_window_does_not_end_before_it_begins() -> None:
    assert refused(("since", "2026-03-02"), ("until", "2026-03-01")).where == "until"
