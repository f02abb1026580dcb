"""The JSON API under /api/v1: a file per noun, each with its `router`."""

from fastapi import APIRouter

from app.routers.api import (
    accounts,
    cases,
    leads,
    matters,
    people,
    petitions,
    requests,
    sessions,
    units,
)

router = APIRouter()
for noun in (sessions, accounts, units, people, matters, petitions, leads, cases, requests):
    router.include_router(noun.router)
