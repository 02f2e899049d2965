"""Which keys a generation of interactions has, for who began it: most keys that are looked up were never written."""

from collections.abc import Collection, Hashable, Iterable
from enum import IntEnum
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Key = TypeVar("Key", bound=Hashable)

BITS = 1 << 27  # 16 MB: of ten million keys 2 % are wrongly taken for written
_MASK = np.uint64(BITS - 1)


class Space(IntEnum):
    """What a key belongs to; the value keeps equal keys of two spaces apart."""

    NEEDS = 0x1F83D9ABFB41BD6B
    CLOSES = 0x5BE0CD19137E2179
    REPETITIONS = 0x3C6EF372FE94F82B
    ITEMS = 0x510E527FADE682D1


class Seen:
    """The keys that were written, as a Bloom filter: one that was is always found, and a few that never were.

    Source: Bloom, Space/time trade-offs in hash coding with allowable errors, CACM 13(7), 1970.
    """

    def __init__(self) -> None:
        self._bits = np.zeros(BITS // 8, np.uint8)

    def add(self, space: Space, keys: Iterable[Hashable]) -> None:
        """Take keys in that are written."""
        for place in _places(space, keys):
            np.bitwise_or.at(self._bits, place >> np.uint64(3), _bit(place))

    def among(self, space: Space, keys: Collection[Key]) -> list[Key]:
        """Return those of the keys that may have been written."""
        one, other = ((self._bits[place >> np.uint64(3)] & _bit(place)) != 0 for place in _places(space, keys))
        return [key for key, found in zip(keys, (one & other).tolist(), strict=True) if found]


def _places(space: Space, keys: Iterable[Hashable]) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    hashes = np.fromiter(map(hash, keys), np.int64).view(np.uint64) ^ np.uint64(space)
    return hashes & _MASK, (hashes >> np.uint64(32)) & _MASK


def _bit(place: NDArray[np.uint64]) -> NDArray[np.uint8]:
    bits: NDArray[np.uint8] = np.left_shift(np.uint8(1), (place & np.uint64(7)).astype(np.uint8))
    return bits
