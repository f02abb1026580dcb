"""What the owner does once: the rows that an installation begins with."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.core import db
from app.core.ids import new_id
from app.domain.permissions import Role
from app.models.accounts import Account, RoleHeld
from app.models.matters import ProfileVersion
from app.models.units import Installation

# Any number: two first starts at the same moment take turns.
_TURN = 4156


@contextmanager
def as_owner(owner_url: str) -> Iterator[db.Transaction]:
    """A transaction of the database's owner, one at a time."""
    engine = db.make_engine(owner_url, pool_size=1)
    try:
        with db.transaction(engine) as tx:
            tx.value("SELECT pg_advisory_xact_lock(%(turn)s)", {"turn": _TURN})
            yield tx
    finally:
        engine.dispose()


def account_named(tx: db.Transaction, login: str) -> UUID | None:
    found: UUID | None = tx.value(
        "SELECT id FROM account WHERE login = %(login)s", {"login": login}
    )
    return found


def add_account(tx: db.Transaction, *, login: str, name: str, role: Role, today: date) -> UUID:
    """An account that holds `role` on the whole installation."""
    account_id = new_id()
    tx.insert(Account, id=account_id, login=login, name=name)
    tx.insert(
        RoleHeld, id=new_id(), account_id=account_id, role=role, unit_path="", begins_on=today
    )
    return account_id


def set_credential(tx: db.Transaction, account_id: UUID, *, salt: str, proof: str) -> None:
    tx.value(
        "INSERT INTO credential (account_id, salt, verifier)"
        " VALUES (%(id)s, %(salt)s, sha256(convert_to(%(proof)s, 'UTF8')))"
        " ON CONFLICT (account_id) DO UPDATE"
        " SET salt = excluded.salt, verifier = excluded.verifier, changed_at = now()"
        " RETURNING account_id",
        {"id": account_id, "salt": salt, "proof": proof},
    )


def stored_profiles(tx: db.Transaction) -> set[str]:
    """The hashes of the profile versions that are there."""
    return {row["hash"] for row in tx.rows("SELECT hash FROM profile_version")}


def add_profile(
    tx: db.Transaction, *, name: str, version: str, digest: str, content: dict[str, Any]
) -> None:
    tx.insert(ProfileVersion, id=new_id(), name=name, version=version, hash=digest, content=content)


def choose_profile(tx: db.Transaction, name: str) -> None:
    tx.run(sa.update(Installation).values(profile_name=name))


def make_demo(tx: db.Transaction, day: date) -> None:
    """From here on this database has a day of its own and takes dated work."""
    tx.run(sa.update(Installation).values(demo=True, demo_day=day))


def office_zone(tx: db.Transaction) -> str:
    """The zone whose midnight turns the guard's day."""
    found: str = tx.value("SELECT guard.office_zone()")
    return found


def knows_zone(tx: db.Transaction, zone: str) -> bool:
    """Whether PostgreSQL, which has its own list of them, knows a zone by this name."""
    known: bool = tx.value(
        "SELECT EXISTS (SELECT 1 FROM pg_timezone_names WHERE name = %(zone)s)", {"zone": zone}
    )
    return known


def keep_zone(tx: db.Transaction, zone: str) -> None:
    """From here on the guard's day turns at that zone's midnight.

    The function says it itself: what it read elsewhere the planner couldn't fold into the
    policies, which would ask for it row by row.
    """
    tx.execute(
        tx.value(
            "SELECT format('CREATE OR REPLACE FUNCTION guard.office_zone() RETURNS text"
            " LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN %%L::text', %(zone)s::text)",
            {"zone": zone},
        )
    )


def revision(tx: db.Transaction) -> str | None:
    found: str | None = tx.value("SELECT version_num FROM alembic_version")
    return found


def matters(tx: db.Transaction) -> int:
    """How many there are; for the owner only, whom row security lets through."""
    return int(tx.value("SELECT count(*) FROM matter"))


def described(tx: db.Transaction) -> dict[str, Any]:
    """What this database is: open to everybody, signed in or not."""
    found = tx.row(
        "SELECT body_name, body_name_en, demo, demo_day, profile_name, district_id"
        " FROM installation"
    )
    if found is None:
        raise RuntimeError("the installation row is missing: migrate first")
    return found


def name_installation(
    tx: db.Transaction, *, district_id: UUID | None, body_name: str | None, body_name_en: str | None
) -> None:
    tx.value(
        "SELECT guard.name_installation(%(district)s, %(name)s, %(name_en)s)",
        {"district": district_id, "name": body_name, "name_en": body_name_en},
    )
