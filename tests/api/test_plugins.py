"""Plugins over the API: what anyone with `analytics/read` may see, and what only an administrator may do."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest

from lrs import clock
from lrs.core.normaliser.rules import load_rules
from lrs.core.packed import FORM
from lrs.core.runner import reader_name
from lrs.store.plugin_settings import Chosen
from lrs.store.positions import NORMALISER, REBUILD
from lrs.store.stores import Stores
from lrs.xapi import Json
from plugins.discussion import plugin as discussion
from tests.api.conftest import Admit
from tests.api.samples import refused, statement
from tests.living import Living

PLUGINS, AUDIT = "/api/v1/plugins", "/api/v1/audit"
DISCUSSION = f"{PLUGINS}/discussion"
DEFAULTS = dict(discussion.defaults)

READ = [PLUGINS, DISCUSSION, f"{DISCUSSION}/status"]
ADMINISTERED = [
    ("PUT", f"{DISCUSSION}/config"),
    *[("POST", f"{DISCUSSION}/{what}") for what in ("enable", "disable", "rebuild", "retry")],
    ("GET", f"{DISCUSSION}/failures"),
    ("GET", AUDIT),
]


async def get(lrs: Living, path: str, **parameters: Any) -> Json:
    answer = await lrs.http.get(path, params=parameters or None)
    assert answer.status_code == 200, answer.text
    told: Json = answer.json()
    return told


async def configure(lrs: Living, name: str = "discussion", **config: Any) -> Json:
    answer = await lrs.http.put(f"{PLUGINS}/{name}/config", json=config)
    assert answer.status_code == 200, answer.text
    told: Json = answer.json()
    return told


async def post(lrs: Living, path: str, status: int = 200) -> Json:
    answer = await lrs.http.post(path)
    assert answer.status_code == status, answer.text
    told: Json = answer.json()
    return told


@pytest.mark.parametrize(("method", "path"), [*(("GET", path) for path in READ), *ADMINISTERED])
async def test_who_is_not_known_is_told_nothing(lrs: Living, method: str, path: str) -> None:
    refused(await lrs.http.request(method, path, auth=httpx.BasicAuth("nobody", "x")), 401)


@pytest.mark.parametrize("path", READ)
async def test_analysts_and_administrators_may_look(admit: Admit, path: str) -> None:
    for scope in ("analytics/read", "analytics/identify", "admin"):
        assert (await (await admit(scope)).http.get(path)).status_code == 200
    refused(await (await admit("all")).http.get(path), 403)


@pytest.mark.parametrize(("method", "path"), ADMINISTERED)
async def test_only_administrators_may_change_and_see_who_did(admit: Admit, method: str, path: str) -> None:
    guest = await admit("all", "analytics/identify")

    refused(await guest.http.request(method, path, json={}), 403)


async def test_another_store_sees_nothing_of_what_is_chosen_here(lrs: Living, other: Living) -> None:
    await configure(lrs, grace_hours=1)
    await post(lrs, f"{DISCUSSION}/disable")
    await post(lrs, f"{DISCUSSION}/rebuild", 202)

    shown = await get(other, DISCUSSION)
    assert (shown["config"]["grace_hours"], shown["changed"], shown["enabled"]) == (72, {}, True)
    assert (await get(other, f"{DISCUSSION}/status"))["rebuilding"] is None
    assert (await get(other, AUDIT))["audit"] == []


async def test_installed_plugins_and_the_normaliser_are_listed_by_name(lrs: Living) -> None:
    listed = {each["name"]: each for each in (await get(lrs, PLUGINS))["plugins"]}

    assert list(listed) == sorted(listed)
    assert {"discussion", "interactions"} <= listed.keys()
    shown = listed["discussion"]
    assert (shown["installed"], shown["enabled"]) == (True, True)
    assert shown["package"].startswith("social-lrs ")
    assert "discussion.posts" in shown["metrics"]
    assert shown["kinds"] == sorted(discussion.kinds)
    assert listed["interactions"]["metrics"] == []


async def test_a_plugin_that_left_a_view_is_listed_as_absent_and_can_only_be_looked_at(lrs: Living) -> None:
    await lrs.store.views.create("once_there", 3)
    await lrs.store.positions.ask(reader_name("once_there"), {"seq": 7, "generation": 3})

    listed = {each["name"]: each for each in (await get(lrs, PLUGINS))["plugins"]}
    assert (listed["once_there"]["installed"], listed["once_there"]["version"]) == (False, None)
    status = await get(lrs, f"{PLUGINS}/once_there/status")
    assert (status["installed"], status["position"], status["stale"]) == (False, 7, True)
    for method, path in [(method, path.replace("discussion", "once_there")) for method, path in ADMINISTERED[:-2]]:
        told = refused(await lrs.http.request(method, path, json={}), 409)
        assert told["where"] == "plugins/once_there"
        assert "installed" in told["what"]


@pytest.mark.parametrize("path", ["", "/status", "/failures"])
async def test_a_plugin_nobody_knows_is_not_found_and_the_known_are_named(lrs: Living, path: str) -> None:
    told = refused(await lrs.http.get(f"{PLUGINS}/nonesuch{path}"), 404)

    assert "'nonesuch'" in told["why"]
    assert "discussion" in told["accepted"]


async def test_a_plugin_is_shown_with_its_schema_and_what_is_in_force(lrs: Living) -> None:
    shown = await get(lrs, DISCUSSION)

    assert shown["config"] == DEFAULTS
    assert shown["changed"] == {}
    assert shown["config_schema"]["properties"].keys() == shown["config"].keys()
    posts = next(each for each in shown["metrics"] if each["id"] == "discussion.posts")
    assert posts["unit"] == "n"
    assert posts["definition"]


async def test_only_what_differs_is_sent_and_the_answer_tells_what_is_in_force(lrs: Living) -> None:
    told = await configure(lrs, grace_hours=24)

    assert told == {
        "config": {**DEFAULTS, "grace_hours": 24},
        "changed": {"grace_hours": 24},
        "rebuild": False,
    }
    shown = await get(lrs, DISCUSSION)
    assert (shown["config"], shown["changed"]) == (told["config"], told["changed"])


async def test_what_is_left_out_or_sent_as_it_is_by_default_goes_back_to_the_default(lrs: Living) -> None:
    await configure(lrs, grace_hours=24, questions_only=False)

    assert (await configure(lrs, grace_hours=72))["changed"] == {}


async def test_a_setting_that_only_an_earlier_version_knew_is_left_out(lrs: Living) -> None:
    await lrs.store.plugin_settings.put("discussion", Chosen({"grace_hours": 24, "patience": 3}))

    shown = await get(lrs, DISCUSSION)
    assert (shown["config"], shown["changed"]) == ({**DEFAULTS, "grace_hours": 24}, {"grace_hours": 24})

    await configure(lrs, questions_only=False, **shown["changed"])
    kept = await lrs.store.plugin_settings.get("discussion")
    assert kept.config == {"grace_hours": 24, "questions_only": False}


async def test_every_place_that_is_wrong_is_told_with_its_reason_and_what_is_accepted(lrs: Living) -> None:
    sent = {"grace_hours": -1, "questions_only": "no", "grace hours": 3}

    told = refused(await lrs.http.put(f"{DISCUSSION}/config", json=sent), 400)

    assert told["errors"] == [
        {"where": '["grace hours"]', "why": "it has no meaning here", "accepted": ", ".join(DEFAULTS)},
        {"where": "grace_hours", "why": "it is -1", "accepted": "a number, at least 0, at most 87600"},
        {"where": "questions_only", "why": 'it is "no"', "accepted": "true or false"},
    ]
    assert {name: told[name] for name in ("where", "why", "accepted")} == told["errors"][0]
    assert (await get(lrs, DISCUSSION))["changed"] == {}


async def test_hours_that_no_calendar_has_are_refused(lrs: Living) -> None:
    told = refused(await lrs.http.put(f"{DISCUSSION}/config", json={"grace_hours": 1e12}), 400)

    assert (told["where"], told["accepted"]) == ("grace_hours", "a number, at least 0, at most 87600")


@pytest.mark.parametrize(
    ("name", "large"),
    [
        ("discussion", {"instructor_roles": ["x" * 1_000_000]}),
        ("interactions", {"verb_aliases": {f"http://a.example/{n}": "http://b.example/b" for n in range(25_000)}}),
    ],
)
async def test_a_configuration_that_could_not_be_kept_is_refused(lrs: Living, name: str, large: Json) -> None:
    told = refused(await lrs.http.put(f"{PLUGINS}/{name}/config", json=large), 413)

    assert told["where"] == "body"
    assert "bytes as JSON" in told["why"]
    assert told["accepted"] == "up to 1000000 bytes"


@pytest.mark.parametrize(
    ("content", "status"), [(b"[]", 400), (b"{", 400), (b'{"grace_hours": 1e400}', 400), (b"{" + b'"a":{' * 900, 400)]
)
async def test_a_body_that_is_no_object_is_refused(lrs: Living, content: bytes, status: int) -> None:
    headers = {"Content-Type": "application/json"}

    assert refused(await lrs.http.put(f"{DISCUSSION}/config", content=content, headers=headers), status)["what"]


async def test_a_configuration_sent_as_a_form_is_refused(lrs: Living) -> None:
    refused(await lrs.http.put(f"{DISCUSSION}/config", data={"grace_hours": "1"}), 415)


async def test_the_normaliser_is_configured_like_a_plugin_and_rebuilt_by_what_it_reads(lrs: Living) -> None:
    roles = {"http://example.org/role.with$signs": "mentor"}

    told = await configure(lrs, "interactions", context_roles=roles)

    assert told["changed"] == {"context_roles": roles}
    assert told["rebuild"] is True
    assert (await lrs.store.positions.get(NORMALISER)).rebuild_asked
    assert (await get(lrs, AUDIT))["audit"][0]["after"] == {"context_roles": roles}
    assert (await configure(lrs, "interactions", context_roles=roles))["rebuild"] is False


async def test_a_role_that_there_is_not_is_named_by_its_iri(lrs: Living) -> None:
    sent = {"context_roles": {"http://example.org/r": "boss"}}

    told = refused(await lrs.http.put(f"{PLUGINS}/interactions/config", json=sent), 400)

    assert told["where"] == 'context_roles["http://example.org/r"]'
    assert '"mentor"' in told["accepted"]


async def test_what_only_the_rules_themselves_can_tell_is_refused_by_its_place_too(lrs: Living) -> None:
    rule = {"id": "own", "kind": "yodel", "match": {"verbs": ["http://example.org/yodelled"]}}

    told = refused(await lrs.http.put(f"{PLUGINS}/interactions/config", json={"rules": [rule]}), 400)

    assert told["where"] == "rules[0].kind"
    assert "share" in told["accepted"]
    assert (await configure(lrs, "interactions", rules=[{**rule, "kind": "share"}]))["rebuild"] is True


async def test_the_normaliser_can_not_be_switched_off(lrs: Living) -> None:
    assert "normaliser" in refused(await lrs.http.post(f"{PLUGINS}/interactions/disable"), 409)["what"]
    await post(lrs, f"{PLUGINS}/interactions/enable")


async def test_a_disabled_plugins_metrics_say_so_until_it_is_enabled(lrs: Living) -> None:
    assert (await post(lrs, f"{DISCUSSION}/disable"))["enabled"] is False

    told = refused(await lrs.http.get("/api/v1/metrics/discussion.posts"), 409)
    assert "disabled" in told["what"]
    status = await get(lrs, f"{DISCUSSION}/status")
    assert (status["enabled"], status["stale"]) == (False, True)

    assert (await post(lrs, f"{DISCUSSION}/enable"))["enabled"] is True
    assert (await lrs.http.get("/api/v1/metrics/discussion.posts")).status_code == 200


async def test_a_disabled_plugin_derives_nothing_until_it_is_enabled(working_lrs: Living) -> None:
    await working_lrs.derived()
    await post(working_lrs, f"{DISCUSSION}/disable")
    thread_type = "http://id.tincanapi.com/activitytype/discussion"
    about = {"id": "https://example.org/t/1", "definition": {"type": thread_type}}

    await working_lrs.post(statement(verb={"id": "http://activitystrea.ms/create"}, object=about))
    await working_lrs.normalised()
    told = await get(working_lrs, f"{DISCUSSION}/status")
    assert (told["position"], told["head"]) == (0, 1)

    await post(working_lrs, f"{DISCUSSION}/enable")
    await working_lrs.derived()
    assert (await get(working_lrs, f"{DISCUSSION}/status"))["position"] == 1


async def test_switching_keeps_the_configuration(lrs: Living) -> None:
    await configure(lrs, grace_hours=24)

    await post(lrs, f"{DISCUSSION}/disable")

    assert (await get(lrs, DISCUSSION))["changed"] == {"grace_hours": 24}


async def test_who_changed_what_is_kept_with_what_was_before(lrs: Living) -> None:
    await configure(lrs, grace_hours=24)
    await configure(lrs, grace_hours=24)  # changes nothing
    await configure(lrs, questions_only=False)
    await post(lrs, f"{DISCUSSION}/disable")
    await post(lrs, f"{DISCUSSION}/rebuild", 202)

    audit = (await get(lrs, AUDIT))["audit"]

    assert [(each["what"], each["before"], each["after"]) for each in audit] == [
        ("plugin.rebuild", {}, {}),
        ("plugin.enabled", {"enabled": True}, {"enabled": False}),
        ("plugin.config", {"grace_hours": 24}, {"questions_only": False}),
        ("plugin.config", {}, {"grace_hours": 24}),
    ]
    assert {(each["who"], each["of"]) for each in audit} == {(lrs.key, "discussion")}


async def test_changes_at_the_same_time_are_one_after_another_in_the_audit(lrs: Living) -> None:
    await asyncio.gather(*(configure(lrs, grace_hours=hours) for hours in range(8)))

    audit = (await get(lrs, AUDIT))["audit"]

    assert sorted(each["after"]["grace_hours"] for each in audit) == list(range(8))
    before = {each["before"].get("grace_hours") for each in audit}
    after = {each["after"]["grace_hours"] for each in audit}
    assert before == {None, *after} - {(await get(lrs, DISCUSSION))["config"]["grace_hours"]}


async def test_the_audit_comes_in_pages_that_miss_nothing(lrs: Living) -> None:
    for hours in range(5):
        await configure(lrs, grace_hours=hours)

    pages, more = [], f"{AUDIT}?limit=2"
    while more:
        page = await get(lrs, more)
        pages.append([each["after"]["grace_hours"] for each in page["audit"]])
        more = page["more"]

    assert pages == [[4, 3], [2, 1], [0]]


async def test_a_rebuild_and_a_retry_are_asked_of_the_worker(lrs: Living) -> None:
    told = await post(lrs, f"{DISCUSSION}/rebuild", 202)

    assert told["rebuilding"] == {"position": 0, "head": 0, "done": 0.0}
    assert (told["name"], told["stale"]) == ("discussion", True)
    assert (await lrs.store.positions.get(reader_name("discussion"))).rebuild_asked
    await post(lrs, f"{DISCUSSION}/retry", 202)
    found = await lrs.store.database["positions"].find_one({"_id": reader_name("discussion")})
    assert found is not None
    assert found["retry_asked"] is True


async def test_the_status_of_a_plugin_that_never_ran_is_unknown(lrs: Living) -> None:
    assert await get(lrs, f"{DISCUSSION}/status") == {
        "name": "discussion",
        "installed": True,
        "enabled": True,
        "position": 0,
        "head": 0,
        "lag_s": None,
        "data_until": None,
        "stale": False,
        "rebuilding": None,
        "failure": None,
        "failed_statements": 0,
    }


async def test_the_status_tells_how_far_a_plugin_is_and_what_stopped_it(lrs: Living) -> None:
    failure = {"seq": 4, "statement": str(uuid4()), "reason": "ValueError: too much"}
    await lrs.store.positions.ask(NORMALISER, {"seq": 8})
    rebuilt = {"generation": 1, "seq": 2, "version": 3}
    await lrs.store.positions.ask(reader_name("discussion"), {"seq": 3, "failure": failure, "rebuilt": rebuilt})

    told = await get(lrs, f"{DISCUSSION}/status")

    assert (told["position"], told["head"], told["stale"]) == (3, 8, True)
    assert told["rebuilding"] == {"position": 2, "head": 8, "done": 0.25}
    assert told["failure"] == {
        "statement": failure["statement"],
        "position": 4,
        "reason": "ValueError: too much",
    }


@pytest.mark.parametrize("made_of", [{"version": 0}, {"source": 0}])
async def test_a_view_made_by_another_version_or_of_old_interactions_is_stale(
    lrs: Living, made_of: dict[str, int]
) -> None:
    await lrs.store.positions.ask(NORMALISER, {"seq": 8, "generation": 1, "version": load_rules().fingerprint})
    present = {"version": discussion.version, "source": 1, "applied": {}, "form": FORM}

    await lrs.store.positions.ask(reader_name("discussion"), present)
    assert (await get(lrs, f"{DISCUSSION}/status"))["stale"] is False
    await lrs.store.positions.ask(reader_name("discussion"), made_of)

    told = await get(lrs, f"{DISCUSSION}/status")
    assert (told["stale"], told["rebuilding"]) == (True, {"position": 0, "head": 8, "done": 0.0})


@pytest.mark.parametrize("anew", [(NORMALISER, {"version": "other rules"}), (REBUILD, {"generation": 2})])
async def test_a_view_of_interactions_that_are_derived_anew_is_stale(lrs: Living, anew: tuple[str, Json]) -> None:
    now = clock.now()
    read = {"seq": 8, "generation": 1, "version": load_rules().fingerprint, "data_until": now}
    await lrs.store.positions.ask(NORMALISER, read)
    applied = {"version": discussion.version, "source": 1, "applied": {}, "form": FORM, "data_until": now}
    await lrs.store.positions.ask(reader_name("discussion"), applied)
    assert (await get(lrs, f"{DISCUSSION}/status"))["stale"] is False

    await lrs.store.positions.ask(*anew)

    assert (await get(lrs, f"{DISCUSSION}/status"))["stale"] is True
    assert (await lrs.metric("discussion.posts"))["stale"] is True
    assert (await get(lrs, f"{PLUGINS}/interactions/status"))["rebuilding"] is not None


async def test_settings_that_can_not_be_used_any_more_are_told_in_the_status(lrs: Living) -> None:
    unusable = Chosen({"rules": [{"id": "own", "kind": "yodel", "match": {"verbs": ["http://example.org/y"]}}]})
    await lrs.store.plugin_settings.put("interactions", unusable)

    told = await get(lrs, f"{PLUGINS}/interactions/status")

    assert told["stale"] is True
    assert told["failure"]["statement"] is None
    assert told["failure"]["reason"].startswith("rules[0].kind: the settings of the interactions can't be used: ")


@pytest.mark.parametrize("begun", [{"rebuild_asked": True}, {"rebuilt": {"generation": 1, "seq": 0, "version": 1}}])
async def test_nobody_rebuilds_what_is_absent_or_disabled(lrs: Living, begun: Json) -> None:
    await lrs.store.views.create("once_there", 0)
    await post(lrs, f"{DISCUSSION}/disable")

    for name in ("once_there", "discussion"):
        await lrs.store.positions.ask(reader_name(name), {"version": 1, **begun})
        told = await get(lrs, f"{PLUGINS}/{name}/status")
        assert (told["rebuilding"], told["stale"]) == (None, True)


async def test_interactions_that_are_derived_anew_tell_how_many_statements_they_have_read(lrs: Living) -> None:
    await lrs.store.positions.ask(NORMALISER, {"seq": 80, "read": 200})
    await lrs.store.positions.ask(REBUILD, {"generation": 1, "seq": 30, "read": 50})

    told = await get(lrs, f"{PLUGINS}/interactions/status")

    assert (told["rebuilding"], told["stale"]) == ({"position": 30, "head": 80, "done": 0.25}, True)


async def failed(lrs: Living, reader: str, number: int, stores: Stores) -> list[str]:
    statements = sorted([uuid4() for _ in range(number)])
    async with stores.client.start_session() as session:
        await lrs.store.failures.record(reader, dict.fromkeys(statements, "KeyError: 'verb'"), session)
    return [str(each) for each in statements]


async def test_failed_statements_come_in_pages_with_their_reasons(lrs: Living, stores: Stores) -> None:
    statements = await failed(lrs, NORMALISER, 5, stores)
    await failed(lrs, "normaliser_of_another", 1, stores)

    pages, more = [], f"{PLUGINS}/interactions/failures?limit=2"
    while more:
        page = await get(lrs, more)
        pages.append([each["statement"] for each in page["failures"]])
        assert {each["reason"] for each in page["failures"]} == {"KeyError: 'verb'"}
        assert all(each["time"] for each in page["failures"])
        more = page["more"]

    assert pages == [statements[:2], statements[2:4], statements[4:]]
    assert (await get(lrs, f"{PLUGINS}/interactions/status"))["failed_statements"] == 5
    assert (await get(lrs, f"{DISCUSSION}/failures"))["failures"] == []


async def test_the_statement_that_stopped_a_plugin_is_among_its_failures(lrs: Living) -> None:
    stopped = {"statement": str(uuid4()), "reason": "ValueError: too much"}
    failure = {**stopped, "seq": 4, "t": datetime(2026, 3, 2, 9, tzinfo=UTC)}
    await lrs.store.positions.ask(reader_name("discussion"), {"failure": failure})

    assert (await get(lrs, f"{DISCUSSION}/failures"))["failures"] == [
        {**stopped, "position": 4, "time": "2026-03-02T09:00:00.000Z"}
    ]


@pytest.mark.parametrize("path", [f"{DISCUSSION}/failures", AUDIT])
@pytest.mark.parametrize("parameters", [{"limit": "0"}, {"limit": "x"}, {"page": "1"}])
async def test_a_parameter_that_means_nothing_is_refused(lrs: Living, path: str, parameters: dict[str, str]) -> None:
    assert refused(await lrs.http.get(path, params=parameters), 400)["where"] == next(iter(parameters))
