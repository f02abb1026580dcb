"""The JSON API under /api/v1: a file per noun, each with its `router`."""

from fastapi import APIRouter

from app.routers.api import accounts, people, sessions, units

router = APIRouter()
for noun in (sessions, accounts, units, people):
    router.include_router(noun.router)
