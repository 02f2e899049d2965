"""Every rule of the specification has a test, or a reason why there is none."""

import sys
from asyncio import create_subprocess_exec, subprocess

import orjson
import pytest

from tests.conformance import clauses, listing
from tests.conformance.clauses import HERE, Clause, Collected

_COLLECT = """
import sys, orjson
from tests.conformance import clauses, listing
named = {each.partition("::")[0] for clause in clauses.read() for each in clause.covered_by}
sys.stdout.buffer.write(orjson.dumps([[t.id, t.clauses, t.version] for t in listing.collect(clauses.HERE, *named)]))
"""


@pytest.fixture(scope="module")
async def collected() -> list[Collected]:
    """The marked tests, from a process of its own: pytest can't collect while it runs."""
    process = await create_subprocess_exec(sys.executable, "-c", _COLLECT, stdout=subprocess.PIPE)
    told, _ = await process.communicate()
    assert process.returncode == 0
    return [Collected(test, tuple(marked), version) for test, marked, version in orjson.loads(told)]


async def test_every_clause_has_a_test_in_each_of_its_versions_or_a_reason_why_not(collected: list[Collected]) -> None:
    missing = {each.id: clauses.untested_versions(each, collected) for each in clauses.read() if not each.not_testable}
    assert not {clause: versions for clause, versions in missing.items() if versions}


async def test_what_is_not_testable_has_no_test(collected: list[Collected]) -> None:
    excused = [each for each in clauses.read() if each.not_testable]
    assert not [each.id for each in excused if list(clauses.covering(each, collected))]


async def test_every_mark_here_names_a_clause(collected: list[Collected]) -> None:
    known = {each.id for each in clauses.read()}
    unknown = {mark for test in collected if test.id.startswith(HERE) for mark in test.clauses} - known
    assert not unknown


async def test_every_test_that_a_clause_names_is_there_and_marked_with_its_section(collected: list[Collected]) -> None:
    for clause in clauses.read():
        found = {test.name for test in clauses.covering(clause, collected)}
        assert not set(clause.covered_by) - found, clause.id


def test_ids_are_told_apart_and_rules_are_short() -> None:
    inventory = clauses.read()
    assert len({each.id for each in inventory}) == len(inventory)
    assert all(each.versions and set(each.versions) <= {"1.0.3", "2.0.0"} for each in inventory)
    assert all(10 <= len(each.rule) <= 120 and each.rule.endswith(".") for each in inventory)


def test_a_clause_counts_as_tested_only_in_the_versions_that_were_asked() -> None:
    clause = Clause("Data 2.4.1/1", "An id is a UUID.", ("1.0.3", "2.0.0"))
    asked = Collected("tests/conformance/test_x.py::test_y[1.0.3]", ("Data 2.4.1/1",), "1.0.3")
    assert clauses.untested_versions(clause, []) == ["1.0.3", "2.0.0"]
    assert clauses.untested_versions(clause, [asked]) == ["2.0.0"]


def test_the_list_names_the_tests_of_each_clause_and_what_has_none() -> None:
    both = ("1.0.3", "2.0.0")
    known = [
        Clause("Data 2.4.1/1", "An id is a UUID.", both),
        Clause("Data 2.4.1/2", "An id is given.", both),
        Clause("Data 3.1/1", "IRIs are controlled.", both, not_testable="nobody knows"),
    ]
    asked = [Collected(f"tests/x.py::test_y[{each}-a]", ("Data 2.4.1/1",), each) for each in both]
    assert listing.lines(known, asked) == [
        "Data 2.4.1/1  An id is a UUID. (1.0.3, 2.0.0)",
        "    tests/x.py::test_y",
        "Data 2.4.1/2  An id is given. (1.0.3, 2.0.0)",
        "    UNTESTED in 1.0.3, 2.0.0",
        "Data 3.1/1  IRIs are controlled. (1.0.3, 2.0.0)",
        "    not testable: nobody knows",
        "",
        "3 clauses: 1 tested, 1 untested, 1 not testable",
    ]


def test_a_test_elsewhere_counts_when_the_clause_names_it_and_its_mark_is_the_section() -> None:
    clause = Clause("Data 2.5/3", "more is usable.", ("1.0.3",), covered_by=("tests/x.py::test_y",))
    named = Collected("tests/x.py::test_y", ("Data 2.5",), None)
    assert clauses.untested_versions(clause, [named]) == []
    assert clauses.untested_versions(clause, [Collected("tests/x.py::test_y", ("Data 2.6",), None)]) == ["1.0.3"]
    assert clauses.untested_versions(clause, [Collected("tests/x.py::test_z", ("Data 2.5",), None)]) == ["1.0.3"]
