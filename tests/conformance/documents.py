"""The three document resources, as tests name their documents."""

from dataclasses import dataclass
from uuid import uuid4

from tests.conformance.asking import Params


@dataclass(frozen=True)
class Documents:
    """One document resource: where it is, what its documents are named by, and its section in both versions."""

    path: str
    name: str  # the parameter that names a document
    section: str
    also: str
    context: tuple[str, ...]  # the parameters that are required besides

    def where(self, **more: str) -> Params:
        """Return the parameters of a fresh context."""
        mark = uuid4().hex
        values = {"activityId": f"http://example.org/{mark}", "agent": f'{{"mbox":"mailto:{mark}@example.org"}}'}
        return {**{name: values[name] for name in self.context}, **more}


STATE = Documents("activities/state", "stateId", "2.3", "4.1.6.2", ("activityId", "agent"))
AGENT_PROFILE = Documents("agents/profile", "profileId", "2.6", "4.1.6.5", ("agent",))
ACTIVITY_PROFILE = Documents("activities/profile", "profileId", "2.7", "4.1.6.6", ("activityId",))
ALL = (STATE, AGENT_PROFILE, ACTIVITY_PROFILE)
