"""Pages of lists, and a matter whole."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat

from benchmarks.measures.rounds import READS, Bed, compared
from benchmarks.results import Result

LISTS = "/api/v1/matters?kind=lead&limit=50"


def worklist(bed: Bed) -> Iterator[Result]:
    yield _read(bed, "worklist page", LISTS, "/worklist")


def filtered(bed: Bed) -> Iterator[Result]:
    yield _read(bed, "filtered list", f"{LISTS}&state=assessing&open=true", "/filtered")


def matter(bed: Bed) -> Iterator[Result]:
    wanted = bed.bench.matter
    yield _read(bed, "matter page", f"/api/v1/matters/{wanted}", f"/matters/{wanted}")


def _read(bed: Bed, name: str, ours: str, theirs: str) -> Result:
    mine, yard = (bed.sides.get(path, "manager") for path in (ours, theirs))
    return compared(bed, name, READS, lambda: repeat(mine), lambda: repeat(yard))
