"""Problem details (RFC 9457): the one shape of every refusal of the API."""

from pydantic import BaseModel, Field


class ProblemField(BaseModel):
    """What is wrong with one field of what was sent."""

    field: str = Field(examples=["subjects.0.name"])
    reason: str = Field(examples=["This is missing."])


class Problem(BaseModel):
    """`type` is stable and for programs; `title` and `detail` are in the reader's language."""

    type: str = Field(examples=["/problems/invalid"])
    title: str = Field(examples=["Something needs mending"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["Something in what you sent needs mending."])
    instance: str = Field(description="The request's id, for asking for help")
    errors: list[ProblemField] = Field(default=[], description="Field by field")
    reasons: list[str] = Field(default=[], description="What a step still needs")
