"""How rows land: gathered per table, copied to a staging table, and inserted as one statement.

Row security refuses `COPY` into the tables themselves; `INSERT … SELECT` from a staging table
passes its policies once a statement, where single inserts would pass them once a row.
"""

# sql: names of tables and columns are those of the models, never of a file that was read
from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.dialects import postgresql

from app.models.columns import table_of
from app.repositories.imports.tables import TABLES, Line
from app.repositories.work import Work


@dataclass(frozen=True)
class _Target:
    table: str
    stage: str
    columns: tuple[str, ...]
    create: str
    insert: str
    empty: str


def _target(kind: type[Line]) -> _Target:
    table = table_of(TABLES[kind])
    columns = tuple(name.rstrip("_") for name in kind._fields)
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    typed = ", ".join(f'"{name}" {table.c[name].type.compile(dialect)}' for name in columns)
    named = ", ".join(f'"{name}"' for name in columns)
    stage = f"stage_{table.name}"
    return _Target(
        table=table.name,
        stage=stage,
        columns=columns,
        create=f"CREATE TEMPORARY TABLE {stage} ({typed}) ON COMMIT DROP",
        insert=f'INSERT INTO "{table.name}" ({named}) SELECT {named} FROM {stage}',
        empty=f"TRUNCATE {stage}",
    )


_TARGETS = {kind: _target(kind) for kind in TABLES}


class Landing:
    """Rows on their way into the tables; parents are written before children at each flush."""

    def __init__(self, tx: Work) -> None:
        self._tx = tx
        self._waiting: dict[type[Line], list[Line]] = {kind: [] for kind in TABLES}
        self._staged: set[type[Line]] = set()
        self.landed = 0

    def put(self, row: Line) -> None:
        self._waiting[type(row)].append(row)

    def flush(self) -> None:
        """Write everything that waits."""
        for kind, rows in self._waiting.items():
            if rows:
                self._write(_TARGETS[kind], kind, rows)
                rows.clear()

    def _write(self, target: _Target, kind: type[Line], rows: list[Line]) -> None:
        if kind not in self._staged:
            self._tx.execute(target.create)
            self._staged.add(kind)
        self._tx.copy_in(target.stage, target.columns, rows)
        self._tx.execute(target.insert)
        self._tx.execute(target.empty)
        self.landed += len(rows)
