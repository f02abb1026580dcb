"""Who works in the demo: accounts with their roles, and the leaders in charge of petitions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.demo.district import BODY, DISTRICT, OFFICES, District
from app.domain.permissions import Clearance, Role
from app.domain.units import UnitPath

BEGAN = date(2015, 1, 5)  # the first working day of the oldest petition's year


@dataclass(frozen=True, slots=True)
class AccountSeed:
    """Somebody who signs in. `unit` is where they work, `reach` what their role covers."""

    login: str
    name: str
    role: Role
    unit: UnitPath
    reach: UnitPath
    title: str
    clearance: Clearance = Clearance.NORMAL


@dataclass(frozen=True, slots=True)
class Group:
    """A department that handles matters: its head and its handlers, by login."""

    path: UnitPath
    name: str
    head: str
    handlers: tuple[str, ...]


# (unit's label under the body, head, handlers): a login and a name each.
_GROUPS: tuple[tuple[str, tuple[str, str], str], ...] = (
    (
        "L1",
        ("luwenbin", "陆文斌"),
        "xuehai 薛海 tanyuping 谭玉萍 songjianguo 宋建国 fangzhiyuan 方志远 jiangxiaolan 蒋小兰",
    ),
    (
        "L2",
        ("hushaofeng", "胡少峰"),
        "yuguowei 余国伟 chenhuaxin 陈华新 lijialin 黎嘉林 qinyanfei 秦燕飞 zhaokaile 赵凯乐",
    ),
    (
        "L3",
        ("kongmin", "孔敏"),
        "yexiaoyu 叶晓雨 wangfei 汪飞 zhuhanlei 朱涵磊 haoxuansheng 郝轩胜 linyunyong 林云勇 "
        "renpengjuan 任鹏娟",
    ),
    (
        "L4",
        ("majianping", "马建萍"),
        "tiankaimin 田凯敏 leigangfu 雷刚福 xiafangqin 夏芳琴 dudehao 杜德浩 shiweimin 石卫民",
    ),
    (
        "L5",
        ("zhongruiqi", "钟瑞琪"),
        "zhoujiahan 周家涵 baiyuqin 白宇琴 liangxinxin 梁新欣 wupengna 武鹏娜 guyuchen 顾雨辰",
    ),
    (
        "L6",
        ("fanlixia", "范丽霞"),
        "huxiuxia 胡秀霞 chengmeifei 程梅飞 yiweiyi 易伟怡 tangziying 唐子英 duanlei 段磊",
    ),
    ("J1", ("gaoyang", "高扬"), "pengtao 彭涛 wuhaiyan 吴海燕 xiezhigang 谢志刚"),
    ("J2", ("dongweihua", "董卫华"), "caiminjie 蔡敏杰 luoxueqin 罗雪琴 dengshaojun 邓少军"),
    ("C3", ("hanzhenguo", "韩振国"), "fengyali 冯雅丽 yuanchao 袁超 maoxinyi 毛欣怡"),
)

# login, name, role, label of the office under the body, what they are.
_OFFICES: tuple[tuple[str, str, Role, str, str], ...] = (
    ("pengsheng", "彭胜", Role.CHIEF, "BG", "区纪委书记、区监委主任"),
    ("gaojing", "高静", Role.DEPUTY, "BG", "区纪委副书记、区监委副主任"),
    ("qinzhengming", "秦正明", Role.DEPUTY, "BG", "区纪委副书记、区监委副主任"),
    ("weisuqin", "韦素琴", Role.SECRETARY, "BG", "区纪委常委会秘书"),
    ("lianghong", "梁宏", Role.LIAISON, "BG", "上级联络员"),
    ("luguangwen", "卢广文", Role.PETITIONS_HEAD, "XF", "信访室主任"),
    ("tianmeijian", "田梅建", Role.INTAKE_OFFICER, "XF", "信访室干部"),
    ("qinhaiying", "覃海英", Role.INTAKE_OFFICER, "XF", "信访室干部"),
    ("jinjuan", "金娟", Role.LEAD_MANAGER, "AG", "案管室线索专管员"),
    ("weixiaolan", "韦小兰", Role.LEAD_MANAGER, "AG", "案管室线索专管员"),
    ("fushaohua", "付少华", Role.ADJUDICATION_HEAD, "SL", "案件审理室主任"),
    ("wenwei", "文伟", Role.ADJUDICATOR, "SL", "案件审理室干部"),
    ("qiandanyang", "钱丹阳", Role.ADJUDICATOR, "SL", "案件审理室干部"),
    ("yinlihua", "尹丽华", Role.ADJUDICATOR, "SL", "案件审理室干部"),
    ("daitao", "戴涛", Role.KEEPER, "KG", "涉案款物保管员"),
    ("shaoli", "邵丽", Role.FINANCE, "CW", "财务科会计"),
    ("zhonghong", "钟红", Role.FINANCE, "CW", "财务科出纳"),
    ("zenghuixia", "曾辉霞", Role.INSPECTOR, "XC", "巡察组组员"),
    ("wansongbai", "万松柏", Role.INSPECTOR, "XC", "巡察组组员"),
    ("tangsi", "汤思", Role.ADMINISTRATOR, "BG", "系统管理员"),
)
_REPORTERS = (  # accounts of units that report leads
    ("unit-songshan", "松山乡"),
    ("unit-longwan", "龙湾镇"),
    ("unit-caizheng", "区财政局"),
    ("unit-fupin", "区扶贫开发办公室"),
    ("unit-linye", "区林业局"),
)
_AUDITOR = ("shixiayong", "石霞永", "区审计局")

LEADERS = (  # the district's leaders, each in charge of some petitions 包案领导
    "薛建雨 戴鹏梅 丁俊 陆德娟 戴长胜 黎勇 严家和 顾长河 沈维民 吕清平"
).split()

INTAKE, SECOND_INTAKE, PETITIONS_HEAD = "tianmeijian", "qinhaiying", "luguangwen"
CHIEF, DEPUTY, SECOND_DEPUTY = "pengsheng", "gaojing", "qinzhengming"
SECRETARY, LIAISON = "weisuqin", "lianghong"
LEAD_MANAGER, SECOND_LEAD_MANAGER = "jinjuan", "weixiaolan"
ADJUDICATION_HEAD = "fushaohua"
ADJUDICATORS = ("wenwei", "qiandanyang", "yinlihua")
KEEPER, RECEIVER, PAYER = "daitao", "shaoli", "zhonghong"
INSPECTORS = ("zenghuixia", "wansongbai")
INVESTIGATOR, DEPARTMENT_HEAD = "yexiaoyu", "kongmin"
AUDITOR, ADMINISTRATOR, REPORTING_UNIT = "shixiayong", "tangsi", "unit-songshan"

# Who sits on the committee.
COMMITTEE = ("彭胜", "高静", "秦正明", "高扬", "董卫华", "付少华", "卢广文")


def _groups() -> tuple[Group, ...]:
    found = []
    for label, (head, _name), handlers in _GROUPS:
        logins = tuple(handlers.split()[::2])
        name = OFFICES.get(label, f"第{label[1:]}联组")
        found.append(Group(BODY.child(label), name, head, logins))
    return tuple(found)


def _names() -> dict[str, str]:
    found = {login: name for login, name, *_rest in _OFFICES}
    for _label, (head, name), handlers in _GROUPS:
        listed = handlers.split()
        found |= {head: name, **dict(zip(listed[::2], listed[1::2], strict=True))}
    return found


GROUPS = _groups()
NAMES = _names()  # by login
GROUP_OF = {login: group for group in GROUPS for login in (group.head, *group.handlers)}


def make_accounts(district: District) -> tuple[AccountSeed, ...]:
    found = [
        AccountSeed(login, name, role, BODY.child(office), DISTRICT, title)
        for login, name, role, office, title in _OFFICES
    ]
    for label, (head, name), handlers in _GROUPS:
        path = BODY.child(label)
        unit = district.unit(path).name
        found.append(AccountSeed(head, name, Role.DEPARTMENT_HEAD, path, path, f"{unit}负责人"))
        words = handlers.split()
        found += [
            AccountSeed(login, person, Role.INVESTIGATOR, path, path, f"{unit}干部")
            for login, person in zip(words[::2], words[1::2], strict=True)
        ]
    for login, unit_name in _REPORTERS:
        path = district.named(unit_name).path
        found.append(AccountSeed(login, unit_name, Role.REPORTING_UNIT, path, path, "信息报送单位"))
    login, name, bureau = _AUDITOR
    found.append(
        AccountSeed(
            login, name, Role.AUDITOR, district.named(bureau).path, DISTRICT, "派驻审计员",
            clearance=Clearance.RESTRICTED,
        )
    )  # fmt: skip
    return tuple(found)
