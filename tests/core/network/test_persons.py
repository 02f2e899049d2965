"""The network person by person: who is in it, what is said of them, and when it is refused."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl
import pytest

from lrs.core.analytics.pseudonyms import pseudonym
from lrs.core.analytics.rows import Naming
from lrs.core.analytics.source import Known
from lrs.core.analytics.windows import Window
from lrs.core.network.measures import DEFINITIONS, Ties
from lrs.core.network.persons import PersonAnswer, between_people
from lrs.core.network.query import NetworkQuery
from lrs.errors import Conflict
from lrs.plugin import Act, code
from lrs.plugin.frames import frame
from tests.core.analytics.samples import DAY, MONDAY, WEEK
from tests.core.network.organisation import COLUMNS, done
from tests.network_graphs import KARATE

WINDOW = Window(MONDAY, MONDAY + WEEK)
KEY = b"k" * 32
CLUB = [act for one, other in KARATE for act in done(one, other)]


def tied(acts: list[Act], kinds: list[str] | None = None) -> Ties:
    return Ties.of(frame(acts, COLUMNS), WINDOW.end, kinds)


def ask(acts: list[Act], named: Mapping[str, str] | None = None) -> PersonAnswer:
    query = NetworkQuery(WINDOW, "person", None, None, "json")
    by_code = {code(person): (person, name) for person, name in (named or {}).items()}
    return between_people(query, Known(WINDOW, WINDOW.end, False), tied(acts), Naming(by_code, KEY), 5)


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
    found = measures(ask(CLUB, people), "0")  # everybody opted in

    assert (found["in_degree"], found["out_degree"], found["core"]) == (0, 16, 4)
    assert found["betweenness"] * 33 * 32 / 2 == pytest.approx(231.0714, abs=1e-4)
    assert found["constraint"] == pytest.approx(0.1554, abs=5e-5)
    assert found["betweenness_error"] is None


def test_degrees_count_people_and_weights_what_acts_count() -> None:
    told = [replace(act, detail={**act.detail, "weight": 0.25}) for act in done("ann", "ben", times=2)]
    answer = ask([*CLUB, *told, *done("cleo", "ben")])
    ben = pseudonym(code("ben"), KEY)
    found = measures(answer, ben)

    assert (found["in_degree"], found["out_degree"], found["in_weight"], found["out_weight"]) == (2, 0, 1.5, 0)
    toward = answer.edges.filter(pl.col("target") == ben)
    assert sorted(toward.select("acts", "weight").rows()) == [(1, 1.0), (2, 0.5)]


OPTED_IN = {"0": "Mr. Hi", "1": "Ben", "2": "Cleo", "16": "Dan"}  # Dan has ties to others only
AMONG_THEM = {("0", "1"), ("0", "2"), ("1", "2")}


def test_an_edge_names_its_people_where_both_opted_in_and_else_nobody() -> None:
    answer = ask(CLUB, OPTED_IN)
    named = dict(answer.nodes.drop_nulls("name").select("id", "name").rows())
    edges = answer.edges.select("source", "target").rows()

    assert named == {"0": "Mr. Hi", "1": "Ben", "2": "Cleo"}
    assert {edge for edge in edges if not named.keys().isdisjoint(edge)} == AMONG_THEM
    hidden = {(code(one), code(other)) for one, other in KARATE} - {
        (code(one), code(other)) for one, other in AMONG_THEM
    }
    assert {edge for edge in edges if named.keys().isdisjoint(edge)} == {
        (pseudonym(one, KEY), pseudonym(other, KEY)) for one, other in hidden
    }


def test_who_opted_in_alone_is_called_by_a_pseudonym_like_all_others() -> None:
    assert ask(CLUB, {"0": "Mr. Hi"}).edges.equals(ask(CLUB).edges)


def test_nothing_that_is_said_of_a_name_is_said_of_a_pseudonym() -> None:
    """Of somebody's ties each is counted once: by the name, or by the pseudonym, which else could be told from it."""
    answer, all_of = ask(CLUB, OPTED_IN), ask(CLUB)
    among = [act for act in CLUB if (act.actor, act.target) in AMONG_THEM]
    parts = measures(answer, "0")["out_degree"], measures(answer, pseudonym(code("0"), KEY))["out_degree"]

    assert parts == (2, measures(all_of, pseudonym(code("0"), KEY))["out_degree"] - 2)
    others = ask([act for act in CLUB if act not in among], OPTED_IN)
    assert others.edges.equals(answer.edges.filter(pl.col("source").str.starts_with("p-")))
    assert (answer.people, answer.named, len(answer.nodes)) == (34, 3, 37)


def test_nothing_else_tells_who_the_others_are() -> None:
    answer = ask(CLUB, OPTED_IN)
    text = str(answer.as_dict()) + answer.as_csv() + answer.as_graphml().decode()

    assert not any(str(code(str(number))) in text for number in range(34))
    assert "Dan" not in text


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
    header, *lines = ask(CLUB, OPTED_IN).as_csv().splitlines()

    assert header == "source,target,acts,weight,source_name,target_name"
    assert "0,1,1,1.0,Mr. Hi,Ben" in lines
    assert sum(line.endswith(",1,1.0,,") for line in lines) == len(KARATE) - len(AMONG_THEM)


def chain(people: int) -> list[Act]:
    return [act for number in range(people - 1) for act in done(f"p{number}", f"p{number + 1}")]


@pytest.mark.parametrize(("people", "named"), [(20, 0), (20, 20), (40, 15), (25, 5)])
def test_a_network_of_enough_people_is_shown(people: int, named: int) -> None:
    answer = ask(chain(people), {f"p{number}": f"name {number}" for number in range(named)})

    assert answer.people == people


@pytest.mark.parametrize(("people", "named"), [(19, 0), (20, 16), (40, 36), (40, 25), (19, 19)])
def test_a_small_network_few_without_a_name_or_a_small_part_by_pseudonym_are_refused(people: int, named: int) -> None:
    with pytest.raises(Conflict) as refused:
        ask(chain(people), {f"p{number}": f"name {number}" for number in range(named)})
    assert refused.value.where == "level"
    assert "fewer than" in refused.value.why
