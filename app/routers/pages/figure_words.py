"""Texts of the figures page in the reader's language."""

from __future__ import annotations

from app.core import i18n
from app.domain.errors import N_
from app.domain.sources import SOURCES
from app.domain.totals import COUNTED, Counted


class Words:
    """Texts of this page in the reader's language."""

    def __init__(self, locale: str) -> None:
        self.locale = locale

    def __call__(self, text: str, **values: object) -> str:
        return i18n.translate(self.locale, text, values)

    def source(self, key: str) -> str:
        return self(SOURCES.get(key, key)) if key else self(N_("not stated"))

    def unit(self, counted: Counted) -> str:
        return self(COUNTED[counted])
