"""Texts of the figures page in the reader's language."""

from __future__ import annotations

from app.core import i18n
from app.domain.errors import N_
from app.routers.pages.present import SOURCES


class Words:
    """Texts of this page in the reader's language."""

    def __init__(self, locale: str) -> None:
        self.locale = locale

    def __call__(self, text: str, **values: object) -> str:
        return i18n.translate(self.locale, text, values)

    def source(self, key: str) -> str:
        return self(SOURCES.get(key, key)) if key else self(N_("not stated"))

    def unit(self, counted: str) -> str:
        return self(UNITS[counted])


UNITS = {
    "leads": N_("leads"),
    "cases": N_("cases"),
    "items": N_("items"),
    "times": N_("reports"),
    "people": N_("people"),
    "person_times": N_("person-times"),
    "yuan": N_("yuan"),
}
