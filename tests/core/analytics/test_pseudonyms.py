"""What people are called where they are shown one by one, and when they are not shown at all."""

import hashlib
import hmac

import pytest

from lrs.core.analytics.pseudonyms import LEAST_PEOPLE, key_of, pseudonym, refuse_few
from lrs.errors import Conflict
from lrs.plugin import code

ANN = code("mbox:mailto:ann@example.org")


def test_a_pseudonym_is_the_same_as_long_as_the_key_is() -> None:
    assert pseudonym(ANN, b"key") == pseudonym(ANN, b"key")
    assert pseudonym(ANN, b"key") != pseudonym(ANN, b"another")
    assert pseudonym(ANN, b"key") != pseudonym(code("ben"), b"key")


def test_a_pseudonym_is_a_keyed_digest_and_says_nothing_else() -> None:
    whole = hmac.new(b"key", ANN.to_bytes(8, "little", signed=True), hashlib.sha256).hexdigest()

    assert pseudonym(ANN, b"key") == f"p-{whole[:20]}"


def test_two_kinds_of_answers_have_two_keys() -> None:
    assert key_of("mentoring.pairs", b"key") != key_of("mentoring.others", b"key")
    assert key_of("mentoring.pairs", b"key") == key_of("mentoring.pairs", b"key")


@pytest.mark.parametrize(("people", "others"), [(0, 0), (LEAST_PEOPLE - 1, LEAST_PEOPLE - 1), (LEAST_PEOPLE - 1, 0)])
def test_fewer_than_twenty_are_not_shown(people: int, others: int) -> None:
    with pytest.raises(Conflict, match="too small") as refused:
        refuse_few(people, others, 5, where="tables/x")

    assert "20" in refused.value.why


@pytest.mark.parametrize("others", [1, 4])
def test_few_who_did_not_opt_in_are_not_shown_beside_many_who_did(others: int) -> None:
    with pytest.raises(Conflict) as refused:
        refuse_few(100, others, 5, where="tables/x")

    assert "opted in" in refused.value.why


@pytest.mark.parametrize(("people", "others"), [(LEAST_PEOPLE, LEAST_PEOPLE), (LEAST_PEOPLE, 0), (LEAST_PEOPLE, 5)])
def test_twenty_are_shown(people: int, others: int) -> None:
    refuse_few(people, others, 5, where="tables/x")
