"""Who signs a request, in which order, and why they."""

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


@dataclass(frozen=True, kw_only=True)
class SignStep:
    """One place in a chain. `code` is the profile's, such as HH; `path` where the role is held.

    `account_id` names the one person who can sign, where it must be they (a member of the
    team). `body` is the committee whose decision is recorded here. `risen` means that the
    step went up because nobody holds the role below.
    """

    position: int
    act: Act
    code: str
    role: Role
    path: UnitPath
    why: Reason
    account_id: UUID | None = None
    body: str | None = None
    risen: bool = False
    candidates: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "position": self.position,
            "act": self.act.value,
            "code": self.code,
            "role": self.role.value,
            "path": self.path.value,
            "why": {"message": self.why.message, "values": dict(self.why.values)},
            "account": str(self.account_id) if self.account_id else None,
            "body": self.body,
            "risen": self.risen,
            "candidates": list(self.candidates),
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        why = row["why"]
        return cls(
            position=row["position"],
            act=Act(row["act"]),
            code=row["code"],
            role=Role(row["role"]),
            path=UnitPath(row["path"]),
            why=Reason(why["message"], why.get("values", {})),
            account_id=UUID(row["account"]) if row.get("account") else None,
            body=row.get("body"),
            risen=row.get("risen", False),
            candidates=tuple(row.get("candidates", ())),
        )
