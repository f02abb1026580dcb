"""Invented names of people and places, identity numbers and telephone numbers.

Identity numbers use the unassigned area code 990101; telephone numbers begin with 1990000.
"""

from __future__ import annotations

from datetime import date, timedelta

from app.domain.demo.chance import Dice

AREA_CODE = "990101"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蔡蒋余"
    "于杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯"
    "龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤农"
)
_GIVEN_MEN = (
    "伟强军勇杰涛明超刚平辉建国华志海林斌波宇鹏飞浩亮松柏庆祥贵荣昌茂盛安邦定远德才学"
    "文武义仁信忠厚福禄寿喜春生水根木金土山川河江洪清源泉"
)
_GIVEN_WOMEN = "芳娜敏静丽艳秀英兰玲桂香梅莲荷菊花翠珍珠玉琴瑶霞云雪月娟慧莉红燕春凤彩素琼"

PLACE_HEADS = "松竹梅柳桃杏桂樟枫青白红黄清石云龙凤上下东西南北大小新老前后高双长"
PLACE_TAILS = "塘坪岭冲湾溪河潭坝坡垭峪桥寨洲店铺田岩坳坑源"


def identity_number(born: date, serial: int) -> str:
    """Eighteen characters with the right check character; odd serials are men's."""
    body = f"{AREA_CODE}{born:%Y%m%d}{serial:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + _CHECKS[total % 11]


def identity_number_is_right(number: str) -> bool:
    if len(number) != 18 or not number[:17].isdigit():
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return number[17] == _CHECKS[total % 11]


class Registry:
    """Gives out people's names and numbers, each number once."""

    def __init__(self, chance: Dice) -> None:
        self._chance = chance
        self._numbers: set[str] = set()
        self._taken: set[str] = set()
        self._phones: set[str] = set()

    def reserve(self, *names: str) -> None:
        """Names that nobody else gets: the staff's, so that nobody reads as their own subject."""
        self._taken.update(names)

    def name(self, *, man: bool | None = None) -> str:
        """A name of two or three characters; another may bear it as well, staff excepted."""
        while True:
            male = self._chance.likely(0.72) if man is None else man
            given = _GIVEN_MEN if male else _GIVEN_WOMEN
            length = 2 if self._chance.likely(0.62) else 1
            name = self._chance.choice(SURNAMES) + "".join(self._chance.sample(given, length))
            if name not in self._taken:
                return name

    def identity(self, *, youngest: int = 1992, oldest: int = 1948) -> str:
        while True:
            first = date(oldest, 1, 1)
            born = first + timedelta(days=self._chance.randrange(365 * (youngest - oldest)))
            number = identity_number(born, self._chance.randrange(1, 1000))
            if number not in self._numbers:
                self._numbers.add(number)
                return number

    def telephone(self) -> str:
        while True:
            number = f"1990000{self._chance.randrange(10000):04d}"
            if number not in self._phones:
                self._phones.add(number)
                return number


def place_names(chance: Dice, count: int, taken: set[str], longer: float = 0.3) -> list[str]:
    """Names of two characters, a share of them longer, without the ending 村, 乡 …

    None of them is in `taken`, which grows by them.
    """
    found: list[str] = []
    while len(found) < count:
        name = chance.choice(PLACE_HEADS) + chance.choice(PLACE_TAILS)
        if chance.likely(longer):
            name += chance.choice(PLACE_TAILS)
        if name in taken or len(set(name)) < len(name):
            continue
        taken.add(name)
        found.append(name)
    return found
