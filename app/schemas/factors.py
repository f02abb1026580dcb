"""Second factors: codes beside the password."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from app.domain.permissions import Role
from app.schemas.base import Answered, Sent, example

Code = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[^\x00]*$")]


class FactorRead(Answered):
    """`confirmed_at` is null where none is set up."""

    confirmed_at: datetime | None
    codes_left: int = Field(description="Recovery codes that were not used yet")
    required: bool = Field(description="By a role that the account holds")


class FactorBegun(Answered):
    """Shown once; it is asked for once a code of it confirmed it."""

    secret: str
    address: str = Field(description="What a square code for an authenticator holds")


class CodeSent(Sent):
    model_config = example(code="492039")

    code: Code


class RecoveryCodes(Answered):
    """Shown once; each lets its owner in once."""

    codes: list[str]


class FactorRoles(Answered):
    """Whose holders must have a second factor."""

    roles: list[Role]


class FactorRolesSent(Sent):
    model_config = example(roles=["administrator", "chief"])

    roles: list[Role] = Field(max_length=len(Role))
