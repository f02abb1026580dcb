"""What a chart is given: labels, exact values, how they are written, and where they open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

Number = int | Decimal


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar: what it is called, how much it is, its area's class, where it opens."""

    label: str
    value: Number
    area: str = "f-bar"
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of `stacked_bars`; `total` is written at its end."""

    label: str
    parts: Sequence[Part]
    total: str


@dataclass(frozen=True, slots=True)
class Point:
    """One bar, tile or end of a flow: its label and value; `shown` is how the value is written.

    An empty `area` is the chart's own.
    """

    label: str
    value: Number
    shown: str
    href: str | None = None
    area: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line over time. `style` is in, out or held; `shown` is how its last value is written.

    `told` says each value in words and `hrefs` where it opens: one for each value, or none.
    """

    label: str
    values: Sequence[Number]
    shown: str
    style: str = "in"
    hrefs: Sequence[str | None] = ()
    told: Sequence[str] = ()


def plain(value: Number) -> float:
    """For a place on the drawing only; what is written stays exact."""
    return float(value)


def scale_to(room: float, highest: float) -> float:
    return room / highest if highest > 0 else 0.0
