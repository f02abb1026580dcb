"""Logging leads: over as many number series as there are districts, and over one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import count

from benchmarks.district import clerk
from benchmarks.measures.rounds import WRITES, Bed, compared
from benchmarks.results import Result

LOGGED = count()  # none of them says what another one did


def log_lead(bed: Bed) -> Iterator[Result]:
    for name, series in (("64 number series", len(bed.bench.villages)), ("one number series", 1)):
        ours, theirs = (
            lambda path=path, series=series: leads(bed, path, series)
            for path in ("/api/v1/leads", "/leads")
        )
        yield compared(bed, f"log a lead, {name}", WRITES, ours, theirs)


def lead(bed: Bed, at: int, series: int) -> dict[str, object]:
    return {
        "source": "supervision",
        "received_on": time.strftime("%Y-%m-%d"),
        "what": f"多领补助，第{next(LOGGED)}件",
        "unit_id": str(bed.bench.villages[at % series]),
        "subjects": [{"name": f"某{at % 500}"}],
    }


def leads(bed: Bed, path: str, series: int) -> Iterator[bytes]:
    for at in count():
        who = clerk(at % series)
        asked = path if path.startswith("/api/") else f"{path}?as={who}"
        yield bed.sides.post(asked, who, lead(bed, at, series))
