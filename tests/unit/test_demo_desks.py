"""On the demo's day every desk of a role that works matters is worth sitting down at."""

from __future__ import annotations

import pytest

from app.domain.demo.cards import CARDS
from app.domain.demo.district import make_district
from app.domain.demo.staff import make_accounts
from app.domain.permissions import Role
from tests.unit.demo_desk import Desk, blocked, desk_of, refuses_signature
from tests.unit.demo_replay import Replay, replayed

NO_MATTERS = {Role.AUDITOR, Role.ADMINISTRATOR, Role.OPERATOR, Role.REPORTING_UNIT}
WORKING = [
    account.login
    for account in make_accounts(make_district(2018))
    if account.role not in NO_MATTERS
]


def _cannot_yet(replay: Replay, login: str, desk: Desk) -> bool:
    """Whether something on the desk waits for what is missing, and the page can say for what."""
    if any(blocked(replay, login, live) for live in desk.everything.values()):
        return True
    return any(refuses_signature(replay, login, live) for live in desk.to_sign)


@pytest.mark.parametrize("login", WORKING)
def test_desk_has_something_of_everything(login: str) -> None:
    replay = replayed()
    desk = desk_of(replay, login)
    everything = desk.everything
    assert 3 <= len(everything) <= 20
    assert desk.returned
    late = [live.key for live in everything.values() if live.due_on and live.due_on < replay.day]
    assert late
    assert _cannot_yet(replay, login, desk)


def test_each_role_has_a_card() -> None:
    roles = {account.login: account.role for account in replayed().plan.accounts}
    shown = [roles[card.login] for card in CARDS]
    assert sorted(shown) == sorted(set(Role) - {Role.OPERATOR})
    assert all(len(card.zh_CN) == len(card.en) == 3 for card in CARDS)


def test_most_limits_are_kept() -> None:
    replay = replayed()
    still = [live for live in replay.matters.values() if live.closed_on is None and live.due_on]
    late = [live for live in still if live.due_on is not None and live.due_on < replay.day]
    assert 30 <= len(late) <= len(still) // 4
