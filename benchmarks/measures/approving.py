"""Approving a step: each request is signed once, so each round has requests of its own."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.district import ask
from benchmarks.measures.rounds import WRITES, Bed, compared
from benchmarks.results import Result

# More than a round can sign.
A_SECOND = 1000


def approve(bed: Bed) -> Iterator[Result]:
    yield compared(
        bed,
        "approve a step",
        WRITES,
        lambda: signings(bed, "/api/v1/requests"),
        lambda: signings(bed, "/requests"),
    )


def signings(bed: Bed, path: str) -> Iterator[bytes]:
    waiting = ask(bed.bench, int(A_SECOND * bed.seconds))
    return (
        bed.sides.post(f"{path}/{each}/sign", "deputy", {"reason": "同意"}, **{"If-Match": '"1"'})
        for each in waiting
    )
