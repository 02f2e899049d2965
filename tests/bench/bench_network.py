"""How long the network takes in memory: `python -m tests.bench.bench_network`. No database; what is read lies there.

10,000 people in 60 departments have 100,000 ties, 70 % of them inside one, and did something 300,000 times in 13
weeks. Each is done three times; the first also warms up. Wall and CPU time in s.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import numpy as np
import orjson
import polars as pl

from lrs.core.analytics import guard
from lrs.core.analytics.groups import ReleasedGroups
from lrs.core.analytics.released import cells, tallied
from lrs.core.analytics.resolved import directory
from lrs.core.analytics.rows import Naming
from lrs.core.analytics.source import Known
from lrs.core.analytics.windows import Window
from lrs.core.network.between import between_groups
from lrs.core.network.measures import Ties
from lrs.core.network.persons import between_people
from lrs.core.network.query import NetworkQuery
from lrs.core.network.reading import Weeks
from lrs.core.people.identity import Identity, Membership
from lrs.plugin import code
from lrs.plugin.frames import schema
from lrs.plugin.spec import TIES as TIED
from tests.core.analytics.samples import MONDAY, week

ACTS, TIES, PEOPLE, DEPARTMENTS, WEEKS = 300_000, 100_000, 10_000, 60, 13
INSIDE = 0.7
KINDS = {"reply": 0.5, "react": 0.3, "comment": 0.1, "mention": 0.06, "mentor": 0.04}

Outcome = TypeVar("Outcome")


def ties(random: np.random.Generator) -> pl.DataFrame:
    """Who is tied to whom, by numbers: some people are in most of it."""
    department = np.random.default_rng(1).permutation(PEOPLE) % DEPARTMENTS
    busy, n = random.pareto(2, PEOPLE) + 0.1, 3 * TIES
    actor, anybody = (random.choice(PEOPLE, n, p=busy / busy.sum()) for _ in range(2))
    colleagues = [np.flatnonzero(department == number) for number in range(DEPARTMENTS)]
    begins = np.cumsum([0, *map(len, colleagues)])[department[actor]]
    places = begins + random.integers(0, np.array([len(each) for each in colleagues])[department[actor]])
    target = np.where(random.random(n) < INSIDE, np.concatenate(colleagues)[places], anybody)
    drawn = pl.DataFrame({"actor": actor, "target": target}).filter(pl.col("actor") != pl.col("target"))
    return drawn.unique(maintain_order=True).head(TIES)


def acts() -> pl.DataFrame:
    """What was done along these ties, as a plugin of ties keeps it."""
    random = np.random.default_rng(2)
    often = random.pareto(1.5, TIES) + 0.2
    told = ties(random)[np.concatenate([np.arange(TIES), random.choice(TIES, ACTS - TIES, p=often / often.sum())])]
    codes = pl.Series([code(f"person {number}") for number in range(PEOPLE)], dtype=pl.Int64)
    wanted = schema(TIED)
    begin = int(MONDAY.timestamp() * 1000)
    moments = pl.Series("t", begin + random.integers(0, WEEKS * 7 * 86_400_000, ACTS)).cast(wanted["t"])
    table = told.select(
        pl.int_range(pl.len()).cast(pl.String).alias("id"),
        moments,
        codes.gather(told["actor"]).alias("actor"),
        codes.gather(told["target"]).alias("target"),
        pl.lit(True).alias("contributes"),
        pl.Series("kind", random.choice([code(kind) for kind in KINDS], ACTS, p=list(KINDS.values()))),
        pl.lit(1.0).alias("weight"),
    )
    return pl.concat([pl.DataFrame(schema=wanted), table], how="diagonal").select(wanted.keys()).sort("t", "id")


def departments() -> Identity:
    random = np.random.default_rng(1)
    of = random.permutation(PEOPLE) % DEPARTMENTS
    members = {f"person {number}": (Membership(f"department {of[number]:02}"),) for number in range(PEOPLE)}
    return Identity(imported=frozenset(members), memberships={"department": members})


def timed(words: str, do: Callable[[], Outcome]) -> Outcome:
    for _ in range(3):
        wall, cpu = time.perf_counter(), time.process_time()
        outcome = do()
        print(f"{words:32} {time.perf_counter() - wall:6.3f} wall {time.process_time() - cpu:6.3f} CPU")
    return outcome


def groups() -> None:
    who, told = directory(departments()), acts()
    spans = [week(number) for number in range(WEEKS)]
    window = Window(spans[0].start, spans[-1].end)
    everybody = {span: told.filter(pl.col("t").is_between(span.start, span.end, closed="left")) for span in spans}
    found = {(each.group, span): each for span, of in everybody.items() for each in cells(of, who, {})}
    withheld = guard.withheld_cells({place: tallied(cell) for place, cell in found.items()}, 5)
    released = ReleasedGroups(spans, withheld, found, everybody, told.clear(), early=told.clear())
    known = Weeks(window, window.end + timedelta(days=1), False, spans, released)
    for words, kinds in (("between groups", None), ("between groups, two kinds", ("reply", "react"))):
        query = NetworkQuery(window, "group", "department", kinds, "json")
        answer = timed(words, lambda query=query: between_groups(query, known, who, 5))  # type: ignore[misc]
        print(f"  {len(answer.entries)} entries, {answer.entries['reason'].is_not_null().sum()} withheld")


def people() -> None:
    told = acts()
    window = Window(MONDAY, MONDAY + timedelta(weeks=WEEKS))
    query = NetworkQuery(window, "person", None, None, "json")

    def answer() -> bytes:
        ties = Ties.of(told, window.end, None)
        made = between_people(query, Known(window, window.end, False), ties, Naming({}, b"k" * 32), 5)
        return orjson.dumps(made.as_dict())

    body = orjson.loads(timed("person by person, as JSON", answer))
    print(f"  {body['people']} people, {len(body['edges'])} ties, {body['method']['betweenness']}")
    print(f"  {body['method']['community']}")


if __name__ == "__main__":
    groups()
    people()
