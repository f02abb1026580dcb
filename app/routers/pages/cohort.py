"""Which figures a page is asked for: the cohort in its address, and in its filter bar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from fastapi import Request
from markupsafe import Markup
from pydantic import ValidationError

from app.core import i18n
from app.domain.errors import N_, UNKNOWN, FieldError, Invalid, Reason
from app.domain.money import Money
from app.domain.profile import Profile
from app.domain.totals import NO_CAMPAIGN, UNSTATED, Cohort
from app.repositories.work import Work
from app.routers.cohorts import cohort_of
from app.routers.pages.figure_words import Words
from app.routers.parts import Cell, Choice, Filter, Link
from app.routers.validation import reason_of
from app.schemas.totals import CohortAsked
from app.services import units

NO_ID = frozenset({"uuid_type", "uuid_parsing"})


@dataclass(frozen=True)
class Asked:
    """The cohort as the address asks for it. `place` and `topic` are its unit and campaign by
    name, empty for the whole."""

    cohort: Cohort
    unit: str = ""
    place: str = ""
    topic: str = ""

    def values(self) -> dict[str, object]:
        """As an address says it, and as the API takes it; the names are those of `CohortAsked`."""
        return {
            "as_of": self.cohort.as_of,
            "known_on": self.cohort.known_on,
            "unit": self.unit,
            "alone": "true" if self.cohort.alone else "",
            "campaign_id": self.cohort.campaign_id,
            "source": self.cohort.source,
            "leader": self.cohort.leader,
            "since": self.cohort.since,
            "until": self.cohort.until,
            "stage": self.cohort.stage,
            "method": self.cohort.method,
            "outcome": self.cohort.outcome,
        }

    def query(self, **more: object) -> str:
        """The same cohort, but for `more`. A unit that is named there stands for its subtree."""
        held = {**self.values(), **({"alone": ""} if "unit" in more else {}), **more}
        return "&".join(f"{key}={_quoted(str(value))}" for key, value in held.items() if value)


@lru_cache(4096)
def _quoted(text: str) -> str:
    """For an address within a page, where a browser takes Chinese as it is written: a third of the
    weight, and a page has hundreds of them, of the same few words."""
    return "".join(each if ord(each) > 0x7F else quote(each, safe="") for each in text)


@dataclass(frozen=True)
class Behind:
    """Where a figure opens to what it counts, for whoever may open any of it."""

    asked: Asked
    open: bool

    def __call__(self, key: str, **more: object) -> str | None:
        return f"/figures/{key}?{self.asked.query(**more)}" if self.open else None

    def whole(self, key: str, number: int, **more: object) -> str | Markup:
        """A figure within a sentence."""
        shown, href = i18n.count(number), self(key, **more)
        return Markup('<a href="{}">{}</a>').format(href, shown) if number and href else shown

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
    """Raises Invalid, by the API's own rules, for what no cohort is: see `CohortAsked`."""
    values: dict[str, object] = {**typed(request)}
    values["alone"] = values.get("alone") == "true"
    try:
        sent = CohortAsked.model_validate(values)
    except ValidationError as error:
        raise _all_wrong(tx, values, error) from None
    cohort = cohort_of(tx, sent)
    place = units.unit_coded_in(tx, sent.unit, field="unit")["name"] if sent.unit else ""
    topics = [row["name"] for row in units.campaigns(tx) if row["id"] == sent.campaign_id]
    return Asked(cohort, sent.unit or "", place, topics[0] if topics else "")


def _all_wrong(tx: Work, values: Mapping[str, object], error: ValidationError) -> Invalid:
    """What no cohort is, with what of the rest names nothing."""
    found = [FieldError(str(each["loc"][0]), _reason(each)) for each in error.errors()]
    wrong = {each.field for each in found}
    rest = {name: value for name, value in values.items() if name not in wrong}
    if "unit" in wrong:
        rest.pop("alone", None)  # nothing else is wrong with it
    try:
        cohort_of(tx, CohortAsked.model_validate(rest))
    except Invalid as more:
        found += more.errors
    return Invalid(*found)


def _reason(detail: Mapping[str, Any]) -> Reason:
    """An id is nothing that people know: one that can't be is an unknown one."""
    return Reason(UNKNOWN) if detail["type"] in NO_ID else reason_of(detail, asked=True)


def typed(request: Request) -> dict[str, str]:
    """What of a cohort stands in the address; nothing that is empty."""
    found = {key: request.query_params.get(key, "").strip() for key in CohortAsked.model_fields}
    return {key: text for key, text in found.items() if text}


def bar(
    tx: Work,
    words: Words,
    values: Mapping[str, object],
    errors: Mapping[str, Reason] | None = None,
) -> list[Filter]:
    """Holding what was asked for, or typed; what is wrong with it stands beside it."""
    none = words(N_("not stated"))
    places = [Choice("", words(N_("the whole district")))]
    places += [Choice(str(row["code"]), str(row["name"])) for row in units.areas(tx)]
    topics = [Choice("", words(N_("every campaign")))]
    topics += [Choice(str(row["id"]), str(row["name"])) for row in units.campaigns(tx)]
    topics += [Choice(str(NO_CAMPAIGN), none)]
    sources = [Choice("", words(N_("every source")))]
    sources += [Choice(key, label) for key, label in words.sources()]
    sources += [Choice(UNSTATED, none)]

    def one(name: str, label: str, choices: Sequence[Choice] = ()) -> Filter:
        return Filter(
            name, words(label), str(values.get(name) or ""), choices,
            kind="text" if choices else "date", error=(errors or {}).get(name),
        )  # fmt: skip

    return [
        one("as_of", N_("As of")),
        one("known_on", N_("As known on")),
        one("since", N_("From")),
        one("until", N_("Until")),
        one("unit", N_("Place"), places),
        one("campaign_id", N_("Campaign"), topics),
        one("source", N_("Source"), sources),
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
    if cohort.alone:
        found.append(words(N_("itself, without what lies below it")))
    if cohort.campaign_id == NO_CAMPAIGN:
        found.append(words(N_("campaign not stated")))
    if cohort.source is not None:
        none = words(N_("source not stated"))
        found.append(none if cohort.source == UNSTATED else words.source(cohort.source))
    if cohort.leader is not None:
        none = words(N_("responsible leader not stated"))
        found.append(none if cohort.leader == UNSTATED else cohort.leader)
    if cohort.stage is not None:
        found.append(words.standing(profile, cohort.stage))
    if cohort.method is not None:
        found.append(words.method(profile, cohort.method))
    if cohort.outcome is not None:
        found.append(words.outcome(profile, cohort.outcome))
    return found
