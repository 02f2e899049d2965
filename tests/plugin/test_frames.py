"""The table of acts: what stands in it for persons and keys, and in which order."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from lrs.plugin import Act, Column, code
from lrs.plugin.frames import CODE, TIME, coded, frame, persons, schema

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
ANN = -5928526457788876350
COLUMNS: dict[str, Column] = {"who": "person", "board": "key", "words": "number", "asks": "flag", "told": "time"}


def test_a_text_has_the_same_code_for_ever() -> None:
    ann = "mbox:mailto:ann@example.org"
    elsewhere = subprocess.run(
        [sys.executable, "-c", f"from lrs.plugin import code; print(code({ann!r}))"],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "1", "PYTHONPATH": ":".join(sys.path)},
    )

    assert code(ann) == int(elsewhere.stdout) == ANN


def test_codes_are_64_bits_signed_and_differ() -> None:
    codes = {code(str(n)) for n in range(10_000)}

    assert len(codes) == 10_000
    assert pl.Series(sorted(codes), dtype=CODE).len() == 10_000
    assert min(codes) < 0 < max(codes)


def test_an_act_is_a_row_with_codes_for_persons_and_keys() -> None:
    told = Act(
        id="1:reply:0",
        t=MONDAY,
        actor="a",
        target="b",
        course="c",
        subject="s",
        subject_t=MONDAY - timedelta(days=1),
        opens=True,
        contributes=False,
        detail={"who": "d", "board": "e", "words": 3, "asks": True, "told": MONDAY},
    )

    row = {name: value for name, (value,) in coded([told], COLUMNS).items()}

    keys = {"actor": "a", "target": "b", "course": "c", "subject": "s", "who": "d", "board": "e"}
    assert {name: row[name] for name in keys} == {name: code(text) for name, text in keys.items()}
    assert {name: row[name] for name in row.keys() - keys.keys()} == {
        "id": "1:reply:0",
        "t": MONDAY,
        "subject_t": MONDAY - timedelta(days=1),
        "opens": True,
        "contributes": False,
        "words": 3,
        "asks": True,
        "told": MONDAY,
    }
    assert list(frame([told], COLUMNS).columns) == list(schema(COLUMNS))


def test_what_is_not_known_is_null() -> None:
    (row,) = frame([Act(id="1", t=MONDAY, actor="a")], COLUMNS).to_dicts()

    told = {"id": "1", "t": MONDAY, "actor": code("a"), "opens": False, "contributes": True}
    assert row == {**dict.fromkeys(schema(COLUMNS)), **told}


def test_rows_come_by_time_and_then_by_id() -> None:
    told = [("b", 1), ("a", 1), ("c", 0), ("10", 1), ("9", 1)]
    acts = [Act(id=name, t=MONDAY + timedelta(seconds=n), actor="a") for name, n in told]

    assert frame(acts, {})["id"].to_list() == ["c", "10", "9", "a", "b"]


def test_a_table_of_nothing_has_all_columns() -> None:
    assert frame([], COLUMNS).schema == schema(COLUMNS)
    assert schema(COLUMNS)["told"] == schema({})["t"] == TIME


def test_persons_are_in_the_columns_of_every_act_and_in_those_that_are_named_so() -> None:
    assert persons(COLUMNS) == ("actor", "target", "who")


def test_a_value_that_is_none_of_the_columns_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"'text' is none of the plugin's columns: who, board, words, asks, told"):
        coded([Act(id="1", t=MONDAY, actor="a", detail={"text": "hello"})], COLUMNS)
    with pytest.raises(ValueError, match="it has none"):
        coded([Act(id="1", t=MONDAY, actor="a", detail={"text": "hello"})], {})
