"""The people and groups behind a sample."""

from collections import Counter, defaultdict
from datetime import datetime

import pytest

from lrs.cli.sample import Sample, generate
from lrs.xapi import Json
from lrs.xapi.actors import actor_key


def people(sample: Sample) -> list[Json]:
    listed: list[Json] = sample.organisation.roster()["people"]
    return listed


def members(sample: Sample, kind: str) -> dict[str, set[str]]:
    groups: dict[str, set[str]] = defaultdict(set)
    for person in people(sample):
        for group in person["groups"]:
            if group["kind"] == kind:
                groups[group["group"]].add(person["id"])
    return groups


def test_every_actor_of_a_statement_is_an_identifier_of_somebody(sample: Sample) -> None:
    keys = [actor_key(agent) for person in people(sample) for agent in person["identifiers"]]
    assert len(set(keys)) == len(keys) == 3 * 80
    assert {actor_key(statement["actor"]) for statement in sample.statements} <= set(keys)


@pytest.mark.parametrize(("count", "departments"), [(6, 4), (100, 4), (200, 8), (900, 12)])
def test_departments_number_four_to_twelve(count: int, departments: int) -> None:
    sizes = members(generate(people=count, statements=0, seed=1), "department")
    assert len(sizes) == departments
    assert sum(map(len, sizes.values())) == count


def test_courses_are_skewed_and_some_stay_under_five(sample: Sample) -> None:
    sizes = sorted(len(group) for group in members(sample, "course").values())
    assert sizes[0] < 5
    assert sizes[-1] >= 30
    assert set.union(*members(sample, "course").values()) == {person["id"] for person in people(sample)}


def test_each_course_has_an_instructor(sample: Sample) -> None:
    taught = {
        group["group"]
        for person in people(sample)
        for group in person["groups"]
        if group["kind"] == "course" and group["role"] == "instructor"
    }
    assert taught == set(members(sample, "course"))


def test_declared_mentors_and_mentees_name_each_other(sample: Sample) -> None:
    pairs = Counter(
        (person["id"], group["with"]) if group["role"] == "mentor" else (group["with"], person["id"])
        for person in people(sample)
        for group in person["groups"]
        if group["kind"] == "programme"
    )
    assert set(pairs.values()) == {2}
    assert 0 < len(pairs) < len(sample.truth.mentoring_pairs)


def test_few_people_write_much_and_many_write_nothing(sample: Sample) -> None:
    owner = {actor_key(agent): person["id"] for person in people(sample) for agent in person["identifiers"]}
    posts = Counter(owner[post["author"]] for thread in sample.truth.threads.values() for post in thread["posts"])
    busiest = sum(number for _, number in posts.most_common(8))
    assert busiest > 0.3 * posts.total()
    assert len(posts) < 70


def test_weekly_cells_of_a_large_course_have_five_people(sample: Sample) -> None:
    cells: dict[tuple[str, str], set[str]] = defaultdict(set)
    for thread in sample.truth.threads.values():
        for post in thread["posts"]:
            year_week = datetime.fromisoformat(post["t"]).strftime("%G-%V")
            cells[str(thread["course"]), year_week].add(post["author"])
    sizes = Counter(len(authors) >= 5 for authors in cells.values())
    assert sizes[True] >= 10
    assert sizes[False] >= 5
