"""The sections of a matter's page: what it is about, people and outcomes, money, links, tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.core import i18n
from app.core.db import Row
from app.domain.errors import N_
from app.domain.kinds import Kind
from app.domain.ledger import INTAKES, Balance, Intake
from app.domain.money import Money
from app.domain.profile import Profile
from app.domain.sources import CHANNELS, CLASSES, SOURCES
from app.routers.pages.money import movement
from app.routers.pages.outcomes import outcome_label
from app.routers.pages.present import (
    Reader,
    alleged,
    matter_href,
    person_label,
)
from app.routers.parts import Cell, Column, Item, Link, Task, Totals
from app.services.matters import MatterFile

CLEARANCES: Sequence[str] = (N_("internal"), N_("restricted"), N_("sealed"))

# What a link says of the other matter, from this one's side: (kind, outward).
LINKS: Mapping[tuple[str, bool], str] = {
    ("petition_lead", True): N_("Lead from this petition"),
    ("petition_lead", False): N_("Petition that it came from"),
    ("lead_case", True): N_("Case that was filed on it"),
    ("lead_case", False): N_("Lead that led to it"),
    ("lead_fund_item", True): N_("Money or property taken in for it"),
    ("lead_fund_item", False): N_("Lead that it was taken in for"),
    ("case_fund_item", True): N_("Money or property taken in for it"),
    ("case_fund_item", False): N_("Case that it was taken in for"),
    ("merged_into", True): N_("Goes on in this matter"),
    ("merged_into", False): N_("Merged into this one"),
    ("repeat_of", True): N_("The earlier petition"),
    ("repeat_of", False): N_("A repeat of this one"),
    ("split_from", True): N_("Split off from it"),
    ("split_from", False): N_("Was split off"),
    ("reopens", True): N_("Reopens it"),
    ("reopens", False): N_("Reopened here"),
}
PARTS: Mapping[str, str] = {
    "subject": N_("person reported"),
    "witness": N_("witness"),
    "beneficiary": N_("beneficiary"),
    "relative": N_("relative"),
}


@dataclass(frozen=True)
class Summary:
    """What a matter is about: its texts, and particulars as label and value."""

    texts: Sequence[str]
    particulars: Sequence[tuple[str, str]]


def summary(reader: Reader, file: MatterFile) -> Summary:
    own, head = file.own, file.head
    texts = [own.get(name) for name in ("what", "summary", "content", "brief", "description")]
    petition = file.kind is Kind.PETITION
    came = N_("Petition received on") if petition else N_("Received on")
    found: list[tuple[str, str | None]] = [
        (N_("Source"), _source(reader, file)),
        (N_("Class"), _named(reader, CLASSES, own.get("class"))),
        (came, _day(reader, own.get("received_on"))),
        (N_("Filed on"), _day(reader, own.get("filed_on"))),
        (N_("Happened"), own.get("happened")),
        (N_("Where exactly"), own.get("place")),
        (N_("Kind of problem"), own.get("category")),
        (N_("Amount"), _yuan(reader, own.get("amount"))),
        (N_("Kind of intake"), _intake(reader, own.get("intake"))),
        (N_("Disposal"), _method(reader, own.get("method"))),
        (N_("Campaign"), head["campaign_name"]),
        (N_("Responsible leader"), head["responsible_leader"]),
        (N_("Logged by"), head["made_by_name"] if file.kind is not Kind.CASE else None),
    ]
    return Summary(
        texts=[text.strip() for text in texts if text and text.strip()],
        particulars=[(reader.say(label), value) for label, value in found if value],
    )


def _source(reader: Reader, file: MatterFile) -> str | None:
    labels = CHANNELS if file.kind is Kind.PETITION else SOURCES
    return _named(reader, labels, file.own.get("channel") or file.head["source"])


def _named(reader: Reader, labels: Mapping[str, str], key: str | None) -> str | None:
    if not key:
        return None
    return reader.say(labels[key]) if key in labels else key


def _day(reader: Reader, day: Any) -> str | None:
    return reader.written(day) if day else None


def _yuan(reader: Reader, amount: Decimal | None) -> str | None:
    return None if amount is None else i18n.written_amount(reader.locale, amount)


def _intake(reader: Reader, intake: str | None) -> str | None:
    return reader.say(INTAKES[Intake(intake)]) if intake else None


def _method(reader: Reader, method: str | None) -> str | None:
    known = reader.profile.methods.get(method or "")
    return known.words(reader.locale) if known else None


# People and outcomes ----------------------------------------------------------------------------


def people_columns(reader: Reader, file: MatterFile) -> list[Column]:
    person = person_label(reader, file.kind, effective=file.head["effective"])
    return [
        Column("person", person, width="c-16"),
        Column("position", reader.say(N_("Position")), width="c-22"),
        Column("alleged", reader.say(N_("What is alleged")), width="c-26"),
        Column("outcome", reader.say(N_("Outcome so far"))),
    ]


def people_rows(reader: Reader, file: MatterFile, *, opens: bool) -> list[dict[str, Cell]]:
    """One row each. `opens`: the reader may open the register of persons."""
    return [
        {
            "person": _person(reader, row, opens=opens),
            "position": _position(reader, row),
            "alleged": row["alleged"] or "",
            "outcome": _outcome(reader, file, row),
        }
        for row in file.people
    ]


def _person(reader: Reader, row: Row, *, opens: bool) -> Link:
    name = row["name"] or reader.say(N_("name not known"))
    href = f"/people/{row['person_id']}" if opens and row["person_id"] else None
    return Link(name, href)


def _position(reader: Reader, row: Row) -> str:
    if row["organisation_id"] is not None:
        return reader.say(N_("organisation"))
    found = [row["position"] or reader.rank(row["rank"])]
    if row["part"] != "subject":
        found.append(reader.say(PARTS.get(row["part"], row["part"])))
    if row["member"] is not None:
        found.append(
            reader.say(N_("member of the Party") if row["member"] else N_("no member of the Party"))
        )
    if row["eight_rules"]:
        found.append(reader.say(N_("against the Eight-point Regulation")))
    if row["confessed"]:
        found.append(reader.say(N_("told of it unasked")))
    if row["presumed"]:
        found.append(reader.say(N_("known by name and unit alone, without an identity number")))
    return reader.listed([each for each in found if each])


def _outcome(reader: Reader, file: MatterFile, row: Row) -> str:
    """What was decided about somebody, what is proposed, or that there is nothing yet."""
    decided = [each for each in file.outcomes if each["involvement_id"] == row["id"]]
    if decided:
        return reader.text(*(_decided(reader, file, each) for each in decided))
    proposed = _proposed(reader.profile, file, row, reader.locale)
    if proposed:
        return reader.say(N_("Proposed: {outcomes}"), outcomes=reader.listed(proposed))
    if row["part"] != "subject":
        return ""
    if file.head["closed_on"] is not None:
        return reader.say(N_("ended, nothing found against this person"))
    return reader.say(N_("no finding yet"))


def _decided(reader: Reader, file: MatterFile, row: Row) -> str:
    label = outcome_label(reader.profile, row["kind"], row["measure"], reader.locale)
    values = {"outcome": label, "day": reader.written(row["decided_on"])}
    if row["effective_on"] is None and file.kind is Kind.CASE and not file.head["effective"]:
        text = reader.say(N_("{outcome}, decided on {day}, not yet in effect."), **values)
    else:
        text = reader.say(N_("{outcome}, decided on {day}."), **values)
    if row["impact_until"]:
        until = reader.written(row["impact_until"])
        text = reader.text(text, reader.say(N_("It weighs until {day}."), day=until))
    if row["manner"] == "ledger":
        text = reader.text(text, reader.say(N_("As the ledger says.")))
    return text


def _proposed(profile: Profile, file: MatterFile, row: Row, locale: str) -> list[str]:
    asked = next((each for each in file.requests if each["status"] == "open"), None)
    rows = (asked["form"] or {}).get("outcomes") if asked else None
    return [
        profile.measures[each["measure"]].label.words(locale)
        for each in rows or ()
        if str(each.get("subject")) == str(row["id"]) and each.get("measure") in profile.measures
    ]


# Statements and tasks -----------------------------------------------------------------------------


def statements(reader: Reader, file: MatterFile, *, works: bool) -> list[Task]:
    """What each person said to the facts and its answer, or that nothing is recorded yet."""
    if file.kind is not Kind.CASE or file.masked:
        return []
    here = matter_href(file.head["id"])
    found: list[Task] = []
    for person in file.people:
        if person["part"] != "subject":
            continue
        said = [row for row in file.statements if row["involvement_id"] == person["id"]]
        found += [_statement(reader, here, person, row, works=works) for row in said]
        if not said:
            record = Link(
                reader.say(N_("Record the statement")), f"{here}/statements/new?of={person['id']}"
            )
            found.append(
                Task(
                    text=reader.say(N_("{name}: no statement recorded yet"), name=person["name"]),
                    action=record if works else None,
                )
            )
    return found


def _statement(reader: Reader, here: str, person: Row, row: Row, *, works: bool) -> Task:
    text = reader.say(
        N_("{name} said on {day}:"), name=person["name"], day=reader.written(row["said_on"])
    )
    if row["answer"] is None:
        answer = Link(reader.say(N_("Answer it")), f"{here}/statements/{row['id']}/answer")
        missing = reader.say(N_("Not answered yet."))
        return Task(
            text=text, lines=(row["said"],), reason=missing, action=answer if works else None
        )
    answered = reader.say(
        N_("Answered on {day}: {answer}"),
        day=reader.written(row["answered_on"]), answer=row["answer"],
    )  # fmt: skip
    return Task(text=text, lines=(row["said"],), reason=answered)


def task_label(reader: Reader, kind: str, task: str) -> str:
    """A task in the procedure's own words."""
    for step in reader.profile.machine(Kind(kind)).transitions:
        for row in step.tasks:
            if row.kind == task:
                return row.label.words(reader.locale)
    return task


def tasks(reader: Reader, file: MatterFile, *, works: bool) -> list[Task]:
    """What is owed to people: open ones first, then what was done and how."""
    here = matter_href(file.head["id"])
    return [_task(reader, file, here, row, works=works) for row in file.tasks]


def _task(reader: Reader, file: MatterFile, here: str, row: Row, *, works: bool) -> Task:
    label = task_label(reader, file.kind, row["kind"])
    name = row["owed_to"] if not file.masked else None
    text = reader.say(N_("{name}: {task}"), name=name, task=label) if name else label
    if row["done_on"] is not None:
        done = reader.say(
            N_("Done on {day} by {who}."),
            day=reader.written(row["done_on"]), who=row["done_by_name"] or "",
        )  # fmt: skip
        return Task(text=text, lines=(done,), reason="" if file.masked else row["how"] or "")
    action = Link(reader.say(N_("Record as done")), f"{here}/tasks/{row['id']}")
    due = reader.due(row["due_on"]) if row["due_on"] else None
    return Task(text=text, due=due, action=action if works else None)


# Money --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MoneyShown:
    """Fund items with their sums, and every movement of them, in yuan. `unpaid`: somebody on an
    item's return list waits for money; `remits`: some of it may go elsewhere now."""

    items: Sequence[Item]
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Cell]]
    totals: Totals | None
    unpaid: bool = False
    remits: bool = False


def money(
    reader: Reader, items: Sequence[tuple[Row, Balance]], entries: Sequence[Row], *, of_item: bool
) -> MoneyShown:
    """`of_item`: the matter is the item itself, so its number isn't repeated in each row."""
    columns = [
        Column("on", reader.say(N_("Date")), "date"),
        Column("kind", reader.say(N_("Kind"))),
        Column("item", reader.say(N_("Item"))),
        Column("who", reader.say(N_("Paid in by, or to"))),
        Column("line", reader.say(N_("Bank line"))),
        Column("in", reader.say(N_("Received")), "amount"),
        Column("out", reader.say(N_("Gone out")), "amount"),
        Column("held", reader.say(N_("In custody")), "amount"),
    ]
    return MoneyShown(
        items=[] if of_item else [_item(reader, row, balance) for row, balance in items],
        columns=[each for each in columns if not (of_item and each.key == "item")],
        rows=[_entry(reader, row) for row in entries],
        totals=_sums(reader, [balance for _, balance in items]) if entries else None,
    )


def _item(reader: Reader, row: Row, balance: Balance) -> Item:
    state = reader.state(Kind.FUND_ITEM, row["state"])
    held = reader.say(
        N_("{state} · {amount} in custody"),
        state=state, amount=i18n.written_amount(reader.locale, balance.held.decimal),
    )  # fmt: skip
    return Item(
        link=Link(row["number"], matter_href(row["id"])), text=row["description"] or "",
        aside=held, number=True,
    )  # fmt: skip


def _entry(reader: Reader, row: Row) -> dict[str, Cell]:
    out = row["returned"] + row["remitted"] + row["released"]
    return {
        "on": row["happened_on"],
        "kind": Link(movement(reader, row), f"/money/entries/{row['id']}"),
        "item": Link(row["item_number"] or "", matter_href(row["fund_item_id"])),
        "who": row["paid_in_by"] or row["beneficiary"] or "",
        "line": row["bank_reference"] or "",
        "in": row["received"],
        "out": out,
        "held": row["balance"],
    }


def _sums(reader: Reader, balances: Sequence[Balance]) -> Totals:
    received = sum((each.received for each in balances), Money.zero())
    held = sum((each.held for each in balances), Money.zero())
    day = i18n.written_date(reader.locale, reader.today)
    return Totals(
        label=reader.say(N_("Total as of {day}"), day=day),
        cells={"in": received, "out": received - held, "held": held},
    )


# Linked matters ----------------------------------------------------------------------------------


def links(reader: Reader, file: MatterFile) -> list[Item]:
    """Matters that this one hangs together with, as far as the reader may know them."""
    found = [
        Item(
            link=Link(row["number"], matter_href(row["other_id"])),
            text=row["title"],
            aside=_relation(reader, row),
            number=True,
            alleged=alleged(row, row["other_kind"]),
        )
        for row in file.links
    ]
    known = {row["number"] for row in file.links}
    found += [
        Item(
            link=Link(row["number"]),
            aside=reader.say(
                N_("Lead from this petition, {state}"), state=reader.state(Kind.LEAD, row["state"])
            ),
            number=True,
        )
        for row in file.leads
        if row["number"] not in known
    ]
    return found


def _relation(reader: Reader, row: Row) -> str:
    label = LINKS.get((row["kind"], row["outward"]))
    relation = reader.say(label) if label else row["kind"]
    state = reader.state(row["other_kind"], row["state"])
    return reader.say(N_("{relation}, {state}"), relation=relation, state=state)
