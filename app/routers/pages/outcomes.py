"""What came of a matter for somebody, in the reader's words. Cleared weighs as much as any."""

from __future__ import annotations

from app.core import i18n
from app.core.db import Row
from app.domain.errors import N_
from app.domain.kinds import Kind
from app.domain.profile import Profile

KINDS: dict[str, str] = {
    "unfounded": N_("not borne out"),
    "handling": N_("organisational handling"),
    "party_sanction": N_("Party sanction"),
    "administrative_sanction": N_("administrative sanction"),
    "exemption": N_("exempted from sanction"),
    "filed": N_("case filed"),
    "referred": N_("referred to another body"),
    "dismissed": N_("dismissed: nothing proved"),
}


def outcome_label(profile: Profile, kind: str, measure: str | None, locale: str) -> str:
    """The measure in the profile's words, else its kind."""
    known = profile.measures.get(measure) if measure else None
    if known is not None:
        return known.label.words(locale)
    return i18n.translate(locale, KINDS[kind])


def outcome_words(profile: Profile, row: Row, locale: str) -> str:
    """All that stands for one person in one matter; `decided` as people.matters_of gives it.

    What a case decided is alleged until its decision takes effect.
    """
    if row["decided"]:
        joint = "；" if locale == i18n.CHINESE else "; "
        found = joint.join(
            outcome_label(profile, kind, measure, locale) for kind, measure in row["decided"]
        )
        if row["kind"] == Kind.CASE and not row["effective"]:
            return i18n.translate(locale, N_("{outcomes}: not yet in effect"), {"outcomes": found})
        return found
    if row["closed_on"] is not None:
        return i18n.translate(locale, N_("ended, nothing found against this person"))
    return i18n.translate(locale, N_("no finding yet"))
