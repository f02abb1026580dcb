"""The JSON API under /api/v1: a file per noun, each with its `router`."""

from fastapi import APIRouter

from app.routers.api import (
    access,
    accounts,
    assignments,
    cases,
    changes,
    corrections,
    delegations,
    emergencies,
    factors,
    funds,
    imports,
    keys,
    leads,
    leavers,
    leaving,
    matters,
    meetings,
    paper_signatures,
    papers,
    passkeys,
    people,
    person_files,
    petitions,
    releases,
    requests,
    search,
    sessions,
    totals,
    units,
    walls,
    watches,
    webhooks,
)

router = APIRouter()
for noun in (
    *(sessions, factors, passkeys, keys, accounts, delegations, units, people, person_files),
    *(access, walls, watches, emergencies, leavers, leaving),
    *(search, changes, matters, corrections, papers, petitions, releases),
    *(leads, assignments, cases, funds, requests, meetings, paper_signatures),
    *(totals, imports, webhooks),
):
    router.include_router(noun.router)
