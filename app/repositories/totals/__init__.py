"""Totals: a question's cohort as SQL, what is counted over it, and what stands behind a figure."""

from app.repositories.totals.account import bank, on_account, reaches_whole, suspense
from app.repositories.totals.behind import ENTRY_KEYS, MATTER_KEYS, Place, entries, matters, told
from app.repositories.totals.counts import (
    doubts,
    labels,
    leads,
    look_ahead,
    make_room,
    mark,
    money,
    outcomes,
    outside,
    petitions,
    places,
    returns,
    stages,
)
from app.repositories.totals.question import Question
from app.repositories.totals.stated import states

__all__ = [
    "ENTRY_KEYS",
    "MATTER_KEYS",
    "Place",
    "Question",
    "bank",
    "doubts",
    "entries",
    "labels",
    "leads",
    "look_ahead",
    "make_room",
    "mark",
    "matters",
    "money",
    "on_account",
    "outcomes",
    "outside",
    "petitions",
    "places",
    "reaches_whole",
    "returns",
    "stages",
    "states",
    "suspense",
    "told",
]
