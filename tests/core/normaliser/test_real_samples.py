"""What real senders' samples become, as `real_samples.md` beside this test says; skipped where they are not."""

from pathlib import Path

import orjson
import pytest

from lrs.core.normaliser.acts import Act
from lrs.core.normaliser.interpret import interpret
from lrs.core.normaliser.rules import load_rules
from lrs.xapi import Json
from tests.core.normaliser.samples import ANNA, AS, REAL, activity, statement

TIMES = {"timestamp": "2026-03-02T10:00:00Z", "stored": "2026-03-02T10:00:01Z"}
SITES = ("http://www.example.org", "http://localhost:18000")
PLACEHOLDERS = {
    "**USERNAME**": "5",
    "**HOMEPAGE**": "http://www.example.org",
    "**DOMAIN**": "www.example.org",
    "**TIMESTAMP**": TIMES["timestamp"],
    "**OBJECT_ID**": "http://www.example.org/mod/forum/discuss.php?d=1",
    "**PARENT_ID**": "http://www.example.org/mod/forum/view.php?id=1",
}
FOOTBALL = "https://example.com/xapi/american-footbal/activity-types/"
SETTINGS = {
    "context_roles": {
        f"{FOOTBALL}personnel/player": "addressee",
        f"{FOOTBALL}team/a": "addressee",
        f"{FOOTBALL}team/b": "addressee",
    }
}

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the samples of real senders are not here")


def read_table() -> dict[str, list[tuple[str, ...]]]:
    """File -> its rows (kind, rule, actor, target or whose author that is, object, parent, course), none for no act."""
    table: dict[str, list[tuple[str, ...]]] = {}
    folder = ""
    for line in Path(__file__).with_name("real_samples.md").read_text().splitlines():
        if line.startswith("## "):
            folder = line.removeprefix("## ")
        if line.startswith("| `"):
            name, *cells = [cell.strip() for cell in line.strip("|").split("|")]
            rows = table.setdefault(f"{folder}/{name.strip('`')}", [])
            rows.extend([tuple(cells)] if not cells[0].startswith("nothing") else [])
    return table


TABLE = read_table()


def sent(file: Path) -> list[Json]:
    """The statements of a sample: placeholders filled in, and a context put into a statement that shares something."""
    text = file.read_text()
    for placeholder, value in PLACEHOLDERS.items():
        text = text.replace(placeholder, value)
    read = orjson.loads(text)
    if file.parent.name == "xapi-2.0-context":
        return [statement(AS + "share", activity("plays/1", AS + "video"), actor=ANNA, **read)]
    return read if isinstance(read, list) else [read]


def acts_in(file: Path) -> list[Act]:
    """The acts of a sample, whose sender leaves id and times to the transport; every verb must be known."""
    acts: list[Act] = []
    for number, told in enumerate(sent(file)):
        made = interpret({**told, "id": f"00000000-0000-4000-8000-{number:012}", **TIMES}, load_rules(SETTINGS))
        assert made.unmapped_verb is None
        acts.extend(made.acts)
    return acts


def short(key: str | None) -> str:
    """A key as the table writes it: without the site, a person by account name or address only."""
    if key is None:
        return ""
    for site in SITES:
        key = key.replace(f"account:{site} ", "").replace(site, "")
    return key.removeprefix("mbox:mailto:")


def row(act: Act) -> tuple[str, ...]:
    keys = (act.actor, act.target or act.target_ref, act.object_id, act.parent_id, act.course_id)
    return (act.kind, act.rule_id, *map(short, keys))


@pytest.mark.parametrize("name", TABLE)
def test_a_real_sample_becomes_its_acts(name: str) -> None:
    assert [row(act) for act in acts_in(REAL / name)] == TABLE[name]


def test_every_sample_is_in_the_table() -> None:
    """Tracking and event files show what a sender knew, the vocabulary which words are the same."""
    files = {file.relative_to(REAL).as_posix() for file in REAL.rglob("*.json")}
    told = {name for name in files if not name.endswith(".event.json") and "/tracking/" not in name}
    assert told == set(TABLE)


def test_the_counts_of_a_day_are_aggregates_of_nobodys_things_toward_nobody() -> None:
    acts = acts_in(REAL / "jisc/microsoft-aggregated-activity.json")
    assert sum(act.value["count"] for act in acts if act.kind == "message") == 16 + 22
    assert {(act.aggregate, act.aims, act.creates, act.target) for act in acts} == {(True, False, False, None)}
    assert len({act.object_id for act in acts}) == len(acts)


def test_a_persons_role_in_the_context_is_the_preset_that_decided() -> None:
    (act,) = acts_in(REAL / "xapi-2.0-context/context_agents.json")
    assert (act.source, act.target_via) == ("xapi-2.0", "context_agent")
    first, *_ = acts_in(REAL / "xapi-2.0-context/context_groups.json")
    assert first.teams == (
        ("mbox:mailto:team-1@example.com", ("mbox:mailto:player-1@example.com", "mbox:mailto:player-2@example.com")),
        ("mbox:mailto:team-2@example.com", ("mbox:mailto:player-3@example.com",)),
    )
