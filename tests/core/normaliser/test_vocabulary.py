"""What IRIs mean: the equivalences of public profiles, and those an admin adds."""

from collections.abc import Iterator

import orjson
import pytest

from lrs.core.normaliser.rules import load_rules
from lrs.errors import BadRequest
from lrs.xapi import Json
from tests.core.normaliser.samples import ADL, AS, BEN, DISCUSSION, REAL, TINCAN, act_of, activity, acts_of, statement

QUESTION = "/question"
"""Two types the profiles call the same and senders don't: Open edX's problems are of ADL's, people ask in the other."""


def exact_matches() -> Iterator[tuple[str, str, str]]:
    """The links between verbs and between activity types in the profiles, where these are."""
    for file in sorted((REAL / "vocab").glob("*.jsonld")):
        for concept in orjson.loads(file.read_bytes()).get("concepts", ()):
            for other in concept.get("exactMatch", ()):
                if concept["type"] in ("Verb", "ActivityType"):
                    yield concept["type"], concept["id"], other


@pytest.mark.skipif(not REAL.is_dir(), reason="the public profiles are not here")
def test_what_the_profiles_call_the_same_is_the_same() -> None:
    words, told = load_rules().vocabulary, list(exact_matches())
    assert len(told) >= 40
    same = {"Verb": words.verb, "ActivityType": words.activity_type}
    apart = [(one, other) for kind, one, other in told if same[kind](one) != same[kind](other)]
    assert {one.endswith(QUESTION) and other.endswith(QUESTION) for one, other in apart} == {True}


@pytest.mark.parametrize("spelling", ["", "schema/1.0/", "schema/"])
@pytest.mark.parametrize("verb", ["like", "share", "create", "join"])
def test_every_spelling_of_activity_streams_gives_the_same_act(spelling: str, verb: str) -> None:
    post = activity("posts/1", AS + "note")
    again = statement(f"http://www.w3.org/ns/activitystreams#{ {'share': 'Announce'}.get(verb, verb.title()) }", post)
    assert acts_of(statement(AS + spelling + verb, post)) == acts_of(again)


def test_an_admin_may_name_any_iri_of_a_meaning() -> None:
    rules = load_rules(
        {
            "verb_aliases": {
                "https://example.org/hailed": "acrossx:liked",
                "https://example.org/cheered": "https://example.org/hailed",
            },
            "type_aliases": {"https://example.org/topic": "acrossx-type:online-discussion"},
        }
    )
    act = act_of(statement("https://example.org/cheered", activity("t/1", "https://example.org/topic")), rules)
    assert (act.kind, act.polarity, act.object_type) == ("react", 1, DISCUSSION)


def test_an_alias_of_a_shipped_verb_takes_its_place() -> None:
    rules = load_rules({"verb_aliases": {"adl:experienced": "dod:applied"}})
    told = statement(ADL + "experienced", activity("a/1", AS + "article"))
    assert (act_of(told).kind, act_of(told, rules).kind) == ("view", "adopt")


def test_aliases_that_lead_back_to_themselves_are_refused() -> None:
    around = {"https://example.org/a": "https://example.org/b", "https://example.org/b": "https://example.org/a"}
    with pytest.raises(BadRequest) as refused:
        load_rules({"verb_aliases": around})
    assert refused.value.where == "verb_aliases.https://example.org/a"


def test_an_admins_types_join_the_sets() -> None:
    topic, room = "https://example.org/types/topic", "https://example.org/types/room"
    rules = load_rules({"types": {"threads": [topic], "courses": [room]}})
    act = act_of(statement(AS + "create", activity("t/1", topic), parent=[activity("rooms/1", room)]), rules)
    assert (act.is_thread, act.course_id, act.parent_id) == (True, "https://example.org/rooms/1", None)


def test_an_admins_rewriting_makes_one_thing_of_two_ids() -> None:
    rules = load_rules({"item_keys": [{"pattern": r"^(https://forum\.example\.org/t/\d+)/.*$", "replacement": r"\1"}]})
    act = act_of(statement(TINCAN + "viewed", activity("https://forum.example.org/t/7/a-title", DISCUSSION)), rules)
    assert act.object_id == "https://forum.example.org/t/7"


@pytest.mark.parametrize(
    ("value", "targets"),
    [
        ("https://perls.example.org/user/12", ["account:https://perls.example.org 12"]),
        (
            ["https://perls.example.org/user/12", "https://perls.example.org/user/13"],
            ["account:https://perls.example.org 12", "account:https://perls.example.org 13"],
        ),
        (BEN, ["mbox:mailto:ben@example.org"]),
        ("everyone", [None]),
        ("https://perls.example.org/user/" + "1" * 1000, [None]),
    ],
)
def test_recipients_may_be_named_by_the_address_of_their_profile(value: Json, targets: list[str | None]) -> None:
    """PERLS does so in its push notices and recommendations."""
    named = {"extensions": {"http://id.tincanapi.com/extension/target": value}}
    for verb in (AS + "send", "https://w3id.org/xapi/dod-isd/verbs/recommended"):
        acts = acts_of(statement(verb, activity("cards/1", AS + "article", **named)))
        assert [act.target for act in acts] == targets
        assert {act.aims for act in acts} == {True}


def test_an_admin_tells_how_profiles_are_called() -> None:
    intra, reader = "https://intra.example.org", "https://example.org/reader"
    profile = {"pattern": "(https://intra[.]example[.]org)/~([a-z]+)", "home_page": r"\1", "name": r"\2"}
    path = {"place": "result", "extension": reader}
    rules = load_rules({"profiles": [profile], "person_paths": {"reader": path}})
    told = statement(AS + "share", activity("a/1"), result={"extensions": {reader: f"{intra}/~ben"}})
    assert act_of(told, rules).target == "account:https://intra.example.org ben"
    assert act_of(told).target is None
