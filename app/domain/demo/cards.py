"""The sign-in cards: a person for each role, with three things to try there."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.demo.staff import (
    ADJUDICATION_HEAD,
    ADJUDICATORS,
    ADMINISTRATOR,
    AUDITOR,
    CHIEF,
    DEPARTMENT_HEAD,
    DEPUTY,
    INSPECTORS,
    INTAKE,
    INVESTIGATOR,
    KEEPER,
    LEAD_MANAGER,
    LIAISON,
    PAYER,
    PETITIONS_HEAD,
    REPORTING_UNIT,
    SECRETARY,
)


@dataclass(frozen=True, slots=True)
class CardSeed:
    """Somebody to sign in as. What to try is written in both languages."""

    login: str
    zh_CN: tuple[str, str, str]  # noqa: N815 - the locale's own name
    en: tuple[str, str, str]


CARDS = (
    CardSeed(
        INTAKE,
        ("登记一件来访", "看哪些实名举报人还等着结果", "看一件可能重复的来信为什么还不能受理"),
        (
            "Log a visit as a petition",
            "See which named reporters still wait for a result",
            "See why a petition that may be a repeat can't be accepted yet",
        ),
    ),
    CardSeed(
        PETITIONS_HEAD,
        ("签批一件受理或归档", "退回一件，写明理由", "看包案领导各有哪些信访件"),
        (
            "Sign an acceptance or an archiving",
            "Return a request and say why",
            "See which petitions each responsible leader has",
        ),
    ),
    CardSeed(
        LEAD_MANAGER,
        ("登记并分办新收的线索", "改好被退回的分办", "导入一份台账，先预览"),
        (
            "Register a new lead and assign it",
            "Mend an assignment that was returned",
            "Import a ledger, with a preview first",
        ),
    ),
    CardSeed(
        INVESTIGATOR,
        ("一分钟内登记一条线索", "改好被退回的处置意见", "看一条线索为什么还不能办结"),
        (
            "Log a lead in under a minute",
            "Mend a disposal opinion that was returned",
            "See why a petition can't be concluded yet",
        ),
    ),
    CardSeed(
        DEPARTMENT_HEAD,
        ("接收一条线索，确定承办人", "签批一份处置意见", "看哪些事项在中止，为什么"),
        (
            "Take on a lead and name its handler",
            "Sign a disposal opinion",
            "See which matters are suspended, and why",
        ),
    ),
    CardSeed(
        DEPUTY,
        ("阅读并签批等得最久的请求", "退回一件，写明理由", "看本周到期的事项，按承办人"),
        (
            "Read and sign the request that has waited longest",
            "Return one and say why",
            "See what falls due this week, by handler",
        ),
    ),
    CardSeed(
        CHIEF,
        ("审批一件初步核实", "看一条线索从头到尾的签批", "从总数点到一条线索"),
        (
            "Decide on a preliminary verification",
            "Follow one lead's signatures from beginning to end",
            "Go from a total down to one lead",
        ),
    ),
    CardSeed(
        SECRETARY,
        ("登记常委会对一件案件的决定", "登记一笔款物的去向", "看一件为什么还不能决定"),
        (
            "Record what the committee decided on a case",
            "Record where a sum of money is to go",
            "See why one case can't be decided yet",
        ),
    ),
    CardSeed(
        LIAISON,
        ("登记上级对延期的批复", "看一件已过期限、不能再延的请求", "登记部门负责人的回避决定"),
        (
            "Record the superior's answer to an extension",
            "See a request whose limit has passed",
            "Record the decision on a head's recusal",
        ),
    ),
    CardSeed(
        ADJUDICATORS[0],
        ("受理一件移送审理的案件", "改好被退回的审理报告", "提出款物处理意见"),
        (
            "Accept a case for adjudication",
            "Mend an adjudication report that was returned",
            "Propose where recovered money goes",
        ),
    ),
    CardSeed(
        ADJUDICATION_HEAD,
        ("签批一件受理", "看一件为什么还不能提请审议", "看审理期限还剩几天"),
        (
            "Sign an acceptance",
            "See why a case can't be put to the committee yet",
            "See how many days of adjudication are left",
        ),
    ),
    CardSeed(
        KEEPER,
        ("核对一份清单并入库", "看一件为什么还不能销账", "看哪些款物没有决定"),
        (
            "Check a list and take the item into custody",
            "See why an item can't be closed yet",
            "See for which items nothing is decided",
        ),
    ),
    CardSeed(
        PAYER,
        ("按退还清册付款", "改好被退回的清册", "打印一张群众收据"),
        (
            "Pay villagers from a return list",
            "Mend a return list that came back",
            "Print a villager's receipt",
        ),
    ),
    CardSeed(
        INSPECTORS[0],
        ("登记一条发现", "看移交的线索办到哪一步", "看自己所在核查组的事项"),
        (
            "Log a finding",
            "See how far the leads that were handed over have come",
            "See the matters of one's own team",
        ),
    ),
    CardSeed(
        AUDITOR,
        ("从总数点到一张群众收据", "导出截至某日的台账", "看姓名如何隐去"),
        (
            "Go from a total down to a villager's receipt",
            "Export a ledger as of a day",
            "See how names are masked",
        ),
    ),
    CardSeed(
        REPORTING_UNIT,
        ("报送一条线索", "看报送的线索到了哪一步", "看看不到什么"),
        (
            "Submit a lead",
            "See how far a submitted lead has come",
            "See what a unit does not get to see",
        ),
    ),
    CardSeed(
        ADMINISTRATOR,
        ("开一个账号", "重设一个人的密码", "看单位树"),
        ("Open an account", "Reset somebody's password", "Look at the unit tree"),
    ),
)
