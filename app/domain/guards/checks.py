"""What a filled-in form may still get wrong: people who can't do it, outcomes that can't be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from app.domain.errors import N_, FieldError
from app.domain.guards.funds import is_filed
from app.domain.guards.situation import Situation, Values, wrong
from app.domain.kinds import Kind, Stage
from app.domain.money import Money
from app.domain.outcomes import eligible
from app.domain.permissions import Role

Rows = tuple[Mapping[str, Any], ...]


def claim_has_task(it: Situation, values: Values) -> Iterator[FieldError]:
    if it.facts.class_ == "claim" and not it.facts.leads and not values.get("handling_task"):
        yield wrong("handling_task", N_("A claim is handed over with a task to handle."))


def claim_task_done(it: Situation, values: Values) -> Iterator[FieldError]:
    if it.facts.class_ == "claim" and not values.get("task_done"):
        yield wrong("task_done", N_("The claim's handling task has to be done."))


def department_headed(it: Situation, values: Values) -> Iterator[FieldError]:
    """Where a matter goes, somebody has to be able to take it on."""
    named, holders = values.get("department"), it.facts.holders
    path = it.facts.units.get(str(named))
    if path is None or holders is None:
        return
    heads = holders.get(Role.DEPARTMENT_HEAD, ())
    if not any(head.unit.covers(path) for head in heads):
        yield wrong("department", N_("Nobody heads this department: it couldn't be taken on."))


FIRST_SAY = N_("First say whether {name} is the person of that name in this matter.")


def handler_free(it: Situation, values: Values) -> Iterator[FieldError]:
    """Nobody handles a matter in which they are named or from which they keep off."""
    for field in ("handler", "team"):
        named = values.get(field)
        people = named if isinstance(named, list | tuple) else [named]
        for each in people:
            if each is not None:
                yield from _may_handle(it, field, UUID(str(each)), values)


def _may_handle(
    it: Situation, field: str, account_id: UUID, values: Values
) -> Iterator[FieldError]:
    kept_off = it.facts.conflicted | it.facts.recused
    if account_id in it.facts.asked_about and account_id != it.actor.account_id:
        name = (it.facts.handlers or {}).get(account_id, "")
        yield wrong(field, FIRST_SAY, name=name)
    elif account_id in it.facts.asked_about:
        yield wrong(field, N_("This person can't take this matter."))
    elif account_id in kept_off or str(account_id) == str(values.get("recused")):
        yield wrong(field, N_("This person keeps off the matter."))
    elif account_id in it.facts.adjudicators:
        yield wrong(field, N_("This person adjudicated the matter: others handle it."))
    elif it.facts.handlers is not None and account_id not in it.facts.handlers:
        yield wrong(field, N_("This person does not handle matters."))


def handler_replaced(it: Situation, values: Values) -> Iterator[FieldError]:
    leads = {m.account_id for m in it.snapshot.team if m.part == "lead_handler"}
    recused = values.get("recused")
    if recused is not None and UUID(str(recused)) in leads and not values.get("handler"):
        yield wrong("handler", N_("Say who takes over from the handler."))


def somebody_handles_it(it: Situation, values: Values) -> Iterator[FieldError]:
    if it.snapshot.assigned_path is None and not values.get("department"):
        yield wrong("department", N_("No department handled it before: name one."))
    if not it.snapshot.team and not values.get("handler"):
        yield wrong("handler", N_("Nobody handled it before: name a handler."))


def team_of_two(it: Situation, values: Values) -> Iterator[FieldError]:
    yield from handler_free(it, values)
    least = it.profile.limits.get("team_least", 1)
    named = values.get("team")
    chosen = {UUID(str(each)) for each in named} if isinstance(named, list | tuple) else set()
    if len(chosen | {member.account_id for member in it.snapshot.team}) < least:
        yield wrong("team", N_("The team needs at least {least} members."), least=least)


def outcome_rows(values: Values) -> Rows:
    """The form's outcomes as rows of subject and measure."""
    rows = values.get("outcomes")
    return tuple(rows) if isinstance(rows, list | tuple) else ()


def outcomes_complete(it: Situation, values: Values) -> Iterator[FieldError]:
    """One outcome at least for each subject, each one that this subject can receive."""
    rows = outcome_rows(values)
    if not rows:
        return
    subjects = {str(subject.involvement_id): subject for subject in it.facts.subjects}
    for at, row in enumerate(rows):
        subject = subjects.get(str(row["subject"]))
        measure = it.profile.measures.get(str(row["measure"]))
        if subject is None:
            yield wrong(f"outcomes.{at}.subject", N_("This person is not reported in the matter."))
        elif measure is None or it.snapshot.kind not in measure.at:
            yield wrong(f"outcomes.{at}.measure", N_("This outcome is not decided here."))
        elif (why := eligible(it.profile, subject, str(row["measure"]))) is not None:
            yield FieldError(f"outcomes.{at}.measure", why)
    without = len(subjects) - len({str(row["subject"]) for row in rows} & set(subjects))
    if without:
        yield wrong("outcomes", N_("Decide for each: {count} have no outcome yet."), count=without)
    yield from _compatible(it, rows)


_ALONE = frozenset({"unfounded", "dismissed"})
_ONCE = frozenset({"party_sanction", "administrative_sanction"})


def _compatible(it: Situation, rows: Rows) -> Iterator[FieldError]:
    kinds: dict[str, list[str]] = {}
    for at, row in enumerate(rows):
        measure = it.profile.measures.get(str(row["measure"]))
        if measure is None:
            continue
        had = kinds.setdefault(str(row["subject"]), [])
        if measure.kind in _ONCE and measure.kind in had:
            yield wrong(f"outcomes.{at}.measure", N_("One sanction of a kind for the same person."))
        if had and (measure.kind in _ALONE or _ALONE & set(had)):
            yield wrong(f"outcomes.{at}.measure", N_("Not borne out goes with no other outcome."))
        had.append(measure.kind)


def _kinds(it: Situation, values: Values) -> set[str]:
    measures = it.profile.measures
    return {
        measures[str(row["measure"])].kind
        for row in outcome_rows(values)
        if str(row["measure"]) in measures
    }


def somebody_filed(it: Situation, values: Values) -> Iterator[FieldError]:
    if outcome_rows(values) and "filed" not in _kinds(it, values):
        yield wrong("outcomes", N_("File on at least one person, or decide otherwise."))


def nobody_filed(it: Situation, values: Values) -> Iterator[FieldError]:
    if _kinds(it, values) & {"filed", "referred"}:
        yield wrong("outcomes", N_("A filing or a referral is a step of its own."))


def stage_permits_measure(it: Situation, values: Values) -> Iterator[FieldError]:
    if values.get("measure") in it.profile.strong_measures and not is_filed(it):
        yield wrong("measure", N_("Seizure, sealing and freezing need a filed case."))


def splits_sum(it: Situation, values: Values) -> Iterator[FieldError]:
    funds = it.facts.funds
    rows = values.get("splits")
    parts = [Money.yuan(str(row["amount"])) for row in rows] if isinstance(rows, list) else []
    total = sum(parts, Money.zero())
    if funds.form == "money" and total != funds.held:
        yield wrong(
            "splits",
            N_("The parts add up to {total} yuan, {held} are held."),
            total=total,
            held=funds.held,
        )
    if funds.form == "property" and not values.get("property_to"):
        yield wrong("property_to", N_("Say where the property goes."))


def money_settled_or_tracked(it: Situation, values: Values) -> Iterator[FieldError]:
    if it.facts.funds.open_items and not values.get("money_tracked"):
        yield wrong(
            "money_tracked",
            N_("{count} fund items are not settled: say how they are tracked."),
            count=it.facts.funds.open_items,
        )


def survivor_fits(it: Situation, values: Values) -> Iterator[FieldError]:
    """What is merged goes on in another matter of its kind that is still open."""
    survivor = it.facts.matters.get(str(values.get("survivor")))
    if survivor is None:
        return
    if survivor.id == it.snapshot.id:
        yield wrong("survivor", N_("A matter can't be merged into itself."))
    elif survivor.kind is not it.snapshot.kind:
        yield wrong("survivor", N_("Only matters of one kind are merged."))
    elif survivor.closed:
        yield wrong("survivor", N_("This matter has ended: nothing goes on in it."))


def repeat_fits(it: Situation, values: Values) -> Iterator[FieldError]:
    earlier = it.facts.matters.get(str(values.get("repeat_of")))
    if earlier is None:
        return
    if earlier.kind is not it.snapshot.kind or earlier.id == it.snapshot.id:
        yield wrong("repeat_of", N_("Name the earlier petition."))


def case_fits(it: Situation, values: Values) -> Iterator[FieldError]:
    """A lead joins a case only as long as somebody investigates it."""
    named = it.facts.matters.get(str(values.get("case")))
    if named is None:
        return
    state = it.profile.machine(Kind.CASE).states.get(named.state)
    if named.kind is not Kind.CASE:
        yield wrong("case", N_("This is no case."))
    elif named.closed or state is None or state.stage is not Stage.INVESTIGATE:
        yield wrong("case", N_("Only a case that is being investigated takes in another lead."))


def children_fit(it: Situation, values: Values) -> Iterator[FieldError]:
    """Each child takes some of the people, no two take the same, and somebody stays."""
    rows = values.get("children")
    children: Iterable[Mapping[str, Any]] = rows if isinstance(rows, list) else ()
    known = {str(subject.involvement_id) for subject in it.facts.subjects}
    taken: list[str] = []
    for at, child in enumerate(children):
        going = [str(each) for each in child["subjects"]]
        if not going or not set(going) <= known:
            yield wrong(f"children.{at}.subjects", N_("Name people of this matter."))
        if set(going) & set(taken):
            yield wrong(f"children.{at}.subjects", N_("Each person goes to one matter."))
        taken += going
        if any(each.outcomes for each in it.facts.subjects if str(each.involvement_id) in going):
            yield wrong(
                f"children.{at}.subjects", N_("What was decided about somebody stays here.")
            )
    if known and set(taken) >= known:
        yield wrong("children", N_("Somebody has to stay in this matter."))


CHECKS: dict[str, Callable[[Situation, Values], Iterable[FieldError]]] = {
    each.__name__: each
    for each in (
        claim_has_task,
        claim_task_done,
        department_headed,
        handler_free,
        handler_replaced,
        somebody_handles_it,
        team_of_two,
        outcomes_complete,
        somebody_filed,
        nobody_filed,
        stage_permits_measure,
        splits_sum,
        money_settled_or_tracked,
        survivor_fits,
        repeat_fits,
        case_fits,
        children_fit,
    )
}
