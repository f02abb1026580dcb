"""Second factors. Like sessions they are closed to the application: the guard's functions act."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column, LargeBinary, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from app.domain.permissions import Role
from app.models.columns import MOMENT, key, one_of, ref


def _account() -> UUID:
    held: UUID = Field(primary_key=True, foreign_key="account.id", sa_type=Uuid)
    return held


class SecondFactor(SQLModel, table=True):
    """An authenticator's secret, sealed; nothing before its first code confirmed it."""

    __tablename__ = "second_factor"

    account_id: UUID = _account()
    sealed: bytes = Field(sa_type=LargeBinary)
    made_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")})
    confirmed_at: datetime | None = Field(default=None, sa_type=MOMENT)


class FactorUse(SQLModel, table=True):
    """The last half minute whose code was taken: none counts twice."""

    __tablename__ = "factor_use"

    account_id: UUID = _account()
    last_step: int = Field(sa_type=BigInteger)


class RecoveryCode(SQLModel, table=True):
    """For who lost the authenticator; each good once, only its hash is kept."""

    __tablename__ = "recovery_code"

    account_id: UUID = _account()
    code_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    used_at: datetime | None = Field(default=None, sa_type=MOMENT)


class FactorRule(SQLModel, table=True):
    """A role whose holders must have a second factor. Jobs act as the operator: not that one."""

    __tablename__ = "factor_rule"
    __table_args__ = (one_of("role", [role for role in Role if role is not Role.OPERATOR]),)

    role: str = Field(primary_key=True, sa_type=Text)
    set_by: UUID = ref("account.id", index=False)
    set_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")})


class Passkey(SQLModel, table=True):
    """What an authenticator keeps the other half of. `verifies`: it asked who holds it when it
    was made; `doubted_at`: its counter went back, so that it may have been copied."""

    __tablename__ = "passkey"

    id: UUID = key()
    account_id: UUID = ref("account.id")
    name: str = Field(sa_type=Text)
    credential_id: bytes = Field(sa_type=LargeBinary, unique=True)
    public_key: bytes = Field(sa_type=LargeBinary)
    transports: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    verifies: bool
    made_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")})
    doubted_at: datetime | None = Field(default=None, sa_type=MOMENT)


class PasskeyUse(SQLModel, table=True):
    """A row apart, since it changes with each use and is no event."""

    __tablename__ = "passkey_use"

    passkey_id: UUID = Field(
        primary_key=True, foreign_key="passkey.id", ondelete="CASCADE", sa_type=Uuid
    )
    sign_count: int = Field(sa_type=BigInteger)
    used_at: datetime | None = Field(default=None, sa_type=MOMENT)


class PasskeyChallenge(SQLModel, table=True):
    """What a session's authenticator is asked to sign, once and for a few minutes."""

    __tablename__ = "passkey_challenge"
    __table_args__ = (one_of("purpose", ["register", "sign_in", "confirm"]),)

    session_id: UUID = Field(
        primary_key=True, foreign_key="session.id", ondelete="CASCADE", sa_type=Uuid
    )
    purpose: str = Field(sa_type=Text)
    challenge: bytes = Field(sa_type=LargeBinary)
    made_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")})
