import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs.errors import BadRequest
from lrs.xapi.columns import columns
from lrs.xapi.query import Cursor, StatementQuery, decode_cursor, encode_cursor, index_keys, more_path, parse_query

AGENT = '{"objectType": "Agent", "name": "Ann & Ben + 1%", "mbox": "mailto:ann@example.org"}'
AGENT_KEY = "mbox:mailto:ann@example.org"
CLUB = '{"objectType":"Group","account":{"homePage":"https://lms.example.org","name":"the club"}}'
CLUB_KEY = "account:https://lms.example.org the club"
VERB, QUIZ = "http://adlnet.gov/expapi/verbs/completed", "https://example.org/quiz"
ID = "6690E6C9-3EF0-4ED3-8B37-7F3964730BEE"
POSITION = (datetime(2026, 1, 31, 12, 0, 0, 123_000, tzinfo=UTC), ID.lower())
BOUND = datetime(2026, 2, 1, tzinfo=UTC)
EVERY_FILTER = [
    ("agent", AGENT),
    ("verb", VERB),
    ("activity", QUIZ),
    ("registration", ID),
    ("related_activities", "true"),
    ("related_agents", "true"),
    ("since", "2026-01-01T00:00:00Z"),
    ("until", "2026-01-31T12:00:00+01:00"),
    ("limit", "25"),
    ("format", "canonical"),
    ("attachments", "true"),
    ("ascending", "true"),
]


def refusal(pairs: list[tuple[str, str]]) -> BadRequest:
    with pytest.raises(BadRequest) as refused:
        parse_query(pairs)
    assert refused.value.status == 400
    assert refused.value.why
    assert refused.value.accepted
    return refused.value


@pytest.mark.clause("Communication 2.1.3")
def test_without_parameters_everything_is_asked_for_newest_first() -> None:
    assert parse_query([]) == StatementQuery(
        related_activities=False, related_agents=False, limit=None, format="exact", attachments=False, ascending=False
    )


@pytest.mark.clause("Communication 2.1.3")
def test_every_parameter_is_read() -> None:
    assert parse_query(EVERY_FILTER) == StatementQuery(
        agent=AGENT_KEY,
        verb=VERB,
        activity=QUIZ,
        registration=ID.lower(),
        related_activities=True,
        related_agents=True,
        since=datetime(2026, 1, 1, tzinfo=UTC),
        until=datetime(2026, 1, 31, 11, tzinfo=UTC),
        limit=25,
        format="canonical",
        attachments=True,
        ascending=True,
    )


@pytest.mark.clause("Communication 2.1.3")
@pytest.mark.parametrize("name", ["statementId", "voidedStatementId"])
def test_one_statement_is_asked_for_by_id_in_any_case(name: str) -> None:
    query = parse_query([(name, ID), ("format", "ids"), ("attachments", "false")])

    assert {query.statement_id, query.voided_statement_id} == {ID.lower(), None}
    assert (query.statement_id is not None) is (name == "statementId")
    assert query.format == "ids"


@pytest.mark.clause("Communication 2.1.3")
@pytest.mark.parametrize("name", ["statementId", "voidedStatementId"])
@pytest.mark.parametrize("other", [pair for pair in EVERY_FILTER if pair[0] not in ("format", "attachments")])
def test_one_statement_takes_no_filters(name: str, other: tuple[str, str]) -> None:
    assert refusal([other, (name, ID)]).where == other[0]


@pytest.mark.clause("Communication 2.1.3")
def test_a_statement_and_a_voided_one_are_not_asked_for_together() -> None:
    assert refusal([("statementId", ID), ("voidedStatementId", ID)]).where == "voidedStatementId"


@pytest.mark.clause("Communication 3.2")
@pytest.mark.parametrize("name", ["foo", "StatementId", "statementID", "Verb", "relatedAgents", "Cursor", ""])
def test_an_unknown_or_wrong_case_parameter_is_refused_by_name(name: str) -> None:
    refused = refusal([("verb", VERB), (name, "x")])

    assert refused.where == name
    assert "related_agents, since, until" in refused.accepted


@pytest.mark.parametrize("name", ["verb", "limit"])
def test_a_repeated_parameter_is_refused(name: str) -> None:
    value = dict(EVERY_FILTER)[name]
    assert refusal([(name, value), (name, value)]).where == name


@pytest.mark.clause("Communication 2.1.3")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("statementId", "not-a-uuid"),
        ("voidedStatementId", ""),
        ("registration", "ec531277-b57b-4c15-8d91"),
        ("verb", "completed"),
        ("activity", ""),
        ("agent", ""),
        ("agent", "[object Object]"),
        ("agent", "mailto:ann@example.org"),
        ("agent", "[]"),
        ("agent", "null"),
        ("agent", "{}"),
        ("agent", '{"mbox": "ann@example.org"}'),
        ("agent", '{"name": "Ann"}'),
        ("agent", '{"mbox": "mailto:ann@example.org", "openid": "https://ann.example.org"}'),
        ("agent", '{"objectType": "Activity", "id": "https://example.org/quiz"}'),
        ("agent", '{"account": {"homePage": "https://lms.example.org"}}'),
        ("agent", '{"objectType": "Group", "member": [{"mbox": "mailto:ann@example.org"}]}'),
        ("since", "yesterday"),
        ("until", "2026-13-01T00:00:00Z"),
        ("limit", "-1"),
        ("limit", "1.5"),
        ("limit", "ten"),
        ("limit", "²"),
        ("limit", ""),
        ("limit", "9" * 5000),
        ("format", "Exact"),
        ("format", ""),
        ("attachments", "True"),
        ("ascending", "1"),
        ("related_agents", "yes"),
        ("related_activities", ""),
    ],
)
def test_a_value_that_can_not_be_used_is_refused_with_its_parameter(name: str, value: str) -> None:
    assert refusal([(name, value)]).where == name


def test_the_agent_may_be_an_identified_group() -> None:
    assert parse_query([("agent", CLUB)]).agent == CLUB_KEY


def test_an_unescaped_plus_in_an_offset_is_understood() -> None:
    [pair] = parse_qsl("since=2026-01-31T12:00:00+01:00")

    assert parse_query([pair]).since == datetime(2026, 1, 31, 11, tzinfo=UTC)


def test_index_keys_are_what_a_matching_statement_holds() -> None:
    statement = {
        "actor": json.loads(AGENT),
        "verb": {"id": VERB},
        "object": {"id": QUIZ},
        "context": {"registration": ID},
        "timestamp": "2026-01-31T12:00:00Z",
    }
    held = set(columns(statement).keys)

    for related in ("true", "false"):
        pairs = [*EVERY_FILTER[:4], ("related_agents", related), ("related_activities", related)]
        keys = index_keys(parse_query(pairs))
        assert len(keys) == 4
        assert held.issuperset(keys)


def test_index_keys_tell_narrow_from_related_filters() -> None:
    narrow = parse_query([("agent", AGENT), ("activity", QUIZ)])

    assert index_keys(narrow) == (f"a:{AGENT_KEY}", f"o:{QUIZ}")
    assert index_keys(replace(narrow, related_agents=True)) == (f"A:{AGENT_KEY}", f"o:{QUIZ}")
    assert index_keys(replace(narrow, related_activities=True)) == (f"a:{AGENT_KEY}", f"O:{QUIZ}")
    assert index_keys(StatementQuery()) == ()


MOMENTS = st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC))


@given(stored=MOMENTS, bound=MOMENTS, statement_id=st.uuids())
def test_a_cursor_comes_back_as_it_was(stored: datetime, bound: datetime, statement_id: UUID) -> None:
    query = parse_query(EVERY_FILTER)
    token = encode_cursor(query, position=(stored, str(statement_id)), bound=bound)

    assert decode_cursor(query, token) == Cursor((stored, str(statement_id)), bound)
    assert token.replace("-", "").replace("_", "").isalnum()


def test_a_cursor_of_an_earlier_process_is_still_read() -> None:
    earlier = "AAZJrdRLEHgABkm34zTgAGaQ5sk-8E7Tizd_OWRzC-5i7HqorxssKg"

    assert decode_cursor(parse_query([("verb", VERB)]), earlier) == Cursor(POSITION, BOUND)


@pytest.mark.clause("Data 2.5")
def test_the_more_link_asks_the_same_query_from_its_position() -> None:
    query = parse_query(EVERY_FILTER)
    link = more_path(EVERY_FILTER, encode_cursor(query, position=POSITION, bound=BOUND))

    sent_back = parse_qsl(link, keep_blank_values=True)

    assert sent_back[:-1] == EVERY_FILTER
    assert parse_query(sent_back) == replace(query, cursor=Cursor(POSITION, BOUND))
    assert not set(link) & set(' "{}+<>')


def test_a_second_more_link_replaces_the_cursor_of_the_first() -> None:
    query = parse_query(EVERY_FILTER)
    first = parse_qsl(more_path(EVERY_FILTER, encode_cursor(query, position=POSITION, bound=BOUND)))
    later = (POSITION[0] + timedelta(seconds=1), "7b5e1c2a-6a0f-4d0e-9f57-0d3f3a7c1e55")

    second = parse_qsl(more_path(first, encode_cursor(parse_query(first), position=later, bound=BOUND)))

    assert parse_query(second).cursor == Cursor(later, BOUND)


@pytest.mark.parametrize(
    "broken",
    [
        lambda token: "",
        lambda token: "[object Object]",
        lambda token: token[:-4],
        lambda token: token + "AAAA",
        lambda token: ("B" if token[0] == "A" else "A") + token[1:],
        lambda token: token[:30] + ("B" if token[30] == "A" else "A") + token[31:],
        lambda token: "_" * len(token),
        lambda token: token + "ü",
        lambda token: token + " ",
    ],
)
def test_a_broken_cursor_is_refused(broken: Callable[[str], str]) -> None:
    token = encode_cursor(StatementQuery(), position=POSITION, bound=BOUND)

    assert refusal([("cursor", broken(token))]).where == "cursor"


@pytest.mark.parametrize(
    "other",
    [("verb", VERB), ("ascending", "true"), ("since", "2026-01-01T00:00:00Z"), ("until", "2026-01-01T00:00:00Z")],
)
def test_a_cursor_of_another_query_is_refused(other: tuple[str, str]) -> None:
    token = encode_cursor(StatementQuery(), position=POSITION, bound=BOUND)

    assert refusal([other, ("cursor", token)]).where == "cursor"


@pytest.mark.parametrize("other", [("limit", "5"), ("format", "ids"), ("attachments", "true")])
def test_pages_of_one_query_may_differ_in_size_and_form(other: tuple[str, str]) -> None:
    token = encode_cursor(StatementQuery(), position=POSITION, bound=BOUND)

    assert parse_query([other, ("cursor", token)]).cursor == Cursor(POSITION, BOUND)


@given(st.text(max_size=80))
def test_no_cursor_text_raises_anything_but_a_refusal(text: str) -> None:
    with pytest.raises(BadRequest):
        decode_cursor(StatementQuery(), text)
