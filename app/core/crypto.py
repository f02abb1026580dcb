"""Sealing single values, finding them again, and deriving password proofs."""

import base64
import hashlib
import hmac
import re
import secrets
import unicodedata
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pwdlib.hashers.argon2 import Argon2Hasher

from app.core.keys import Keys

NONCE = 12


class SealBroken(ValueError):
    """The ciphertext was changed, moved to another row, or its key is gone."""


def seal(keys: Keys, value: str, *, bound_to: str) -> bytes:
    """AES-256-GCM: key id, `:`, nonce, ciphertext. Opens only for the same `bound_to` (a row)."""
    return seal_bytes(keys, value.encode(), bound_to=bound_to)


def seal_bytes(keys: Keys, value: bytes, *, bound_to: str) -> bytes:
    """The same for what is no text: a file."""
    key_id, key = keys.sealing()
    return key_id.encode() + b":" + _encrypted(key, value, bound_to)


def unseal(keys: Keys, sealed: bytes, *, bound_to: str) -> str:
    return unseal_bytes(keys, sealed, bound_to=bound_to).decode()


def unseal_bytes(keys: Keys, sealed: bytes, *, bound_to: str) -> bytes:
    key_id, _, rest = sealed.partition(b":")
    key = keys.opening(key_id.decode("ascii", "replace"))
    if key is None:
        raise SealBroken("the key of this value is gone")
    return _decrypted(key, rest, bound_to)


@dataclass(frozen=True)
class Envelope:
    """A value under a data key of its own, and that key wrapped by the key `key_id` of the file.

    Rotation wraps the data key anew and never touches the value. `wrapped` is None in what was
    sealed before there were data keys: then the file's key sealed the value itself.
    """

    key_id: str
    wrapped: bytes | None
    sealed: bytes


def enclose(keys: Keys, value: str, *, bound_to: str) -> Envelope:
    """Both the value and its data key open only for the same `bound_to` (a row)."""
    data_key = AESGCM.generate_key(bit_length=256)
    wrapped = seal_bytes(keys, data_key, bound_to=_data_key_of(bound_to))
    sealed = _encrypted(data_key, value.encode(), bound_to)
    return Envelope(sealing_key(wrapped), wrapped, sealed)


def disclose(keys: Keys, envelope: Envelope, *, bound_to: str) -> str:
    """What is in it. Raises SealBroken."""
    if envelope.wrapped is None:
        return unseal(keys, envelope.sealed, bound_to=bound_to)
    data_key = unseal_bytes(keys, envelope.wrapped, bound_to=_data_key_of(bound_to))
    return _decrypted(data_key, envelope.sealed, bound_to).decode()


def rewrap(keys: Keys, envelope: Envelope, *, bound_to: str) -> Envelope:
    """The same value, its data key wrapped by the current key. Raises SealBroken."""
    if envelope.wrapped is None:
        return enclose(keys, disclose(keys, envelope, bound_to=bound_to), bound_to=bound_to)
    data_key = unseal_bytes(keys, envelope.wrapped, bound_to=_data_key_of(bound_to))
    wrapped = seal_bytes(keys, data_key, bound_to=_data_key_of(bound_to))
    return Envelope(sealing_key(wrapped), wrapped, envelope.sealed)


def sealing_key(sealed: bytes) -> str:
    """The id of the file's key that sealed this."""
    return sealed.partition(b":")[0].decode("ascii", "replace")


def sealed_with_a_key_that_is_gone(keys: Keys, sealed: bytes) -> bool:
    """Whether this looks like something of ours that no key of the file opens any more."""
    named = sealing_key(sealed)
    return re.fullmatch(r"f\d{1,6}", named) is not None and keys.opening(named) is None


def _data_key_of(bound_to: str) -> str:
    return f"data key of {bound_to}"


def _encrypted(key: bytes, value: bytes, bound_to: str) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, value, bound_to.encode())


def _decrypted(key: bytes, sealed: bytes, bound_to: str) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], bound_to.encode())
    except InvalidTag:
        raise SealBroken("this value was changed or belongs to another row") from None


def blind_index(keys: Keys, value: str) -> bytes:
    """Equal for equal values after normalising width and case; tells nothing without the key."""
    normal = unicodedata.normalize("NFKC", value).strip().upper()
    return hmac.digest(keys.index, normal.encode(), hashlib.sha256)


def form_token(keys: Keys, session: str) -> str:
    """What a page's forms carry: bound to the session, useless in another."""
    return hmac.new(keys.forms, session.encode(), hashlib.sha256).hexdigest()


def same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())


TIME_COST = 3
MEMORY_COST = 65536  # KiB
PARALLELISM = 1
PARAMETERS = f"$argon2id$v=19$m={MEMORY_COST},t={TIME_COST},p={PARALLELISM}$"
_PREFIX = re.compile(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)")


def new_password_salt() -> str:
    """Today's parameters with a fresh salt, as `password_proof` takes them."""
    return PARAMETERS + base64.b64encode(secrets.token_bytes(16)).decode().rstrip("=")


def password_proof(password: str, salt: str) -> str:
    """The whole argon2id string for a password under the parameters and salt of `salt`.

    The database keeps `salt` and only the hash of this proof: guard.sign_in() compares.
    Takes some 50 ms and 64 MiB by intent.
    """
    match = _PREFIX.fullmatch(salt)
    if match is None:
        raise ValueError("not an argon2id salt")
    memory, time, lanes, encoded = match.groups()
    hasher = Argon2Hasher(
        time_cost=int(time), memory_cost=int(memory), parallelism=int(lanes), salt_len=16
    )
    raw = base64.b64decode(encoded + "=" * (-len(encoded) % 4))
    return hasher.hash(unicodedata.normalize("NFC", password), salt=raw)
