"""The unit tree. Everybody signed in may read it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.core.db import Row
from app.core.ids import new_id
from app.domain.units import UnitPath
from app.models.units import Campaign, Unit
from app.repositories.work import Work

_COLUMNS = """
  u.id, u.code, u.name, u.kind, u.parent_id, p.code AS parent_code, u.path::text AS path,
  u.reporting, u.poor_village, u.closed_on
"""
_FROM = "FROM unit u LEFT JOIN unit p ON p.id = u.parent_id"


def insert_unit(
    tx: Work,
    *,
    code: str,
    name: str,
    kind: str,
    parent_id: UUID | None,
    path: UnitPath,
    reporting: bool,
    poor_village: bool,
) -> UUID:
    unit_id = new_id()
    tx.insert(
        Unit,
        id=unit_id,
        code=code,
        name=name,
        kind=kind,
        parent_id=parent_id,
        path=str(path),
        reporting=reporting,
        poor_village=poor_village,
    )
    return unit_id


def insert_units(tx: Work, rows: Sequence[dict[str, Any]]) -> None:
    """Many at once, parents first; each row has the columns of `unit`."""
    if rows:
        tx.run(sa.insert(Unit), rows)


def unit(tx: Work, unit_id: UUID) -> Row | None:
    return tx.row(f"SELECT {_COLUMNS} {_FROM} WHERE u.id = %(id)s", {"id": unit_id})


def unit_coded(tx: Work, code: str) -> Row | None:
    return tx.row(f"SELECT {_COLUMNS} {_FROM} WHERE u.code = %(code)s", {"code": code})


def units_named(tx: Work, name: str, *, under: UnitPath | None = None) -> list[Row]:
    """Those of exactly this name, oldest first: names repeat between townships."""
    return tx.rows(
        f"SELECT {_COLUMNS} {_FROM} WHERE u.name = %(name)s"
        "   AND (%(under)s::text IS NULL OR u.path <@ %(under)s::ltree)"
        " ORDER BY nlevel(u.path), u.path",
        {"name": name, "under": None if under is None else str(under)},
    )


def tree(
    tx: Work,
    *,
    under: UnitPath | None,
    kind: str | None = None,
    search: str | None = None,
    after: str | None = None,
    limit: int,
) -> list[Row]:
    """Units in the order of the tree: each before those below it."""
    return tx.rows(
        f"SELECT {_COLUMNS} {_FROM}"
        " WHERE (%(under)s::text IS NULL OR u.path <@ %(under)s::ltree)"
        "   AND (%(kind)s::text IS NULL OR u.kind = %(kind)s)"
        "   AND (%(search)s::text IS NULL OR u.name ILIKE %(search)s OR u.code ILIKE %(search)s)"
        "   AND (%(after)s::text IS NULL OR u.path > %(after)s::ltree)"
        " ORDER BY u.path LIMIT %(limit)s",
        {
            "under": None if under is None else str(under),
            "kind": kind,
            "search": None if search is None else containing(search),
            "after": after,
            "limit": limit,
        },
    )


def has_district(tx: Work) -> bool:
    return bool(tx.value("SELECT district_id IS NOT NULL FROM installation"))


def containing(search: str) -> str:
    """A pattern for ILIKE that takes what was typed as it stands."""
    escaped = search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def areas(tx: Work) -> list[Row]:
    """Townships and subdistricts by code: the places that lists are narrowed to."""
    return tx.rows(
        f"SELECT {_COLUMNS} {_FROM} WHERE u.kind IN ('township', 'subdistrict')"
        ' AND u.closed_on IS NULL ORDER BY u.code COLLATE "C"'
    )


def departments(tx: Work) -> list[Row]:
    """Units whose head could take a matter on, with those heads' names."""
    return tx.rows(
        f"SELECT {_COLUMNS}, string_agg(DISTINCT a.name, '、') AS heads {_FROM}"
        " JOIN role_held r ON r.unit_id = u.id AND r.role = 'department_head'"
        "  AND r.begins_on <= guard.today() AND (r.ends_on IS NULL OR r.ends_on > guard.today())"
        " JOIN account a ON a.id = r.account_id AND a.active"
        " WHERE u.closed_on IS NULL GROUP BY u.id, p.code"
        ' ORDER BY u.code COLLATE "C"'
    )


def places(tx: Work) -> list[Row]:
    """Every open place where something can have happened, with the name above it."""
    return tx.rows(
        "SELECT u.id, u.code, u.name, u.kind, u.path::text AS path, p.name AS parent_name"
        "  FROM unit u LEFT JOIN unit p ON p.id = u.parent_id AND p.kind <> 'district'"
        " WHERE u.closed_on IS NULL AND u.kind NOT IN ('office', 'team')"
        ' ORDER BY u.code COLLATE "C"'
    )


def campaign_known(tx: Work, campaign_id: UUID) -> bool:
    known: bool = tx.value(
        "SELECT EXISTS (SELECT FROM campaign WHERE id = %(id)s)", {"id": campaign_id}
    )
    return known


def campaigns(tx: Work) -> list[Row]:
    return tx.rows('SELECT id, key, name FROM campaign ORDER BY key COLLATE "C"')


def unit_at(tx: Work, path: UnitPath) -> Row | None:
    """The unit at a place of the tree."""
    return tx.row(f"SELECT {_COLUMNS} {_FROM} WHERE u.path = %(path)s::ltree", {"path": str(path)})


def insert_campaign(tx: Work, key: str, name: str) -> UUID:
    campaign_id = new_id()
    tx.insert(Campaign, id=campaign_id, key=key, name=name)
    return campaign_id
