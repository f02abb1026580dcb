"""Charts of what flows: leads from their source to what became of them, and money over time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, dropwhile, pairwise, product

from markupsafe import Markup

from app.core import i18n
from app.domain import charts
from app.domain.errors import N_
from app.domain.money import Money
from app.domain.profile import Profile
from app.domain.totals import HELD, UNDER_WAY, UNSTATED, Flow, Totals
from app.routers.pages.cohort import Behind
from app.routers.pages.figure_charts import AREAS, Chart, read_aloud
from app.routers.pages.figure_periods import SAID, Span, spans
from app.routers.pages.figure_words import Words
from app.routers.parts import Cell, Column
from app.routers.parts import Totals as Sum


@dataclass(frozen=True)
class _Crossed:
    """Leads by source, disposal and outcome, with the names of each; what states none comes last,
    and what is under way."""

    flows: tuple[Flow, ...]
    sources: dict[str, str]
    methods: dict[str, str]
    outcomes: dict[str, str]

    @classmethod
    def of(cls, words: Words, profile: Profile, flows: tuple[Flow, ...]) -> _Crossed:
        return cls(
            flows,
            {key: words.source(key) for key in _ordered(each.source for each in flows)},
            {key: words.method(profile, key) for key in _ordered(each.method for each in flows)},
            {key: words.outcome(profile, key) for key in _ordered(each.outcome for each in flows)},
        )

    def count(self, **of: str) -> int:
        """How many have all of these."""
        wanted = of.items()
        return sum(
            flow.leads
            for flow in self.flows
            if all(getattr(flow, name) == key for name, key in wanted)
        )


def _ordered(keys: Iterable[str]) -> list[str]:
    return sorted(set(keys), key=lambda key: (not key, key == UNDER_WAY, key))


def leads(words: Words, profile: Profile, flows: tuple[Flow, ...], behind: Behind) -> Chart:
    """From each source over each way of disposing to each outcome. The table has a column for each
    way, and above and below what came to it and what came of it."""
    found = _Crossed.of(words, profile, flows)
    question = words(N_("What became of the leads from each source?"))
    return Chart(
        question=question,
        note=words(N_("From source over disposal to outcome, in leads; the wider, the more")),
        drawing=_streams(words, question, found, behind),
        caption=question,
        columns=[
            Column("label", words(N_("Source, and outcome"))),
            Column("all", words(N_("Leads")), "amount"),
            *(Column(f"by {key}", name, "amount") for key, name in found.methods.items()),
        ],
        rows=[
            *(
                _row(found, behind, words(N_("From: {source}"), source=name), source=key)
                for key, name in found.sources.items()
            ),
            *(
                _row(found, behind, words(N_("To: {outcome}"), outcome=name), outcome=key)
                for key, name in found.outcomes.items()
            ),
        ],
        totals=Sum(
            words(N_("Total")),
            cells={
                "all": _cell(found, behind),
                **{f"by {key}": _cell(found, behind, method=key) for key in found.methods},
            },
        ),
        wide=True,
    )


def _row(found: _Crossed, behind: Behind, label: str, **of: str) -> dict[str, object]:
    return {
        "label": label,
        "all": _cell(found, behind, **of),
        **{f"by {key}": _cell(found, behind, **of, method=key) for key in found.methods},
    }


def _cell(found: _Crossed, behind: Behind, **of: str) -> Cell:
    return behind.cell(found.count(**of), _opens(behind, **of))


def _opens(behind: Behind, **of: str) -> str | None:
    """What isn't disposed of has a list of its own."""
    if of.get("source") == "":
        of["source"] = UNSTATED
    if of.get("method") == "":
        return behind("outstanding", **{name: key for name, key in of.items() if key})
    return behind("leads", **of)


def _streams(words: Words, question: str, found: _Crossed, behind: Behind) -> Markup:
    columns = {"source": found.sources, "method": found.methods, "outcome": found.outcomes}
    points = {name: _ends(found, behind, name, names) for name, names in columns.items()}
    streams = [
        charts.Stream(
            at, list(froms).index(one), list(tos).index(other), count,
            f"{froms[one]} → {tos[other]} {i18n.count(count)}", _opens(behind, **of),
        )
        for at, ((from_, froms), (to, tos)) in enumerate(pairwise(columns.items()))
        for one, other in product(froms, tos)
        if (count := found.count(**(of := {from_: one, to: other})))
    ]  # fmt: skip
    said = read_aloud(
        words, (f"{each.label} {each.shown}" for column in points.values() for each in column)
    )
    return charts.both(
        lambda narrow: charts.flow(
            "sources", question, said, list(points.values()), streams, narrow=narrow
        )
    )


def _ends(
    found: _Crossed, behind: Behind, column: str, names: Mapping[str, str]
) -> list[charts.Point]:
    return [
        charts.Point(
            name, number := found.count(**{column: key}), i18n.count(number),
            _opens(behind, **{column: key}), _AREAS[column].get(key, _OTHERS[column]),
        )
        for key, name in names.items()
    ]  # fmt: skip


_AREAS: Mapping[str, Mapping[str, str]] = {
    "source": {},
    "method": AREAS,
    "outcome": {"filed": "f-done", "closed": "f-close", HELD: "f-hold", UNDER_WAY: "f-open"},
}
_OTHERS = {"source": "", "method": "f-other", "outcome": "f-other"}


def money(words: Words, found: Totals, behind: Behind) -> Chart:
    step, every = spans(words, found)
    told = SAID[step]
    months = list(dropwhile(_still, every))
    ins, outs, helds = _added_up(months)
    came, back = (_until(behind, months, f"{what}_yuan") for what in ("recovered", "returned"))
    stood = [_stood(behind, each) for each in months]
    rows: list[dict[str, object]] = []
    for at, each in enumerate(months):
        month = each.within(behind)
        rows.append(
            {
                "month": each.label,
                "in": behind.yuan("recovered_yuan", each.counts.recovered, **month),
                "ins": behind.cell(ins[at], came[at]),
                "out": behind.yuan("returned_yuan", each.counts.returned, **month),
                "outs": behind.cell(outs[at], back[at]),
                "held": behind.cell(helds[at], stood[at]),
            }
        )
    question = words(N_("How much of what came in is back with villagers?"))
    series = [
        _line(words, N_("received"), "in", months, ins, came),
        _line(words, N_("returned"), "out", months, outs, back),
        _line(words, N_("in custody"), "held", months, helds, stood),
    ]
    said = read_aloud(words, (f"{line.label} {line.shown}" for line in series))
    return Chart(
        question=question,
        note=words(told.moved),
        drawing=charts.both(
            lambda narrow: charts.lines(
                "flow", question, said, [each.label for each in months], series, narrow=narrow
            )
        ),
        caption=question,
        columns=[
            Column("month", words(told.head)),
            Column("in", words(N_("Received")), "amount"),
            Column("ins", words(N_("Received until then")), "amount"),
            Column("out", words(N_("Returned")), "amount"),
            Column("outs", words(N_("Returned until then")), "amount"),
            Column("held", words(told.held), "amount"),
        ],
        rows=rows,
        wide=True,
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
    opening = [href if value else None for value, href in zip(values, hrefs, strict=True)]
    return charts.Line(name, values, last, style, opening, told)


def _until(behind: Behind, months: list[Span], key: str) -> list[str | None]:
    """Where all movements until each month's end are, which its point adds up."""
    found = (behind(key, until=each.within(behind)["until"]) for each in months)
    return [f"{href}&entries" if href else None for href in found]


def _stood(behind: Behind, each: Span) -> str | None:
    """What was in custody at a month's end; a sum that begins later than all money, or is of leads
    that stood or were disposed of otherwise then, is no stock of that day."""
    cohort = behind.asked.cohort
    if any((cohort.since, cohort.until, cohort.stage, cohort.method, cohort.outcome)):
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
