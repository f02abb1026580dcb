"""What stands on printed papers, as data for the typesetter, and the parts they are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.core import i18n
from app.core.db import Row
from app.domain.errors import N_
from app.domain.money import Money
from app.routers.pages.present import Reader
from app.routers.parts import Cell, Column, Due, Link, SignBox, Signed, StageMark
from app.routers.templating import STAGE_NAMES, Frame
from app.services.prints import Names

Content = dict[str, Any]
Table = Sequence[Mapping[str, Cell]]

MARKS: Sequence[str] = (N_("internal"), N_("restricted"), N_("sealed"))
# Shares of a line, by a column's kind; what isn't said is two.
_WIDTHS: Mapping[str, float] = {
    "title": 5, "text": 3, "stage": 2.2, "person": 1.3, "holder": 1.3, "amount": 1.8,
}  # fmt: skip
_NARROW = {"number", "date", "due"}


@dataclass(frozen=True)
class Sheet:
    """A paper that can be typeset: its template, what stands on it, and what it is saved as."""

    template: str
    content: Content
    file_name: str


def paper(
    frame: Frame, reader: Reader, *, title: str, source: str, subject: str = "",
    alleged: bool = False, classification: int = 0,
) -> Content:  # fmt: skip
    """What every paper has. `subject` stands below the title, and whether it is only alleged."""
    now = i18n.table_time(frame.now, frame.zone) if frame.now else ""
    mark = reader.say(MARKS[classification])
    return {
        "lang": "zh" if reader.locale == i18n.CHINESE else "en",
        "title": title,
        "subject": subject,
        "alleged": alleged and not subject.startswith(reader.say(N_("Alleged"))),
        "unit": frame.unit_name,
        "source": source,
        "words": {
            "alleged": reader.say(N_("Alleged")),
            "mark": reader.say(N_("Classification: {mark}"), mark=mark),
            "printed": reader.say(
                N_("Printed by {name}, {time}"), name=frame.actor_name or "", time=now
            ),
            "page": i18n.translate(reader.locale, N_("Page {page} of {pages}")),
            "finger": reader.say(N_("Fingerprint")),
            "date": reader.say(N_("Date")),
        },
    }


def text(reader: Reader, cell: Cell) -> str:
    """A cell in words alone."""
    if cell is None:
        return ""
    if isinstance(cell, Link):
        return cell.text
    if isinstance(cell, StageMark):
        return f"{reader.say(STAGE_NAMES[cell.stage])} · {cell.state}"
    if isinstance(cell, Due):
        return _due(reader, cell)
    if isinstance(cell, date):
        return i18n.table_date(cell)
    if isinstance(cell, Money):
        return i18n.plain_amount(cell.decimal)
    if isinstance(cell, Decimal):
        return i18n.plain_amount(cell)
    return str(cell)


def _due(reader: Reader, due: Due) -> str:
    if due.on is None:
        return ""
    day = i18n.table_date(due.on)
    return reader.say(N_("{day} (overdue)"), day=day) if due.level == "overdue" else day


def table(
    reader: Reader, names: Names, columns: Sequence[Column], rows: Table, *,
    total: Sequence[str] = (), tall: bool = False,
) -> Content:  # fmt: skip
    """`tall` rows leave room to sign in them. A column in which nothing stands is left out."""
    held = [[names(text(reader, row.get(each.key))) for each in columns] for row in rows]
    if held and not tall:
        kept = [at for at in range(len(columns)) if any(row[at] for row in held)]
        columns = [columns[at] for at in kept]
        held = [[row[at] for at in kept] for row in held]
    return {
        "columns": [
            {
                "label": each.label,
                "width": 0 if each.kind in _NARROW else _WIDTHS.get(each.kind, 2),
                "right": each.kind == "amount",
            }
            for each in columns
        ],
        "rows": held,
        "total": list(total),
        "tall": tall,
    }


# Sections of a document ---------------------------------------------------------------------------


def paragraphs(heading: str, texts: Sequence[str]) -> Content:
    return {"kind": "text", "heading": heading, "text": list(texts)}


def facts(heading: str, pairs: Sequence[tuple[str, str]]) -> Content:
    return {"kind": "facts", "heading": heading, "facts": [list(pair) for pair in pairs]}


def tabular(heading: str, content: Content) -> Content:
    return {"kind": "table", "heading": heading, "table": content}


def chain(heading: str, signed: Sequence[Signed], names: Names) -> Content:
    """A request from its asking to its last signature."""
    return _lines(
        heading, [(_when(each.when), names(each.text), names(each.note)) for each in signed]
    )


def dated(heading: str, entries: Sequence[tuple[date, str, str]], names: Names) -> Content:
    return _lines(
        heading, [(i18n.table_date(on), names(said), names(note)) for on, said, note in entries]
    )


def _lines(heading: str, entries: Sequence[tuple[str, str, str]]) -> Content:
    lines = [{"at": at, "text": said, "note": note} for at, said, note in entries]
    return {"kind": "lines", "heading": heading, "lines": lines}


def _when(when: object) -> str:
    return i18n.table_date(when) if isinstance(when, date) else str(when)


def boxes(heading: str, items: Sequence[SignBox]) -> Content:
    return {"kind": "boxes", "heading": heading, "boxes": [box(each) for each in items]}


def box(each: SignBox) -> Content:
    return {
        "heading": each.heading,
        "lines": list(each.lines),
        "finger": each.finger,
        "dated": each.date_line,
    }


def return_list(reader: Reader, names: Names, payees: Sequence[Row], total: Money) -> Content:
    """退还清册: who gets how much, with room for each to sign or press a finger."""
    columns = [
        Column("at", reader.say(N_("No.")), "number"),
        Column("payee", reader.say(N_("Payee"))),
        Column("amount", reader.say(N_("Amount, yuan")), "amount"),
        Column("paid", reader.say(N_("Paid on")), "date"),
        Column("sign", reader.say(N_("Signature or fingerprint")), "title"),
    ]
    rows: list[Mapping[str, Cell]] = [
        {
            "at": at, "payee": row["name"], "amount": row["amount"], "paid": row["paid_on"],
            "sign": reader.say(N_("signed on {day}"), day=i18n.table_date(row["signed_on"]))
            if row["signed_on"] else "",
        }
        for at, row in enumerate(payees, start=1)
    ]  # fmt: skip
    people = reader.say(N_("Payees: {count}"), count=i18n.count(len(payees)))
    sums = ["", people, i18n.plain_amount(total.decimal), "", ""]
    return table(reader, names, columns, rows, total=sums, tall=True)
