"""What a page's form gets that was sent before, and keeping how the first was answered."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.log import logger
from app.domain.errors import N_, PlumblineError, Reason
from app.routers import errors
from app.routers.deps import SECRETS, Caller, Submitted, reader_locale, submitted
from app.routers.form_words import Told, differing
from app.routers.sendings import FIELD, Sending, SentBefore
from app.routers.templating import render
from app.services import idempotency
from app.services.idempotency import Former

STATUS = 409
_PATIENCE = 5.0  # seconds for the first to be answered, where both came at once
_PAUSE = 0.1

SENT = N_("This form was sent already, and it was carried out once.")
OTHERWISE = N_("This form was sent already, with other words in it. What you sent now wasn’t done.")
NOTHING = N_("This form was sent twice at once, and nothing came of it. Send it once more.")


def install(app: FastAPI) -> None:
    app.add_exception_handler(SentBefore, sent_before)


class Settled:
    """Innermost. Keeps where a form's answer leads before it goes out; a refused form is free."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def settled(message: Message) -> None:
            if message["type"] == "http.response.start":
                location = Headers(raw=message["headers"]).get("location")
                await _settle(Request(scope), message["status"], location)
            await send(message)

        try:
            await self._app(scope, receive, settled if scope["type"] == "http" else send)
        except Exception:
            await _settle(Request(scope), 500, None)
            raise


async def _settle(request: Request, status: int, location: str | None) -> None:
    caller: Caller | None = getattr(request.state, "caller", None)
    if caller is None or caller.taken is None:
        return
    taken, caller.taken = caller.taken, None
    told = told_in(request).kept()
    await run_in_threadpool(_keep, caller, taken, status, location, told)


def _keep(caller: Caller, taken: Sending, status: int, location: str | None, told: str) -> None:
    try:
        with caller.office.work(
            caller.session, use_case="forms.settle", request_id=caller.request_id
        ) as tx:
            idempotency.settle_form(tx, key=taken.key, status=status, location=location, told=told)
    except PlumblineError as error:
        # What was asked for is done, and is answered: only where it led isn't known to a second.
        logger().warning("form_unsettled", code=error.code)


def told_in(request: Request) -> Told:
    """The form of this request in its page's words."""
    sent: Submitted = request.state.submitted
    locale = reader_locale(request)
    return Told.of(sent.data, back=_back(request), secrets=SECRETS, locale=locale)


async def sent_before(request: Request, error: Exception) -> Response:
    """As the first was answered; with other words in it, what the first made, and both beside each
    other."""
    assert isinstance(error, SentBefore)  # noqa: S101 - by registration
    caller: Caller = request.state.caller
    former = await run_in_threadpool(_former, caller, error.sending)
    if former is not None and former.same and former.location is not None:
        return RedirectResponse(former.location, status_code=303)
    said = NOTHING if former is None else SENT if former.same else OTHERWISE
    if not errors.wants_page(request):
        return errors.answer(request, STATUS, "conflict", Reason(said))
    await run_in_threadpool(errors.recognise, request)
    request.state.sending = None  # its key is used up: the form below gets a new one
    kept = [] if former is not None and former.same else _kept((await submitted(request)).kept)
    again = bool(kept) and not error.sending.has_files
    now = told_in(request)
    return render(
        request, "pages/sent_before.html", frame=errors.bare_frame(request, reader_locale(request)),
        said=said, was=Was.of(former), now=None if former and former.same else now,
        differs=differing(first, now) if (first := first_of(former)) else None,
        back=now.back, kept=kept if again else [],
        to=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        status_code=STATUS,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Was:
    """The one that was carried out: when, what came of it, and what was in it."""

    at: datetime
    made: str | None
    number: str | None
    told: Told | None

    @classmethod
    def of(cls, former: Former | None) -> Was | None:
        if former is None:
            return None
        return cls(former.at, _place(former), former.number, first_of(former))


def first_of(former: Former | None) -> Told | None:
    return Told.read(former.told) if former is not None and former.told is not None else None


def _back(request: Request) -> str:
    """The form's page, as far as the browser tells."""
    return errors.came_from(request) or "/desk"


def _former(caller: Caller, sending: Sending) -> Former | None:
    """What became of the first; of one that is just being answered, once it is."""
    until = time.monotonic() + _PATIENCE
    while True:
        with caller.office.work(
            caller.session, use_case="forms.former", request_id=caller.request_id
        ) as tx:
            found = sending.former(tx)
        if found is None or found.settled or time.monotonic() > until:
            return found
        time.sleep(_PAUSE)


def _kept(fields: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """To be sent as another form; nothing where a secret would have to go along."""
    if any(name in SECRETS for name, _ in fields):
        return []
    return [(name, value) for name, value in fields if name != FIELD]


def _place(former: Former) -> str | None:
    """Where the first one led, without what was said there of it just then."""
    if former.location is None:
        return None
    parts = urlsplit(former.location)
    held = urlencode([pair for pair in parse_qsl(parts.query) if pair[0] != "done"])
    return parts._replace(query=held).geturl()
