"""Column types and the few shapes that every table shares."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Numeric,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, base
from sqlalchemy.types import UserDefinedType
from sqlmodel import Field, SQLModel


class LTree(UserDefinedType[str]):
    """PostgreSQL's ltree, as text in Python."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "LTREE"


class Xid8(UserDefinedType[int]):
    """A transaction's id that never wraps."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "XID8"


# Reflection (`alembic check`) must know both, or it compares them with nothing.
_reflected: dict[str, Callable[..., Any]] = base.ischema_names  # type: ignore[assignment]
_reflected["ltree"] = LTree
_reflected["xid8"] = Xid8

MONEY = Numeric(18, 2, asdecimal=True)
MOMENT = DateTime(timezone=True)
JSON = JSONB(none_as_null=True)
Amount = Decimal


def key() -> Any:
    """The primary key: a UUIDv7 made in Python, since `RETURNING` and row security don't mix."""
    return Field(primary_key=True, sa_type=Uuid)


def ref(target: str, *, index: bool = True, nullable: bool = False) -> Any:
    missing: dict[str, Any] = {"default": None} if nullable else {}
    return Field(foreign_key=target, sa_type=Uuid, index=index, nullable=nullable, **missing)


def later_ref(target: str) -> Any:
    """A reference that is checked at commit: the row is written before what it points to."""
    pointed = ForeignKey(target, deferrable=True, initially="DEFERRED")
    return Field(default=None, sa_column=Column(Uuid, pointed, nullable=True))


def words(*, nullable: bool = False, index: bool = False, unique: bool = False) -> Any:
    missing: dict[str, Any] = {"default": None} if nullable else {}
    return Field(sa_type=Text, nullable=nullable, index=index, unique=unique, **missing)


def preset(value: bool | int | str) -> Any:
    """A value that the database fills in where a Core insert leaves the column out."""
    literal = str(value).lower() if isinstance(value, bool | int) else f"'{value}'"
    typed: dict[str, Any] = {"sa_type": Text} if isinstance(value, str) else {}
    return Field(default=value, sa_column_kwargs={"server_default": text(literal)}, **typed)


def empty(kind: type[dict[str, Any]] | type[list[Any]]) -> Any:
    """An empty JSON object or list, filled in by the database where left out."""
    literal = "'{}'" if kind is dict else "'[]'"
    return Field(
        default_factory=kind, sa_type=JSON, sa_column_kwargs={"server_default": text(literal)}
    )


def table_of(model: type[SQLModel]) -> Table:
    """The Core table behind a model: its columns have the types that statements want."""
    table = model.__table__  # type: ignore[attr-defined]
    if not isinstance(table, Table):
        raise TypeError(f"{model.__name__} is no table")
    return table


def one_of(column: str, values: list[str], *, name: str | None = None) -> CheckConstraint:
    """`column` holds one of `values`, or nothing where it is nullable."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=name or f"{column}_known")


NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

__all__ = [
    "JSON",
    "MOMENT",
    "MONEY",
    "NAMING",
    "UUID",
    "Amount",
    "LTree",
    "Xid8",
    "empty",
    "key",
    "later_ref",
    "one_of",
    "preset",
    "ref",
    "table_of",
    "words",
]
