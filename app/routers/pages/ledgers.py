"""One list page and one filter bar for every kind of matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.core import i18n
from app.core.db import Row
from app.domain.asked import FIRST, ORDERS
from app.domain.errors import N_, Invalid
from app.domain.kinds import Kind
from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers.deps import Caller, Page
from app.routers.pages import asked as words
from app.routers.pages import assignments, saved_views
from app.routers.pages.asked import Asked
from app.routers.pages.frame import frame_for
from app.routers.pages.present import (
    ADDRESSES,
    KIND_NAMES,
    Reader,
    holder,
    next_step,
    number_link,
    people,
    person_label,
    place,
)
from app.routers.paging import Pager, Paging
from app.routers.parts import Cell, Column, Filled, Link, Totals
from app.routers.templating import render
from app.services import lists, profiles, worklists
from app.services.worklists import Place

router = APIRouter()

Reading = Annotated[Caller, Page(Permission.MATTERS_READ)]

COUNTS: Mapping[Kind, tuple[str, str]] = {
    Kind.PETITION: (N_("{count} petition"), N_("{count} petitions")),
    Kind.LEAD: (N_("{count} lead"), N_("{count} leads")),
    Kind.CASE: (N_("{count} case"), N_("{count} cases")),
    Kind.FUND_ITEM: (N_("{count} fund item"), N_("{count} fund items")),
}
EMPTY: Mapping[Kind, str] = {
    Kind.PETITION: N_("Petitions stand here once somebody has logged one or a ledger is imported."),
    Kind.LEAD: N_("Leads stand here once somebody has logged one or a ledger is imported."),
    Kind.CASE: N_("Cases stand here once the filing of a lead is approved."),
    Kind.FUND_ITEM: N_("Money and property stand here once something was taken in for a lead."),
}
FIRST_ACT: Mapping[Kind, tuple[Permission, str, str]] = {
    Kind.PETITION: (Permission.PETITIONS_LOG, N_("Log a petition"), "/log/petition"),
    Kind.LEAD: (Permission.LEADS_LOG, N_("Log a lead"), "/log"),
}
SORTED_BY = {"due": "due_on", "opened": "opened_on", "number": "number"}
NOTHING: Row = {"overdue": 0, "urgent": 0, "soon": 0, "later": 0}


@router.get("/petitions")
def petitions(request: Request, caller: Reading, paging: Paging) -> Response:
    return _ledger(request, caller, paging, Kind.PETITION)


@router.get("/leads")
def leads(request: Request, caller: Reading, paging: Paging) -> Response:
    return _ledger(request, caller, paging, Kind.LEAD)


@router.get("/cases")
def cases(request: Request, caller: Reading, paging: Paging) -> Response:
    return _ledger(request, caller, paging, Kind.CASE)


@router.get("/funds")
def funds(request: Request, caller: Reading, paging: Paging) -> Response:
    return _ledger(request, caller, paging, Kind.FUND_ITEM)


def _ledger(request: Request, caller: Caller, paging: Pager, kind: Kind) -> Response:
    asked = Asked.of(kind, request.query_params)
    try:
        return _listed(request, caller, paging, asked)
    except Invalid as invalid:
        return _refused(request, caller, asked, invalid)


def _listed(request: Request, caller: Caller, paging: Pager, asked: Asked) -> Response:
    kind = asked.kind
    after = paging.after(f"{kind}:{asked.sort}", lambda value, id_: Place(value, UUID(id_)))
    with caller.work("ledger") as tx:
        lists.refuse_unknown(tx, kind, request.query_params)
        reader = Reader.of(caller, tx)
        wanted = lists.wanted(tx, asked)
        found, total, late = [], 0, NOTHING
        if wanted is not None:
            found = worklists.page(tx, wanted, sort=asked.sort, after=after, limit=paging.limit)
            total = worklists.count(tx, wanted)
            late = worklists.lateness(tx, wanted, reader.profile)
        frame = frame_for(request, caller, tx, current="ledgers")
        bar = words.bar(tx, asked, reader)
        conditions = words.conditions(tx, asked, reader, wanted)
        views = saved_views.beside(
            tx, reader, asked, request.query_params.get(saved_views.FORGOT, "")
        )
        act = _first_act(tx, kind, reader)
        several = assignments.beside(tx, reader, asked)
    key = SORTED_BY[asked.sort]
    rows, following = paging.part(f"{kind}:{asked.sort}", found, lambda row: (row[key], row["id"]))
    return render(
        request,
        "pages/ledger.html",
        frame=frame,
        title=reader.say(KIND_NAMES[kind]),
        noun=_noun(reader, kind),
        tabs=_tabs(reader, kind),
        bar=bar,
        hidden=words.kept(asked),
        action=ADDRESSES[kind],
        counted=_counted(reader, kind, total),
        conditions=conditions,
        views=views,
        order=reader.say(ORDERS[asked.sort]),
        columns=columns(reader, asked),
        rows=[cells(reader, row) for row in rows],
        totals=totals(reader, kind, total, late),
        following=asked.href(cursor=following) if following else None,
        first=asked.href() if after is not None else None,
        empty=reader.say(EMPTY[kind]),
        everything=Link(reader.say(N_("Show all")), ADDRESSES[kind]),
        act=act,
        several=several,
        pdf=asked.href().replace(ADDRESSES[kind], f"/ledgers/{kind.value}/print", 1),
    )


def _refused(request: Request, caller: Caller, asked: Asked, invalid: Invalid) -> Response:
    """The list's filter bar, and what is wrong; nothing else that was chosen is lost."""
    form = Filled.refused({}, invalid)
    with caller.work("ledger") as tx:
        reader = Reader.of(caller, tx)
        frame = frame_for(request, caller, tx, current="ledgers")
        bar = [replace(each, error=form.error(each.name)) for each in words.bar(tx, asked, reader)]
    hidden = words.kept(asked)
    return render(
        request, "pages/ledger_refused.html", frame=frame, title=reader.say(KIND_NAMES[asked.kind]),
        tabs=_tabs(reader, asked.kind), form=form, bar=bar, action=ADDRESSES[asked.kind],
        shown={each.name: each.label for each in bar}, named=words.NAMED,
        hidden={name: value for name, value in hidden.items() if name not in form.errors},
        everything=Link(reader.say(N_("Show all")), ADDRESSES[asked.kind]),
        status_code=invalid.status,
    )  # fmt: skip


def _noun(reader: Reader, kind: Kind) -> str:
    """The kind's name within a sentence, where only English has small letters."""
    name = reader.say(KIND_NAMES[kind])
    return name[0].lower() + name[1:]


def _first_act(tx: Work, kind: Kind, reader: Reader) -> Link | None:
    known = FIRST_ACT.get(kind)
    if known is None or not profiles.may_log(tx, known[0]):
        return None
    return Link(reader.say(known[1]), known[2])


def _tabs(reader: Reader, kind: Kind) -> list[Link]:
    return [
        Link(reader.say(name), ADDRESSES[each], current=each is kind)
        for each, name in KIND_NAMES.items()
        if reader.profile.has(each)
    ]


def _counted(reader: Reader, kind: Kind, total: int) -> str:
    if total > worklists.COUNTED:
        return _up_to(reader, total, worklists.COUNTED)
    one, many = COUNTS[kind]
    return reader.count(one, many, total)


def _up_to(reader: Reader, number: int, most: int) -> str:
    if number > most:
        return reader.say(N_("more than {count}"), count=i18n.count(most))
    return i18n.count(number)


def totals(reader: Reader, kind: Kind, total: int, late: Row) -> Totals:
    text = reader.say(
        N_(
            "As of {day}, of this list: {overdue} overdue · {urgent} within two working days"
            " · {soon} within five · {later} later"
        ),
        day=i18n.written_date(reader.locale, reader.today),
        **{name: _up_to(reader, late[name], worklists.LATE_COUNTED) for name in NOTHING},
    )
    label = reader.say(N_("Total {count}"), count=_counted(reader, kind, total))
    return Totals(label=label, text=text)


def columns(reader: Reader, asked: Asked | None = None) -> list[Column]:
    """The columns of every list of matters; sorted by their heads where a list was asked for."""

    def sorting(name: str) -> tuple[str | None, str]:
        if asked is None:
            return None, ""
        order = "descending" if name == "opened" else "ascending"
        href = asked.href(sort=None if name == FIRST else name)
        return href, order if asked.sort == name else ""

    def sortable(key: str, label: str, kind: str, name: str) -> Column:
        href, order = sorting(name)
        return Column(key, reader.say(label), kind, sort_href=href, sorted=order)  # type: ignore[arg-type]

    kind = asked.kind if asked else Kind.LEAD
    what = N_("What it is") if kind is Kind.FUND_ITEM else N_("What is alleged")
    # Nobody is named on an item itself: whose its money was stands on its lead or case.
    whom = [] if kind is Kind.FUND_ITEM else [
        Column("person", person_label(reader, kind), "person")
    ]  # fmt: skip
    return [
        sortable("number", N_("Number"), "number", "number"),
        Column("title", reader.say(what), "title"),
        Column("stage", reader.say(N_("Stage")), "stage"),
        *whom,
        Column("place", reader.say(N_("Place")), "place"),
        Column("holder", reader.say(N_("Handler")), "holder"),
        Column("step", reader.say(N_("Next step")), "step"),
        sortable("due", N_("Due"), "due", "due"),
    ]


def cells(reader: Reader, row: Row) -> dict[str, Cell]:
    """A row of the list; on a phone the same values make a card."""
    open_ = row["closed_on"] is None
    return {
        "number": number_link(row),
        "title": row["title"],
        "stage": reader.stage_mark(row),
        "person": people(reader, row["subject_names"]),
        "place": place(row),
        "holder": holder(reader, row),
        "step": next_step(reader, row),
        "due": reader.due(row["due_on"]) if open_ else reader.say(N_("ended")),
    }
