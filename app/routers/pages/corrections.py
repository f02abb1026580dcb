"""Correcting what a matter says, and every version of a field, any two side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.domain.correcting import Pieces, Takes, Version
from app.domain.errors import N_, Denied, NotFound
from app.domain.permissions import Permission
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages import chains, entry, history
from app.routers.pages.corrected import Values, named
from app.routers.pages.entry import Entry, version_of
from app.routers.pages.frame import frame_for
from app.routers.pages.present import Reader, alleged, matter_href
from app.routers.parts import Choice, Filled, Link, Missing, Signed
from app.routers.templating import render
from app.services import corrections, matters
from app.services import versions as all_versions
from app.services.corrections import Hindrance, Said
from app.services.versions import Versions

router = APIRouter()

Reading = Annotated[Caller, Page(Permission.MATTERS_READ)]
Form = Annotated[Submitted, Depends(submitted)]


@dataclass(frozen=True)
class Offered:
    """A field on the form: what it is called, what it says, what it takes, whether those who signed
    have to agree, and whether a correction of it waits for them already."""

    label: str
    value: str
    takes: Takes
    frozen: bool
    choices: Sequence[Choice]
    versions: str
    waits: bool


def _offers(it: entry.Open) -> Mapping[str, object]:
    """Each field with what it says, and who would be asked where signatures rest on it."""
    values = Values(it.tx, it.reader)
    matter_id = it.file.head["id"]
    fields = corrections.open_fields(it.tx, matter_id)
    signed = any(each.frozen for each in fields)
    hindrance = corrections.hindrance(it.tx, matter_id) if signed else None
    found = {
        _key(each.field.name, each.involvement_id): Offered(
            label=named(it.reader, it.file, each.field.name, each.involvement_id),
            value=values.said(each.field.name, each.value),
            takes=each.field.takes,
            frozen=each.frozen,
            choices=values.choices(each.field.takes),
            versions=history.versions_href(matter_id, each.field.name, each.involvement_id),
            waits=hindrance is not None and hindrance.is_of(each.field.name, each.involvement_id),
        )
        for each in fields
    }
    chain, lacking = _asked(it) if signed and hindrance is None else ([], [])
    return {
        "fields": found, "chain": chain, "lacking": lacking,
        "hindrance": None if hindrance is None else _hindering(it.reader, hindrance),
    }  # fmt: skip


def _hindering(reader: Reader, hindrance: Hindrance) -> Missing:
    """Said before anything is written, with the way to what waits."""
    reads = Link(reader.say(N_("Read the request")), f"/requests/{hindrance.request_id}")
    return Missing(hindrance.why, reads if hindrance.request_id else None)


def _asked(it: entry.Open) -> tuple[list[Signed], list[str]]:
    try:
        chain = corrections.asked_of(it.tx, it.file.head["id"])
    except Denied as denied:
        return [], [it.reader.reason(each) for each in denied.reasons]
    return chains.preview(it.reader, chain), []


def _key(field: str, involvement_id: UUID | None) -> str:
    """A field as the form's address names it."""
    return field if involvement_id is None else f"{field}.{involvement_id}"


def _named_by(key: str) -> tuple[str, UUID | None]:
    field, dot, whose = key.partition(".")
    return field, entry.id_in(whose, "field") if dot else None


CORRECTION = Entry(
    "pages/correct.html", N_("Correct what it says"),
    N_(
        "What was written wrongly in {number} is corrected at once; what signatures rest on, once"
        " those who signed agree. Both versions stay visible, with your reason."
    ),
    N_("Correct {number}"), "/corrections/new", "corrected", _offers,
)  # fmt: skip


@router.get("/matters/{matter_id}/corrections/new")
def new_correction(request: Request, caller: Reading, matter_id: UUID) -> Response:
    begun = Filled({"field": request.query_params.get("field", "")})
    return entry.show(request, caller, matter_id, CORRECTION, begun)


@router.post("/matters/{matter_id}/corrections/new")
def correct(request: Request, caller: Reading, matter_id: UUID, form: Form) -> Response:
    seen = version_of(form)
    try:
        with caller.work("matters.corrected") as tx:
            done = corrections.mend(tx, matter_id, _said(form), seen_version=seen)
    except entry.AGAIN as error:
        again = entry.refilled(form, error)
        return entry.show(request, caller, matter_id, CORRECTION, again, refused=error, seen=seen)
    told = "corrected" if done.moved else "asked"
    return RedirectResponse(entry.back_to(matter_id, told, sees=True), status_code=303)


def _said(form: Submitted) -> Said:
    field, whose = _named_by(form.text("field"))
    value = form.amount("value") if field == "amount" else form.text("value")
    return Said(field=field, value=value, reason=form.text("reason"), involvement_id=whose)


# Versions -----------------------------------------------------------------------------------------


@router.get("/matters/{matter_id}/fields/{field}")
def versions(request: Request, caller: Reading, matter_id: UUID, field: str) -> Response:
    """Every version of a field, and two of them side by side: the last two unless others are
    named by `from` and `to`."""
    asked = request.query_params
    with caller.work("matters.versions") as tx:
        whose = _whose(asked.get("of", ""))
        found = all_versions.every_version(tx, matter_id, field, whose)
        file = matters.open_matter(tx, matter_id)
        reader = Reader.of(caller, tx).following(tx, file.head["profile_id"])
        frame = frame_for(request, caller, tx, current="ledgers")
        values = Values(tx, reader)
        what = named(reader, file, field, None if file.masked else whose)
    every = found.versions
    last = len(every)
    before = _numbered(asked.get("from", ""), max(last - 1, 1), last)
    after = _numbered(asked.get("to", ""), last, last)
    head = file.head
    return render(
        request,
        "pages/versions.html",
        frame=frame,
        head=head,
        alleged=alleged(head),
        crumb=Link(head["number"], matter_href(matter_id)),
        title=reader.say(N_("Versions of {field}"), field=what),
        address=history.versions_href(matter_id, field, whose),
        of=str(whose) if whose else "",
        versions=[_shown(reader, values, field, each) for each in reversed(every)],
        before=before,
        after=after,
        sides=_sides(values, field, every[before - 1], every[after - 1]),
        corrects=None if file.only_read else _way_to_correct(reader, found),
        masked=file.masked,
    )


def _whose(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound from None


def _numbered(text: str, usual: int, last: int) -> int:
    """A version's number from the address, or the usual one where it names none."""
    number = int(text) if text.isdecimal() and len(text) < 6 else usual
    return number if 1 <= number <= last else usual


def _shown(reader: Reader, values: Values, field: str, version: Version) -> dict[str, object]:
    who = reader.listed([version.by, reader.written(version.since)])
    return {
        "number": version.number,
        "name": reader.say(N_("Version {number}"), number=version.number),
        "value": values.said(field, version.value),
        "known": version.known,
        "who": who,
        "choice": reader.say(N_("{number}: {who}"), number=version.number, who=who),
        "reason": version.reason,
        "request": f"/requests/{version.request_id}" if version.request_id else "",
    }


def _sides(
    values: Values, field: str, before: Version, after: Version
) -> tuple[Pieces, Pieces] | None:
    """None where there are no two that the reader may read."""
    if before.number == after.number or not (before.known and after.known):
        return None
    return values.sides(field, before.value, after.value)


def _way_to_correct(reader: Reader, found: Versions) -> Link:
    key = _key(found.at.field.name, found.at.involvement_id)
    address = f"{matter_href(found.head['id'])}/corrections/new?field={key}"
    return Link(reader.say(N_("Correct this field")), address)
