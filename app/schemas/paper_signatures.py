"""Signatures on paper: what is entered from one, what came of comparing it, and of an objection."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from app.schemas.base import AN_ID, Answered, Day, Flag, Paragraphs, Sent, example

Standing = Literal[
    "entered",
    "withdrawn",
    "rejected",
    "stands",
    "acknowledged",
    "objected",
    "upheld",
    "set_aside",
]


class PaperSignatureRead(Answered):
    """`entered` until somebody compared it; `stands` until the signer answered; what they object to
    holds the matter until it is `upheld` or `set_aside`."""

    id: UUID
    request_id: UUID
    matter_id: UUID
    number: str
    event: str
    position: int
    signer_id: UUID
    signer_name: str
    verdict: Literal["sign", "return"]
    reason: str
    signed_on: date
    paper_id: UUID
    entered_by_name: str
    entered_on: date
    status: Standing
    compared_by_name: str | None
    compared_on: date | None
    remark: str | None
    answered_on: date | None
    objection: str | None
    decided_by_name: str | None
    decided_on: date | None
    decision: str | None


class PaperSignatureEnter(Sent):
    """What stands on the paper; its scan is a paper that is attached to the matter."""

    model_config = example(
        signer_id=AN_ID, verdict="sign", reason="同意初核。", signed_on="2018-09-03", paper_id=AN_ID
    )

    signer_id: UUID
    verdict: Literal["sign", "return"]
    reason: Paragraphs = Field(description="As it is written there")
    signed_on: Day
    paper_id: UUID


class PaperSignatureCompare(Sent):
    """`remark` says what doesn't match."""

    model_config = example(matches=True)

    matches: Flag
    remark: str = Field(default="", max_length=2000, pattern=r"^[^\x00]*$")


class PaperSignatureAnswer(Sent):
    """By the signer; `objection` says why it isn't theirs."""

    model_config = example(mine=True)

    mine: Flag
    objection: str = Field(default="", max_length=2000, pattern=r"^[^\x00]*$")


class PaperSignatureDecide(Sent):
    """On an objection: it stands all the same, or is set aside."""

    model_config = example(stands=False, reason="经核对笔迹，非本人签名。")

    stands: Flag
    reason: Paragraphs
