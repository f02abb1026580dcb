"""Which of somebody's steps is offered first, also with a profile that comes from the database."""

from app.domain.kinds import Kind
from app.domain.profile.loading import builtin_profile
from app.domain.profile.model import Machine
from app.domain.workflow import engine
from app.domain.workflow.plans import Action


def stored(kind: Kind) -> Machine:
    """As the database gives it back: keys shorter first, then by letters."""
    machine = builtin_profile("cn-discipline").machine(kind)
    names = sorted(machine.states, key=lambda name: (len(name), name))
    return machine.model_copy(update={"states": {name: machine.states[name] for name in names}})


def step(machine: Machine, event: str, *, allowed: bool) -> Action:
    row = next(row for row in machine.transitions if row.event == event)
    return Action(event=event, label=row.label, to_state=row.to, allowed=allowed)


def test_what_waits_is_not_replaced_by_a_step_back() -> None:
    case = stored(Kind.CASE)
    waits = step(case, "deliberate", allowed=False)
    back = step(case, "return_for_evidence", allowed=True)
    assert engine.usual(case, "adjudicating", [waits, back]) == waits


def test_what_leads_on_is_offered_where_the_first_step_waits() -> None:
    petition = stored(Kind.PETITION)
    waits = step(petition, "forward", allowed=False)
    on = step(petition, "accept", allowed=True)
    assert engine.usual(petition, "registered", [waits, on]) == on
