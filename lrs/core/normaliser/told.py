"""What one statement tells."""

from collections.abc import Sequence
from typing import NamedTuple

import orjson

from lrs.core.normaliser.acts import Act
from lrs.core.normaliser.interpret import Interpretation, interpret
from lrs.core.normaliser.rules import Rules
from lrs.plugin.reasons import reason
from lrs.store.feed import Arrival


class Told(NamedTuple):
    """What one statement tells, or why it can't be read."""

    arrival: Arrival
    interpretation: Interpretation
    failure: str | None = None

    @property
    def acts(self) -> Sequence[Act]:
        return self.interpretation.acts


def read(arrival: Arrival, rules: Rules) -> Told:
    """Return what a statement tells. One unreadable statement must not stop the others: it is listed for the admin."""
    try:
        return Told(arrival, interpret(orjson.loads(arrival.raw), rules))
    except Exception as error:
        return Told(arrival, Interpretation(), reason(error))
