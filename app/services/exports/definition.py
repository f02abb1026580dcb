"""What a file is about, said in the file itself: cohort, days, filters, rules, who and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.core import i18n
from app.domain.errors import N_
from app.domain.exports import What
from app.domain.permissions import CLEARED_FOR_ALL, Clearance, Role
from app.domain.profile import Profile
from app.domain.totals import NO_CAMPAIGN, UNSTATED, Cohort, Standing
from app.repositories.work import Work
from app.services import totals


@dataclass(frozen=True, slots=True)
class Definition:
    """`lines` head the file; `recorded` stays with the export's record."""

    title: str
    lines: tuple[tuple[str, str], ...]
    recorded: Mapping[str, Any]


CLEARANCES: Mapping[Clearance, str] = {
    Clearance.NORMAL: N_("normal matters"),
    Clearance.RESTRICTED: N_("normal and restricted matters"),
    Clearance.SEALED: N_("matters of every classification"),
}


OUTSIDE = N_("at least {count} matters outside what the reader may count, in fives")


def define(
    tx: Work, *, title: str, what: What, figure: str, cohort: Cohort, names: bool,
    profile: Profile, body: str, locale: str, words: Mapping[str, str],
    outside: int | None = None,
) -> Definition:  # fmt: skip
    """`words` are the codes' own, as in the list itself."""

    def say(message: str, **values: object) -> str:
        return i18n.translate(locale, message, values)

    moment = i18n.table_time(tx.moment_of(tx.now), tx.office.clock.zone)
    scope = _scope(tx, what)
    lines = [
        (say(N_("Body")), body),
        (say(N_("As of")), i18n.table_date(cohort.as_of)),
        *_cohort(tx, cohort, say, words),
        (say(N_("Counted")), say(CLEARANCES[scope])),
        (
            say(N_("Not counted")),
            say(OUTSIDE, count=i18n.count(outside)) if outside is not None else "",
        ),
        (say(N_("Rules")), f"{profile.name} {profile.version} ({profile.hash[:12]})"),
        (
            say(N_("Names and identity numbers")),
            say(N_("in full, for a reason on record")) if names else say(N_("masked")),
        ),
        (say(N_("Made by")), tx.actor.name),
        (say(N_("Made at")), moment),
        (
            say(N_("Note")),
            say(N_("What is reported here is alleged until a decision takes effect.")),
        ),
    ]
    return Definition(
        title,
        tuple((label, text) for label, text in lines if text),
        {
            "what": what.value,
            "figure": None if what is What.TOTALS else figure,
            "cohort": recorded(cohort),
            "clearance": scope.value,
            "profile": {"name": profile.name, "version": profile.version, "hash": profile.hash},
            "names": names,
            **({} if outside is None else {"outside": outside}),
        },
    )


def _scope(tx: Work, what: What) -> Clearance:
    """Which matters are counted: sums hold all of them for an auditor too, lists what they open."""
    whole = {*CLEARED_FOR_ALL, *({Role.AUDITOR} if what is What.TOTALS else ())}
    for_all = any(grant.role in whole for grant in tx.actor.grants)
    return Clearance.SEALED if for_all else tx.actor.clearance


def _cohort(
    tx: Work, cohort: Cohort, say: Callable[[str], str], words: Mapping[str, str]
) -> list[tuple[str, str]]:
    def coded(family: str, code: str | None) -> str:
        if code == UNSTATED:
            return say(N_("not stated"))
        return words.get(f"{family}.{code}", code) if code else ""

    place, campaign = totals.names_of(tx, cohort)
    if cohort.alone:
        place += say(N_(", without what lies below it"))
    if cohort.campaign_id == NO_CAMPAIGN:
        campaign = say(N_("not stated"))
    found = [
        (say(N_("As known on")), i18n.table_date(cohort.known_on) if cohort.known_on else ""),
        (say(N_("From")), i18n.table_date(cohort.since) if cohort.since else ""),
        (say(N_("Until")), i18n.table_date(cohort.until) if cohort.until else ""),
        (say(N_("Place")), place),
        (say(N_("Campaign")), campaign),
        (say(N_("Source")), coded("source", cohort.source)),
        (say(N_("Responsible leader")), coded("leader", cohort.leader)),
        (
            say(N_("Stage")),
            say(N_("ended")) if cohort.stage is Standing.ENDED else coded("stage", cohort.stage),
        ),
        (say(N_("Disposal")), coded("method", cohort.method)),
        (say(N_("Outcome")), coded("state", cohort.outcome)),
    ]
    return [(label, text) for label, text in found if text]


def recorded(cohort: Cohort) -> dict[str, Any]:
    """A cohort as JSON."""
    found = {
        "as_of": cohort.as_of, "known_on": cohort.known_on, "since": cohort.since,
        "until": cohort.until, "unit": cohort.unit, "alone": cohort.alone or None,
        "campaign_id": cohort.campaign_id,
        "source": cohort.source, "leader": cohort.leader, "stage": cohort.stage,
        "method": cohort.method, "outcome": cohort.outcome,
    }  # fmt: skip
    return {key: None if value is None else str(value) for key, value in found.items()}
