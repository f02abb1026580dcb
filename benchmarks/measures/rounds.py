"""Two sides in turn, so that what else the machine does falls on both."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.core.embedded import Cluster
from benchmarks.district import Bench
from benchmarks.load import Measured, measure
from benchmarks.results import Result
from benchmarks.serving import Sides

READS, WRITES, EXPORTS = 0.6, 0.5, 0.8

Requests = Callable[[], Iterator[bytes]]


@dataclass(frozen=True)
class Bed:
    """A loaded district, both sides, and how long to measure."""

    bench: Bench
    sides: Sides
    cluster: Cluster
    folder: Path
    rounds: int
    seconds: float
    ledger_rows: int


def compared(bed: Bed, name: str, target: float, ours: Requests, theirs: Requests) -> Result:
    """Medians of rounds that take turns; a round's ratio is of two measures made in a row.

    Each round asks for its requests anew.
    """
    sides = ((bed.sides.ours, ours), (bed.sides.yardstick, theirs))
    for port, requests in sides:  # warm
        measure(port, requests(), seconds=min(1.0, bed.seconds))
    rounds = []
    for at in range(bed.rounds):
        # Who goes first alternates.
        turn = sides if at % 2 == 0 else tuple(reversed(sides))
        found = {port: measure(port, requests(), seconds=bed.seconds) for port, requests in turn}
        rounds.append((found[bed.sides.ours], found[bed.sides.yardstick]))
    ratio = statistics.median(mine.rate / yard.rate for mine, yard in rounds)
    mine, yard = ([pair[at] for pair in rounds] for at in (0, 1))
    return Result(
        name=name,
        unit="requests/s",
        ours=round(_median(mine, "rate"), 1),
        yardstick=round(_median(yard, "rate"), 1),
        ratio=round(ratio, 2),
        target=target,
        met=round(ratio, 2) >= target,
        ours_median=round(_median(mine, "median"), 1),
        ours_p99=round(_median(mine, "p99"), 1),
        yardstick_median=round(_median(yard, "median"), 1),
        yardstick_p99=round(_median(yard, "p99"), 1),
    )


def _median(found: list[Measured], name: str) -> float:
    values: list[float] = [getattr(each, name) for each in found]
    return statistics.median(values)
