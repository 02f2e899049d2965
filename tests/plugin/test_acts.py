"""What the contract says of interactions, beside what the normaliser makes."""

from lrs.kit import interaction
from lrs.plugin import FIELDS

THE_NORMALISERS_OWN = {
    *("named_target", "named_target_via", "target_ref", "target_ref_via", "aims"),
    *(
        "is_thread",
        "in_thread",
        "thread_id",
        "text_len",
        "voided",
        "repeats",
        "closed",
        "closes",
        "repetition",
        "needs",
    ),
}


def test_every_field_of_an_interaction_is_described_or_the_normalisers_own() -> None:
    assert interaction("reply").keys() == FIELDS.keys() | THE_NORMALISERS_OWN
    assert not FIELDS.keys() & THE_NORMALISERS_OWN
