import pytest

from lrs.xapi import Json
from lrs.xapi.statements import validate
from lrs.xapi.versions import Version
from tests.xapi.validation.samples import CHOICE, GONE, changed, refusal, simple

COMPONENTS = [{"id": "a", "description": {"sr-Latn-RS": "A"}}, {"id": "b"}]


@pytest.mark.clause("Data 2.4.4.1")
@pytest.mark.parametrize(
    "definition",
    [
        {},
        {"name": {}, "extensions": {}},
        {"interactionType": "true-false", "correctResponsesPattern": ["true"]},
        {"interactionType": "choice", "choices": COMPONENTS},
        {"interactionType": "sequencing", "choices": COMPONENTS},
        {"interactionType": "likert", "scale": COMPONENTS},
        {"interactionType": "matching", "source": COMPONENTS, "target": COMPONENTS},
        {"interactionType": "performance", "steps": COMPONENTS},
        {"interactionType": "fill-in", "correctResponsesPattern": []},
        {"interactionType": "long-fill-in"},
        {"interactionType": "numeric", "correctResponsesPattern": ["[:]4"]},
        {"interactionType": "other"},
        {"interactionType": "choice", "choices": []},
        {"extensions": {"https://example.org/any": [None, {"a": None}]}},
    ],
)
def test_every_kind_of_definition_is_taken(definition: Json) -> None:
    statement = simple(object={"id": "https://example.org/a", "definition": definition})

    assert validate(statement, Version.V1) is statement


BROKEN = [
    ("id", GONE, "id"),
    ("id", "ABC101", "id"),
    ("id", "", "id"),
    ("id", 5, "id"),
    ("definition", "words", "definition"),
    ("definition", None, "definition"),
    ("definition.name", "Question", "definition.name"),
    ("definition.name", {"a12345678": "Question"}, "definition.name.a12345678"),
    ("definition.name", {"en_US": "Question"}, "definition.name.en_US"),
    ("definition.name", {"en": None}, "definition.name.en"),
    ("definition.name", {"": "Question"}, 'definition.name[""]'),
    ("definition.description", {"en": 1}, "definition.description.en"),
    ("definition.type", "quiz", "definition.type"),
    ("definition.moreInfo", "about.html", "definition.moreInfo"),
    ("definition.moreinfo", "https://example.org", "definition.moreinfo"),
    ("definition.interactionType", "choiCe", "definition.interactionType"),
    ("definition.interactionType", {"key": "choice"}, "definition.interactionType"),
    ("definition.interactionType", GONE, "definition.interactionType"),
    ("definition.interactionType", "likert", "definition.choices"),
    ("definition.interactionType", "true-false", "definition.choices"),
    ("definition.steps", [], "definition.steps"),
    ("definition.correctResponsesPattern", "a", "definition.correctResponsesPattern"),
    ("definition.correctResponsesPattern", ["a", 1], "definition.correctResponsesPattern[1]"),
    ("definition.choices", {"id": "a"}, "definition.choices"),
    ("definition.choices.1", "b", "definition.choices[1]"),
    ("definition.choices.1.id", "a", "definition.choices[1].id"),
    ("definition.choices.1.id", 2, "definition.choices[1].id"),
    ("definition.choices.1.id", GONE, "definition.choices[1].id"),
    ("definition.choices.1.name", "B", "definition.choices[1].name"),
    ("definition.choices.0.description", "A", "definition.choices[0].description"),
    ("definition.extensions", [], "definition.extensions"),
    ("definition.extensions", {"seat": 1}, "definition.extensions.seat"),
    ("definition.extensions", {"a b": 1}, 'definition.extensions["a b"]'),
    ("name", "Question", "name"),
]


@pytest.mark.clause("Data 2.4.4.1")
@pytest.mark.parametrize(("path", "value", "where"), BROKEN)
def test_a_broken_activity_is_refused_at_the_exact_place(path: str, value: object, where: str) -> None:
    broken = changed(CHOICE, path, value)

    assert refusal(simple(object=broken)).where == f"statement.object.{where}"
    in_context = simple(context={"contextActivities": {"other": [{"id": "https://example.org/a"}, broken]}})
    assert refusal(in_context).where == f"statement.context.contextActivities.other[1].{where}"


@pytest.mark.clause("Data 2.4.4.1")
@pytest.mark.parametrize("field", ["choices", "scale", "source", "target", "steps", "correctResponsesPattern"])
def test_an_interaction_property_needs_the_interaction_type(field: str) -> None:
    error = refusal(simple(object={"id": "https://example.org/a", "definition": {field: []}}))

    assert error.where == "statement.object.definition.interactionType"
    assert field in error.why
