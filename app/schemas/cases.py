"""Cases that no lead led to, as they are proposed."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from app.schemas.base import AN_ID, Form, OneLine, Paragraphs, Sent, example
from app.schemas.matters import ReportedIn


class CasePropose(Sent):
    """A case that no lead led to. `form` holds the fields of the step `propose_filing`."""

    model_config = example(
        title="青山村虚报造林面积案",
        unit_id=AN_ID,
        brief="审计移交：虚报造林面积二十五亩。",
        form={"source": "审计移交", "facts_held": "验收表与影像不符。"},
        reason="已掌握部分违纪事实。",
        subjects=[{"name": "梁启元", "position": "村主任", "rank": "village_staff"}],
    )

    title: OneLine
    unit_id: UUID
    brief: Paragraphs
    form: Form = Field(default_factory=dict, max_length=60)
    reason: Paragraphs
    subjects: list[ReportedIn] = Field(default_factory=list, max_length=50)
    classification: Literal[0, 1, 2] = 0
