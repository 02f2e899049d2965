"""Who is who in a story: people with one account, with several and with none, and accounts that nobody claims."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from tests.stories.story import Person

ACCOUNTS = "abcdef"
NAMES = ("p1", "p2", "p3", "p4", "p5")

# Acts lie on the first, fourth and eighth day and some minutes after, or on days that a story of its own chooses.
_BEGINNINGS = (None, None, None, "2026-03-02T00:05:00Z", "2026-03-05", "2026-03-09T00:10:00Z")
_ENDS = (None, None, None, "2026-03-05T00:10:00Z", "2026-03-09", "2026-03-16", "2026-05-16")
_FLAGS: tuple[dict[str, bool], ...] = ({}, {}, {}, {}, {}, {"active": False}, {"opt_out": True})


@st.composite
def memberships(
    draw: st.DrawFn, kind: str, groups: Sequence[str], roles: Sequence[str | None] = (None,)
) -> dict[str, Any]:
    """Return that somebody belongs to a group, always or for a while."""
    since, until = draw(st.sampled_from(_BEGINNINGS)), draw(st.sampled_from(_ENDS))
    told = {"role": draw(st.sampled_from(roles)), "from": since, "to": until if (since or "") < (until or "") else None}
    named = {"kind": kind, "group": draw(st.sampled_from(groups))}
    return {**named, **{name: value for name, value in told.items() if value is not None}}


@st.composite
def directories(draw: st.DrawFn, belonging: st.SearchStrategy[dict[str, Any]]) -> list[Person]:
    """Return some of the people, with the accounts they own and where they belong; nobody at all now and then.

    Everybody has an account of their own and one is nobody's, but for some that are others'.
    """
    known = draw(st.sampled_from([NAMES, NAMES, NAMES, NAMES[:2], ()]))
    owners = dict(zip(ACCOUNTS, NAMES, strict=False))
    owners |= draw(st.dictionaries(st.sampled_from(ACCOUNTS), st.sampled_from([*NAMES, ""]), max_size=2))
    return [
        {
            "id": name,
            "identifiers": [
                {"mbox": f"mailto:{account}@example.org"} for account, owner in owners.items() if owner == name
            ],
            "groups": draw(st.lists(belonging, min_size=1, max_size=4)),
            **draw(st.sampled_from(_FLAGS)),
        }
        for name in known
    ]
