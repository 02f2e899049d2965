"""How much of a sample goes wrong, is taken back, or arrives late."""

from dataclasses import dataclass, fields

from lrs.errors import BadRequest

MOST_CORRECTED = 0.08  # what neither the stories nor the twins need


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """Shares between 0 and 1. Voids and deletes come to MOST_CORRECTED of the statements at the most."""

    voids: float = 0.005  # of the statements: voiding ones; what they void counts as never happened
    deletes: float = 0.005  # of the statements: deletes of posts and threads
    undone: float = 0.1  # of the reactions, follows, joins and reports: those that are taken back
    early_replies: float = 0.05  # of the replies: those that arrive before what they answer
    late: float = 0.01  # of the statements: others that arrive late
    unseen_starts: float = 0.01  # of the threads: those begun before their platform was connected

    def check(self) -> None:
        """Raise BadRequest for a share that is none, and for more corrections than there is room for."""
        for each in fields(self):
            if not 0 <= getattr(self, each.name) <= 1:
                raise BadRequest("not a share", where=each.name, accepted="0 to 1")
        if self.voids + self.deletes > MOST_CORRECTED:
            accepted = f"voids and deletes that come to {MOST_CORRECTED} together"
            raise BadRequest("too many corrections", where="voids", accepted=accepted)
