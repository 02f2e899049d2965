"""What evaluation needs of a plugin's reading of a store, and the plugins there are."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, ClassVar, Protocol, runtime_checkable

from .asked import Act, Asked, Measurement
from .discussion import Discussion
from .mentoring import Mentoring
from .people import People
from .sharing import Sharing
from .statements import Statement


@runtime_checkable
class Domain(Protocol):
    """The acts of a store that one plugin counts, and its metrics of them.

    `acts` are sorted by (time, statement id) and are what the guard counts people by; whatever else a plugin looks at
    (views, reactions) it keeps itself. `METRICS` gives each metric's least basis, 0 where none is needed; those that
    `LOOK_BACK` rest on all acts before, however old.
    """

    METRICS: ClassVar[Mapping[str, int]]
    LOOK_BACK: ClassVar[Collection[str]]
    people: People

    @property
    def acts(self) -> Sequence[Act]: ...

    def measure(self, asked: Asked) -> Measurement:
        """The raw answer."""
        ...


Reader = Callable[[list[Statement], People, Mapping[str, Any]], Domain]

DOMAINS: dict[str, Reader] = {
    "discussion": Discussion.read,
    "sharing": Sharing.read,
    "mentoring": Mentoring.read,
}
