"""Figures: totals as of a day, each opening to what is behind it; charts with their tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from app.core import i18n
from app.domain.errors import N_, Invalid
from app.domain.money import Money
from app.domain.permissions import Permission
from app.domain.totals import Cohort, Counted, Facet, Slice, Totals
from app.domain.units import UnitPath
from app.repositories.work import Work
from app.routers import charts
from app.routers.deps import Caller, Page
from app.routers.pages.figure_words import Words
from app.routers.pages.frame import frame_for
from app.routers.parts import Choice, Column, Figure, Filter
from app.routers.parts import Totals as Sum
from app.routers.templating import render
from app.services import totals, units

router = APIRouter()

Reader = Annotated[Caller, Page(Permission.TOTALS_READ)]


@dataclass(frozen=True)
class Asked:
    """The cohort as the address asks for it."""

    cohort: Cohort
    unit: str
    campaign: str

    def query(self, **more: str) -> str:
        held = {"as_of": self.cohort.as_of.isoformat(), "unit": self.unit}
        return urlencode(
            {k: v for k, v in {**held, "campaign": self.campaign, **more}.items() if v}
        )


def asked(tx: Work, request: Request) -> Asked:
    """Raises Invalid for a day that is none, or an unknown unit."""
    query = request.query_params
    code, campaign = query.get("unit", "")[:64], query.get("campaign", "")[:36]
    try:
        as_of = date.fromisoformat(query["as_of"]) if query.get("as_of") else tx.today
        campaign_id = UUID(campaign) if campaign else None
    except ValueError:
        raise Invalid.of("as_of", N_("A day such as 2018-09-28.")) from None
    place = units.unit_coded_in(tx, code, field="unit") if code else None
    cohort = Cohort(
        as_of=as_of, unit=UnitPath(place["path"]) if place else None, campaign_id=campaign_id
    )
    return Asked(cohort=cohort, unit=code, campaign=campaign)


@router.get("/figures")
def figures(request: Request, caller: Reader) -> Response:
    with caller.work("figures") as tx:
        frame = frame_for(request, caller, tx, current="figures")
        wanted = asked(tx, request)
        found = totals.totals(tx, wanted.cohort)
        areas = units.areas(tx)
        campaigns = units.campaigns(tx)
        may_export = tx.actor.may(Permission.EXPORT_TOTALS)
    words = Words(caller.locale)
    return render(
        request,
        "pages/figures.html",
        frame=frame,
        asked=wanted,
        bar=_bar(words, wanted, areas, campaigns),
        as_of=wanted.cohort.as_of,
        leads=_leads(words, found, wanted),
        unfinished=_unfinished(words, found, wanted),
        money=_money(words, found),
        disposal=_disposal(words, found),
        flow=_flow(words, found),
        places=_places(words, found),
        sources=_table(words, found.slices[Facet.SOURCE], lambda each: words.source(each.key)),
        leaders=_table(words, found.slices[Facet.LEADER]),
        campaign_rows=_table(words, found.slices[Facet.CAMPAIGN]),
        doubtful=found.doubtful_rows,
        may_export=may_export,
    )


def _bar(
    words: Words, wanted: Asked, areas: list[dict[str, object]], campaigns: list[dict[str, object]]
) -> list[Filter]:
    places = [Choice("", words(N_("the whole district")))]
    places += [Choice(str(row["code"]), str(row["name"])) for row in areas]
    topics = [Choice("", words(N_("every campaign")))]
    topics += [Choice(str(row["id"]), str(row["name"])) for row in campaigns]
    return [
        Filter("as_of", words(N_("As of")), wanted.cohort.as_of.isoformat(), kind="date"),
        Filter("unit", words(N_("Place")), wanted.unit, places),
        Filter("campaign", words(N_("Campaign")), wanted.campaign, topics),
    ]


def _leads(words: Words, found: Totals, wanted: Asked) -> list[Figure]:
    counts = found.counts
    number = i18n.count

    def href(address: str, **more: str) -> str:
        query = {"unit": wanted.unit, "campaign": wanted.campaign, **more}
        held = urlencode({key: value for key, value in query.items() if value})
        return f"{address}?{held}" if held else address

    both = (
        counts.party_sanctioned_persons
        + counts.administratively_sanctioned_persons
        - counts.sanctioned_persons
    )
    return [
        Figure(
            words(N_("Leads received")),
            number(counts.leads),
            words.unit(Counted.LEADS),
            href("/leads"),
            words(N_("beside {count} petitions"), count=number(counts.petitions)),
        ),
        Figure(
            words(N_("Disposed of")),
            number(counts.handled),
            words.unit(Counted.LEADS),
            href("/leads"),
            words(N_("{count} of them on hold"), count=number(counts.held)),
        ),
        Figure(
            words(N_("Cases filed")),
            number(counts.filed),
            words(N_("cases")),
            href("/leads", state="filed"),
            words(N_("counted by lead with a filing date")),
        ),
        Figure(
            words(N_("Organisational handling")),
            number(counts.organisational_handlings),
            words.unit(Counted.PERSON_TIMES),
            None,
            words(N_("somebody handled twice counts twice")),
        ),
        Figure(
            words(N_("Sanctioned")),
            number(counts.sanctioned_persons),
            words.unit(Counted.PEOPLE),
            None,
            words(
                N_("Party {party}, administrative {administrative}, both {both}"),
                party=number(counts.party_sanctioned_persons),
                administrative=number(counts.administratively_sanctioned_persons),
                both=number(both),
            ),
        ),
        Figure(
            words(N_("One-click reports")),
            number(counts.one_click_reports),
            words.unit(Counted.TIMES),
            href("/petitions", source="one_click"),
            words(N_("{count} people held accountable"), count=number(_accountable(found))),
        ),
        Figure(
            words(N_("From the inspection")),
            number(counts.inspection_leads),
            words.unit(Counted.LEADS),
            href("/leads", source="inspection"),
            "",
        ),
    ]


def _accountable(found: Totals) -> int:
    """People held accountable out of one-click reports."""
    one_click = (each for each in found.slices[Facet.SOURCE] if each.key == "one_click")
    return sum(each.counts.accountable_persons for each in one_click)


def _unfinished(words: Words, found: Totals, wanted: Asked) -> list[Figure]:
    counts = found.counts
    return [
        Figure(
            words(N_("Not yet disposed of")),
            i18n.count(counts.outstanding),
            words.unit(Counted.LEADS),
            f"/leads?{urlencode({'state': 'registered', 'unit': wanted.unit})}",
            words(
                N_("without any disposal: {all} received less {handled} disposed of"),
                all=i18n.count(counts.leads),
                handled=i18n.count(counts.handled),
            ),
        ),
        Figure(
            words(N_("Not yet cleared")),
            i18n.count(counts.uncleared),
            words.unit(Counted.LEADS),
            "/leads?open=open",
            words(N_("received and not closed off; what is on hold stays in")),
        ),
    ]


def _money(words: Words, found: Totals) -> list[Figure]:
    counts = found.counts

    def yuan(label: str, amount: Money, note: str) -> Figure:
        return Figure(
            label, i18n.plain_amount(amount.decimal), words.unit(Counted.YUAN), "/money", note
        )

    return [
        yuan(words(N_("Received")), counts.recovered, words(N_("in the special account"))),
        yuan(
            words(N_("Returned to villagers")),
            counts.returned,
            words(
                N_("{count} signed for; one lead gave {amount} back to {people} people"),
                count=i18n.count(found.beneficiaries),
                amount=i18n.written_amount(words.locale, found.village_return.decimal),
                people=i18n.count(found.village_return_people),
            ),
        ),
        yuan(words(N_("In custody")), counts.in_custody, words(N_("received less what went out"))),
        yuan(
            words(N_("To the treasury, with the case, released")),
            counts.remitted + counts.released,
            words(N_("each by its own decision")),
        ),
    ]


@dataclass(frozen=True)
class Chart:
    """A question, its drawing, and the table that holds the same figures."""

    question: str
    note: str
    drawing: Markup
    caption: str
    columns: list[Column]
    rows: list[dict[str, object]]
    totals: Sum | None = None


AREAS = {
    "verification": ("f-done", N_("verification")),
    "talk_letter": ("f-talk", N_("talk or letter")),
    "close": ("f-close", N_("closed")),
    "hold": ("f-hold", N_("on hold")),
    "": ("f-open", N_("not yet disposed of")),
}


def _disposal(words: Words, found: Totals) -> Chart:
    parts = []
    rows: list[dict[str, object]] = []
    for each in found.slices[Facet.DISPOSAL]:
        area, label = AREAS.get(each.key, ("f-other", each.key))
        parts.append(charts.Part(words(label), each.counts.leads, area))
        rows.append({"label": words(label), "leads": each.counts.leads})
    question = words(N_("What was decided on the leads?"))
    whole = charts.Bar(words(N_("Leads")), parts, i18n.count(found.counts.leads))
    return Chart(
        question=question,
        note=words(N_("By method of disposal, in leads")),
        drawing=charts.stacked_bars(
            "disposal", question, words(N_("Figures in the table")), [whole]
        ),
        caption=question,
        columns=[
            Column("label", words(N_("Disposal"))),
            Column("leads", words(N_("Leads")), "amount"),
        ],
        rows=rows,
        totals=Sum(words(N_("Total")), cells={"leads": found.counts.leads}),
    )


def _flow(words: Words, found: Totals) -> Chart:
    months = [each for each in found.slices[Facet.MONTH] if each.key]
    recovered = returned = Decimal(0)
    ins: list[Decimal] = []
    outs: list[Decimal] = []
    helds: list[Decimal] = []
    rows: list[dict[str, object]] = []
    for each in months:
        recovered += each.counts.recovered.decimal
        returned += each.counts.returned.decimal
        out = each.counts.remitted.decimal + each.counts.released.decimal
        held = (helds[-1] if helds else Decimal(0)) + (
            each.counts.recovered.decimal - each.counts.returned.decimal - out
        )
        ins.append(recovered)
        outs.append(returned)
        helds.append(held)
        rows.append(
            {
                "month": each.key,
                "in": each.counts.recovered,
                "out": each.counts.returned,
                "held": held,
            }
        )
    question = words(N_("How much of what came in is back with villagers?"))
    names = (N_("received"), N_("returned"), N_("in custody"))
    series = [
        charts.Line(words(name), values, i18n.plain_amount(values[-1]), style)
        for name, values, style in zip(
            names, (ins, outs, helds), ("in", "out", "held"), strict=True
        )
        if values
    ]
    drawn = charts.lines(
        "flow", question, words(N_("Figures in the table")), [each.key for each in months], series
    )
    return Chart(
        question=question,
        note=words(N_("Added up month by month, in yuan")),
        drawing=drawn if months else Markup(""),
        caption=question,
        columns=[
            Column("month", words(N_("Month"))),
            Column("in", words(N_("Received")), "amount"),
            Column("out", words(N_("Returned")), "amount"),
            Column("held", words(N_("In custody at its end")), "amount"),
        ],
        rows=rows,
    )


def _places(words: Words, found: Totals) -> Chart:
    places = [each for each in found.slices[Facet.UNIT] if each.key]
    question = words(N_("Where are the leads that are not yet disposed of?"))
    points = [
        charts.Point(each.label, each.counts.outstanding, i18n.count(each.counts.outstanding))
        for each in places
    ]
    return Chart(
        question=question,
        note=words(N_("Townships and subdistricts in the order of their codes, in leads")),
        drawing=charts.tiles("places", question, words(N_("Figures in the table")), points)
        if points
        else Markup(""),
        caption=question,
        columns=[
            Column("label", words(N_("Place"))),
            Column("leads", words(N_("Leads")), "amount"),
            Column("open", words(N_("Not yet disposed of")), "amount"),
            Column("in", words(N_("Received, yuan")), "amount"),
        ],
        rows=[
            {
                "label": each.label,
                "leads": each.counts.leads,
                "open": each.counts.outstanding,
                "in": each.counts.recovered,
            }
            for each in places
        ],
    )


def _own_label(each: Slice) -> str:
    return each.label


def _table(
    words: Words, slices: tuple[Slice, ...], name: Callable[[Slice], str] = _own_label
) -> list[dict[str, object]]:
    """Rows of one breakdown; the empty key gathers what states none."""
    return [
        {
            "label": name(each) or words(N_("not stated")),
            "leads": each.counts.leads,
            "petitions": each.counts.petitions,
            "filed": each.counts.filed,
            "people": each.counts.sanctioned_persons,
            "in": each.counts.recovered,
            "out": each.counts.returned,
        }
        for each in slices
    ]
