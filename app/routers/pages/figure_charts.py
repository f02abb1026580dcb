"""The charts of the figures page: a question each, with the table that holds the same figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from markupsafe import Markup

from app.core import i18n
from app.domain import charts
from app.domain.errors import N_
from app.domain.profile import Profile
from app.domain.totals import NO_CAMPAIGN, UNSTATED, Facet, Slice, Standing, Totals
from app.routers.pages.cohort import Behind
from app.routers.pages.figure_periods import SAID, spans
from app.routers.pages.figure_words import Words
from app.routers.parts import Column, Link
from app.routers.parts import Totals as Sum


@dataclass(frozen=True)
class Chart:
    """A question, its drawing, and the table that holds the same figures.

    The drawing is empty where there is nothing to draw. `wide`: the table stands below.
    """

    question: str
    note: str
    drawing: Markup
    caption: str
    columns: list[Column]
    rows: list[dict[str, object]]
    totals: Sum | None = None
    wide: bool = False


# The pattern of each way of disposing of a lead.
AREAS = {
    "verification": "f-done",
    "talk_letter": "f-talk",
    "close": "f-close",
    "hold": "f-hold",
    "": "f-open",
}


def read_aloud(words: Words, said: Iterable[str]) -> str:
    """What a chart shows, for whoever hears it."""
    return words(N_("{figures}. The table has the same figures."), figures=words.listed(said))


def _point(label: str, number: int, href: str | None, area: str = "") -> charts.Point:
    """Nothing stands behind a nought."""
    return charts.Point(label, number, i18n.count(number), href if number else None, area)


def _said(points: Iterable[charts.Point]) -> list[str]:
    return [f"{each.label} {each.shown}" for each in points]


def disposal(words: Words, profile: Profile, found: Totals, behind: Behind) -> Chart:
    parts = []
    rows: list[dict[str, object]] = []
    for each in found.slices[Facet.DISPOSAL]:
        label = words.method(profile, each.key)
        number = each.counts.leads
        href = behind("leads", method=each.key) if each.key else behind("outstanding")
        parts.append(charts.Part(label, number, AREAS.get(each.key, "f-other"), href))
        rows.append({"label": label, "leads": behind.cell(number, href)})
    question = words(N_("What was decided on the leads?"))
    whole = charts.Bar(words(N_("Leads")), parts, i18n.count(found.counts.leads))
    said = read_aloud(words, (f"{part.label} {part.value:,}" for part in parts))
    return Chart(
        question=question,
        note=words(N_("By method of disposal, in leads")),
        drawing=charts.both(
            lambda narrow: charts.stacked_bars("disposal", question, said, [whole], narrow=narrow)
        ),
        caption=question,
        columns=[
            Column("label", words(N_("Disposal"))),
            Column("leads", words(N_("Leads")), "amount"),
        ],
        rows=rows,
        totals=Sum(words(N_("Total")), cells={"leads": behind.count("leads", found.counts.leads)}),
    )


def stages(words: Words, profile: Profile, found: Totals, behind: Behind) -> Chart:
    """Leads by the stage that they stand in; those that ended stand in none."""
    labels = {each.value: words.standing(profile, each) for each in Standing}
    order = list(labels)
    points, rows = [], list[dict[str, object]]()
    for each in sorted(found.slices[Facet.STAGE], key=lambda each: order.index(each.key)):
        href = behind("leads", stage=each.key)
        area = "f-hold" if each.key == Standing.ENDED else f"f-{each.key}"
        points.append(_point(labels[each.key], each.counts.leads, href, area))
        rows.append(
            {
                "label": labels[each.key],
                "leads": behind.cell(each.counts.leads, href),
                "handled": behind.count("handled", each.counts.handled, stage=each.key),
                "filed": behind.count("filed", each.counts.filed, stage=each.key),
            }
        )
    question = words(N_("In which stage do the leads stand?"))
    said = read_aloud(words, _said(points))
    return Chart(
        question=question,
        note=words(N_("Where the leads stand now; not yet disposed of and on hold are no stages")),
        drawing=charts.both(
            lambda narrow: charts.horizontal_bars("stages", question, said, points, narrow=narrow)
        ),
        caption=words(N_("Leads by stage")),
        columns=[
            Column("label", words(N_("Stage"))),
            Column("leads", words(N_("Leads")), "amount"),
            Column("handled", words(N_("Disposed of")), "amount"),
            Column("filed", words(N_("Cases filed")), "amount"),
        ],
        rows=rows,
    )


def months(words: Words, found: Totals, behind: Behind) -> Chart:
    """Months in which no lead was received have no row: money moved in them."""
    step, every = spans(words, found)
    told = SAID[step]
    points, rows = [], list[dict[str, object]]()
    for each in every:
        if not each.counts.leads:
            continue
        counts, days = each.counts, each.within(behind)
        href = behind("leads", **days)
        points.append(_point(each.label, counts.leads, href))
        rows.append(
            {
                "month": each.label,
                "leads": behind.cell(counts.leads, href),
                "open": behind.count("outstanding", counts.outstanding, **days),
            }
        )
    question = words(told.received)
    said = read_aloud(words, _said(points))
    return Chart(
        question=question,
        note=words(told.note),
        drawing=charts.both(
            lambda narrow: charts.bars("months", question, said, points, narrow=narrow)
        ),
        caption=question,
        columns=[
            Column("month", words(told.head)),
            Column("leads", words(N_("Leads")), "amount"),
            Column("open", words(N_("Not yet disposed of")), "amount"),
        ],
        rows=rows,
    )


def _named(
    words: Words, slices: tuple[Slice, ...], name: Callable[[str], str] | None
) -> list[tuple[Slice, str]]:
    return [
        (each, (name(each.key) if name else each.label) or words(N_("not stated")))
        for each in slices
    ]


def breakdown(
    words: Words,
    question: str,
    drawn: tuple[str, str],
    slices: tuple[Slice, ...],
    behind: Behind,
    parameter: str,
    name: Callable[[str], str] | None = None,
) -> Chart:
    """Leads by campaign or source as bars; the table has every figure of each. `drawn` is the
    caption and the head of the first column."""
    points = [
        _point(
            label,
            each.counts.leads,
            behind("leads", **_narrowed(parameter, each)),
        )
        for each, label in _named(words, slices, name)
        if each.counts.leads
    ]
    said = read_aloud(words, _said(points))
    caption, head = drawn
    return Chart(
        question=question,
        note=words(N_("In leads; the table has people and money as well")),
        drawing=charts.both(
            lambda narrow: charts.horizontal_bars(parameter, question, said, points, narrow=narrow)
        ),
        caption=caption,
        columns=breakdown_columns(words, head, petitions=parameter == "source"),
        rows=breakdown_rows(words, slices, behind, parameter, name),
        wide=True,
    )


def breakdown_columns(words: Words, head: str, *, petitions: bool) -> list[Column]:
    def amount(key: str, label: str) -> Column:
        return Column(key, words(label), "amount")

    first = [amount("petitions", N_("Petitions"))] if petitions else []
    last = [amount("accountable", N_("People held accountable"))] if petitions else []
    return [
        Column("label", head),
        *first,
        amount("leads", N_("Leads")),
        amount("filed", N_("Cases filed")),
        amount("people", N_("People sanctioned")),
        *last,
        amount("in", N_("Received, yuan")),
        amount("out", N_("Returned, yuan")),
    ]


def breakdown_rows(
    words: Words,
    slices: tuple[Slice, ...],
    behind: Behind,
    parameter: str,
    name: Callable[[str], str] | None = None,
) -> list[dict[str, object]]:
    """Each row narrows the page to itself, and its figures open."""
    rows: list[dict[str, object]] = []
    for each, label in _named(words, slices, name):
        narrowed, counts = _narrowed(parameter, each), each.counts
        rows.append(
            {
                "label": Link(label, f"/figures?{behind.asked.query(**narrowed)}"),
                **{
                    column: behind.count(key, number, **narrowed)
                    for column, key, number in (
                        ("leads", "leads", counts.leads),
                        ("petitions", "petitions_received", counts.petitions_received),
                        ("filed", "filed", counts.filed),
                        ("people", "sanctioned_persons", counts.sanctioned_persons),
                        ("accountable", "accountable_persons", counts.accountable_persons),
                    )
                },
                "in": behind.yuan("recovered_yuan", counts.recovered, **narrowed),
                "out": behind.yuan("returned_yuan", counts.returned, **narrowed),
            }
        )
    return rows


def _narrowed(parameter: str, each: Slice) -> dict[str, object]:
    """What narrows a cohort to a slice; the empty key gathers what states none."""
    none = NO_CAMPAIGN if parameter == "campaign_id" else UNSTATED
    return {parameter: each.key or none}
