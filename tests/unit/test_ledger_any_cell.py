"""Whatever stands in the cells, every row is judged, nothing fails and no reporter is told."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import Reason
from app.domain.ledgers.families import Family, fields_of
from app.domain.ledgers.findings import Severity, Verdict
from app.domain.ledgers.opening import LedgerNotRecognised
from app.domain.ledgers.rejects import reject_sheets
from app.domain.ledgers.texts import Cell
from tests.unit.ledger_tables import opened

WORDS = st.sampled_from(
    [
        *(
            "",
            "不详",
            "张三、李四",
            "张三：警告；李四：记过",
            "2018-03-05",
            "2018年13月5日",
            "43164",
        ),
        *("3.5万元", "-5", "合计", "小计", "小计：3件", "是", "暂存待查", "初步核实", "A2018-001"),
        *(
            "990101197802123268",
            "期初余额",
            "冲正",
            "=1+1",
            "填表人：王五",
            "1",
            "（",
            "：",
            "；；",
        ),
        *("张三等3人", "均为中共党员", "2018.3.5-2018.3.9", "严重警告", "\0", "\u202e", "　"),
    ]
)
CELLS: st.SearchStrategy[Cell] = st.one_of(
    WORDS,
    WORDS,
    st.text(max_size=20),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.none(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)


@pytest.mark.parametrize("family", Family)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_every_row_is_judged_whatever_it_holds(family: Family, data: st.DataObject) -> None:
    fields = fields_of(family).fields
    head: list[Cell] = [field.headings[0] for field in fields]
    row = st.lists(CELLS, min_size=0, max_size=len(head) + 2)
    table = data.draw(st.lists(row, min_size=1, max_size=5))
    reading = opened(family, [head, *table])
    judged = list(reading.rows())
    assert reading.counts.rows == len(judged)
    for one in judged:
        errors = [f for f in one.findings if f.severity is Severity.ERROR]
        assert (one.verdict is Verdict.REJECTED) == bool(errors) == (one.value is None)
        assert all(str(f.reason) and str(f.todo) for f in one.findings)
        assert all(f.value == "" for f in one.findings if f.withheld)
    rejected = [one for one in judged if one.verdict is Verdict.REJECTED]
    sealed = reading.mapping.sealed_columns()
    for sheet in reject_sheets(reading, rejected, _said, include_sealed=False):
        assert all(line.cells[index] == "" for line in sheet.rows for index in sealed)


def _said(reason: Reason) -> str:
    return str(reason)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=6), max_size=8), st.sampled_from(list(Family)))
def test_no_table_makes_the_search_for_a_heading_fail(
    table: list[list[Cell]], family: Family
) -> None:
    with contextlib.suppress(LedgerNotRecognised):
        assert opened(family, table).mapping.columns
