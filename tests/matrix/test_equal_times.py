"""What somebody may not know takes as long to refuse as what isn't there."""

from statistics import median
from time import perf_counter
from uuid import UUID

import pytest

from app.core.ids import new_id
from app.domain.permissions import Role
from tests.build_matters import DAY
from tests.builders import Someone
from tests.clients import Client
from tests.matrix.sides import Contract
from tests.matrix.twins import Bar

ASKED = 300
APART = 0.001  # seconds, between the medians


@pytest.fixture(scope="module")
def who(contract: Contract) -> Someone:
    """Keeps off one matter that they handle; everything else lies outside what they may see."""
    who = contract.twins.barred.accounts[Role.INVESTIGATOR, Bar.ELSEWHERE]
    owner, case = contract.twins.within.owner, contract.seeds["case"]
    owner.execute(
        "INSERT INTO team_member (id, matter_id, account_id, part, begins_on)"
        " VALUES (%s, %s, %s, 'member', %s)",
        [new_id(), case, who.account_id, DAY],
    )
    owner.execute(
        "INSERT INTO wall (id, matter_id, account_id, cause, reason, made_by, made_on)"
        " VALUES (%s, %s, %s, 'declared', '是我的同学。', %s, %s)",
        [new_id(), case, who.account_id, who.account_id, DAY],
    )
    return who


@pytest.mark.parametrize("address", ["/api/v1/matters/{}", "/api/v1/matters/{}/timeline"])
def test_the_api_refuses_each_in_the_same_time(
    contract: Contract, who: Someone, address: str
) -> None:
    assert never_apart(contract.twins.within.doors.api(who), address, contract)


@pytest.mark.parametrize("address", ["/matters/{}", "/matters/{}/access"])
def test_a_page_refuses_each_in_the_same_time(
    contract: Contract, who: Someone, address: str
) -> None:
    assert never_apart(contract.twins.within.doors.browser(who), address, contract)


def never_apart(client: Client, address: str, contract: Contract) -> bool:
    """Tried three times at most: what else a machine does may part them once, but a difference
    that is there is there each time."""
    return any(apart(client, address, contract) < APART for _ in range(3))


def apart(client: Client, address: str, contract: Contract) -> float:
    """Seconds between the quickest and the slowest median of what is walled off, what lies
    outside, and what isn't there. They are asked by turns, so that a busy machine slows all."""
    ids = {"walled": UUID(contract.seeds["case"]), "outside": UUID(contract.seeds["verified"])}
    took: dict[str, list[float]] = {"walled": [], "outside": [], "unknown": []}
    for _ in range(ASKED):
        for which, times in took.items():
            asked = address.format(ids.get(which) or new_id())
            began = perf_counter()
            answer = client.get(asked)
            times.append(perf_counter() - began)
            assert answer.status_code == 404
    medians = {which: median(times) for which, times in took.items()}
    print(address, {which: f"{1000 * each:.2f} ms" for which, each in medians.items()})
    return max(medians.values()) - min(medians.values())
