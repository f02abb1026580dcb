"""CSV against `COPY … TO STDOUT` by hand, and the memory that streaming it takes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_connection
from threading import Event, Thread

from app.domain.profile import builtin_profile
from app.services.exports.words import said
from benchmarks.measures.rounds import EXPORTS, Bed
from benchmarks.results import Result, at_most
from benchmarks.yardstick.context import Desk, today
from benchmarks.yardstick.export import copied

PATH = "/api/v1/exports/matters.csv"
GROWTH = 32  # MiB at most, whatever the list's length


def words() -> dict[str, str]:
    return dict(said(builtin_profile("cn-discipline"), "zh_CN"))


def export(bed: Bed) -> Iterator[Result]:
    desk = Desk.of(bed.bench, size=1)
    ours, theirs, grown, size = [], [], [], 0
    for _ in range(bed.rounds):
        with _watched(bed.sides.pid) as growth:
            began = time.perf_counter()
            size = _download(bed.sides.ours, bed.sides.get(PATH, "auditor"))
            ours.append(time.perf_counter() - began)
        grown.append(growth[0])
        began = time.perf_counter()
        sum(len(block) for block in copied(desk, words(), today()))
        theirs.append(time.perf_counter() - began)
    desk.pool.close()
    ratio = round(statistics.median(b / a for a, b in zip(ours, theirs, strict=True)), 2)
    yield Result(
        name="CSV export",
        unit="MB/s",
        ours=round(size / statistics.median(ours) / 1e6, 2),
        yardstick=round(size / statistics.median(theirs) / 1e6, 2),
        ratio=ratio,
        target=EXPORTS,
        met=ratio >= EXPORTS,
        ours_median=round(statistics.median(ours) * 1000),
        ours_p99=round(max(ours) * 1000),
        yardstick_median=round(statistics.median(theirs) * 1000),
        yardstick_p99=round(max(theirs) * 1000),
    )
    # The first one loads what every later one uses.
    yield at_most("CSV export, memory that it grows by", "MiB", round(grown[-1], 1), GROWTH)


def beside(bed: Bed, name: str, target: float) -> Result:
    """The same export from both sides, by turns."""
    request = bed.sides.get(PATH, "auditor")
    took: dict[int, list[float]] = {bed.sides.ours: [], bed.sides.yardstick: []}
    size = 0
    for _ in range(bed.rounds):
        for port, times in took.items():
            began = time.perf_counter()
            size = _download(port, request)
            times.append(time.perf_counter() - began)
    ours, theirs = (statistics.median(times) for times in took.values())
    ratio = round(statistics.median(b / a for a, b in zip(*took.values(), strict=True)), 2)
    return Result(
        name=name, unit="MB/s", ours=round(size / ours / 1e6, 2),
        yardstick=round(size / theirs / 1e6, 2), ratio=ratio, target=target, met=ratio >= target,
    )  # fmt: skip


def _download(port: int, request: bytes) -> int:
    """The whole answer's size."""
    with create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(request.replace(b"HTTP/1.1", b"HTTP/1.0", 1))
        size, first = 0, b""
        while block := connection.recv(1 << 20):
            first = first or block[:15]
            size += len(block)
    if b" 200 " not in first:
        raise RuntimeError(first.decode())
    return size


@contextmanager
def _watched(pid: int) -> Iterator[list[float]]:
    """By how many MiB the process grew at most, looked at twenty times a second."""
    before, grown, over = resident(pid), [0.0], Event()

    def look() -> None:
        while not over.wait(0.05):
            grown[0] = max(grown[0], resident(pid) - before)

    watch = Thread(target=look)
    watch.start()
    try:
        yield grown
    finally:
        over.set()
        watch.join()


def resident(pid: int) -> float:
    """MiB of memory that a process holds."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0
