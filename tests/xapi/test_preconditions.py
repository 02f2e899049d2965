import hashlib

import pytest

from lrs.errors import BadRequest, Conflict, PreconditionFailed
from lrs.xapi.preconditions import (
    Preconditions,
    check,
    check_overwriting,
    etag,
    parse_preconditions,
    unmet,
)
from lrs.xapi.versions import Version

TAG, OTHER = etag(b"a"), etag(b"b")
BARE = TAG.strip('"')


@pytest.mark.clause("Communication 3.1")
def test_an_etag_is_the_lower_case_sha_1_of_the_bytes_in_quotes() -> None:
    assert f'"{hashlib.sha1(b"a").hexdigest()}"' == TAG
    assert etag(b"") == '"da39a3ee5e6b4b0d3255bfef95601890afd80709"'


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        (None, None),
        ("*", {"*"}),
        (" * ", {"*"}),
        (TAG, {TAG}),
        (f"W/{TAG}", {TAG}),
        (BARE, {TAG}),
        (BARE.upper(), {TAG}),
        (f"{TAG},{OTHER}", {TAG, OTHER}),
        (f"{TAG}\t, W/{OTHER} ,", {TAG, OTHER}),
        (f",, {BARE},{OTHER}", {TAG, OTHER}),
        ('"a, b"', {'"a, b"'}),
        ('""', {'""'}),
        ('"*"', {'"*"'}),
        ('"ABC"', {'"ABC"'}),
    ],
)
@pytest.mark.clause("Communication 3.1")
def test_a_list_of_entity_tags_is_read(header: str | None, tags: set[str] | None) -> None:
    read = None if tags is None else frozenset(tags)

    assert parse_preconditions(header, None) == Preconditions(if_match=read)
    assert parse_preconditions(None, header) == Preconditions(if_none_match=read)
    assert parse_preconditions(header, None).given is (header is not None)


@pytest.mark.parametrize(
    "header", ["", " ", ",", "abc", '"abc', f"{BARE}0", f"{TAG}{TAG}", f"* , {TAG}", f"w/{TAG}", "W/"]
)
def test_anything_else_is_refused(header: str) -> None:
    for headers, where in (((header, None), "If-Match"), ((None, header), "If-None-Match")):
        with pytest.raises(BadRequest) as refused:
            parse_preconditions(*headers)
        assert refused.value.where == where


@pytest.mark.parametrize("version", Version)
@pytest.mark.parametrize(
    ("if_match", "if_none_match", "current", "failed"),
    [
        (None, None, None, None),
        (None, None, TAG, None),
        (TAG, None, TAG, None),
        (f"{OTHER}, {TAG}", None, TAG, None),
        ("*", None, TAG, None),
        (OTHER, None, TAG, "If-Match"),
        (TAG, None, None, "If-Match"),
        ("*", None, None, "If-Match"),
        (None, "*", None, None),
        (None, "*", TAG, "If-None-Match"),
        (None, TAG, TAG, "If-None-Match"),
        (None, f"{OTHER}, {TAG}", TAG, "If-None-Match"),
        (None, OTHER, TAG, None),
        (None, TAG, None, None),
        (TAG, OTHER, TAG, None),
        (TAG, "*", TAG, "If-None-Match"),
        (OTHER, "*", TAG, "If-Match"),
    ],
)
@pytest.mark.clause("Communication 3.1")
@pytest.mark.clause("IEEE 9274.1.1 4.1.4")
def test_a_precondition_holds_or_the_request_is_refused(
    version: Version, if_match: str | None, if_none_match: str | None, current: str | None, failed: str | None
) -> None:
    preconditions = parse_preconditions(if_match, if_none_match)

    assert unmet(preconditions, current) == failed
    if failed is None:
        check(preconditions, current, version)
        return
    with pytest.raises(PreconditionFailed) as refused:
        check(preconditions, current, version)
    assert refused.value.where == failed
    assert "If-Match with the ETag" in refused.value.accepted


@pytest.mark.parametrize(
    ("version", "is_state", "exists", "refused"),
    [
        (Version.V1, True, False, None),
        (Version.V1, True, True, None),
        (Version.V1, False, False, BadRequest),
        (Version.V1, False, True, Conflict),
        (Version.V2, True, False, None),
        (Version.V2, True, True, Conflict),
        (Version.V2, False, False, None),
        (Version.V2, False, True, Conflict),
    ],
)
@pytest.mark.clause("Communication 3.1")
@pytest.mark.clause("IEEE 9274.1.1 4.1.4")
def test_a_put_without_preconditions_overwrites_what_its_version_allows(
    version: Version, is_state: bool, exists: bool, refused: type[Exception] | None
) -> None:
    check_overwriting(parse_preconditions("*", None), version, is_state=is_state, exists=exists)
    if refused is None:
        check_overwriting(Preconditions(), version, is_state=is_state, exists=exists)
    else:
        with pytest.raises(refused):
            check_overwriting(Preconditions(), version, is_state=is_state, exists=exists)
