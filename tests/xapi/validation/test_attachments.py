import pytest

from lrs.xapi import Json
from lrs.xapi.statements import validate
from lrs.xapi.versions import Version
from tests.xapi.validation.samples import ATTACHMENT, GONE, changed, refusal, simple


@pytest.mark.clause("Data 2.4.11")
@pytest.mark.parametrize(
    "attachments",
    [
        [],
        [ATTACHMENT, ATTACHMENT],
        [changed(ATTACHMENT, "fileUrl", GONE)],
        [changed(ATTACHMENT, "description", GONE)],
        [changed(ATTACHMENT, "length", 0)],
        [changed(ATTACHMENT, "sha2", "0" * 128)],
    ],
)
def test_whole_attachments_are_taken(attachments: list[Json]) -> None:
    statement = simple(attachments=attachments)

    assert validate(statement, Version.V1) is statement


BROKEN = [
    *((name, GONE, name) for name in ("usageType", "display", "contentType", "length", "sha2")),
    *((name, None, name) for name in ATTACHMENT),
    ("usageType", "essay", "usageType"),
    ("display", "Essay", "display"),
    ("display", {"something": "Essay"}, "display.something"),
    ("description", 12345, "description"),
    ("contentType", 12345, "contentType"),
    ("contentType", "text", "contentType"),
    ("length", "27", "length"),
    ("length", 27.5, "length"),
    ("length", -1, "length"),
    ("length", True, "length"),
    ("sha2", 12345, "sha2"),
    ("sha2", "essay", "sha2"),
    ("fileUrl", "essay.txt", "fileUrl"),
    ("fileURL", "https://example.org", "fileURL"),
]


@pytest.mark.clause("Data 2.4.11")
@pytest.mark.parametrize(("path", "value", "where"), BROKEN)
def test_a_broken_attachment_is_refused_at_the_exact_place(path: str, value: object, where: str) -> None:
    statement = simple(attachments=[ATTACHMENT, changed(ATTACHMENT, path, value)])

    assert refusal(statement).where == f"statement.attachments[1].{where}"


@pytest.mark.clause("Data 2.4.11")
def test_attachments_are_an_array_of_objects() -> None:
    assert refusal(simple(attachments=ATTACHMENT)).where == "statement.attachments"
    assert refusal(simple(attachments=[12345])).where == "statement.attachments[0]"
