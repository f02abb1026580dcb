"""What stands side by side under *Log* and under *Money*."""

from __future__ import annotations

from app.domain.errors import N_
from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers.pages.present import Reader
from app.routers.parts import Link
from app.services import profiles

_TABS = (
    ("petition", Permission.PETITIONS_LOG, N_("Petition"), "/log/petition"),
    ("lead", Permission.LEADS_LOG, N_("Lead"), "/log"),
    ("import", Permission.IMPORT_LEDGERS, N_("Import a ledger"), "/log/import"),
    ("doubts", Permission.MATTERS_READ, N_("Ledger doubts"), "/log/doubts"),
)


def log_tabs(tx: Work, reader: Reader, current: str) -> list[Link]:
    """Those that the reader may use somewhere; `current` is this page's."""
    able = profiles.allowed(tx)
    return [
        Link(reader.say(label), href, current=key == current)
        for key, permission, label, href in _TABS
        if permission in able
    ]


_MONEY = (
    ("items", N_("Fund items"), "/money"),
    ("bank", N_("Waiting lines"), "/money/bank"),
    ("unsigned", N_("Not signed for"), "/money/unsigned"),
)


def money_tabs(reader: Reader, current: str) -> list[Link]:
    """What is held, what the bank has and nobody knows for whom, what nobody has signed for."""
    return [Link(reader.say(label), href, current=key == current) for key, label, href in _MONEY]
