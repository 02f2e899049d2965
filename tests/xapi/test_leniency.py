import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrs.errors import InvalidStatement
from lrs.xapi import Json
from lrs.xapi.leniency import HINT, LENIENCIES, Leniency, tolerated, tolerated_actor, tolerated_agent_text
from lrs.xapi.statements import validate, validate_batch
from lrs.xapi.versions import Version
from tests.xapi.mutations import MALFORMED, mutations
from tests.xapi.strategies import JSON, statements
from tests.xapi.validation.samples import ADA, ATTACHMENT, CHOICE, CONTEXT, CONTEXT_AGENT, CREW, FULL, SUB, simple

OLD: Json = {"name": ["Ada"], "mbox": ["mailto:ada@example.org"]}
NEW: Json = {"name": "Ada", "mbox": "mailto:ada@example.org"}
PATIENT = settings(deadline=None, max_examples=50, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("version", list(Version))
@pytest.mark.parametrize("leniency", LENIENCIES, ids=lambda leniency: leniency.name)
def test_what_a_leniency_promises_is_refused_before_and_valid_after(leniency: Leniency, version: Version) -> None:
    sent, stored = simple(**leniency.before), simple(**leniency.after)

    assert tolerated(sent) == stored
    assert validate_batch(sent, version, lenient=True) == [stored]
    with pytest.raises(InvalidStatement) as caught:
        validate_batch(sent, version)
    assert caught.value.accepted.endswith(HINT)
    assert caught.value.why.endswith(")")


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        (OLD, NEW),
        ({"mbox": ["mailto:a@example.org", "mailto:b@example.org"]}, {"mbox": "mailto:a@example.org"}),
        ({"name": [], **ADA}, {"name": "Ada", **ADA}),
        ({"mbox": ["ada@example.org"]}, {"mbox": "mailto:ada@example.org"}),
        ({"mbox_sha1sum": ["0" * 40]}, {"mbox_sha1sum": "0" * 40}),
        ({"openid": ["https://id.example.org/ada"], "name": []}, {"openid": "https://id.example.org/ada"}),
        (
            {"account": {"accountName": "4711", "accountServiceHomePage": "https://a.example.org"}},
            {"account": {"name": "4711", "homePage": "https://a.example.org"}},
        ),
        (
            {"account": [{"homePage": "https://a.example.org", "name": "1"}]},
            {"account": {"homePage": "https://a.example.org", "name": "1"}},
        ),
        ({"objectType": "Person", "firstName": ["A"], "lastName": ["B"], **OLD}, {"objectType": "Agent", **NEW}),
        ({"objectType": "Group", "member": [OLD, ADA]}, {"objectType": "Group", "member": [NEW, ADA]}),
    ],
)
def test_actors_of_0_9_become_actors_wherever_they_stand(sent: Json, stored: Json) -> None:
    assert tolerated_actor(sent) == stored
    assert json.loads(tolerated_agent_text(json.dumps(sent))) == stored
    before, after = (
        simple(
            actor=actor,
            authority=actor,
            object={**SUB, "actor": actor, "object": {"objectType": "Agent", **actor}},
            context={"instructor": actor, "team": actor, "contextAgents": [{**CONTEXT_AGENT, "agent": actor}]},
        )
        for actor in (sent, stored)
    )
    assert tolerated([simple(), before]) == [simple(), after]


@pytest.mark.parametrize(
    "actor",
    [
        ADA,
        CREW,
        {"mbox": "ada"},
        {"mbox": "ada@"},
        {"mbox": "Ada Lovelace <ada@example.org>"},
        {"mbox": "a@example.org, b@example.org"},
        {"mbox": "smtp:ada@example.org"},
        {"mbox": {"mailto": "ada@example.org"}},
        {"account": {"accountName": "4711", "homePage": "https://a.example.org"}},
        {"objectType": "person", "mbox": "mailto:ada@example.org"},
        {"objectType": "Group", "member": {"mbox": ["mailto:ada@example.org"]}},
        None,
        "Ada",
        ["mailto:ada@example.org"],
    ],
)
def test_what_is_standard_or_has_no_one_meaning_is_left_as_it_is(actor: Any) -> None:
    assert tolerated_actor(actor) is actor
    assert tolerated_agent_text(text := json.dumps(actor)) is text


def test_several_identifiers_are_still_refused() -> None:
    both = {"mbox": ["mailto:ada@example.org"], "openid": ["https://id.example.org/ada"]}

    with pytest.raises(InvalidStatement) as caught:
        validate_batch(simple(actor=both), Version.V1, lenient=True)

    assert "exactly one identifier" in caught.value.why


def test_an_agent_parameter_that_is_no_json_is_left_as_it_is() -> None:
    assert tolerated_agent_text("ada@example.org") == "ada@example.org"


@pytest.mark.parametrize("key", ["choices", "scale", "source", "target", "steps"])
@pytest.mark.parametrize(
    ("kind", "own"),
    [
        ("choice", "choices"),
        ("sequencing", "choices"),
        ("likert", "scale"),
        ("performance", "steps"),
        ("matching", None),
    ],
)
def test_one_list_of_components_gets_the_name_of_the_interaction_type(kind: str, own: str | None, key: str) -> None:
    sent = {"id": "urn:q", "definition": {"type": "urn:t", "interactionType": kind, key: [{"id": "a"}]}}

    (stored,) = validate_batch(simple(object=sent), Version.V1, lenient=True)

    rest = {"type": "urn:t", "interactionType": kind}
    if own is not None:
        assert stored["object"]["definition"] == {**rest, own: [{"id": "a"}]}
    else:
        assert stored["object"]["definition"] == {
            **rest,
            **({key: [{"id": "a"}]} if key in ("source", "target") else {}),
        }


def test_a_list_of_another_interaction_beside_the_right_one_is_left_out() -> None:
    both = {"interactionType": "likert", "scale": [{"id": "a"}], "choices": [{"id": "b"}]}
    context = {"contextActivities": {"parent": {"id": "urn:q", "definition": both}, "other": [CHOICE]}}

    (stored,) = validate_batch(simple(context=context), Version.V1, lenient=True)

    assert stored["context"]["contextActivities"]["parent"]["definition"] == {
        "interactionType": "likert",
        "scale": [{"id": "a"}],
    }
    assert stored["context"]["contextActivities"]["other"][0] is CHOICE


def test_empty_arrays_become_maps_at_every_place_of_a_map() -> None:
    empty: Json = {"name": [], "description": [], "extensions": []}
    sent = simple(
        verb={"id": "urn:did", "display": []},
        object={**SUB, "result": {"extensions": []}, "object": {"id": "urn:a", "definition": empty}},
        context={"extensions": [], "contextActivities": {"other": [{"id": "urn:a", "definition": empty}]}},
        attachments=[{**ATTACHMENT, "display": [], "description": []}],
    )

    (stored,) = validate_batch(sent, Version.V1, lenient=True)

    assert json.dumps(stored) == json.dumps(sent).replace("[]", "{}")


@pytest.mark.parametrize("definition", [{"interactionType": "choice", "choices": [{"id": "a"}]}])
def test_an_interaction_without_the_activity_type_needs_no_leniency(definition: Json) -> None:
    assert validate(simple(object={"id": "urn:q", "definition": definition}), Version.V1)


def test_nothing_of_the_input_is_changed() -> None:
    sent = [simple(actor=OLD), {**FULL, "context": {**CONTEXT, "instructor": OLD, "extensions": []}}]
    before = deepcopy(sent)

    after = tolerated(sent)

    assert sent == before
    assert after != before
    assert after[1]["object"] is sent[1]["object"]


@PATIENT
@given(data=st.data())
@pytest.mark.parametrize("version", list(Version))
def test_a_standard_statement_comes_back_as_the_same_object(data: st.DataObject, version: Version) -> None:
    statement = data.draw(statements(version))
    batch = [statement, statement]

    assert tolerated(statement) is statement
    assert tolerated(batch) is batch


@pytest.mark.parametrize("sent", [simple(actor=OLD, object=CHOICE), {**FULL, "object": SUB}], ids=["0.9", "full"])
def test_of_any_broken_statement_the_same_comes_of_tolerating_twice(sent: Json) -> None:
    for broken in mutations(sent):
        once = tolerated(broken)
        assert tolerated(once) is once


@PATIENT
@given(value=JSON)
def test_any_json_is_taken(value: Any) -> None:
    assert tolerated(tolerated(value)) == tolerated(value)


def test_the_hint_is_given_only_where_leniency_would_help() -> None:
    for body, helps in (
        (simple(actor=OLD), True),
        ([simple(), simple(actor=OLD)], True),
        (simple(actor=OLD, verb={"id": MALFORMED["iri"][0]}), True),
        (simple(actor={"mbox": ["nobody"]}), False),
        (simple(verb={"id": "did"}, result={"extensions": []}), False),
        (simple(verb={"id": "did"}), False),
        ([], None),
    ):
        if helps is None:
            assert validate_batch(body, Version.V1) == []
            continue
        with pytest.raises(InvalidStatement) as caught:
            validate_batch(body, Version.V1)
        assert caught.value.accepted.endswith(HINT) is helps, body
