"""Guards by the names that profiles use: pure predicates over a matter, its facts and a day."""

from __future__ import annotations

from app.domain.guards import everywhere, funds, leads_and_cases, petitions
from app.domain.guards.situation import Check, Condition, Guard, Situation, Values

GUARDS: dict[str, Guard] = {
    **everywhere.GUARDS,
    **petitions.GUARDS,
    **leads_and_cases.GUARDS,
    **funds.GUARDS,
}

__all__ = ["GUARDS", "Check", "Condition", "Guard", "Situation", "Values"]
