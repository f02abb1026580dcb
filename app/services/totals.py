"""Figures over a cohort, for whoever may read totals: an operator included, who opens no matter."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import cast

from app.core.db import Row
from app.domain import errors
from app.domain.errors import N_
from app.domain.money import Money
from app.domain.permissions import Permission, Role
from app.domain.sources import EVERY_SOURCE, UNKNOWN_SOURCE
from app.domain.special_account import SpecialAccount
from app.domain.totals import (
    HELD,
    UNDER_WAY,
    UNSTATED,
    Cohort,
    Counts,
    Facet,
    Flow,
    MeasureCount,
    Slice,
    StageCount,
    Totals,
)
from app.repositories import totals as counted
from app.repositories.totals import Place, Question
from app.repositories.work import Work
from app.services.ledger import known_before, masked, refuse_to_come
from app.services.matters import reads_less

_MONEY = {each.name for each in fields(Counts) if each.type == "Money"}
_COUNTS = {each.name for each in fields(Counts)}
OPENS_NOTHING = {Role.OPERATOR, Role.ADMINISTRATOR}
ENTRY_KEYS = counted.ENTRY_KEYS
MONEY_DESK = (
    Role.OPERATOR, Role.KEEPER, Role.FINANCE, Role.AUDITOR, Role.LEAD_MANAGER, Role.DEPUTY,
    Role.CHIEF,
)  # fmt: skip
COUNTS_ALL_MONEY = (Role.OPERATOR, Role.AUDITOR, Role.CHIEF)
# What a filter says where it names nothing that is there, and what it may always say.
_STATED: Mapping[str, tuple[str, Container[str | None]]] = {
    "source": (UNKNOWN_SOURCE, {None, UNSTATED, *EVERY_SOURCE}),
    "leader": (N_("Nothing states this leader."), {None, UNSTATED}),
    "method": (N_("No lead is disposed of in this way."), {None}),
    "outcome": (N_("No lead comes to this."), {None, HELD, UNDER_WAY}),
}
_FACETS = {"method": Facet.DISPOSAL, **{facet.value: facet for facet in Facet}}


def totals(tx: Work, cohort: Cohort) -> Totals:
    """Every figure as of `cohort.as_of`, over what the reader may see or, for an operator, runs.

    Figures of a past day are counted from history. An answer is kept for as long as counting anew
    would give the same, and for its reader alone: ADR 21. Raises Forbidden, Invalid.
    """
    refuse_unknown(tx, cohort)
    asking = (tx.actor.account_id, tx.today, cohort)
    mark = counted.mark(tx)
    if mark is not None and (found := tx.office.kept.find(asking, mark)) is not None:
        return cast("Totals", found)
    answer = _count(tx, cohort)
    # What committed while this was counted may be in the one figure and not in the other.
    if mark is not None and counted.mark(tx) == mark:
        tx.office.kept.keep(asking, mark, answer)
    return answer


def _count(tx: Work, cohort: Cohort) -> Totals:
    question = _question(tx, cohort)
    counted.make_room(tx)
    outcomes = counted.outcomes(tx, question)
    leads = counted.leads(tx, question)
    slices = _sliced(
        [
            *(row for row in leads if row["facet"] != "flow"),
            *counted.petitions(tx, question),
            *(row for row in outcomes if row["facet"] != "measure"),
        ]
    )
    intakes = _add_money(slices, counted.money(tx, question))
    whole = slices.pop(("all", None), Counts())
    repaid = counted.returns(tx, question)
    places = counted.places(tx, question)
    of_all = not cohort.narrowed and counted.reaches_whole(tx, MONEY_DESK)
    bank = counted.bank(tx, question) if of_all else None
    return Totals(
        cohort=cohort,
        counts=whole,
        slices=_labelled(tx, slices),
        stages=tuple(StageCount(**row) for row in counted.stages(tx, question)),
        measures=_measures(outcomes),
        intakes=intakes,
        in_suspense=_yuan(counted.suspense(tx, question)) if of_all else Money.zero(),
        village_return=_yuan(repaid["amount"]),
        village_return_people=repaid["people"],
        beneficiaries=repaid["beneficiaries"],
        reporting_units=places["reporting_units"],
        villages=places["villages"],
        bank_lines=None if bank is None else bank["lines"],
        bank_closing=None if bank is None else _yuan(bank["closing"]),
        doubts={row["rule"]: row["rows"] for row in counted.doubts(tx, question)},
        flows=_flows(row for row in leads if row["facet"] == "flow"),
        outside=counted.outside(tx, question) if cohort.whole_on(tx.today) else None,
    )


def special_account(tx: Work, cohort: Cohort) -> SpecialAccount | None:
    """What the bank says beside what is booked. None for a part, and for whoever doesn't count
    every matter's money: the books would lack what the bank has."""
    if cohort.narrowed or not counted.reaches_whole(tx, COUNTS_ALL_MONEY):
        return None
    question = _question(tx, cohort)
    bank = counted.bank(tx, question)
    books = counted.on_account(tx, question, bank["since"], bank["until"])
    booked, before, within = (_yuan(books[each]) for each in ("booked", "before", "within"))
    moved = _yuan(bank["came_in"] - bank["went_out"])
    return SpecialAccount(
        lines=bank["lines"], since=bank["since"], until=bank["until"],
        came_in=_yuan(bank["came_in"]), went_out=_yuan(bank["went_out"]),
        stated=None if bank["stated"] is None else _yuan(bank["stated"]),
        booked=booked, before=before, within=within - moved, after=booked - before - within,
    )  # fmt: skip


def matters_behind(
    tx: Work, cohort: Cohort, key: str, *, after: Place | None = None, limit: int = 50
) -> list[Row]:
    """The matters that a figure counts, among those that the reader may open.

    `adds` is what each adds: 1, person-times, yuan or doubtful rows. Raises Forbidden for an
    operator, who opens none, NotFound for a figure that counts no matters.
    """
    question = _opened(tx, cohort, key, counted.MATTER_KEYS)
    return counted.matters(tx, question, key, after=after, limit=limit)


def entries_behind(
    tx: Work, cohort: Cohort, key: str, *, after: Place | None = None, limit: int = 50
) -> list[Row]:
    """The movements that a figure of money sums, down to each villager's receipt.

    For an auditor names are masked. Raises Forbidden, NotFound.
    """
    question = _opened(tx, cohort, key, counted.ENTRY_KEYS)
    rows = counted.entries(tx, question, key, after=after, limit=limit)
    return [masked(row) for row in rows] if reads_less(tx) else rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How much stands behind a figure: matters, those that the reader may open, what all add; and
    the different people of a figure that counts people."""

    matters: int
    people: int
    open: int
    adds: Decimal


def told(tx: Work, cohort: Cohort, key: str) -> Told:
    """Raises Forbidden, NotFound."""
    question = _opened(tx, cohort, key, counted.MATTER_KEYS)
    return Told(**counted.told(tx, question, key))


def opens(tx: Work) -> bool:
    """Whether any figure opens for the actor: an operator counts, and opens nothing."""
    return not all(grant.role in OPENS_NOTHING for grant in tx.actor.grants)


def _opened(tx: Work, cohort: Cohort, key: str, keys: Sequence[str]) -> Question:
    question = asked(tx, cohort)
    if key not in keys:
        raise errors.NotFound
    if not opens(tx):
        raise errors.Forbidden(N_("You may read this figure; what it counts is not yours to open."))
    counted.make_room(tx)
    return question


def asked(tx: Work, cohort: Cohort) -> Question:
    """The cohort as a question that this actor may ask. Raises Forbidden, Invalid."""
    refuse_unknown(tx, cohort)
    return _question(tx, cohort)


def _question(tx: Work, cohort: Cohort) -> Question:
    depth = 2 if cohort.unit is None else cohort.unit.value.count(".") + 2
    question = Question(cohort, known_before(tx, cohort.known_on), depth)
    counted.look_ahead(tx, question)
    return question


def refuse_unknown(tx: Work, cohort: Cohort) -> None:
    """Days that are to come, and what nothing states. Raises Invalid for all of it at once, and
    Forbidden."""
    if not tx.actor.may(Permission.TOTALS_READ):
        raise errors.Forbidden(N_("Your role does not read totals."))
    gathered = errors.Gathered()
    with gathered.part():
        refuse_to_come(
            tx, as_of=cohort.as_of, known_on=cohort.known_on, since=cohort.since, until=cohort.until
        )
    found = [
        errors.FieldError(name, errors.Reason(words))
        for name, (words, known) in _STATED.items()
        if (value := getattr(cohort, name)) not in known and not counted.states(tx, name, value)
    ]
    if cohort.since and cohort.until and cohort.since > cohort.until:
        early = N_("The period ends before it begins.")
        found.append(errors.FieldError("until", errors.Reason(early)))
    with gathered.part():
        if found:
            raise errors.Invalid(*found)
    gathered.refuse()


def names_of(tx: Work, cohort: Cohort) -> tuple[str, str]:
    """(unit, campaign) of a cohort by name, empty where it names none."""
    path = cohort.unit.value if cohort.unit else None
    campaigns, units = counted.labels(tx, [path] if path else [])
    named = {row["key"]: row["label"] for row in campaigns}
    campaign = named.get(str(cohort.campaign_id), "") if cohort.campaign_id else ""
    return (units[0]["label"] if units else ""), campaign


def _flows(rows: Iterable[Row]) -> tuple[Flow, ...]:
    """By source, method and outcome, each in the order of its key; none stated comes first."""
    found = sorted((*json.loads(row["key"]), int(row["leads"])) for row in rows)
    return tuple(
        Flow(source=source, method=method, outcome=outcome, leads=many)
        for source, method, outcome, many in found
    )


def _yuan(amount: object) -> Money:
    return Money.yuan(str(amount))


def _measures(outcomes: list[Row]) -> tuple[MeasureCount, ...]:
    """How often each measure was taken, and about how many people; no form comes last."""
    names = [each.name for each in fields(MeasureCount)]
    found = [
        MeasureCount(**{name: row[name] for name in names})
        for row in outcomes
        if row["facet"] == "measure"
    ]
    return tuple(
        sorted(found, key=lambda each: (each.kind, each.form is None, each.form, each.measure))
    )


def _sliced(rows: list[Row]) -> dict[tuple[str, str | None], Counts]:
    """Rows of several counts, gathered by facet and key."""
    found: dict[tuple[str, str | None], Counts] = {}
    for row in rows:
        counts = found.setdefault((row["facet"], row["key"]), Counts())
        for name, value in row.items():
            if name in _COUNTS:
                setattr(counts, name, int(value))
    return found


def _add_money(slices: dict[tuple[str, str | None], Counts], rows: list[Row]) -> dict[str, Money]:
    """Put the money beside the counts; returns what was recovered by kind of intake."""
    intakes: dict[str, Money] = {}
    for row in rows:
        if row["facet"] == "intake":
            if row["key"] is not None and row["recovered"]:
                intakes[row["key"]] = _yuan(row["recovered"])
            continue
        counts = slices.setdefault((row["facet"], row["key"]), Counts())
        for name in _MONEY:
            setattr(counts, name, _yuan(row[name]))
    return intakes


def _labelled(
    tx: Work, slices: dict[tuple[str, str | None], Counts]
) -> dict[Facet, tuple[Slice, ...]]:
    """Slices by facet, each with the name by which its reader knows it; none stated comes last."""
    paths = [key for facet, key in slices if facet == "unit" and key is not None]
    campaigns, units = counted.labels(tx, paths)
    names = {row["key"]: row["label"] for row in [*campaigns, *units]}
    codes = {row["key"]: row["code"] for row in units}
    found: dict[Facet, list[Slice]] = {facet: [] for facet in Facet}
    for (facet, key), counts in slices.items():
        each = Slice(
            key=key or "", label=names.get(key or "", key or ""), counts=counts,
            code=codes.get(key or "", ""),
        )  # fmt: skip
        found[_FACETS[facet]].append(each)
    return {
        facet: tuple(sorted(rows, key=lambda row: (not row.key, row.key)))
        for facet, rows in found.items()
    }


__all__ = [
    "ENTRY_KEYS", "Place", "Told", "asked", "entries_behind", "matters_behind", "names_of", "opens",
    "told", "totals",
]  # fmt: skip
