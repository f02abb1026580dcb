"""From the names of places in a ledger to units of the tree."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.core.db import Row
from app.domain.ledgers.findings import Problem
from app.domain.ledgers.texts import squash
from app.domain.units import UnitKind
from app.services.imports.problems import (
    NO_UNITS,
    UNIT_AMBIGUOUS,
    UNIT_ASSUMED,
    UNIT_NOT_YOURS,
    UNIT_UNKNOWN,
)

_ENDING = re.compile(
    r"(?:村民委员会|居民委员会|村委会|居委会|社区|村|街道办事处|街道办|街道|民族乡|镇|乡)$"
)
_LOOKS_LIKE_A_VILLAGE = re.compile(r".{1,12}?(?:村|社区|居委会)")
_AREAS = frozenset({UnitKind.TOWNSHIP, UnitKind.SUBDISTRICT})
_NUMERALS = {numeral: str(value) for value, numeral in enumerate("〇一二三四五六七八九")}


@dataclass(frozen=True, slots=True)
class Place:
    """A unit as rows are laid to it."""

    id: UUID
    code: str
    name: str
    kind: UnitKind
    path: str

    @classmethod
    def of_matter(cls, unit_id: UUID, path: str) -> Place:
        """The unit of a matter that is known: where it lies is all that is needed of it."""
        return cls(unit_id, "", "", UnitKind.VILLAGE, path)

    @property
    def district(self) -> str:
        return self.path.split(".", 1)[0]

    def covers(self, other: Place) -> bool:
        return other.path == self.path or other.path.startswith(self.path + ".")


@dataclass(frozen=True, slots=True)
class Found:
    """A unit, and what there is to say about how it was found; `field` is where."""

    place: Place | None
    problem: Problem | None = None
    field: str = ""


class Places:
    """The unit tree by its names. `allowed` says for which paths the actor imports."""

    def __init__(self, units: Iterable[Row], allowed: Callable[[str], bool]) -> None:
        self._allowed = allowed
        self._by_name: dict[str, list[Place]] = defaultdict(list)
        self._by_stem: dict[str, list[Place]] = defaultdict(list)
        self._by_code: dict[str, Place] = {}
        self._teams: dict[str, Place] = {}
        self.districts: list[Place] = []
        self._home: Place | None = None
        for unit in units:
            self.add(
                Place(unit["id"], unit["code"], unit["name"], UnitKind(unit["kind"]), unit["path"])
            )

    def add(self, place: Place) -> None:
        self._by_name[squash(place.name)].append(place)
        self._by_code[place.code.upper()] = place
        if place.kind is UnitKind.DISTRICT:
            self.districts.append(place)
        if place.kind in (UnitKind.TEAM, UnitKind.OFFICE, UnitKind.DEPARTMENT):
            self._teams.setdefault(team_key(place.name), place)
        else:
            self._by_stem[_stem(place.name)].append(place)

    def covers(self, path: str) -> bool:
        """Whether the actor imports for the unit at this path."""
        return self._allowed(path)

    def coded(self, code: str) -> Place | None:
        return self._by_code.get(code.upper())

    def named(self, name: str, under: Place | None = None) -> list[Place]:
        """Those of this name, however it is padded; else those whose name it abbreviates."""
        found = self._by_name.get(squash(name)) or self._by_stem.get(_stem(name)) or []
        return [p for p in found if under is None or (under.covers(p) and p != under)]

    def settle_home(self, name: str) -> None:
        """The district of this ledger: the one that it names, the actor's own, or the only one."""
        mine = [p for p in self.districts if self._allowed(p.path)] or self.districts
        named = [p for p in mine if name and squash(p.name) == squash(name)]
        self._home = named[0] if named else mine[0] if len(mine) == 1 else None

    @property
    def home(self) -> Place | None:
        return self._home

    def team(self, name: str) -> Place | None:
        """A joint team or an office: 第一联组 and 第1联组 are one."""
        return self._teams.get(team_key(name))

    def resolve(
        self, township: str, village: str, place: str = "", hints: Sequence[str] = ()
    ) -> Found:
        """The unit of a row. `hints` are further texts in which one may be named."""
        if not self.districts:
            return Found(None, NO_UNITS, "township")
        found = self._stated(township, village, place)
        if found is None:
            found = next((Found(p) for p in map(self.inside, hints) if p is not None), None)
        if found is None:
            if self._home is None:
                return Found(None, UNIT_UNKNOWN, "township")
            found = Found(self._home, UNIT_ASSUMED, "village")
        if found.place is not None and not self._allowed(found.place.path):
            return Found(None, UNIT_NOT_YOURS, found.field or "village")
        return found

    def _stated(self, township: str, village: str, place: str) -> Found | None:
        if village:
            return self._village(township, village)
        if township:
            return self._one(self.named(township, self._home) or self.named(township), "township")
        if place:
            inside = self.inside(place, strict=True)
            return Found(inside, None if inside else UNIT_UNKNOWN, "place")
        return None

    def _village(self, township: str, village: str) -> Found:
        if not township:
            found = self.named(village, self._home) or self.named(village)
            if not found and (inside := self.inside(village, strict=True)) is not None:
                return Found(inside)
            return self._one(found, "village")
        areas = self.named(township, self._home) or self.named(township)
        if not areas:
            return Found(None, UNIT_UNKNOWN, "township")
        found = [p for area in areas for p in self.named(village, area)]
        if not found:
            found = [area for area in areas if squash(area.name) == squash(village)]
        if not found:
            inside = self.inside(village, strict=True)
            found = [inside] if inside and any(area.covers(inside) for area in areas) else []
        return self._one(found, "village")

    @staticmethod
    def _one(found: list[Place], field: str) -> Found:
        if len(found) == 1:
            return Found(found[0])
        return Found(None, UNIT_AMBIGUOUS if found else UNIT_UNKNOWN, field)

    def inside(self, text: str, *, strict: bool = False) -> Place | None:
        """The unit that a text begins with: 松山乡北湾村村主任, 柳塘乡竹寨河村2组. With `strict` a
        village that isn't known below its township is nothing rather than the township."""
        plain, place = squash(text), None
        while plain:
            deeper = self._longest(plain, place)
            if deeper is None:
                break
            place, plain = deeper, plain[len(squash(deeper.name)) :]
        if place is None or place == self._home:
            return place if strict and not plain else None
        if strict and plain and place.kind in _AREAS and _LOOKS_LIKE_A_VILLAGE.match(plain):
            return None
        return place

    def _longest(self, plain: str, under: Place | None) -> Place | None:
        """The longest name that the text begins with, below `under`; alone of its name."""
        for end in range(min(len(plain), 24), 1, -1):
            found = [
                p
                for p in self._by_name.get(plain[:end], ())
                if under is None or (under.covers(p) and p != under)
            ]
            if under is None and self._home is not None and len(found) > 1:
                found = [p for p in found if self._home.covers(p)]
            if len(found) == 1:
                return found[0]
        return None


def _stem(name: str) -> str:
    plain = squash(name)
    return _ENDING.sub("", plain) or plain


def team_key(name: str) -> str:
    """第一联组, 第 1 联组 and 第01联组 are one team."""
    text = "".join(_NUMERALS.get(letter, letter) for letter in _tens(squash(name)))
    return re.sub(r"(?<!\d)0+(?=\d)", "", text)


def _tens(text: str) -> str:
    """十二 → 一二, 二十 → 二〇, 十 → 一〇."""

    def spelled(match: re.Match[str]) -> str:
        return f"{match[1] or '一'}{match[2] or '〇'}"

    return re.sub(r"([一二三四五六七八九])?十([一二三四五六七八九])?", spelled, text)
