"""A page over ten million matters beside the same page over a hundred thousand."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

from app.core.embedded import Cluster
from benchmarks.district import prepare
from benchmarks.load import measure
from benchmarks.measures.reading import LISTS
from benchmarks.plan import Plan
from benchmarks.results import Result, at_most
from benchmarks.serving import serving

SIZES = (100_000, 10_000_000)
COSTS = 1.5


def measured(cluster: Cluster, folder: Path, plan: Plan) -> Iterator[Result]:
    benches = []
    for matters in SIZES:
        print(f"loading {matters:,} matters", flush=True)
        benches.append(prepare(cluster, folder, matters))
    small, large = benches
    with serving(small, folder) as few, serving(large, folder) as many:
        for name, path in (
            ("worklist page", LISTS),
            ("filtered list", f"{LISTS}&state=assessing&open=true"),
        ):
            costs = []
            for _ in range(plan.rounds + 1):  # the first warms
                fast, slow = (
                    measure(side.ours, repeat(side.get(path, "manager")), seconds=plan.seconds)
                    for side in (few, many)
                )
                costs.append(fast.rate / slow.rate)
            cost = round(statistics.median(costs[1:]), 2)
            yield at_most(f"{name}, cost over {SIZES[1]:,} of that over {SIZES[0]:,}", "times",
                          cost, COSTS)  # fmt: skip
