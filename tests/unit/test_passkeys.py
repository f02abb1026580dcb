"""Whether an authenticator's answer holds: what is wrong in any part of it is refused."""

from __future__ import annotations

import copy
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from app.domain import passkeys
from app.domain.passkeys import Place, Refused
from tests.authenticators import NAME, ORIGIN, PRESENT, VERIFIED, Authenticator, Credential

PLACE = Place(NAME, ORIGIN)
ACCOUNT = UUID("01920000-0000-7000-8000-000000000001")
CHALLENGE = bytes(range(32))


def _asked(challenge: bytes = CHALLENGE) -> dict[str, Any]:
    return {"challenge": bytes_to_base64url(challenge)}


def _made(credential: Credential) -> passkeys.Made:
    return passkeys.made(PLACE, CHALLENGE, credential)


KEY = Authenticator()
PUBLIC = _made(KEY.make(_asked())).public_key


def _count(
    credential: Credential, *, place: Place = PLACE, verified: bool = True, key: bytes = PUBLIC
) -> int:
    return passkeys.count_of(
        place, CHALLENGE, credential, public_key=key, account_id=ACCOUNT, verified=verified
    )


def _told(**client: Any) -> Credential:
    return KEY.answer(_asked(), **client)


def test_a_right_answer_holds_and_says_its_count() -> None:
    made = _made(KEY.make(_asked()))
    assert (made.credential_id, made.sign_count, made.verifies) == (KEY.credential_id, 1, True)
    assert _count(KEY.but(counter=7).answer(_asked())) == 7


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost:8001", "https://localhost:8000", "http://localhost", "http://127.0.0.1:8000",
        "https://evil.test", "http://localhost:8000.evil.test", "http://LOCALHOST:8000", "", "null",
        "http://localhost:8000/",
    ],
)  # fmt: skip
def test_another_origin_is_refused(origin: str) -> None:
    """A false page that looks like ours gets an answer for itself, and for nobody else."""
    with pytest.raises(Refused):
        _count(KEY.but(origin=origin).answer(_asked()))
    with pytest.raises(Refused):
        _made(KEY.but(origin=origin).make(_asked()))


@pytest.mark.parametrize("name", ["evil.test", "127.0.0.1", "LOCALHOST", "", "localhost:8000"])
def test_another_name_is_refused(name: str) -> None:
    with pytest.raises(Refused):
        _count(KEY.but(name=name).answer(_asked()))
    with pytest.raises(Refused):
        _made(KEY.but(name=name).make(_asked()))


@pytest.mark.parametrize("challenge", [b"", bytes(32), CHALLENGE[:-1], CHALLENGE + b"x"])
def test_an_answer_to_another_challenge_is_refused(challenge: bytes) -> None:
    with pytest.raises(Refused):
        _count(KEY.answer(_asked(challenge)))
    with pytest.raises(Refused):
        _made(KEY.make(_asked(challenge)))


def test_an_answer_of_the_other_kind_is_refused() -> None:
    with pytest.raises(Refused):
        _count(_told(type="webauthn.create"))
    with pytest.raises(Refused):
        _made(KEY.make(_asked(), type="webauthn.get"))
    with pytest.raises(Refused):
        _count(KEY.make(_asked()))
    with pytest.raises(Refused):
        _made(_told())


def test_an_answer_from_a_frame_in_another_page_is_refused() -> None:
    with pytest.raises(Refused):
        _count(_told(crossOrigin=True))
    with pytest.raises(Refused):
        _made(KEY.make(_asked(), crossOrigin=True))


def test_another_key_signs_for_nobody() -> None:
    thief = Authenticator(credential_id=KEY.credential_id)
    with pytest.raises(Refused):
        _count(thief.answer(_asked()))


def test_who_must_be_asked_for_was_asked_for() -> None:
    assert _count(KEY.but(flags=PRESENT).answer(_asked()), verified=False) == 1
    with pytest.raises(Refused):
        _count(KEY.but(flags=PRESENT).answer(_asked()))
    for flags in (0, VERIFIED):  # nobody there
        with pytest.raises(Refused):
            _count(KEY.but(flags=flags).answer(_asked()), verified=False)
        with pytest.raises(Refused):
            _made(KEY.but(flags=flags).make(_asked()))
    assert not _made(KEY.but(flags=PRESENT).make(_asked())).verifies


def test_an_answer_in_another_accounts_name_is_refused() -> None:
    mine, theirs = _told(), _told()
    mine["response"]["userHandle"] = bytes_to_base64url(ACCOUNT.bytes)
    theirs["response"]["userHandle"] = bytes_to_base64url(bytes(16))
    assert _count(mine) == 1
    with pytest.raises(Refused):
        _count(theirs)


def test_a_signature_is_all_or_nothing() -> None:
    for at in range(0, 64, 7):
        changed = _told()
        raw = bytearray(base64url_to_bytes(changed["response"]["signature"]))
        raw[at] ^= 1
        changed["response"]["signature"] = bytes_to_base64url(bytes(raw))
        with pytest.raises(Refused):
            _count(changed)
    counted = _told()
    data = bytearray(base64url_to_bytes(counted["response"]["authenticatorData"]))
    data[-1] += 1
    counted["response"]["authenticatorData"] = bytes_to_base64url(bytes(data))
    with pytest.raises(Refused):
        _count(counted)


def test_an_id_that_is_two_is_none() -> None:
    forged = _told()
    forged["rawId"] = bytes_to_base64url(b"another")
    with pytest.raises(Refused):
        _count(forged)


MADE, TOLD = KEY.make(_asked()), _told()


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_bytes_that_are_no_structure_are_refused_and_nothing_else(data: st.DataObject) -> None:
    """Cut, stretched or turned over anywhere, in what is made and what is answered."""
    making = data.draw(st.booleans())
    whole = MADE if making else TOLD
    credential = copy.deepcopy(whole)
    part = data.draw(st.sampled_from(sorted(set(credential["response"]) - {"transports"})))
    raw = bytearray(base64url_to_bytes(credential["response"][part]))
    at = data.draw(st.integers(0, len(raw) - 1))
    piece = data.draw(st.binary(max_size=8))
    raw[at : at + data.draw(st.integers(0, 8))] = piece
    credential["response"][part] = bytes_to_base64url(bytes(raw))
    try:
        if making:
            passkeys.made(PLACE, CHALLENGE, credential)
        else:
            _count(credential)
    except Refused:
        return
    assert making or credential == whole  # what is signed is as it was


@pytest.mark.parametrize("credential", [{}, {"id": None}, {"id": "%%%"}, {"id": 7}, {"id": "AQ"}])
def test_what_is_no_credential_is_refused(credential: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        _count(credential)
    with pytest.raises(Refused):
        _made(credential)


def test_what_is_asked_names_the_settings_address_and_no_more_than_needed() -> None:
    known = [passkeys.Known(b"one", ["usb"]), passkeys.Known(b"two", [])]
    made = passkeys.creation(PLACE, CHALLENGE, account_id=ACCOUNT, login="chief", known=known)
    assert made["rp"]["id"] == NAME
    assert made["attestation"] == "none"
    assert [each["id"] for each in made["excludeCredentials"]] == ["b25l", "dHdv"]
    assert {each["alg"] for each in made["pubKeyCredParams"]} == {-7, -8, -257}
    again = passkeys.asking(PLACE, CHALLENGE, known=known, verified=True)
    assert (again["rpId"], again["userVerification"]) == (NAME, "required")
    door = passkeys.asking(PLACE, CHALLENGE, known=known, verified=False)
    assert door["userVerification"] == "preferred"
    assert len({passkeys.new_challenge() for _ in range(100)}) == 100
