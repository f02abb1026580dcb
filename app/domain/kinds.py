"""The kinds of matter, and the stages of each matter's life."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    PETITION = "petition"  # 信访件
    LEAD = "lead"  # 问题线索
    CASE = "case"  # 案件
    FUND_ITEM = "fund_item"  # 涉案财物


class Stage(StrEnum):
    SHARE = "share"  # 共享
    ASSESS = "assess"  # 研判
    INVESTIGATE = "investigate"  # 查办
    REVIEW = "review"  # 复核
