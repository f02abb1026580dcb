"""Correcting what a matter says: at once, or by a request to those whose signatures rest on it.

Either way the former version stays beside the new one, with who corrected it and why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from app.core.db import Row
from app.domain import correcting, errors
from app.domain.correcting import CORRECT, Field, Takes, Where
from app.domain.errors import N_, Reason
from app.domain.kinds import Kind
from app.domain.money import Money
from app.domain.workflow import corrections as asking
from app.domain.workflow.chains import SignStep
from app.domain.workflow.corrections import Held
from app.domain.workflow.facts import Facts
from app.domain.workflow.people import kept_off
from app.domain.workflow.plans import Corrected
from app.repositories import (
    cases,
    corrections,
    funds,
    leads,
    matters,
    outcomes,
    people,
    petitions,
    requests,
)
from app.repositories import facts as fact_rows
from app.repositories.work import Work
from app.services import matters as files
from app.services import units, workflow
from app.services.workflow import Done, Judged

FROZEN = N_("Signatures rest on this field. Those who signed must agree to a correction.")


@dataclass(frozen=True, kw_only=True)
class Open:
    """A field as it stands. `involvement_id` and `person` say whose it is, where it is a person's;
    `frozen`: signatures rest on it, so that it is corrected by a request."""

    field: Field
    value: str | None
    involvement_id: UUID | None = None
    person: str = ""
    frozen: bool = False


@dataclass(frozen=True, kw_only=True)
class Said:
    """What somebody wants a field to say."""

    field: str
    value: str
    reason: str
    involvement_id: UUID | None = None


@dataclass(frozen=True)
class Hindrance:
    """Why nobody can be asked now to agree to a correction: with the request that waits, if one
    does, and what it corrects."""

    why: Reason
    request_id: UUID | None = None
    form: Mapping[str, Any] | None = None

    def is_of(self, name: str, involvement_id: UUID | None) -> bool:
        """Whether it is this field whose correction waits."""
        whose = str(involvement_id) if involvement_id else None
        form = self.form or {}
        return form.get("field") == name and form.get("involvement") == whose


@dataclass(frozen=True, kw_only=True)
class _Judged:
    """A correction that could be made: where, from what, to what, on which facts."""

    it: Judged
    at: Open
    new: str
    reason: str
    corrected: Facts
    held: Sequence[Held]


def held_on(tx: Work, matter_id: UUID) -> list[Held]:
    """The signatures that rest on what a matter says, in their order."""
    return [_held(row) for row in corrections.held_signatures(tx, matter_id)]


def _held(row: Row) -> Held:
    return Held(
        event=row["event"],
        from_state=row["from_state"],
        form=row["form"],
        open=row["status"] == "open",
        step=SignStep.from_json(row["step"]),
        account_id=row["account_id"],
        name=row["name"] or "",
        signed_on=row["signed_on"],
    )


def open_fields(tx: Work, matter_id: UUID) -> list[Open]:
    """Every field that can be corrected, with what it says. Raises NotFound, Forbidden."""
    head = files.refuse_readers(tx, matter_id)
    signed = bool(corrections.held_signatures(tx, matter_id))
    return list(_fields(tx, head, signed=signed))


def _fields(tx: Work, head: Row, *, signed: bool) -> Iterable[Open]:
    kind = Kind(head["kind"])
    own = matters.own_row(tx, kind, head["id"]) or {}
    persons = outcomes.involved(tx, head["id"])
    for field in correcting.fields_of(kind):
        frozen = signed and field.rests
        if not field.of_person:
            row = head if field.where is Where.MATTER else own
            yield Open(field=field, value=_text(row.get(field.name)), frozen=frozen)
            continue
        for person in persons:
            yield Open(
                field=field, value=_text(person[field.name]), involvement_id=person["id"],
                person=person["name"] or "", frozen=frozen,
            )  # fmt: skip


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def asked_of(tx: Work, matter_id: UUID) -> tuple[SignStep, ...]:
    """Who would have to agree if the actor asked to correct what signatures rest on; a sum or a
    rank can add somebody. Raises Denied where nobody else can."""
    it = workflow.judged(tx, matter_id)
    return asking.chain(
        workflow.situation(tx, it), held_on(tx, matter_id), tx.actor.account_id, it.facts
    )


def correct(tx: Work, matter_id: UUID, said: Said, *, seen_version: int | None = None) -> Done:
    """Correct a field at once. Locks the matter.

    Raises NotFound, Forbidden, Stale, Invalid, and Conflict where signatures rest on it, or where
    the request that waits would need other signatures.
    """
    found = _judge(tx, matter_id, said, seen_version)
    if found.at.frozen:
        raise errors.Conflict(FROZEN)
    waiting = requests.open_request(tx, matter_id)
    if waiting is not None:
        _refuse_other_chain(tx, found, waiting)
        if found.at.field.rests and corrections.entered_on_paper(tx, waiting["id"]):
            raise errors.Conflict(_ON_PAPER)
        requests.read_anew(tx, waiting)
    version = _write(tx, found.it.head, found.at, found.new, found.reason, request_id=None)
    return Done(matter_id=matter_id, version=version, state=found.it.snapshot.state)


def ask(tx: Work, matter_id: UUID, said: Said, *, seen_version: int | None = None) -> Done:
    """Ask those whose signatures rest on a field to agree to its correction. Locks the matter.

    Raises NotFound, Forbidden, Stale, Invalid, Conflict where nobody signed or something waits for
    signatures already, Denied where nobody else can agree.
    """
    found = _judge(tx, matter_id, said, seen_version)
    if not found.at.frozen:
        raise errors.Conflict(N_("No signature rests on this field: correct it at once."))
    hindrance = _hindrance(found.it, requests.open_request(tx, matter_id))
    if hindrance is not None:
        raise errors.Conflict(hindrance.why.message)
    it, me = found.it, tx.actor.account_id
    chain = asking.chain(workflow.situation(tx, it), found.held, me, found.corrected)
    form: dict[str, object] = {
        "field": found.at.field.name, "old": found.at.value, "value": found.new,
        "involvement": str(found.at.involvement_id) if found.at.involvement_id else None,
    }  # fmt: skip
    request_id = requests.insert_request(
        tx,
        matter_id=matter_id,
        event=CORRECT,
        from_state=it.snapshot.state,
        to_state=it.snapshot.state,
        form=form,
        reason=found.reason,
        chain=[step.as_json() for step in chain],
        matter_version=it.head["version"],
    )
    version = matters.touch(
        tx,
        matter_id,
        event="requested",
        seen_version=it.head["version"],
        reason=found.reason,
        form={"step": CORRECT, "field": found.at.field.name},
    )
    return Done(
        matter_id=matter_id, version=version, state=it.snapshot.state, request_id=request_id
    )


def hindrance(tx: Work, matter_id: UUID) -> Hindrance | None:
    """What keeps everybody from asking for a correction of what signatures rest on, for now."""
    return _hindrance(workflow.judged(tx, matter_id), requests.open_request(tx, matter_id))


def _hindrance(it: Judged, waiting: Row | None) -> Hindrance | None:
    if waiting is not None:
        corrects = waiting["event"] == CORRECT
        return Hindrance(
            Reason(_WAITS if corrects else _WAITS_FOR_STEP), waiting["id"],
            waiting["form"] if corrects else None,
        )  # fmt: skip
    if it.facts.objected:
        return Hindrance(Reason(_OBJECTED))
    return None


_OBJECTED = N_("Somebody objects to a signature on paper in their name: that is decided first.")
_WAITS = N_("A correction of this matter waits for signatures already.")
_WAITS_FOR_STEP = N_(
    "A request that rests on this waits for signatures: it has to be returned or taken back first,"
    " and asked for anew after the correction."
)
_ON_PAPER = N_(
    "A signature on paper under the request that waits rests on this: first it has to be compared,"
    " or rejected."
)
_OTHER_CHAIN = N_(
    "With this, the request that waits would need other signatures: it has to be returned or taken"
    " back first, and asked for anew after the correction."
)


def mend(tx: Work, matter_id: UUID, said: Said, *, seen_version: int | None = None) -> Done:
    """Whichever of the two it takes, as a page does: `correct` or `ask`."""
    head = matters.matter(tx, matter_id)
    field = correcting.field_of(Kind(head["kind"]), said.field)
    frozen = field is not None and field.rests and corrections.held_signatures(tx, matter_id)
    return (ask if frozen else correct)(tx, matter_id, said, seen_version=seen_version)


def carry_out(tx: Work, it: Judged, request: Row, plan: Corrected) -> Done:
    """The last signature: the field changes, with the former version kept. The signature is written
    by whoever calls. Raises Conflict where the field says something else by now."""
    form = request["form"]
    whose = UUID(form["involvement"]) if form.get("involvement") else None
    at = field_at(tx, it.head, str(form["field"]), whose, signed=True)
    if at is None or at.value != form.get("old"):
        raise errors.Conflict(
            N_("The field says something else by now: return the request, and it is asked anew.")
        )
    requests.end(tx, request, "approved")
    version = _write(
        tx, it.head, at, str(form["value"]), plan.reason or "", request_id=request["id"]
    )
    return Done(matter_id=it.snapshot.id, version=version, state=it.snapshot.state)


def _judge(tx: Work, matter_id: UUID, said: Said, seen_version: int | None) -> _Judged:
    files.refuse_readers(tx, matter_id)
    fact_rows.lock(tx, matter_id)
    it = workflow.judged(tx, matter_id)
    if seen_version is not None and it.head["version"] != seen_version:
        raise errors.Stale
    if kept_off(workflow.situation(tx, it), tx.actor.account_id):
        raise errors.Forbidden(N_("You keep off this matter."))
    if not said.reason.strip():
        raise errors.Invalid.of("reason", N_("Say why."))
    if len(said.reason) > workflow.REASON_LIMIT:
        raise errors.Invalid.of(
            "reason", N_("At most {limit} characters."), limit=workflow.REASON_LIMIT
        )
    held = held_on(tx, matter_id)
    at = field_at(tx, it.head, said.field, said.involvement_id, signed=bool(held))
    if at is None:
        known = {each["id"] for each in outcomes.involved(tx, matter_id)}
        if said.involvement_id is not None and said.involvement_id not in known:
            raise errors.Invalid.of("involvement_id", errors.UNKNOWN)
        raise errors.Invalid.of("field", N_("This field can't be corrected."))
    new = correcting.checked(at.field, said.value, _codes(tx, it))
    if (at.value or "") == new:
        raise errors.Invalid.of("value", N_("This is what it says already."))
    return _Judged(
        it=it, at=at, new=new, reason=said.reason.strip(), held=held,
        corrected=_corrected(it.facts, at, new),
    )  # fmt: skip


def field_at(
    tx: Work, head: Row, field: str, involvement_id: UUID | None, *, signed: bool
) -> Open | None:
    for each in _fields(tx, head, signed=signed):
        if (each.field.name, each.involvement_id) == (field, involvement_id):
            return each
    return None


def _codes(tx: Work, it: Judged) -> Mapping[Takes, Iterable[str]]:
    return {
        Takes.RANK: set(it.profile.ranks),
        Takes.CAMPAIGN: {str(row["id"]) for row in units.campaigns(tx)},
    }


def _corrected(facts: Facts, at: Open, new: str) -> Facts:
    """What the engine would judge by with the correction: sums and ranks say who decides."""
    if at.field.name == "amount":
        return replace(facts, amount=Money.yuan(new))
    if at.field.name == "rank":
        subjects = tuple(
            replace(each, rank=new) if each.involvement_id == at.involvement_id else each
            for each in facts.subjects
        )
        return replace(facts, subjects=subjects)
    return facts


def _refuse_other_chain(tx: Work, found: _Judged, waiting: Row) -> None:
    it = workflow.situation(tx, found.it)
    if asking.asks_anew(
        it, waiting["event"], waiting["from_state"], waiting["form"], found.corrected
    ):
        raise errors.Conflict(_OTHER_CHAIN)


def _write(
    tx: Work, head: Row, at: Open, new: str, reason: str, *, request_id: UUID | None
) -> int:  # fmt: skip
    matter_id, field = head["id"], at.field
    corrections.insert(
        tx, matter_id, field=field.name, involvement_id=at.involvement_id, old=at.value, new=new,
        reason=reason, request_id=request_id,
    )  # fmt: skip
    changes = {field.name: new} if field.where is Where.MATTER else {}
    if at.involvement_id is not None:
        _write_person(tx, at.involvement_id, field, new)
    elif field.where is Where.OWN:
        change = _CHANGE[Kind(head["kind"])]
        change(tx, matter_id, **{field.name: _typed(field, new)})
    told = {"field": field.name}
    if at.involvement_id is not None:
        told["involvement"] = str(at.involvement_id)
    if request_id is not None:
        told["request"] = str(request_id)
    return matters.touch(
        tx, matter_id, event="corrected", seen_version=head["version"], reason=reason, form=told,
        changes=changes,
    )  # fmt: skip


_CHANGE: Mapping[Kind, Callable[..., None]] = {
    Kind.PETITION: petitions.change_petition,
    Kind.LEAD: leads.change_lead,
    Kind.CASE: cases.change_case,
    Kind.FUND_ITEM: funds.change_fund_item,
}


def _typed(field: Field, new: str) -> object:
    return Money.yuan(new).decimal if field.takes is Takes.AMOUNT else new


def _write_person(tx: Work, involvement_id: UUID, field: Field, new: str) -> None:
    if field.where is Where.REGISTER:
        people.correct_name(tx, involvement_id, new)
    else:
        outcomes.correct_involvement(tx, involvement_id, field.name, new)
