"""Every refusal names a place of the input and ends with the clause it stands on."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from lrs.errors import InvalidStatement
from lrs.xapi import Json
from lrs.xapi.statements import validate, validate_batch
from lrs.xapi.versions import Version
from tests.xapi.mutations import mutations
from tests.xapi.unsaid import UNSAID
from tests.xapi.validation.samples import WHOLE, refusal, simple

STEP = re.compile(r'\.([\w-]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]')
CLAUSE = re.compile(r"\((?:xAPI Data \d(?:\.\d+)+(?:; [^()]+)?|a limit of this LRS)\)$")
MISSING = ("needs it (", "can't be without it (", "needs members (")


def steps(where: str) -> list[str | int]:
    """Return the steps of a place behind `statement`; every character has to be part of one."""
    rest = where.removeprefix("statement")
    found = list(STEP.finditer(rest))
    assert "".join(match[0] for match in found) == rest
    return [int(match[2]) if match[2] else match[1] or json.loads(f'"{match[3]}"') for match in found]


def is_in(statement: Any, where: str, *, is_missing: bool) -> bool:
    """Tell whether a place is in the statement; of what is missing, whether only the last step is not."""
    way = steps(where)
    for left, step in zip(range(len(way) - 1, -1, -1), way, strict=True):
        if isinstance(statement, dict):
            keys = [key for key in statement if key == step or (str(step)[60:] == "…" and key[:60] == str(step)[:60])]
            if not keys:
                return is_missing and left == 0
            statement = statement[keys[0]]
        elif isinstance(statement, list) and isinstance(step, int) and step < len(statement):
            statement = statement[step]
        else:
            return False
    return not is_missing or statement == []


def refusals(statement: Json, version: Version) -> Iterator[tuple[Any, InvalidStatement]]:
    """Yield every mutation that is refused, with the refusal."""
    for broken in mutations(statement):
        try:
            validate(broken, version)
        except InvalidStatement as refused:
            yield broken, refused


@pytest.mark.clause("Data 2.2")
@pytest.mark.parametrize("version", list(Version))
@pytest.mark.parametrize("kind", WHOLE)
def test_every_refusal_names_a_place_of_the_input_and_a_clause(kind: str, version: Version) -> None:
    seen = 0
    for broken, refused in refusals(WHOLE[kind], version):
        is_missing = any(words in refused.why for words in MISSING)
        assert is_in(broken, refused.where, is_missing=is_missing), (refused.where, broken)
        assert CLAUSE.search(refused.why), refused.why
        seen += 1
    assert seen > 500


@pytest.mark.parametrize("rule", UNSAID, ids=lambda rule: rule.name)
def test_a_refusal_by_a_rule_between_values_names_its_place_and_clause_too(rule: Any) -> None:
    statement = simple(**rule.example)
    refused = refusal(statement)

    assert is_in(statement, refused.where, is_missing=False)
    assert CLAUSE.search(refused.why)


@pytest.mark.clause("Data 4.3")
def test_place_and_rule_read_as_one_sentence() -> None:
    broken = simple(context={"contextActivities": {"parent": [{"id": "ABC101"}]}})

    with pytest.raises(InvalidStatement) as caught:
        validate_batch([simple(), simple(), simple(), broken], Version.V1)

    told = f"{caught.value.where}: {caught.value.why}"
    assert told == (
        'statements[3].context.contextActivities.parent[0].id: "ABC101" is not an absolute IRI (xAPI Data 4.3)'
    )


@pytest.mark.parametrize(
    ("key", "where"),
    [
        ("urn", ".urn"),
        ("en-US", ".en-US"),
        ("a b", '["a b"]'),
        ("", '[""]'),
        ('"]', '["\\"]"]'),
        ("ключ", '["ключ"]'),
        ("a.b", '["a.b"]'),
        ("a\nb", '["a\\nb"]'),
        ("k" * 70, f'["{"k" * 60}…"]'),
    ],
)
def test_a_key_is_written_so_that_the_place_can_be_read_back(key: str, where: str) -> None:
    refused = refusal(simple(**{key: 1}))

    assert refused.where == f"statement{where}"
    assert is_in(simple(**{key: 1}), refused.where, is_missing=False)
