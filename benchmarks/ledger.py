"""A ledger of leads as csv: one person a lead, three of five disposed of with an approver."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

from benchmarks.district import TOWNSHIPS, VILLAGES

HEAD = (
    "线索编号", "线索来源", "受理日期", "被反映人", "反映的主要问题", "乡镇（街道）", "村（居）",
    "处置方式", "批准人", "批准日期",
)  # fmt: skip
_FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏"
_GIVEN = "国建文明志强海燕秀英敏慧春梅晓兰立新正平东家和思远佳岚军伟芳娜静丽勇艳杰娟涛超霞桂香月红"


def write(path: Path, rows: int, *, series: int) -> None:
    """`series` makes its numbers and people different from another ledger's."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        for at in range(rows):
            day = date(2015, 1, 1) + timedelta(days=at * 1200 // rows)
            village = at % VILLAGES
            disposal = (
                ("初步核实", "高静", day + timedelta(days=20)) if at % 5 > 1 else ("", "", "")
            )
            writer.writerow(
                (
                    f"S{series}-{day.year}-{at:06d}", "信访举报", day, _name(at, series),
                    f"多领补助，没有发到户，涉及{at % 900}户", f"第{village % TOWNSHIPS}镇",
                    f"云{village}村", *disposal,
                )
            )  # fmt: skip


def _name(at: int, series: int) -> str:
    """Another name for each row of each ledger."""
    size = len(_GIVEN)
    rest, family = divmod(at, len(_FAMILY))
    second, first = divmod(rest, size)
    third = _GIVEN[second // size] if second >= size else ""
    return _FAMILY[family] + _GIVEN[first] + _GIVEN[second % size] + third + _GIVEN[series % size]
