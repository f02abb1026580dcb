"""The special account in a file of totals: the bank's statements beside the books, line by line."""

from __future__ import annotations

from collections.abc import Iterator

from app.core import i18n
from app.domain.errors import N_
from app.domain.exports import Column
from app.domain.money import Money
from app.domain.special_account import SpecialAccount
from app.services.exports.writers import Table

TITLE = N_("The bank beside the books")
_COLUMNS = (
    Column("what", N_("On the special account")),
    Column("amount", N_("Amount, yuan"), "money"),
    Column("note", N_("Note")),
)


def table(found: SpecialAccount, locale: str) -> Table:
    def say(text: str) -> str:
        return i18n.translate(locale, text)

    rows = [
        (say(what), amount.decimal, note)
        for what, amount, note in _rows(found, locale)
        if amount is not None
    ]
    return Table(say(TITLE), _COLUMNS, [say(column.label) for column in _COLUMNS], rows)


def _rows(found: SpecialAccount, locale: str) -> Iterator[tuple[str, Money | None, str]]:
    def say(text: str, **values: object) -> str:
        return i18n.translate(locale, text, values)

    if found.since is not None and found.until is not None:
        days = say(
            N_("on {count} lines, from {since} to {until}"), count=i18n.count(found.lines),
            since=i18n.table_date(found.since), until=i18n.table_date(found.until),
        )  # fmt: skip
        yield N_("Bank: came in"), found.came_in, days
        yield N_("Bank: went out"), found.went_out, ""
        yield N_("Bank: last balance that it states"), found.stated, ""
        yield (
            N_("Bank: of that, on none of these lines"), found.earlier,
            say(N_("what stood there before the first, or moved by lines that aren’t here")),
        )  # fmt: skip
    yield (
        N_("Books: on the account"), found.booked,
        say(N_("in custody, in suspense and the bank’s own mistakes")),
    )  # fmt: skip
    if found.since is None:
        yield N_("Books: of that, by hand"), found.booked, say(N_("no statement was taken in"))
        return
    yield N_("Books: of that, from the bank’s lines"), found.on_lines, ""
    yield N_("Books: by hand, dated before the first line"), found.before, ""
    yield (
        N_("Books: by hand, dated within their days"), found.within,
        say(N_("these lines should have it: ask the bank")),
    )  # fmt: skip
    yield (
        N_("Books: by hand, dated after the last line"), found.after,
        say(N_("no statement has it yet")),
    )  # fmt: skip
    yield N_("The bank’s balance less the books"), found.apart, ""


def as_json(found: SpecialAccount) -> dict[str, object]:
    """Amounts as text; what the bank doesn't state is null."""

    def text(amount: Money | None) -> str | None:
        return None if amount is None else str(amount)

    return {
        "lines": found.lines,
        "since": found.since.isoformat() if found.since else None,
        "until": found.until.isoformat() if found.until else None,
        "came_in_yuan": text(found.came_in),
        "went_out_yuan": text(found.went_out),
        "stated_yuan": text(found.stated),
        "stated_on_no_line_yuan": text(found.earlier),
        "booked_yuan": text(found.booked),
        "booked_from_lines_yuan": text(found.on_lines),
        "by_hand_before_yuan": text(found.before),
        "by_hand_within_yuan": text(found.within),
        "by_hand_after_yuan": text(found.after),
        "stated_less_booked_yuan": text(found.apart),
    }
