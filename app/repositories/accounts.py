"""Accounts, roles and sessions. Credentials and sessions are the guard's: only its functions
touch them, and none of them ever gives out what it compares with."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from app.core.crypto import PARAMETERS
from app.core.db import Row, Transaction
from app.core.ids import new_id
from app.domain.permissions import Role
from app.domain.units import UnitPath
from app.models.accounts import Account, RoleHeld
from app.repositories.units import containing
from app.repositories.work import Work

SessionKind = Literal["browser", "program", "command"]

_COLUMNS = """
  a.id, a.login, a.name, a.clearance, a.active, a.locale, a.version, a.created_at,
  a.person_id, u.id AS unit_id, u.code AS unit_code, u.name AS unit_name
"""


def password_salt(tx: Transaction, login: str) -> str:
    """The salt of a login; for an unknown one, the same made-up salt each time."""
    salt: str = tx.value(
        "SELECT guard.password_salt(%(login)s, %(parameters)s)",
        {"login": login, "parameters": PARAMETERS},
    )
    return salt


def sign_in(
    tx: Transaction,
    *,
    login: str,
    proof: str,
    secret: str,
    lifetime: timedelta,
    kind: SessionKind = "command",
    idle: timedelta | None = None,
    fresh: timedelta | None = None,
    address: str | None = None,
    browser: str | None = None,
) -> str:
    """`opened`, `waits` (for a code), `refused` or `throttled`. A refusal is counted: let it
    commit."""
    result: str = tx.value(
        "SELECT guard.sign_in(%(login)s, %(proof)s, %(id)s, %(secret)s, %(lifetime)s,"
        " %(kind)s, %(idle)s, %(fresh)s, %(address)s, %(browser)s)",
        {
            "login": login,
            "proof": proof,
            "id": new_id(),
            "secret": secret,
            "lifetime": lifetime,
            "kind": kind,
            "idle": idle,
            "fresh": fresh,
            "address": address,
            "browser": browser,
        },
    )
    return result


def sign_out(tx: Transaction) -> None:
    tx.value("SELECT guard.sign_out()")


def change_password(tx: Transaction, *, old_proof: str, salt: str, proof: str) -> bool:
    """False where the old password was another. Ends the account's other sessions."""
    changed: bool = tx.value(
        "SELECT guard.change_password(%(old)s, %(salt)s, %(proof)s)",
        {"old": old_proof, "salt": salt, "proof": proof},
    )
    return changed


def make_password_link(
    tx: Transaction, account_id: UUID, *, token: str, lifetime: timedelta
) -> None:
    """Ends the account's earlier links."""
    tx.value(
        "SELECT guard.make_password_link(%(account)s, %(token)s, %(lifetime)s)",
        {"account": account_id, "token": token, "lifetime": lifetime},
    )


def password_link_login(tx: Transaction, token: str) -> str | None:
    """The login that a live link belongs to."""
    login: str | None = tx.value("SELECT guard.password_link_login(%(token)s)", {"token": token})
    return login


def redeem_password_link(tx: Transaction, *, token: str, salt: str, proof: str) -> bool:
    """False where the link is unknown, used or too old. Ends the account's sessions."""
    redeemed: bool = tx.value(
        "SELECT guard.redeem_password_link(%(token)s, %(salt)s, %(proof)s)",
        {"token": token, "salt": salt, "proof": proof},
    )
    return redeemed


def insert_account(tx: Work, values: dict[str, Any]) -> UUID:
    account_id = new_id()
    tx.insert(Account, id=account_id, **values)
    return account_id


def update_account(tx: Work, account_id: UUID, *, version: int, values: dict[str, Any]) -> None:
    """Raises Stale where the account has another version by now, or lies out of reach."""
    tx.change(
        sa.update(Account)
        .where(sa.column("id") == account_id, sa.column("version") == version)
        .values(version=version + 1, **values)
    )


def login_taken(tx: Work, login: str) -> bool:
    return bool(
        tx.value(
            "SELECT EXISTS (SELECT 1 FROM account WHERE lower(login) = lower(%(login)s))",
            {"login": login},
        )
    )


def by_login(tx: Work, login: str) -> Row | None:
    """An active account by the name it signs in with."""
    return tx.row(
        "SELECT a.id, a.name FROM account a WHERE a.login = %(login)s AND a.active",
        {"login": login},
    )


def colleagues(tx: Work, *, limit: int, roles: Collection[Role] | None = None) -> list[Row]:
    """Others who work on matters in a district of the actor's, by unit and name; only those who
    hold one of `roles`, if any are given."""
    return tx.rows(
        """
        SELECT a.id, a.login, a.name, u.name AS unit_name
          FROM account a LEFT JOIN unit u ON u.id = a.unit_id
         WHERE a.active AND a.id <> %(me)s AND EXISTS (
                 SELECT 1 FROM role_held r WHERE r.account_id = a.id
                    AND r.role NOT IN ('administrator', 'operator', 'auditor', 'reporting_unit')
                    AND (%(roles)s::text[] IS NULL OR r.role = ANY (%(roles)s::text[]))
                    AND r.unit_path <@ ANY (%(roots)s::ltree[])
                    AND r.begins_on <= guard.today()
                    AND (r.ends_on IS NULL OR r.ends_on > guard.today()))
         ORDER BY u.path NULLS FIRST, a.name COLLATE "C", a.id LIMIT %(limit)s
        """,
        {
            "me": tx.actor.account_id,
            "roots": sorted({g.unit.root.value for g in tx.actor.grants if g.unit.value}),
            "roles": None if roles is None else sorted(role.value for role in roles),
            "limit": limit,
        },
    )


def manages(tx: Work, account_id: UUID) -> bool:
    """Whether the actor may administer this account."""
    return bool(tx.value("SELECT guard.manages(%(id)s)", {"id": account_id}))


def account(tx: Work, account_id: UUID) -> Row | None:
    return tx.row(
        f"SELECT {_COLUMNS} FROM account a LEFT JOIN unit u ON u.id = a.unit_id"
        " WHERE a.id = %(id)s",
        {"id": account_id},
    )


def administered(
    tx: Work, *, search: str | None, after: tuple[str, UUID] | None, limit: int
) -> list[Row]:
    """The accounts that the actor administers, by login."""
    login, account_id = after or ("", UUID(int=0))
    return tx.rows(
        f"SELECT {_COLUMNS} FROM account a LEFT JOIN unit u ON u.id = a.unit_id"
        " WHERE coalesce(u.path, ''::ltree)"
        "       <@ (SELECT guard.reach('{administrator,operator}'))"
        "   AND (%(search)s::text IS NULL OR a.login ILIKE %(search)s OR a.name ILIKE %(search)s)"
        '   AND (a.login COLLATE "C", a.id) > (%(login)s, %(id)s)'
        ' ORDER BY a.login COLLATE "C", a.id LIMIT %(limit)s',
        {
            "search": None if search is None else containing(search),
            "login": login,
            "id": account_id,
            "limit": limit,
        },
    )


def roles_of(tx: Work, account_ids: Sequence[UUID]) -> list[Row]:
    """The roles held today or later, by account; told in the office's days."""
    return tx.rows(
        "SELECT r.id, r.account_id, r.role, r.begins_on - %(apart)s AS begins_on,"
        "       r.ends_on - %(apart)s AS ends_on, u.id AS unit_id, u.code AS unit_code,"
        "       u.name AS unit_name"
        "  FROM role_held r LEFT JOIN unit u ON u.id = r.unit_id"
        " WHERE r.account_id = ANY(%(ids)s)"
        "   AND (r.ends_on IS NULL OR r.ends_on > guard.today())"
        " ORDER BY r.role, r.unit_path, r.id",
        {"ids": list(account_ids), "apart": tx.lasts_apart().days},
    )


def insert_role(
    tx: Work,
    *,
    account_id: UUID,
    role: str,
    unit_id: UUID | None,
    unit_path: UnitPath,
    begins_on: date,
    ends_on: date | None,
) -> UUID:
    role_id = new_id()
    tx.insert(
        RoleHeld,
        id=role_id,
        account_id=account_id,
        role=role,
        unit_id=unit_id,
        unit_path=str(unit_path),
        begins_on=begins_on,
        ends_on=ends_on,
    )
    return role_id


def role(tx: Work, role_id: UUID) -> Row | None:
    return tx.row(
        "SELECT id, account_id, role, unit_id, unit_path::text AS unit_path, begins_on, ends_on"
        "  FROM role_held WHERE id = %(id)s",
        {"id": role_id},
    )


def end_role(tx: Work, role_id: UUID, *, on: date) -> None:
    """Raises Stale where it ended already."""
    tx.change(
        sa.update(RoleHeld)
        .where(
            sa.column("id") == role_id,
            sa.or_(sa.column("ends_on").is_(None), sa.column("ends_on") > on),
        )
        .values(ends_on=on)
    )


def holds_role(tx: Transaction, account_id: UUID, role: Role) -> bool:
    """Whether an active account holds a role anywhere today."""
    return bool(
        tx.value(
            "SELECT EXISTS (SELECT 1 FROM role_held r JOIN account a ON a.id = r.account_id"
            "   WHERE r.account_id = %(id)s AND r.role = %(role)s AND a.active"
            "     AND r.begins_on <= guard.today()"
            "     AND (r.ends_on IS NULL OR r.ends_on > guard.today()))",
            {"id": account_id, "role": role.value},
        )
    )


def holds_over(tx: Transaction, account_id: UUID, roles: Collection[Role], matter_id: UUID) -> bool:
    """Whether an active account holds one of some roles today where a matter is, or is handled."""
    return bool(
        tx.value(
            "SELECT EXISTS (SELECT 1 FROM role_held r JOIN account a ON a.id = r.account_id"
            "   JOIN matter m ON m.unit_path <@ r.unit_path OR m.assigned_path <@ r.unit_path"
            "   WHERE r.account_id = %(id)s AND r.role = ANY (%(roles)s) AND a.active"
            "     AND m.id = %(matter)s AND r.begins_on <= guard.today()"
            "     AND (r.ends_on IS NULL OR r.ends_on > guard.today()))",
            {"id": account_id, "roles": [role.value for role in roles], "matter": matter_id},
        )
    )


def left(tx: Transaction, account_id: UUID) -> bool:
    """Whether an account has ended."""
    return not tx.value("SELECT a.active FROM account a WHERE a.id = %(id)s", {"id": account_id})


def cleared(tx: Transaction, account_id: UUID, classification: int) -> bool:
    return bool(
        tx.value(
            "SELECT a.clearance >= %(mark)s FROM account a WHERE a.id = %(id)s",
            {"id": account_id, "mark": classification},
        )
    )


def name(tx: Transaction, account_id: UUID) -> str | None:
    found: str | None = tx.value(
        "SELECT a.name FROM account a WHERE a.id = %(id)s", {"id": account_id}
    )
    return found
