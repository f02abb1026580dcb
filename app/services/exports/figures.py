"""Totals as a file: every figure with its unit, then each breakdown as a table of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from app.core import i18n
from app.domain.errors import N_
from app.domain.exports import Column, Format
from app.domain.ledger import INTAKES, Intake
from app.domain.special_account import SpecialAccount
from app.domain.totals import COUNTED, UNITS, Facet, Totals
from app.services.exports import account, writers
from app.services.exports.definition import Definition
from app.services.exports.writers import Cell, Table

FIGURES: Mapping[str, str] = {
    "leads": N_("Leads"),
    "inspection_leads": N_("Leads from inspection"),
    "handled": N_("Disposed of"),
    "outstanding": N_("Not yet disposed of"),
    "held": N_("On hold"),
    "uncleared": N_("Not yet cleared"),
    "filed": N_("Filed"),
    "petitions": N_("Petitions, one-click reports apart"),
    "one_click_reports": N_("One-click reports"),
    "petitions_received": N_("Petitions and reports received"),
    "organisational_handlings": N_("Organisational handlings"),
    "sanction_person_times": N_("Sanctions"),
    "sanctioned_persons": N_("People sanctioned"),
    "party_sanctioned_persons": N_("People with a Party sanction"),
    "administratively_sanctioned_persons": N_("People with an administrative sanction"),
    "accountable_persons": N_("People held accountable"),
    "recovered_yuan": N_("Recovered"),
    "returned_yuan": N_("Returned to villagers"),
    "remitted_yuan": N_("Remitted or with the criminal case"),
    "released_yuan": N_("Released as unrelated"),
    "in_custody_yuan": N_("In custody"),
    "in_suspense_yuan": N_("In suspense"),
    "village_return_yuan": N_("Returned in the lead with the most villagers repaid"),
    "village_return_people": N_("Villagers repaid in that lead"),
    "beneficiaries": N_("Rows of the returns register"),
    "reporting_units": N_("Reporting units"),
    "villages": N_("Villages"),
    "bank_lines": N_("Bank lines"),
    "bank_closing_yuan": N_("Closing balance of the bank"),
    "doubtful_rows": N_("Doubtful rows counted"),
}
FACETS: Mapping[Facet, str] = {
    Facet.STAGE: N_("By stage"),
    Facet.DISPOSAL: N_("By disposal"),
    Facet.UNIT: N_("By place"),
    Facet.CAMPAIGN: N_("By campaign"),
    Facet.SOURCE: N_("By source"),
    Facet.LEADER: N_("By responsible leader"),
    Facet.MONTH: N_("By month"),
}
# What a breakdown shows of each slice; stages and disposals are of leads alone.
_OF_LEADS = ("leads", "inspection_leads", "handled", "outstanding", "held", "uncleared", "filed")
_OF_ALL = (
    *_OF_LEADS, "petitions_received", "one_click_reports", "organisational_handlings",
    "sanctioned_persons", "accountable_persons", "recovered_yuan", "returned_yuan",
)  # fmt: skip


def written(
    found: Totals, held: SpecialAccount | None, definition: Definition, format_: Format,
    locale: str, words: Mapping[str, str],
) -> Iterator[bytes]:  # fmt: skip
    if format_ is Format.JSON:
        yield _json(found, held, definition, words)
        return
    tables = [_figures(found, locale), _intakes(found, locale)]
    if held is not None:
        tables.append(account.table(held, locale))
    tables += [_facet(found, facet, locale, words) for facet in FACETS]
    write = writers.csv_file if format_ is Format.CSV else writers.xlsx_file
    yield from write(definition, [table for table in tables if table.rows])


def _figures(found: Totals, locale: str) -> Table:
    def say(text: str) -> str:
        return i18n.translate(locale, text)

    rows: list[Sequence[Cell]] = [
        (say(FIGURES[key]), value, say(COUNTED[UNITS[key]]))
        for key, value in found.figures().items()
        if value is not None
    ]
    columns = (
        Column("figure", N_("Figure")),
        Column("value", N_("Value"), "number"),
        Column("unit", N_("Counted in")),
    )
    return Table(say(N_("Totals")), columns, [say(column.label) for column in columns], rows)


def _intakes(found: Totals, locale: str) -> Table:
    def say(text: str) -> str:
        return i18n.translate(locale, text)

    columns = (
        Column("intake", N_("Kind of intake")),
        Column("amount", N_("Amount, yuan"), "money"),
    )
    rows: list[Sequence[Cell]] = [
        (say(INTAKES[Intake(intake)]), amount.decimal)
        for intake, amount in sorted(found.intakes.items())
    ]
    title = say(N_("By kind of intake"))
    return Table(title, columns, [say(column.label) for column in columns], rows)


def _facet(found: Totals, facet: Facet, locale: str, words: Mapping[str, str]) -> Table:
    def say(text: str) -> str:
        return i18n.translate(locale, text)

    keys = _OF_LEADS if facet in (Facet.STAGE, Facet.DISPOSAL) else _OF_ALL
    columns = [Column("slice", FACETS[facet])]
    columns += [
        Column(key, FIGURES[key], "money" if key.endswith("_yuan") else "number") for key in keys
    ]
    headings = [say(FACETS[facet])]
    headings += [f"{say(FIGURES[key])} ({say(COUNTED[UNITS[key]])})" for key in keys]
    rows: list[Sequence[Cell]] = [
        (
            _label(facet, each.key, each.label, words) or say(N_("not stated")),
            *(_value(each.counts, key) for key in keys),
        )
        for each in found.slices[facet]
    ]
    return Table(say(FACETS[facet]), columns, headings, rows)


_FAMILIES = {Facet.STAGE: "stage", Facet.DISPOSAL: "method", Facet.SOURCE: "source"}


def _label(facet: Facet, key: str, label: str, words: Mapping[str, str]) -> str:
    family = _FAMILIES.get(facet)
    return words.get(f"{family}.{key}", label) if family else label


def _value(counts: object, key: str) -> Cell:
    if key.endswith("_yuan"):
        amount: Cell = getattr(counts, key.removesuffix("_yuan")).decimal
        return amount
    number: Cell = getattr(counts, key)
    return number


def _json(
    found: Totals, held: SpecialAccount | None, definition: Definition, words: Mapping[str, str]
) -> bytes:
    """The published figures, and every breakdown by its keys."""
    content = {
        "title": definition.title,
        "definition": dict(definition.recorded),
        "head": dict(definition.lines),
        "figures": found.published(),
        "units": {key: counted.value for key, counted in UNITS.items()},
        "special_account": None if held is None else account.as_json(held),
        "intakes": {key: str(amount) for key, amount in sorted(found.intakes.items())},
        "slices": {
            facet.value: [
                {
                    "key": each.key,
                    "label": _label(facet, each.key, each.label, words),
                    **{key: _plain(each.counts, key) for key in _OF_ALL},
                }
                for each in rows
            ]
            for facet, rows in found.slices.items()
        },
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _plain(counts: object, key: str) -> int | str:
    value = _value(counts, key)
    return value if isinstance(value, int) else str(value)
