"""`python -m tests.conformance`: which clause of the specification is covered by which test, on standard output."""

import sys

from tests.conformance import clauses, listing


def main() -> int:
    """Print the list; 1 when a clause that can be tested is not."""
    inventory = clauses.read()
    collected = listing.collect("tests")
    print("\n".join(listing.lines(inventory, collected)))
    return any(clauses.untested_versions(each, collected) for each in inventory if not each.not_testable)


if __name__ == "__main__":
    sys.exit(main())
