"""My desk: three things for each role, each with its one act."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response

from app.core import i18n
from app.core.db import Row
from app.domain.errors import N_
from app.domain.permissions import Permission, Role
from app.domain.totals import Cohort
from app.repositories.work import Work
from app.routers.deps import Caller, Page
from app.routers.pages import desk_news, emergencies, guest_desk, paper_desk
from app.routers.pages import desk_parts as parts
from app.routers.pages import drafts as begun_forms
from app.routers.pages import leavers as leaving
from app.routers.pages import releases as unsealed
from app.routers.pages import reporters as telling
from app.routers.pages.desk_parts import Made, Section
from app.routers.pages.frame import frame_for
from app.routers.pages.matters import NOTICES
from app.routers.pages.present import Reader
from app.routers.parts import Figure, Link, Task
from app.routers.templating import render
from app.services import bank_lines, desks, drafts, first_start, passkeys, totals
from app.services.desks import Desk

router = APIRouter()

Mine = Annotated[Caller, Page(Permission.SELF)]


@router.get("/desk")
def desk(request: Request, caller: Mine) -> Response:
    with caller.work("desk") as tx:
        reader = Reader.of(caller, tx)
        frame = frame_for(request, caller, tx, current="desk")
        roles = {grant.role for grant in tx.actor.grants}
        made = Made(reader)
        begin, since = None, ""
        _doubted(tx, made)
        if roles & {Role.OPERATOR, Role.ADMINISTRATOR}:
            begin = _run(tx, made)
        if Role.AUDITOR in roles:
            _money(tx, made)
        if tx.actor.may(Permission.MATTERS_READ):
            counted = (each.count for each in frame.rail if each.key == "sign")
            found = desks.my_desk(tx, waiting=next(counted, None))
            _work(tx, made, found, roles)
            since = desk_news.on_desk(tx, made, found.matters)
        mine = drafts.mine(tx)
        if mine:
            begun_forms.on_desk(made, mine)
    under = ""
    if made.things:
        under = reader.count(
            N_("{count} thing: {list}."), N_("{count} things: {list}."), made.things,
            list=reader.joined(made.counts),
        )  # fmt: skip
    if made.beside:
        under = reader.text(under or reader.say(N_("Nothing waits for you.")), made.beside)
    if since:
        under = reader.text(under or reader.say(N_("Nothing waits for you.")), since)
    return render(
        request,
        "pages/desk.html",
        frame=frame,
        under=under,
        begin=begin,
        sections=made.sections,
        notice=NOTICES.get(request.query_params.get("done", "")),
    )


def _doubted(tx: Work, made: Made) -> None:
    """Before everything else: somebody may have a copy of a passkey of theirs."""
    if passkeys.doubted(tx):
        say = made.reader.say
        see = Link(say(N_("See my passkeys")), "/me/second-factor")
        text = say(N_("A passkey of yours may have been copied: it lets nobody in any more."))
        made.add(Section(say(N_("My account")), tasks=[Task(text=text, action=see, main=True)]))


def _work(tx: Work, made: Made, found: Desk, roles: set[Role]) -> None:
    """The sections of whoever works on matters, the most urgent kind first."""
    if found.emergencies:
        emergencies.on_desk(made, found.emergencies)
    parts.log(tx, made)
    if tx.actor.may(Permission.REQUESTS_SIGN) and (found.to_sign or roles & desks.HEADS):
        parts.to_sign(made, found)
    paper_desk.on_desk(made, found.on_paper)
    parts.minutes(made, found.minutes)
    if roles & desks.HEADS:
        parts.week(made, found.week, found.week_count)
        if found.stuck:
            parts.stuck(made, found.stuck)
        if found.links:
            parts.links_to_decide(made, found.links)
        if found.accused:
            parts.accused(made, found.accused)
    if found.left:
        leaving.on_desk(made, found.left)
    if roles & desks.HANDLES:
        parts.mine(made, found)
    if found.to_take or roles - desks.HANDLES - desks.HEADS - desks.LOGS_ONLY - {Role.AUDITOR}:
        parts.to_take(made, found)
    for rows, part in (
        (found.namesakes, parts.namesakes_to_answer),
        (found.returned, parts.returned),
        (found.to_tell, telling.on_desk),
        (found.owed, parts.owed),
        (found.releases, unsealed.on_desk),
        (found.repeats, parts.repeats),
        (found.let_see, guest_desk.on_desk),
    ):
        if rows:
            part(made, rows)
    if found.logged or roles & desks.LOGS_ONLY:
        parts.logged(made, found.logged)


# The auditor's money, the operator's first steps -------------------------------------------------


def _money(tx: Work, made: Made) -> None:
    reader = made.reader
    found = totals.totals(tx, Cohort(as_of=tx.today))
    counts, say = found.counts, reader.say
    sums = (
        (N_("Received"), counts.recovered),
        (N_("Returned to villagers"), counts.returned),
        (N_("In custody"), counts.in_custody),
        (N_("To the treasury, with the case, released"), counts.remitted + counts.released),
    )
    shown = i18n.amounts_together(reader.locale, [amount.decimal for _, amount in sums])
    figures = [
        Figure(say(label), text, shown.unit, "/money", exact)
        for (label, _), text, exact in zip(sums, shown.texts, shown.exact, strict=True)
    ]
    day = i18n.written_date(reader.locale, reader.today)
    made.add(Section(say(N_("Money")), say(N_("As of {day}"), day=day), figures=figures))
    waiting = bank_lines.waiting_lines_count(tx)
    doubts = desks.unsettled_doubts(tx)
    tasks = [_since_export(tx, reader)]
    if waiting:
        text = reader.count(
            N_("{count} bank line cites no known lead"),
            N_("{count} bank lines cite no known lead"), waiting,
        )  # fmt: skip
        tasks.append(Task(text=text, action=Link(say(N_("See the bank lines")), "/money/bank")))
    if doubts:
        text = reader.count(
            N_("{count} row of a ledger contradicts a rule"),
            N_("{count} rows of ledgers contradict a rule"), doubts,
        )  # fmt: skip
        see = Link(say(N_("See the doubtful rows")), "/log/doubts")
        tasks.append(Task(text=text, action=see if tx.actor.may(Permission.MATTERS_READ) else None))
    made.counted(N_("{count} not reconciled"), waiting + doubts)
    made.add(Section(say(N_("Since my last export")), tasks=tasks))


def _since_export(tx: Work, reader: Reader) -> Task:
    action = Link(reader.say(N_("Export")), "/figures")
    last = desks.since_last_export(tx)
    if last is None:
        text = reader.say(N_("You have not exported anything yet."))
        return Task(text=text, action=action, main=True)
    text = reader.say(
        N_("Since {day}: steps of matters {steps}, movements of money {entries}."),
        day=reader.written(tx.day_of(last["recorded_at"])),
        steps=parts.counted(reader, last["steps"]), entries=parts.counted(reader, last["entries"]),
    )  # fmt: skip
    return Task(text=text, action=action, main=True)


def _run(tx: Work, made: Made) -> list[tuple[Link, bool]]:
    """What runs an installation: until there is a lead, the checklist of first steps."""
    held = desks.begun(tx)
    steps = _begin(tx, made.reader, held)
    if not all(done for _, done in steps):
        return steps
    reader = made.reader
    links = [
        (N_("Units: {count}"), held["units"], Link(reader.say(N_("Units")), "/units")),
        (N_("Accounts: {count}"), held["people"] + 1, Link(reader.say(N_("Accounts")), "/admin")),
    ]
    if tx.actor.may(Permission.IMPORT_LEDGERS):
        ledgers = Link(reader.say(N_("Take in a ledger")), "/log/import")
        links.append((N_("Ledgers taken in: {count}"), held["imports"], ledgers))
    tasks = [
        Task(text=reader.say(words, count=i18n.count(number)), action=link)
        for words, number, link in links
    ]
    made.add(Section(heading=reader.say(N_("This installation")), tasks=tasks))
    return []


def _begin(tx: Work, reader: Reader, held: Row) -> list[tuple[Link, bool]]:
    """The checklist of a new installation, in its order; ledgers may also come later."""
    leads = True
    if tx.actor.may(Permission.TOTALS_READ):
        leads = totals.totals(tx, Cohort(as_of=tx.today)).counts.leads > 0
    say = reader.say
    return [
        (
            Link(say(N_("Have the first administrator begin, at the address that a start prints"))),
            first_start.has_administrator(tx),
        ),
        (
            Link(say(N_("Enter the units: district, townships, villages, offices")), "/units"),
            held["units"] > 1,
        ),
        (Link(say(N_("Make accounts, and give each its roles")), "/admin"), held["people"] > 0),
        (
            Link(say(N_("Take in the ledgers that the office has")), "/log/import"),
            held["imports"] > 0 or leads,
        ),
        (Link(say(N_("Have the first lead logged"))), leads),
    ]
