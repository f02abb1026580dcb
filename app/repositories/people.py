"""The registers of persons and of organisations, for those who work on matters."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.core.crypto import blind_index, seal
from app.core.db import Row
from app.core.ids import new_id
from app.core.keys import Keys
from app.domain import name_keys, name_order
from app.domain.name_order import NameOrder
from app.domain.permissions import Permission, Role
from app.models.people import Organisation, Person
from app.repositories.titles import title
from app.repositories.work import Work

# What matters need to name somebody; a list of it is no file.
_CARD = """
SELECT p.id, p.name, p.position, p.rank, p.member, p.public_employee, p.presumed, p.version,
       u.id AS unit_id, u.code AS unit_code, u.name AS unit_name
  FROM person p LEFT JOIN unit u ON u.id = p.unit_id
"""
# All of it: a row only while the file is open.
_FILE = """
SELECT p.id, p.name, f.id_number, p.position, p.rank, p.member, p.public_employee, p.presumed,
       f.male, f.born, f.ethnicity, f.joined_party, f.education,
       p.version, f.recorded_at, u.id AS unit_id, u.code AS unit_code, u.name AS unit_name
  FROM person p JOIN guard.person_file f ON f.id = p.id LEFT JOIN unit u ON u.id = p.unit_id
"""
_ORGANISATION = """
SELECT o.id, o.name, o.version, o.recorded_at,
       u.id AS unit_id, u.code AS unit_code, u.name AS unit_name
  FROM organisation o LEFT JOIN unit u ON u.id = o.unit_id
"""
_FIRST = ("", UUID(int=0))


def sealed_number(keys: Keys, person_id: UUID, number: str | None) -> dict[str, Any]:
    """The two columns that an identity number is kept in. It opens for this person only."""
    if number is None:
        return {"id_number": None, "id_index": None}
    return {
        "id_number": seal(keys, number, bound_to=str(person_id)),
        "id_index": blind_index(keys, number),
    }


def insert_person(tx: Work, *, number: str | None, values: dict[str, Any]) -> UUID:
    person_id = new_id()
    sealed = sealed_number(tx.keys, person_id, number)
    tx.insert(Person, id=person_id, **sealed, **values)
    _keep_keys(tx, person_id, values["name"])
    return person_id


def _keep_keys(tx: Work, person_id: UUID, name: str) -> None:
    """What a search finds the name by, and where it stands; a former name's went with it."""
    tx.value(
        "SELECT guard.keep_name(%(id)s, %(keys)s::text[], %(pinyin)s, %(strokes)s)",
        {
            "id": person_id,
            "keys": name_keys.keys(name),
            "pinyin": name_order.by_pinyin(name),
            "strokes": name_order.by_strokes(name),
        },
    )


def update_person(tx: Work, person_id: UUID, *, version: int, values: dict[str, Any]) -> None:
    """Raises Stale."""
    tx.change(
        sa.update(Person)
        .where(sa.column("id") == person_id, sa.column("version") == version)
        .values(version=version + 1, **values)
    )
    if "name" in values:
        _keep_keys(tx, person_id, values["name"])


def correct_name(tx: Work, involvement_id: UUID, name: str) -> None:
    """The register's name of somebody whom a matter is about, whoever's file is open."""
    person_id: UUID | None = tx.value(
        "SELECT guard.correct_name(%(id)s, %(name)s)", {"id": involvement_id, "name": name}
    )
    if person_id is not None:
        _keep_keys(tx, person_id, name)


def signed_of(tx: Work, person_id: UUID) -> bool:
    """Whether signatures rest on a matter of the actor's that names somebody."""
    return bool(
        tx.value(
            "SELECT EXISTS (SELECT 1 FROM involvement i"
            " CROSS JOIN LATERAL guard.held_signatures(i.matter_id) h"
            " WHERE i.person_id = %(id)s AND i.ended_on IS NULL)",
            {"id": person_id},
        )
    )


def person(tx: Work, person_id: UUID) -> Row | None:
    """As lists show somebody."""
    return tx.row(f"{_CARD} WHERE p.id = %(id)s", {"id": person_id})


def file_of(tx: Work, person_id: UUID) -> Row | None:
    """None while the file is closed."""
    return tx.row(f"{_FILE} WHERE p.id = %(id)s", {"id": person_id})


def persons_numbered(tx: Work, number: str) -> list[Row]:
    """One identity number under two names is two persons, both doubtful."""
    return tx.rows(
        f"{_CARD} WHERE p.id IN (SELECT guard.persons_numbered(%(index)s)) ORDER BY p.id",
        {"index": blind_index(tx.keys, number)},
    )


def hold_number(tx: Work, number: str) -> None:
    """Until the end of the transaction nobody else enters this number."""
    index = blind_index(tx.keys, number)
    tx.value(
        "SELECT pg_advisory_xact_lock(%(key)s)",
        {"key": int.from_bytes(index[:8], "big", signed=True)},
    )


def persons(
    tx: Work,
    *,
    name: str | None,
    unit_path: str | None,
    after: tuple[str, UUID] | None,
    limit: int,
) -> list[Row]:
    """By name; `name` is how it begins, `unit_path` covers the units below it."""
    last_name, last_id = after or _FIRST
    return tx.rows(
        f"{_CARD} WHERE (%(name)s::text IS NULL OR starts_with(p.name, %(name)s))"
        "   AND (%(path)s::text IS NULL OR u.path <@ %(path)s::ltree)"
        '   AND (p.name COLLATE "C", p.id) > (%(last_name)s, %(last_id)s)'
        ' ORDER BY p.name COLLATE "C", p.id LIMIT %(limit)s',
        {
            "name": name,
            "path": unit_path,
            "last_name": last_name,
            "last_id": last_id,
            "limit": limit,
        },
    )


def persons_in_order(
    tx: Work, order: NameOrder, *, name: str | None, after: tuple[str, UUID] | None, limit: int
) -> list[Row]:
    """As Chinese readers order names; `place` is what the next part begins after."""
    last, last_id = after or _FIRST
    # sql: the column is one of the two orders
    return tx.rows(
        f"SELECT c.*, k.{order.value} AS place FROM person_key k JOIN ({_CARD}) c"
        "     ON c.id = k.person_id"
        " WHERE (%(name)s::text IS NULL OR starts_with(c.name, %(name)s))"
        f"   AND (k.{order.value}, k.person_id) > (%(last)s, %(last_id)s)"
        f" ORDER BY k.{order.value}, k.person_id LIMIT %(limit)s",
        {"name": name, "last": last, "last_id": last_id, "limit": limit},
    )


def insert_organisation(tx: Work, *, name: str, unit_id: UUID | None) -> UUID:
    organisation_id = new_id()
    tx.insert(Organisation, id=organisation_id, name=name, unit_id=unit_id)
    return organisation_id


def update_organisation(
    tx: Work, organisation_id: UUID, *, version: int, values: dict[str, Any]
) -> None:
    """Raises Stale."""
    tx.change(
        sa.update(Organisation)
        .where(sa.column("id") == organisation_id, sa.column("version") == version)
        .values(version=version + 1, **values)
    )


def organisation(tx: Work, organisation_id: UUID) -> Row | None:
    return tx.row(f"{_ORGANISATION} WHERE o.id = %(id)s", {"id": organisation_id})


def organisations(
    tx: Work, *, name: str | None, after: tuple[str, UUID] | None, limit: int
) -> list[Row]:
    """By name; `name` is how it begins."""
    last_name, last_id = after or _FIRST
    return tx.rows(
        f"{_ORGANISATION} WHERE (%(name)s::text IS NULL OR starts_with(o.name, %(name)s))"
        '   AND (o.name COLLATE "C", o.id) > (%(last_name)s, %(last_id)s)'
        ' ORDER BY o.name COLLATE "C", o.id LIMIT %(limit)s',
        {"name": name, "last_name": last_name, "last_id": last_id, "limit": limit},
    )


def find_or_insert_presumed(tx: Work, name: str, unit_id: UUID, values: dict[str, Any]) -> UUID:
    """The person of this name in this unit; without an identity number presumed one person.

    Two of one name in one unit who differ by identity number are nobody's to guess between:
    then a new presumed person is entered. A reporting unit reads no register: it gets the id
    without learning whether the person was there.
    """
    if _only_reports(tx):
        entered = new_id()
        reported: UUID = tx.value(
            "SELECT guard.report_person(%(id)s, %(name)s, %(unit)s, %(position)s, %(rank)s,"
            " %(member)s, %(public_employee)s)",
            {"id": entered, "name": name, "unit": unit_id, **values},
        )
        if reported == entered:
            _keep_keys(tx, reported, name)
        return reported
    found = tx.rows(
        "SELECT p.id FROM person p WHERE p.name = %(name)s AND p.unit_id = %(unit)s"
        " ORDER BY p.id LIMIT 2",
        {"name": name, "unit": unit_id},
    )
    if len(found) == 1:
        known: UUID = found[0]["id"]
        return known
    return insert_person(
        tx, number=None, values={"name": name, "unit_id": unit_id, "presumed": True, **values}
    )


def _only_reports(tx: Work) -> bool:
    return tx.actor.holds(Role.REPORTING_UNIT) and not tx.actor.may(Permission.PEOPLE_READ)


def ranks(tx: Work, *, ids: list[UUID], names: list[str], unit_id: UUID) -> set[str | None]:
    """The ranks of these persons, and of those of these names in the unit."""
    if _only_reports(tx):
        rows = tx.rows(
            "SELECT r AS rank FROM guard.reported_ranks(%(names)s::text[], %(unit)s) r",
            {"names": names, "unit": unit_id},
        )
        return {row["rank"] for row in rows}
    found = tx.rows(
        "SELECT DISTINCT p.rank FROM person p WHERE p.id = ANY (%(ids)s)"
        "   OR (p.name = ANY (%(names)s) AND p.unit_id = %(unit)s)",
        {"ids": ids, "names": names, "unit": unit_id},
    )
    return {row["rank"] for row in found}


def find_or_insert_organisation(tx: Work, name: str, unit_id: UUID | None) -> UUID:
    if _only_reports(tx):
        reported: UUID = tx.value(
            "SELECT guard.report_organisation(%(id)s, %(name)s, %(unit)s)",
            {"id": new_id(), "name": name, "unit": unit_id},
        )
        return reported
    found: UUID | None = tx.value(
        "SELECT o.id FROM organisation o WHERE o.name = %(name)s"
        "   AND o.unit_id IS NOT DISTINCT FROM %(unit)s LIMIT 1",
        {"name": name, "unit": unit_id},
    )
    return found or insert_organisation(tx, name=name, unit_id=unit_id)


def matters_of(tx: Work, person_id: UUID) -> list[Row]:
    """The matters that name a person, as far as the reader may see them, newest first.

    `decided` holds [kind, measure] of each outcome that stands for this person.
    """
    return tx.rows(
        f"""
        SELECT m.id AS matter_id, m.kind, m.number, {title()} AS title, m.state, m.stage,
               m.effective, m.opened_on, m.closed_on, m.profile_id, i.part, i.alleged,
               (SELECT coalesce(jsonb_agg(jsonb_build_array(o.kind, o.measure)
                                          ORDER BY o.decided_on, o.id), '[]')
                  FROM outcome o WHERE o.involvement_id = i.id
                   AND NOT EXISTS (SELECT 1 FROM replacement r
                                    WHERE r.outcome_id = o.id)) AS decided
          FROM involvement i JOIN matter m ON m.id = i.matter_id
         WHERE i.person_id = %(id)s AND i.ended_on IS NULL
         ORDER BY m.opened_on DESC, m.number
        """,
        {"id": person_id},
    )
