"""Runs migrations as the owner. The address comes from the caller or `PLUMBLINE_OWNER_URL`."""

import os

from sqlalchemy import create_engine, pool, text

from alembic import context
from app.models import metadata

OWN_PARTITIONS = "audit_event_"


def include_object(_object: object, name: str | None, kind: str, *_rest: object) -> bool:
    """Partitions are made as time goes by; the models know their parent only."""
    return not (kind in ("table", "index") and name is not None and name.startswith(OWN_PARTITIONS))


def run() -> None:
    url = context.config.attributes.get("url") or os.environ["PLUMBLINE_OWNER_URL"]
    engine = create_engine(url, poolclass=pool.NullPool)
    with engine.connect() as connection:
        # A migration that waits for a long transaction would stop everybody behind it.
        connection.execute(text("SET lock_timeout = '10s'"))
        # Two starts at the same moment: the second waits, then finds nothing to do.
        connection.execute(text("SELECT pg_advisory_lock(4155)"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=metadata,
            include_object=include_object,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
