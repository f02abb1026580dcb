"""Passkeys (WebAuthn): what an authenticator is asked, and whether its answer holds.

Pure: challenges, keys and counters come in and go out. Whether a counter went back is the
database's to say, in the transaction that writes the next one.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import webauthn
from webauthn.helpers import (
    base64url_to_bytes,
    options_to_json_dict,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

ISSUER = "Plumbline"
MOST = 10  # of one account
LIFETIME = 300  # seconds that a challenge waits for its answer
# What old and new authenticators have; each is checked by `cryptography`.
ALGORITHMS = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
# What the library raises, and what its parsers let through on bytes that are no structure.
_NONSENSE = (WebAuthnException, ValueError, TypeError, LookupError, ArithmeticError, RecursionError)

Credential = Mapping[str, Any]


class Refused(ValueError):
    """The answer isn't one to this question, from this authenticator, at this address."""


class Purpose(StrEnum):
    REGISTER = "register"
    SIGN_IN = "sign_in"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Place:
    """What passkeys are good for: the name (RP ID) and origin of the pages, from the settings."""

    name: str
    origin: str


@dataclass(frozen=True, slots=True)
class Known:
    """One that an account has, as a browser is told of it."""

    credential_id: bytes
    transports: Sequence[str]


@dataclass(frozen=True, slots=True)
class Made:
    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]
    verifies: bool


def new_challenge() -> bytes:
    return secrets.token_bytes(32)


def creation(
    place: Place, challenge: bytes, *, account_id: UUID, login: str, known: Sequence[Known]
) -> dict[str, Any]:
    """What `navigator.credentials.create` is given. No attestation: nobody's brand of phone is
    our concern. Not discoverable: nobody signs in by it alone, and keys have few places."""
    options = webauthn.generate_registration_options(
        rp_id=place.name,
        rp_name=ISSUER,
        user_id=account_id.bytes,
        user_name=login,
        challenge=challenge,
        timeout=LIFETIME * 1000,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=_described(known),
        supported_pub_key_algs=ALGORITHMS,
    )
    return dict(options_to_json_dict(options))


def asking(
    place: Place, challenge: bytes, *, known: Sequence[Known], verified: bool
) -> dict[str, Any]:
    """What `navigator.credentials.get` is given. `verified`: the authenticator must ask who holds
    it, by a finger, a face or a number."""
    wanted = UserVerificationRequirement.REQUIRED
    options = webauthn.generate_authentication_options(
        rp_id=place.name,
        challenge=challenge,
        timeout=LIFETIME * 1000,
        allow_credentials=_described(known),
        user_verification=wanted if verified else UserVerificationRequirement.PREFERRED,
    )
    return dict(options_to_json_dict(options))


def said_id(credential: Credential) -> bytes:
    """Which passkey is said to answer. Raises Refused."""
    try:
        return bytes(base64url_to_bytes(credential["id"]))
    except _NONSENSE:
        raise Refused("no id") from None


def made(place: Place, challenge: bytes, credential: Credential) -> Made:
    """A new one, as its authenticator tells of it. Raises Refused."""
    try:
        parsed = parse_registration_credential_json(dict(credential))
        _of_our_page(parsed.response.client_data_json)
        found = webauthn.verify_registration_response(
            credential=parsed,
            expected_challenge=challenge,
            expected_rp_id=place.name,
            expected_origin=place.origin,
            supported_pub_key_algs=ALGORITHMS,
        )
    except _NONSENSE as error:
        raise Refused(type(error).__name__) from None
    transports = tuple(each.value for each in parsed.response.transports or ())
    return Made(
        found.credential_id, found.credential_public_key, found.sign_count, transports,
        found.user_verified,
    )  # fmt: skip


def count_of(
    place: Place,
    challenge: bytes,
    credential: Credential,
    *,
    public_key: bytes,
    account_id: UUID,
    verified: bool,
) -> int:
    """The counter of an answer that holds. Raises Refused."""
    try:
        parsed = parse_authentication_credential_json(dict(credential))
        _of_our_page(parsed.response.client_data_json)
        if parsed.response.user_handle not in (None, b"", account_id.bytes):
            raise Refused("another account's")
        found = webauthn.verify_authentication_response(
            credential=parsed,
            expected_challenge=challenge,
            expected_rp_id=place.name,
            expected_origin=place.origin,
            credential_public_key=public_key,
            # The library would compare before it checks the signature, and not atomically.
            credential_current_sign_count=0,
            require_user_verification=verified,
        )
    except Refused:
        raise
    except _NONSENSE as error:
        raise Refused(type(error).__name__) from None
    return int(found.new_sign_count)


def _of_our_page(client_data: bytes) -> None:
    """Not from a frame in somebody else's page, which the library doesn't ask."""
    if parse_client_data_json(client_data).cross_origin:
        raise Refused("from a frame of another origin")


def _described(known: Sequence[Known]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=each.credential_id,
            transports=[AuthenticatorTransport(name) for name in each.transports] or None,
        )
        for each in known
    ]
