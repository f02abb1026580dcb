"""Where a matter belongs: a unit's place in the tree, as an ltree path."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum

_LABEL = re.compile(r"^[A-Za-z0-9_]{1,64}$")


class UnitKind(StrEnum):
    """What a unit is. `office` is one of the body's own offices, `team` a joint team 联组."""

    DISTRICT = "district"
    TOWNSHIP = "township"
    SUBDISTRICT = "subdistrict"
    VILLAGE = "village"
    DEPARTMENT = "department"
    OFFICE = "office"
    TEAM = "team"


@dataclass(frozen=True, slots=True, order=True)
class UnitPath:
    """A path such as `YC.T02.V011`: labels of ASCII letters, digits and `_`, joined by dots."""

    value: str

    def __post_init__(self) -> None:
        if not self.value or not all(_LABEL.match(label) for label in self.value.split(".")):
            raise ValueError(f"not a unit path: {self.value!r}")

    @classmethod
    def everywhere(cls) -> UnitPath:
        """The whole installation: above every unit, also before the first one exists."""
        path = object.__new__(cls)
        object.__setattr__(path, "value", "")
        return path

    def __str__(self) -> str:
        return self.value

    def covers(self, other: UnitPath) -> bool:
        """Whether `other` is this unit or lies below it."""
        inside = other.value.startswith(self.value + ".")
        return not self.value or other.value == self.value or inside

    def child(self, label: str) -> UnitPath:
        return UnitPath(f"{self.value}.{label}")

    @property
    def root(self) -> UnitPath:
        """The district: numbers are drawn there."""
        return UnitPath(self.value.split(".", 1)[0])


def label_of(code: str, parent_code: str | None) -> str:
    """The label of a unit's path: its code without its parent's in front.

    `YC-T02` below `YC` is `T02`. A code that labels can't spell gets a hash of itself instead,
    so that two such codes never share a place.
    """
    own = code
    if parent_code and code.startswith(parent_code) and len(code) > len(parent_code):
        own = code[len(parent_code) :].lstrip("-_. /")
    spelled = re.sub(r"[-. /]", "_", own)
    if _LABEL.match(spelled):
        return spelled
    return "x" + hashlib.sha256(code.encode()).hexdigest()[:16]
