"""What is known to have opened other systems' doors by way of their tokens opens none of ours."""

import base64
import json
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jose import jwe, jwt

from app.core import tokens
from app.core.keys import Keys
from app.core.tokens import LONGEST, TokenRefused


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys.make(tmp_path / "keys.json")


def _claims(**changes: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "sid": "a session's secret",
        "aud": tokens.AUDIENCE,
        "iat": now,
        "exp": now + timedelta(minutes=5),
    } | changes


def _signed(keys: Keys, *, headers: dict[str, Any] | None = None, **claims: Any) -> str:
    """By our own key: only what the test changes can be why it is refused."""
    return jwt.encode(
        _claims(**claims),
        keys.tokens[keys.token],
        algorithm="HS256",
        headers={"kid": keys.token} | (headers or {}),
    )


def _part(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def _refused(keys: Keys, token: str) -> None:
    """By both readings: the one that asks only who came is no easier to deceive."""
    for read in (tokens.read, tokens.read_ended):
        with pytest.raises(TokenRefused):
            read(keys, token)


def test_a_token_of_ours_is_read(keys: Keys) -> None:
    session, _ = tokens.read(keys, _signed(keys))
    assert session == "a session's secret"


def test_a_token_that_has_ended_lets_nobody_in_and_says_who_came(keys: Keys) -> None:
    ended = _signed(keys, exp=datetime.now(UTC) - timedelta(hours=1))
    with pytest.raises(TokenRefused):
        tokens.read(keys, ended)
    assert tokens.read_ended(keys, ended) == "a session's secret"


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", "", None, 0, ["HS256"]])
def test_an_algorithm_that_checks_nothing_is_refused(keys: Keys, algorithm: object) -> None:
    _, claims, signature = _signed(keys).split(".")
    head = _part({"alg": algorithm, "typ": "JWT", "kid": keys.token})
    for forged in (f"{head}.{claims}.", f"{head}.{claims}.{signature}", f"{head}.{claims}"):
        _refused(keys, forged)


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_another_algorithm_is_refused_though_the_key_is_right(keys: Keys, algorithm: str) -> None:
    _refused(
        keys,
        jwt.encode(
            _claims(), keys.tokens[keys.token], algorithm=algorithm, headers={"kid": keys.token}
        ),
    )


def test_a_key_of_the_senders_own_confuses_nobody(keys: Keys) -> None:
    """Asymmetric where a shared key is expected, with the sender's key in the header."""
    rsa_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    curve_key = ec.generate_private_key(ec.SECP256R1())
    for algorithm, key in (("RS256", rsa_key), ("ES256", curve_key)):
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()
        public = (
            key.public_key()
            .public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            .decode()
        )
        for more in ({}, {"jwk": {"kty": "oct", "k": "a2V5"}}, {"x5c": [public]}):
            headers = {"kid": keys.token, **more}
            _refused(keys, jwt.encode(_claims(), pem, algorithm=algorithm, headers=headers))


@pytest.mark.parametrize(
    "header",
    [
        {"jwk": {"kty": "oct", "k": "a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2U"}},
        {"jku": "https://evil.test/keys.json"},
        {"x5u": "https://evil.test/key.pem"},
    ],
)
def test_a_header_that_brings_its_own_key_is_not_asked(keys: Keys, header: dict[str, Any]) -> None:
    forged = jwt.encode(
        _claims(), b"key" * 11, algorithm="HS256", headers={"kid": keys.token, **header}
    )
    _refused(keys, forged)
    _refused(keys, _signed(keys, headers=header))  # ours have none of these


@pytest.mark.parametrize(
    "kid", ["", "t9", "../../../dev/null", "' OR 1=1 --", 0, None, True, ["t1"], {"t1": 1}]
)
def test_a_wrong_key_id_is_refused(keys: Keys, kid: object) -> None:
    _, claims, signature = _signed(keys).split(".")
    head = _part({"alg": "HS256", "typ": "JWT", "kid": kid})
    _refused(keys, f"{head}.{claims}.{signature}")
    _refused(keys, jwt.encode(_claims(), b"", algorithm="HS256", headers={"kid": kid}))


@pytest.mark.parametrize("header", [{"crit": ["exp"]}, {"crit": []}, {"b64": False}])
def test_a_header_that_must_be_understood_and_isnt_is_refused(
    keys: Keys, header: dict[str, Any]
) -> None:
    _refused(keys, _signed(keys, headers=header))


def test_a_compressed_or_encrypted_token_is_never_unpacked(keys: Keys) -> None:
    """A few bytes that would become many."""
    bomb = zlib.compress(b"0" * 50_000_000)
    packed = jwe.encrypt(
        b"0" * 1000, keys.tokens[keys.token][:32], algorithm="dir", encryption="A256GCM", zip="DEF"
    ).decode()
    _refused(keys, packed)
    _refused(keys, _signed(keys, headers={"zip": "DEF"}))
    head, _, signature = _signed(keys).split(".")
    claims = base64.urlsafe_b64encode(bomb).rstrip(b"=").decode()
    _refused(keys, f"{head}.{claims}.{signature}")


def test_an_oversized_token_is_refused_before_it_is_read(keys: Keys) -> None:
    long = _signed(keys, more="x" * LONGEST)
    assert len(long) > LONGEST
    _refused(keys, long)
    _refused(keys, "." * 1_000_000)
    _refused(keys, "a" * 1_000_000)


@pytest.mark.parametrize(
    "claims",
    [
        {"sid": None},
        {"sid": ""},
        {"sid": 7},
        {"sid": ["a session's secret"]},
        {"aud": None},
        {"aud": "another"},
        {"exp": None},
        {"exp": "never"},
        {"exp": 10**30},
        {"iat": None},
        {"nbf": datetime(2100, 1, 1, tzinfo=UTC)},
    ],
    ids=str,
)
def test_a_claim_that_is_missing_or_nonsense_is_refused(keys: Keys, claims: dict[str, Any]) -> None:
    held = {key: value for key, value in _claims(**claims).items() if value is not None}
    _refused(
        keys,
        jwt.encode(held, keys.tokens[keys.token], algorithm="HS256", headers={"kid": keys.token}),
    )


def test_a_signature_is_all_or_nothing(keys: Keys) -> None:
    head, claims, signature = _signed(keys).split(".")
    for changed in ("", signature[:-2], signature.swapcase(), signature + "A"):
        _refused(keys, f"{head}.{claims}.{changed}")
    other = _part(_claims(iat=0, exp=2**31, sid="another's secret"))
    _refused(keys, f"{head}.{other}.{signature}")
