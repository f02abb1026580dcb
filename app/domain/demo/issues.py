"""What leads allege, in neutral words: titles name the place and the matter, never a verdict."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.demo.chance import Dice, Rota


@dataclass(frozen=True, slots=True)
class CampaignSeed:
    """A special-topic campaign with what it must add up to, in leads and in fen."""

    key: str
    name: str
    leads: int
    filed: int
    recovered: int


CAMPAIGNS = (
    CampaignSeed("贫困户精准识别", "贫困户精准识别", 152, 38, 143149456),
    CampaignSeed("危房改造", "危房改造", 144, 31, 105451387),
    CampaignSeed("村级财务清查", "村级财务清查", 159, 53, 285265239),
    CampaignSeed("林业两补", "林业“两补”", 149, 42, 98423918),
)


@dataclass(frozen=True, slots=True)
class Issue:
    """A kind of allegation. Texts take {year}, {next}, {n} households, {yuan} and {who}."""

    campaign: str
    title: str
    category: str
    texts: tuple[str, ...]
    money: bool = True


ISSUES = (
    Issue(
        "贫困户精准识别", "{place}贫困户识别问题", "将不符合条件的人员纳入建档立卡", (
            "反映{year}年建档立卡时，{who}把家中有车有房的{n}户亲属评为贫困户，评议会没有开。",
            "反映{year}年动态调整时，{who}为{n}户不符合条件的农户填报材料，名单没有在组里张贴。",
            "反映{who}的兄弟在镇上有门面，{year}年仍列为贫困户，共领取帮扶资金{yuan}元。",
        ),
    ),
    Issue(
        "贫困户精准识别", "{place}贫困户漏评问题", "应评未评、程序不到位", (
            "反映{year}年评议时，组里{n}户收入低于标准的农户没有被纳入，也没有说明原因。",
            "反映{who}没有入户核实，{year}年把{n}户困难家庭漏在名单之外，公示只贴了半天。",
        ), money=False,
    ),
    Issue(
        "贫困户精准识别", "{place}贫困户评定收取费用问题", "评定贫困户时收取费用", (
            "反映{year}年评定贫困户时，{who}向{n}户各收取几百元“办证费”，合计约{yuan}元，没有收据。",
            "反映{who}以“跑手续”为由，{year}年向申请贫困户的{n}户收钱，合计约{yuan}元。",
        ),
    ),
    Issue(
        "贫困户精准识别", "{place}产业帮扶资金发放问题", "帮扶资金没有足额发放", (
            "反映{year}年产业帮扶资金到村后，{n}户只领到一部分，余下约{yuan}元去向不明。",
            "反映{who}{year}年代领{n}户的产业奖补资金，合计{yuan}元，农户{next}年才知道。",
        ),
    ),
    Issue(
        "危房改造", "{place}危房改造面积申报问题", "多报危房改造面积", (
            "反映{year}年至{next}年，村里申报危房改造补助时为{n}户多报面积，涉及补助约{yuan}元。",
            "反映{who}在{year}年危改验收表上多填{n}户的面积，多领的补助{yuan}元没有发到户。",
        ),
    ),
    Issue(
        "危房改造", "{place}危房改造资金问题", "套取危房改造补助", (
            "反映{year}年有{n}户没有动工，却出现在危改补助发放表上，涉及资金{yuan}元。",
            "反映{who}用{n}户的户口本申报危改补助，{year}年领取{yuan}元，户主没有见到钱。",
            "反映{year}年危改补助有{yuan}元打进{who}亲属的存折，涉及{n}户。",
        ),
    ),
    Issue(
        "危房改造", "{place}危房改造收取费用问题", "向危改户收取费用", (
            "反映{year}年{who}向{n}户危改户收取“工作经费”，合计约{yuan}元，没有入村账。",
            "反映危改户要先交“保证金”才给验收，{year}年{n}户共交{yuan}元，至今没有退。",
        ),
    ),
    Issue(
        "危房改造", "{place}重复享受危房改造补助问题", "重复享受危房改造补助", (
            "反映{n}户在{year}年和{next}年两次享受危改补助，涉及{yuan}元，由{who}经手填报。",
        ),
    ),
    Issue(
        "村级财务清查", "{place}扶贫项目支出问题", "虚列支出", (
            "反映{year}年村道硬化项目多列人工和砂石款{yuan}元，收款人是{who}的亲戚。",
            "反映{who}{year}年用{n}张误工费条子列支{yuan}元，条子上的人说没有出过工。",
            "反映{year}年饮水工程决算比实际多出约{yuan}元，{who}经手，村里没有公示。",
        ),
    ),
    Issue(
        "村级财务清查", "{place}集体资金收支问题", "集体资金坐收坐支", (
            "反映{year}年集体山塘承包款{yuan}元没有入账，由{who}直接用于接待开支。",
            "反映{who}{year}年收取{n}户的集体土地租金，合计{yuan}元，直接用了，账上看不到。",
        ),
    ),
    Issue(
        "村级财务清查", "{place}征地补偿款入账问题", "征地补偿款没有入账", (
            "反映{year}年修路征地，{n}户的补偿款只发了一部分，约{yuan}元由{who}保管至今。",
            "反映{year}年征地补偿款中有{yuan}元没有进村集体账户，{n}户多次询问没有答复。",
        ),
    ),
    Issue(
        "村级财务清查", "{place}集体资产发包问题", "集体资产发包不规范", (
            "反映{year}年{who}没有开村民代表会议，把集体林场低价包给他人，{n}户有意见。",
            "反映{year}年集体门面续租没有公开，租金比市价低，五年少收约{yuan}元。",
        ),
    ),
    Issue(
        "林业两补", "{place}造林面积申报问题", "多报造林面积", (
            "反映{year}年造林验收时多报面积，涉及{n}户，多领补助约{yuan}元，由{who}统一领取。",
            "反映{year}年申报的造林地块有一部分是荒坡，没有栽苗，仍领取补助{yuan}元。",
        ),
    ),
    Issue(
        "林业两补", "{place}退耕还林补助发放问题", "退耕还林补助没有发到户", (
            "反映{year}年退耕还林补助到账后，{n}户少领，合计约{yuan}元，村里说要抵交公共费用。",
            "反映{who}把{n}户已外迁人员的退耕还林补助{yuan}元领走，时间是{year}年至{next}年。",
        ),
    ),
    Issue(
        "林业两补", "{place}生态公益林补偿款问题", "生态公益林补偿款去向", (
            "反映{year}年公益林补偿款{yuan}元没有分到{n}户，{who}说留作护林员工资，没有明细。",
            "反映{year}年起公益林补偿款由{who}代管，{n}户没有见到发放表。",
        ),
    ),
    Issue(
        "林业两补", "{place}林业补助代领问题", "代领林业补助", (
            "反映{n}户的林业补助存折由{who}保管，{year}年取走{yuan}元，没有交给户主。",
        ),
    ),
)  # fmt: skip

# Claims 申诉求决: they ask for something to be settled and lead to no lead.
CLAIMS = (
    "要求落实{year}年修路占地的补偿，涉及{n}户，合计约{yuan}元。",
    "对{year}年危房改造验收结果不服，要求重新丈量。",
    "要求补发{year}年退耕还林补助，本户少发{yuan}元。",
    "要求说明本户{year}年退出贫困户的理由，并重新评议。",
    "要求解决{year}年集体林地分界的争议，涉及{n}户。",
)
REPEATED = ("再次来信，要求尽快答复：", "同一内容再次反映：", "来电催问，内容与前次相同：")


@dataclass(frozen=True, slots=True)
class Allegation:
    """An issue as somebody told it of one place."""

    campaign: str
    title: str
    category: str
    what: str
    years: str
    fen: int | None


def allegation(
    chance: Dice, rota: Rota, issue: Issue, *, place: str, who: str, fen: int | None, year: int
) -> Allegation:
    """`fen` is the amount that is spoken of, if any; `who` how the person is referred to."""
    text = rota.next(issue.texts)
    told = text.format(
        year=year,
        next=year + 1,
        n=chance.randint(3, 19),
        yuan=f"{(fen or chance.randint(8, 90) * 10000) / 100:,.0f}",
        who=who,
    )
    spoken = fen if "{yuan}" in text else None
    years = f"{year}年至{year + 1}年" if "{next}" in text else f"{year}年"
    return Allegation(
        campaign=issue.campaign,
        title=issue.title.format(place=place),
        category=issue.category,
        what=told,
        years=years,
        fen=spoken if issue.money else None,
    )


def issues_of(campaign: str) -> tuple[Issue, ...]:
    return tuple(issue for issue in ISSUES if issue.campaign == campaign)
