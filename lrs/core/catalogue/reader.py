"""The catalogue's loop: feed → what is known of activities and agents, in transactions with the feed's position."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

import orjson

from lrs.core.catalogue.views import ACTIVITIES, AGENTS, View
from lrs.core.feed_reader import FeedReader
from lrs.plugin.reasons import reason
from lrs.store.catalogue import Kind
from lrs.store.feed import Arrival
from lrs.store.interactions import Session
from lrs.store.positions import CATALOGUE
from lrs.store.stores import Store
from lrs.xapi.definitions import OLDEST, Layer, Layers, Stamp, dump, load, told

Document: TypeAlias = dict[str, Any]
Part: TypeAlias = dict[Kind, dict[str, bytes]]  # what is written: texts by key, of each view
Key: TypeAlias = tuple[str, Kind, str]  # store, view, activity id or agent key

REMEMBERED_BYTES = 8_000_000  # of what is known, as JSON; in memory it takes about six times as much
LARGE_BYTES = 100_000  # what takes more is not remembered
COMMIT_BYTES = 16_000_000  # written in one transaction


class Mention(NamedTuple):
    """What one statement tells of one activity or agent."""

    stamp: Stamp
    words: Any  # a definition, or a name
    text: bytes  # the same as JSON


Mentions: TypeAlias = dict[str, list[Mention]]


@dataclass(slots=True)
class Entry:
    """What is known of one activity or agent.

    Most statements repeat what the latest told (`text`, known of entries met since the start): that changes only when
    it was told last (`stamp`), and is not written. So of what two statements tell that are stored within the time of
    one write, one before and one after the worker is replaced, either may stand.
    """

    layers: Layers = ()
    text: bytes | None = None
    stamp: Stamp = OLDEST
    size: int = 0

    def repeats(self, mention: Mention) -> bool:
        """Tell whether the mention repeats the latest, which is then told last by it."""
        if mention.text != self.text:
            return False
        self.stamp = max(self.stamp, mention.stamp)
        return True

    def take(self, view: View, mention: Mention) -> bool:
        """Merge a mention; tell whether more, or something else, is known now."""
        if self.repeats(mention):
            return False
        before = self.layers
        if before:
            self.stamp = max(self.stamp, before[0].stamp)
            before = (Layer(self.stamp, before[0].facts), *before[1:])
        self.layers = view.merge(before, mention.stamp, mention.words)
        if mention.stamp > self.stamp:
            self.stamp, self.text = mention.stamp, mention.text
        return told(before) != told(self.layers)


class Recent:
    """Entries that were met lately, of all stores: for most statements nothing has to be read or written."""

    def __init__(self) -> None:
        self._young: dict[Key, Entry] = {}
        self._old: dict[Key, Entry] = {}
        self._size = 0

    def get(self, key: Key) -> Entry | None:
        """Return the entry if it is remembered."""
        entry = self._young.get(key)
        if entry is None and (entry := self._old.get(key)) is not None:
            self.put(key, entry)
        return entry

    def put(self, key: Key, entry: Entry) -> None:
        """Remember an entry, and forget those that were not met for long."""
        if entry.size > LARGE_BYTES:
            self._young.pop(key, None)
            self._old.pop(key, None)
            return
        self._young[key] = entry
        self._size += entry.size + len(key[2])
        if self._size > REMEMBERED_BYTES / 2:
            self._young, self._old, self._size = {}, self._young, 0


class CatalogueReader(FeedReader[Sequence[Arrival]]):
    """Reads one store's statements into its catalogue, for the holder of the lease."""

    def __init__(self, store: Store, recent: Recent, owner: str, session: Session) -> None:
        super().__init__(CATALOGUE, store, owner, session)
        self._recent = recent

    async def prepare(self, arrivals: Sequence[Arrival]) -> tuple[Sequence[Arrival], int]:
        return arrivals, len(arrivals)

    async def save(self, prepared: Sequence[Arrival], moved: Document) -> None:
        failures: dict[UUID, str] = {}
        news: list[tuple[View, Mentions]] = [(ACTIVITIES, defaultdict(list)), (AGENTS, defaultdict(list))]
        for arrival in prepared:
            if arrival.defines:
                with _failures_noted(arrival.id, failures):
                    self._look_at(arrival, news)
        parts = list(_parts({view.kind: await self._merge(view, mentions, failures) for view, mentions in news}))
        if not parts and not failures and not self._retried:
            await self._move(moved)
            return
        for part in parts[:-1]:  # each complete in itself: read again, it changes nothing
            await self._save(part, {}, {})
        await self._save(parts[-1] if parts else {}, failures, moved)

    def _look_at(self, arrival: Arrival, news: Sequence[tuple[View, Mentions]]) -> None:
        """Add to the news what the statement tells, unless it is known to be the latest already."""
        stamp, statement = (arrival.stored, str(arrival.id)), orjson.loads(arrival.raw)
        for view, mentions in news:
            for key, words in view.told(statement):
                mention = Mention(stamp, words, orjson.dumps(words))
                entry = None if key in mentions else self._recent.get((self.store.name, view.kind, key))
                if entry is None or not entry.repeats(mention):
                    mentions[key].append(mention)

    async def _merge(self, view: View, news: Mentions, failures: dict[UUID, str]) -> dict[str, bytes]:
        """Return what has changed, by key."""
        entries = await self._entries(view, news.keys())
        changed: dict[str, bytes] = {}
        for key, mentions in news.items():
            entry = entries[key]
            for mention in mentions:
                with _failures_noted(UUID(mention.stamp[1]), failures):
                    if entry.take(view, mention):
                        changed[key] = b""
            if key in changed:
                changed[key] = dump(entry.layers)
                entry.size = len(changed[key])
                self._recent.put((self.store.name, view.kind, key), entry)
        return changed

    async def _entries(self, view: View, keys: Collection[str]) -> dict[str, Entry]:
        """Return the entries under the keys, empty ones for what is not known."""
        remembered = {key: self._recent.get((self.store.name, view.kind, key)) for key in keys}
        entries = {key: entry for key, entry in remembered.items() if entry is not None}
        for key, text in (await self.store.catalogue.known(view.kind, set(keys) - set(entries))).items():
            entries[key] = Entry(load(text), size=len(text))
            self._recent.put((self.store.name, view.kind, key), entries[key])
        return {key: entries.get(key) or Entry() for key in keys}

    async def _save(self, part: Part, failures: Mapping[UUID, str], moved: Document) -> None:
        async def write(session: Session) -> Document:
            for kind, known in part.items():
                await self.store.catalogue.save(kind, known, session)
            await self.store.failures.record(CATALOGUE, failures, session)
            return {}

        await self._commit(write, moved)


@contextmanager
def _failures_noted(statement: UUID, failures: dict[UUID, str]) -> Iterator[None]:
    """Note why a statement can't be read: no single one may stop the others."""
    try:
        yield
    except Exception as error:
        failures[statement] = reason(error)


def _parts(changed: Part) -> Iterator[Part]:
    """Cut what has changed into parts that one transaction holds."""
    part: Part = {}
    size = 0
    for kind, known in changed.items():
        for key, text in known.items():
            if size > COMMIT_BYTES:
                yield part
                part, size = {}, 0
            part.setdefault(kind, {})[key] = text
            size += len(text)
    if part:
        yield part
