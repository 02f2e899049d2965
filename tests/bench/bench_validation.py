"""Microseconds of CPU to validate a statement, beside jsonschema-rs: `python -m tests.bench.bench_validation`.

Both get the same parsed statements, fresh from the parser, in turns of one run; jsonschema-rs has the published schema,
which asks for a little less. A refused statement is one with a fault in its verb, early, or in its context, late; for
these jsonschema-rs is asked for its error, because an answer names the place.
"""

from collections.abc import Callable
from statistics import median
from time import process_time_ns
from typing import Any

import jsonschema_rs
import orjson

import schemas
from lrs.errors import InvalidStatement
from lrs.xapi import Json
from lrs.xapi.statements import complete, validate
from lrs.xapi.versions import Version
from tests.bench.kinds import KINDS

STATEMENTS, ROUNDS = 200, 60
FILES = {Version.V1: "statement-1.0.3.json", Version.V2: "statement-2.0.json"}
BREAKS: dict[str, tuple[bytes, bytes]] = {
    "valid": (b"", b""),
    "refused early": (b'"verb":{"id":"', b'"verb":{"id":" '),
    "refused late": (b'"contextActivities"', b'"contextActivity"'),
}


def _refusing(check: Callable[[Any], object], error: type[Exception]) -> Callable[[Any], object]:
    def refuse(statement: Any) -> object:
        try:
            return check(statement)
        except error as refused:
            return refused

    return refuse


def _microseconds(check: Callable[[Any], object], texts: list[bytes]) -> float:
    statements = [orjson.loads(text) for text in texts]
    begin = process_time_ns()
    for statement in statements:
        check(statement)
    return (process_time_ns() - begin) / 1000 / len(texts)


def compare(version: Version, kind: str, fault: str) -> tuple[float, float, float]:
    """Return the microseconds here, those of jsonschema-rs (the median of all rounds), and the median ratio."""
    texts = [orjson.dumps(KINDS[kind](number)).replace(*BREAKS[fault]) for number in range(STATEMENTS)]
    validator = jsonschema_rs.Draft202012Validator(schemas.load(FILES[version]))
    ours = _refusing(lambda statement: validate(statement, version), InvalidStatement)
    theirs = _refusing(validator.validate, jsonschema_rs.ValidationError)
    rounds = []
    for number in range(ROUNDS):
        both = [(0, ours), (1, theirs)] if number % 2 else [(1, theirs), (0, ours)]
        rounds.append([spent for _, spent in sorted((which, _microseconds(check, texts)) for which, check in both)])
    return median(each[0] for each in rounds), median(each[1] for each in rounds), median(a / b for a, b in rounds)


def _completing(version: Version) -> float:
    shared = {"id": "2f7b6e1c-93f1-4b53-9a3f-5ad1d2a5a3d8", "stored": "2026-11-22T09:30:00.000Z"}
    authority: Json = {"account": {"homePage": "https://lrs.example.org", "name": "moodle"}}
    texts = [orjson.dumps(KINDS["Moodle forum"](number)) for number in range(STATEMENTS)]
    return median(
        _microseconds(lambda each: complete(each, authority=authority, version=version, **shared), texts)
        for _ in range(ROUNDS)
    )


def main() -> None:
    """Print a table."""
    for version in Version:
        for kind in KINDS:
            size = len(orjson.dumps(KINDS[kind](123)))
            for fault in BREAKS:
                ours, theirs, ratio = compare(version, kind, fault)
                told = f"{ours:5.1f} µs  jsonschema-rs {theirs:5.1f} µs  ratio {ratio:.2f}"
                print(f"validate {version}  {kind:<12} {size:5} B  {fault:<13} {told}", flush=True)
        print(f"complete {version}  Moodle forum {_completing(version):.1f} µs", flush=True)


if __name__ == "__main__":
    main()
