"""What stands on somebody's desk after the plan was replayed, by the rules of `my desk`."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.domain.errors import Denied, Invalid
from app.domain.kinds import Kind
from app.domain.permissions import Permission, Role
from app.domain.workflow import engine
from app.domain.workflow.plans import Action
from tests.unit.demo_live import Live
from tests.unit.demo_replay import Replay

HANDLES = {Role.INVESTIGATOR, Role.INSPECTOR, Role.ADJUDICATOR}
TAKEN_UP: dict[Role, tuple[Kind, tuple[str, ...]]] = {
    Role.INTAKE_OFFICER: (
        Kind.PETITION, ("received", "registered", "accepted", "forward_sent", "concluded")
    ),
    Role.PETITIONS_HEAD: (Kind.PETITION, ("concluded", "fed_back")),
    Role.LEAD_MANAGER: (Kind.LEAD, ("submitted", "registered", "referral_sent")),
    Role.DEPARTMENT_HEAD: (Kind.LEAD, ("assigned",)),
    Role.ADJUDICATOR: (Kind.CASE, ("reported", "adjudicating")),
    Role.ADJUDICATION_HEAD: (Kind.CASE, ("reported",)),
    Role.KEEPER: (Kind.FUND_ITEM, ("controlled",)),
    Role.FINANCE: (Kind.FUND_ITEM, ("decided", "settling")),
}  # fmt: skip


@dataclass(frozen=True)
class Desk:
    to_sign: list[Live]
    mine: list[Live]
    returned: list[Live]
    to_take: list[Live]

    @property
    def everything(self) -> dict[str, Live]:
        lists = (self.to_sign, self.mine, self.returned, self.to_take)
        return {live.key: live for each in lists for live in each}


def desk_of(replay: Replay, login: str) -> Desk:
    actor = replay.actors[login]
    role = replay.seeds[login].role
    still = [live for live in replay.matters.values() if live.closed_on is None]
    kind, states = TAKEN_UP.get(role, (None, ()))
    signs = actor.may(Permission.REQUESTS_SIGN)
    return Desk(
        to_sign=[live for live in still if signs and waits_for(replay, live, actor.account_id)],
        mine=[
            live
            for live in still
            if role in HANDLES and any(member == login for member, _part in live.team)
        ],
        returned=[
            live
            for live in still
            if live.last_return is not None
            and live.last_return.asked_by == login
            and live.request is None
        ],
        to_take=[
            live
            for live in still
            if live.kind is kind
            and live.state in states
            and live.request is None
            and (role is not Role.DEPARTMENT_HEAD or _own(replay, login, live))
        ],
    )


def _own(replay: Replay, login: str, live: Live) -> bool:
    return live.assigned is not None and replay.seeds[login].reach.covers(live.assigned)


def waits_for(replay: Replay, live: Live, account_id: UUID) -> bool:
    """Whether the open request waits for this account's signature."""
    request = live.request
    if request is None or request.requested_by == account_id:
        return False
    if any(each.account_id == account_id for each in request.signatures):
        return False
    step, actor = request.next_step, replay.actors[replay.logins[account_id]]
    if step.account_id is not None:
        return step.account_id == account_id
    if step.of_team:
        return replay.snapshot(live).of_team(account_id)
    return isinstance(step.role, Role) and actor.holds(step.role, step.path)


def refuses_signature(replay: Replay, login: str, live: Live) -> bool:
    """Whether the signature that is asked of this person can't be given yet."""
    assert live.request is not None
    try:
        engine.sign(
            replay.profile, replay.snapshot(live), live.request, replay.actors[login], "sign",
            replay.facts(live), replay.day, reason="同意",
        )  # fmt: skip
    except Denied:
        return True
    except Invalid:  # what this signer has to fill in, not something that is missing
        return False
    return False


def blocked(replay: Replay, login: str, live: Live) -> list[Action]:
    """Steps that are this person's, and can't be taken yet. Steps that leave the matter where it
    is count only for the liaison, who has no others."""
    stays = replay.seeds[login].role is Role.LIAISON
    return [
        action
        for action in replay.actions(login, live.key)
        if not action.allowed and (stays or action.to_state != live.state) and not action.on_request
    ]
