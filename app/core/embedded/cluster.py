"""A running PostgreSQL: its roles, its databases, and how to connect to them."""

import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from app.core.embedded.errors import (
    PASSWORDS_MISSING,
    PASSWORDS_WRONG,
    START_FAILED,
    EmbeddedError,
    failure,
)

DATABASE = "plumbline"
ADMIN = "plumbline_admin"
OWNER = "plumbline_owner"
GUARD = "plumbline_guard"
APP = "plumbline_app"

LOGINS = (ADMIN, OWNER, APP)
_PREFIX = "plumbline_"
_PATIENCE = 5.0  # seconds


@dataclass(frozen=True)
class Cluster:
    """`started_here` is true for the call that started it or took it over from a dead process."""

    folder: Path
    socket_dir: Path
    port: int
    started_here: bool
    bin_folder: Path
    log: Path
    passwords: Mapping[str, str] = field(repr=False)

    @property
    def app_url(self) -> str:
        return self.url(APP, DATABASE)

    @property
    def owner_url(self) -> str:
        return self.url(OWNER, DATABASE)

    @property
    def admin_url(self) -> str:
        return self.url(ADMIN, DATABASE)

    def url(self, role: str, database: str) -> str:
        """A SQLAlchemy URL; the role is `app`, `owner` or `admin`, or its full name."""
        return self._url("postgresql+psycopg", role, database)

    def conninfo(self, role: str, database: str) -> str:
        """The same for psycopg, psql and pg_dump."""
        return self._url("postgresql", role, database)

    def listens(self) -> bool:
        """Whether the server is there still; it may be busy, or replaying its log."""
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(_PATIENCE)
            try:
                link.connect(str(self.socket_dir / f".s.PGSQL.{self.port}"))
            except TimeoutError:  # more are waiting than it takes at once
                return True
            except OSError:
                return False
        return True

    def create_database(self, name: str, template: str | None = None) -> None:
        """A database of the owner's, open to the application only."""
        database, owner = sql.Identifier(name), sql.Identifier(OWNER)
        create = sql.SQL("CREATE DATABASE {} OWNER {}").format(database, owner)
        if template is not None:
            # As files: through the log, page by page, a small one takes nearly twice as long.
            create += sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(template))
        with self._admin() as connection:
            connection.execute(create)
            _close_to_others(connection, name)

    def drop_database(self, name: str) -> None:
        """Drop it if it's there, whoever is connected."""
        with self._admin() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def _admin(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self.conninfo(ADMIN, "postgres"), autocommit=True)

    def _url(self, scheme: str, role: str, database: str) -> str:
        name = role if role.startswith(_PREFIX) else _PREFIX + role
        password = quote(self.passwords[name], safe="")
        host = quote(str(self.socket_dir), safe="")
        where = f"{quote(database, safe='')}?host={host}&port={self.port}"
        return f"{scheme}://{name}:{password}@/{where}"


def make_passwords(folder: Path) -> None:
    """Write the passwords that aren't there yet, readable by this user only."""
    for name in LOGINS:
        path = folder / name
        if not path.exists():
            temporary = folder / f"{name}.new"
            temporary.unlink(missing_ok=True)
            temporary.touch(0o600)
            temporary.write_text(secrets.token_urlsafe(32), encoding="ascii")
            temporary.rename(path)


def read_passwords(folder: Path) -> dict[str, str]:
    found = {}
    for name in LOGINS:
        try:
            found[name] = (folder / name).read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            found[name] = ""
        if not found[name]:
            raise EmbeddedError(PASSWORDS_MISSING, file=folder / name)
    return found


def ensure_roles(cluster: Cluster) -> None:
    """Make the roles and the database; what is there already stays as it is."""
    try:
        with cluster._admin() as connection:
            _ensure(connection, cluster.passwords)
    except psycopg.OperationalError as error:
        if "password authentication failed" in str(error):
            raise EmbeddedError(PASSWORDS_WRONG, folder=cluster.folder) from error
        raise failure(START_FAILED, str(error), cluster.folder, log=cluster.log) from error


def _ensure(
    connection: psycopg.Connection[tuple[object, ...]], passwords: Mapping[str, str]
) -> None:
    found = connection.execute(
        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'plumbline%'"
        " UNION ALL SELECT 'database ' || datname FROM pg_database WHERE datacl IS NOT NULL"
    )
    there = {row[0] for row in found}
    for role in (OWNER, APP):
        if role not in there:
            # Hashed here, so that no log and no statistics view ever holds a password.
            verifier = connection.pgconn.encrypt_password(
                passwords[role].encode(), role.encode(), b"scram-sha-256"
            )
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(
                    sql.Identifier(role), sql.Literal(verifier.decode())
                )
            )
    if GUARD not in there:
        with connection.transaction():
            connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(GUARD)))
            connection.execute(
                sql.SQL("GRANT {} TO {}").format(sql.Identifier(GUARD), sql.Identifier(OWNER))
            )
    if f"database {DATABASE}" not in there:
        exists = connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE])
        if exists.fetchone() is None:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(DATABASE), sql.Identifier(OWNER)
                )
            )
        for name in ("postgres", "template1"):
            connection.execute(
                sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name))
            )
        _close_to_others(connection, DATABASE)


def _close_to_others(connection: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    with connection.transaction():
        connection.execute(
            sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name))
        )
        connection.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
                sql.Identifier(name), sql.Identifier(APP)
            )
        )
