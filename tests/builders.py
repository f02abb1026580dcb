"""A district as the field knows it, for tests: units, people in every role, live sessions.

    world.investigator          somebody who is signed in: `.session`, `.account_id`, `.unit`
    world.session(Role.CHIEF)   their session's secret
    world.open("leads.register", world.investigator)    a unit of work as them

Everything is made once per process by the real services and copied with the database, so it
costs a test nothing. Factories for matters extend this module's `World` from their own files:
functions that take a `World` first.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from uuid import UUID

from app.core import crypto
from app.core.clock import Clock
from app.domain.permissions import Clearance, Role
from app.domain.units import UnitKind, UnitPath
from app.repositories import accounts as account_rows
from app.repositories.work import Office, Work
from app.services import accounts, units
from app.services.installation import OPERATOR

PASSWORD = "the well is behind the mill"
SESSION = timedelta(hours=12)


@dataclass(frozen=True)
class SetClock(Clock):
    """The office's day can be set, `world.clock.set(date(2018, 9, 28))`; the machine's can't."""

    days: list[date] = field(default_factory=list)

    def set(self, day: date) -> None:
        self.days.append(day)

    def today(self) -> date:
        return self.days[-1] if self.days else super().today()


@dataclass(frozen=True)
class Someone:
    """An account with a live session. Its password is `PASSWORD`."""

    login: str
    name: str
    role: Role
    unit: str
    account_id: UUID
    session: str


@dataclass(frozen=True)
class Place:
    """A unit of the district."""

    id: UUID
    code: str
    name: str
    path: UnitPath


@dataclass(frozen=True)
class DistrictPlan:
    """What `build_district` made: by unit code, and by login."""

    places: Mapping[str, Place]
    people: Mapping[str, Someone]


# code, name, kind, parent
UNITS: Sequence[tuple[str, str, UnitKind, str | None]] = (
    ("YC", "云川区", UnitKind.DISTRICT, None),
    ("YC-T01", "上岩洲镇", UnitKind.TOWNSHIP, "YC"),
    ("YC-T01-V01", "西塘桥村", UnitKind.VILLAGE, "YC-T01"),
    ("YC-T01-V02", "竹溪村", UnitKind.VILLAGE, "YC-T01"),
    ("YC-T02", "松山乡", UnitKind.TOWNSHIP, "YC"),
    ("YC-T02-V01", "北湾村", UnitKind.VILLAGE, "YC-T02"),
    ("YC-D01", "区民政局", UnitKind.DEPARTMENT, "YC"),
    ("YC-O01", "信访室", UnitKind.OFFICE, "YC"),
    ("YC-O02", "案件监督管理室", UnitKind.OFFICE, "YC"),
    ("YC-O03", "第一纪检监察室", UnitKind.OFFICE, "YC"),
    ("YC-O04", "案件审理室", UnitKind.OFFICE, "YC"),
    ("YC-O05", "涉案款物管理", UnitKind.OFFICE, "YC"),
    ("YC-J01", "第一联组", UnitKind.TEAM, "YC"),
)

# login, name, role, the unit that it is held on and worked in
STAFF: Sequence[tuple[str, str, Role, str]] = (
    ("intake", "孙晓兰", Role.INTAKE_OFFICER, "YC"),
    ("petitions-head", "钱国栋", Role.PETITIONS_HEAD, "YC"),
    ("lead-manager", "赵敏", Role.LEAD_MANAGER, "YC"),
    ("investigator", "李志强", Role.INVESTIGATOR, "YC-O03"),
    ("investigator-2", "周海燕", Role.INVESTIGATOR, "YC-O03"),
    ("team-member", "吴建军", Role.INVESTIGATOR, "YC-J01"),
    ("inspector", "郑秀英", Role.INSPECTOR, "YC-T01"),
    ("department-head", "王振华", Role.DEPARTMENT_HEAD, "YC-O03"),
    ("deputy", "冯立新", Role.DEPUTY, "YC"),
    ("chief", "陈正平", Role.CHIEF, "YC"),
    ("secretary", "褚文清", Role.SECRETARY, "YC"),
    ("liaison", "卫东明", Role.LIAISON, "YC"),
    ("adjudicator", "蒋慧", Role.ADJUDICATOR, "YC"),
    ("adjudication-head", "沈家和", Role.ADJUDICATION_HEAD, "YC"),
    ("keeper", "韩春梅", Role.KEEPER, "YC"),
    ("finance", "杨明", Role.FINANCE, "YC"),
    ("auditor", "朱思远", Role.AUDITOR, "YC"),
    ("reporting-unit", "松山乡报送员", Role.REPORTING_UNIT, "YC-T02"),
    ("administrator", "秦岚", Role.ADMINISTRATOR, "YC"),
    ("township-administrator", "尤佳", Role.ADMINISTRATOR, "YC-T01"),
)


class World:
    """The district on one database. Attributes name people by their role."""

    def __init__(self, office: Office, plan: DistrictPlan) -> None:
        self.office = office
        self.plan = plan
        self.logged = 0  # leads, by `build_matters.log`
        assert isinstance(office.clock, SetClock)
        self.clock: SetClock = office.clock
        self.operator = self.holder(Role.OPERATOR)
        self.administrator = self.holder(Role.ADMINISTRATOR)
        self.intake_officer = self.holder(Role.INTAKE_OFFICER)
        self.petitions_head = self.holder(Role.PETITIONS_HEAD)
        self.lead_manager = self.holder(Role.LEAD_MANAGER)
        self.investigator = self.person("investigator")
        self.other_investigator = self.person("investigator-2")
        self.team_member = self.person("team-member")
        self.inspector = self.holder(Role.INSPECTOR)
        self.department_head = self.holder(Role.DEPARTMENT_HEAD)
        self.deputy = self.holder(Role.DEPUTY)
        self.chief = self.holder(Role.CHIEF)
        self.secretary = self.holder(Role.SECRETARY)
        self.liaison = self.holder(Role.LIAISON)
        self.adjudicator = self.holder(Role.ADJUDICATOR)
        self.adjudication_head = self.holder(Role.ADJUDICATION_HEAD)
        self.keeper = self.holder(Role.KEEPER)
        self.finance = self.holder(Role.FINANCE)
        self.auditor = self.holder(Role.AUDITOR)
        self.reporting_unit = self.holder(Role.REPORTING_UNIT)
        self.district = self.unit("YC")
        self.township = self.unit("YC-T01")
        self.other_township = self.unit("YC-T02")
        self.village = self.unit("YC-T01-V01")
        self.joint_team = self.unit("YC-J01")

    def person(self, login: str) -> Someone:
        return self.plan.people[login]

    def holder(self, role: Role) -> Someone:
        """The first who holds this role."""
        return next(each for each in self.plan.people.values() if each.role is role)

    def session(self, role: Role) -> str:
        return self.holder(role).session

    def unit(self, code: str) -> Place:
        return self.plan.places[code]

    @contextmanager
    def open(self, use_case: str, who: Someone) -> Iterator[Work]:
        """A unit of work as `who`, which commits at the end."""
        with self.office.work(who.session, use_case=use_case, request_id="test") as tx:
            yield tx

    def hire(
        self,
        login: str,
        role: Role,
        unit: str,
        *,
        name: str | None = None,
        clearance: Clearance = Clearance.NORMAL,
    ) -> Someone:
        """Another account with a role and a live session."""
        return _hire(
            self.office,
            self.operator.session,
            self.plan.places,
            (login, name or login, role, unit),
            clearance,
        )


@lru_cache
def _proof() -> tuple[str, str]:
    """(salt, argon2 string) of `PASSWORD`: deriving it for each account would take a second."""
    salt = crypto.new_password_salt()
    return salt, crypto.password_proof(PASSWORD, salt)


def build_district(office: Office, *, operator_password: str) -> DistrictPlan:
    operator = accounts.sign_in(
        office, login=OPERATOR, password=operator_password, lifetime=SESSION
    ).session
    places: dict[str, Place] = {}
    with office.work(operator, use_case="tests.build") as tx:
        for code, name, kind, parent in UNITS:
            unit_id = units.create_unit(
                tx,
                code=code,
                name=name,
                kind=kind,
                parent_id=places[parent].id if parent else None,
                reporting=kind is UnitKind.TOWNSHIP,
                poor_village=kind is UnitKind.VILLAGE,
            )
            path = UnitPath(units.read_unit(tx, unit_id)["path"])
            places[code] = Place(unit_id, code, name, path)
        operator_id = tx.actor.account_id
    people = {each[0]: _hire(office, operator, places, each, Clearance.NORMAL) for each in STAFF}
    people[OPERATOR] = Someone(
        OPERATOR, "操作员 Operator", Role.OPERATOR, "", operator_id, operator
    )
    return DistrictPlan(places, people)


def _hire(
    office: Office,
    operator: str,
    places: Mapping[str, Place],
    who: tuple[str, str, Role, str],
    clearance: Clearance,
) -> Someone:
    login, name, role, unit = who
    salt, proof = _proof()
    secret = f"session of {login}, made for tests and for nothing else"
    with office.work(operator, use_case="tests.hire") as tx:
        unit_id = places[unit].id
        account_id = accounts.create_account(
            tx, login=login, name=name, unit_id=unit_id, clearance=clearance
        )
        accounts.grant_role(tx, account_id=account_id, role=role, unit_id=unit_id)
        token = accounts.make_password_link(tx, account_id)
        account_rows.redeem_password_link(tx, token=token, salt=salt, proof=proof)
        opened = account_rows.sign_in(tx, login=login, proof=proof, secret=secret, lifetime=SESSION)
    assert opened == "opened", opened
    return Someone(login, name, role, unit, account_id, secret)
