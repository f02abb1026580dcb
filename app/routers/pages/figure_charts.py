"""The charts of the figures page: a question each, with the table that holds the same figures."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate, dropwhile

from markupsafe import Markup

from app.core import i18n
from app.domain.errors import N_
from app.domain.money import Money
from app.domain.profile import Profile
from app.domain.totals import Facet, Slice, Totals
from app.routers import charts
from app.routers.pages.cohort import Behind
from app.routers.pages.figure_words import Words
from app.routers.parts import Column, Link
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


# The pattern of each way of disposing of a lead.
AREAS = {
    "verification": "f-done",
    "talk_letter": "f-talk",
    "close": "f-close",
    "hold": "f-hold",
    "": "f-open",
}


def disposal(words: Words, profile: Profile, found: Totals, behind: Behind) -> Chart:
    parts = []
    rows: list[dict[str, object]] = []
    for each in found.slices[Facet.DISPOSAL]:
        label = words.method(profile, each.key)
        number = each.counts.leads
        parts.append(charts.Part(label, number, AREAS.get(each.key, "f-other")))
        leads = (
            behind.count("leads", number, method=each.key)
            if each.key
            else behind.count("outstanding", number)
        )
        rows.append({"label": label, "leads": leads})
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


def flow(words: Words, found: Totals, behind: Behind) -> Chart:
    months = list(dropwhile(_still, (each for each in found.slices[Facet.MONTH] if each.key)))
    ins, outs, helds = _added_up(months)
    rows: list[dict[str, object]] = []
    for each, held in zip(months, helds, strict=True):
        month = _month(behind, each)
        rows.append(
            {
                "month": each.key,
                "in": behind.yuan("recovered_yuan", each.counts.recovered, **month),
                "out": behind.yuan("returned_yuan", each.counts.returned, **month),
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


def _still(each: Slice) -> bool:
    """A month before any money moved: leads were received in it."""
    counts = each.counts
    moved = (counts.recovered, counts.returned, counts.remitted, counts.released)
    return all(amount == Money.zero() for amount in moved)


def _added_up(months: list[Slice]) -> tuple[list[Decimal], list[Decimal], list[Decimal]]:
    """What had come in, gone back to villagers and stayed in custody by the end of each month."""
    ins = list(accumulate(each.counts.recovered.decimal for each in months))
    outs = list(accumulate(each.counts.returned.decimal for each in months))
    others = accumulate(
        each.counts.remitted.decimal + each.counts.released.decimal for each in months
    )
    helds = [came - back - other for came, back, other in zip(ins, outs, others, strict=True)]
    return ins, outs, helds


def _month(behind: Behind, each: Slice) -> dict[str, date]:
    """The days of a month, as far as the cohort reaches into it."""
    first = date.fromisoformat(f"{each.key}-01")
    last = first.replace(day=monthrange(first.year, first.month)[1])
    cohort = behind.asked.cohort
    return {"since": max(first, cohort.since or first), "until": min(last, cohort.until or last)}


def places(words: Words, found: Totals, behind: Behind) -> Chart:
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
        rows=[_place(each, behind) for each in places],
    )


def _place(each: Slice, behind: Behind) -> dict[str, object]:
    """What states no place below the one that is asked for is in no subtree to open."""
    counts, unit = each.counts, each.code
    above = behind.asked.cohort.unit
    if each.key.count(".") <= (above.value.count(".") if above else 0):
        return {
            "label": each.label,
            "leads": counts.leads,
            "open": counts.outstanding,
            "in": counts.recovered,
        }
    return {
        "label": Link(each.label, f"/figures?{behind.asked.query(unit=unit)}"),
        "leads": behind.count("leads", counts.leads, unit=unit),
        "open": behind.count("outstanding", counts.outstanding, unit=unit),
        "in": behind.yuan("recovered_yuan", counts.recovered, unit=unit),
    }
