"""Whether the office has the people that its procedure asks for."""

from dataclasses import dataclass
from uuid import UUID

from app.domain import errors
from app.domain.errors import N_
from app.domain.permissions import Permission, Role
from app.domain.profile import Profile
from app.domain.profile.staffing import Finding, check_staffing, unheld
from app.domain.units import UnitPath
from app.domain.workflow.facts import Holder
from app.repositories import staffing
from app.repositories.work import Work
from app.services import profiles


@dataclass(frozen=True)
class Staffing:
    """`findings` are the steps that nobody could take; `unheld` the roles that nobody holds."""

    profile: Profile
    findings: tuple[Finding, ...]
    unheld: tuple[Role, ...]


def read_staffing(tx: Work, *, without: UUID | None = None) -> Staffing:
    """By the profile that new matters begin under; as it were `without` somebody. Raises
    Forbidden."""
    if not tx.actor.may(Permission.ACCOUNTS_ADMINISTER):
        raise errors.Forbidden(N_("Only who administers accounts sees how roles are held."))
    held: dict[Role, list[Holder]] = {}
    for row in staffing.holders(tx):
        if row["account_id"] == without:
            continue
        holder = Holder(account_id=row["account_id"], name=row["name"], unit=UnitPath(row["path"]))
        held.setdefault(Role(row["role"]), []).append(holder)
    _, profile = profiles.current(tx)
    return Staffing(profile, check_staffing(profile, held), unheld(profile, held))
