"""Documents: state, agent profiles and activity profiles, changed by one rule (xAPI Communication 2.2, 3.1)."""

from datetime import datetime

from lrs.core.credentials import Access
from lrs.errors import TooLarge
from lrs.store.documents import MOST_BYTES, StoredDocument
from lrs.xapi import preconditions
from lrs.xapi.documents import Content, Context, DocumentName, Resource, merge
from lrs.xapi.preconditions import Preconditions
from lrs.xapi.versions import Version


async def get(access: Access, name: DocumentName) -> StoredDocument | None:
    """Return one document, None if there is none. Raises: Unavailable. Source: xAPI Communication 2.3, 2.6, 2.7."""
    return await access.store.documents.get(name)


async def ids(access: Access, context: Context, since: datetime | None) -> tuple[list[str], datetime | None]:
    """Return the ids of a context changed after `since`, sorted, and when the latest changed; None without any.

    Raises: Unavailable. Source: xAPI Communication 2.2 (Last Modified), 2.3, 2.6, 2.7.
    """
    found = await access.store.documents.ids(context, since)
    return [each for each, _ in found], max((updated for _, updated in found), default=None)


async def put(access: Access, name: DocumentName, content: Content, demanded: Preconditions, version: Version) -> None:
    """Store the document, or replace the whole of it.

    Raises: BadRequest, Conflict, PreconditionFailed, TooLarge, Unavailable. Source: Communication 2.2, 3.1.
    """
    _refuse_large(name, content)

    def decide(current: StoredDocument | None) -> Content:
        is_state = name.context.resource is Resource.STATE
        preconditions.check_overwriting(demanded, version, is_state=is_state, exists=current is not None)
        preconditions.check(demanded, _etag(current), version)
        return content

    await access.store.documents.change(name, decide)


async def post(access: Access, name: DocumentName, content: Content, demanded: Preconditions, version: Version) -> None:
    """Store the document, or merge its top-level properties into the one that exists.

    Raises: BadRequest, PreconditionFailed, TooLarge, Unavailable. Source: Communication 2.2 (JSON Procedure), 3.1.
    """
    _refuse_large(name, content)

    def decide(current: StoredDocument | None) -> Content:
        preconditions.check(demanded, _etag(current), version)
        if current is None:
            return content
        merged = merge(current.content, content)
        _refuse_large(name, merged)
        return merged

    await access.store.documents.change(name, decide)


async def delete(access: Access, name: DocumentName, demanded: Preconditions, version: Version) -> None:
    """Delete one document; one that is not there is deleted already.

    Raises: PreconditionFailed, Unavailable. Source: xAPI Communication 2.3, 2.6, 2.7, 3.1.
    """

    def decide(current: StoredDocument | None) -> None:
        preconditions.check(demanded, _etag(current), version)

    await access.store.documents.change(name, decide)


async def delete_all(access: Access, context: Context) -> None:
    """Delete every document of the context. Raises: Unavailable. Source: xAPI Communication 2.3."""
    await access.store.documents.delete_all(context)


def _refuse_large(name: DocumentName, content: Content) -> None:
    size = len(content.data) + len(content.content_type) + name.size
    if size > MOST_BYTES:
        why = f"{size} bytes with its parameters"
        raise TooLarge("the document is too large", where="body", why=why, accepted=f"up to {MOST_BYTES} bytes")


def _etag(current: StoredDocument | None) -> str | None:
    return None if current is None else current.etag
