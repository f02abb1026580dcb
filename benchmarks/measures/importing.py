"""A ledger of 100,000 leads: against the same rows inserted by hand, in time and in memory."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks import ledger
from benchmarks.measures.rounds import WRITES, Bed
from benchmarks.results import Result, at_most

SECONDS, MEMORY = 60, 400
MOST_ROUNDS = 3  # each takes a minute and more


@dataclass(frozen=True)
class Taken:
    rows: int
    seconds: float
    mib: float


def import_leads(bed: Bed) -> Iterator[Result]:
    ours, theirs = [], []
    for at in range(min(bed.rounds, MOST_ROUNDS)):
        ours.append(_take(bed, "ours", 2 * at))
        theirs.append(_take(bed, "yardstick", 2 * at + 1))
    ratio = round(
        statistics.median(b.seconds / a.seconds for a, b in zip(ours, theirs, strict=True)), 2
    )
    rows = bed.ledger_rows
    mine, yard = (statistics.median(each.seconds for each in side) for side in (ours, theirs))
    yield Result(
        name=f"import of {rows:,} leads",
        unit="rows/s",
        ours=round(rows / mine),
        yardstick=round(rows / yard),
        ratio=ratio,
        target=WRITES,
        met=ratio >= WRITES,
        ours_median=round(mine * 1000),
        ours_p99=round(max(each.seconds for each in ours) * 1000),
        yardstick_median=round(yard * 1000),
        yardstick_p99=round(max(each.seconds for each in theirs) * 1000),
    )
    yield at_most(f"import of {rows:,} leads, time", "s", round(mine, 1), SECONDS)
    peak = max(each.mib for each in ours)
    yield at_most(f"import of {rows:,} leads, memory", "MiB", round(peak), MEMORY)


def _take(bed: Bed, side: str, series: int) -> Taken:
    path = bed.folder / f"leads-{series}.csv"
    ledger.write(path, bed.ledger_rows, series=series)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.importer", side, str(path)],
        env={**os.environ, "BENCH": bed.bench.as_json()},
        capture_output=True,
        text=True,
        check=False,
    )
    path.unlink()
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-2000:])
    taken = Taken(**json.loads(done.stdout))
    if taken.rows != bed.ledger_rows:
        raise RuntimeError(f"{side} took {taken.rows} rows of {bed.ledger_rows}")
    return taken
