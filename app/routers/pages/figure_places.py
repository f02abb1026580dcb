"""Charts of places: how many leads each received, and where they are not yet disposed of."""

from __future__ import annotations

from app.core import i18n
from app.domain import charts
from app.domain.errors import N_
from app.domain.totals import Facet, Slice, Totals
from app.routers.pages.cohort import Behind
from app.routers.pages.figure_charts import Chart, read_aloud
from app.routers.pages.figure_words import Words
from app.routers.parts import Column, Link


def units(words: Words, found: Totals, behind: Behind) -> Chart:
    places = _places(found)
    points = [_point(behind, each, "leads", each.counts.leads) for each in places]
    question = words(N_("How many leads does each place have?"))
    said = read_aloud(words, (f"{point.label} {point.shown}" for point in points))
    return Chart(
        question=question,
        note=words(N_("Townships and subdistricts in the order of their codes, in leads")),
        drawing=charts.both(
            lambda narrow: charts.horizontal_bars("units", question, said, points, narrow=narrow)
        ),
        caption=question,
        columns=[
            Column("label", words(N_("Place"))),
            Column("leads", words(N_("Leads")), "amount"),
            Column("handled", words(N_("Disposed of")), "amount"),
            Column("filed", words(N_("Cases filed")), "amount"),
        ],
        rows=[
            {
                "label": each.label,
                "leads": behind.cell(point.value, point.href),
                "handled": behind.count("handled", each.counts.handled, **_narrowed(behind, each)),
                "filed": behind.count("filed", each.counts.filed, **_narrowed(behind, each)),
            }
            for each, point in zip(places, points, strict=True)
        ],
    )


def grid(words: Words, found: Totals, behind: Behind) -> Chart:
    places = _places(found)
    question = words(N_("Where are the leads that are not yet disposed of?"))
    points = [_point(behind, each, "outstanding", each.counts.outstanding) for each in places]
    said = read_aloud(words, (f"{point.label} {point.shown}" for point in points))
    return Chart(
        question=question,
        note=words(N_("Townships and subdistricts in the order of their codes, in leads")),
        drawing=charts.both(
            lambda narrow: charts.tiles("places", question, said, points, narrow=narrow)
        ),
        caption=question,
        columns=[
            Column("label", words(N_("Place"))),
            Column("leads", words(N_("Leads")), "amount"),
            Column("open", words(N_("Not yet disposed of")), "amount"),
            Column("in", words(N_("Received, yuan")), "amount"),
        ],
        rows=[_place(each, behind) for each in places],
    )


def _places(found: Totals) -> list[Slice]:
    return [each for each in found.slices[Facet.UNIT] if each.key]


def _narrowed(behind: Behind, each: Slice) -> dict[str, object]:
    """What narrows a cohort to a place; what lies at no place below the one that is asked for lies
    at that one itself."""
    above = behind.asked.cohort.unit
    below = each.key.count(".") > (above.value.count(".") if above else 0)
    return {"unit": each.code} if below else {"unit": each.code, "alone": "true"}


def _point(behind: Behind, each: Slice, key: str, number: int) -> charts.Point:
    href = behind(key, **_narrowed(behind, each)) if number else None
    return charts.Point(each.label, number, i18n.count(number), href)


def _place(each: Slice, behind: Behind) -> dict[str, object]:
    counts, narrowed = each.counts, _narrowed(behind, each)
    return {
        "label": Link(each.label, f"/figures?{behind.asked.query(**narrowed)}"),
        "leads": behind.count("leads", counts.leads, **narrowed),
        "open": behind.count("outstanding", counts.outstanding, **narrowed),
        "in": behind.yuan("recovered_yuan", counts.recovered, **narrowed),
    }
