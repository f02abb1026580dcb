"""Tokens that were read once are remembered; what ends still ends."""

from datetime import timedelta
from pathlib import Path

import pytest

from app.core import tokens
from app.core.keys import Keys
from app.core.tokens import Reader, TokenRefused


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys.make(tmp_path / "keys.json")


def test_a_remembered_token_still_ends(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Reader(keys)
    token = tokens.issue(keys, session="secret", lifetime=timedelta(minutes=1))
    session, ends_at = reader.read(token)
    assert session == "secret"

    class Later(tokens.datetime):  # type: ignore[name-defined,misc]
        @classmethod
        def now(cls, tz: object = None) -> object:  # noqa: ARG003
            return ends_at

    monkeypatch.setattr(tokens, "datetime", Later)
    with pytest.raises(TokenRefused):
        reader.read(token)


def test_a_refused_token_is_not_remembered(keys: Keys) -> None:
    reader = Reader(keys)
    for _ in range(2):
        with pytest.raises(TokenRefused):
            reader.read("a.b.c")


def test_what_is_remembered_is_bounded(keys: Keys) -> None:
    reader = Reader(keys, remembered=3)
    given = [
        tokens.issue(keys, session=f"secret {each}", lifetime=timedelta(minutes=1))
        for each in range(10)
    ]
    assert [reader.read(token)[0] for token in given] == [f"secret {each}" for each in range(10)]
    assert len(reader._known) <= 3


def test_keys_of_another_installation_read_nothing(keys: Keys, tmp_path: Path) -> None:
    other = Keys.make(tmp_path / "other.json")
    token = tokens.issue(other, session="secret", lifetime=timedelta(minutes=1))
    with pytest.raises(TokenRefused):
        Reader(keys).read(token)
