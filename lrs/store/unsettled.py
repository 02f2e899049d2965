"""What a commit left to be settled, because more depends on it than one transaction can hold."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any, TypeAlias

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase

Document: TypeAlias = dict[str, Any]

KEYS_AT_ONCE = 1000


class Unsettled:
    """The collection `unsettled_<n>` of one generation of interactions: a document is a piece of work.

    A piece has either `needs`, keys of what has changed, or `series`, pairs of a repetition key and a time.
    """

    def __init__(self, database: AsyncDatabase[Document], generation: int) -> None:
        self._collection = database[f"unsettled_{generation}"]

    async def add(
        self, needs: Collection[int], series: Mapping[int, datetime], session: AsyncClientSession | None = None
    ) -> None:
        """Write down what is left to be settled, in the session's transaction."""
        pieces = [{"needs": some} for some in _in_pieces(needs)]
        pieces += [{"series": some} for some in _in_pieces(series.items())]
        if pieces:
            await self._collection.insert_many(pieces, session=session)

    async def first(self) -> Document | None:
        """Return the piece that was written down first, None when all is settled."""
        return await self._collection.find_one(sort=[("_id", 1)])

    async def remove(self, piece: Document, session: AsyncClientSession) -> None:
        """Forget a piece that is settled, in the session's transaction."""
        await self._collection.delete_one({"_id": piece["_id"]}, session=session)

    async def drop(self) -> None:
        """Delete all of them."""
        await self._collection.drop()


def _in_pieces(all: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(all)
    return iter(lambda: list(islice(rest, KEYS_AT_ONCE)), [])
