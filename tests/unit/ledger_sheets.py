"""The files of an invented district: other words, another order, other formats, each its own.

`files(seed)` gives a file for every family. A few headings are not in the product's table of
synonyms and have to be guessed; nothing else needs a hand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from random import Random

from app.domain.ledgers.families import Family
from tests.unit.ledger_districts import AS_OF, District, Lead, Line, Person, district, yuan
from tests.unit.office_files import Merge, Table, Value, csv_bytes, ods_bytes, xls_bytes, xlsx_bytes

SUBTOTAL_EVERY = 30


@dataclass(frozen=True)
class LedgerFile:
    """`columns` is which field each heading stands for, None where it stands for none."""

    family: Family
    name: str
    content: bytes
    columns: dict[str, str | None]
    map: dict[str, str]


@dataclass
class Column:
    """A heading in its district's words, and how a row's cell is written below it."""

    field: str | None
    heading: str
    cell: Callable[[int], Value]
    group: str = ""
    total: Value = ""
    subtotal: Callable[[int, int], Value] | None = None


class Pen:
    """How one district writes: dates, money, padded names."""

    def __init__(self, world: District, family: Family) -> None:
        self.world = world
        self.random = Random(f"{world.seed}{family}")
        self.serials = world.seed % 5 == 0
        self.wan = world.seed % 2 == 0
        self.unit_where = ("heading", "row", "cell")[world.seed % 3]

    def word(self, *ways: str) -> str:
        return self.random.choice(ways)

    def day(self, day: date | None) -> Value:
        if day is None:
            return self.random.choice(("", "", "/"))
        ways: list[Value] = [
            day.isoformat(),
            f"{day.year}.{day.month}.{day.day}",
            f"{day.year}/{day.month:02}/{day.day:02}",
            f"{day.year}年{day.month}月{day.day}日",
            f"{day:%Y%m%d}",
            day,
        ]
        if self.serials:
            ways.append((day - date(1899, 12, 30)).days)
        return self.random.choice(ways)

    def name(self, name: str) -> str:
        padded = len(name) == 2 and self.random.random() < 0.3
        return f"{name[0]}　{name[1]}" if padded else name

    @property
    def unit(self) -> str:
        return "万元" if self.wan else "元"

    def money_heading(self, heading: str) -> str:
        return f"{heading}（{self.unit}）" if self.unit_where == "heading" else heading

    def money(self, fen: int) -> Value:
        """Zero is left empty. Where neither heading nor row tells the unit, each cell does."""
        if not fen:
            return ""
        if self.unit_where == "cell":
            return self.random.choice((f"{fen // 100:,}.{fen % 100:02}元", f"{_wan(fen)}万元"))
        text = _wan(fen) if self.wan else yuan(fen)
        ways: list[Value] = [text, float(text), "".join(map(_wide, text))]
        if not self.wan:
            ways.append(f"{fen // 100:,}.{fen % 100:02}")
        return self.random.choice(ways)


def _wan(fen: int) -> str:
    text = f"{fen // 1_000_000}.{fen % 1_000_000:06}"
    return text.rstrip("0").rstrip(".")


def _wide(letter: str) -> str:
    return chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter


@cache
def files(seed: int) -> dict[Family, LedgerFile]:
    world = district(seed)
    makers = {
        Family.UNITS: _units,
        Family.LEADS: _leads,
        Family.PETITIONS: _petitions,
        Family.FINDINGS: _findings,
        Family.BANK: _bank,
        Family.RETURNS: _returns,
    }
    return {family: maker(world, Pen(world, family)) for family, maker in makers.items()}


def _file(
    family: Family,
    pen: Pen,
    columns: list[Column],
    rows: int,
    *,
    title: str = "",
    above: Sequence[Sequence[Value]] = (),
    total: bool = False,
    mapped: dict[str, str] | None = None,
) -> LedgerFile:
    table: list[list[Value]] = [[title]] if title else []
    if total and pen.unit_where == "row":
        table.append([f"填报单位：{pen.world.name}纪委", "", "", f"单位：件、人次、{pen.unit}"])
    table += [list(row) for row in above]
    merges = _headings(table, columns)
    since = 0
    for index in range(rows):
        table.append([column.cell(index) for column in columns])
        if total and (index + 1) % SUBTOTAL_EVERY == 0:
            table.append(_sum_row(columns, "小　计", since, index + 1))
            since = index + 1
        if index % 37 == 36:
            table.append([""] * len(columns))
    if total:
        label = pen.word("合计", "总　计", "合  计：")
        table.append([label if at == 0 else column.total for at, column in enumerate(columns)])
        table.append(["填表人：某某", "", "审核人：某某"])
    name, content = _written(family, pen, table, merges, pen.world.seed)
    headings = {
        f"{column.group}/{column.heading}" if column.group else column.heading: column.field
        for column in columns
    }
    return LedgerFile(family, name, content, headings, mapped or {})


def _headings(table: list[list[Value]], columns: list[Column]) -> list[Merge]:
    """One tier, or two where columns stand in groups, merged as offices merge them."""
    if not any(column.group for column in columns):
        table.append([column.heading for column in columns])
        return []
    at = len(table)
    upper: list[Value] = []
    merges: list[Merge] = []
    for index, column in enumerate(columns):
        before = columns[index - 1].group if index else ""
        if not column.group:
            upper.append(column.heading)
            merges.append((at, index, at + 1, index))
        elif column.group == before:
            upper.append("")
            top, left, bottom, _ = (
                merges.pop() if merges[-1][0] == merges[-1][2] else (at, index - 1, at, 0)
            )
            merges.append((top, left, bottom, index))
        else:
            upper.append(column.group)
    table.append(upper)
    table.append([column.heading if column.group else "" for column in columns])
    return merges


def _sum_row(columns: list[Column], label: str, first: int, last: int) -> list[Value]:
    return [
        label if at == 0 else column.subtotal(first, last) if column.subtotal else ""
        for at, column in enumerate(columns)
    ]


def _written(
    family: Family, pen: Pen, table: Table, merges: list[Merge], seed: int
) -> tuple[str, bytes]:
    formats = ("csv-utf-8", "xlsx", "csv-gb18030", "ods", "csv-utf-8-sig", "xls", "csv-utf-16")
    kind = formats[(seed + list(Family).index(family)) % len(formats)]
    if kind.startswith("csv"):
        encoding = kind.removeprefix("csv-")
        delimiter = "\t" if encoding == "utf-16" else ","
        return f"{family}.csv", csv_bytes(table, encoding, delimiter)
    if kind == "xlsx":
        return f"{family}.xlsx", xlsx_bytes(table, merges=merges)
    if kind == "ods":
        return f"{family}.ods", ods_bytes(table)
    return f"{family}.xls", xls_bytes(table)


def _shuffled(pen: Pen, columns: list[Column], first: int) -> list[Column]:
    """Another order; the first columns stay, since a total's label stands in one of them."""
    rest = columns[first:]
    pen.random.shuffle(rest)
    return columns[:first] + rest


def _ordinal(pen: Pen) -> Column:
    return Column(None, pen.word("序号", "编号序列"), lambda index: index + 1)


# --- units


def _units(world: District, pen: Pen) -> LedgerFile:
    by_name = world.seed % 2 == 1
    kinds = {
        "district": "区县",
        "township": "乡镇",
        "subdistrict": "街道",
        "village": "村",
        "department": "部门",
    }
    rows: list[tuple[str, str, str, str, bool]] = [(world.code, world.name, "district", "", False)]
    for t, (township, villages) in enumerate(world.townships.items(), 1):
        code = f"{world.code}{t:02}"
        kind = "subdistrict" if township.endswith("街道") else "township"
        rows.append((code, township, kind, world.name if by_name else world.code, True))
        rows += [
            (f"{code}{v:02}", village, "village", township if by_name else code, False)
            for v, village in enumerate(villages, 1)
        ]
    rows += [
        (f"{world.code}9{d:02}", name, "department", world.name if by_name else world.code, True)
        for d, name in enumerate(world.departments)
    ]
    yes, no = pen.random.choice((("是", "否"), ("√", ""), ("有", "无")))
    columns = [
        Column("code", pen.word("单位代码", "机构编码", "编码"), lambda i: rows[i][0]),
        Column("name", pen.word("单位全称", "机构名称", "名称"), lambda i: rows[i][1]),
        Column("unit_kind", pen.word("单位类别", "层级", "类别"), lambda i: kinds[rows[i][2]]),
        Column("parent", pen.word("上级单位", "隶属单位", "所属单位"), lambda i: rows[i][3]),
        Column(
            "reporting",
            pen.word("是否报送单位", "线索报送单位"),
            lambda i: yes if rows[i][4] else no,
        ),
    ]
    return _file(Family.UNITS, pen, _shuffled(pen, columns, 0), len(rows))


# --- leads


def _post(person: Person) -> str:
    return f"{person.township}{person.village}{person.post}"


def _sanction(lead: Lead, given: dict[str, str]) -> str:
    if not given:
        return ""
    if len(lead.people) == 1:
        return next(iter(given.values()))
    return "；".join(f"{name}：{sanction}" for name, sanction in given.items())


def _leads(world: District, pen: Pen) -> LedgerFile:
    leads = world.leads
    grouped = world.seed % 4 in {0, 1}
    head = _lead_head(leads, pen)
    persons = _lead_people(leads, pen, "被反映人" if grouped else "")
    where = _lead_place(leads, pen, "属地" if grouped else "")
    rest = [*_lead_course(leads, pen), *_lead_money(leads, pen)]
    guessed = Column("handler", "承办同志", lambda _: pen.name("陈办案"))
    unknown = Column(None, "档案柜号", lambda i: f"{i % 9 + 1}-{i}号柜")
    extra = [guessed] if world.seed % 2 else [unknown]
    pen.random.shuffle(rest)
    columns = head + persons + rest[:6] + where + rest[6:] + extra
    title = f"{world.name}问题线索台账（截至{AS_OF.year}年{AS_OF.month}月{AS_OF.day}日）"
    mapped = {} if world.seed % 2 else {"档案柜号": "ignore"}
    return _file(Family.LEADS, pen, columns, len(leads), title=title, total=True, mapped=mapped)


def _lead_head(leads: list[Lead], pen: Pen) -> list[Column]:
    number = pen.word("问题线索编号", "线索编码", "受理编号")
    source = pen.word("来源渠道", "线索来源", "问题来源")
    received = pen.word("收到时间", "登记日期", "受理时间")
    return [
        _ordinal(pen),
        Column("number", number, lambda i: f" {leads[i].number} "),
        Column("source", source, lambda i: leads[i].source, total=f"{len(leads)}件"),
        Column("received_on", received, lambda i: pen.day(leads[i].received_on)),
    ]


def _lead_people(leads: list[Lead], pen: Pen, group: str) -> list[Column]:
    identity_known = [pen.random.random() < 0.7 for _ in leads]

    def people(index: int, text: Callable[[Person], str]) -> str:
        return "、".join(text(person) for person in leads[index].people)

    name = "姓名" if group else pen.word("被反映人姓名", "反映对象")
    member = pen.word("政治面貌", "是否党员")
    identity = pen.word("身份证号码", "公民身份号码")
    return [
        Column("subjects", name, lambda i: people(i, lambda p: pen.name(p.name)), group),
        Column("post", pen.word("单位职务", "现任职务"), lambda i: people(i, _post), group),
        Column("membership", member, lambda i: people(i, _membership), group),
        Column(
            "identity",
            identity,
            lambda i: people(i, lambda p: p.identity) if identity_known[i] else "",
            group,
        ),
    ]


def _membership(person: Person) -> str:
    return "中共党员" if person.member else "群众"


def _lead_place(leads: list[Lead], pen: Pen, group: str) -> list[Column]:
    township, village = pen.word("乡镇", "镇街"), pen.word("村居", "行政村")
    return [
        Column("township", township, lambda i: leads[i].people[0].township, group),
        Column("village", village, lambda i: leads[i].people[0].village, group),
    ]


def _lead_course(leads: list[Lead], pen: Pen) -> list[Column]:
    problem = pen.word("反映内容", "问题简述", "主要内容")
    campaign = pen.word("所属专项", "专项名称")
    disposal = pen.word("线索处置方式", "处置情况", "处置类别")
    handled = f"处置{sum(lead.disposal is not None for lead in leads)}件"
    approved, filed = pen.word("审批日期", "处置时间"), pen.word("立案时间", "立案审查日期")
    handlings = pen.word("组织措施", "组织处理人数")
    party, other = pen.word("党纪处分种类", "党内处分"), pen.word("政纪处分", "行政处分")
    closed = pen.word("办结时间", "了结日期")
    return [
        Column("problem", problem, lambda i: leads[i].problem),
        Column("campaign", campaign, lambda i: _spelled(pen, leads[i].campaign)),
        Column("disposal", disposal, lambda i: leads[i].disposal or "", total=handled),
        Column("approved_on", approved, lambda i: pen.day(leads[i].approved_on)),
        Column("filed_on", filed, lambda i: pen.day(leads[i].filed_on)),
        Column(
            "handlings",
            handlings,
            lambda i: leads[i].handlings or "",
            total=sum(lead.handlings for lead in leads),
        ),
        Column("party_sanction", party, lambda i: _sanction(leads[i], leads[i].party)),
        Column(
            "administrative_sanction", other, lambda i: _sanction(leads[i], leads[i].administrative)
        ),
        Column("closed_on", closed, lambda i: pen.day(leads[i].closed_on)),
    ]


def _lead_money(leads: list[Lead], pen: Pen) -> list[Column]:
    def money(field: str, heading: str, fen: Callable[[Lead], int]) -> Column:
        return Column(
            field,
            pen.money_heading(heading),
            lambda i: pen.money(fen(leads[i])),
            total=pen.money(sum(map(fen, leads))),
            subtotal=lambda first, last: pen.money(sum(map(fen, leads[first:last]))),
        )

    return [
        money("amount", pen.word("涉案金额", "涉及资金"), lambda lead: lead.amount),
        money("recovered", pen.word("追回金额", "追缴资金"), lambda lead: lead.recovered),
        money("returned", pen.word("返还群众金额", "清退金额"), lambda lead: lead.returned),
    ]


def _spelled(pen: Pen, campaign: str) -> str:
    return pen.random.choice(
        (campaign, f"“{campaign}”", f"{campaign[:2]} {campaign[2:]}", f"《{campaign}》")
    )


# --- petitions, findings


def _petitions(world: District, pen: Pen) -> LedgerFile:
    rows = world.petitions
    columns = [
        Column("number", pen.word("信访件编号", "登记编号"), lambda i: rows[i].number),
        Column(
            "received_on", pen.word("来信日期", "收件时间"), lambda i: pen.day(rows[i].received_on)
        ),
        Column("channel", pen.word("信访方式", "举报方式"), lambda i: rows[i].channel),
        Column(
            "named", pen.word("是否实名", "署名方式"), lambda i: "实名" if rows[i].named else "匿名"
        ),
        Column(
            "reporter",
            pen.word("举报人姓名", "信访人"),
            lambda i: pen.name(rows[i].reporter) if rows[i].reporter else "",
        ),
        Column("reporter_contact", pen.word("手机号码", "联系方式"), lambda i: rows[i].phone),
        Column(
            "subjects",
            pen.word("被举报人", "被反映人姓名"),
            lambda i: pen.name(rows[i].person.name),
        ),
        Column("content", pen.word("举报内容", "信访事项"), lambda i: rows[i].content),
        Column(
            "place",
            pen.word("问题属地", "发生地"),
            lambda i: f"{rows[i].person.township}{rows[i].person.village}",
        ),
        Column(
            "repeat", pen.word("是否重复", "重复信访"), lambda i: "是" if rows[i].repeat else ""
        ),
        Column("leader", pen.word("包案人", "责任领导"), lambda i: rows[i].leader),
        Column("result", pen.word("办理情况", "化解状态"), lambda i: rows[i].result),
    ]
    return _file(
        Family.PETITIONS,
        pen,
        _shuffled(pen, columns, 1),
        len(rows),
        title=f"{world.name}信访积案台账",
    )


def _findings(world: District, pen: Pen) -> LedgerFile:
    rows = world.findings
    begins, ends = world.round
    stay = f"{begins.year}年{begins.month}月{begins.day}日至{ends.month}月{ends.day}日"
    dates = (
        [Column("stay", "驻点起止时间", lambda _: stay)]
        if world.seed % 3 == 0
        else [
            Column("arrived_on", pen.word("进驻时间", "进点日期"), lambda _: pen.day(begins)),
            Column("left_on", pen.word("撤离时间", "离点日期"), lambda _: pen.day(ends)),
        ]
    )
    columns = [
        Column("number", pen.word("移交线索编号", "对应线索编号"), lambda i: rows[i].lead.number),
        Column("round", pen.word("轮次", "巡察批次"), lambda _: "第三轮"),
        Column("team", pen.word("组别", "巡察小组"), lambda i: rows[i].team),
        Column(
            "village", pen.word("巡察对象", "被巡察村居"), lambda i: rows[i].lead.people[0].village
        ),
        *dates,
        Column("problem", pen.word("发现问题", "问题描述"), lambda i: rows[i].lead.problem),
        Column(
            "found_on", pen.word("发现时间", "问题发现日期"), lambda i: pen.day(rows[i].found_on)
        ),
    ]
    return _file(Family.FINDINGS, pen, _shuffled(pen, columns, 1), len(rows))


# --- money


def _bank(world: District, pen: Pen) -> LedgerFile:
    lines = list(world.lines)
    descending = world.seed % 4 == 2
    serials = {id(line): f"{number:010}" for number, line in enumerate(lines, 1)}
    if descending:
        lines.reverse()

    def side(inward: bool) -> Callable[[int], Value]:
        return lambda i: f"{yuan(abs(lines[i].fen))}" if (lines[i].fen > 0) is inward else ""

    columns = [
        Column(
            "happened_on",
            pen.word("记账日", "入账日期"),
            lambda i: f"{lines[i].happened_on:%Y-%m-%d}",
        ),
        Column("serial", pen.word("交易流水号", "流水"), lambda i: serials[id(lines[i])]),
        Column("summary", pen.word("用途", "附言", "交易摘要"), lambda i: _bank_text(lines[i])),
        *_sides(world, pen, lines, side),
        Column("balance", pen.word("账户余额", "结余"), lambda i: yuan(lines[i].balance)),
        Column("counterparty", pen.word("对方名称", "对方账户名"), lambda i: lines[i].counterparty),
    ]
    above: list[list[Value]] = [
        ["账号：", f"9901{world.seed:013}", "", "户名：", f"{world.name}纪委监委暂扣款专户"]
    ]
    if world.opening and not descending:
        above.append([f"期初余额：{yuan(world.opening)}元"])
    return _file(Family.BANK, pen, _shuffled(pen, columns, 1), len(lines), above=above)


def _sides(
    world: District, pen: Pen, lines: list[Line], side: Callable[[bool], Callable[[int], Value]]
) -> list[Column]:
    if world.seed % 3 == 1:
        return [
            Column("amount", pen.word("发生额", "交易金额"), lambda i: yuan(abs(lines[i].fen))),
            Column(
                "direction",
                pen.word("借贷标志", "收支"),
                lambda i: "贷" if lines[i].fen > 0 else "借",
            ),
        ]
    credit, debit = pen.random.choice(
        (("收入金额", "支出金额"), ("贷方", "借方"), ("存入", "支取"))
    )
    return [Column("credit", credit, side(True)), Column("debit", debit, side(False))]


def _bank_text(line: Line) -> str:
    return f"{line.summary} {line.cited} {line.counterparty}" if line.lead else line.summary


def _returns(world: District, pen: Pen) -> LedgerFile:
    rows = [(lead, *given) for lead in world.leads for given in lead.returns]
    pen.unit_where = "heading"
    columns = [
        _ordinal(pen),
        Column("number", pen.word("所属线索", "问题线索编号"), lambda i: rows[i][0].number),
        Column("name", pen.word("领款人", "户主姓名"), lambda i: pen.name(rows[i][3].name)),
        Column("identity", pen.word("身份证", "证件号码"), lambda i: rows[i][3].identity),
        Column(
            "address",
            pen.word("家庭住址", "所在村组"),
            lambda i: f"{rows[i][3].township}{rows[i][3].village}",
        ),
        Column(
            "amount",
            pen.money_heading(pen.word("退款金额", "返还金额")),
            lambda i: pen.money(rows[i][2]),
            total=pen.money(sum(row[2] for row in rows)),
        ),
        Column("received_on", pen.word("领款日期", "签收时间"), lambda i: pen.day(rows[i][1])),
        Column(
            "signed", pen.word("领取方式", "签字"), lambda _: pen.word("签字", "按手印", "银行转账")
        ),
    ]
    return _file(
        Family.RETURNS,
        pen,
        _shuffled(pen, columns, 3),
        len(rows),
        title=f"{world.name}退还群众资金清册",
        total=True,
    )
