"""Whatever the order, the repetitions, the voids and the interruptions: the same ties and the same numbers."""

from typing import Any

from lrs import kit
from plugins.network import plugin
from tests.reference.samples import reply, statement, thread

AS = "http://activitystrea.ms/"


def agent(name: str) -> dict[str, Any]:
    return {"objectType": "Agent", "mbox": f"mailto:{name}@example.org"}


TALK = [thread(1, "ann", 0, "t:A"), reply(2, "ben", 10, "p:B", "t:A"), reply(3, "cleo", 30, "p:C", "p:B")]
ACTS = [
    statement(4, "ann", f"{AS}follow", agent("ben"), 40),
    statement(5, "ben", f"{AS}follow", agent("ann"), 50),
    statement(6, "ben", f"{AS}stop-following", agent("ann"), 60),
    statement(7, "cleo", f"{AS}like", {"id": "p:B"}, 70),
    statement(8, "dan", f"{AS}invite", agent("ann"), 80),
    statement(9, "dan", "http://id.tincanapi.com/verb/viewed", {"id": "p:C"}, 90),
    statement(
        10, "ben", "http://adlnet.gov/expapi/verbs/voided", {"objectType": "StatementRef", "id": TALK[2]["id"]}, 95
    ),
]


def test_any_feed_of_ties_gives_the_same(mongodb_url: str) -> None:
    kit.check(plugin, [*TALK, *ACTS], mongodb_url=mongodb_url)
