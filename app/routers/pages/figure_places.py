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
                "handled": behind.cell(
                    each.counts.handled, _opens(behind, each, "handled", each.counts.handled)
                ),
                "filed": behind.cell(
                    each.counts.filed, _opens(behind, each, "filed", each.counts.filed)
                ),
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


def _below(behind: Behind, each: Slice) -> bool:
    """What states no place below the one that is asked for is in no subtree to open."""
    above = behind.asked.cohort.unit
    return each.key.count(".") > (above.value.count(".") if above else 0)


def _opens(behind: Behind, each: Slice, key: str, number: int) -> str | None:
    return behind(key, unit=each.code) if number and _below(behind, each) else None


def _point(behind: Behind, each: Slice, key: str, number: int) -> charts.Point:
    return charts.Point(each.label, number, i18n.count(number), _opens(behind, each, key, number))


def _place(each: Slice, behind: Behind) -> dict[str, object]:
    counts, unit = each.counts, each.code
    if not _below(behind, each):
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
