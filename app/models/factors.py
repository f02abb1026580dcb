"""Second factors. Like sessions they are closed to the application: the guard's functions act."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary, Text, Uuid, text
from sqlmodel import Field, SQLModel

from app.domain.permissions import Role
from app.models.columns import MOMENT, one_of, ref


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
