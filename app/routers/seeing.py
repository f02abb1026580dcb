"""Why somebody sees a matter, put into the reader's words; pages and API say the same."""

from __future__ import annotations

from collections.abc import Mapping

from app.core import i18n
from app.domain.errors import N_
from app.domain.permissions import ROLE_LABELS
from app.domain.policies import Door, Reason

SAYS: Mapping[Door, str] = {
    Door.ROLE: N_("{role} for {unit}"),
    Door.TEAM: N_("handles it"),
    Door.GRANT: N_("was let see it for a time"),
    Door.SIGNATURE: N_("{role} for {unit}: a request waits for this signature"),
    Door.LOGGED: N_("logged it"),
    Door.AUDIT: N_("{role} for {unit}: reads it with names masked"),
    Door.EMERGENCY: N_("declared an emergency, and reads it for some hours"),
}


def said(reason: Reason, places: Mapping[str, str], locale: str) -> str:
    """`places` has the names of units by path; a path without one is said as it is."""
    values = {}
    if reason.grant is not None:
        path = reason.grant.unit.value
        values = {
            "role": i18n.translate(locale, ROLE_LABELS[reason.grant.role]),
            "unit": places.get(path)
            or path
            or i18n.translate(locale, N_("the whole installation")),
        }
    return i18n.translate(locale, SAYS[reason.door], values)
