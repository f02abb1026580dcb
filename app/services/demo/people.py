"""Who and what the demo begins with: units, accounts with live sessions, campaigns, persons."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.core import crypto
from app.core.ids import new_id
from app.domain.demo.plan import Plan
from app.domain.demo.staff import AccountSeed
from app.domain.permissions import Role
from app.domain.units import UnitPath
from app.repositories import accounts as account_rows
from app.repositories import installation as installations
from app.repositories import units as unit_rows
from app.repositories.work import Office, Work
from app.services import accounts, people, units

SESSION = timedelta(hours=12)


@dataclass(frozen=True)
class Cast:
    """Everybody and everything that steps name: sessions by login, ids by key."""

    sessions: Mapping[str, str]
    accounts: Mapping[str, UUID]
    passwords: Mapping[str, str]
    units: Mapping[str, UUID]
    campaigns: Mapping[str, UUID]
    persons: Mapping[str, UUID]

    def __repr__(self) -> str:
        return f"Cast({len(self.accounts)} accounts)"


def make_cast(office: Office, operator: str, plan: Plan) -> Cast:
    """Make what the plan begins with, as the operator and the lead manager."""
    with office.work(operator, use_case="demo.units") as tx:
        unit_ids = _make_units(tx, plan)
    with office.work(operator, use_case="demo.accounts") as tx:
        account_ids = _make_accounts(tx, plan.accounts, unit_ids)
    passwords = {seed.login: _password() for seed in plan.accounts}
    proofs = _proofs(passwords)
    with office.work(operator, use_case="demo.passwords") as tx:
        for login, (salt, proof) in proofs.items():
            _set_password(tx, account_ids[login], salt, proof)
    sessions: dict[str, str] = {}
    for login, (_salt, proof) in proofs.items():
        sessions[login] = _signed_in(office, login, proof)
    manager = next(each.login for each in plan.accounts if each.role is Role.LEAD_MANAGER)
    with office.work(sessions[manager], use_case="demo.registers") as tx:
        campaigns = {each.key: units.create_campaign(tx, each.name) for each in plan.campaigns}
        persons = {
            each.key: people.create_person(
                tx,
                name=each.name,
                id_number=each.identity,
                position=each.position,
                rank=each.rank,
                unit_id=unit_ids[each.unit],
                member=each.member,
                public_employee=each.public_employee,
            )
            for each in plan.people
        }
    return Cast(
        sessions=sessions,
        accounts=account_ids,
        passwords=passwords,
        units=unit_ids,
        campaigns=campaigns,
        persons=persons,
    )


def _make_units(tx: Work, plan: Plan) -> dict[str, UUID]:
    ids = {each.code: new_id() for each in plan.units}
    by_path = {each.path: ids[each.code] for each in plan.units}
    unit_rows.insert_units(
        tx,
        [
            {
                "id": ids[each.code],
                "code": each.code,
                "name": each.name,
                "kind": each.kind.value,
                "parent_id": by_path[each.parent] if each.parent else None,
                "path": str(each.path),
                "reporting": each.reporting,
                "poor_village": each.poor_village,
            }
            for each in sorted(plan.units, key=lambda unit: unit.path.value.count("."))
        ],
    )
    installations.name_installation(
        tx,
        district_id=ids[plan.units[0].code],
        body_name=plan.body_name,
        body_name_en=plan.body_name_en,
    )
    return ids


def _make_accounts(
    tx: Work, seeds: Sequence[AccountSeed], unit_ids: Mapping[str, UUID]
) -> dict[str, UUID]:
    def unit(path: UnitPath) -> UUID:
        return unit_ids[path.value.replace(".", "-")]

    found: dict[str, UUID] = {}
    for seed in seeds:
        account_id = accounts.create_account(
            tx,
            login=seed.login,
            name=seed.name,
            unit_id=unit(seed.unit),
            clearance=seed.clearance,
        )
        accounts.grant_role(tx, account_id=account_id, role=seed.role, unit_id=unit(seed.reach))
        found[seed.login] = account_id
    return found


def _password() -> str:
    return secrets.token_urlsafe(9)


def _proofs(passwords: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Deriving takes 50 ms each by intent; the library lets threads run side by side."""

    def derive(login: str) -> tuple[str, tuple[str, str]]:
        salt = crypto.new_password_salt()
        return login, (salt, crypto.password_proof(passwords[login], salt))

    with ThreadPoolExecutor(max_workers=2) as pool:
        return dict(pool.map(derive, passwords))


def _set_password(tx: Work, account_id: UUID, salt: str, proof: str) -> None:
    token = accounts.make_password_link(tx, account_id)
    account_rows.redeem_password_link(tx, token=token, salt=salt, proof=proof)


def _signed_in(office: Office, login: str, proof: str) -> str:
    secret = secrets.token_urlsafe(32)
    with office.work(None, use_case="accounts.sign_in") as tx:
        result = account_rows.sign_in(tx, login=login, proof=proof, secret=secret, lifetime=SESSION)
    if result != "opened":
        raise RuntimeError(f"the demo could not sign {login} in: {result}")
    return secret
