"""Passkeys, in the words of WebAuthn where a browser speaks them."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from app.schemas.base import Answered, OneLine, Sent, example

Binary = Annotated[str, StringConstraints(max_length=16_384, pattern=r"^[A-Za-z0-9_-]*$")]
Id = Annotated[str, StringConstraints(min_length=1, max_length=1400, pattern=r"^[A-Za-z0-9_-]+$")]
Name = Annotated[OneLine, Field(max_length=60)]


class Registered(Sent):
    """Bytes are base64url without padding, here and below."""

    clientDataJSON: Binary  # noqa: N815 - the standard's names
    attestationObject: Binary  # noqa: N815
    transports: list[Annotated[str, StringConstraints(max_length=20)]] = Field(
        default_factory=list, max_length=10
    )


class Asserted(Sent):
    clientDataJSON: Binary  # noqa: N815
    authenticatorData: Binary  # noqa: N815
    signature: Binary
    userHandle: Binary | None = None  # noqa: N815


class NewCredential(Sent):
    """What `navigator.credentials.create` gave."""

    id: Id
    rawId: Id  # noqa: N815
    type: Literal["public-key"]
    response: Registered


class Credential(Sent):
    """What `navigator.credentials.get` gave."""

    id: Id
    rawId: Id  # noqa: N815
    type: Literal["public-key"]
    response: Asserted


_NEW = {
    "id": "AQID",
    "rawId": "AQID",
    "type": "public-key",
    "response": {"clientDataJSON": "e30", "attestationObject": "oA", "transports": ["usb"]},
}
_GIVEN = {
    "id": "AQID",
    "rawId": "AQID",
    "type": "public-key",
    "response": {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"},
}


class PasskeyCreate(Sent):
    model_config = example(name="work phone", credential=_NEW)

    name: Name
    credential: NewCredential


class PasskeyRename(Sent):
    model_config = example(name="old phone")

    name: Name


class PasskeyConfirm(Sent):
    model_config = example(credential=_GIVEN)

    credential: Credential


class PasskeyOptions(Answered):
    """For the browser's `navigator.credentials`, which alone can ask an authenticator."""

    public_key: dict[str, Any]


class PasskeyRead(Answered):
    """`doubted_at`: its counter went back, and it lets nobody in any more."""

    id: UUID
    name: str
    verifies: bool = Field(description="It asked who holds it when it was made")
    made_at: datetime
    used_at: datetime | None
    doubted_at: datetime | None


class PasskeyAdded(Answered):
    """`codes` are recovery codes, shown once, where it is the first second factor."""

    id: UUID
    codes: list[str]
