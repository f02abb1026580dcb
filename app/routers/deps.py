"""Who calls, and what a route asks of them. Nothing here touches the database.

A route declares what it needs, and what it declares is what is enforced:

    def create(caller: Annotated[Caller, Api(Permission.UNITS_WRITE)], ...) -> Response:
        with caller.work("units.create") as tx:

`caller.work` opens the unit of work, which resolves the session, and refuses whoever lacks the
permission. A route without such a declaration must stand in `PUBLIC`, or nothing starts: see
`guarded`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData, UploadFile

from app.core import i18n, tokens
from app.core.settings import Settings
from app.domain import days
from app.domain.errors import (
    N_,
    Forbidden,
    Invalid,
    NotSignedIn,
    PlumblineError,
    SecondFactorMissing,
)
from app.domain.money import as_typed
from app.domain.permissions import READING, Actor, Permission
from app.repositories.work import Office, Work
from app.routers import cookies, csrf, sendings
from app.routers.asking import NO_TEXT, NUL, refuse_no_texts, refuse_unknown
from app.routers.sendings import DRAFT, Sending
from app.services import drafts

KEY = "plk_"  # what a program's key begins with

MOST_FIELDS = 1000
MOST_FILES = 10
LONGEST_FIELD = 256 * 1024  # bytes


class UnsupportedMedia(PlumblineError):
    code, status = "unsupported-media", 415


@dataclass
class Caller:
    """Whoever sent this request. `actor` is known once `work` was entered."""

    office: Office
    settings: Settings
    session: str | None
    request_id: str
    locale: str
    public: bool
    permissions: frozenset[Permission] = frozenset()
    enrolling: bool = False
    writes: bool = False
    actor: Actor | None = field(default=None, init=False)
    draft: UUID | None = field(default=None, init=False)  # of the form that was sent
    sending: Sending | None = field(default=None, init=False)  # that form, not yet taken up
    taken: Sending | None = field(default=None, init=False)  # taken up; its answer isn't kept yet

    @contextmanager
    def work(self, use_case: str) -> Iterator[Work]:
        """A unit of work as this caller; commits at the end of the block.

        A form that was sent is taken up in the request's first one, with what it asked for, and
        its draft goes there. Raises NotSignedIn, SecondFactorMissing, Forbidden without the
        route's permissions, SentBefore.
        """
        if self.session is None and not self.public:
            raise NotSignedIn
        draft, sending = self.draft, self.sending
        self.unsent()
        with self.office.work(self.session, use_case=use_case, request_id=self.request_id) as tx:
            if tx.signed_in:
                self.actor = tx.actor
            if not self.public:
                if tx.bare and not self.enrolling:
                    raise SecondFactorMissing
                allow(tx, *self.permissions, writes=self.writes)
            if sending is not None and not tx.bare:
                sending.take_up(tx)
            yield tx
            if draft is not None:
                drafts.discard(tx, draft)
        self.taken = sending or self.taken

    def unsent(self) -> None:
        """The fields of a form came along, but nothing was sent yet: its draft and its key stay."""
        self.draft = self.sending = None

    @property
    def csrf(self) -> str:
        """What this caller's forms must carry."""
        return csrf.token(self.office.keys, self.session)


def allow(tx: Work, *permissions: Permission, writes: bool = False) -> None:
    """Any one of them is enough; what is one's own needs no role, and no key does it. By a key,
    what writes takes a permission that is for writing. Raises Forbidden."""
    if tx.actor.scope is not None:
        permissions = tuple({*permissions} - {Permission.SELF} - (READING if writes else set()))
    if Permission.SELF in permissions or any(map(tx.actor.may, permissions)):
        return
    raise Forbidden(N_("None of your roles allows this."))


class Credentials:
    """A dependency that makes the caller; `permissions` is None where no sign-in is needed.

    `enrolling` routes are open to who must set up a second factor before anything else.
    """

    def __init__(
        self, *permissions: Permission, public: bool = False, enrolling: bool = False
    ) -> None:
        if not public and not permissions:
            raise TypeError("a route says which permission it needs")
        self.public = public
        self.enrolling = enrolling
        self.permissions = frozenset(permissions)

    def caller(self, request: Request, session: str | None) -> Caller:
        held = Caller(
            office=request.app.state.office,
            settings=request.app.state.settings,
            session=session,
            request_id=request.state.request_id,
            locale=reader_locale(request),
            public=self.public,
            permissions=self.permissions,
            enrolling=self.enrolling,
            writes=request.method not in csrf.SAFE,
        )
        request.state.caller = held
        if session is None and not self.public:
            raise NotSignedIn
        return held


class ApiCredentials(Credentials):
    """A bearer token, or the pages' cookie with the form token in a header."""

    async def __call__(self, request: Request) -> Caller:
        bearer = _bearer(request)
        if bearer is None and not self.public:
            caller = self.caller(request, cookie_session(request))
        else:
            caller = self.caller(request, _session(request, bearer))
        if bearer is None and not self.public and request.method not in csrf.SAFE:
            csrf.check_origin(request)
            given = request.headers.get(csrf.HEADER)
            csrf.check_token(caller.office.keys, caller.session, given)
        _check_media(request)
        refuse_unknown(request)
        return caller


class PageCredentials(Credentials):
    """The cookie; every form that is posted must be ours, and made for this session."""

    async def __call__(self, request: Request) -> Caller:
        caller = self.caller(request, cookie_session(request))
        refuse_no_texts(request)
        if request.method not in csrf.SAFE:
            csrf.check_origin(request)
            form = await submitted(request)
            if csrf.from_here(request):  # what another site wrote is shown to nobody
                request.state.typed = form.typed
            csrf.check_token(caller.office.keys, caller.session, form.data.get(csrf.FIELD))
            request.state.typed = form.typed
            caller.draft = form.draft
            request.state.sending = caller.sending = await Sending.of(request, form.data)
        return caller


class PublicPageCredentials(PageCredentials):
    """A page for whoever comes; a dead session counts as none."""

    def __init__(self) -> None:
        super().__init__(public=True)

    async def __call__(self, request: Request) -> Caller:
        caller = self.caller(request, None)
        refuse_no_texts(request)
        if request.method not in csrf.SAFE:
            csrf.check_origin(request)
        return caller


def Api(*permissions: Permission, enrolling: bool = False) -> Any:  # noqa: N802 - a declaration
    return Depends(ApiCredentials(*permissions, enrolling=enrolling))


def Page(*permissions: Permission, enrolling: bool = False) -> Any:  # noqa: N802
    return Depends(PageCredentials(*permissions, enrolling=enrolling))


def PublicApi() -> Any:  # noqa: N802
    return Depends(ApiCredentials(public=True))


def PublicPage() -> Any:  # noqa: N802
    return Depends(PublicPageCredentials())


class Submitted:
    """A page's form as it was sent."""

    def __init__(self, data: FormData) -> None:
        self.data = data

    def text(self, name: str) -> str:
        """Trimmed; empty where it wasn't sent. Raises Invalid for what is no text."""
        value = self.data.get(name)
        if value is None:
            return ""
        if not isinstance(value, str) or NUL in value:
            raise Invalid.of(name, NO_TEXT)
        return value.strip()

    def amount(self, name: str) -> str:
        """An amount, with the digits and separators that people type. Raises Invalid as `text`."""
        return as_typed(self.text(name))

    def day(self, name: str) -> str:
        """A day, in the forms that people type. Raises Invalid as `text`."""
        return days.as_typed(self.text(name))

    def secret(self, name: str) -> str:
        """As it was typed: a password may begin or end with a space."""
        value = self.data.get(name)
        return value if isinstance(value, str) and NUL not in value else ""

    def texts(self, name: str) -> list[str]:
        """All values of a field that may be sent more than once, the empty ones left out. Raises
        Invalid as `text`."""
        found = [each for each in self.data.getlist(name) if isinstance(each, str) and each]
        if any(NUL in each for each in found):
            raise Invalid.of(name, NO_TEXT)
        return [each.strip() for each in found]

    def file(self, name: str) -> UploadFile | None:
        value = self.data.get(name)
        return value if isinstance(value, UploadFile) and value.filename else None

    @property
    def values(self) -> dict[str, object]:
        """To fill the same form again: a field that was sent more than once holds a tuple. Without
        NUL, which neither a page nor the database can hold."""
        held: dict[str, object] = {}
        for name in self.data:
            sent = [value for value in self.data.getlist(name) if isinstance(value, str)]
            texts = [value.replace(NUL, "") for value in sent]
            if name not in OURS and not name.startswith(DRAFT) and texts:
                held[name] = texts[0] if len(texts) == 1 else tuple(texts)
        return held

    @property
    def draft(self) -> UUID | None:
        """The draft that this form was kept as."""
        try:
            return UUID(self.text(DRAFT + "id"))
        except (ValueError, Invalid):
            return None

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Every text of this form, or of the one that it keeps, to be sent once more."""
        return self.carried or [each for each in self._texts() if each[0] != csrf.FIELD]

    @property
    def carried(self) -> list[tuple[str, str]]:
        """Of the form that this one keeps alone: nothing that was typed here."""
        return [
            (name.removeprefix(KEPT), value)
            for name, value in self._texts()
            if name.startswith(KEPT)
        ]

    @property
    def typed(self) -> list[str]:
        """What somebody wrote, rather than chose: shown to them where nothing came of it."""
        return [
            value
            for name, value in self._texts()
            if name != csrf.FIELD
            and name.removeprefix(KEPT) not in SECRETS
            and (not value.isascii() or " " in value.strip())
        ]

    def _texts(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in self.data.multi_items() if isinstance(value, str)]


SECRETS = frozenset({"password", "old", "again", "code"})  # fields that no page shows again
OURS = frozenset({csrf.FIELD, sendings.FIELD, sendings.WORDS})  # fields that nobody types into
KEPT = "kept."  # before the names of fields that are kept while something else is asked


async def submitted(request: Request) -> Submitted:
    """Reads the form once; whoever asks again gets the same, from `request.state.submitted` too."""
    bounds = {"max_files": MOST_FILES, "max_fields": MOST_FIELDS, "max_part_size": LONGEST_FIELD}
    data = await request.form(**bounds)
    request.state.submitted = form = Submitted(data)
    return form


def reader_locale(request: Request, *, page: bool = False) -> str:
    """What the reader chose for pages, else what they ask for, else what their account says."""
    accepted = request.headers.get("accept-language")
    chosen = None if is_api(request) and not page else cookies.given(request, cookies.LOCALE)
    if chosen in i18n.LOCALES or accepted:
        return i18n.choose_locale(chosen, accept_language=accepted)
    caller: Caller | None = getattr(request.state, "caller", None)
    actor = None if caller is None else caller.actor
    return i18n.choose_locale(None if actor is None else actor.locale)


def is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def set_session_cookie(response: Response, caller: Caller, session: str) -> None:
    """Signs a browser in: the cookie ends with the browser, its token soon, its session today."""
    response.headers.append("Set-Cookie", session_cookie(caller.office, caller.settings, session))


def cookie_session(request: Request) -> str | None:
    """The secret in the pages' cookie; its session may be over, or wait for a code."""
    token = cookies.given(request, cookies.SESSION) or ""
    return None if token.startswith(KEY) else _session(request, token)


def session_cookie(office: Office, settings: Settings, session: str) -> str:
    lifetime = timedelta(minutes=settings.token_minutes)
    token = tokens.issue(office.keys, session=session, lifetime=lifetime)
    return cookies.written(settings, cookies.SESSION, token)


def signed_out(caller: Caller) -> Response:
    """To the door, with nothing of the session left in the browser."""
    response = RedirectResponse("/sign-in", status_code=303)
    cookie = cookies.written(caller.settings, cookies.SESSION, "", seconds=0)
    response.headers.append("Set-Cookie", cookie)
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


def _bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _session(request: Request, token: str | None) -> str | None:
    if token is None or token.startswith(KEY):
        return token  # a key is its own secret
    reader: tokens.Reader = request.app.state.tokens
    try:
        session, _ = reader.read(token)
    except tokens.TokenRefused:
        return None
    return session


def _check_media(request: Request) -> None:
    """A body that claims to be something else was never meant for us."""
    if request.method in csrf.SAFE or not _has_body(request):
        return
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    accepted = getattr(request.scope.get("endpoint"), "accepts", ("application/json",))
    if media not in accepted:
        if "multipart/form-data" in accepted:
            raise UnsupportedMedia(N_("Send the file as a form: multipart/form-data."))
        raise UnsupportedMedia(N_("Send JSON, with Content-Type: application/json."))


def _has_body(request: Request) -> bool:
    length = request.headers.get("content-length", "0")
    return length != "0" or "transfer-encoding" in request.headers
