"""What is asked about a whole database: how far its schema is, what it holds, whether it is empty.

For the owner, whom row security lets through, but for `revision`.
"""

from app.core import db

SCHEMAS = ("guard", "jobs")

# A database that holds nothing but what its first start made.
_HELD = (
    "SELECT (SELECT count(*) FROM unit) + (SELECT count(*) FROM matter)"
    " + (SELECT count(*) FROM person) + (SELECT count(*) FROM organisation)"
    " + (SELECT count(*) FROM import_batch)"
    " + greatest((SELECT count(*) FROM account) - 1, 0)"
)


def revision(tx: db.Transaction) -> str | None:
    """The migration that the schema is at; None where there is no schema yet."""
    if tx.value("SELECT to_regclass('public.alembic_version')") is None:
        return None
    found: str | None = tx.value("SELECT version_num FROM public.alembic_version")
    return found


def is_vacant(tx: db.Transaction) -> bool:
    """Whether nobody has worked here yet."""
    return revision(tx) is None or tx.value(_HELD) == 0


def in_use(tx: db.Transaction) -> bool:
    """Whether the application is connected to this database."""
    return bool(
        tx.value(
            "SELECT EXISTS (SELECT 1 FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = 'plumbline_app')"
        )
    )


def server_major(tx: db.Transaction) -> int:
    return int(tx.value("SELECT current_setting('server_version_num')::integer / 10000"))


def contents(tx: db.Transaction) -> dict[str, list[int | str]]:
    """Table → rows and a sum over what stands in them; equal contents give equal sums."""
    tables = tx.rows(
        "SELECT n.nspname AS schema, c.relname AS name"
        "  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition"
        "   AND n.nspname IN ('public', 'guard', 'jobs')"
        " ORDER BY n.nspname, c.relname"
    )
    tx.value(
        "SELECT set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO', true),"
        " set_config('extra_float_digits', '1', true), set_config('bytea_output', 'hex', true)"
    )
    found: dict[str, list[int | str]] = {}
    for table in tables:
        # Names come from the catalogue, and format() quotes them.
        query = tx.value(
            "SELECT format('SELECT count(*) AS rows,"
            " coalesce(sum(hashtextextended(t::text, 0)), 0)::text AS sum FROM %%I.%%I t',"
            " %(schema)s::text, %(name)s::text)",
            table,
        )
        row = tx.row(str(query))
        if row is not None:
            found[f"{table['schema']}.{table['name']}"] = [row["rows"], row["sum"]]
    return found


def clear(tx: db.Transaction) -> None:
    """Away with everything: what is left is as a new database is."""
    for schema in (*SCHEMAS, "public"):
        tx.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
    tx.execute("CREATE SCHEMA public")
    tx.execute("GRANT USAGE ON SCHEMA public TO plumbline_app, plumbline_guard")


def make_room(tx: db.Transaction) -> None:
    """The schema that functions of the guard are restored into: only with a right on it can the
    owner give such a function away."""
    tx.execute("CREATE SCHEMA guard")
    tx.execute("GRANT USAGE, CREATE ON SCHEMA guard TO plumbline_guard")


def export_snapshot(tx: db.Transaction) -> str:
    """What this transaction sees, for others to see the same."""
    return str(tx.value("SELECT pg_export_snapshot()"))


def end_sessions(tx: db.Transaction) -> None:
    tx.execute("UPDATE session SET ended_at = now() WHERE ended_at IS NULL")


def begin_era(tx: db.Transaction) -> None:
    """Whoever followed the history of what was restored begins anew."""
    tx.execute(
        "INSERT INTO history_era (id, after_seq)"
        " SELECT gen_random_uuid(), last_value FROM audit_event_seq"
    )
