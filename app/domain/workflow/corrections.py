"""Whom a request to correct something asks: everybody whose signature rests on it.

Whoever can't sign any more is followed by whoever holds the place now, and where nobody does, by
the superior unit's holder. Whoever asks doesn't sign. Where nobody who decided stands as high as
they, somebody else in their place decides: nobody corrects with their own staff what they signed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from app.domain.errors import N_, Denied, Reason
from app.domain.guards.situation import Situation, Values, missing
from app.domain.permissions import Role
from app.domain.profile.model import RoleRow, Scope
from app.domain.workflow import signers
from app.domain.workflow.chains import Act, Seat, SignStep
from app.domain.workflow.facts import Facts, Holder
from app.domain.workflow.people import apart, candidates, left

SIGNED = Reason(N_("Signed what rests on it."))
FOLLOWS = Reason(N_("Holds the place of somebody who signed and can’t any more."))
SECOND = Reason(N_("Whoever asks decided on it before, so somebody else in that office decides."))
RAISED = Reason(N_("With this correction, what was signed needs this decision as well."))
NO_VALUES: Values = {}
NOBODY = N_("Nobody else can agree to this correction.")
ASK_OTHERWISE = N_(
    "You decided on this, and nobody else can in your place: let somebody else ask for the"
    " correction, and agree to it."
)


@dataclass(frozen=True, kw_only=True)
class Held:
    """A signature that holds: under which request, in which place. `account_id` is None for one
    that was given on paper by somebody without an account."""

    event: str
    from_state: str
    form: Values
    open: bool
    step: SignStep
    account_id: UUID | None
    name: str
    signed_on: date


def chain(
    it: Situation, held: Sequence[Held], requester: UUID, corrected: Facts
) -> tuple[SignStep, ...]:
    """Who agrees to a correction, from below up, those who decided last. `corrected` are the facts
    with it. Raises Denied where a place can't be signed by anybody else."""
    seats = _seats(held)
    high = signers.standing(it)

    def rank(seat: Held) -> tuple[bool, int]:
        return seat.step.act is Act.DECIDE, high.get(seat.step.code, 0)

    others = [each for each in seats if each.account_id != requester]
    most = max((rank(each) for each in others), default=(False, 0))
    asked = [each for each in seats if each.account_id != requester or rank(each) > most]
    steps: list[SignStep] = []
    for each in sorted(asked, key=rank):
        steps += _places(it, each, requester, steps)
    steps += _raised(it, held, requester, corrected, steps)
    if not steps:
        raise Denied((missing(NOBODY),))
    steps[-1] = replace(steps[-1], act=Act.DECIDE)
    return tuple(replace(step, position=n) for n, step in enumerate(steps, start=1))


def _seats(held: Sequence[Held]) -> list[Held]:
    """One place for each person, in the order of their first signature: where they decided, that
    one, else their latest."""
    found: dict[object, Held] = {}
    for each in held:
        key = each.account_id or (each.step.code, each.step.path.value)
        former = found.get(key)
        decided = former is not None and former.step.act is Act.DECIDE
        if not decided or each.step.act is Act.DECIDE:
            found[key] = each
    return list(found.values())


def _places(
    it: Situation, seat: Held, requester: UUID, before: Iterable[SignStep]
) -> list[SignStep]:
    taken = {step.account_id for step in before}
    step = replace(seat.step, account_id=seat.account_id, body=None, rule=None, risen=False)
    mine = seat.account_id == requester
    if seat.account_id is not None and not mine and not _gone(it, step):
        named = (seat.name,) if seat.name else ()
        return [replace(step, why=SIGNED, candidates=named, passes_on=True)]
    return _open_place(it, step, requester, taken, SECOND if mine else FOLLOWS)


def _gone(it: Situation, step: SignStep) -> bool:
    who = step.account_id
    return left(it, step) or (who is not None and apart(it, step.code, who) is not None)


def _open_place(
    it: Situation, step: SignStep, requester: UUID, taken: set[UUID | None], why: Reason
) -> list[SignStep]:
    """A place for whoever holds it now; none where they sign in their own already."""
    step = replace(step, account_id=None)
    path, found, risen = candidates(it, step.code, NO_VALUES, frozenset({requester}))
    if not found and step.of_team:
        return _heads_place(it, step, requester, taken)
    if any(holder.account_id in taken for holder in found or ()):
        return []
    if found is not None and not found:
        raise Denied((missing(ASK_OTHERWISE if why is SECOND else NOBODY),))
    reason = signers.RISEN if risen else why
    return [replace(step, path=path, risen=risen, why=reason, candidates=_names(found))]


def _heads_place(
    it: Situation, step: SignStep, requester: UUID, taken: set[UUID | None]
) -> list[SignStep]:
    """Nobody of the team is left to follow a member: whoever heads the department does."""
    for code, row in it.profile.roles.items():
        if row.role is Role.DEPARTMENT_HEAD and row.scope is Scope.ASSIGNED:
            head = replace(step, code=code, role=row.role)
            return _open_place(it, head, requester, taken, FOLLOWS)
    raise Denied((missing(NOBODY),))


def _names(found: Iterable[Holder] | None) -> tuple[str, ...]:
    return tuple(holder.name for holder in found or () if holder.name)


def _raised(
    it: Situation, held: Sequence[Held], requester: UUID, corrected: Facts, steps: list[SignStep]
) -> list[SignStep]:
    """Who decides on the corrected facts, and hasn't on the former ones: a sum or a rank that
    was wrong does not keep a decision below those whose it was."""
    found: list[SignStep] = []
    there = {step.code for step in steps}
    for code in _needed(it, held, corrected):
        if code in there:
            continue
        there.add(code)
        row = it.profile.roles[code]
        blank = SignStep(
            position=0, act=Act.DECIDE, code=code, role=_role(row), path=it.snapshot.unit_path,
            why=RAISED,
        )  # fmt: skip
        found += _open_place(it, blank, requester, {step.account_id for step in steps}, RAISED)
    return found


def _role(row: RoleRow) -> Role | Seat:
    return Seat.TEAM if row.scope is Scope.TEAM or row.role is None else row.role


def _needed(it: Situation, held: Sequence[Held], corrected: Facts) -> list[str]:
    after = replace(it, facts=corrected)
    found: list[str] = []
    for each in held:
        row = it.machine.of(each.event, each.from_state)
        if row is None:
            continue
        before = {code for code, _ in signers.deciders(it, row, each.form)}
        found += [code for code, _ in signers.deciders(after, row, each.form) if code not in before]
    return found


def asks_anew(
    it: Situation, event: str, from_state: str, form: Values, corrected: Facts
) -> bool:  # fmt: skip
    """Whether a request that waits would be decided by somebody else on the corrected facts."""
    row = it.machine.of(event, from_state)
    if row is None or row.alone:
        return False
    after = replace(it, facts=corrected)
    before = [code for code, _ in signers.deciders(it, row, form)]
    return before != [code for code, _ in signers.deciders(after, row, form)]
