"""First start: the schema, the profiles, and the one account that exists before any other.

All of it as the database's owner, and all of it may be run again: what is there stays.
"""

import os
import secrets
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from alembic.config import Config
from alembic.script import ScriptDirectory

from alembic import command
from app.core import crypto, db
from app.core.clock import Clock
from app.core.db import Transaction
from app.domain.errors import N_, Unavailable
from app.domain.permissions import Role
from app.domain.profile import builtin_names, builtin_profile
from app.repositories import installation, instance
from app.repositories.work import Work

MIGRATIONS = Path(__file__).parents[2] / "alembic"
OPERATOR = "operator"
OPERATOR_NAME = "操作员 Operator"  # read in either language, whoever installs it


def migrate(owner_url: str) -> None:
    """Bring the schema to this program's version; two at the same moment take turns."""
    config = _config()
    config.attributes["url"] = owner_url
    command.upgrade(config, "head")


@cache
def newest_revision() -> str:
    """What `migrate` brings a database to."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise RuntimeError(f"there are no migrations in {MIGRATIONS}")
    return head


def knows(revision: str) -> bool:
    """Whether a database at that revision is one that this program can bring further."""
    known = {each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions()}
    return revision in known


def install(
    owner_url: str,
    *,
    secrets_folder: Path,
    clock: Clock,
    profile: str,
) -> None:
    """Migrate, store the profiles, and make the operator's account if there is none.

    `profile` is the one that a new installation works by; the others stand ready. The day of the
    database turns with `clock`'s from here on.

    Its password stands in `secrets_folder / "operator"`, mode 600. Raises Unavailable before
    anything is made where there is no such profile; where PostgreSQL knows no such zone.
    """
    if profile not in builtin_names():
        raise Unavailable(
            N_("PLUMBLINE_PROFILE names no procedure that comes with Plumbline: say {names}."),
            names=", ".join(builtin_names()),
        )
    migrate(owner_url)
    with installation.as_owner(owner_url) as tx:
        _keep_zone(tx, clock.zone)
        _store_profiles(tx)
        if installation.account_named(tx, OPERATOR) is None:
            installation.choose_profile(tx, profile)
            account_id = installation.add_account(
                tx,
                login=OPERATOR,
                name="操作员 Operator",
                role=Role.OPERATOR,
                today=clock.today(),
            )
            _give_password(tx, account_id, secrets_folder)


def renew_operator(owner_url: str, *, secrets_folder: Path) -> None:
    """A new password for the operator, an end to every session, and a new era of the history:
    after a restore."""
    with installation.as_owner(owner_url) as tx:
        account_id = installation.account_named(tx, OPERATOR)
        if account_id is None:
            raise RuntimeError("the restored database has no operator")
        _give_password(tx, account_id, secrets_folder)
        instance.end_sessions(tx)
        instance.begin_era(tx)


@dataclass(frozen=True, slots=True)
class About:
    """Whose installation this is; nothing that needs a sign-in."""

    body_name: str
    body_name_en: str
    demo: bool
    demo_day: date | None
    profile_name: str
    district_id: UUID | None
    zone: ZoneInfo


def _keep_zone(tx: Transaction, zone: ZoneInfo) -> None:
    if installation.office_zone(tx) == zone.key:
        return
    if not installation.knows_zone(tx, zone.key):
        raise Unavailable(
            N_("The database knows no time zone {zone}: name another with PLUMBLINE_TIMEZONE."),
            zone=zone.key,
        )
    installation.keep_zone(tx, zone.key)


def check_zone(tx: Transaction, zone: ZoneInfo) -> None:
    """Raises Unavailable where the database's days don't turn with ours: a role would begin here
    on another day than there."""
    kept = installation.office_zone(tx)
    if kept != zone.key:
        raise Unavailable(
            N_(
                "The database's days are those of {kept}, PLUMBLINE_TIMEZONE says {zone}: set it"
                " to the former, or run plumbline db upgrade to change the database."
            ),
            kept=kept, zone=zone.key,
        )  # fmt: skip


def _store_profiles(tx: Transaction) -> None:
    known = installation.stored_profiles(tx)
    for profile in map(builtin_profile, builtin_names()):
        if profile.hash not in known:
            installation.add_profile(
                tx,
                name=profile.name,
                version=profile.version,
                digest=profile.hash,
                content=profile.content(),
            )


def about(tx: Work) -> About:
    """Needs no sign-in. Names are empty until somebody gives them."""
    found = installation.described(tx)
    name = found["body_name"] or ""
    return About(
        body_name=name,
        body_name_en=found["body_name_en"] or name,
        demo=found["demo"],
        demo_day=found["demo_day"],
        profile_name=found["profile_name"],
        district_id=found["district_id"],
        zone=tx.office.clock.zone,
    )


def check_schema(tx: Work) -> None:
    """Raises Unavailable where the database waits for a migration, is ahead of us, or has other
    days."""
    if installation.revision(tx) != newest_revision():
        raise Unavailable(N_("The database waits for an upgrade."))
    check_zone(tx, tx.office.clock.zone)


def _give_password(tx: db.Transaction, account_id: UUID, secrets_folder: Path) -> None:
    # Written before the commit: an account whose password nobody knows is worse than a file
    # that opens nothing.
    password = _written_password(secrets_folder / OPERATOR)
    salt = crypto.new_password_salt()
    installation.set_credential(
        tx, account_id, salt=salt, proof=crypto.password_proof(password, salt)
    )


def _written_password(path: Path) -> str:
    password = secrets.token_urlsafe(24)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(password + "\n")
        file.flush()
        os.fsync(file.fileno())
    return password


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config
