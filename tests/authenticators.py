"""An authenticator in software: answers as a security key would, rightly or wrongly on purpose.

What a test doesn't say is right: the key, the address, the counter, who is there.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

ORIGIN, NAME = "http://localhost:8000", "localhost"

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40

Credential = dict[str, Any]


@dataclass(frozen=True)
class Authenticator:
    """`counter` is what the next answer says; `0` always, where it has none."""

    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    counter: int = 1
    name: str = NAME
    origin: str = ORIGIN
    flags: int = PRESENT | VERIFIED

    def but(self, **changes: Any) -> Authenticator:
        return replace(self, **changes)

    def make(self, options: Mapping[str, Any], **client: Any) -> Credential:
        """To `navigator.credentials.create`."""
        told = self._client_data("webauthn.create", options, client)
        numbers = self.key.public_key().public_numbers()
        public = {
            1: 2, 3: -7, -1: 1,
            -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big"),
        }  # fmt: skip
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id
        data = self._data(self.flags | ATTESTED) + attested + cbor2.dumps(public)
        statement = {"fmt": "none", "attStmt": {}, "authData": data}
        return self._named(
            clientDataJSON=bytes_to_base64url(told),
            attestationObject=bytes_to_base64url(cbor2.dumps(statement)),
            transports=["usb"],
        )

    def answer(self, options: Mapping[str, Any], **client: Any) -> Credential:
        """To `navigator.credentials.get`."""
        told = self._client_data("webauthn.get", options, client)
        data = self._data(self.flags)
        signature = self.key.sign(data + hashlib.sha256(told).digest(), ec.ECDSA(hashes.SHA256()))
        return self._named(
            clientDataJSON=bytes_to_base64url(told),
            authenticatorData=bytes_to_base64url(data),
            signature=bytes_to_base64url(signature),
        )

    def _client_data(
        self, kind: str, options: Mapping[str, Any], client: Mapping[str, Any]
    ) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(said | {"crossOrigin": False} | dict(client)).encode()

    def _data(self, flags: int) -> bytes:
        name = hashlib.sha256(self.name.encode()).digest()
        return name + bytes([flags]) + self.counter.to_bytes(4, "big")

    def _named(self, **response: Any) -> Credential:
        said = bytes_to_base64url(self.credential_id)
        return {"id": said, "rawId": said, "type": "public-key", "response": response}
