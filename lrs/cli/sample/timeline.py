"""Everything that was sent, with the time it happened and the time it arrives."""

from random import Random
from uuid import UUID

from lrs.cli.sample.period import MINUTE, Period, stamp
from lrs.cli.sample.told import Sent, Told
from lrs.xapi import Json

SLOT = 20 * MINUTE  # twice the ten minutes within which a repeated act counts once
APART = 11 * MINUTE  # how far acts lie apart at the least that would else be taken for one


class Timeline:
    """Collects statements, gives them ids and timestamps, and puts them into the order of arrival."""

    def __init__(self, period: Period, rng: Random) -> None:
        self.period = period
        self.sent: list[Sent] = []
        self.by_id: dict[str, Sent] = {}
        self._rng = rng
        self._booked: set[tuple[str, str, int]] = set()

    def __len__(self) -> int:
        return len(self.sent)

    def add(
        self, statement: Json, at: int, sender: str, *acts: Told, repeatable: bool = True, withheld: bool = False
    ) -> Sent:
        """Send `statement` (without id and timestamp) at `at` ms, which tells `acts`; Moodle knows whole seconds only.

        A `withheld` statement gets its id and time, and never arrives.
        """
        if sender == "moodle":
            at -= at % 1000
        identifier = str(UUID(int=self._rng.getrandbits(128), version=4))
        whole = {"id": identifier, **statement, "timestamp": stamp(at, sender)}
        sent = Sent(identifier, whole, at, at, sender, repeatable, withheld, acts=acts)
        for act in acts:
            act.sent = sent
            for item in (act.made, act.about):
                if item is not None:
                    item.last = max(item.last, at)
            if act.made is not None:
                act.made.sent = sent
        if not withheld:
            self.sent.append(sent)
            self.by_id[identifier] = sent
        return sent

    def free(self, actor: str, thing: str, at: int) -> int:
        """Book the first time from `at` on at which `actor` is not busy with `thing`, else the last one before it.

        Keeps separate acts apart, so that the rule that drops repeated acts drops the retry twins alone.
        """
        for step in (SLOT, -SLOT):
            tick = at
            while self.period.holds(tick) and self._is_booked(actor, thing, tick // SLOT):
                tick += step
            if self.period.holds(tick):
                break
        else:
            tick = at
        self._booked.add((actor, thing, tick // SLOT))
        return tick

    def _is_booked(self, actor: str, thing: str, slot: int) -> bool:
        return any((actor, thing, near) in self._booked for near in (slot - 1, slot, slot + 1))

    def in_order_of_arrival(self) -> list[Json]:
        """Return the statements as senders post them."""
        return [sent.statement for sent in sorted(self.sent, key=lambda sent: (sent.arrives, sent.at, sent.id))]
