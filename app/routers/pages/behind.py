"""What stands behind a figure: the matters that it counts, and, of money, each movement."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from app.core import i18n
from app.core.db import Row
from app.domain.errors import N_, Invalid, NotFound
from app.domain.ledger import INTAKES, SIGNED, EntryKind, Intake, Signed
from app.domain.permissions import Permission
from app.domain.totals import UNITS, Counted
from app.routers.deps import Caller, Page
from app.routers.pages.cohort import asked, in_words
from app.routers.pages.figure_words import Words
from app.routers.pages.figures_refused import refused
from app.routers.pages.frame import frame_for
from app.routers.pages.money import ENTRIES
from app.routers.pages.present import Reader, matter_href, number_link
from app.routers.paging import Pager, Paging
from app.routers.parts import Cell, Column, Link, Totals
from app.routers.templating import render
from app.services import totals
from app.services.exports.figures import FIGURES
from app.services.totals import Place

router = APIRouter()

Asking = Annotated[Caller, Page(Permission.TOTALS_READ)]
Key = Annotated[str, Path(pattern=r"^[a-z_]{1,40}$")]


@router.get("/figures/{key}")
def behind(request: Request, caller: Asking, key: Key, paging: Paging) -> Response:
    """Newest first; `entries` in the address lists movements of money instead of matters."""
    if key not in FIGURES:
        raise NotFound
    try:
        return _behind(request, caller, key, paging)
    except Invalid as invalid:
        return refused(request, caller, invalid)


def _behind(request: Request, caller: Caller, key: str, paging: Pager) -> Response:
    by_entry = "entries" in request.query_params
    listing = f"figures.{key}.{'entries' if by_entry else 'matters'}"
    after = paging.after(listing, lambda day, id_: Place(date.fromisoformat(day), UUID(id_)))
    with caller.work("figures.open") as tx:
        frame = frame_for(request, caller, tx, current="figures")
        reader, words = Reader.of(caller, tx), Words(caller.locale)
        wanted = asked(tx, request)
        read = totals.entries_behind if by_entry else totals.matters_behind
        found = read(tx, wanted.cohort, key, after=after, limit=paging.wanted)
        told = totals.told(tx, wanted.cohort, key)
        may_export = tx.actor.may(Permission.EXPORT_TOTALS)
        opened = "happened_on" if by_entry else "opened_on"
        rows, following = paging.part(listing, found, lambda row: (row[opened], row["id"]))
        cells = [_entry(reader, row) if by_entry else _matter(reader, key, row) for row in rows]
    query = wanted.query()
    return render(
        request,
        "pages/behind.html",
        frame=frame,
        title=words(FIGURES[key]),
        counted=in_words(words, reader.profile, wanted),
        sums=_sums(words, key, told),
        hidden=told.matters - told.open,
        # Whoever reads no titles is shown no column for them.
        columns=[
            each
            for each in _columns(reader, key, by_entry=by_entry)
            if each.key != "title" or any(row["title"] for row in cells)
        ],
        rows=cells,
        tabs=_tabs(words, key, query, by_entry=by_entry),
        back=Link(words(N_("Figures")), f"/figures?{query}"),
        exports=_exports(key, query, by_entry=by_entry) if may_export else [],
        first=f"/figures/{key}?{query}{'&entries' if by_entry else ''}" if after else None,
        following=f"/figures/{key}?{query}{'&entries' if by_entry else ''}&cursor={following}"
        if following
        else None,
    )


def _tabs(words: Words, key: str, query: str, *, by_entry: bool) -> list[Link]:
    if key not in totals.ENTRY_KEYS:
        return []
    return [
        Link(words(N_("By matter")), f"/figures/{key}?{query}", current=not by_entry),
        Link(words(N_("By movement")), f"/figures/{key}?{query}&entries", current=by_entry),
    ]


_LISTS = {"recovered_yuan": "receipts", "returned_yuan": "returns"}


def _exports(key: str, query: str, *, by_entry: bool) -> list[Link]:
    """The same list as a file, with names masked. Movements of some kinds have no list."""
    if by_entry and key not in _LISTS:
        return []
    what = _LISTS[key] if by_entry else "matters"
    more = "" if by_entry else f"&key={key}"
    return [
        Link(format_.upper(), f"/api/v1/exports/{what}.{format_}?{query}{more}")
        for format_ in ("csv", "xlsx")
    ]


def _sums(words: Words, key: str, told: totals.Told) -> Totals:
    """The whole that is listed below, above its first row."""
    unit = UNITS[key]
    if unit is Counted.YUAN:
        return Totals(label=words(N_("Total")), cells={"adds": told.adds})
    if unit is Counted.PEOPLE:
        text = words(
            N_("{people}, each counted once; matters: {count}"),
            people=f"{i18n.count(told.people)} {words.unit(unit, told.people)}",
            count=i18n.count(told.matters),
        )
    else:
        text = f"{i18n.count(int(told.adds))} {words.unit(unit, int(told.adds))}"
    return Totals(label=words(N_("Total")), text=text)


def _columns(reader: Reader, key: str, *, by_entry: bool) -> list[Column]:
    if by_entry:
        return [
            Column("on", reader.say(N_("Date")), "date"),
            Column("kind", reader.say(N_("Kind"))),
            Column("matter", reader.say(N_("Lead or case")), "number"),
            Column("item", reader.say(N_("Item")), "number"),
            Column("who", reader.say(N_("Paid in by, or to"))),
            Column("signed", reader.say(N_("Signed for"))),
            Column("adds", reader.say(N_("Amount, yuan")), "amount"),
        ]
    found = [
        Column("number", reader.say(N_("Number")), "number"),
        Column("title", reader.say(N_("What is alleged")), "title"),
        Column("stage", reader.say(N_("Stage")), "stage"),
        Column("place", reader.say(N_("Place")), "place"),
        Column("on", reader.say(N_("Received on")), "date"),
    ]
    adds = {
        Counted.YUAN: N_("Amount, yuan"),
        Counted.PERSON_TIMES: N_("person-times"),
        Counted.ROWS: N_("Doubtful rows"),
    }
    label = adds.get(UNITS[key])
    return [*found, Column("adds", reader.say(label), "amount")] if label else found


def _matter(reader: Reader, key: str, row: Row) -> dict[str, Cell]:
    adds: Decimal = row["adds"]
    return {
        "number": number_link(row),
        "title": row["title"] or "",
        "stage": reader.stage_mark(row),
        "place": row["unit_name"],
        "on": row["opened_on"],
        "adds": adds if UNITS[key] is Counted.YUAN else int(adds),
    }


def _entry(reader: Reader, row: Row) -> dict[str, Cell]:
    kind = reader.say(ENTRIES[EntryKind(row["kind"])])
    if row["kind"] == EntryKind.RECEIPT and row["intake"]:
        kind = reader.say(INTAKES[Intake(row["intake"])])
    return {
        "on": row["happened_on"],
        "kind": Link(kind, f"/money/entries/{row['id']}"),
        "matter": _link(row["matter_number"], row["matter_id"]),
        "item": _link(row["item_number"], row["fund_item_id"]),
        "who": row["paid_in_by"] or row["beneficiary"] or "",
        "signed": reader.say(SIGNED[Signed(row["signed"])]) if row["signed"] else "",
        "adds": row["amount"],
    }


def _link(number: str | None, matter_id: object) -> Cell:
    return Link(number, matter_href(matter_id)) if number else ""
