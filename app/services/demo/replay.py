"""Taking the plan's steps: each through the service that everybody uses, as the person who
acts, on its historical day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from app.domain.demo.steps import Ref, Step, Thing, Verb
from app.domain.ledger import EntryKind, Intake, Signed
from app.domain.ledgers.families import Family
from app.domain.money import Money
from app.repositories import funds as fund_rows
from app.repositories import matters as matter_rows
from app.repositories import outcomes, repeats
from app.repositories.work import Work
from app.services import (
    fund_items,
    funds,
    imports,
    involved,
    leads,
    ledger,
    matters,
    payees,
    petitions,
    requests,
    workflow,
)
from app.services.demo import otherwise
from app.services.demo.people import Cast
from app.services.fund_items import NewItem
from app.services.leads import NewLead
from app.services.openings import Reported
from app.services.petitions import NewPetition, Reporter

Arguments = Mapping[str, Any]

_ACCOUNT = "99010100000000001"
_HEADINGS = "交易日期,流水号,摘要,贷方发生额,借方发生额,余额,对方户名"


class Replay:
    """Takes steps in one or more transactions; `made` maps the plan's keys to matters."""

    def __init__(self, cast: Cast, made: dict[str, UUID]) -> None:
        self.cast = cast
        self.made = made
        self.numbered = False  # whether others wait for what the last step locked
        self.asked: dict[str, UUID] = {}  # the last request, by the plan's key of its matter
        self.paid: dict[tuple[str, str], UUID] = {}  # entries by item and identity number
        self.verbs: dict[Verb, Callable[[Work, Step, Arguments], None]] = {
            Verb.LOG_PETITION: self._log_petition,
            Verb.WRITE_SUMMARY: self._write_summary,
            Verb.CHECK_SUMMARY: self._check_summary,
            Verb.LOG_LEAD: self._log_lead,
            Verb.ADD_SUBJECT: self._add_subject,
            Verb.ACT: self._act,
            Verb.SIGN: self._sign,
            Verb.RETURN: self._return,
            Verb.NOTE: self._note,
            Verb.RECORD_STATEMENT: self._record_statement,
            Verb.ANSWER_STATEMENT: self._answer_statement,
            Verb.FINISH_TASKS: self._finish_tasks,
            Verb.CREATE_ITEM: self._create_item,
            Verb.RECORD_RECEIPT: self._record_receipt,
            Verb.LIST_PAYEES: self._list_payees,
            Verb.PAY_RETURN: self._pay_return,
            Verb.REMIT: self._remit,
            Verb.REVERSE_PAYMENT: self._reverse_payment,
            Verb.TAKE_STATEMENT: self._take_statement,
            Verb.NOTICE_REPEAT: self._notice_repeat,
            Verb.MEET: partial(otherwise.meet, self),
            Verb.ENTER_ON_PAPER: partial(otherwise.enter_on_paper, self),
            Verb.COMPARE_ON_PAPER: partial(otherwise.compare_on_paper, self),
            Verb.ASK_CORRECTION: partial(otherwise.ask_correction, self),
        }

    def take(self, tx: Work, step: Step) -> None:
        """One step, in the transaction that `tx` holds."""
        session = self.cast.sessions[step.actor]
        if tx.session != session:
            tx.enter(session)
        tx.dated(step.day)
        self.numbered = False
        try:
            self.verbs[step.verb](tx, step, step.arguments)
        except Exception as error:
            error.add_note(f"{step.day} {step.actor} {step.verb.value} {step.matter}")
            error.add_note(str(step.arguments)[:500])
            raise

    def matter(self, step: Step) -> UUID:
        return self.made[step.matter]

    def resolved(self, tx: Work, value: Any, matter_id: UUID | None) -> Any:
        """A value of the plan with every reference replaced by what it stands for."""
        if isinstance(value, Ref):
            return self._of(tx, value, matter_id)
        if isinstance(value, Mapping):
            return {key: self.resolved(tx, each, matter_id) for key, each in value.items()}
        if isinstance(value, tuple | list):
            return [self.resolved(tx, each, matter_id) for each in value]
        if isinstance(value, date):
            return value.isoformat()
        return value

    def _of(self, tx: Work, ref: Ref, matter_id: UUID | None) -> str:
        if ref.thing is Thing.MATTER:
            return str(self.made[ref.key])
        if ref.thing is Thing.ACCOUNT:
            return str(self.cast.accounts[ref.key])
        if ref.thing is Thing.UNIT:
            return str(self.cast.units[ref.key])
        if ref.thing is Thing.PERSON or matter_id is None:
            return str(self.cast.persons[ref.key])
        return str(self._subject(tx, matter_id, ref.key))

    def _subject(self, tx: Work, matter_id: UUID, key: str) -> UUID:
        person = self.cast.persons[key]
        found: UUID = next(
            row["id"] for row in outcomes.involved(tx, matter_id) if row["person_id"] == person
        )
        return found

    def _reported(self, rows: Sequence[Mapping[str, Any]]) -> list[Reported]:
        return [
            Reported(
                person_id=self.cast.persons[str(row["person"])],
                position=row.get("position"),
                rank=row.get("rank"),
                alleged=row.get("alleged"),
            )
            for row in rows
        ]

    # Logging ---------------------------------------------------------------------------------

    def _log_petition(self, tx: Work, step: Step, given: Arguments) -> None:
        reporter = given["reporter"]
        self.made[step.matter] = petitions.log_petition(
            tx,
            NewPetition(
                channel=given["channel"],
                class_=given["class_"],
                received_on=given["received_on"],
                content=given["content"],
                title=given["title"],
                unit_id=self.cast.units[given["unit"].key],
                place=given["place"],
                reporter=Reporter(**reporter) if reporter else None,
                subjects=self._reported(given["subjects"]),
                responsible_leader=given["responsible_leader"],
                campaign_id=self.cast.campaigns.get(given["campaign"]),
                backlog=given["backlog"],
                registered=given["registered"],
            ),
        )

    def _log_lead(self, tx: Work, step: Step, given: Arguments) -> None:
        petition = given["petition"]
        amount = given["amount"]
        self.made[step.matter] = leads.log_lead(
            tx,
            NewLead(
                source=given["source"],
                received_on=given["received_on"],
                what=given["what"],
                title=given["title"],
                unit_id=self.cast.units[given["unit"].key],
                category=given["category"],
                happened=given["happened"],
                amount=Money.yuan(amount) if amount else None,
                campaign_id=self.cast.campaigns.get(given["campaign"]),
                petition_id=self.made[petition.key] if petition else None,
                responsible_leader=given["responsible_leader"],
                subjects=self._reported(given["subjects"]),
            ),
        )

    def _write_summary(self, tx: Work, step: Step, given: Arguments) -> None:
        petitions.write_summary(tx, self.matter(step), summary=given["summary"])

    def _check_summary(self, tx: Work, step: Step, _given: Arguments) -> None:
        petitions.check_summary(tx, self.matter(step))

    def _add_subject(self, tx: Work, step: Step, given: Arguments) -> None:
        reported = Reported(
            person_id=self.cast.persons[given["person"].key],
            position=given.get("position"),
            rank=given.get("rank"),
            alleged=given.get("alleged"),
        )
        involved.add_subject(tx, self.matter(step), reported)

    def _notice_repeat(self, tx: Work, step: Step, given: Arguments) -> None:
        repeats.notice(
            tx, self.matter(step), self.made[given["other"].key], why={"reason": given["why"]}
        )

    # Steps and signatures ----------------------------------------------------------------------

    def _act(self, tx: Work, step: Step, given: Arguments) -> None:
        matter_id = self.matter(step)
        form = self.resolved(tx, given["form"], matter_id)
        done = workflow.act(
            tx, matter_id, event=given["event"], form=form, reason=given.get("reason")
        )
        if done.request_id is not None:
            self.asked[step.matter] = done.request_id

    def _sign(self, tx: Work, step: Step, given: Arguments) -> None:
        form = self.resolved(tx, given.get("form", {}), self.matter(step))
        done = requests.sign(tx, self.asked[step.matter], reason=given["reason"], form=form)
        if done.moved and done.state == "filed":
            self._case_of(tx, step)

    def _case_of(self, tx: Work, step: Step) -> None:
        """A filed lead's case is known to the plan by the lead's key."""
        self.numbered = True
        for link in matter_rows.links(tx, self.matter(step)):
            if link["kind"] == "lead_case":
                self.made[f"C{step.matter}"] = link["other_id"]

    def _return(self, tx: Work, step: Step, given: Arguments) -> None:
        requests.return_(tx, self.asked[step.matter], reason=given["reason"])

    def _note(self, tx: Work, step: Step, given: Arguments) -> None:
        matters.add_note(tx, self.matter(step), text=given["text"])

    def _record_statement(self, tx: Work, step: Step, given: Arguments) -> None:
        matter_id = self.matter(step)
        involved.record_statement(
            tx,
            matter_id,
            involvement_id=self._subject(tx, matter_id, given["subject"].key),
            said=given["said"],
        )

    def _answer_statement(self, tx: Work, step: Step, given: Arguments) -> None:
        matter_id = self.matter(step)
        who = self._subject(tx, matter_id, given["subject"].key)
        said = next(
            row
            for row in outcomes.statements(tx, matter_id)
            if row["involvement_id"] == who and row["answer"] is None
        )
        involved.answer_statement(tx, matter_id, said["id"], answer=given["answer"])

    def _finish_tasks(self, tx: Work, step: Step, given: Arguments) -> None:
        matter_id = self.matter(step)
        for task in outcomes.tasks(tx, matter_id):
            if task["done_on"] is None:
                involved.finish_task(tx, matter_id, task["id"], how=given["how"])

    # Money -------------------------------------------------------------------------------------

    def _create_item(self, tx: Work, step: Step, given: Arguments) -> None:
        self.numbered = True
        self.made[step.matter] = fund_items.create_fund_item(
            tx,
            self.made[given["origin"].key],
            NewItem(
                intake=Intake(given["intake"]),
                description=given["description"],
                form=given["form"],
            ),
        )

    def _record_receipt(self, tx: Work, step: Step, given: Arguments) -> None:
        funds.record_receipt(
            tx,
            self.matter(step),
            amount=given["amount"],
            happened_on=given["happened_on"],
            bank_reference=given["bank_reference"],
            paid_in_by=given.get("paid_in_by"),
            intake=Intake(given["intake"]) if given.get("intake") else None,
        )

    def _list_payees(self, tx: Work, step: Step, given: Arguments) -> None:
        payees.list_payees(
            tx,
            self.matter(step),
            [
                payees.NewPayee(
                    name=row["name"],
                    amount=row["amount"],
                    person_id=self.cast.persons[row["identity"]],
                )
                for row in given["payees"]
            ],
        )

    def _pay_return(self, tx: Work, step: Step, given: Arguments) -> None:
        item_id = self.matter(step)
        listed = {row["person_id"]: row["id"] for row in fund_rows.payees(tx, item_id)}
        payments = [
            funds.Payment(
                payee_id=listed[self.cast.persons[row["identity"]]],
                amount=row["amount"],
                signed=Signed(row["signed"]),
                address=row["address"],
            )
            for row in given["payments"]
        ]
        posted = funds.pay_returns(tx, item_id, payments, happened_on=given["happened_on"])
        for row, each in zip(given["payments"], posted, strict=True):
            self.paid[step.matter, row["identity"]] = each.entry_id

    def _remit(self, tx: Work, step: Step, given: Arguments) -> None:
        funds.remit(
            tx,
            self.matter(step),
            to=EntryKind(given["to"]),
            amount=given["amount"],
            happened_on=given["happened_on"],
        )

    def _reverse_payment(self, tx: Work, step: Step, given: Arguments) -> None:
        entry_id = self.paid[step.matter, given["identity"]]
        ledger.reverse_entry(tx, entry_id, reason=given["reason"])

    def _take_statement(self, tx: Work, _step: Step, given: Arguments) -> None:
        self.numbered = True  # what comes later in the transaction would be part of the import
        line = (
            f"{given['happened_on']:%Y%m%d}", given["bank_reference"], given["summary"],
            given["credit"], "", given["balance"], given["payer"],
        )  # fmt: skip
        sheet = "\n".join((f"账号,{_ACCOUNT}", _HEADINGS, ",".join(line)))
        file = imports.Source(sheet.encode(), "专户流水.csv")
        imports.import_file(tx, file, Family.BANK, commit=True)
