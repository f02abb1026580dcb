"""The demo's door: who may be signed in as with one click. Only a demo database has one.

The passwords are made when the demo is loaded and stand beside the data, readable by its owner
alone; a click signs in with them as anybody would.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.domain.permissions import Role

FILE = "demo.json"


@dataclass(frozen=True)
class Card:
    """Somebody to sign in as: `tries` are three things to try, by locale."""

    login: str
    name: str
    role: Role
    tries: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class DemoDoor:
    """Cards in the order shown, and everybody's password by login."""

    cards: tuple[Card, ...]
    passwords: Mapping[str, str]

    def __repr__(self) -> str:
        return f"DemoDoor({len(self.cards)} cards)"

    def write(self, secrets_folder: Path) -> None:
        text = json.dumps(
            {
                "cards": [
                    {
                        "login": card.login,
                        "name": card.name,
                        "role": card.role.value,
                        "tries": {key: list(value) for key, value in card.tries.items()},
                    }
                    for card in self.cards
                ],
                "passwords": dict(self.passwords),
            },
            ensure_ascii=False,
        )
        path = secrets_folder / FILE
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)

    @classmethod
    def read(cls, secrets_folder: Path) -> DemoDoor | None:
        """None where no demo was loaded."""
        path = secrets_folder / FILE
        if not path.exists():
            return None
        held = json.loads(path.read_text(encoding="utf-8"))
        cards = tuple(
            Card(
                login=row["login"],
                name=row["name"],
                role=Role(row["role"]),
                tries={key: tuple(value) for key, value in row["tries"].items()},
            )
            for row in held["cards"]
        )
        return cls(cards=cards, passwords=held["passwords"])
