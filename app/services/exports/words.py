"""The codes of lists in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping

from app.core import i18n
from app.domain.errors import N_
from app.domain.exports import ANSWERS, SEXES, STANDING
from app.domain.ledger import INTAKES, SIGNED
from app.domain.profile import Profile
from app.domain.sources import EVERY_SOURCE

KINDS: Mapping[str, str] = {
    "petition": N_("petition"),
    "lead": N_("lead"),
    "case": N_("case"),
    "fund_item": N_("fund item"),
}


def said(profile: Profile, locale: str) -> dict[str, str]:
    """`family.code` → words: what the profile names, in its words; the rest in the product's."""
    families: Mapping[str, Mapping[str, str]] = {
        "kind": KINDS,
        "source": EVERY_SOURCE,
        "intake": {key.value: label for key, label in INTAKES.items()},
        "signed": {key.value: label for key, label in SIGNED.items()},
        "answer": ANSWERS,
        "standing": STANDING,
        "sex": SEXES,
    }
    found = {
        f"{family}.{code}": i18n.translate(locale, text)
        for family, codes in families.items()
        for code, text in codes.items()
    }
    found["stage.ended"] = i18n.translate(locale, N_("ended"))
    found |= {f"stage.{stage}": text.words(locale) for stage, text in profile.stages.items()}
    found |= {f"method.{method}": text.words(locale) for method, text in profile.methods.items()}
    found |= {
        f"measure.{key}": measure.label.words(locale) for key, measure in profile.measures.items()
    }
    found |= {
        f"state.{kind}.{state}": row.label.words(locale)
        for kind, machine in profile.machines.items()
        for state, row in machine.states.items()
    }
    return found
