"""The pages: a file per noun, each with its `router`; the same services as the API."""

from fastapi import APIRouter

from app.routers.pages import (
    access,
    accounts,
    assignments,
    bank_lines,
    behind,
    changes,
    corrections,
    delegations,
    desk,
    doubts,
    drafts,
    emergencies,
    factors,
    figures,
    first_start,
    gate,
    glossary,
    help,
    imports,
    keys,
    leavers,
    leaving,
    ledgers,
    log,
    matters,
    meetings,
    money,
    movements,
    namesakes,
    paper_signatures,
    papers,
    particulars,
    passkeys,
    person_files,
    persons,
    prints,
    releases,
    remittances,
    reporters,
    requests,
    saved_views,
    search,
    sent,
    sessions,
    steps,
    units,
    waiting,
    walls,
    watches,
    webhooks,
)

router = APIRouter(include_in_schema=False)
SIGHT = (access, walls, namesakes, leavers, leaving, releases, emergencies, reporters)
LISTS = (log, assignments, ledgers, saved_views, watches, search)
FIELDS = (particulars, changes, corrections)
SIGN = (waiting, requests, meetings)
WORK = (desk, drafts, sent, *LISTS, matters, papers, steps, *SIGN, *FIELDS)
MONEY = (money, movements, remittances, bank_lines)
OFFICE = (units, prints, persons, person_files, accounts, figures, behind, imports, doubts)
for noun in (
    gate,
    glossary,
    help,
    first_start,
    sessions,
    factors,
    passkeys,
    keys,
    webhooks,
    delegations,
    *SIGHT,
    *WORK,
    paper_signatures,
    *MONEY,
    *OFFICE,
):
    router.include_router(noun.router)
