"""Guards of recovered-fund items: no step ahead of the case, no yuan unaccounted for."""

from __future__ import annotations

from app.domain.errors import N_, Reason
from app.domain.guards.situation import Situation, missing
from app.domain.kinds import Kind
from app.domain.money import Money
from app.domain.profile.model import NEW


def origin_open_to_funds(it: Situation) -> Reason | None:
    """Money comes in while a lead is verified or talked about, or a case is open."""
    origin = it.facts.origin
    if origin is None:
        return missing(N_("A fund item hangs on a lead or a case."))
    state = it.profile.machine(origin.kind).states.get(origin.state)
    if state is not None and state.takes_money:
        return None
    return missing(N_("Nothing can come in: no verification, talk or case is under way."))


def is_filed(it: Situation) -> bool:
    """Whether a case was filed on what the item hangs on."""
    origin = it.facts.origin
    if origin is None:
        return False
    machine = it.profile.machine(origin.kind)
    if origin.kind is Kind.CASE:
        state = machine.states.get(origin.state)
        return state is not None and not state.proposal and origin.state != NEW
    files = {row.to for row in machine.transitions if "open_case" in row.effects}
    return bool(it.facts.cases) or origin.state in files


def after_filing(it: Situation) -> Reason | None:
    if is_filed(it):
        return None
    return missing(N_("Seizure, sealing and freezing need a filed case."))


def payees_listed(it: Situation) -> Reason | None:
    """Whoever gets money back is on the list, and the list sums to the part that goes back."""
    funds = it.facts.funds
    back = funds.splits.get("refund", Money.zero())
    if back.fen and funds.payees == 0:
        return missing(N_("List who gets the money back."))
    if funds.payees_total != back:
        return missing(
            N_("The return list adds up to {listed} yuan, the decision says {decided}."),
            listed=funds.payees_total,
            decided=back,
        )
    return None


def payer_is_another(it: Situation) -> Reason | None:
    """Who takes in, keeps, decides and pays are four different people."""
    funds = it.facts.funds
    if it.asker in (funds.taken_in_by, funds.kept_by, funds.decided_by):
        return missing(N_("Who takes in, keeps, decides and pays are four different people."))
    return None


def payees_signed(it: Situation) -> Reason | None:
    waiting = it.facts.funds.payees_unsigned
    if waiting == 0:
        return None
    return missing(
        N_("People on the return list who are not paid or have not signed: {count}."),
        count=waiting,
    )


def nothing_held(it: Situation) -> Reason | None:
    held = it.facts.funds.held
    if held.fen == 0:
        return None
    return missing(N_("{held} yuan are still in custody."), held=held)


GUARDS = {
    each.__name__: each
    for each in (
        origin_open_to_funds,
        after_filing,
        payees_listed,
        payer_is_another,
        payees_signed,
        nothing_held,
    )
}
