"""How much is measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    only: Sequence[str] = ()
    sizes: Sequence[int] = (100_000, 1_000_000)
    rounds: int = 5
    seconds: float = 3.0
    ledger_rows: int = 100_000


SMALL = Plan(sizes=(5_000,), rounds=3, seconds=1.0, ledger_rows=2_000)
