"""Every operation of the API, asked by everybody who may not know, as if they might.

Each gets the request that succeeds for whoever it is meant for: right ids, right versions, right
bodies. The answer must be the one that they'd get if there had never been a matter. An operation
that is new is asked too, without a line here.
"""

from pathlib import Path

import pytest

from app.domain.permissions import Role
from app.domain.policies import Door
from app.services import access
from tests.matrix.answers import Said, said, shown
from tests.matrix.asking import requests_of, send
from tests.matrix.sides import Contract
from tests.matrix.twins import WALLS, Bar, bars, tried

# They answer the same whether there are matters or not, whoever asks.
OF_NO_MATTER = Path(__file__).parents[1] / "data" / "operations_of_no_matter.txt"


@pytest.mark.parametrize("role", [role for role in Role if bars(role)])
def test_who_may_not_know_is_answered_as_if_there_were_nothing(
    contract: Contract, role: Role, pytestconfig: pytest.Config
) -> None:
    told: list[str] = []
    tries = [
        (name, why)
        for name in contract.operations
        for why in tried(role, name, thorough=pytestconfig.getoption("--thorough"))
    ]
    for name, why in tries:
        login = contract.twins.barred.accounts[role, why].login
        there, nowhere = _heard(contract, name, login, why)
        if there != nowhere:
            told.append(f"{role}, {why}: {name} {shown(there, nowhere)}")
    print(f"{role}: {len(tries)} combinations of operations and bars say nothing")
    assert {name for name, _why in tries} == set(contract.operations)
    assert {why for _name, why in tries} == set(bars(role))
    if told:
        pytest.fail("\n".join(told), pytrace=False)


def _heard(contract: Contract, name: str, login: str, why: Bar | None) -> tuple[Said, Said]:
    """What somebody hears of the district with its matters, and of the one that never had any."""
    operation = contract.operations[name]
    writes = operation.method != "get"
    within = contract.twins.uncleared if why is Bar.UNCLEARED else contract.twins.within
    there, nowhere = (
        said(send(side, contract, operation, login), made=writes)
        for side in (within, contract.twins.without)
    )
    if why is None or why in WALLS:
        return there, nowhere
    return there.within_scope(), nowhere.within_scope()


def test_whoever_may_know_is_told(contract: Contract) -> None:
    """Else the silence above would prove nothing: each operation tells somebody, and each role
    that works matters is told something."""
    stage = contract.stage
    told: dict[str, set[str]] = {}
    for name, operation in contract.operations.items():
        logins = requests_of(contract, operation).logins(stage.world)
        told[name] = {login for login in logins if len({*_heard(contract, name, login, None)}) > 1}
    print(f"{sum(map(len, told.values()))} combinations of operations and people tell something")
    silent = {name for name, logins in told.items() if not logins}
    assert silent == set(OF_NO_MATTER.read_text(encoding="ascii").split())
    people = contract.twins.within.world.plan.people
    roles = {people[login].role for logins in told.values() for login in logins if login}
    assert roles >= set(Role) - {Role.ADMINISTRATOR}


def test_every_way_in_is_somebodys(contract: Contract) -> None:
    """A role, the team, a grant, a signature that is due, having logged it, and an audit. An
    emergency is one only while it is read (tests/services/test_emergencies.py)."""
    found: set[Door] = set()
    for side in (contract.twins.within, contract.twins.uncleared):
        for who in side.world.plan.people.values():
            with side.world.open("access.why", who) as tx:
                for row in tx.rows("SELECT id FROM matter"):
                    found |= {reason.door for reason in access.why_i_see(tx, row["id"]).reasons}
    assert found == set(Door) - {Door.EMERGENCY}
