"""Jobs, deferred by name in the transaction that causes them: it rolls back, and so do they.

Arguments are ids, numbers and dates only: the queue's tables have no row security.
"""

from datetime import date, datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from app.core.db import Transaction

NAME = "plumbline"
SCHEMA = "jobs"

Id = UUID | int | date


def defer(tx: Transaction, name: str, *, at: datetime | None = None, **ids: Id) -> int:
    """Have `name` done after the commit, or not before `at`. Returns the job's number."""
    arguments = {key: value if isinstance(value, int) else str(value) for key, value in ids.items()}
    job: int = tx.value(
        f"SELECT ({SCHEMA}.procrastinate_defer_jobs_v1(ARRAY[ROW("
        "%(queue)s, %(name)s, 0, NULL, NULL, %(arguments)s, %(at)s)"
        f"::{SCHEMA}.procrastinate_job_to_defer_v1]))[1]",
        {"queue": NAME, "name": name, "arguments": Jsonb(arguments), "at": at},
    )
    return job


def is_waiting(tx: Transaction, name: str, **ids: Id) -> bool:
    """Whether such a job waits, or is being done."""
    arguments = {key: value if isinstance(value, int) else str(value) for key, value in ids.items()}
    return bool(
        tx.value(
            f"SELECT EXISTS (SELECT 1 FROM {SCHEMA}.procrastinate_jobs j"
            " WHERE j.task_name = %(name)s AND j.status IN ('todo', 'doing')"
            " AND j.args @> %(arguments)s)",
            {"name": name, "arguments": Jsonb(arguments)},
        )
    )


def retry_stalled(tx: Transaction, *, silent_seconds: int, most_attempts: int) -> int:
    """Give what a silent worker held to the others. A job that keeps killing them fails."""
    count: int = tx.value(
        f"SELECT {SCHEMA}.retry_stalled(make_interval(secs => %(silent)s), %(most)s)",
        {"silent": silent_seconds, "most": most_attempts},
    )
    return count


def has_worker(tx: Transaction, *, silent_seconds: int) -> bool:
    """Whether any worker has given a sign of life within so long."""
    return bool(
        tx.value(
            f"SELECT EXISTS (SELECT 1 FROM {SCHEMA}.procrastinate_workers"
            " WHERE last_heartbeat > now() - make_interval(secs => %(silent)s))",
            {"silent": silent_seconds},
        )
    )
