"""What stands around every page of whoever is signed in: who reads, and the rail of their role."""

from __future__ import annotations

from datetime import datetime

from fastapi import Request

from app.core import i18n
from app.domain.permissions import ROLE_LABELS, Permission, Role
from app.repositories.work import Work
from app.routers.templating import Frame, RailItem, chosen_look
from app.services import installation, profiles, requests

# What leads to the first form under *Log*, in the order of the tabs there.
LOGGING = {
    Permission.PETITIONS_LOG: "/log/petition",
    Permission.LEADS_LOG: "/log",
    Permission.IMPORT_LEDGERS: "/log/import",
}
MOST = 7  # entries of the rail


def framed(request: Request, tx: Work, *, locale: str, csrf: str, current: str = "") -> Frame:
    """The frame of a page that `tx.actor` reads, before anything of its own."""
    actor = tx.actor
    about = installation.about(tx)
    now = tx.now.astimezone(about.zone)
    chinese = locale == i18n.CHINESE
    role = actor.grants[0].role if actor.grants else None
    return Frame(
        locale=locale,
        csrf=csrf,
        unit_name=about.body_name if chinese else about.body_name_en,
        actor_name=actor.name,
        actor_id=str(actor.account_id),
        role_label=i18n.translate(locale, ROLE_LABELS[role]) if role else "",
        demo_day=tx.demo_day,
        rail=rail(tx),
        current=current,
        now=datetime.combine(tx.today, now.timetz()),
        demo=about.demo,
        zone=about.zone,
        apart=tx.apart,
        **chosen_look(request),
    )


def rail(tx: Work) -> tuple[RailItem, ...]:
    """At most seven entries, only what the reader's roles use."""
    actor = tx.actor
    held = {grant.role for grant in actor.grants}
    entries: list[RailItem] = [RailItem("desk")]
    if (form := first_form(tx)) is not None:
        entries.append(RailItem("log", href=form))
    if actor.may(Permission.MATTERS_READ):
        entries.append(RailItem("ledgers", href=first_ledger(held)))
    if actor.may(Permission.REQUESTS_SIGN):
        entries.append(RailItem("sign", count=requests.waiting_count(tx)))
    if actor.may(Permission.MONEY_READ):
        entries.append(RailItem("money"))
    if actor.may(Permission.TOTALS_READ):
        entries.append(RailItem("figures"))
    if actor.may(Permission.UNITS_READ):
        entries.append(RailItem("people"))
    if actor.may(Permission.ACCOUNTS_ADMINISTER):
        entries.append(RailItem("admin"))
    return tuple(entries[:MOST])


def first_form(tx: Work) -> str | None:
    """What the reader may log somewhere, the first of it; None for who logs nothing."""
    if not any(map(tx.actor.may, LOGGING)):
        return None
    able = profiles.allowed(tx)
    return next((href for permission, href in LOGGING.items() if permission in able), None)


def first_ledger(held: set[Role]) -> str:
    """The kind that a reader's role works with most."""
    if held & {Role.INTAKE_OFFICER, Role.PETITIONS_HEAD}:
        return "/petitions"
    if held & {Role.ADJUDICATOR, Role.ADJUDICATION_HEAD}:
        return "/cases"
    if held & {Role.KEEPER, Role.FINANCE}:
        return "/funds"
    return "/leads"
