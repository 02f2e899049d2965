"""Rows about people: who is called by name, who by a pseudonym, and what else an answer tells."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import polars as pl

from lrs.core.analytics.pseudonyms import pseudonym
from lrs.core.analytics.rows import KnownRows, Naming, PersonAnswer
from lrs.core.analytics.windows import Window
from lrs.plugin import PersonTable, TableColumn, code

MOMENT = datetime(2026, 3, 2, 9, tzinfo=UTC)
WINDOW = Window(MOMENT, MOMENT.replace(month=4))
TABLE = PersonTable(
    id="talks",
    title="Talks",
    definition="who talked to whom",
    columns={
        "teller": TableColumn("person", "who told"),
        "listener": TableColumn("person", "who listened"),
        "talks": TableColumn("count", "how often"),
        "last": TableColumn("time", "when last"),
    },
    compute=lambda scope: scope.acts,
)
KEY = b"a key"


def answer(rows: Sequence[tuple[str, str | None]], named: Mapping[str, str]) -> PersonAnswer:
    told = [(code(teller), None if other is None else code(other), 3, MOMENT) for teller, other in rows]
    known = KnownRows(WINDOW, None, False, pl.DataFrame(told, schema=TABLE.schema, orient="row"))
    return PersonAnswer.of("x.talks", TABLE, known, Naming({code(each): (each, n) for each, n in named.items()}, KEY))


def secret(person: str) -> str:
    return pseudonym(code(person), KEY)


def called(rows: Sequence[tuple[str, str | None]], **named: str) -> list[Any]:
    shown = answer(rows, named).rows
    return sorted(shown.select("teller", "teller_name", "listener", "listener_name").rows())


def test_who_did_not_opt_in_has_a_pseudonym() -> None:
    assert called([("ann", "ben")]) == [(secret("ann"), None, secret("ben"), None)]


def test_who_opted_in_is_named_beside_others_who_did() -> None:
    assert called([("ann", "ben")], ann="Ann", ben="Ben") == [("ann", "Ann", "ben", "Ben")]


def test_nobody_is_named_beside_who_did_not_opt_in() -> None:
    assert called([("ann", "ben")], ann="Ann") == [(secret("ann"), None, secret("ben"), None)]


def test_a_row_without_the_other_person_is_of_one() -> None:
    assert called([("ann", None)], ann="Ann") == [("ann", "Ann", None, None)]


def test_only_people_who_are_named_somewhere_are_counted_as_named() -> None:
    found = answer([("ann", "ben"), ("ann", "cleo"), ("dan", "cleo")], {"ann": "Ann", "ben": "Ben", "dan": "Dan"})

    assert (found.people, found.named) == (4, 2)


def test_rows_come_by_what_their_people_are_called() -> None:
    told = [(teller, other) for teller in ("ann", "ben", "cleo") for other in ("dan", "eve")]

    shown = answer(told, {}).rows.select("teller", "listener").rows()

    assert shown == sorted(shown)
    assert shown == answer(told[::-1], {}).rows.select("teller", "listener").rows()


def test_the_answer_tells_what_its_columns_mean() -> None:
    told = answer([("ann", "ben")], {}).as_dict()

    assert list(told["columns"]) == list(told["rows"][0])
    assert told["rows"][0]["last"] == "2026-03-02T09:00:00.000Z"
    assert (told["table"], told["definition"], told["as_of"]) == ("x.talks", "who talked to whom", None)


def test_the_table_has_one_line_for_each_row() -> None:
    header, row, rest = answer([("ann", "ben")], {}).as_csv().split("\r\n")

    assert header == "teller,listener,talks,last,teller_name,listener_name"
    assert row == f"{secret('ann')},{secret('ben')},3,2026-03-02T09:00:00.000Z,,"
    assert rest == ""


def test_no_rows_are_a_header() -> None:
    found = answer([], {})

    assert (found.people, found.named, found.as_dict()["rows"]) == (0, 0, [])
    assert found.as_csv().startswith("teller,")
