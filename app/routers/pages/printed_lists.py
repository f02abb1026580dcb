"""A ledger across the sheet, a return list, and what a villager signs."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.core import i18n
from app.core.db import Row
from app.domain.asked import ORDERS
from app.domain.errors import N_
from app.domain.money import Money
from app.repositories.work import Work
from app.routers.pages import asked as asked_words
from app.routers.pages import ledgers, money, printed
from app.routers.pages.asked import Asked
from app.routers.pages.present import KIND_NAMES, Reader
from app.routers.pages.printed import Sheet
from app.routers.parts import SignBox
from app.routers.templating import Frame
from app.services import funds, lists, matters, prints, sheets, worklists
from app.services.prints import Names


def ledger_sheet(tx: Work, reader: Reader, frame: Frame, asked: Asked, *, whole: bool) -> Sheet:
    """A list as it was filtered, in its order, with its head on each page."""
    wanted = lists.wanted(tx, asked)
    rows: list[Row] = []
    total, late = 0, ledgers.NOTHING
    if wanted is not None:
        rows = worklists.page(tx, wanted, sort=asked.sort, limit=prints.MOST_ROWS)
        rows = rows[: prints.MOST_ROWS]
        total = worklists.count(tx, wanted)
        late = worklists.lateness(tx, wanted, reader.profile)
    people = [name for row in rows for name in row["subject_names"] or ()]
    names = Names(people, shown=whole)
    title = reader.say(KIND_NAMES[asked.kind])
    content = printed.paper(
        frame, reader, title=title, source=title,
        classification=max((row["classification"] for row in rows), default=0),
    )  # fmt: skip
    alleged = [{**row, "title": _titled(reader, asked, row)} for row in rows]
    content["notes"] = [each for each in _notes(tx, reader, asked, wanted, total, late) if each]
    if total > len(rows):
        content["notes"].append(
            reader.say(
                N_("Only the first {count} stand on this paper."), count=i18n.count(len(rows))
            )
        )
    content["table"] = printed.table(
        reader,
        names,
        ledgers.columns(reader, asked),
        [ledgers.cells(reader, row) for row in alleged],
    )
    return Sheet("ledger", content, f"{asked.kind.value}-{tx.today:%Y-%m-%d}")


def _titled(reader: Reader, asked: Asked, row: Row) -> str:
    """What a row tells is alleged until a decision on it takes effect."""
    title = str(row["title"])
    says_so = title.startswith(reader.say(N_("Alleged")))  # many a Chinese one does
    if asked.kind == "fund_item" or row["effective"] or says_so:
        return title
    return reader.say(N_("[alleged] {title}"), title=title)


def _notes(
    tx: Work, reader: Reader, asked: Asked, wanted: worklists.Filter | None, total: int, late: Row
) -> list[str]:
    """Over which list, in which order, and how much of it is late."""
    chosen = asked_words.conditions(tx, asked, reader, wanted)
    totals = ledgers.totals(reader, asked.kind, total, late)
    order = reader.say(ORDERS[asked.sort])
    return [reader.joined([each.text for each in chosen] + [order]), totals.label, totals.text]


# Money --------------------------------------------------------------------------------------------


def return_list(tx: Work, reader: Reader, frame: Frame, item_id: UUID, *, whole: bool) -> Sheet:
    """退还清册: each payee, the amount, and room to sign."""
    file = funds.open_item(tx, item_id)
    head = matters.head(tx, item_id)
    names = Names((row["name"] for row in file.payees), shown=whole)
    total = file.listed or Money.zero()
    content = printed.paper(
        frame, reader, title=reader.say(N_("Return list")), subject=head["title"],
        source=head["number"], classification=head["classification"],
    )  # fmt: skip
    amount = i18n.written_amount(reader.locale, total.decimal)
    pairs = [
        (reader.say(N_("Number")), head["number"]),
        (reader.say(N_("Total")), amount),
    ]
    if reader.locale == i18n.CHINESE:
        pairs.append((reader.say(N_("In words")), i18n.capital_amount(total.decimal)))
    content["sections"] = [
        printed.facts("", pairs),
        printed.tabular("", printed.return_list(reader, names, file.payees, total)),
        printed.boxes("", _hands(reader)),
    ]
    return Sheet("document", content, f"{head['number']}-list")


def _hands(reader: Reader) -> list[SignBox]:
    """Who draws the list up, who decides on it, and who pays: three people."""
    return [
        SignBox(reader.say(label), date_line=True)
        for label in (N_("Drawn up by"), N_("Decided by"), N_("Paid out by"))
    ]


def receipt(tx: Work, reader: Reader, frame: Frame, entry_id: UUID) -> Sheet:
    """One return to one villager: large type, a fingerprint, two witnesses; of what was undone,
    that it is void, and nothing to sign."""
    held = sheets.return_sheet(tx, entry_id)
    source = reader.listed([each for each in (held["receipt_number"], held["number"]) if each])
    content = printed.paper(
        frame, reader, title=reader.say(N_("Receipt for money returned")), source=source
    )
    unit = frame.unit_name or reader.say(N_("the unit that paid you"))
    content |= {
        "void": money.void(reader, held),
        "lead": reader.say(money.COUNT_FIRST),
        "facts": _paid(reader, held),
        "boxes": [printed.box(each) for each in money.boxes(reader.locale)],
        "note": reader.say(money.READ_OUT, unit=unit),
        "hands": [
            [reader.say(label), held[key] or ""]
            for label, key in (
                (N_("Taken in by"), "taken_in_by"), (N_("Kept by"), "kept_by"),
                (N_("Decided by"), "decided_by"), (N_("Paid out by"), "paid_by"),
            )
        ],
    }  # fmt: skip
    return Sheet("receipt", content, f"{held['receipt_number'] or held['number']}-receipt")


def _paid(reader: Reader, held: Row) -> Sequence[list[object]]:
    """(label, value, whether large)."""
    amount = i18n.written_amount(reader.locale, held["amount"])
    words = i18n.capital_amount(held["amount"]) if reader.locale == i18n.CHINESE else ""
    found = [
        (N_("Receipt"), held["receipt_number"] or "", False),
        (N_("Payee"), held["beneficiary"], False),
        (N_("Address"), held["address"] or "", False),
        (N_("Amount"), amount, True),
        (N_("In words"), words, False),
        (N_("Paid on"), i18n.written_date(reader.locale, held["happened_on"]), False),
    ]
    return [[reader.say(label), value, large] for label, value, large in found if value]
