"""Which regular expressions an admin may write."""

import time

import pytest

from lrs.core.normaliser.patterns import SUBJECT, checked_replacement, compile_pattern, found
from lrs.core.normaliser.unusable import Unusable


@pytest.mark.parametrize(
    "text",
    [
        r"^https://forum\.example\.org/t/\d+$",
        r"/api/discussion/v1/(?:threads|comments)/[0-9a-f]{24}",
        r"^(.*/a)/.*$",
        r"^account:[^ ]+ (?:bot|system)$",
        r"\((?P<id>[0-9]+)\)[?]?",
        r"^https://x\.example/a/[^/]+/b/[^/]+/c/[^/]+/d/\d+/e/[^/]+$",
        r"[*+|(]+x",
        "(?:[a-z]+/)?x",
        "(?i)bot",
        "a{2,3}b",
        "",
    ],
)
def test_expressions_that_grow_slowly_are_taken(text: str) -> None:
    assert compile_pattern(text).pattern == text


@pytest.mark.parametrize(
    "text",
    [
        "(a+)+b",
        "(?:a*)*b",
        "(a|aa)+b",
        "((a)+|b)*c",
        "(?P<x>(?:a{1,})){2,}b",
        "(?:a?b|c){10,}",
        r"(a)\1",
        "(?P<x>a)(?P=x)",
        "(a+){20}b",
        "(a?a?)+b",
        "a?" * 11 + "a" * 11,
        "a*a*a*b",
        "^a*a*a*a*b",
        ".*a.*b",
        "^.*a.*b.*c.*$",
        "a{1,99}a{1,99}a{1,99}b",
        "(?=a+)+b",
    ],
)
def test_expressions_that_may_take_for_ever_are_refused(text: str) -> None:
    with pytest.raises(Unusable, match="may take too long") as refused:
        compile_pattern(text)
    assert "no references back" in refused.value.accepted


@pytest.mark.parametrize(("text", "why"), [("(", "no regular expression"), ("a" * 201, "201 characters")])
def test_what_is_no_expression_or_too_long_is_refused(text: str, why: str) -> None:
    with pytest.raises(Unusable, match=why):
        compile_pattern(text)


@pytest.mark.parametrize("text", ["^.*a.*ab", "a*a*b", "a*a{1,99}b", "a?" * 10 + "b", "[ab]+[^c]*c[a]*d"])
def test_the_worst_that_is_taken_is_soon_done(text: str) -> None:
    pattern, begin = compile_pattern(text), time.process_time()
    assert found(pattern, "a" * 100_000) is None
    assert time.process_time() - begin < 2


def test_only_the_beginning_is_searched() -> None:
    assert found(compile_pattern("b"), "a" * (SUBJECT - 1) + "b") is not None
    assert found(compile_pattern("b"), "a" * SUBJECT + "b") is None


@pytest.mark.parametrize("text", [r"\2", r"\g<name>", "\\"])
def test_a_replacement_names_groups_that_are_there(text: str) -> None:
    with pytest.raises(Unusable, match="is no replacement"):
        checked_replacement(text, compile_pattern("(a)b"))
    assert checked_replacement(r"x\1", compile_pattern("(?i)(a)b")) == r"x\1"
