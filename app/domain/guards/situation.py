"""What a guard is given, and the registers that profiles name guards by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.domain.errors import FieldError, Reason
from app.domain.money import Money
from app.domain.permissions import Actor
from app.domain.profile.model import Machine, Profile
from app.domain.workflow.facts import Facts, MatterSnapshot

Values = Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Situation:
    """Who acts on what, on which day, and everything that is known about it."""

    profile: Profile
    snapshot: MatterSnapshot
    facts: Facts
    actor: Actor
    today: date

    @property
    def asker(self) -> UUID:
        """Who asks for the step: the open request's, else who acts."""
        request = self.snapshot.request
        return request.requested_by if request else self.actor.account_id

    @property
    def machine(self) -> Machine:
        return self.profile.machine(self.snapshot.kind)


Guard = Callable[[Situation], Reason | None]
"""None where the step is allowed, else what is missing."""

Condition = Callable[[Situation, Values], bool]
"""Whether something applies; `values` is the form, empty where nobody has filled it in yet."""

Check = Callable[[Situation, Values], Iterable[FieldError]]
"""What a filled-in form still gets wrong, judged by the facts."""


def missing(message: str, **values: object) -> Reason:
    """A reason with its values as text; `message` is marked with `N_` where it is written."""
    return Reason(message, {key: _worded(value) for key, value in values.items()})


def _worded(value: object) -> str:
    return f"{value.decimal:,.2f}" if isinstance(value, Money) else str(value)


def wrong(field: str, message: str, **values: object) -> FieldError:
    return FieldError(field, missing(message, **values))
