"""A sample as a whole: exact, repeatable, valid, and written to three files."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from lrs.cli.sample import Sample, generate, write
from lrs.errors import BadRequest
from lrs.xapi import Json
from lrs.xapi.statements import validate
from lrs.xapi.versions import Version


def written(sample: Sample, directory: Path) -> dict[str, bytes]:
    write(sample, directory)
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def at(statement: Json) -> datetime:
    return datetime.fromisoformat(statement["timestamp"])


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    first = written(generate(people=20, statements=700, seed=3), tmp_path / "first")
    second = written(generate(people=20, statements=700, seed=3), tmp_path / "second")
    assert sorted(first) == ["people.json", "statements.jsonl", "truth.json"]
    assert first == second


def test_another_seed_gives_other_statements() -> None:
    one, other = (generate(people=20, statements=200, seed=seed) for seed in (1, 2))
    assert {s["id"] for s in one.statements}.isdisjoint(s["id"] for s in other.statements)


@pytest.mark.parametrize(
    ("people", "statements"), [(2, 0), (2, 1), (2, 7), (6, 50), (6, 3000), (13, 333), (700, 400), (3900, 100)]
)
def test_there_are_exactly_as_many_statements_as_asked_for(people: int, statements: int) -> None:
    sample = generate(people=people, statements=statements, seed=1)
    assert len(sample.statements) == statements
    assert len({statement["id"] for statement in sample.statements}) == statements
    assert len({person.name for person in sample.organisation.people}) == people


def test_every_statement_is_valid(sample: Sample) -> None:
    for statement in sample.statements:
        assert validate(statement, Version.V1) == statement
        assert "stored" not in statement


def test_acts_lie_in_the_twelve_weeks_before_november_when_no_period_is_given(sample: Sample) -> None:
    end = datetime(2026, 11, 1, tzinfo=UTC)
    times = [at(statement) for statement in sample.statements]
    assert end - timedelta(weeks=12) <= min(times)
    assert max(times) < end
    assert max(times) - min(times) > timedelta(weeks=11)


def test_acts_lie_in_the_period_asked_for() -> None:
    start, end = datetime(2025, 2, 3, 4, 5, tzinfo=UTC), datetime(2025, 2, 5, tzinfo=UTC)
    sample = generate(people=9, statements=800, seed=1, start=start, end=end)
    assert all(start <= at(statement) < end for statement in sample.statements)
    assert list(sample.truth.weeks) == ["2025-W06"]


def test_statements_come_by_time_but_for_a_few_late_ones(sample: Sample) -> None:
    times = [at(statement) for statement in sample.statements]
    late, newest = set(), times[0]
    for statement, time in zip(sample.statements, times, strict=True):
        if time < newest:
            late.add(statement["id"])
        newest = max(newest, time)
    assert 0.01 * len(times) < len(late) < 0.04 * len(times)
    assert len(late - set(sample.truth.late) - set(sample.truth.voided)) == 0


def test_the_mix_is_like_a_real_store(sample: Sample) -> None:
    kinds = Counter(statement["verb"]["id"].rpartition("/")[2] for statement in sample.statements)
    views = kinds["viewed"] + kinds["experienced"]
    work = sum(kinds[name] for name in ("completed", "answered", "passed", "failed", "scored"))
    assert views / len(sample.statements) == pytest.approx(0.35, abs=0.02)
    assert work / len(sample.statements) == pytest.approx(0.25, abs=0.02)
    assert sample.truth.totals["posts"] / len(sample.statements) > 0.15


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        ({"people": 1}, "people"),
        ({"statements": -1}, "statements"),
        ({"start": datetime(2026, 1, 1)}, "start"),
        ({"start": datetime(2026, 1, 1, tzinfo=UTC), "end": datetime(2026, 1, 1, 5, tzinfo=UTC)}, "end"),
    ],
)
def test_a_sample_that_cannot_be_made_is_refused(arguments: Json, where: str) -> None:
    with pytest.raises(BadRequest) as refused:
        generate(**{"people": 5, "statements": 10, "seed": 1, **arguments})
    assert refused.value.where == where


def test_the_files_hold_the_sample(sample: Sample, tmp_path: Path) -> None:
    files = written(sample, tmp_path / "made" / "here")
    lines = files["statements.jsonl"].splitlines()
    assert [orjson.loads(line) for line in lines] == sample.statements
    assert orjson.loads(files["truth.json"]) == sample.truth.as_dict()
    assert orjson.loads(files["people.json"]) == sample.organisation.roster()
