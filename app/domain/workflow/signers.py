"""How far up a step goes: every rank between whoever asks and whoever decides signs in turn.

The table names who decides; the subject's rank, the method and the amount can raise or lower
that, and a committee can decide after them. Nobody signs twice, and nobody what they asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app.domain.errors import N_, Reason
from app.domain.guards.conditions import CONDITIONS
from app.domain.guards.everywhere import extendable
from app.domain.guards.situation import Situation, Values, missing
from app.domain.money import Money
from app.domain.permissions import Role
from app.domain.profile.fields import Text
from app.domain.profile.model import HowFarUp, Scope, Transition
from app.domain.workflow.chains import Act, Seat, SignStep
from app.domain.workflow.facts import Holder
from app.domain.workflow.people import barred, candidates

WHY = {
    Act.REVIEW: Reason(N_("Reviews, standing between whoever asks and whoever decides.")),
    Act.DECIDE: Reason(N_("Decides this step.")),
}
NAMED = Reason(N_("Signs as a member of the team: every one of them does."))
SECOND = Reason(N_("Signs as the second officer: two carry this out."))
COMMITTEE = Reason(N_("Records what the committee decided, with date, votes and minutes."))
RISEN = Reason(N_("Nobody else holds this role here, so the superior unit's holder signs."))


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place in a chain before anybody is sought for it."""

    code: str
    act: Act
    rule: Text | None = None


def chain(
    it: Situation, row: Transition, asked_by: str, requester: UUID, values: Values
) -> tuple[SignStep, ...]:
    """Who signs a step, in order, when somebody asks for it as `asked_by`."""
    steps: list[SignStep] = []
    for place in _places(it, row, asked_by, values):
        steps += _steps(it, row, place, requester, values, len(steps) + 1)
    return tuple(steps)


def deciders(it: Situation, row: Transition, values: Values) -> tuple[tuple[str, Text | None], ...]:
    """The codes of who decides a step on these facts, each with the rule that names it, the one
    who decides last at the end."""
    top = _top(it, row, values)
    last, why = _last(it, row, values)
    return (top,) if last is None else (top, (last, why))


def unsignable(
    it: Situation, row: Transition, steps: Sequence[SignStep], requester: UUID, values: Values
) -> Reason | None:
    """Whether too few different people are there for all places; None if there are enough."""
    if it.facts.holders is None:
        return None
    if not steps:
        return missing(N_("Nobody else is of the team, so nobody can sign."))
    found: dict[UUID, int] = {}
    people = [_people(it, row, step, requester, values) for step in steps]
    for at, step in enumerate(steps):
        if not _seated(at, people, found, set()):
            return missing(
                N_("Place {position} of {places} can't be signed: nobody else holds its role."),
                position=step.position,
                places=len(steps),
            )
    return None


def _seated(
    at: int, people: Sequence[frozenset[UUID]], found: dict[UUID, int], tried: set[UUID]
) -> bool:
    """Find somebody for a place, moving others to another of their places where that helps."""
    for person in sorted(people[at] - tried):
        tried.add(person)
        if person not in found or _seated(found[person], people, found, tried):
            found[person] = at
            return True
    return False


def _people(
    it: Situation, row: Transition, step: SignStep, requester: UUID, values: Values
) -> frozenset[UUID]:
    if step.account_id is not None:
        return frozenset({step.account_id})
    but = barred(it, row.event, it.snapshot.state, step, values) | {requester}
    _, found, _ = candidates(it, step.code, values, but)
    return frozenset(holder.account_id for holder in found or ())


def _places(it: Situation, row: Transition, asked_by: str, values: Values) -> tuple[Place, ...]:
    top, rule = _top(it, row, values)
    between = () if row.straight else _between(it, asked_by, top)
    codes = dict.fromkeys((*row.reviewed_by, *between))
    places = [Place(code=code, act=Act.REVIEW) for code in codes if code != top]
    last, last_rule = _last(it, row, values)
    if last is None or last == top:
        return (*places, Place(code=top, act=Act.DECIDE, rule=rule))
    act = Act.DECIDE if it.profile.roles[top].body else Act.REVIEW
    return (
        *places,
        Place(code=top, act=act, rule=rule),
        Place(code=last, act=Act.DECIDE, rule=last_rule),
    )


def _between(it: Situation, asked_by: str, top: str) -> tuple[str, ...]:
    """The ranks above whoever asks and below whoever decides; a committee never reviews."""
    ladder = it.profile.ladders.get(asked_by, ())
    if top not in ladder:
        return ()
    below = ladder[: ladder.index(top)]
    return tuple(code for code in below if it.profile.roles[code].body is None)


def _top(it: Situation, row: Transition, values: Values) -> tuple[str, Text | None]:
    if row.decided_by_limit:
        return _by_limit(it, values), None
    for other in row.instead:
        if CONDITIONS[other.when](it, values):
            return other.by, None
    top = row.approved_by or ""
    if row.method is None:
        return top, None
    return _how_far_up(it, row, top)


def _by_limit(it: Situation, values: Values) -> str:
    """Who lengthens a limit depends on which, and on how often it was lengthened before."""
    named = values.get("clock")
    rules = (str(named),) if named else extendable(it)
    for rule in rules:
        clock, known = it.snapshot.clock(rule), it.machine.clocks.get(rule)
        if clock is not None and known is not None and known.extension is not None:
            codes = known.extension.decided_by
            return codes[min(clock.extensions, len(codes) - 1)]
    first = next(rule.extension for rule in it.machine.clocks.values() if rule.extension)
    return first.decided_by[0]


def _how_far_up(it: Situation, row: Transition, top: str) -> tuple[str, Text | None]:
    """The highest that any subject asks for; one whose rank isn't named follows the table."""
    found: list[tuple[str, Text | None]] = []
    for subject in it.facts.subjects:
        rule = _rule_for(it, subject.rank, row.method)
        found.append((rule.top, rule.why) if rule else (top, None))
    line = it.profile.amount
    if line is not None and it.facts.amount is not None:
        limit = Money.yuan(line.line)
        if it.facts.amount > limit:
            found.append((line.top, _with_line(line.why, str(limit))))
    if not it.facts.subjects:
        found.append((top, None))
    order = standing(it)
    return max(found, key=lambda each: (order.get(each[0], 0), each[1] is not None))


def _with_line(why: Text, line: str) -> Text:
    return Text(en=why.en.format(line=line), zh_CN=why.zh_CN.format(line=line))


def standing(it: Situation) -> dict[str, int]:
    """How high a code stands, by the longest ladder."""
    longest = max(it.profile.ladders.values(), key=len, default=())
    return {code: at for at, code in enumerate(longest, start=1)}


def _rule_for(it: Situation, rank: str | None, method: str | None) -> HowFarUp | None:
    for rule in it.profile.how_far_up:
        if rank in rule.ranks and (not rule.methods or method in rule.methods):
            return rule
    return None


def _last(it: Situation, row: Transition, values: Values) -> tuple[str | None, Text | None]:
    if row.last is None:
        return None, None
    if row.last_when is not None:
        return (row.last, None) if CONDITIONS[row.last_when](it, values) else (None, None)
    for subject in it.facts.subjects:
        rule = _rule_for(it, subject.rank, row.method)
        if rule is not None and rule.last:
            return row.last, rule.why
    return None, None


def _steps(
    it: Situation, row: Transition, place: Place, requester: UUID, values: Values, at: int
) -> list[SignStep]:
    role = it.profile.roles[place.code]
    held: Role | Seat = role.role or Seat.TEAM
    blank = SignStep(
        position=at,
        act=place.act,
        code=place.code,
        role=Seat.TEAM if role.scope is Scope.TEAM else held,
        path=it.snapshot.unit_path,
        why=WHY[place.act],
        rule=place.rule.model_dump() if place.rule else None,
        body=role.body,
    )
    but = barred(it, row.event, it.snapshot.state, blank, values) | {requester}
    path, found, risen = candidates(it, place.code, values, but)
    if role.each:
        members = found or ()
        return [
            replace(
                blank, position=at + n, path=path, account_id=member.account_id, why=NAMED,
                candidates=(member.name,),
            )
            for n, member in enumerate(members)
        ]  # fmt: skip
    return [
        replace(
            blank, path=path, risen=risen, candidates=_named(found), why=_why(blank, risen=risen)
        )
    ]


def _named(found: tuple[Holder, ...] | None) -> tuple[str, ...]:
    return tuple(holder.name for holder in found or () if holder.name)


def _why(step: SignStep, *, risen: bool) -> Reason:
    if risen:
        return RISEN
    if step.body is not None:
        return COMMITTEE
    return SECOND if step.of_team else step.why


__all__ = ["chain", "deciders", "standing", "unsignable"]
