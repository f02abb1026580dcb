"""`make bench`: ours beside the yardsticks, interleaved in one run, as ratios.

The machines are noisy: only a ratio of two things measured in turn means something. Each figure
is the median of five rounds.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from app.core.embedded import Cluster, running
from benchmarks import large
from benchmarks.district import prepare
from benchmarks.measures import MEASURES
from benchmarks.measures.rounds import Bed
from benchmarks.plan import SMALL, Plan
from benchmarks.results import Result, line, write
from benchmarks.serving import serving

# On the smallest district only: they write much, or take long, and don't depend on its size.
ONCE = ("import",)


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument(
        "--only", type=lambda names: names.split(","), default=[], metavar="NAME,NAME",
        help=f"a part of {', '.join(MEASURES)}",
    )  # fmt: skip
    parser.add_argument("--small", action="store_true", help="a small district and short rounds")
    parser.add_argument("--large", action="store_true", help="a page over ten million matters")
    parser.add_argument("--matters", type=int, nargs="*", help="other sizes of the district")
    given = parser.parse_args()
    if unknown := set(given.only) - set(MEASURES):
        parser.error(f"there is no measure called {', '.join(sorted(unknown))}")
    plan = replace(SMALL if given.small else Plan(), only=given.only or tuple(MEASURES))
    if given.matters:
        plan = replace(plan, sizes=given.matters)
    with (
        tempfile.TemporaryDirectory(prefix="plumbline-bench-") as folder,
        running(Path(folder) / "data") as cluster,
    ):
        results = []
        measured = large.measured if given.large else _measured
        for each in measured(cluster, Path(folder), plan):
            results.append(each)
            print(line(each), flush=True)
    write(Path("bench.json"), results)
    return 0 if all(each.met for each in results) else 1


def _measured(cluster: Cluster, folder: Path, plan: Plan) -> Iterator[Result]:
    for matters in plan.sizes:
        print(f"loading {matters:,} matters", flush=True)
        bench = prepare(cluster, folder, matters)
        with serving(bench, folder) as sides:
            bed = Bed(
                bench=bench, sides=sides, cluster=cluster, folder=folder, rounds=plan.rounds,
                seconds=plan.seconds, ledger_rows=plan.ledger_rows,
            )  # fmt: skip
            for name in plan.only:
                if name in ONCE and matters != min(plan.sizes):
                    continue
                for each in MEASURES[name](bed):
                    yield replace(each, name=f"{each.name}; {matters:,} matters")


if __name__ == "__main__":
    sys.exit(main())
