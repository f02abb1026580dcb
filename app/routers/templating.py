"""Pages: the Jinja environment of each language, and `render`.

    return render(request, "pages/leads.html", frame=frame, rows=rows)

`frame` is what every page's frame shows (see `Frame`); the rest goes to the template. One
environment per language: `_`, `ngettext`, `say` and the filters below are bound to it, so macros
need no context (`{% import "macros/marks.html" as marks %}`). An undefined name is an error.

In templates
    _("{count} left", count=3)   translated; values are escaped; no markup in messages
    ngettext("{count} day", "{count} days", n)
    say(text)                    a Reason, or a message id that comes in a variable
    day | table_date             2018-03-05          day | written_date(weekday=True)
    day | written_month          2018年3月            moment | table_time   2018-08-07 16:20
    money | amount               12,345.00           money | yuan    12,345.00元 in a sentence
    money | capitals             人民币贰仟叁佰陆拾元整, as papers write it
    number | count  1,204        gap                 between two sentences: Chinese leaves none
    static("tokens.css")         its address, changed whenever the file changes

A page extends `base.html` and fills the blocks `title`, `main`; `body_class` (`has-main` where a
`main-action` button stands), `main_class` (`landscape` for wide prints), `modules` (scripts).

Macros (parameters are documented where they are written)
    macros/marks.html    stage, stage_line, due, why, alleged, tag, number, link, term, cell
    macros/ledger.html   head_row, tabs, filter_bar, sentence, ledger, table, pagination, tree
    macros/matter.html   matter_head, facts, anchors, acts, chain, history, notes, links, papers,
                         section (call), versions, more
    macros/desk.html     page_head, task, notice, empty, progress, steps
    macros/forms.html    form (call), errors, text, date, money, textarea, select, radios,
                         checks, checkbox, file, hidden, submit, later (call), beside (call)
    macros/serious.html  title, what, evidence, decide, confirm (call), sign_boxes
    macros/figures.html  figures, chart
    macros/gate.html     sign_in, roles, continue_as
    macros/sheet.html    sheet_bar, sheet_head, amount_box, boxes, parties, sheet_foot

Forms post to: `/preferences` (`locale`, `theme`, `density`, `back`), `/sign-out`; search is
`GET /search?q=`. Every POST carries `csrf_token`; a form that does something once carries
`form_key` (see `sendings`), which `ours` writes with it, and gets its own words (`form_words`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache, partial
from itertools import groupby
from pathlib import Path
from typing import TypedDict
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from app.core import i18n
from app.core.ids import new_id
from app.domain.errors import N_, Reason
from app.domain.kinds import Stage
from app.domain.money import Money
from app.routers import cookies, csrf, form_words, sendings
from app.routers.parts import PARTS, Begun, Choice, Filled

APP_DIR = Path(__file__).resolve().parent.parent
TEMPLATE_DIR = APP_DIR / "templates"
STATIC_DIR = APP_DIR / "static"
STATIC_ADDRESS = "/static"

# The first character of a stage's name is its glyph: 共研查复, SAIR.
STAGE_NAMES: Mapping[Stage, str] = {
    Stage.SHARE: N_("Share"),
    Stage.ASSESS: N_("Assess"),
    Stage.INVESTIGATE: N_("Investigate"),
    Stage.REVIEW: N_("Review"),
}

REFUSED = 400  # the first status that says so

THEMES = ("system", "light", "dark")
DENSITIES = ("standard", "roomy")

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


@dataclass(frozen=True, slots=True)
class RailLabel:
    """Where an entry of the left rail leads; `short` is its label on a phone, and `g` followed
    by `key` goes there."""

    href: str
    label: str
    key: str
    short: str = ""


RAIL: Mapping[str, RailLabel] = {
    "desk": RailLabel("/desk", N_("My desk"), "d", short=N_("Desk")),
    "log": RailLabel("/log", N_("Log"), "n"),
    "ledgers": RailLabel("/leads", N_("Ledgers"), "l"),
    "sign": RailLabel("/sign", N_("Sign"), "s"),
    "money": RailLabel("/money", N_("Money"), "m"),
    "figures": RailLabel("/figures", N_("Figures"), "f"),
    "people": RailLabel("/units", N_("People and units"), "p", short=N_("People")),
    "admin": RailLabel("/admin", N_("Administration"), "a", short=N_("Admin")),
}


@dataclass(frozen=True, slots=True)
class RailItem:
    """`key` is one of `RAIL`; `href` only where a role's entry leads elsewhere."""

    key: str
    count: int | None = None
    href: str | None = None

    @property
    def entry(self) -> RailLabel:
        return RAIL[self.key]

    @property
    def address(self) -> str:
        return self.href or self.entry.href


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page. Made once per request by the pages' dependency.

    `rail` holds at most seven entries, only those that the reader's role uses. `now` is the
    office's moment for "printed by … at …". Without `actor_name` nobody is signed in.
    """

    locale: str
    csrf: str
    unit_name: str = ""
    actor_name: str | None = None
    actor_id: str = ""
    role_label: str = ""
    demo_day: date | None = None
    rail: tuple[RailItem, ...] = ()
    current: str = ""  # the rail entry that this page belongs to
    theme: str = "system"
    density: str = "standard"
    now: datetime | None = None
    classification: str = N_("internal")
    checkpoint: str | None = None
    demo: bool = False
    zone: tzinfo = i18n.OFFICE_ZONE
    apart: timedelta = timedelta()  # of the machine's calendar from the office's: `Work.apart`
    begun: Begun | None = None  # the draft of this page's form, where it keeps any
    again: tuple[str, str] | None = None  # a refused form's path, and the key it goes on with

    def form_key(self, action: str) -> str:
        """What makes the form that posts there one that is carried out once."""
        if self.again and self.again[0] == urlsplit(action).path:
            return self.again[1]
        return str(new_id())

    def moment(self, recorded_at: datetime) -> str:
        """The office's moment at which something was recorded: see `Work.moment_of`."""
        return i18n.table_time(recorded_at, self.zone, self.apart)

    @property
    def lang(self) -> str:
        return i18n.LANGUAGE_TAGS[self.locale]

    @property
    def other_locale(self) -> str:
        return i18n.ENGLISH if self.locale == i18n.CHINESE else i18n.CHINESE

    @property
    def other_lang(self) -> str:
        return i18n.LANGUAGE_TAGS[self.other_locale]


class Look(TypedDict):
    theme: str
    density: str


def chosen_look(request: Request) -> Look:
    """As the reader's browser keeps it, for a frame."""
    theme = cookies.given(request, "theme")
    density = cookies.given(request, "density")
    return {
        "theme": theme if theme is not None and theme in THEMES else "system",
        "density": density if density is not None and density in DENSITIES else "standard",
    }


def render(
    request: Request, name: str, /, *, frame: Frame, status_code: int = 200, **context: object
) -> HTMLResponse:
    """The page `name` in the reader's language."""
    template = environment(frame.locale, frame.zone).get_template(name)
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    sending = getattr(request.state, "sending", None)
    if sending is not None and status_code >= REFUSED:
        frame = replace(frame, again=(request.url.path, sending.form_key))
    form = context.get("form")
    if frame.begun and frame.begun.values is not None and isinstance(form, Filled):
        context["form"] = Filled({**form.values, **frame.begun.values}, form.errors)
    text = form_words.worded(template.render(frame=frame, here=here, **context))
    headers = {"Content-Security-Policy": CONTENT_SECURITY_POLICY, "Cache-Control": "no-store"}
    return HTMLResponse(text, status_code=status_code, headers=headers)


def drawn_part(name: str, /, *, frame: Frame, **context: object) -> Markup:
    """A part of a page, to be kept and put into it. It holds no form, and nothing of the frame but
    its language and zone: it is shown for longer than the frame it was drawn for."""
    template = environment(frame.locale, frame.zone).get_template(name)
    return Markup(template.render(**context))  # noqa: S704 - our own template, escaped by itself


@lru_cache
def environment(locale: str, zone: tzinfo = i18n.OFFICE_ZONE) -> Environment:
    """The environment of one language and office; templates are compiled once."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATE_DIR),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    env.globals.update(
        _=partial(_gettext, locale),
        gettext=partial(_gettext, locale),
        ngettext=partial(_ngettext, locale),
        say=partial(say, locale),
        static=static_address,
        stages=tuple(Stage),
        stage_name=lambda stage: i18n.translate(locale, STAGE_NAMES[Stage(stage)]),
        csrf_field=csrf.FIELD,
        form_key_field=sendings.FIELD,
        locale=locale,
        gap="" if locale == i18n.CHINESE else " ",
    )
    env.globals.update({part.__name__: part for part in PARTS})
    env.tests.update(
        money=lambda value: isinstance(value, Money | Decimal),
        day=lambda value: isinstance(value, date),
    )
    env.filters.update(
        table_date=i18n.table_date,
        written_date=partial(i18n.written_date, locale),
        written_month=partial(i18n.written_month, locale),
        table_time=partial(i18n.table_time, zone=zone),
        amount=lambda money: i18n.plain_amount(_yuan(money)),
        yuan=lambda money: i18n.written_amount(locale, _yuan(money)),
        capitals=lambda money: i18n.capital_amount(_yuan(money)),
        count=i18n.count,
        in_groups=_in_groups,
    )
    return env


def say(locale: str, text: Reason | str) -> str:
    """A sentence that was marked with `N_` elsewhere, in the reader's words."""
    if isinstance(text, Markup):
        return text
    if isinstance(text, Reason):
        return i18n.translate(locale, text.message, text.values)
    return i18n.translate(locale, text)


def static_address(name: str) -> str:
    """Where the browser finds a file of `app/static`, with the mark of its content."""
    return f"{STATIC_ADDRESS}/{name}?v={_mark(name)}"


@lru_cache
def _mark(name: str) -> str:
    return hashlib.sha256((STATIC_DIR / name).read_bytes()).hexdigest()[:10]


def _gettext(locale: str, message: str, **values: object) -> str:
    text = i18n.translate(locale, message)
    return escape(text).format(**values) if values else text


def _ngettext(locale: str, one: str, many: str, number: int, **values: object) -> str:
    text = i18n.translations(locale).ngettext(one, many, number)
    return escape(text).format(**{"count": i18n.count(number), **values})


def _yuan(money: Money | Decimal) -> Decimal:
    return money.decimal if isinstance(money, Money) else money


def _in_groups(choices: Iterable[Choice]) -> list[tuple[str, list[Choice]]]:
    """Choices under the heading that they share, in the order given."""
    return [(name, list(held)) for name, held in groupby(choices, lambda choice: choice.group)]
