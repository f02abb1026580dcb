"""Texts of the figures pages in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from markupsafe import Markup

from app.core import i18n
from app.domain.errors import N_
from app.domain.kinds import Kind, Stage
from app.domain.profile import Profile
from app.domain.sources import EVERY_SOURCE
from app.domain.totals import COUNTED, COUNTED_ONE, UNDER_WAY, Counted, Standing


class Words:
    """Texts of these pages in the reader's language."""

    def __init__(self, locale: str) -> None:
        self.locale = locale

    def __call__(self, text: str, **values: object) -> str:
        return i18n.translate(self.locale, text, values)

    def linked(self, text: str, **values: str | Markup) -> Markup:
        """A text whose values may lead somewhere."""
        return Markup(self(text)).format(**values)  # noqa: S704 - the catalogue's own words

    def source(self, key: str) -> str:
        return self(EVERY_SOURCE.get(key, key)) if key else self(N_("not stated"))

    def method(self, profile: Profile, key: str) -> str:
        """A lead's disposal as the profile calls it; the empty key is none yet."""
        if not key:
            return self(N_("not yet disposed of"))
        return profile.methods[key].words(self.locale) if key in profile.methods else key

    def standing(self, profile: Profile, key: str) -> str:
        """Where leads stand: in a stage, as the profile calls it, or in none since they ended."""
        if key == Standing.ENDED:
            return self(N_("ended"))
        return profile.stages[Stage(key)].words(self.locale)

    def outcome(self, profile: Profile, key: str) -> str:
        """What a lead came to: the state that it ended in or is held in, or none yet."""
        if key == UNDER_WAY:
            return self(N_("under way"))
        states = profile.machines[Kind.LEAD].states
        return states[key].label.words(self.locale) if key in states else key

    def sources(self) -> list[tuple[str, str]]:
        return [(key, self(label)) for key, label in EVERY_SOURCE.items()]

    def unit(self, counted: Counted, number: int) -> str:
        """What so many are called; Chinese has one word for any number."""
        single = number == 1 and self.locale != i18n.CHINESE
        return self(COUNTED_ONE[counted] if single else COUNTED[counted])

    def listed(self, said: Iterable[str]) -> str:
        """Several in a line, as this language puts them."""
        return self(N_(", ")).join(said)

    def day(self, day: date) -> str:
        return i18n.written_date(self.locale, day)
