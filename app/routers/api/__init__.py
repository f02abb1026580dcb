"""The JSON API under /api/v1: a file per noun, each with its `router`."""

from fastapi import APIRouter

from app.routers.api import (
    accounts,
    cases,
    funds,
    imports,
    leads,
    matters,
    people,
    petitions,
    requests,
    sessions,
    totals,
    units,
)

router = APIRouter()
for noun in (
    *(sessions, accounts, units, people),
    *(matters, petitions, leads, cases, funds, requests, totals, imports),
):
    router.include_router(noun.router)
