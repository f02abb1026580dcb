"""What an import must find again: numbers, people, places, and money that waits for its lead.

Whoever imports may open no matter: functions of the guard answer with ids and dates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from app.core.db import Row
from app.repositories.work import Work

# Any number: two imports at the same moment take turns.
_TURN = 4157
STREAMED = 2000  # rows


class KnownMatter(NamedTuple):
    """A matter as an import may know it. `fund_item_id` is its undivided item, if any, and
    `fund_item_state` the state in which that is."""

    id: UUID
    number: str
    unit_id: UUID
    unit_path: str
    opened_on: date
    state: str
    classification: int
    assigned_unit_id: UUID | None
    assigned_path: str | None
    fund_item_state: str | None
    fund_item_id: UUID | None


class KnownPerson(NamedTuple):
    id: UUID
    name: str
    unit_id: UUID | None
    id_index: bytes | None
    presumed: bool


class Particulars(NamedTuple):
    """What a standard register tells of a person; the columns of their row."""

    male: bool | None = None
    born: str | None = None
    ethnicity: str | None = None
    joined_party: str | None = None
    education: str | None = None

    def filled(self, more: Particulars) -> Particulars:
        """This, and what `more` adds where nothing is known."""
        return Particulars(
            male=more.male if self.male is None else self.male,
            born=self.born or more.born,
            ethnicity=self.ethnicity or more.ethnicity,
            joined_party=self.joined_party or more.joined_party,
            education=self.education or more.education,
        )


NOTHING_TOLD = Particulars()


def take_turn(tx: Work) -> None:
    """Until the end of the transaction nobody else imports."""
    tx.value("SELECT pg_advisory_xact_lock(%(turn)s)", {"turn": _TURN})


def matters(tx: Work, kind: str) -> list[KnownMatter]:
    """All matters of a kind in the districts that the actor imports for."""
    # There may be hundreds of thousands: read a part at a time, and each unit, day and state that
    # they have in common kept once.
    kept: dict[object, Any] = {}
    query = b"SELECT * FROM guard.import_matters(%(kind)s)"
    with tx.driver.cursor() as cursor:
        return [
            KnownMatter._make(
                (id_, number, *(kept.setdefault(each, each) for each in common), fund_item_id)
            )
            for id_, number, *common, fund_item_id in cursor.stream(
                query, {"kind": kind}, size=STREAMED
            )
        ]


def hidden(tx: Work) -> frozenset[UUID]:
    """What the actor is walled off from, found on record all the same: numbers aren't given
    twice. Nothing of it may stand in what the importer reads."""
    return frozenset(tx.value("SELECT guard.walled()"))


def known_rows(tx: Work, family: str, hashes: Sequence[bytes]) -> set[bytes]:
    """Which of these rows were imported before."""
    found = tx.rows(
        "SELECT * FROM guard.import_known(%(family)s, %(hashes)s) AS hash",
        {"family": family, "hashes": list(hashes)},
    )
    return {bytes(row["hash"]) for row in found}


def file_imported_at(tx: Work, file_hash: bytes) -> datetime | None:
    found: datetime | None = tx.value("SELECT guard.import_of_file(%(hash)s)", {"hash": file_hash})
    return found


def persons(
    tx: Work, indexes: Sequence[bytes], named: Sequence[tuple[str, UUID]]
) -> list[KnownPerson]:
    """Those with one of these identity numbers, and those of these names in these units."""
    with tx.driver.cursor() as cursor:
        cursor.execute(
            b"SELECT * FROM guard.import_persons("
            b"%(indexes)s::bytea[], %(names)s::text[], %(units)s::uuid[])",
            {
                "indexes": list(indexes),
                "names": [name for name, _ in named],
                "units": [unit_id for _, unit_id in named],
            },
        )
        return [KnownPerson(*row) for row in cursor]


def number_persons(tx: Work, rows: Sequence[tuple[UUID, bytes, bytes]]) -> None:
    """Presumed persons whose identity number a ledger now gives: (id, sealed, index)."""
    for person_id, sealed, index in rows:
        tx.value(
            "SELECT guard.import_number(%(id)s, %(sealed)s, %(index)s)",
            {"id": person_id, "sealed": sealed, "index": index},
        )


def tell_of_persons(tx: Work, told: Mapping[UUID, Particulars]) -> None:
    """What registers tell of persons on record, where nothing is known of it."""
    tx.value(
        "SELECT guard.import_told(%(ids)s::uuid[], %(male)s::boolean[], %(born)s::text[],"
        " %(ethnicity)s::text[], %(joined_party)s::text[], %(education)s::text[])",
        {
            "ids": list(told),
            **{
                column: [getattr(each, column) for each in told.values()]
                for column in Particulars._fields
            },
        },
    )


def presume(tx: Work, people: Sequence[UUID]) -> None:
    """Mark persons that a ledger was matched to by name and unit only."""
    tx.execute(
        "UPDATE person SET presumed = true, version = version + 1"
        " WHERE id = ANY (%(people)s) AND NOT presumed",
        {"people": list(people)},
    )


def organisations(tx: Work, names: Sequence[str]) -> list[Row]:
    return tx.rows(
        "SELECT o.id, o.name, o.unit_id FROM organisation o WHERE o.name = ANY (%(names)s)",
        {"names": list(names)},
    )


def units(tx: Work) -> list[Row]:
    """The whole tree, each before those below it."""
    return tx.rows(
        "SELECT u.id, u.code, u.name, u.kind, u.parent_id, u.path::text AS path, u.reporting,"
        "       u.poor_village, u.closed_on FROM unit u ORDER BY u.path"
    )


def campaigns(tx: Work) -> dict[str, UUID]:
    return {row["key"]: row["id"] for row in tx.rows("SELECT id, key FROM campaign")}


def rounds(tx: Work) -> list[Row]:
    return tx.rows("SELECT id, name, begins_on, ends_on FROM inspection_round")


def reserve_numbers(tx: Work, kind: str, district: str, year: int, used: int) -> None:
    tx.value(
        "SELECT guard.reserve_numbers(%(kind)s, %(district)s, %(year)s, %(used)s)",
        {"kind": kind, "district": district, "year": year, "used": used},
    )


def waiting_cases(tx: Work) -> list[Row]:
    """(id, lead_number) of imported cases whose lead was not known."""
    return tx.rows("SELECT * FROM guard.import_waiting_cases()")


def cases_of_leads(tx: Work) -> dict[UUID, str]:
    return {
        row["lead_id"]: row["case_number"]
        for row in tx.rows("SELECT * FROM guard.import_cases_of_leads()")
    }


def waiting_findings(tx: Work) -> list[Row]:
    """(id, cited) of findings whose lead was not known."""
    return tx.rows("SELECT * FROM guard.import_waiting_findings()")


def attach_findings(tx: Work, findings: Sequence[UUID], leads: Sequence[UUID]) -> int:
    attached: int = tx.value(
        "SELECT guard.import_attach_findings(%(findings)s, %(leads)s)",
        {"findings": list(findings), "leads": list(leads)},
    )
    return attached


def name_rounds(tx: Work) -> None:
    """Leads learn from their findings which round they came from."""
    tx.value("SELECT guard.import_rounds()")


def note_repeats(tx: Work, batch_id: UUID) -> int:
    found: int = tx.value("SELECT guard.import_repeats(%(batch)s)", {"batch": batch_id})
    return found


def repeats_found(tx: Work, batch_id: UUID) -> list[Row]:
    return tx.rows("SELECT * FROM guard.import_repeats_found(%(batch)s)", {"batch": batch_id})


def note_doubts(tx: Work, batch_id: UUID) -> int:
    found: int = tx.value(
        "SELECT guard.import_doubts(%(batch)s, %(day)s)", {"batch": batch_id, "day": tx.today}
    )
    return found


def doubts_found(tx: Work, batch_id: UUID) -> list[Row]:
    """Of this batch and not settled: (rule, row, number, values)."""
    return tx.rows("SELECT * FROM guard.import_doubts_found(%(batch)s)", {"batch": batch_id})


def check_now(tx: Work) -> None:
    """Let the checks that wait for the commit speak already."""
    tx.execute("SET CONSTRAINTS ALL IMMEDIATE")
