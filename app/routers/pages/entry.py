"""Entering something on a matter: one form a page, nothing typed lost, conflicts shown.

A page of its own for each thing (a note, a person, a statement) is an `Entry`; `show` lays its
form out, `post` runs the use case and leads back to the matter, or shows the form again.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from app.domain.days import EARLIEST, TOO_LONG_AGO
from app.domain.errors import (
    N_,
    Conflict,
    Denied,
    Forbidden,
    IllegalTransition,
    Invalid,
    PlumblineError,
    Reason,
    Stale,
    VersionRequired,
)
from app.repositories.work import Work
from app.routers.deps import SECRETS, Caller, Submitted
from app.routers.form_words import Told
from app.routers.pages import history
from app.routers.pages.frame import frame_for
from app.routers.pages.present import Reader, matter_href
from app.routers.parts import Choice, Filled, Happened, Link
from app.routers.templating import render
from app.services import matters
from app.services.matters import MatterFile

# What a form can be shown again for; anything else is a page of its own.
AGAIN = (Invalid, Stale, Conflict, Denied, Forbidden, IllegalTransition)


@dataclass(frozen=True)
class Open:
    """A matter that something is entered on, as the form's page needs it."""

    tx: Work
    reader: Reader
    file: MatterFile


Offers = Callable[[Open], Mapping[str, object]]


def nothing(_open: Open) -> Mapping[str, object]:
    return {}


@dataclass(frozen=True)
class Entry:
    """A form's page: its template and words, its address below the matter's, and what it offers.

    `done` is what the matter's page then says (`matters.NOTICES`). `guests`: whoever was let see
    the matter may as well.
    """

    template: str
    title: str
    sentence: str
    button: str
    address: str
    done: str
    offers: Offers = nothing
    guests: bool = False


@dataclass(frozen=True)
class Refusal:
    """Why a form is shown again: the reasons that belong to no field, and what others did."""

    reasons: tuple[Reason, ...] = ()
    changed: tuple[Happened, ...] = ()
    status: int = 200


def opened(caller: Caller, tx: Work, matter_id: UUID, *, guests: bool = False) -> Open:
    """Raises NotFound, and Forbidden for whoever only reads."""
    file = matters.open_matter(tx, matter_id)
    if file.masked or (file.only_read and not guests):
        raise Forbidden(N_("You may read this matter, not work on it."))
    reader = Reader.of(caller, tx).following(tx, file.head["profile_id"])
    return Open(tx, reader, file)


def refusal(error: PlumblineError | None, it: Open, seen: int | None) -> Refusal:
    """What a refused form says above itself."""
    if error is None:
        return Refusal()
    if isinstance(error, Invalid):
        return Refusal(status=error.status)
    changed = tuple(history.changed_since(it.reader, it.file, seen)) if seen else ()
    return Refusal(reasons=error.whole, changed=changed, status=error.status)


def refilled(form: Submitted, error: PlumblineError) -> Filled:
    """The form with all that was typed; a field's error beside it."""
    values = {name: value for name, value in form.values.items() if name != "version"}
    filled = Filled.refused(values, error) if isinstance(error, Invalid) else Filled(values)
    return replace(filled, typed=_typed(form))


def _typed(form: Submitted) -> list[tuple[str, Sequence[str]]]:
    """What was filled in, as its page calls it; no field that nobody saw, and no button."""
    told = Told.of(form.data, back="", secrets=SECRETS)
    return [(each.label, each.said or ()) for each in told.filled if each.label]


def show(
    request: Request,
    caller: Caller,
    matter_id: UUID,
    entry: Entry,
    form: Filled | None = None,
    *,
    refused: PlumblineError | None = None,
    seen: int | None = None,
    **more: object,
) -> Response:
    """The entry's page; after a refusal with its reasons, and by now the matter's new version."""
    with caller.work("matters.form") as tx:
        it = opened(caller, tx, matter_id, guests=entry.guests)
        offered = entry.offers(it)
        frame = frame_for(request, caller, tx, current="ledgers")
        why = refusal(refused, it, seen)
    here, head = matter_href(matter_id), it.file.head
    return render(
        request,
        entry.template,
        frame=frame,
        head=head,
        crumb=Link(head["number"], here),
        title=it.reader.say(entry.title),
        sentence=it.reader.say(entry.sentence, number=head["number"]),
        button=it.reader.say(entry.button, number=head["number"]),
        action=here + entry.address.format(**{key: str(value) for key, value in more.items()}),
        cancel=Link(it.reader.say(N_("Cancel")), here),
        form=form or Filled(),
        version=head["version"],
        refusal=why,
        status_code=why.status,
        **{**offered, **more},
    )


def post(
    request: Request,
    caller: Caller,
    matter_id: UUID,
    entry: Entry,
    form: Submitted,
    do: Callable[[Work], object],
    **more: object,
) -> Response:
    """Run the use case and lead back to the matter; show the form again where it is refused."""
    try:
        with caller.work(f"matters.{entry.done}") as tx:
            do(tx)
            sees = matters.still_sees(tx, matter_id)
    except AGAIN as error:
        return show(
            request, caller, matter_id, entry, refilled(form, error), refused=error,
            seen=version_of(form), **more,
        )  # fmt: skip
    return RedirectResponse(back_to(matter_id, entry.done, sees=sees), status_code=303)


def back_to(matter_id: UUID, done: str, *, sees: bool) -> str:
    """The matter with a notice, or the desk where the actor no longer sees the matter."""
    return f"{matter_href(matter_id)}?done={done}" if sees else f"/desk?done={done}"


def version_of(form: Submitted) -> int:
    """The version that the writer saw. Raises VersionRequired."""
    text = form.text("version")
    if not text.isdecimal() or len(text) > 9:
        raise VersionRequired
    return int(text)


def one_of(form: Submitted, name: str, known: Container[str]) -> str:
    """Raises Invalid for what is none of those."""
    text = form.text(name)
    if text not in known:
        raise Invalid.of(name, N_("Choose one of those listed."))
    return text


def day_of(form: Submitted, name: str) -> date | None:
    """Raises Invalid for what is no day, and for one too long ago, as the API does."""
    text = form.day(name)
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid.of(name, N_("A date such as 2018-09-28.")) from None
    if day < EARLIEST:
        raise Invalid.of(name, TOO_LONG_AGO)
    return day


def id_of(form: Submitted, name: str) -> UUID:
    """Raises Invalid for what is none of the choices."""
    return id_in(form.text(name), name)


def id_in(text: str, name: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid.of(name, N_("Choose one of those listed.")) from None


def known(form: Submitted, name: str) -> bool | None:
    """Yes, no, or not known."""
    return {"yes": True, "no": False}.get(form.text(name))


def as_known(value: bool | None) -> str:
    """The same as a form holds it."""
    return {True: "yes", False: "no", None: ""}[value]


def yes_no(reader: Reader) -> tuple[Choice, ...]:
    return (
        Choice("yes", reader.say(N_("yes"))),
        Choice("no", reader.say(N_("no"))),
        Choice("", reader.say(N_("not known"))),
    )
