"""Roles, each held on a unit's subtree, and what a role may do besides acting on matters.

What a role may do *to a matter* is not here: the profile's transition table says it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from uuid import UUID

from app.domain.errors import N_
from app.domain.units import UnitPath


class Role(StrEnum):
    """The codes of the profile's tables stand behind each name."""

    INTAKE_OFFICER = "intake_officer"  # RO
    PETITIONS_HEAD = "petitions_head"  # RO head
    LEAD_MANAGER = "lead_manager"  # LM
    INVESTIGATOR = "investigator"  # HO
    INSPECTOR = "inspector"  # IG
    DEPARTMENT_HEAD = "department_head"  # HH
    DEPUTY = "deputy"  # DL
    CHIEF = "chief"  # CH
    SECRETARY = "secretary"  # PC, SC: records what a committee decided
    LIAISON = "liaison"  # SU: records what the superior decided
    ADJUDICATOR = "adjudicator"  # AD
    ADJUDICATION_HEAD = "adjudication_head"  # AD head
    KEEPER = "keeper"  # CU
    FINANCE = "finance"  # FI
    AUDITOR = "auditor"
    REPORTING_UNIT = "reporting_unit"
    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"


ROLE_LABELS: Mapping[Role, str] = {
    Role.INTAKE_OFFICER: N_("intake officer"),
    Role.PETITIONS_HEAD: N_("head of petitions"),
    Role.LEAD_MANAGER: N_("lead manager"),
    Role.INVESTIGATOR: N_("investigator"),
    Role.INSPECTOR: N_("inspection team member"),
    Role.DEPARTMENT_HEAD: N_("department head"),
    Role.DEPUTY: N_("deputy in charge"),
    Role.CHIEF: N_("chief"),
    Role.SECRETARY: N_("committee secretary"),
    Role.LIAISON: N_("superior's liaison"),
    Role.ADJUDICATOR: N_("adjudicator"),
    Role.ADJUDICATION_HEAD: N_("head of adjudication"),
    Role.KEEPER: N_("keeper of funds"),
    Role.FINANCE: N_("finance"),
    Role.AUDITOR: N_("auditor"),
    Role.REPORTING_UNIT: N_("reporting unit"),
    Role.ADMINISTRATOR: N_("administrator"),
    Role.OPERATOR: N_("operator"),
}


class Clearance(IntEnum):
    """Classification of a matter, and what an account is cleared for."""

    NORMAL = 0  # 内部
    RESTRICTED = 1  # 秘密
    SEALED = 2  # 机密


class Permission(StrEnum):
    """What a route may ask for. Alphabetical."""

    ACCOUNTS_ADMINISTER = "accounts:administer"
    EXPORT_NAMES = "export:names"
    EXPORT_TOTALS = "export:totals"
    IMPORT_LEDGERS = "import:ledgers"
    LEADS_LOG = "leads:log"
    MATTERS_READ = "matters:read"
    MEETINGS_RECORD = "meetings:record"
    MONEY_READ = "money:read"
    MONEY_RECORD = "money:record"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    PETITIONS_LOG = "petitions:log"
    REQUESTS_SIGN = "requests:sign"
    SELF = "self"  # one's own account, password, language
    TOTALS_READ = "totals:read"
    UNITS_READ = "units:read"
    UNITS_WRITE = "units:write"


_READS = {Permission.SELF, Permission.UNITS_READ}
_WORKS = _READS | {Permission.MATTERS_READ, Permission.PEOPLE_READ}
_SIGNS = _WORKS | {Permission.REQUESTS_SIGN, Permission.TOTALS_READ}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.INTAKE_OFFICER: frozenset(
        _WORKS
        | {Permission.PETITIONS_LOG, Permission.LEADS_LOG, Permission.IMPORT_LEDGERS}
        | {Permission.PEOPLE_WRITE}
    ),
    Role.PETITIONS_HEAD: frozenset(
        _SIGNS
        | {Permission.PETITIONS_LOG, Permission.IMPORT_LEDGERS, Permission.PEOPLE_WRITE}
        | {Permission.MEETINGS_RECORD}
    ),
    Role.LEAD_MANAGER: frozenset(
        _SIGNS
        | {Permission.LEADS_LOG, Permission.IMPORT_LEDGERS, Permission.PEOPLE_WRITE}
        | {Permission.MONEY_READ, Permission.EXPORT_TOTALS, Permission.UNITS_WRITE}
        | {Permission.MEETINGS_RECORD}
    ),
    Role.INVESTIGATOR: frozenset(
        _WORKS
        | {Permission.LEADS_LOG, Permission.MONEY_READ, Permission.MONEY_RECORD}
        | {Permission.PEOPLE_WRITE, Permission.REQUESTS_SIGN}
    ),
    Role.INSPECTOR: frozenset(_WORKS | {Permission.LEADS_LOG, Permission.PEOPLE_WRITE}),
    Role.DEPARTMENT_HEAD: frozenset(
        _SIGNS
        | {Permission.MONEY_READ, Permission.LEADS_LOG, Permission.PEOPLE_WRITE}
        | {Permission.MEETINGS_RECORD}
    ),
    Role.DEPUTY: frozenset(_SIGNS | {Permission.MONEY_READ, Permission.EXPORT_TOTALS}),
    Role.CHIEF: frozenset(
        _SIGNS | {Permission.MONEY_READ, Permission.EXPORT_TOTALS, Permission.EXPORT_NAMES}
    ),
    Role.SECRETARY: frozenset(_SIGNS | {Permission.MEETINGS_RECORD}),
    Role.LIAISON: frozenset(_SIGNS),
    Role.ADJUDICATOR: frozenset(_WORKS | {Permission.MONEY_READ, Permission.REQUESTS_SIGN}),
    Role.ADJUDICATION_HEAD: frozenset(_SIGNS | {Permission.MONEY_READ}),
    Role.KEEPER: frozenset(
        _WORKS | {Permission.MONEY_READ, Permission.MONEY_RECORD, Permission.REQUESTS_SIGN}
    ),
    Role.FINANCE: frozenset(
        _WORKS
        | {Permission.MONEY_READ, Permission.MONEY_RECORD, Permission.REQUESTS_SIGN}
        | {Permission.IMPORT_LEDGERS, Permission.TOTALS_READ}
    ),
    Role.AUDITOR: frozenset(
        _READS
        | {Permission.MATTERS_READ, Permission.MONEY_READ}
        | {Permission.TOTALS_READ, Permission.EXPORT_TOTALS}
    ),
    Role.REPORTING_UNIT: frozenset(_READS | {Permission.LEADS_LOG, Permission.MATTERS_READ}),
    Role.ADMINISTRATOR: frozenset(
        _READS | {Permission.ACCOUNTS_ADMINISTER, Permission.UNITS_WRITE}
    ),
    Role.OPERATOR: frozenset(
        _READS
        | {Permission.ACCOUNTS_ADMINISTER, Permission.IMPORT_LEDGERS}
        | {Permission.TOTALS_READ, Permission.UNITS_WRITE}
    ),
}

READING = frozenset(each for each in Permission if each.value.endswith(":read"))

KEY_PERMISSIONS = READING | {
    Permission.EXPORT_TOTALS,
    Permission.IMPORT_LEDGERS,
    Permission.LEADS_LOG,
    Permission.PETITIONS_LOG,
}
"""What a program's key may hold: no signature, no money, no rights, no names."""

READS_NO_CONTENT = frozenset({Role.AUDITOR, Role.REPORTING_UNIT, Role.OPERATOR, Role.ADMINISTRATOR})
"""As the database has it: whoever holds one of these reads no names and no texts."""

CLEARED_FOR_ALL = frozenset({Role.CHIEF, Role.SECRETARY, Role.LIAISON})


@dataclass(frozen=True, slots=True)
class RoleGrant:
    """A role on a unit and all that lies below it."""

    role: Role
    unit: UnitPath


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account, what it holds, and the unit it works in. By a program's key it may
    do no more than the key's `scope`."""

    account_id: UUID
    name: str
    grants: tuple[RoleGrant, ...]
    clearance: Clearance = Clearance.NORMAL
    locale: str = "zh_CN"
    person_id: UUID | None = None
    unit: UnitPath | None = None
    scope: frozenset[Permission] | None = None
    permissions: frozenset[Permission] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        held = frozenset().union(*(ROLE_PERMISSIONS[grant.role] for grant in self.grants))
        if self.scope is not None:
            held &= self.scope
        object.__setattr__(self, "permissions", held)

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    @property
    def reads_content(self) -> bool:
        return not any(grant.role in READS_NO_CONTENT for grant in self.grants)

    def may_at(self, permission: Permission, at: UnitPath) -> bool:
        """Whether a role that allows it is held on a subtree that covers `at`."""
        return self.may(permission) and any(
            permission in ROLE_PERMISSIONS[grant.role] and grant.unit.covers(at)
            for grant in self.grants
        )

    def holds(self, role: Role, at: UnitPath | None = None) -> bool:
        """Whether the actor holds `role`, and if `at` is given, on a subtree that covers it."""
        return any(
            grant.role == role and (at is None or grant.unit.covers(at)) for grant in self.grants
        )
