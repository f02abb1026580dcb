"""Logging a lead or a petition: four things are needed, the rest may follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.core.db import Row
from app.domain.errors import N_, FieldError, Forbidden, Gathered, Invalid, PlumblineError, Reason
from app.domain.money import AmountError, Money
from app.domain.permissions import Permission
from app.domain.sources import CHANNELS, CLASSES, SOURCES
from app.domain.units import UnitPath
from app.repositories.work import Work
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages import entry
from app.routers.pages.entry import day_of
from app.routers.pages.frame import frame_for
from app.routers.pages.matters import WHY_ALIKE
from app.routers.pages.particulars import ranks, reported
from app.routers.pages.present import Reader, alleged, matter_href
from app.routers.pages.tabs import log_tabs
from app.routers.parts import Choice, Filled, Item, Link
from app.routers.templating import render
from app.services import leads, matters, petitions, profiles, units
from app.services.leads import NewLead
from app.services.openings import Reported
from app.services.petitions import NewPetition, Reporter

router = APIRouter()

LeadLogger = Annotated[Caller, Page(Permission.LEADS_LOG)]
PetitionLogger = Annotated[Caller, Page(Permission.PETITIONS_LOG)]
Form = Annotated[Submitted, Depends(submitted)]


@router.get("/log")
def lead_form(request: Request, caller: LeadLogger) -> Response:
    """An empty form; from a petition's page, with what that petition already says."""
    petition = request.query_params.get("petition", "")[:36]
    with caller.work("leads.form") as tx:
        _refuse(tx, Permission.LEADS_LOG)
        begun = {"received_on": tx.today.isoformat(), **_from_petition(tx, petition)}
    return _lead_page(request, caller, Filled(begun))


def _refuse(tx: Work, logging: Permission) -> None:
    """An empty form that would be refused wherever it leads is none. Raises Forbidden."""
    if not profiles.may_log(tx, logging):
        raise Forbidden(N_("None of your roles allows this."))


def _from_petition(tx: Work, text: str) -> dict[str, object]:
    """What a lead takes over from its petition; never who reported. Raises NotFound."""
    if not text:
        return {}
    petition_id = entry.id_in(text, "petition")
    file = matters.open_matter(tx, petition_id)
    place = units.place_named(tx, file.head["unit_id"])
    return {
        "petition": text, "number": file.head["number"], "source": "petition",
        "received_on": file.head["opened_on"].isoformat(),
        "what": file.own.get("summary") or "", "where": place or "",
        "leader": file.head["responsible_leader"] or "",
        "campaign": str(file.head["campaign_id"] or ""),
    }  # fmt: skip


@router.post("/log")
def log_lead(request: Request, caller: LeadLogger, form: Form) -> Response:
    """Log the lead, or, if asked, only look for what may be the same."""
    if form.text("look"):
        caller.unsent()
        return _look(request, caller, form)
    try:
        with caller.work("leads.log") as tx:
            lead_id = leads.log_lead(tx, _new_lead(tx, form))
            sees = matters.still_sees(tx, lead_id)
    except entry.AGAIN as error:
        return _lead_page(request, caller, _again(form, error), refused=error, look=True)
    return RedirectResponse(entry.back_to(lead_id, "logged", sees=sees), status_code=303)


def _look(request: Request, caller: Caller, form: Submitted) -> Response:
    """What may be the same; without a known place nothing can be looked for, and that is said."""
    try:
        with caller.work("leads.look_alikes") as tx:
            given = {name: form.text(name) for name in ("what", "name", "where")}
            units.place_in(tx, given["where"], field="where")
    except Invalid as unknown:
        return _lead_page(request, caller, _again(form, unknown), refused=unknown)
    return _lead_page(request, caller, Filled(_typed(form)), look=True)


@router.post("/log/look-alikes")
def look_alikes(request: Request, caller: LeadLogger, form: Form) -> Response:
    """The same hints alone, for the script that asks while somebody types."""
    caller.unsent()
    with caller.work("leads.look_alikes") as tx:
        reader = Reader.of(caller, tx)
        found = _alike(tx, reader, form)
        frame = frame_for(request, caller, tx)
    return render(request, "pages/log_alike.html", frame=frame, alike=found)


def _typed(form: Submitted) -> dict[str, object]:
    return {name: value for name, value in form.values.items() if name != "look"}


# The API's names of fields, and what the forms here call them.
NAMES: Mapping[str, str] = {
    "unit_id": "where",
    "reporter.name": "reporter_name",
    "reporter.contact": "reporter_contact",
    "reporter.id_number": "reporter_number",
    "subjects.0.name": "name",
    "subjects.0.position": "position",
    "subjects.0.rank": "rank",
    "campaign_id": "campaign",
    "responsible_leader": "leader",
}


def _again(form: Submitted, error: PlumblineError) -> Filled:
    """The form with what was typed, each error beside the control that it is about."""
    filled = Filled(_typed(form))
    if not isinstance(error, Invalid):
        return filled
    names = NAMES if "title" in filled.values else {**NAMES, "title": "what"}
    renamed: dict[str, Reason] = {}
    for each in error.errors:
        renamed.setdefault(names.get(each.field, each.field), each.reason)
    in_order = {name: renamed[name] for name in LABELS if name in renamed}
    return Filled(filled.values, {**in_order, **renamed})


# What can't follow later, with what is said of it where it is missing: all of it at once.
LEAD_NEEDS: Mapping[str, str] = {
    "source": N_("Say where it comes from."),
    "received_on": N_("Say when it came in."),
    "what": N_("Say what is alleged."),
    "where": N_("Say where it happened."),
}
PETITION_NEEDS: Mapping[str, str] = {
    "channel": N_("Choose one of those listed."),
    "class": N_("Choose one of those listed."),
    "received_on": N_("Say when it came in."),
    "content": N_("Say what is alleged."),
    "where": N_("Say where it happened."),
}


NOWHERE = UUID(int=0)  # in the place of one that is refused, while the rest is looked at


class _Reading:
    """A form as it is read: whatever of it can't be is gathered, and said at once."""

    def __init__(self, tx: Work, form: Submitted, needs: Mapping[str, str]) -> None:
        self._tx, self.form = tx, form
        self.gathered = Gathered(
            *(FieldError(name, Reason(why)) for name, why in needs.items() if not form.text(name))
        )
        self.received_on, self.unit_id = tx.today, NOWHERE
        with self.gathered.part():
            self.received_on = day_of(form, "received_on") or tx.today
        with self.gathered.part():
            self.unit_id = units.place_in(tx, form.text("where"), field="where")

    def id(self, name: str) -> UUID | None:
        with self.gathered.part():
            return entry.id_of(self.form, name) if self.form.text(name) else None
        return None

    def text(self, name: str) -> str | None:
        return self.form.text(name) or None


def _new_lead(tx: Work, form: Submitted) -> NewLead:
    """Raises Invalid for all that is wrong with it."""
    read = _Reading(tx, form, LEAD_NEEDS)
    amount = None
    with read.gathered.part():
        amount = _amount(form)
    new = NewLead(
        source=form.text("source"),
        received_on=read.received_on,
        what=form.text("what"),
        unit_id=read.unit_id,
        place=read.text("place"),
        happened=read.text("happened"),
        amount=amount,
        category=read.text("category"),
        campaign_id=read.id("campaign"),
        responsible_leader=read.text("leader"),
        subjects=_subjects(form),
        petition_id=read.id("petition"),
    )
    with read.gathered.part():
        leads.check(tx, new)
    read.gathered.refuse()
    return new


def _subjects(form: Submitted) -> list[Reported]:
    return [reported(form)] if form.text("name") else []


def _amount(form: Submitted) -> Money | None:
    text = form.amount("amount")
    try:
        return Money.yuan(text) if text else None
    except AmountError:
        raise Invalid.of(
            "amount", N_("An amount in yuan with at most two decimals, such as 1250.00.")
        ) from None


def _lead_page(
    request: Request,
    caller: Caller,
    form: Filled,
    *,
    refused: PlumblineError | None = None,
    look: bool = False,
) -> Response:
    with caller.work("leads.form") as tx:
        reader = Reader.of(caller, tx)
        frame = frame_for(request, caller, tx, current="log")
        offers = _offers(tx, reader, Permission.LEADS_LOG)
        alike = _alike_in(tx, reader, form) if look else None
        tabs = log_tabs(tx, reader, "lead")
    return render(
        request,
        "pages/log_lead.html",
        frame=frame,
        form=form,
        labels=_labels(reader),
        tabs=tabs,
        reason=None if refused is None or isinstance(refused, Invalid) else refused.reason,
        alike=alike,
        sources=_choices(reader, SOURCES),
        status_code=refused.status if refused else 200,
        **offers,
    )


def _offers(tx: Work, reader: Reader, logging: Permission) -> dict[str, object]:
    places = [
        row for row in units.places(tx) if profiles.may_log(tx, logging, UnitPath(row["path"]))
    ]
    return {
        "places": [Choice(units.full_name(row), row["code"]) for row in places],
        "campaigns": [Choice(str(row["id"]), row["name"]) for row in units.campaigns(tx)],
        "ranks": ranks(reader),
        "yes_no": entry.yes_no(reader),
    }


def _choices(reader: Reader, labels: Mapping[str, str]) -> list[Choice]:
    return [Choice(key, reader.say(label)) for key, label in labels.items()]


def _labels(reader: Reader) -> dict[str, str]:
    """What errors at the top call the fields."""
    return {name: reader.say(label) for name, label in LABELS.items()}


# In the order of the forms, so that errors come in it.
LABELS: Mapping[str, str] = {
    "source": N_("Where it comes from"),
    "channel": N_("How it came"),
    "class": N_("Class"),
    "received_on": N_("Received on"),
    "what": N_("What is alleged"),
    "content": N_("What it says"),
    "where": N_("Where it happened"),
    "reporter_name": N_("Reporter’s name"),
    "reporter_contact": N_("How to reach them"),
    "reporter_number": N_("Reporter’s identity number"),
    "title": N_("Title"),
    "name": N_("Person reported"),
    "position": N_("Unit and post"),
    "rank": N_("Rank"),
    "amount": N_("Amount, yuan"),
    "happened": N_("When it happened"),
    "place": N_("Where exactly"),
    "campaign": N_("Campaign"),
    "leader": N_("Responsible leader"),
}


# What may be the same ----------------------------------------------------------------------------


def _alike(tx: Work, reader: Reader, form: Submitted) -> list[Item]:
    return _alike_in(tx, reader, Filled(form.values))


def _alike_in(tx: Work, reader: Reader, form: Filled) -> list[Item]:
    """Matters that may tell of the same, among what the writer may open; nothing is blocked."""
    try:
        unit_id = units.place_in(tx, str(form.value("where")), field="where")
    except Invalid:
        return []
    names = [str(form.value("name")).strip()]
    found = leads.look_alikes(tx, unit_id=unit_id, names=names, what=str(form.value("what")))
    return [alike_item(reader, row) for row in found]


def alike_item(reader: Reader, row: Row) -> Item:
    why = reader.say(WHY_ALIKE[row["why"]]) if row["why"] in WHY_ALIKE else ""
    return Item(
        link=Link(row["number"], matter_href(row["id"])), text=row["title"], aside=why,
        number=True, alleged=alleged(row),
    )  # fmt: skip


# Petitions ----------------------------------------------------------------------------------------


@router.get("/log/petition")
def petition_form(request: Request, caller: PetitionLogger) -> Response:
    with caller.work("petitions.form") as tx:
        _refuse(tx, Permission.PETITIONS_LOG)
        begun: dict[str, object] = {"received_on": tx.today.isoformat()}
    return _petition_page(request, caller, Filled(begun))


@router.post("/log/petition")
def log_petition(request: Request, caller: PetitionLogger, form: Form) -> Response:
    try:
        with caller.work("petitions.log") as tx:
            petition_id = petitions.log_petition(tx, _new_petition(tx, form))
            sees = matters.still_sees(tx, petition_id)
    except entry.AGAIN as error:
        return _petition_page(request, caller, _again(form, error), refused=error)
    return RedirectResponse(entry.back_to(petition_id, "logged", sees=sees), status_code=303)


def _new_petition(tx: Work, form: Submitted) -> NewPetition:
    """Raises Invalid for all that is wrong with it."""
    read = _Reading(tx, form, PETITION_NEEDS)
    named, contact, number = map(
        read.text, ("reporter_name", "reporter_contact", "reporter_number")
    )
    if (contact or number) and not named:
        with read.gathered.part():
            raise Invalid.of("reporter_name", N_("A contact needs a name beside it."))
    new = NewPetition(
        channel=form.text("channel"),
        class_=form.text("class"),
        received_on=read.received_on,
        content=form.text("content"),
        unit_id=read.unit_id,
        title=read.text("title"),
        place=read.text("place"),
        reporter=Reporter(name=named, contact=contact, id_number=number) if named else None,
        subjects=_subjects(form),
        responsible_leader=read.text("leader"),
        campaign_id=read.id("campaign"),
        backlog=form.text("backlog") == "yes",
        # What goes up on paper is sealed right after it came in, and never registered.
    )
    with read.gathered.part():
        petitions.check(tx, new)
    read.gathered.refuse()
    return new


def _petition_page(
    request: Request, caller: Caller, form: Filled, *, refused: PlumblineError | None = None
) -> Response:
    with caller.work("petitions.form") as tx:
        reader = Reader.of(caller, tx)
        frame = frame_for(request, caller, tx, current="log")
        offers = _offers(tx, reader, Permission.PETITIONS_LOG)
        tabs = log_tabs(tx, reader, "petition")
    return render(
        request,
        "pages/log_petition.html",
        frame=frame,
        form=form,
        labels=_labels(reader) | {"received_on": reader.say(N_("Petition received on"))},
        tabs=tabs,
        reason=None if refused is None or isinstance(refused, Invalid) else refused.reason,
        channels=_choices(reader, CHANNELS),
        classes=_choices(reader, CLASSES),
        status_code=refused.status if refused else 200,
        **offers,
    )
