"""Charts of what flows: leads from their source to what became of them, and money over time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, dropwhile

from markupsafe import Markup

from app.core import i18n
from app.domain import charts
from app.domain.errors import N_
from app.domain.money import Money
from app.domain.profile import Profile
from app.domain.totals import Flow, Totals
from app.routers.pages.cohort import Behind
from app.routers.pages.figure_charts import AREAS, Chart, read_aloud
from app.routers.pages.figure_periods import SAID, Span, spans
from app.routers.pages.figure_words import Words
from app.routers.parts import Column
from app.routers.parts import Totals as Sum


@dataclass(frozen=True)
class _Crossed:
    """Leads by source and disposal, with the names of both; what states none comes last."""

    number: dict[tuple[str, str], int]
    sources: dict[str, str]
    methods: dict[str, str]

    @classmethod
    def of(cls, words: Words, profile: Profile, flows: tuple[Flow, ...]) -> _Crossed:
        return cls(
            {(each.source, each.method): each.leads for each in flows},
            {key: words.source(key) for key in _ordered(each.source for each in flows)},
            {key: words.method(profile, key) for key in _ordered(each.method for each in flows)},
        )

    def of_source(self, key: str) -> int:
        return sum(count for (source, _), count in self.number.items() if source == key)

    def of_method(self, key: str) -> int:
        return sum(count for (_, method), count in self.number.items() if method == key)


def _ordered(keys: Iterable[str]) -> list[str]:
    return sorted(set(keys), key=lambda key: (not key, key))


def leads(words: Words, profile: Profile, flows: tuple[Flow, ...], behind: Behind) -> Chart:
    """From each source to each way of disposing."""
    found = _Crossed.of(words, profile, flows)
    question = words(N_("What became of the leads from each source?"))
    return Chart(
        question=question,
        note=words(N_("From source to disposal, in leads; the wider, the more")),
        drawing=_streams(words, question, found, behind),
        caption=question,
        columns=[
            Column("label", words(N_("Source"))),
            Column("all", words(N_("Leads")), "amount"),
            *(Column(f"to {key}", name, "amount") for key, name in found.methods.items()),
        ],
        rows=[_row(found, behind, source) for source in found.sources],
        totals=Sum(
            words(N_("Total")),
            cells={
                "all": sum(found.number.values()),
                **{
                    f"to {key}": behind.cell(found.of_method(key), _to(behind, key))
                    for key in found.methods
                },
            },
        ),
        wide=True,
    )


def _row(found: _Crossed, behind: Behind, source: str) -> dict[str, object]:
    return {
        "label": found.sources[source],
        "all": behind.cell(found.of_source(source), _from(behind, source)),
        **{
            f"to {method}": behind.cell(
                found.number.get((source, method), 0), _opens(behind, source, method)
            )
            for method in found.methods
        },
    }


def _streams(words: Words, question: str, found: _Crossed, behind: Behind) -> Markup:
    froms, tos = list(found.sources), list(found.methods)
    streams = [
        charts.Stream(
            froms.index(source),
            tos.index(method),
            count,
            f"{found.sources[source]} → {found.methods[method]} {i18n.count(count)}",
            _opens(behind, source, method),
        )
        for (source, method), count in found.number.items()
    ]
    sources = [_end(found.sources[key], found.of_source(key), _from(behind, key)) for key in froms]
    ends = [
        _end(found.methods[key], found.of_method(key), _to(behind, key), AREAS.get(key, "f-other"))
        for key in tos
    ]
    said = read_aloud(words, (f"{each.label} {each.shown}" for each in (*sources, *ends)))
    return charts.flow("sources", question, said, sources, ends, streams)


def _end(label: str, number: int, href: str | None, area: str = "") -> charts.Point:
    return charts.Point(label, number, i18n.count(number), href, area)


def _opens(behind: Behind, source: str, method: str) -> str | None:
    """No list is of what states no source; what isn't disposed of has a list of its own."""
    if not source:
        return None
    if not method:
        return behind("outstanding", source=source)
    return behind("leads", source=source, method=method)


def _from(behind: Behind, source: str) -> str | None:
    return behind("leads", source=source) if source else None


def _to(behind: Behind, method: str) -> str | None:
    return behind("leads", method=method) if method else behind("outstanding")


def money(words: Words, found: Totals, behind: Behind) -> Chart:
    step, every = spans(words, found)
    told = SAID[step]
    months = list(dropwhile(_still, every))
    ins, outs, helds = _added_up(months)
    stood = [_stood(behind, each) for each in months]
    rows: list[dict[str, object]] = []
    for each, held, href in zip(months, helds, stood, strict=True):
        month = each.within(behind)
        rows.append(
            {
                "month": each.label,
                "in": behind.yuan("recovered_yuan", each.counts.recovered, **month),
                "out": behind.yuan("returned_yuan", each.counts.returned, **month),
                "held": behind.cell(held, href),
            }
        )
    question = words(N_("How much of what came in is back with villagers?"))
    series = [
        _line(words, N_("received"), "in", months, ins, _moved(behind, months, "recovered")),
        _line(words, N_("returned"), "out", months, outs, _moved(behind, months, "returned")),
        _line(words, N_("in custody"), "held", months, helds, stood),
    ]
    said = read_aloud(words, (f"{line.label} {line.shown}" for line in series))
    return Chart(
        question=question,
        note=words(told.moved),
        drawing=charts.lines("flow", question, said, [each.label for each in months], series),
        caption=question,
        columns=[
            Column("month", words(told.head)),
            Column("in", words(N_("Received")), "amount"),
            Column("out", words(N_("Returned")), "amount"),
            Column("held", words(told.held), "amount"),
        ],
        rows=rows,
    )


def _line(
    words: Words,
    label: str,
    style: str,
    months: list[Span],
    values: list[Decimal],
    hrefs: list[str | None],
) -> charts.Line:
    name = words(label)
    told = [
        f"{month.label} {name} {i18n.plain_amount(value)}"
        for month, value in zip(months, values, strict=True)
    ]
    last = i18n.plain_amount(values[-1]) if values else ""
    return charts.Line(name, values, last, style, hrefs, told)


def _moved(behind: Behind, months: list[Span], what: str) -> list[str | None]:
    """Where each month's own movements are; a month in which none moved opens nothing."""
    found: list[str | None] = []
    for each in months:
        amount: Money = getattr(each.counts, what)
        href = behind(f"{what}_yuan", **each.within(behind)) if amount != Money.zero() else None
        found.append(f"{href}&entries" if href else None)
    return found


def _stood(behind: Behind, each: Span) -> str | None:
    """What was in custody at a month's end; a sum that begins later than all money, or is of leads
    that stood or were disposed of otherwise then, is no stock of that day."""
    cohort = behind.asked.cohort
    if any((cohort.since, cohort.until, cohort.stage, cohort.method)):
        return None
    return behind("in_custody_yuan", as_of=min(each.within(behind)["until"], cohort.as_of))


def _still(each: Span) -> bool:
    """A month before any money moved: leads were received in it."""
    counts = each.counts
    moved = (counts.recovered, counts.returned, counts.remitted, counts.released)
    return all(amount == Money.zero() for amount in moved)


def _added_up(months: list[Span]) -> tuple[list[Decimal], list[Decimal], list[Decimal]]:
    """What had come in, gone back to villagers and stayed in custody by the end of each month."""
    ins = list(accumulate(each.counts.recovered.decimal for each in months))
    outs = list(accumulate(each.counts.returned.decimal for each in months))
    others = accumulate(
        each.counts.remitted.decimal + each.counts.released.decimal for each in months
    )
    helds = [came - back - other for came, back, other in zip(ins, outs, others, strict=True)]
    return ins, outs, helds
