"""Who holds which role today, over the whole installation."""

from app.core.db import Row
from app.repositories.work import Work


def holders(tx: Work) -> list[Row]:
    """Of accounts that may sign in, on units that are there."""
    return tx.rows(
        "SELECT r.role, r.account_id, a.name, r.unit_path::text AS path"
        "  FROM role_held r JOIN account a ON a.id = r.account_id AND a.active"
        " WHERE r.unit_id IS NOT NULL AND r.begins_on <= guard.today()"
        "   AND (r.ends_on IS NULL OR r.ends_on > guard.today())"
        " ORDER BY r.role, r.unit_path, r.account_id"
    )
