"""Every refusal, in one shape: problem details for programs, a page for people.

The words are translated here and nowhere below. What was sent is never repeated, neither in an
answer nor in the log; only a page shows what was written in its own form, so that nothing is lost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.routing import iter_route_contexts
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from app.core import i18n
from app.domain import errors
from app.domain.errors import N_, FieldError, PlumblineError, Reason
from app.repositories.work import Office
from app.routers import csrf, ended
from app.routers.deps import Caller, cookie_session, is_api, reader_locale, submitted
from app.routers.framed import framed
from app.routers.parts import Filled
from app.routers.problems import FROM_FRAMEWORK, KINDS, TO_PEOPLE
from app.routers.templating import Frame, chosen_look, render
from app.routers.validation import reason_of
from app.schemas.problems import Problem, ProblemField

PROBLEM = "application/problem+json"
# To whoever isn't signed in, who has no search above.
AT_THE_DOOR = N_("Sign in first: what is yours to see opens then.")
_RETRY_AFTER = {429: "900", 503: "5"}


def install(app: FastAPI) -> None:
    app.add_exception_handler(PlumblineError, refused)
    app.add_exception_handler(RequestValidationError, unacceptable)
    app.add_exception_handler(HTTPException, from_framework)


async def refused(request: Request, error: Exception) -> Response:
    """What the domain or the edge refused."""
    assert isinstance(error, PlumblineError)  # noqa: S101 - by registration
    if isinstance(error, errors.NotSignedIn) and _may_sign_in_first(request):
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/sign-in?back={quote(back, safe='')}", status_code=303)
    if isinstance(error, errors.NotSignedIn) and request.method == "POST" and wants_page(request):
        address = await run_in_threadpool(ended.keep, request, await submitted(request))
        if address is not None:
            back = quote(address, safe="")
            return RedirectResponse(f"/sign-in?kept=1&back={back}", status_code=303)
    if isinstance(error, errors.SecondFactorMissing) and wants_page(request):
        return RedirectResponse("/me/second-factor", status_code=303)
    if isinstance(error, errors.NotFresh) and wants_page(request):
        return await _who_sits_there(request)
    found = error.errors if isinstance(error, errors.Invalid) else ()
    reasons = error.reasons if isinstance(error, errors.Denied) else ()
    if not isinstance(error, errors.Unavailable):  # else each would wait for the database twice
        await run_in_threadpool(recognise, request)
    return answer(request, error.status, error.code, error.reason, found=found, reasons=reasons)


async def unacceptable(request: Request, error: Exception) -> Response:
    """What a schema refused, field by field."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - by registration
    details: Sequence[Mapping[str, Any]] = error.errors()
    if any(each["type"] == "json_invalid" for each in details):
        return _framework_answer(request, 400, None)
    found = [
        FieldError(_field(each["loc"]), reason_of(each, asked=each["loc"][:1] == ("query",)))
        for each in details
    ]
    invalid = errors.Invalid(*found)
    await run_in_threadpool(recognise, request)
    return answer(request, invalid.status, invalid.code, invalid.reason, found=found)


async def from_framework(request: Request, error: Exception) -> Response:
    """No such address, no such method, a body that can't be read."""
    assert isinstance(error, HTTPException)  # noqa: S101 - by registration
    await run_in_threadpool(recognise, request)
    if error.status_code == 405:
        return _framework_answer(request, 405, {"Allow": _allowed(request)})
    return _framework_answer(request, error.status_code, error.headers)


def _shown(request: Request) -> bool:
    """Whether this address is that of a page too, not of a form alone."""
    return "GET" in _allowed(request).split(", ")


def _allowed(request: Request) -> str:
    """All methods of this address: the framework names those of the first route only."""
    methods: set[str] = set()
    for route in iter_route_contexts(request.app.routes):
        pattern = getattr(route, "path_regex", None)
        if pattern is not None and pattern.match(request.url.path):
            methods |= route.methods or set()
    return ", ".join(sorted(methods))


def fault(request: Request) -> Response:
    """What nobody foresaw. Says nothing about what it was."""
    reason = Reason(KINDS["fault"].meaning)
    try:
        return answer(request, 500, "fault", reason)
    except Exception:  # the fault may be in the page that would tell of it
        return _problem(request, 500, "fault", reason)


def answer(
    request: Request,
    status: int,
    code: str,
    reason: Reason,
    *,
    found: Sequence[FieldError] = (),
    reasons: Sequence[Reason] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The problem in the reader's language, as JSON or as a page."""
    if wants_page(request):
        made = _page(request, status, code, reason, [*reasons, *(each.reason for each in found)])
    else:
        made = _problem(request, status, code, reason, found=found, reasons=reasons)
    made.headers.update(headers or {})
    made.headers["Cache-Control"] = "no-store"
    if status == 401 and is_api(request):
        made.headers["WWW-Authenticate"] = "Bearer"
    if status in _RETRY_AFTER:
        made.headers.setdefault("Retry-After", _RETRY_AFTER[status])
    return made


def wants_page(request: Request) -> bool:
    """A person reads it, of the API too: a link led their browser there."""
    accepted = request.headers.get("accept", "" if is_api(request) else "text/html")
    return "text/html" in accepted and (request.method == "GET" or not is_api(request))


async def _who_sits_there(request: Request) -> Response:
    """The page that asks for the password and then goes on; a form that was sent is kept in it."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method == "GET":
        return RedirectResponse(f"/me/again?back={quote(here, safe='')}", status_code=303)
    kept = (await submitted(request)).kept
    frame = bare_frame(request, reader_locale(request))
    return render(
        request, "pages/again.html", frame=frame, form=Filled(), back="", to=here, kept=kept,
        origin=request.app.state.settings.origin, status_code=errors.NotFresh.status,
    )  # fmt: skip


def _may_sign_in_first(request: Request) -> bool:
    ours = request.url.path != "/sign-in" and not is_api(request)  # of the API: 401
    return ours and request.method == "GET" and wants_page(request)


def _framework_answer(request: Request, status: int, headers: Mapping[str, str] | None) -> Response:
    code, sentence = FROM_FRAMEWORK.get(status, ("error", KINDS["error"].meaning))
    return answer(request, status, code, Reason(sentence), headers=headers)


def described(
    locale: str, instance: str, status: int, code: str, reason: Reason, *,
    found: Sequence[FieldError] = (), reasons: Sequence[Reason] = (),
) -> Problem:  # fmt: skip
    """A refusal in the reader's language; also of one item of several."""

    def said(each: Reason) -> str:
        return i18n.translate(locale, each.message, each.values)

    return Problem(
        type=f"/problems/{code}",
        title=i18n.translate(locale, KINDS.get(code, KINDS["error"]).title),
        status=status,
        detail=said(reason),
        instance=instance,
        errors=[ProblemField(field=each.field, reason=said(each.reason)) for each in found],
        reasons=[said(each) for each in reasons],
    )


def _problem(
    request: Request,
    status: int,
    code: str,
    reason: Reason,
    *,
    found: Sequence[FieldError] = (),
    reasons: Sequence[Reason] = (),
) -> Response:
    locale = reader_locale(request)
    problem = described(
        locale, request.state.request_id, status, code, reason, found=found, reasons=reasons
    )
    headers = {"Content-Language": i18n.LANGUAGE_TAGS[locale]}
    return Response(
        problem.model_dump_json(), status_code=status, headers=headers, media_type=PROBLEM
    )


def _page(
    request: Request, status: int, code: str, reason: Reason, missing: Sequence[Reason]
) -> Response:
    locale = reader_locale(request, page=True)
    frame = bare_frame(request, locale)
    kind = TO_PEOPLE.get(code) or KINDS.get(code, KINDS["error"])
    door = _door(request, code)
    outside = door is not None and code == errors.NotFound.code
    return render(
        request,
        "error.html",
        frame=frame,
        status_code=status,
        heading=i18n.translate(locale, kind.title),
        reason=kind.meaning if code in TO_PEOPLE else reason,
        missing=missing,
        sent=request.method not in csrf.SAFE,
        typed=getattr(request.state, "typed", ()),
        todo=AT_THE_DOOR if outside else kind.todo,
        back=came_from(request),
        sign_in=door,
        code=request.state.request_id,
    )


def _door(request: Request, code: str) -> str | None:
    """Where to sign in, leading back; None for whoever is signed in, as far as can be told."""
    over = code == errors.NotSignedIn.code or getattr(request.state, "over", False)
    if cookie_session(request) is not None and not over:
        return None
    here = request.url.path if _shown(request) and not is_api(request) else None
    back = came_from(request) or (None if request.method in csrf.SAFE else here)
    return f"/sign-in?back={quote(back, safe='')}" if back else "/sign-in"


def came_from(request: Request) -> str | None:
    """The page of ours that led here, if the browser says so; of a form also this very address."""
    came = urlsplit(request.headers.get("referer", ""))
    odd = came.path.startswith("//")  # a browser would read the next part as another host
    if odd or came.netloc != request.url.netloc or not came.path:
        return None
    if came.path == request.url.path and (request.method in csrf.SAFE or not _shown(request)):
        return None
    return came.path + (f"?{came.query}" if came.query else "")


def recognise(request: Request) -> None:
    """Asks who is signed in, for the page of a refusal: what stands around it is as everywhere.

    A session that is over counts as none; while the database can't be asked nobody is known.
    """
    session = cookie_session(request)
    if session is None or not wants_page(request):
        return
    office: Office = request.app.state.office
    locale = reader_locale(request, page=True)
    try:
        with office.work(session, use_case="frame", request_id=request.state.request_id) as tx:
            token = csrf.token(office.keys, session)
            request.state.frame = framed(request, tx, locale=locale, csrf=token)
    except errors.NotSignedIn:
        request.state.over = True
    except errors.Unavailable:
        return


def bare_frame(request: Request, locale: str) -> Frame:
    """Around whoever is signed in, as far as somebody asked: see `recognise`."""
    held: Frame | None = getattr(request.state, "frame", None)
    if held is not None:
        return replace(held, locale=locale)
    caller: Caller | None = getattr(request.state, "caller", None)
    actor = caller.actor if caller else None
    return Frame(
        locale=locale,
        csrf=caller.csrf if caller else "",
        actor_name=actor.name if actor else None,
        demo=request.app.state.demo_day is not None,
        demo_day=request.app.state.demo_day,
        **chosen_look(request),
    )


def _field(where: Sequence[object]) -> str:
    """A dotted path into what was sent, without saying in which part it was."""
    parts = [str(each)[:100] for each in where]
    if parts and parts[0] in ("body", "query", "path", "header", "cookie"):
        parts = parts[1:]
    return ".".join(parts)
