"""The pages: a file per noun, each with its `router`; the same services as the API."""

from fastapi import APIRouter

from app.routers.pages import accounts, figures, gate, money, units

router = APIRouter(include_in_schema=False)
for noun in (gate, units, accounts, figures, money):
    router.include_router(noun.router)
