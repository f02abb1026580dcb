"""What is asked about a whole database: how far its schema is, and whether anything is in it."""

from app.core import db


def revision(tx: db.Transaction) -> str | None:
    """The migration that the schema is at; None where there is no schema yet."""
    if tx.value("SELECT to_regclass('public.alembic_version')") is None:
        return None
    found: str | None = tx.value("SELECT version_num FROM public.alembic_version")
    return found
