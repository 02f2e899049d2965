"""The privacy guard: which cells are withheld, and the row an answer shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from .asked import Act, Measurement
from .calendar import Span


@dataclass(frozen=True)
class Shown:
    """A value, or None with a reason."""

    value: float | int | None
    reason: str | None = None


@dataclass(frozen=True)
class Row:
    """One row of an answer. `start` and `end` are None without buckets; `value` is None with a reason.

    `suppressed` says that the guard hides a value: it is False for `no_data`, `no_roster` and `source_cannot_tell`.
    `beside` are the metric's further values, which do not take part in a comparison of rows.
    """

    group: str | None
    start: datetime | None
    end: datetime | None
    value: float | int | None
    n_people: int | None
    n_acts: int | None
    suppressed: bool
    reason: str | None
    beside: Mapping[str, Shown] = field(default_factory=dict, compare=False)


def empty_row(reason: str, *, suppressed: bool) -> Row:
    """The only row of an answer that can't be split into groups."""
    return Row(None, None, None, None, None, None, suppressed, reason)


def withheld_row(group: str | None, bucket: Span | None, reason: str) -> Row:
    """A row that shows neither its value nor how many people and acts are behind it."""
    start, end = bucket or (None, None)
    return Row(group, start, end, None, None, None, True, reason)


def shown_row(group: str | None, bucket: Span | None, acts: Sequence[Act], found: Measurement, least_basis: int) -> Row:
    """A row of enough people; what rests on less than the least basis still hides its value."""
    start, end = bucket or (None, None)
    main = _shown(found, least_basis)
    beside = {name: _shown(each, least_basis) for name, each in found.beside.items()}
    counted = (main.value, len(contributors(acts)), len(acts))
    return Row(group, start, end, *counted, main.reason == "too_few_values", main.reason, beside)


def _shown(found: Measurement, least_basis: int) -> Shown:
    if found.value is None:
        return Shown(None, found.reason or "no_data")
    if found.basis is not None and found.basis < least_basis:
        return Shown(None, "too_few_values")
    return Shown(found.value)


def contributors(acts: Iterable[Act]) -> set[str]:
    """The people who did something."""
    return {act.actor for act in acts}


def whole_store_reason(acts: Sequence[Act], min_group: int) -> str | None:
    """Why the row of the whole store is withheld: somebody did something, but too few. Their targets don't matter."""
    return "too_few_people" if 0 < len(contributors(acts)) < min_group else None


def withheld_cells(week: Mapping[str, Sequence[Act]], min_group: int) -> dict[str, str]:
    """The reason for each group that is withheld in one week, from the acts of every group in it.

    Those with too few people or targets; and then the smallest others, one by one, for as long as the sum of what is
    withheld, which is known, tells of too few people or targets, or of how many people there are in a small group.
    """
    few = {group: "too_few_people" for group, acts in week.items() if _too_few(acts, min_group)}
    sizes = {group: len(contributors(acts)) for group, acts in week.items()}
    remaining = sorted((sizes[group], group) for group in week if group not in few)
    while few and remaining:
        together = [act for group in few for act in week[group]]
        if not _too_few(together, min_group) and _leaves_open(
            {name: sizes[name] for name in few}, remaining, min_group
        ):
            break
        few[remaining.pop(0)[1]] = "complementary"
    return few


def _too_few(acts: Sequence[Act], min_group: int) -> bool:
    targets = {act.target for act in acts if act.target}
    return len(contributors(acts)) < min_group or 0 < len(targets) < min_group


def _leaves_open(sizes: Mapping[str, int], remaining: Sequence[tuple[int, str]], min_group: int) -> bool:
    """Whether each small group may have several numbers of people, to who knows their sum and what is shown.

    A small group has from 1 to `min_group` - 1, any other `min_group` or more, but comes before what remains.
    """
    bounds: dict[str, tuple[int, int]] = {}
    for group, size in sizes.items():
        next_size, next_group = remaining[0]
        most = next_size if group < next_group else next_size - 1
        bounds[group] = (1, min_group - 1) if size < min_group else (min_group, max(size, most))
    for group in (name for name, size in sizes.items() if size < min_group):
        others = [bounds[name] for name in sizes if name != group]
        least, most = (sum(each) for each in zip((0, 0), *others, strict=True))
        rest = [sum(sizes.values()) - own for own in range(1, min_group)]
        if sum(least <= each <= most for each in rest) < 2:
            return False
    return True
