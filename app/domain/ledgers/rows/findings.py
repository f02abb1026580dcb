"""Findings 巡察发现: what an inspection team found, in which village, and the lead it became."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.ledgers.cells import Row
from app.domain.ledgers.findings import RowDoubt, Source
from app.domain.ledgers.header import Header
from app.domain.ledgers.numbers import number_key
from app.domain.ledgers.texts import one_line


@dataclass(frozen=True, slots=True)
class FindingRow:
    """`lead_number` is the lead that the finding was handed over as."""

    source_row: Source
    round: str
    team: str
    township: str
    village: str
    arrived_on: date | None
    left_on: date | None
    lead_number: str
    key: str
    problem: str
    found_on: date


def read_finding(row: Row, header: Header) -> FindingRow | None:  # noqa: ARG001
    number = row.number("number", required=True)
    arrived_on, left_on = row.date("arrived_on"), row.date("left_on")
    if row.has("stay") and (stay := row.period("stay")) is not None:
        arrived_on, left_on = arrived_on or stay.begins_on, left_on or stay.ends_on
    found_on = row.date("found_on", required=True)
    if found_on is None:
        return None
    outside = (arrived_on is not None and found_on < arrived_on) or (
        left_on is not None and found_on > left_on
    )
    if outside:
        row.doubts.append(
            RowDoubt(
                "finding_outside_round",
                None,
                {
                    "found_on": found_on.isoformat(),
                    "begins_on": arrived_on.isoformat() if arrived_on else "",
                    "ends_on": left_on.isoformat() if left_on else "",
                },
            )
        )
    return FindingRow(
        source_row=row.source,
        round=one_line(row.known_text("round")),
        team=one_line(row.known_text("team")),
        township=row.known_text("township"),
        village=row.known_text("village"),
        arrived_on=arrived_on,
        left_on=left_on,
        lead_number=number,
        key=number_key(number),
        problem=row.known_text("problem"),
        found_on=found_on,
    )
