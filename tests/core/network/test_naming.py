"""What people are called who are shown one by one."""

import hashlib
import hmac

import polars as pl

from lrs.core.analytics.pseudonyms import pseudonym
from lrs.core.network.naming import called
from lrs.plugin import code

KEY, OTHER = b"k" * 32, b"o" * 32
ANN, BEN = code("mbox:mailto:ann@example.org"), code("4711")


def test_a_pseudonym_is_the_same_each_time_and_another_under_another_key() -> None:
    assert pseudonym(ANN, KEY) == pseudonym(ANN, KEY)
    assert len({pseudonym(person, key) for person in (ANN, BEN) for key in (KEY, OTHER)}) == 4


def test_it_is_keyed_so_that_a_list_of_everybody_tells_nothing() -> None:
    told = ANN.to_bytes(8, "little", signed=True)

    assert pseudonym(ANN, KEY) == f"p-{hmac.digest(KEY, told, 'sha256').hex()[:20]}"
    assert hashlib.sha256(told).hexdigest()[:20] not in pseudonym(ANN, KEY)


def test_who_is_named_keeps_their_own_id_and_all_others_have_no_name() -> None:
    found = called(pl.Series([ANN, BEN]), {BEN: ("4711", "Ben")}, KEY)

    assert found.rows() == [(pseudonym(ANN, KEY), None), ("4711", "Ben")]
