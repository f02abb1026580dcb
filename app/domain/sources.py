"""Where a lead comes from, by which channel a petition came, and what it is, in words: said in one
place."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.errors import N_

SOURCES: Mapping[str, str] = {
    "petition": N_("petition"),
    "inspection": N_("handed over by an inspection"),
    "one_click": N_("one-click report"),
    "supervision": N_("found in supervision"),
    "sweep": N_("full sweep"),
    "transfer": N_("handed over by another body"),
    "superior": N_("assigned by the superior"),
    "self_surrender": N_("surrendered by the person"),
    "audit": N_("found by audit"),
    "unit": N_("reported by a unit"),
}
"""What somebody who logs a lead chooses from, in this order."""

CHANNELS: Mapping[str, str] = {
    "letter": N_("letter"),
    "visit": N_("visit"),
    "call": N_("call"),
    "online": N_("online"),
    "one_click": SOURCES["one_click"],
    "superior": SOURCES["superior"],
    "transfer": SOURCES["transfer"],
    "other": N_("other"),
}
"""The same for a petition."""

CLASSES: Mapping[str, str] = {
    "report": N_("report or accusation"),
    "claim": N_("claim"),
    "suggestion": N_("suggestion"),
    "other": N_("out of scope"),
}

EVERY_SOURCE: Mapping[str, str] = {**CHANNELS, **SOURCES, "case": N_("found in a case")}
"""Of leads and petitions together, with what only ledgers say."""

UNKNOWN_SOURCE = N_("Nothing states this source, and it isn't offered.")
