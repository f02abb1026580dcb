"""Which figures a page is asked for: the cohort in its address, and in its filter bar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request

from app.core import i18n
from app.domain.errors import N_, Invalid
from app.domain.kinds import Stage
from app.domain.money import Money
from app.domain.profile import Profile
from app.domain.totals import Cohort
from app.domain.units import UnitPath
from app.repositories.work import Work
from app.routers.pages.figure_words import Words
from app.routers.parts import Cell, Choice, Filter, Link
from app.services import units

_LONGEST = 200


@dataclass(frozen=True)
class Asked:
    """The cohort as the address asks for it. `place` and `topic` are its unit and campaign by
    name, empty for the whole."""

    cohort: Cohort
    unit: str = ""
    place: str = ""
    topic: str = ""

    def query(self, **more: object) -> str:
        """The same cohort, but for `more`, as an address has it and as the API takes it."""
        held: dict[str, object] = {
            "as_of": self.cohort.as_of,
            "known_on": self.cohort.known_on,
            "unit": self.unit,
            "campaign_id": self.cohort.campaign_id,
            "source": self.cohort.source,
            "leader": self.cohort.leader,
            "since": self.cohort.since,
            "until": self.cohort.until,
            "stage": self.cohort.stage,
            "method": self.cohort.method,
            "outcome": self.cohort.outcome,
            **more,
        }
        return urlencode({key: str(value) for key, value in held.items() if value})


@dataclass(frozen=True)
class Behind:
    """Where a figure opens to what it counts, for whoever may open any of it."""

    asked: Asked
    open: bool

    def __call__(self, key: str, **more: object) -> str | None:
        return f"/figures/{key}?{self.asked.query(**more)}" if self.open else None

    def count(self, key: str, number: int, **more: object) -> Cell:
        """A figure of a table; nothing stands behind a nought."""
        return self.cell(number, self(key, **more))

    def cell(self, number: int | Decimal, href: str | None) -> Cell:
        """A figure of a table, opening to an address that a mark of its chart opens to as well."""
        if not number or href is None:
            return number
        shown = i18n.plain_amount(number) if isinstance(number, Decimal) else i18n.count(number)
        return Link(shown, href)

    def yuan(self, key: str, amount: Money, **more: object) -> Cell:
        """An amount, opening to its movements."""
        href = self(key, **more)
        if amount == Money.zero() or href is None:
            return amount
        return Link(i18n.plain_amount(amount.decimal), f"{href}&entries")


def asked(tx: Work, request: Request) -> Asked:
    """Raises Invalid for a day or a stage that is none, or an unknown unit."""
    query = request.query_params
    code, campaign = query.get("unit", "")[:64], query.get("campaign_id", "")[:36]
    place = units.unit_coded_in(tx, code, field="unit") if code else None
    try:
        campaign_id = UUID(campaign) if campaign else None
    except ValueError:
        raise Invalid.of("campaign_id", N_("Choose one of those listed.")) from None
    topics = [row["name"] for row in units.campaigns(tx) if row["id"] == campaign_id]
    cohort = Cohort(
        as_of=_day(query.get("as_of", ""), "as_of") or tx.today,
        known_on=_day(query.get("known_on", ""), "known_on"),
        unit=UnitPath(place["path"]) if place else None,
        campaign_id=campaign_id,
        source=_text(query.get("source", "")),
        leader=_text(query.get("leader", "")),
        since=_day(query.get("since", ""), "since"),
        until=_day(query.get("until", ""), "until"),
        stage=_stage(query.get("stage", "")),
        method=_text(query.get("method", "")),
        outcome=_text(query.get("outcome", "")),
    )
    return Asked(
        cohort=cohort, unit=code, place=place["name"] if place else "",
        topic=topics[0] if topics else "",
    )  # fmt: skip


def _day(text: str, field: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid.of(field, N_("A day such as 2018-09-28.")) from None


def _stage(text: str) -> Stage | None:
    try:
        return Stage(text) if text else None
    except ValueError:
        raise Invalid.of("stage", N_("Choose one of those listed.")) from None


def _text(text: str) -> str | None:
    return text.replace("\x00", "")[:_LONGEST] or None


def bar(tx: Work, words: Words, wanted: Asked) -> list[Filter]:
    places = [Choice("", words(N_("the whole district")))]
    places += [Choice(str(row["code"]), str(row["name"])) for row in units.areas(tx)]
    topics = [Choice("", words(N_("every campaign")))]
    topics += [Choice(str(row["id"]), str(row["name"])) for row in units.campaigns(tx)]
    sources = [Choice("", words(N_("every source")))]
    sources += [Choice(key, label) for key, label in words.sources()]
    cohort = wanted.cohort

    def day(name: str, label: str, held: date | None) -> Filter:
        return Filter(name, words(label), held.isoformat() if held else "", kind="date")

    return [
        day("as_of", N_("As of"), cohort.as_of),
        day("known_on", N_("As known on"), cohort.known_on),
        day("since", N_("From"), cohort.since),
        day("until", N_("Until"), cohort.until),
        Filter("unit", words(N_("Place")), wanted.unit, places),
        Filter("campaign_id", words(N_("Campaign")), str(cohort.campaign_id or ""), topics),
        Filter("source", words(N_("Source")), cohort.source or "", sources),
    ]


def in_words(words: Words, profile: Profile, wanted: Asked) -> list[str]:
    """Over which list, and by which date: what stands beside every figure."""
    cohort = wanted.cohort
    found = [words(N_("As of {day}"), day=words.day(cohort.as_of))]
    if cohort.known_on is not None:
        found.append(words(N_("as known on {day}"), day=words.day(cohort.known_on)))
    if cohort.since is not None:
        found.append(words(N_("since {day}"), day=words.day(cohort.since)))
    if cohort.until is not None:
        found.append(words(N_("until {day}"), day=words.day(cohort.until)))
    found += [text for text in (wanted.place, wanted.topic) if text]
    if cohort.source is not None:
        found.append(words.source(cohort.source))
    if cohort.leader is not None:
        found.append(cohort.leader)
    if cohort.stage is not None:
        found.append(profile.stages[cohort.stage].words(words.locale))
    if cohort.method is not None:
        found.append(words.method(profile, cohort.method))
    if cohort.outcome is not None:
        found.append(words.outcome(profile, cohort.outcome))
    return found
