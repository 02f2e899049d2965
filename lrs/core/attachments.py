"""Attachments in and out: streamed past the rules into the store, and from it to clients (xAPI Communication 1.5)."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import orjson

from lrs.core.credentials import Access
from lrs.errors import TooLarge
from lrs.store.uploads import Upload
from lrs.xapi import Json, multipart
from lrs.xapi import attachments as rules
from lrs.xapi.attachments import Declared, Digest
from lrs.xapi.multipart import Event, PartHead
from lrs.xapi.signatures import check_signature
from lrs.xapi.versions import Version


@dataclass(frozen=True, slots=True)
class Limits:
    """The most bytes that are taken of statements (and of a signature, which holds one), and of an attachment."""

    statements: int
    attachment: int


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts after the first of a multipart/mixed body, which are read while they are taken."""

    events: AsyncIterator[Event]
    limits: Limits


@dataclass(frozen=True, slots=True)
class Sent:
    """The body of a request that stores statements: their JSON, and what follows it in multipart/mixed."""

    statements: bytes
    parts: Parts | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """An attachment whose data the store holds."""

    attachment: Json
    file: UUID


async def begin(chunks: AsyncIterator[bytes], boundary: bytes, limits: Limits) -> Sent:
    """Read the first part of a multipart/mixed body, the statements; what follows it stays unread.

    Raises: BadRequest naming the part, TooLarge. Source: xAPI Communication 1.5.2.
    """
    events = _events(chunks, boundary)
    pieces: list[bytes] = []
    size = 0
    async for event in events:
        if isinstance(event, PartHead):
            rules.require_statements(event)
        elif isinstance(event, bytes):
            size += len(event)
            if size > limits.statements:
                raise _too_large("the statements are", 1, limits.statements, "LRS_MAX_BODY_BYTES")
            pieces.append(event)
        else:
            break
    return Sent(b"".join(pieces), Parts(events, limits))


async def take(access: Access, sent: Sent, statements: Sequence[Json], version: Version, *, is_list: bool) -> None:
    """Take the attachments of valid statements, before these are stored; all, or with nothing left behind.

    Every attachment has a fileUrl or a part with its hash, every part belongs to an attachment, and signatures are
    looked into. Raises: BadRequest naming the part, InvalidStatement, TooLarge, Unavailable.
    Source: xAPI Communication 1.5.1, 1.5.2; Data 2.6.
    """
    declared = rules.declared(statements, is_list=is_list)
    rules.require_signature_types(declared)
    if sent.parts is None:
        rules.require_data(declared, received=())
    else:
        await _receive(access, sent.parts, declared, version)


async def held(access: Access, statements: Sequence[bytes]) -> list[Held]:
    """Return the attachments of statements, given as JSON texts, whose data is held: each once, in their order.

    Raises: Unavailable.
    """
    named = rules.distinct(orjson.loads(raw) for raw in statements if b'"attachments"' in raw)
    files = await access.store.attachments.files(named.keys()) if named else {}
    return [Held(attachment, files[sha2]) for sha2, attachment in named.items() if sha2 in files]


async def rendered(
    access: Access, statements: bytes, attachments: Sequence[Held], boundary: str
) -> AsyncIterator[bytes]:
    """Yield a multipart/mixed body: the statements' JSON, then each attachment's data as the store gives it.

    Raises: Unavailable. Source: xAPI Communication 1.5.2, 2.1.3.
    """
    yield multipart.head(boundary, {"Content-Type": "application/json"}, first=True) + statements
    for each in attachments:
        yield multipart.head(boundary, rules.headers_of(each.attachment))
        async for data in access.store.attachments.read(each.file):
            yield data
    yield multipart.closing(boundary)


async def _events(chunks: AsyncIterator[bytes], boundary: bytes) -> AsyncIterator[Event]:
    reader = multipart.Reader(boundary)
    async for chunk in chunks:
        for event in reader.feed(chunk):
            yield event
    reader.end()


@dataclass(slots=True)
class _Part:
    """A part on its way in. Of a signature its data is kept, to be looked into."""

    head: PartHead
    sha2: str
    digest: Digest
    is_new: bool
    is_signature: bool
    size: int = 0
    signature: bytearray = field(default_factory=bytearray)


async def _receive(access: Access, parts: Parts, declared: Sequence[Declared], version: Version) -> None:
    wanted: dict[str, list[Declared]] = {}
    for each in declared:
        wanted.setdefault(each.sha2, []).append(each)
    store = access.store.attachments
    there = set(await store.files(wanted.keys()) if wanted else ())
    received: set[str] = set()
    part: _Part | None = None
    async with store.upload() as upload:
        async for event in parts.events:
            if isinstance(event, PartHead):
                part = _announced(event, wanted, there | received)
                if part.is_new:
                    await upload.begin()
                continue
            assert part is not None
            if isinstance(event, bytes):
                await _take(part, event, upload, parts.limits)
            else:
                await _end(part, wanted[part.sha2], upload, version)
                received.add(part.sha2)
        rules.require_data(declared, received)
        await upload.commit()


def _announced(head: PartHead, wanted: Mapping[str, Sequence[Declared]], there: set[str]) -> _Part:
    sha2 = rules.announced_hash(head, wanted)
    is_signature = any(each.signed is not None for each in wanted[sha2])
    return _Part(head, sha2, rules.digest_for(sha2), is_new=sha2 not in there, is_signature=is_signature)


async def _take(part: _Part, data: bytes, upload: Upload, limits: Limits) -> None:
    part.size += len(data)
    if part.size > limits.attachment:
        raise _too_large("the attachment is", part.head.number, limits.attachment, "LRS_MAX_ATTACHMENT_BYTES")
    if part.is_signature:
        # Base64 of the statement, and certificates.
        if part.size > 2 * limits.statements:
            raise _too_large("the signature is", part.head.number, 2 * limits.statements, "twice LRS_MAX_BODY_BYTES")
        part.signature += data
    part.digest.update(data)
    if part.is_new:
        await upload.write(data)


async def _end(part: _Part, declared: Sequence[Declared], upload: Upload, version: Version) -> None:
    rules.require_hash(part.head, part.sha2, part.digest)
    for each in declared:
        if each.signed is not None:
            check_signature(bytes(part.signature), each.signed, version, each.where)
    if part.is_new:
        await upload.end(part.sha2)


def _too_large(what: str, part: int, most: int, setting: str) -> TooLarge:
    return TooLarge(f"{what} too large", where=f"part {part}", why=f"more than {most} bytes ({setting})")
