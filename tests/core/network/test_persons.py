"""The network person by person: who is in it, what is said of them, and when it is refused."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl
import pytest

from lrs.core.analytics.windows import Window
from lrs.core.network.measures import DEFINITIONS, Ties
from lrs.core.network.persons import PersonAnswer, between_people, refuse_few
from lrs.core.network.query import NetworkQuery
from lrs.core.network.reading import Known
from lrs.errors import Conflict
from lrs.plugin import Act, code
from lrs.plugin.frames import coded, frame
from tests.core.analytics.samples import DAY, MONDAY, WEEK
from tests.core.network.organisation import COLUMNS, done
from tests.network_graphs import KARATE

WINDOW = Window(MONDAY, MONDAY + WEEK)
KEY = b"k" * 32
CLUB = [act for one, other in KARATE for act in done(one, other)]


def tied(acts: list[Act], kinds: list[str] | None = None) -> Ties:
    return Ties.of(frame((coded(act, COLUMNS) for act in acts), COLUMNS), WINDOW.end, kinds)


def ask(acts: list[Act], named: Mapping[str, str] | None = None) -> PersonAnswer:
    query = NetworkQuery(WINDOW, "person", None, None, "json")
    by_code = {code(person): (person, name) for person, name in (named or {}).items()}
    return between_people(query, Known(WINDOW, WINDOW.end, False), tied(acts), by_code, KEY)


def measures(answer: PersonAnswer, person: str) -> dict[str, float]:
    (row,) = answer.nodes.filter(pl.col("id") == person).rows(named=True)
    return row


def test_ties_are_of_what_counts_and_of_the_kinds_asked_for() -> None:
    acts = [
        *done("ann", "ben", times=3),
        *done("ann", "ben", kind="react"),
        *done("cleo", "ann", kind="view"),
        *done("dan", "dan"),
        *done("dan", None),
        *done("dan", "eve", kind="follow", ended=MONDAY + DAY),
    ]

    assert tied(acts).arcs.rows() == [(code("ann"), code("ben"), 4, 4.0)]
    assert tied(acts, ["react"]).arcs["acts"].to_list() == [1]
    assert len(tied(acts, ["react", "view"]).people) == 3


def test_the_club_has_its_published_measures() -> None:
    people = {str(number): f"name {number}" for number in range(34)}
    found = measures(ask(CLUB, people), "0")

    assert (found["in_degree"], found["out_degree"], found["core"]) == (0, 16, 4)
    assert found["betweenness"] * 33 * 32 / 2 == pytest.approx(231.0714, abs=1e-4)
    assert found["constraint"] == pytest.approx(0.1554, abs=5e-5)
    assert found["betweenness_error"] is None


def test_degrees_count_people_and_weights_what_acts_count() -> None:
    told = [replace(act, detail={**act.detail, "weight": 0.25}) for act in done("ann", "ben", times=2)]
    answer = ask([*told, *done("cleo", "ben")], {"ben": "Ben"})
    found = measures(answer, "ben")

    assert (found["in_degree"], found["out_degree"], found["in_weight"], found["out_weight"]) == (2, 0, 1.5, 0)
    assert sorted(answer.edges.select("acts", "weight").rows()) == [(1, 1.0), (2, 0.5)]


def test_who_opted_in_is_named_and_nothing_else_tells_who_the_others_are() -> None:
    answer = ask(CLUB, {"0": "Mr. Hi"})
    text = str(answer.as_dict()) + answer.as_csv() + answer.as_graphml().decode()

    assert (answer.named, len(answer.nodes)) == (1, 34)
    assert answer.nodes.filter(pl.col("name").is_not_null()).select("id", "name").rows() == [("0", "Mr. Hi")]
    assert not any(str(code(str(number))) in text for number in range(34))


def test_the_order_of_people_and_ties_is_that_of_their_ids() -> None:
    answer = ask(CLUB)

    assert answer.nodes["id"].is_sorted()
    assert answer.edges.equals(answer.edges.sort("source", "target"))
    assert answer.nodes.columns == ["id", "name", *DEFINITIONS]


def test_the_answer_says_how_it_was_made() -> None:
    methods = ask(CLUB).methods

    assert methods["betweenness"]["algorithm"] == "Brandes 2001, exact"
    assert methods["community"]["modularity"] == pytest.approx(0.41979, abs=5e-6)
    for each in methods.values():
        assert each["library"].split()[0] in ("rustworkx", "scipy", "social-lrs")


def test_the_table_of_edges_has_a_stable_header() -> None:
    lines = ask(done("ann", "ben"), {"ben": "Ben"}).as_csv().splitlines()

    assert lines[0] == "source,target,acts,weight,source_name,target_name"
    assert lines[1].endswith(",ben,1,1.0,,Ben")


@pytest.mark.parametrize(
    ("people", "named", "is_refused"), [(20, 0, False), (19, 0, True), (20, 16, True), (20, 15, False), (20, 20, False)]
)
def test_a_small_network_or_few_without_a_name_are_refused_with_the_reason(
    people: int, named: int, is_refused: bool
) -> None:
    ties = tied([act for number in range(people - 1) for act in done(f"p{number}", f"p{number + 1}")])
    if not is_refused:
        refuse_few(ties, named, 5)
        return
    with pytest.raises(Conflict) as refused:
        refuse_few(ties, named, 5)
    assert refused.value.where == "level"
    assert "fewer than" in refused.value.why
