"""What the installation needs done to itself, through functions that only the operator may call."""

from app.core.db import Row
from app.repositories.work import Work


def make_partitions(tx: Work, *, months: int) -> int:
    """Months of history ahead of need; how many were new."""
    made: int = tx.value("SELECT guard.make_partitions(%(months)s)", {"months": months})
    return made


def clean_up(tx: Work) -> Row:
    """How much of each kind had outlived its use."""
    removed: Row = tx.value("SELECT guard.clean_up()")
    return removed
