"""The charts of the figures page: a question each, with the table that holds the same figures."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from app.core import i18n
from app.domain.errors import N_
from app.domain.totals import Facet, Totals
from app.routers import charts
from app.routers.pages.figure_words import Words
from app.routers.parts import Column
from app.routers.parts import Totals as Sum


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


def disposal(words: Words, found: Totals) -> Chart:
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


def flow(words: Words, found: Totals) -> Chart:
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


def places(words: Words, found: Totals) -> Chart:
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
