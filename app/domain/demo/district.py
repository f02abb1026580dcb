"""The units of 云川区: 24 townships and subdistricts, 258 villages, departments, offices."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.demo.chance import Dice, dice
from app.domain.demo.names import place_names
from app.domain.units import UnitKind, UnitPath

DISTRICT = UnitPath("YC")
BODY_NAME = "云川区纪委监委"
BODY_NAME_EN = "Yunchuan District Discipline Inspection and Supervision Commission"
VILLAGES = 258
REPORTING = 167
TEAMS = 6

_TOWNSHIPS = ("松山乡", "龙湾镇", "红田镇", "梅冲乡", "柳塘乡", "白垭乡", "南店乡")
_SUBDISTRICTS = ("上店街道", "青坪街道", "龙岭街道")
_ANCHORS = {  # villages that the guided tour names, under their township
    "松山乡": ("下田峪村", "青山村", "北湾村", "清坡店村"),
    "梅冲乡": ("南山田村",),
    "龙湾镇": ("竹岭村",),
    "红田镇": ("柳河村",),
    "上店街道": ("柳桥冲社区",),
}
_BUREAUS = (
    "发展和改革局 教育局 科学技术局 民政局 司法局 财政局 人力资源和社会保障局 国土资源局 "
    "环境保护局 住房和城乡建设局 交通运输局 水利局 农业局 林业局 商务局 文化广电新闻出版局 "
    "卫生和计划生育局 审计局 市场监督管理局 统计局 扶贫开发办公室 食品药品监督管理局 "
    "安全生产监督管理局 信访局 "
    "移民事务局 畜牧水产局 供销合作社 残疾人联合会 总工会 妇女联合会 工商业联合会 科学技术协会 "
    "档案馆 房产服务中心 公路养护中心 农村经营服务站 危房改造办公室 退耕还林办公室 国有林场 "
    "农机服务中心 水土保持站 疾病预防控制中心 人民医院 中医院 妇幼保健院 第一中学 第二中学 "
    "职业中等专业学校 特殊教育学校 体育服务中心 广播电视台 就业服务中心 社会保险中心 "
    "旅游局 公共资源交易中心 机关事务服务中心 城市管理局 粮食局 地震办公室 "
    "气象服务站 红十字会 老龄办公室 自来水公司 城乡建设投资公司 农业发展公司 旅游开发公司 "
    "文化馆"
).split()
_STATIONS = ("财政所", "民政办公室", "林业站", "扶贫办公室")  # of each township
_STREET_STATIONS = ("财政所", "民政办公室")  # of each subdistrict

OFFICES = {  # label → name, under the body
    "XF": "信访室",
    "AG": "案件监督管理室",
    "J1": "第一监督检查室",
    "J2": "第二监督检查室",
    "C3": "第三审查调查室",
    "SL": "案件审理室",
    "BG": "办公室",
    "KG": "涉案款物保管中心",
    "CW": "财务科",
    "XC": "巡察工作领导小组办公室",
}
BODY = DISTRICT.child("JW")


@dataclass(frozen=True, slots=True)
class UnitSeed:
    """A unit as the demo makes it. `code` is its path with hyphens, as in the district's lists."""

    path: UnitPath
    name: str
    kind: UnitKind
    reporting: bool = False
    poor_village: bool = False

    @property
    def code(self) -> str:
        return self.path.value.replace(".", "-")

    @property
    def parent(self) -> UnitPath | None:
        head, dot, _label = self.path.value.rpartition(".")
        return UnitPath(head) if dot else None


class District:
    """All units, parents before children, with the look-ups that the history needs."""

    def __init__(self, units: tuple[UnitSeed, ...]) -> None:
        self.units = units
        self._by_path = {unit.path: unit for unit in units}
        self.villages = tuple(u for u in units if u.kind is UnitKind.VILLAGE)
        self.stations = tuple(
            u for u in units if u.kind is UnitKind.DEPARTMENT and u.parent != DISTRICT
        )
        self.bureaus = tuple(
            u for u in units if u.kind is UnitKind.DEPARTMENT and u.parent == DISTRICT
        )
        self.towns = tuple(u for u in units if u.kind in {UnitKind.TOWNSHIP, UnitKind.SUBDISTRICT})
        self.teams = tuple(u for u in units if u.kind is UnitKind.TEAM)

    def unit(self, path: UnitPath) -> UnitSeed:
        return self._by_path[path]

    def named(self, name: str) -> UnitSeed:
        """The unit of this name; of several (a village name may recur) the first."""
        return next(unit for unit in self.units if unit.name == name)

    def place(self, unit: UnitSeed) -> str:
        """Where it is, in words: 松山乡下田峪村, 区林业局."""
        parent = self._by_path[unit.parent] if unit.parent else None
        town = parent is not None and parent.kind in {UnitKind.TOWNSHIP, UnitKind.SUBDISTRICT}
        return f"{parent.name}{unit.name}" if parent is not None and town else unit.name

    def town_of(self, unit: UnitSeed) -> UnitSeed | None:
        """The township or subdistrict that it is, or lies in."""
        if unit in self.towns:
            return unit
        parent = self._by_path.get(unit.parent) if unit.parent else None
        return parent if parent in self.towns else None


def _towns(chance: Dice, taken: set[str]) -> list[UnitSeed]:
    found: list[UnitSeed] = []
    for label, wanted, anchors, endings, kind in (
        ("T", 14, _TOWNSHIPS, "镇乡", UnitKind.TOWNSHIP),
        ("S", 10, _SUBDISTRICTS, ("街道",), UnitKind.SUBDISTRICT),
    ):
        fresh = place_names(chance, wanted - len(anchors), taken, longer=0)
        names = [*anchors, *(name + chance.choice(endings) for name in fresh)]
        for number, name in enumerate(names, 1):
            path = DISTRICT.child(f"{label}{number:02d}")
            found.append(UnitSeed(path, name, kind, reporting=True))
    return found


def _villages(chance: Dice, towns: list[UnitSeed], taken: set[str]) -> list[UnitSeed]:
    """Eight for every subdistrict, the rest spread over the townships."""
    counts = {town.path: 8 if town.kind is UnitKind.SUBDISTRICT else 12 for town in towns}
    townships = [town.path for town in towns if town.kind is UnitKind.TOWNSHIP]
    for index in range(VILLAGES - sum(counts.values())):
        counts[townships[index % len(townships)]] += 1
    found: list[UnitSeed] = []
    for town in towns:
        street = town.kind is UnitKind.SUBDISTRICT
        anchors = list(_ANCHORS.get(town.name, ()))
        fresh = place_names(chance, counts[town.path] - len(anchors), taken)
        names = anchors + [name + ("社区" if street else "村") for name in fresh]
        for number, name in enumerate(chance.shuffled(names), 1):
            path = town.path.child(f"V{number:02d}")
            poor = not street and chance.likely(0.34)
            found.append(UnitSeed(path, name, UnitKind.VILLAGE, poor_village=poor))
    return found


def _departments(towns: list[UnitSeed]) -> list[UnitSeed]:
    found = [
        UnitSeed(DISTRICT.child(f"D{number:02d}"), f"区{name}", UnitKind.DEPARTMENT, reporting=True)
        for number, name in enumerate(_BUREAUS, 1)
    ]
    for town in towns:
        township = town.kind is UnitKind.TOWNSHIP
        for number, name in enumerate(_STATIONS if township else _STREET_STATIONS, 1):
            path = town.path.child(f"D{number:02d}")
            found.append(UnitSeed(path, name, UnitKind.DEPARTMENT, reporting=True))
    return found


def _body() -> list[UnitSeed]:
    """The body itself, its offices, and the joint teams that pool officials by area."""
    found = [UnitSeed(BODY, BODY_NAME, UnitKind.OFFICE)]
    found += [UnitSeed(BODY.child(key), name, UnitKind.OFFICE) for key, name in OFFICES.items()]
    found += [
        UnitSeed(BODY.child(f"L{number}"), f"第{number}联组", UnitKind.TEAM)
        for number in range(1, TEAMS + 1)
    ]
    return found


def make_district(seed: int) -> District:
    chance = dice(seed).part("district")
    taken = {name.rstrip("村") for names in _ANCHORS.values() for name in names}
    taken |= {"柳桥冲", *(name[:2] for name in (*_TOWNSHIPS, *_SUBDISTRICTS))}
    towns = _towns(chance, taken)
    units = [
        UnitSeed(DISTRICT, "云川区", UnitKind.DISTRICT),
        *_body(),
        *towns,
        *_departments(towns),
        *_villages(chance, towns, taken),
    ]
    return District(tuple(units))
