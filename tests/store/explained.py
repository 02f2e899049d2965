"""What the database examines for the commands that it was really sent, as it explains them itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pymongo import monitoring
from pymongo.asynchronous.database import AsyncDatabase

Document = dict[str, Any]

_ABOUT_THE_SENDER = ("lsid", "maxTimeMS")


class Finds(monitoring.CommandListener):
    """The `find` commands for statements as they are sent; fields that begin with $ are the driver's."""

    def __init__(self) -> None:
        self.sent: list[Document] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if event.command_name == "find" and event.command["find"] == "statements":
            names = [name for name in event.command if name[0] != "$" and name not in _ABOUT_THE_SENDER]
            self.sent.append({name: event.command[name] for name in names})

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None: ...

    def failed(self, event: monitoring.CommandFailedEvent) -> None: ...


@dataclass(frozen=True, slots=True)
class Effort:
    """What was done for commands: examined by all plans, those included that were tried and lost."""

    returned: int
    documents: int
    keys: int  # of the index
    stages: frozenset[str]  # of the plans that won
    indexes: frozenset[tuple[str, ...]]


async def effort(database: AsyncDatabase[Document], commands: Sequence[Document]) -> Effort:
    """Explain the commands, which runs them, and return what was done for them together."""
    executed = [await _executed(database, each) for each in commands]
    plans = [plan for each in executed for plan in (each, *_losers(each))]
    stages = [stage for each in executed for stage in _stages(each["executionStages"])]
    return Effort(
        returned=sum(each["nReturned"] for each in executed),
        documents=sum(plan["totalDocsExamined"] for plan in plans),
        keys=sum(plan["totalKeysExamined"] for plan in plans),
        stages=frozenset(stage["stage"] for stage in stages),
        indexes=frozenset(tuple(stage["keyPattern"]) for stage in stages if "keyPattern" in stage),
    )


async def _executed(database: AsyncDatabase[Document], command: Document) -> Document:
    explained = await database.command(
        "explain", command, verbosity="allPlansExecution", codec_options=database.codec_options
    )
    executed: Document = explained["executionStats"]
    return executed


def _losers(executed: Document) -> list[Document]:
    """The trial of the winner is among its own figures already."""
    won = _bounds(executed)
    return [plan for plan in executed["allPlansExecution"] if _bounds(plan) != won]


def _bounds(plan: Document) -> list[Document]:
    return [stage["indexBounds"] for stage in _stages(plan["executionStages"]) if "indexBounds" in stage]


def _stages(stage: Document) -> Iterator[Document]:
    yield stage
    for inner in [stage["inputStage"]] if "inputStage" in stage else stage.get("inputStages", []):
        yield from _stages(inner)
