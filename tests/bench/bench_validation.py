"""Microseconds to validate and to complete a typical statement: `python -m tests.bench.bench_validation`."""

import json
from collections.abc import Callable
from timeit import repeat

from lrs.xapi import Json
from lrs.xapi.statements import complete, validate
from lrs.xapi.versions import Version


def _activity(path: str, name: str, kind: str) -> Json:
    definition = {"name": {"en": name}, "type": f"http://id.tincanapi.com/activitytype/{kind}"}
    return {"id": f"https://moodle.example.org/{path}", "definition": definition, "objectType": "Activity"}


STATEMENT: Json = {
    "actor": {"account": {"homePage": "https://moodle.example.org", "name": "4711"}, "name": "Ada Lovelace"},
    "verb": {"id": "http://id.tincanapi.com/verb/replied", "display": {"en": "Replied"}},
    "object": _activity("mod/forum/discuss.php?d=12#p34", "Re: Analytical engines", "forum-reply"),
    "timestamp": "2026-11-22T09:30:00.000+01:00",
    "context": {
        "platform": "Moodle",
        "language": "en",
        "registration": "2f7b6e1c-93f1-5b53-9a3f-5ad1d2a5a3d8",
        "contextActivities": {
            "parent": [_activity("mod/forum/discuss.php?d=12", "Analytical engines", "discussion")],
            "grouping": [_activity("course/view.php?id=2", "History of computing", "course")],
            "category": [_activity("", "Example campus", "lms")],
        },
        "extensions": {"http://lrs.learninglocker.net/define/extensions/info": {"event_name": "post_created"}},
    },
}


def _microseconds(call: Callable[[], object], rounds: int = 5000) -> float:
    return min(repeat(call, number=rounds, repeat=5)) / rounds * 1e6


def main() -> None:
    """Print the best of five rounds, which is what the code needs on an idle core."""
    shared = {"id": "2f7b6e1c-93f1-4b53-9a3f-5ad1d2a5a3d8", "stored": "2026-11-22T09:30:00.000Z"}
    authority = {"account": {"homePage": "https://lrs.example.org", "name": "moodle"}}
    print(f"statement: {len(json.dumps(STATEMENT))} bytes")
    for version in Version:
        print(f"validate {version}: {_microseconds(lambda: validate(STATEMENT, version)):.1f} µs")  # noqa: B023
        done = _microseconds(lambda: complete(STATEMENT, authority=authority, version=version, **shared))  # noqa: B023
        print(f"complete {version}: {done:.1f} µs")


if __name__ == "__main__":
    main()
