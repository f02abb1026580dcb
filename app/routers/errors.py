"""Every refusal, in one shape: problem details for programs, a page for people.

The words are translated here and nowhere below. What was sent is never repeated, neither in an
answer nor in the log; only a page shows what was written in its own form, so that nothing is lost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from app.routers import csrf, ended
from app.routers.deps import Caller, is_api, reader_locale, submitted
from app.routers.parts import Filled
from app.routers.templating import Frame, chosen_look, render
from app.routers.validation import reason_of
from app.schemas.problems import Problem, ProblemField

PROBLEM = "application/problem+json"


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """What a problem's type is called, what it means whatever the occasion, and what to do."""

    title: str
    meaning: str
    todo: str


KINDS: Mapping[str, ProblemKind] = {
    "not-signed-in": ProblemKind(
        N_("Not signed in"), N_("Please sign in."), N_("Sign in: it leads back to where you were.")
    ),
    "not-found": ProblemKind(
        N_("Nothing here"),
        N_("It doesn't exist, or lies outside what you may see: the answer is the same."),
        N_("Look for it by its number above. If it should be yours to see, ask whoever heads it."),
    ),
    "forbidden": ProblemKind(
        N_("Not allowed"),
        N_("You may see it, but this isn't yours to do; the answer says why."),
        N_("Go back. If it should be yours to do, ask an administrator which role it takes."),
    ),
    "fresh-authentication": ProblemKind(
        N_("Say again who you are"),
        N_("Say again who you are: this touches money, names or rights."),
        N_("Give your password once more; what you sent is kept meanwhile."),
    ),
    "file-closed": ProblemKind(
        N_("Say why you open this file"),
        N_("You handle no matter of this person's: say why you open the file."),
        N_("Say on the person’s page why you open the file."),
    ),
    "second-factor": ProblemKind(
        N_("A code is missing"),
        N_("Send the code of your second factor as well."),
        N_("Sign in again, and give the code too."),
    ),
    "second-factor-required": ProblemKind(
        N_("Set up a second factor first"),
        N_("Your role needs a second factor: set it up before anything else."),
        N_("Open My account, then Second factor."),
    ),
    "forged": ProblemKind(
        N_("Not from this page"),
        N_("This form has expired or came from elsewhere. Open the page again and resend it."),
        N_("If what you wrote is still there when you go back, copy it first."),
    ),
    "denied": ProblemKind(
        N_("Not possible now"),
        N_("Something that this step needs is still missing."),
        N_("Go back to the matter: it says what is missing, and where to mend it."),
    ),
    "illegal-transition": ProblemKind(
        N_("Not possible from here"),
        N_("The procedure knows no such step from the present state."),
        N_("Go back to the matter: it says which steps there are now."),
    ),
    "conflict": ProblemKind(
        N_("In conflict with something else"),
        N_("This is in conflict with something that is there already."),
        N_("Go back and look at what is there already, then decide anew."),
    ),
    "stale-version": ProblemKind(
        N_("Changed in the meantime"),
        N_("Somebody changed this in the meantime. Look at it again, then decide."),
        N_("Go back and open it again, then send yours once more."),
    ),
    "start-anew": ProblemKind(
        N_("Begin anew"),
        N_("The list of changes can't go on from there: read everything once, then follow it."),
        N_("Ask for the changes without a cursor, read all lists, then go on from its “next”."),
    ),
    "version-required": ProblemKind(
        N_("Say which version"),
        N_("Say which version you saw: send If-Match with its ETag."),
        N_("Open the page again, and send its own form."),
    ),
    "too-large": ProblemKind(
        N_("Too large"),
        N_("What you sent is too large."),
        N_("Send less at once, or a smaller file."),
    ),
    "misdirected": ProblemKind(
        N_("Meant for another address"),
        N_("This address isn't known here: whoever runs it names it by PLUMBLINE_ADDRESS."),
        N_("Use the address that your office gave you."),
    ),
    "too-many-headers": ProblemKind(
        N_("Too many headers"),
        N_("A browser sends a few dozen; this request has more."),
        N_("Close the browser, open it again, and sign in."),
    ),
    "too-slow": ProblemKind(
        N_("Too slow"),
        N_("What you sent didn't arrive in time. Nothing was changed; try again."),
        N_("Send less at once, or over a better connection."),
    ),
    "too-many-attempts": ProblemKind(
        N_("Too many attempts"),
        N_("Too many attempts. Wait a quarter of an hour, then try again."),
        N_("If you have forgotten the password, ask your unit’s administrator meanwhile."),
    ),
    "too-many-requests": ProblemKind(
        N_("Too many requests"),
        N_("Too many requests in a short time. Nothing was changed; wait a moment, then go on."),
        N_("If this was no program of yours, tell whoever runs this installation."),
    ),
    "unavailable": ProblemKind(
        N_("Not available now"),
        N_("The system is busy. Nothing was changed; try again."),
        N_("If it lasts, tell whoever runs this installation."),
    ),
    "invalid": ProblemKind(
        N_("Something needs mending"),
        N_("Something in what you sent needs mending."),
        N_("Go back, mend what is named here, and send it again."),
    ),
    "ledger-not-recognised": ProblemKind(
        N_("Not such a ledger"),
        N_("No heading of a ledger of this family was found; the answer says what it looks like."),
        N_("Go back, choose another kind of ledger or mend the headings, and try again."),
    ),
    "malformed": ProblemKind(
        N_("Can't be read"),
        N_("What you sent can't be read: it is cut short or damaged."),
        N_("Open the page again, and send its own form."),
    ),
    "method-not-allowed": ProblemKind(
        N_("Not done this way"),
        N_("This address doesn't take what you tried to do."),
        N_("Go to My desk, and from there to what you were looking for."),
    ),
    "unsupported-media": ProblemKind(
        N_("Sent in a form that isn't taken"),
        N_("Send JSON, with Content-Type: application/json."),
        N_("Open the page again, and send its own form."),
    ),
    "fault": ProblemKind(
        N_("A fault of ours"),
        N_("Something went wrong on our side. Nothing was changed; the fault is recorded."),
        N_("Try once more. If it happens again, give the code below to whoever runs this."),
    ),
    "error": ProblemKind(
        N_("Refused"),
        N_("What you asked for can't be done."),
        N_("Go to My desk, and from there to what you were looking for."),
    ),
}

# What comes from the framework, in our words: status → (code, sentence).
_FROM_FRAMEWORK: Mapping[int, tuple[str, str]] = {
    400: ("malformed", KINDS["malformed"].meaning),
    404: ("not-found", N_("There is nothing here that you may see.")),
    405: ("method-not-allowed", KINDS["method-not-allowed"].meaning),
    408: ("too-slow", KINDS["too-slow"].meaning),
    413: ("too-large", KINDS["too-large"].meaning),
    415: ("unsupported-media", KINDS["unsupported-media"].meaning),
    421: ("misdirected", KINDS["misdirected"].meaning),
    431: ("too-many-headers", KINDS["too-many-headers"].meaning),
}
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
    return answer(request, error.status, error.code, error.reason, found=found, reasons=reasons)


async def unacceptable(request: Request, error: Exception) -> Response:
    """What a schema refused, field by field."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - by registration
    details: Sequence[Mapping[str, Any]] = error.errors()
    if any(each["type"] == "json_invalid" for each in details):
        return _framework_answer(request, 400, None)
    found = [FieldError(_field(each["loc"]), reason_of(each)) for each in details]
    invalid = errors.Invalid(*found)
    return answer(request, invalid.status, invalid.code, invalid.reason, found=found)


async def from_framework(request: Request, error: Exception) -> Response:
    """No such address, no such method, a body that can't be read."""
    assert isinstance(error, HTTPException)  # noqa: S101 - by registration
    if error.status_code == 405:
        return _framework_answer(request, 405, {"Allow": _allowed(request)})
    return _framework_answer(request, error.status_code, error.headers)


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
    code, sentence = _FROM_FRAMEWORK.get(status, ("error", KINDS["error"].meaning))
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
    kind = KINDS.get(code, KINDS["error"])
    return render(
        request,
        "error.html",
        frame=frame,
        status_code=status,
        heading=i18n.translate(locale, kind.title),
        reason=reason,
        missing=missing,
        sent=request.method not in csrf.SAFE,
        typed=getattr(request.state, "typed", ()),
        todo=kind.todo,
        back=came_from(request),
        code=request.state.request_id,
    )


def came_from(request: Request) -> str | None:
    """The page of ours that led here, if the browser says so."""
    came = urlsplit(request.headers.get("referer", ""))
    odd = came.path.startswith("//")  # a browser would read the next part as another host
    if odd or came.netloc != request.url.netloc or came.path in ("", request.url.path):
        return None
    return came.path + (f"?{came.query}" if came.query else "")


def bare_frame(request: Request, locale: str) -> Frame:
    caller: Caller | None = getattr(request.state, "caller", None)
    return Frame(
        locale=locale,
        csrf=caller.csrf if caller else "",
        actor_name=caller.actor.name if caller and caller.actor else None,
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
