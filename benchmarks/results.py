"""What came out: one line each, and `bench.json`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Result:
    """A figure beside its yardstick. Latencies are in milliseconds.

    `ratio` is ours over the yardstick's where more is better, and at least `target` is wanted.
    Without a yardstick `ours` itself is measured against `target`, and at most that is wanted;
    `ours_first` is what the first request took.
    """

    name: str
    unit: str
    ours: float
    target: float
    yardstick: float | None = None
    ratio: float | None = None
    met: bool
    ours_median: float | None = None
    ours_p99: float | None = None
    ours_first: float | None = None
    yardstick_median: float | None = None
    yardstick_p99: float | None = None


def at_most(name: str, unit: str, ours: float, target: float) -> Result:
    return Result(name=name, unit=unit, ours=ours, target=target, met=ours <= target)


def line(each: Result) -> str:
    verdict = "met" if each.met else "MISSED"
    if each.ratio is None:
        more = ""
        if each.ours_first is not None:
            more = f" (99 % {each.ours_p99:g}, the first {each.ours_first:g})"
        return f"{each.name}: {each.ours:,g} {each.unit}{more}; at most {each.target:g}: {verdict}"
    latencies = ""
    if each.ours_median is not None:
        latencies = (
            f", median {each.ours_median:g} and {each.yardstick_median:g} ms,"
            f" p99 {each.ours_p99:g} and {each.yardstick_p99:g} ms"
        )
    return (
        f"{each.name}: {each.ratio:g} of the yardstick ({each.ours:,g} and {each.yardstick:,g}"
        f" {each.unit}{latencies}); at least {each.target:g}: {verdict}"
    )


def write(path: Path, results: Sequence[Result]) -> None:
    path.write_text(json.dumps([asdict(each) for each in results], indent=1), encoding="utf-8")
