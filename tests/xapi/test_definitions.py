"""What statements tell of activities and agents, merged: the same for any order (xAPI Communication 2.4, 2.5)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs.xapi import Json
from lrs.xapi.actors import actor_key
from lrs.xapi.columns import columns
from lrs.xapi.definitions import (
    MOST_BYTES,
    MOST_NAMES,
    OLDEST,
    Layers,
    Stamp,
    activities,
    activity,
    agents,
    definition_of,
    definitions_told,
    dump,
    load,
    names_of,
    names_told,
    person,
    told,
    with_definition,
    with_name,
)
from lrs.xapi.statements import complete
from lrs.xapi.values import format_timestamp
from lrs.xapi.versions import Version
from tests.xapi.strategies import statements

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
QUIZ = "http://example.org/activities/quiz"
EXTENSION = "http://example.org/extensions/place"
OTHER_EXTENSION = "http://example.org/extensions/room"
ANN: Json = {"mbox": "mailto:ann@example.org"}
BEN: Json = {"account": {"homePage": "https://lms.example.org", "name": "ben"}}
FULL: Json = {
    "name": {"en": "Quiz", "de": "Ratespiel"},
    "description": {"en": "Three questions"},
    "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
    "moreInfo": "https://example.org/quiz.html",
    "interactionType": "choice",
    "correctResponsesPattern": ["a[,]b"],
    "choices": [{"id": "b", "description": {"en": "Bee", "de": "Biene"}}, {"id": "a"}],
    "extensions": {EXTENSION: {"null": None, "deep": [1, 2.5, True]}, OTHER_EXTENSION: None},
}


def stamp(minute: int, statement_id: str = "a") -> Stamp:
    return NOON + timedelta(minutes=minute), statement_id


def merged(*definitions: Json) -> Layers:
    """The definitions of statements stored minute after minute."""
    layers: Layers = ()
    for minute, definition in enumerate(definitions):
        layers = with_definition(layers, stamp(minute), definition)
    return layers


def named(*names: str) -> Layers:
    layers: Layers = ()
    for minute, name in enumerate(names):
        layers = with_name(layers, stamp(minute), name)
    return layers


TEXTS = st.dictionaries(st.sampled_from(["en", "de", "fr"]), st.text(max_size=3), max_size=3)
COMPONENTS = st.lists(
    st.fixed_dictionaries({"id": st.sampled_from("abc")}, optional={"description": TEXTS}),
    max_size=3,
    unique_by=lambda component: str(component["id"]),
)
COMMON: dict[str, st.SearchStrategy[Any]] = {
    "name": TEXTS,
    "description": TEXTS,
    "type": st.sampled_from(["a:1", "a:2"]),
    "moreInfo": st.sampled_from(["a:3", "a:4"]),
    "extensions": st.dictionaries(st.sampled_from(["a:5", "a:6"]), st.sampled_from([1, True, 1.0, None, "1", [1]])),
}
PATTERN = st.lists(st.text(max_size=2), max_size=2)
DEFINITIONS = st.one_of(
    st.fixed_dictionaries({}, optional=COMMON),
    st.fixed_dictionaries(
        {"interactionType": st.just("choice")},
        optional={**COMMON, "correctResponsesPattern": PATTERN, "choices": COMPONENTS},
    ),
    st.fixed_dictionaries(
        {"interactionType": st.just("matching")}, optional={**COMMON, "source": COMPONENTS, "target": COMPONENTS}
    ),
)


@pytest.mark.clause("Communication 2.5")
def test_one_definition_comes_back_as_it_was_told() -> None:
    assert definition_of(merged(FULL)) == FULL
    assert activity(QUIZ, merged(FULL)) == {"objectType": "Activity", "id": QUIZ, "definition": FULL}


@pytest.mark.clause("Communication 2.5")
def test_an_activity_nobody_defined_is_its_id() -> None:
    assert activity(QUIZ, ()) == {"objectType": "Activity", "id": QUIZ}


@pytest.mark.clause("Communication 2.5")
def test_languages_and_extensions_of_all_statements_are_there_and_the_latest_text_stands() -> None:
    layers = merged(
        {"name": {"en": "Quiz", "fr": "Jeu"}, "extensions": {EXTENSION: 1}, "type": "http://example.org/old"},
        {"name": {"en": "Test", "de": "Prüfung"}, "extensions": {OTHER_EXTENSION: 2}},
        {"type": "http://example.org/new"},
    )

    assert definition_of(layers) == {
        "name": {"en": "Test", "de": "Prüfung", "fr": "Jeu"},
        "type": "http://example.org/new",
        "extensions": {EXTENSION: 1, OTHER_EXTENSION: 2},
    }


def test_the_languages_of_the_latest_statement_come_first_in_its_order() -> None:
    layers = merged({"name": {"fr": "Jeu", "en": "Quiz"}}, {"name": {"en": "Test", "de": "Prüfung"}})

    assert list(definition_of(layers)["name"]) == ["en", "de", "fr"]


def test_a_component_keeps_every_language_and_the_latest_list_its_members_and_order() -> None:
    layers = merged(
        {"interactionType": "choice", "choices": [{"id": "a", "description": {"en": "A"}}, {"id": "b"}]},
        {"interactionType": "choice", "choices": [{"id": "c"}, {"id": "a", "description": {"de": "Ah"}}]},
    )

    assert definition_of(layers)["choices"] == [{"id": "c"}, {"id": "a", "description": {"de": "Ah", "en": "A"}}]


@pytest.mark.clause("Data 2.4.4.1")
def test_another_interaction_type_has_none_of_the_components_of_the_old_one() -> None:
    likert = {"interactionType": "likert", "scale": [{"id": "1"}]}
    choice = {"interactionType": "choice", "correctResponsesPattern": ["a"], "choices": [{"id": "a"}]}

    assert definition_of(merged(choice, likert)) == likert
    assert definition_of(merged(choice, likert, {"interactionType": "choice"})) == choice


def test_of_two_statements_stored_at_once_the_greater_id_wins() -> None:
    one, two = {"moreInfo": "http://example.org/1"}, {"moreInfo": "http://example.org/2"}
    up = with_definition(with_definition((), stamp(0, "a"), one), stamp(0, "b"), two)
    down = with_definition(with_definition((), stamp(0, "b"), two), stamp(0, "a"), one)

    assert definition_of(up) == definition_of(down) == two


def test_of_two_mentions_in_one_statement_the_first_counts() -> None:
    layers = with_definition(
        with_definition((), stamp(0), {"type": "a:1"}), stamp(0), {"type": "a:2", "moreInfo": "a:3"}
    )

    assert definition_of(layers) == {"type": "a:1", "moreInfo": "a:3"}


@given(st.lists(DEFINITIONS, max_size=5), st.randoms(use_true_random=False))
def test_any_order_and_any_repetition_end_in_the_same(definitions: list[Json], random: Any) -> None:
    mentions = [(stamp(minute), definition) for minute, definition in enumerate(definitions)]
    shuffled = [*mentions, *random.choices(mentions, k=3)] if mentions else []
    random.shuffle(shuffled)
    layers: Layers = ()
    for when, definition in shuffled:
        layers = with_definition(layers, when, definition)

    assert layers == merged(*definitions)
    assert dump(layers) == dump(merged(*definitions))
    assert told(layers) == told(merged(*definitions))


@given(st.lists(DEFINITIONS, max_size=4))
def test_what_is_kept_is_what_was_merged(definitions: list[Json]) -> None:
    layers = merged(*definitions)

    assert load(dump(layers)) == layers
    assert dump(load(dump(layers))) == dump(layers)


@given(DEFINITIONS, st.lists(DEFINITIONS, max_size=3))
def test_a_merged_definition_holds_the_latest_and_nothing_empty(latest: Json, earlier: list[Json]) -> None:
    found = definition_of(merged(*earlier, latest))

    for name in ("name", "description", "extensions"):
        assert found.get(name, {}) | latest.get(name, {}) == found.get(name, {})
        assert found.get(name) != {}
    for name in ("type", "moreInfo", "interactionType", "correctResponsesPattern"):
        assert name not in latest or found[name] == latest[name]
    for name in ("choices", "source", "target"):
        assert name not in latest or [each["id"] for each in found[name]] == [each["id"] for each in latest[name]]


def test_what_the_oldest_tells_only_fills_gaps() -> None:
    layers = with_definition(merged(FULL), OLDEST, {"name": {"en": "x", "fr": "Jeu"}, "type": "a:1"})

    assert definition_of(layers) == {**FULL, "name": {**FULL["name"], "fr": "Jeu"}}


def test_who_told_it_when_makes_no_difference_to_what_is_told() -> None:
    assert told(with_definition((), stamp(0), FULL)) == told(with_definition((), stamp(9, "b"), FULL))
    assert told(merged({"extensions": {EXTENSION: 1}})) != told(merged({"extensions": {EXTENSION: True}}))


def test_of_too_much_the_latest_is_kept() -> None:
    parts = [{"extensions": {f"http://example.org/{number}": "x" * (MOST_BYTES // 3)}} for number in range(5)]
    latest = {"name": {"en": "Quiz"}}

    kept = definition_of(load(dump(merged(*parts, latest))))

    assert len(dump(merged(*parts, latest))) <= MOST_BYTES * 1.1
    assert kept["name"] == latest["name"]
    assert set(kept["extensions"]) == {"http://example.org/4", "http://example.org/3"}


@pytest.mark.clause("Communication 2.4")
def test_a_person_has_every_name_the_latest_first_and_its_identifier() -> None:
    assert person(BEN, named("Ben", "Benjamin", "Ben")) == {
        "objectType": "Person",
        "name": ["Ben", "Benjamin"],
        "account": [BEN["account"]],
    }
    for agent in ({"mbox_sha1sum": "c" * 40}, {"openid": "https://dee.example.org"}, ANN):
        ((identifier, value),) = agent.items()
        assert person(agent, ()) == {"objectType": "Person", identifier: [value]}


@pytest.mark.clause("Communication 2.4")
def test_an_agent_never_seen_is_a_person_all_the_same() -> None:
    assert person({"objectType": "Agent", "name": "Ann", **ANN}, ()) == {
        "objectType": "Person",
        "name": ["Ann"],
        "mbox": [ANN["mbox"]],
    }
    assert person({"name": "Somebody", **ANN}, named("Ann"))["name"] == ["Ann"]


def test_a_person_has_no_more_than_so_many_names_the_latest() -> None:
    layers = named(*(f"name {number}" for number in range(MOST_NAMES + 20)), "name 50")

    others = [f"name {number}" for number in range(MOST_NAMES + 19, 19, -1) if number != 50]
    assert names_of(layers) == ["name 50", *others]
    assert len(names_of(layers)) == MOST_NAMES
    assert load(dump(layers)) == layers


def completed(statement: Json, version: Version) -> Json:
    return complete(statement, id="a", stored=format_timestamp(NOON), authority=ANN, version=version)


@pytest.mark.parametrize("version", Version)
def test_every_activity_and_agent_that_is_told_of_is_indexed_too(version: Version) -> None:
    @given(statements(version))
    def check(sent: Json) -> None:
        statement = completed(sent, version)
        keys = set(columns(statement).keys)

        assert {f"O:{each['id']}" for each in activities(statement)} == {key for key in keys if key.startswith("O:")}
        assert {f"A:{actor_key(each)}" for each in agents(statement)} <= keys
        assert {key for key, _ in definitions_told(statement)} <= {each["id"] for each in activities(statement)}
        assert {key for key, _ in names_told(statement)} <= {actor_key(each) for each in agents(statement)}

    check()


def test_agents_are_found_everywhere_but_groups_only_as_their_members() -> None:
    def agent(name: str) -> Json:
        return {"name": name, "mbox": f"mailto:{name}@example.org"}

    def group(*members: str) -> Json:
        return {"objectType": "Group", **agent("group"), "member": [agent(each) for each in members]}

    verb = {"id": "http://example.org/did"}
    inner = {
        "objectType": "SubStatement",
        "actor": agent("g"),
        "verb": verb,
        "object": {"objectType": "Agent", **agent("h")},
    }
    context = {
        "instructor": agent("c"),
        "team": group("d"),
        "contextAgents": [{"objectType": "contextAgent", "agent": agent("e")}],
        "contextGroups": [{"objectType": "contextGroup", "group": group("f")}],
    }
    statement = {"actor": group("a", "b"), "verb": verb, "object": inner, "context": context}

    assert sorted(name for _, name in names_told(statement)) == list("abcdefgh")
