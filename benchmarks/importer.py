"""One ledger taken in, by ours or by hand, in a process of its own: prints seconds and MiB."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path

from app.core.db import make_engine
from app.core.keys import Keys
from app.core.shelf import Shelf
from app.domain.ledgers.families import Family
from app.repositories.work import Office
from app.services.imports import Source, import_file
from benchmarks.district import Bench, clock
from benchmarks.yardstick import importing
from benchmarks.yardstick.context import Desk


def ours(bench: Bench, path: Path) -> int:
    """As `plumbline import leads FILE --commit` does it."""
    office = Office(
        engine=make_engine(bench.app_url),
        clock=clock(),
        keys=Keys.read(bench.keys_file),
        shelf=Shelf(bench.keys_file.with_name("papers")),
    )
    with office.work(bench.sessions["operator"], use_case="imports.take") as tx:
        report, _ = import_file(tx, Source(path, path.name), Family.LEADS, commit=True)
    office.engine.dispose()
    if report.rejected or report.warned:
        raise RuntimeError(f"{report.rejected} rejected, {report.warned} warned about")
    return report.accepted


def yardstick(bench: Bench, path: Path) -> int:
    desk = Desk.of(bench, size=1)
    rows = importing.take(desk, path)
    desk.pool.close()
    return rows


def main() -> None:
    side, path = sys.argv[1], Path(sys.argv[2])
    bench = Bench.from_json(os.environ["BENCH"])
    began = time.perf_counter()
    rows = {"ours": ours, "yardstick": yardstick}[side](bench, path)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rows": rows, "seconds": seconds, "mib": peak}))


if __name__ == "__main__":
    main()
