"""A client that reads what is new, again and again, and relies on the Consistent-Through never to look back."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx

MOST = 500  # statements in an answer


@dataclass
class Follower:
    """What was seen so far. `through` is the greatest time it was told."""

    seen: set[str] = field(default_factory=set)
    through: str = "1970-01-01T00:00:00.000Z"

    async def look(self, http: httpx.AsyncClient, url: str = "") -> bool:
        """Read one page of what is new, up to the promise; False when no answer came that could be used."""
        # `since` is exclusive and times are whole milliseconds, so the last one wholly seen is one before the promise.
        since = datetime.fromisoformat(self.through) - timedelta(milliseconds=1)
        told = {"since": since.isoformat(timespec="milliseconds"), "ascending": "true", "limit": str(MOST)}
        try:
            answer = await http.get(f"{url}/xapi/statements", params=told)
        except httpx.TransportError:
            return False
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            return False
        assert answer.status_code == httpx.codes.OK, answer.text
        self._take(answer)
        return True

    def _take(self, answer: httpx.Response) -> None:
        statements, promised = answer.json()["statements"], answer.headers["X-Experience-API-Consistent-Through"]
        if len(statements) == MOST:  # a page that may end early says nothing of what comes after it
            promised = min(promised, statements[-1]["stored"])
        self.seen.update(each["id"] for each in statements if each["stored"] < promised)
        self.through = max(self.through, promised)
