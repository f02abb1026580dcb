"""What came before its lead and finds it now: money in suspense, findings, rows of a register."""

from __future__ import annotations

from app.domain import ledger
from app.domain.kinds import Kind
from app.domain.ledgers.rows.bank import intake_of, nature_of
from app.domain.money import Money
from app.repositories.imports import lookups, money
from app.repositories.imports.lookups import KnownMatter
from app.services.imports.books import Books
from app.services.imports.ground import Ground


class Late:
    """Leads that this import brought in, for those that waited."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._fresh: dict[str, KnownMatter] = {}

    def lead(self, key: str, known: KnownMatter) -> None:
        self._fresh[key] = known

    def settle(self) -> None:
        """Once the leads themselves are written."""
        if not self._fresh:
            return
        self._ground.flush()
        self._findings()
        money.name_leads_of_returns(
            self._ground.tx, [(key, known.id) for key, known in self._fresh.items()]
        )
        self._money()
        self._fresh.clear()

    def _findings(self) -> None:
        waiting = [
            (row["id"], self._fresh[row["cited"]].id)
            for row in lookups.waiting_findings(self._ground.tx)
            if row["cited"] in self._fresh
        ]
        if waiting:
            findings, leads = zip(*waiting, strict=True)
            lookups.attach_findings(self._ground.tx, findings, leads)
            lookups.name_rounds(self._ground.tx)

    def _money(self) -> None:
        """Each line is taken out of suspense and posted for its lead, on the bank's own day."""
        rows = [r for r in money.suspended(self._ground.tx) if r["cited"] in self._fresh]
        if not rows or not self._ground.has(Kind.FUND_ITEM, "in_custody"):
            return
        books = Books(self._ground)
        for row in rows:
            lead = books.lead(row["cited"])
            if lead is None:
                continue
            amount, day, line = Money.yuan(row["amount"]), row["happened_on"], row["line_id"]
            books.post(
                ledger.reversal(ledger.suspense(amount)),
                day=day,
                line_id=line,
                reverses_id=row["entry_id"],
            )
            if amount.fen > 0:
                books.receive(
                    lead, amount, day, line, intake=intake_of(row["summary"]),
                    counterparty=row["counterparty"] or "", serial=row["serial"],
                )  # fmt: skip
            elif nature_of(row["summary"], Money.zero(), row["cited"]) == "treasury":
                books.remit(lead, -amount, day, line)
            else:
                books.give_back(
                    lead, -amount, day, line, cited=row["cited"],
                    counterparty=row["counterparty"] or "",
                )  # fmt: skip
        self._ground.flush()
        books.flush()
