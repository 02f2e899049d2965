import re

import pytest

from lrs.xapi.values import (
    is_duration,
    is_iri,
    is_language_tag,
    is_mailto,
    is_media_type,
    is_sha1,
    is_sha2,
    is_timestamp,
    is_uri,
    is_uuid,
)

NOT_TEXT: list[object] = [None, True, 1, 1.5, [], ["http://a"], {}]


@pytest.mark.clause("Data 4.3")
@pytest.mark.parametrize(
    "iri",
    [
        "http://example.org/a?b[]=1#c",
        "urn:uuid:fd41c918-b88b-4b20-a0a5-a4c32391aaa0",
        "act:x",
        "https://例え.jp/パス",
        "http://Course_ID2",
        "http://6QXn4ehXBu7_course_id",
        "http://TheQuiz-urn:scormdriver:5419",
        "x+y-z.1:a",
        "tag:example.org,2026:100%",
    ],
)
def test_an_absolute_iri_of_any_scheme_and_host_is_taken(iri: str) -> None:
    assert is_iri(iri)


@pytest.mark.clause("Data 2.2")
@pytest.mark.parametrize(
    "text",
    [
        "",
        "ABC101",
        "/a/b",
        "//example.org/a",
        "ab=c://should.fail.com",
        "1a:b",
        "_a:b",
        "http:",
        ":a",
        "ä:b",
        "http://a b",
        "http://a\n",
        " http://a",
        "http://a\t",
        "http://a\u00a0b",
        "http://a\u2028",
        "http://\ud800",
        "http://a<b>",
        'http://a"',
        "http://{a}",
        "http://a|b",
        "http://a\\b",
        "http://a^b",
        "http://a`b",
        "http://a\x00",
    ],
)
def test_what_has_no_legal_scheme_or_holds_a_forbidden_character_is_no_iri(text: str) -> None:
    assert not is_iri(text)


@pytest.mark.clause("Data 4.3")
def test_the_forbidden_white_space_is_all_of_unicodes() -> None:
    spaces = [chr(code) for code in range(0x110000) if re.match(r"\s", chr(code))]

    assert [space for space in spaces if is_iri(f"http://a{space}b")] == []


@pytest.mark.parametrize("value", NOT_TEXT)
def test_only_strings_can_have_a_format(value: object) -> None:
    predicates = (is_iri, is_uri, is_mailto, is_sha1, is_sha2, is_uuid, is_media_type, is_language_tag)

    assert not any(predicate(value) for predicate in (*predicates, is_timestamp, is_duration))


@pytest.mark.clause("Data 2.4.2.3")
@pytest.mark.parametrize(
    ("text", "expected"), [("https://id.example.org/ada", True), ("https://例え.jp", False), ("ab=c://x", False)]
)
def test_a_uri_is_an_iri_in_ascii(text: str, expected: bool) -> None:
    assert is_uri(text) is expected


@pytest.mark.clause("Data 2.4.2.3")
@pytest.mark.parametrize("text", ["mailto:ada@example.org", "mailto:a.b+c'd@x", "mailto:ädä@exämple.org"])
def test_a_mailto_iri_holds_one_address(text: str) -> None:
    assert is_mailto(text)


@pytest.mark.clause("Data 2.4.2.3")
@pytest.mark.parametrize(
    "text",
    [
        "mailto:should.fail.com",
        "ada@example.org",
        "mailto:",
        "mailto:@a",
        "mailto:a@",
        "mailto:a@b@c",
        "mailto:a b@c",
        "MAILTO:a@b",
        "http://a@b",
        "mailto:a@b,c@d",
        "mailto:a@b?subject=x",
        "mailto:a@b\n",
        "mailto:<a@b>",
    ],
)
def test_other_spellings_are_no_mailto_iri(text: str) -> None:
    assert not is_mailto(text)


@pytest.mark.clause("Data 2.4.2.3")
@pytest.mark.parametrize(
    ("text", "expected"),
    [("0" * 40, True), ("ABCDEFabcd" * 4, True), ("0" * 39, False), ("0" * 41, False), ("g" * 40, False)],
)
def test_a_sha1_is_forty_hex_digits(text: str, expected: bool) -> None:
    assert is_sha1(text) is expected


@pytest.mark.clause("Data 2.4.11")
@pytest.mark.parametrize(
    ("digits", "expected"), [(56, True), (64, True), (96, True), (128, True), (40, False), (63, False), (65, False)]
)
def test_a_sha2_has_the_length_of_one_of_the_family(digits: int, expected: bool) -> None:
    assert is_sha2("aB" * (digits // 2) + "0" * (digits % 2)) is expected


@pytest.mark.clause("Data 4.4")
@pytest.mark.parametrize(
    "text",
    [
        "fd41c918-b88b-4b20-a0a5-a4c32391aaa0",
        "FD41C918-B88B-4B20-A0A5-A4C32391AAA0",
        "0" * 8 + "-0000" * 3 + "-" + "0" * 12,
    ],
)
def test_a_uuid_is_taken_in_any_version_and_case(text: str) -> None:
    assert is_uuid(text)


@pytest.mark.clause("Data 4.4")
@pytest.mark.parametrize(
    "text",
    [
        "",
        "AA97B177-9383-4934-8543-0F91A7A028368",
        "MA97B177-9383-4934-8543-0F91A7A02836",
        "fd41c918b88b4b20a0a5a4c32391aaa0",
        "{fd41c918-b88b-4b20-a0a5-a4c32391aaa0}",
        "urn:uuid:fd41c918-b88b-4b20-a0a5-a4c32391aaa0",
        "fd41c918-b88b-4b20-a0a5-a4c32391aaa0\n",
        "fd41c918-b88b-4b20-a0a5-a4c32391aaa٣",
    ],
)
def test_other_spellings_are_no_uuid(text: str) -> None:
    assert not is_uuid(text)


@pytest.mark.clause("Data 2.4.11")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("text/plain", True),
        ("text/plain; charset=ascii", True),
        ('a/b;c="d; e\\"f";g=h', True),
        ("application/vnd.x+json", True),
        ("text", False),
        ("text/", False),
        ("/plain", False),
        ("text/plain;", False),
        ("text /plain", False),
        ("", False),
    ],
)
def test_a_media_type_has_type_subtype_and_whole_parameters(text: str, expected: bool) -> None:
    assert is_media_type(text) is expected


@pytest.mark.clause("Data 4.2")
@pytest.mark.parametrize(
    "tag",
    [
        "de",
        "cmn",
        "ase",
        "zh-Hant",
        "sr-Latn-RS",
        "es-MX",
        "es-419",
        "de-CH-1996",
        "zh-cmn-Hans-CN",
        "sl-rozaj-biske",
        "en-a-myext-b-another",
        "de-u-co-phonebk-x-a1",
        "x-klingon",
        "i-klingon",
        "EN-gb-OED",
        "sgn-BE-FR",
        "und",
        "abcd",
        "abcdefgh",
    ],
)
def test_a_well_formed_language_tag_is_taken(tag: str) -> None:
    assert is_language_tag(tag)


@pytest.mark.clause("Data 2.2")
@pytest.mark.parametrize(
    "tag",
    [
        "",
        "a",
        "something",
        "a12345678",
        "s-something",
        "en_US",
        "en-",
        "-en",
        "en--US",
        "en-US-US",
        "en US",
        "en\n",
        "dK",
        "zh-z-aaa-z-bbb-c-ccc",
        "de-1996-1996",
        "en-a",
        "x",
        "en-x",
        "en-abcdefghi",
        "aa-bbb-ccc-ddd-eee",
        "abcdefghi",
    ],
)
def test_a_malformed_language_tag_is_refused(tag: str) -> None:
    assert not is_language_tag(tag)
