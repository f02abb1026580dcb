"""Whether a cohort's filter names what is there: a value that nothing states counts nothing."""
# sql: fragments are constants of this module

from __future__ import annotations

from collections.abc import Mapping

from app.repositories.work import Work

# What the actor counts states it, or a procedure that was ever in force offers it.
_STATED: Mapping[str, str] = {
    "source": "SELECT 1 FROM guard.counted_matter m WHERE m.source = %(value)s",
    "leader": "SELECT 1 FROM guard.counted_matter m WHERE m.responsible_leader = %(value)s",
    "method": "SELECT 1 FROM profile_version p WHERE p.content -> 'methods' ? %(value)s"
    " UNION ALL SELECT 1 FROM guard.counted_lead m WHERE m.method = %(value)s",
    "outcome": "SELECT 1 FROM profile_version p"
    " WHERE (p.content #>> ARRAY['machines', 'lead', 'states', %(value)s, 'terminal'])::boolean",
}


def states(tx: Work, name: str, value: str) -> bool:
    """Whether there is such a source, leader, method or outcome for the actor."""
    return bool(tx.value(f"SELECT EXISTS ({_STATED[name]})", {"value": value}))
