"""How an import reads on its pages: counts, columns, rows, control totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from app.core import i18n
from app.core.db import Row
from app.domain.errors import N_
from app.domain.ledgers.families import Family, fields_of
from app.routers.deps import Submitted
from app.routers.pages.doubts import RULES
from app.routers.pages.present import Reader
from app.routers.parts import Cell, Choice, Column, Figure, Filter, Link
from app.routers.spoken import Speaker

FAMILIES: Mapping[Family, str] = {
    Family.UNITS: N_("Units"),
    Family.PETITIONS: N_("Petitions"),
    Family.LEADS: N_("Leads"),
    Family.CASES: N_("Cases"),
    Family.FINDINGS: N_("Findings of an inspection"),
    Family.BANK: N_("Bank statement"),
    Family.RETURNS: N_("Returns to villagers"),
}
VERDICTS: Mapping[str, str] = {
    "accepted": N_("accepted"),
    "warned": N_("accepted with a warning"),
    "rejected": N_("rejected"),
    "known": N_("known already"),
}
HOW: Mapping[str, str] = {
    "synonym": N_("known heading"),
    "guess": N_("guessed"),
    "map": N_("as you said"),
    "ignored": N_("left out"),
    "unknown": N_("not known"),
}
WHERE: Mapping[Family, tuple[str, str]] = {
    Family.UNITS: (N_("To the unit tree"), "/units"),
    Family.PETITIONS: (N_("To the petitions"), "/petitions"),
    Family.LEADS: (N_("To the leads"), "/leads"),
    Family.CASES: (N_("To the cases"), "/cases"),
    Family.FINDINGS: (N_("To the leads"), "/leads"),
    Family.BANK: (N_("To the money"), "/money"),
    Family.RETURNS: (N_("To the money"), "/money"),
}
ALIKE: Mapping[str, str] = {
    "person_and_unit": N_("the same person in the same unit, within a year"),
    "words": N_("words alike in the same unit, within two months"),
}
IGNORE = "ignore"

Batch = Mapping[str, Any]
Rows = list[dict[str, Cell]]


def recent_columns(reader: Reader) -> list[Column]:
    return [
        Column("file", reader.say(N_("File"))),
        Column("family", reader.say(N_("Kind of ledger"))),
        Column("on", reader.say(N_("Date")), "date"),
        Column("rows", reader.say(N_("Number of rows")), "amount"),
        Column("state", reader.say(N_("State"))),
    ]


def recent_row(reader: Reader, row: Row) -> dict[str, Cell]:
    if row["committed_at"] is not None:
        state = N_("taken in")
    else:
        state = N_("tried, waits to be taken in") if row["held"] else N_("not taken in")
    return {
        "file": Link(row["file_name"], f"/log/import/{row['id']}"),
        "family": reader.say(FAMILIES[Family(row["family"])]),
        "on": row["happened_on"],
        "rows": row["rows"],
        "state": reader.say(state),
    }


def counts(reader: Reader, batch: Batch) -> list[Figure]:
    """One number for each verdict that occurs."""
    return [
        Figure(
            reader.say(label),
            i18n.count(batch[key]),
            reader.count(N_("row"), N_("rows"), batch[key]),
        )
        for key, label in VERDICTS.items()
        if batch[key]
    ]


# Columns -----------------------------------------------------------------------------------------


def open_columns(reader: Reader, batch: Batch) -> list[dict[str, str]]:
    """Columns that somebody has to settle, with a name for each select."""
    return [
        {
            "name": f"column-{at}",
            "heading": each["heading"],
            "label": reader.say(
                N_("Column {letter} “{heading}”"), letter=each["letter"], heading=each["heading"]
            ),
            "hint": _reason(reader, each),
        }
        for at, each in enumerate(_open(batch))
    ]  # fmt: skip


def _reason(reader: Reader, column: Mapping[str, Any]) -> str:
    how = reader.say(HOW[column["how"]])
    return reader.say(N_("{what}: {why}"), what=how, why=column["reason"])


def _open(batch: Batch) -> list[Mapping[str, Any]]:
    """What is guessed, unknown or was chosen. A heading that several sheets share is asked for
    once; while a field is missing, a column that is usually left out may be the one."""
    wanted = {"guess", "unknown", "map"}
    if batch["missing"]:
        wanted.add("ignored")
    seen: dict[str, Mapping[str, Any]] = {}
    for each in batch["mapping"]:
        if each["how"] in wanted and each["heading"]:
            seen.setdefault(each["heading"], each)
    return list(seen.values())


def map_values(batch: Batch) -> dict[str, object]:
    """The selects as they begin: a guess is preselected, anything else is to be chosen."""
    return {f"column-{at}": each["field"] or "" for at, each in enumerate(_open(batch))}


def chosen_map(form: Submitted) -> dict[str, str]:
    """By heading what was chosen for it."""
    found: dict[str, str] = {}
    for name in form.values:
        if name.startswith("column-") and (value := form.text(name)):
            heading = form.text(f"heading-{name.removeprefix('column-')}")
            if heading:
                found[heading] = value
    return found


def field_choices(reader: Reader, family: Family) -> list[Choice]:
    chinese = reader.locale == i18n.CHINESE
    fields = [
        Choice(each.name, each.headings[0] if chinese else f"{each.headings[0]} ({each.name})")
        for each in fields_of(family).fields
    ]
    return [Choice(IGNORE, reader.say(N_("Leave this column out"))), *fields]


def mapping_columns(reader: Reader) -> list[Column]:
    return [
        Column("column", reader.say(N_("Column"))),
        Column("field", reader.say(N_("Taken as"))),
        Column("how", reader.say(N_("How that is known"))),
    ]


def mapping_rows(reader: Reader, batch: Batch) -> Rows:
    several = len({each["sheet"] for each in batch["mapping"]}) > 1
    names = {each.name: each.headings[0] for each in fields_of(Family(batch["family"])).fields}
    return [
        {
            "column": f"{each['sheet'] + ' ' if several else ''}{each['letter']} {each['heading']}",
            "field": names.get(each["field"] or "", "—"),
            "how": _reason(reader, each),
        }
        for each in batch["mapping"]
        if each["heading"]
    ]  # fmt: skip


# Control totals -----------------------------------------------------------------------------------


def control_columns(reader: Reader) -> list[Column]:
    return [
        Column("place", reader.say(N_("Row"))),
        Column("column", reader.say(N_("Column"))),
        Column("stated", reader.say(N_("The ledger says")), "amount"),
        Column("computed", reader.say(N_("Its rows make")), "amount"),
        Column("verdict", reader.say(N_("Difference")), "amount"),
    ]


def control_rows(reader: Reader, batch: Batch) -> Rows:
    return [
        {
            "place": f"{each['row']} {each['label']}",
            "column": each["column"] or reader.say(N_("Number of rows")),
            "stated": each["stated"],
            "computed": each["computed"],
            "verdict": reader.say(N_("agrees")) if each["agrees"] else each["difference"],
        }
        for each in batch["controls"]
    ]


# Rows ---------------------------------------------------------------------------------------------


def row_columns(reader: Reader) -> list[Column]:
    return [
        Column("row", reader.say(N_("Row"))),
        Column("verdict", reader.say(N_("What becomes of it"))),
        Column("cell", reader.say(N_("Cell"))),
        Column("reason", reader.say(N_("Why"))),
        Column("todo", reader.say(N_("What to do"))),
    ]


def rows_said(reader: Reader, speaker: Speaker, rows: Sequence[Row], file: str) -> Rows:
    """One line a finding; a doubt is one as well. A file of one sheet bears its name."""
    found: Rows = []
    for row in map(speaker.row, rows):
        sheet = "" if row["sheet"] == PurePath(file).stem else row["sheet"]
        head = f"{sheet} {row['row']}".strip()
        verdict = reader.say(VERDICTS[row["verdict"]])
        for each in row["findings"]:
            value = "" if each["withheld"] or not each["value"] else f"“{each['value']}”"
            found.append(
                {
                    "row": head,
                    "verdict": verdict,
                    "cell": f"{each['column']} {value}".strip(),
                    "reason": each["reason"],
                    "todo": each["todo"],
                }
            )
        for rule in row["doubts"]:
            found.append(
                {
                    "row": head,
                    "verdict": verdict,
                    "cell": "",
                    "reason": reader.say(RULES.get(rule, rule)),
                    "todo": reader.say(N_("It is taken as written, and stands among the doubts.")),
                }
            )
    return found


def row_filters(reader: Reader, verdict: str) -> list[Filter]:
    every = Choice("", reader.say(N_("all")))
    kinds = [Choice(key, reader.say(label)) for key, label in VERDICTS.items()]
    return [Filter("verdict", reader.say(N_("What becomes of it")), verdict, [every, *kinds])]


# What the whole shows -----------------------------------------------------------------------------


def doubts(reader: Reader, batch: Batch) -> list[str]:
    return [
        reader.say(
            N_("{rule}: {count}"), rule=reader.say(RULES.get(rule, rule)), count=i18n.count(count)
        )
        for rule, count in batch["doubts"].items()
    ]


def alike_columns(reader: Reader) -> list[Column]:
    return [
        Column("number", reader.say(N_("Number"))),
        Column("other", reader.say(N_("Looks like"))),
        Column("why", reader.say(N_("Why"))),
    ]


def alike(reader: Reader, batch: Batch) -> Rows:
    return [
        {
            "number": each["number"],
            "other": each["other_number"],
            "why": reader.say(ALIKE.get(each["why"].get("reason", ""), "")),
        }
        for each in batch["alike"]
    ]


def links(reader: Reader, family: Family, *, doubts: bool) -> list[Link]:
    """Where to go from here. Who opens no matter goes to what they may open."""
    label, href = WHERE[family]
    found = [Link(reader.say(label), href)] if doubts or family is Family.UNITS else []
    if doubts:
        found.append(Link(reader.say(N_("Ledger doubts")), "/log/doubts"))
    else:
        found.append(Link(reader.say(N_("To the figures")), "/figures"))
    return [*found, Link(reader.say(N_("Import another ledger")), "/log/import")]
