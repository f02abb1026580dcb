"""A chain of signatures: who signs, in which order, and why they."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from app.domain.errors import Reason
from app.domain.permissions import Role
from app.domain.units import UnitPath


class Act(StrEnum):
    REVIEW = "review"  # 审核
    DECIDE = "decide"  # 审批


class Seat(StrEnum):
    """Stands where a role would: a place that only the matter's own team can sign."""

    TEAM = "team"


@dataclass(frozen=True, kw_only=True)
class SignStep:
    """One place in a chain. `code` is the profile's, such as HH; `path` where the role is held.

    `account_id` names the one person who can sign, where it must be they; with `passes_on`, whoever
    holds the place now, once that person can't any more. `body` is
    the committee whose decision is recorded here. `risen`: nobody holds the role below, so the
    superior unit's holder signs. `rule` is the profile's own sentence on why, `why` the general
    one. `candidates` are the names of those who could sign when the chain was made.
    """

    position: int
    act: Act
    code: str
    role: Role | Seat
    path: UnitPath
    why: Reason
    rule: Mapping[str, str] | None = None
    account_id: UUID | None = None
    body: str | None = None
    risen: bool = False
    candidates: tuple[str, ...] = ()
    passes_on: bool = False

    @property
    def decides(self) -> bool:
        return self.act is Act.DECIDE

    @property
    def of_team(self) -> bool:
        return self.role is Seat.TEAM

    def as_json(self) -> dict[str, Any]:
        return {
            "position": self.position,
            "act": self.act.value,
            "code": self.code,
            "role": self.role.value,
            "path": self.path.value,
            "why": {"message": self.why.message, "values": dict(self.why.values)},
            "rule": dict(self.rule) if self.rule else None,
            "account": str(self.account_id) if self.account_id else None,
            "body": self.body,
            "risen": self.risen,
            "candidates": list(self.candidates),
            **({"passes_on": True} if self.passes_on else {}),
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        why = row["why"]
        held = row["role"]
        return cls(
            position=row["position"],
            act=Act(row["act"]),
            code=row["code"],
            role=Seat.TEAM if held == Seat.TEAM.value else Role(held),
            path=UnitPath(row["path"]),
            why=Reason(why["message"], why.get("values", {})),
            rule=row.get("rule"),
            account_id=UUID(row["account"]) if row.get("account") else None,
            body=row.get("body"),
            risen=row.get("risen", False),
            candidates=tuple(row.get("candidates", ())),
            passes_on=row.get("passes_on", False),
        )
