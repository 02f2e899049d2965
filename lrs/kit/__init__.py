"""The kit: what the author of a plugin tests it with, from a plain test in a package of its own.

    from lrs import kit

    def test_the_contract() -> None:
        kit.check_contract(plugin)

    def test_any_feed_gives_the_same() -> None:
        kit.check(plugin, STATEMENTS)

check           the plugin through every kind of feed, against recomputation   (checking, feeds, outcome)
check_contract  what a plugin promises by its value alone   (contract)
change          an interaction of one's own making, for tests of `apply`   (interactions)
scope           acts of one's own making, for tests of a metric   (scopes)

Telling and Derivation are what these are made of: a store that is told statements, and the readers driven by hand.
"""

from lrs.kit.checking import check
from lrs.kit.contract import check_contract
from lrs.kit.interactions import change, interaction
from lrs.kit.scopes import scope

__all__ = ["change", "check", "check_contract", "interaction", "scope"]
