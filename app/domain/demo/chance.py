"""Chance that is the same for everyone: a stream of its own per part of the district.

Parts don't disturb each other: a name more in one place changes nothing elsewhere.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice(random.Random):
    """Reproducible picks. Nothing secret may come from here."""

    def part(self, name: str) -> Dice:
        """A stream for one part; the same name gives the same stream."""
        return dice(f"{self.random()}:{name}")

    def shuffled(self, items: Sequence[T]) -> list[T]:
        return self.sample(items, len(items))

    def likely(self, share: float) -> bool:
        """True in about `share` of the calls."""
        return self.random() < share


def dice(seed: int | str) -> Dice:
    return Dice(str(seed))


class Rota:
    """Deals items out in turn, so that nobody gets all the work and no text tires."""

    def __init__(self, chance: Dice) -> None:
        self._chance = chance
        self._left: dict[tuple[object, ...], list[object]] = {}

    def next(self, items: Sequence[T]) -> T:
        key = tuple(items)
        left = self._left.get(key)
        if not left:
            left = list(self._chance.shuffled(items))
            self._left[key] = left
        return left.pop()  # type: ignore[return-value]
