"""Accounts, what they hold, and their live sessions.

The application's role can read neither `credential` nor `session`: the guard's functions do.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Interval,
    LargeBinary,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from app.domain.permissions import Role
from app.models.columns import MOMENT, LTree, key, one_of, preset, ref, words


class Account(SQLModel, table=True):
    """Somebody who signs in. `unit_id` is where they work."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("clearance between 0 and 2", name="clearance_known"),
        Index("ix_account_bare", text("guard.bare_name(name)")),
        one_of("locale", ["zh_CN", "en"]),
    )

    id: UUID = key()
    login: str = words(unique=True)
    name: str = words()
    person_id: UUID | None = ref("person.id", nullable=True)
    unit_id: UUID | None = ref("unit.id", nullable=True)
    clearance: int = preset(0)
    active: bool = preset(True)
    locale: str = preset("zh_CN")
    version: int = preset(1)
    created_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")})


class RoleHeld(SQLModel, table=True):
    """A role on a unit's subtree, from a day until another (exclusive).

    Without a unit it is held on the whole installation, whose first unit may not be there yet:
    only who runs Plumbline holds that, and its path is the empty one, above all others.
    """

    __tablename__ = "role_held"
    __table_args__ = (
        one_of("role", list(Role)),
        CheckConstraint(
            "(unit_id IS NULL) = (unit_path = ''::ltree)"
            " AND (unit_id IS NOT NULL OR role IN ('administrator', 'operator'))",
            name="whole_installation",
        ),
        Index("ix_role_held_role_path", "role", "unit_path"),
    )

    id: UUID = key()
    account_id: UUID = ref("account.id")
    role: str = words()
    unit_id: UUID | None = ref("unit.id", index=False, nullable=True)
    unit_path: str = Field(sa_type=LTree)
    begins_on: date
    ends_on: date | None = None
    delegation_id: UUID | None = ref("delegation.id", nullable=True)


class Delegation(SQLModel, table=True):
    """Somebody stands in: `to_id` holds what `from_id` holds, until a day (exclusive)."""

    __tablename__ = "delegation"
    __table_args__ = (
        CheckConstraint("ends_on > begins_on AND ends_on <= begins_on + 92", name="for_a_time"),
        CheckConstraint("from_id <> to_id", name="not_to_oneself"),
    )

    id: UUID = key()
    from_id: UUID = ref("account.id")
    to_id: UUID = ref("account.id")
    reason: str = words()
    begins_on: date
    ends_on: date
    ended_on: date | None = None
    recorded_at: datetime = Field(
        sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")}
    )


class RoleRequest(SQLModel, table=True):
    """A role that one administrator asks for and another gives, or refuses."""

    __tablename__ = "role_request"
    __table_args__ = (
        one_of("role", list(Role)),
        CheckConstraint("confirmed IS NOT TRUE OR asked_by <> decided_by", name="second_hand"),
        CheckConstraint(
            "account_id <> asked_by AND account_id <> decided_by", name="not_for_oneself"
        ),
    )

    id: UUID = key()
    account_id: UUID = ref("account.id")
    role: str = words()
    unit_id: UUID | None = ref("unit.id", index=False, nullable=True)
    begins_on: date
    ends_on: date | None = None
    asked_by: UUID = ref("account.id", index=False)
    asked_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")})
    decided_by: UUID | None = ref("account.id", index=False, nullable=True)
    decided_at: datetime | None = Field(default=None, sa_type=MOMENT)
    confirmed: bool | None = None


class Credential(SQLModel, table=True):
    """How an account proves itself: `salt` is the argon2 parameters and salt, which the
    application may ask for; `verifier` is the SHA-256 of the whole argon2 string, which it
    may not."""

    __tablename__ = "credential"

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    salt: str = words()
    verifier: bytes = Field(sa_type=LargeBinary)
    changed_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")})


class PasswordLink(SQLModel, table=True):
    """A one-use link with which its holder sets a password; only its hash is kept."""

    __tablename__ = "password_link"

    token_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    account_id: UUID = ref("account.id")
    expires_at: datetime = Field(sa_type=MOMENT)
    used_at: datetime | None = Field(default=None, sa_type=MOMENT)


class Session(SQLModel, table=True):
    """A live session; the row holds the hash of its secret. A key for a program is one too, with
    a name and a part of its owner's permissions."""

    __tablename__ = "session"
    __table_args__ = (
        one_of("kind", ["browser", "program", "command", "key"]),
        CheckConstraint(
            "(kind = 'key') = (scope IS NOT NULL) AND (kind = 'key') = (name IS NOT NULL)",
            name="key_is_scoped",
        ),
        Index("uq_session_secret_hash", "secret_hash", unique=True),
    )

    id: UUID = key()
    account_id: UUID = ref("account.id")
    secret_hash: bytes = Field(sa_type=LargeBinary)
    opened_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")})
    expires_at: datetime = Field(sa_type=MOMENT)
    ended_at: datetime | None = Field(default=None, sa_type=MOMENT)
    kind: str = preset("browser")
    name: str | None = words(nullable=True)
    scope: list[str] | None = Field(default=None, sa_type=ARRAY(Text))
    pending: bool = preset(False)  # the password was right, the second factor's code is missing
    idle_limit: timedelta = Field(
        sa_type=Interval, sa_column_kwargs={"server_default": text("'12:00:00'")}
    )
    fresh_until: datetime = Field(
        sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")}
    )


def _of_session(*, primary_key: bool = False) -> Column[UUID]:
    """Goes with its session."""
    return Column(
        Uuid,
        ForeignKey("session.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
        index=not primary_key,
    )


class SessionUse(SQLModel, table=True):
    """When a session was used at the latest, to the minute. A row apart: what ends a session
    never waits for a long transaction of its own."""

    __tablename__ = "session_use"

    session_id: UUID = Field(sa_column=_of_session(primary_key=True))
    used_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")})


class RefreshToken(SQLModel, table=True):
    """What a program gets its next token with, once. Those of one session are a family."""

    __tablename__ = "refresh_token"

    token_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    session_id: UUID = Field(sa_column=_of_session())
    given_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")})
    used_at: datetime | None = Field(default=None, sa_type=MOMENT)


class KnownBrowser(SQLModel, table=True):
    """A browser that an account signed in with: its failures are counted apart."""

    __tablename__ = "known_browser"

    token_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    account_id: UUID = Field(primary_key=True, foreign_key="account.id", sa_type=Uuid, index=True)
    expires_at: datetime = Field(sa_type=MOMENT)


class SignInAttempt(SQLModel, table=True):
    """Failed sign-ins, to slow guessing down. `subject` is a keyed hash of what is counted by:
    the login that was typed, the address it came from, a known browser, a session."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_at", "at"),
        Index("ix_sign_in_attempt_subject_at", "subject", "at"),
    )

    id: UUID = key()
    subject: bytes = Field(sa_type=LargeBinary)
    at: datetime = Field(sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")})


class AccountRequest(SQLModel, table=True):
    """What widens sight through an account, until a second administrator confirms it: a higher
    `clearance`, an ended account that is `active` again, another `person` (or none, empty)."""

    __tablename__ = "account_request"
    __table_args__ = (
        one_of("what", ["clearance", "active", "person"]),
        CheckConstraint("confirmed IS NOT TRUE OR asked_by <> decided_by", name="second_hand"),
        CheckConstraint(
            "account_id <> asked_by AND account_id <> decided_by", name="not_for_oneself"
        ),
        Index(
            "uq_account_request_waiting",
            "account_id",
            "what",
            unique=True,
            postgresql_where=text("decided_at IS NULL"),
        ),
    )

    id: UUID = key()
    account_id: UUID = ref("account.id")
    what: str = words()
    value: str = words()
    asked_by: UUID = ref("account.id", index=False)
    asked_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")})
    decided_by: UUID | None = ref("account.id", nullable=True, index=False)
    decided_at: datetime | None = Field(default=None, sa_type=MOMENT)
    confirmed: bool | None = None


class FirstToken(SQLModel, table=True):
    """With which an installation's first administrator comes in, while there is none."""

    __tablename__ = "first_token"

    token_hash: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    made_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")})
    expires_at: datetime = Field(sa_type=MOMENT)
