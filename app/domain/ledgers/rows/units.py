"""Units 单位: the district's tree, parents by code or by name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.domain.errors import N_, Reason
from app.domain.ledgers.cells import Row, unknown_word
from app.domain.ledgers.findings import Problem, Severity, Source
from app.domain.ledgers.header import Header
from app.domain.ledgers.numbers import tidy_number
from app.domain.ledgers.texts import is_unknown, one_line
from app.domain.ledgers.vocabulary import vocabulary
from app.domain.units import UnitKind

KIND_FROM_NAME = Problem(
    "unit_kind_from_name",
    Reason(N_("What kind of unit this is was taken from its name.")),
    Reason(N_("Nothing needs to be done if it is right.")),
    Severity.WARNING,
)
KIND_UNKNOWN = Problem(
    "unit_kind_unknown",
    Reason(N_("What kind of unit this is can't be told from its name.")),
    Reason(N_("Fill in the column 类型: 区县, 乡镇, 街道, 村 or 部门.")),
)

_BY_ENDING: tuple[tuple[str, UnitKind], ...] = (
    (r"(?:村|社区|居委会|居民委员会|村民委员会|村委会|嘎查)$", UnitKind.VILLAGE),
    (r"(?:街道|街道办|街道办事处)$", UnitKind.SUBDISTRICT),
    (r"(?:乡|镇|苏木)$", UnitKind.TOWNSHIP),
    (r"(?:联组|专班|工作组)$", UnitKind.TEAM),
    (
        r"(?:局|委|办|院|校|中心|站|所|社|公司|委员会|办公室|部|会|联|行|馆|台|队|集团|政府|单位\d*)$",
        UnitKind.DEPARTMENT,
    ),
    (r"(?:自治县|自治旗|区|县|市|旗)$", UnitKind.DISTRICT),
)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """`code` is empty where the office gives none; `parent` is a code or a name, as written."""

    source_row: Source
    code: str
    name: str
    kind: UnitKind
    parent: str
    poor_village: bool
    reporting: bool


def kind_from_name(name: str) -> UnitKind | None:
    return next((kind for ending, kind in _BY_ENDING if re.search(ending, name)), None)


def read_unit(row: Row, header: Header) -> UnitRow | None:  # noqa: ARG001 - one form for all
    name = one_line(row.text("name", required=True))
    kind = _kind(row, name)
    if kind is None:
        return None
    parent = tidy_number(row.written("parent"))
    return UnitRow(
        source_row=row.source,
        code=row.number("code"),
        name=name,
        kind=kind,
        parent="" if is_unknown(parent) else parent,
        poor_village=bool(row.flag("poor_village")),
        reporting=bool(row.flag("reporting")),
    )


def _kind(row: Row, name: str) -> UnitKind | None:
    text = row.known_text("unit_kind")
    if text:
        words = vocabulary("unit_kind")
        # 松山乡 in a column 类型 is no kind: whole words only, then what the name says
        if key := words.exactly(text):
            return UnitKind(key)
        if (guess := kind_from_name(text)) is not None:
            return guess
        row.find("unit_kind", unknown_word(words.examples(), Severity.ERROR))
        return None
    guess = kind_from_name(name)
    if guess is None and name:
        row.find("name", KIND_UNKNOWN)
    elif guess is not None and row.has("unit_kind"):
        row.find("name", KIND_FROM_NAME)
    return guess
