"""What the words in ledgers' cells mean: tables of words, read from `vocabulary.toml`."""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from pathlib import Path

from app.domain.ledgers.texts import squash

_FILE = Path(__file__).with_name("vocabulary.toml")
_SHORTEST_INSIDE = 2


class Vocabulary:
    """The words for a set of keys."""

    def __init__(self, name: str, words: dict[str, list[str]]) -> None:
        self.name = name
        self.keys = tuple(words)
        self._exact = {
            squash(word) or word: key for key, several in words.items() for word in several
        }
        self._longest_first = sorted(self._exact, key=len, reverse=True)
        self.find = lru_cache(maxsize=4096)(self._find)

    def _find(self, text: str) -> str | None:
        """The key whose word the text is, or whose longest word it contains; None if neither."""
        plain = squash(text) or text.strip()
        if plain in self._exact:
            return self._exact[plain]
        return next(
            (
                self._exact[word]
                for word in self._longest_first
                if len(word) >= _SHORTEST_INSIDE and word in plain
            ),
            None,
        )

    def exactly(self, text: str) -> str | None:
        return self._exact.get(squash(text) or text.strip())

    def all_in(self, text: str) -> list[tuple[str, str]]:
        """Every (key, word) in the text from left to right, longest words first, none twice."""
        plain = squash(text)
        found: list[tuple[int, str, str]] = []
        for word in self._longest_first:
            at = plain.find(word)
            while at >= 0 and len(word) >= _SHORTEST_INSIDE:
                found.append((at, self._exact[word], word))
                plain = plain[:at] + "\0" * len(word) + plain[at + len(word) :]
                at = plain.find(word)
        return [(key, word) for _, key, word in sorted(found)]

    def examples(self) -> str:
        """One word for each key: what a message proposes."""
        seen: dict[str, str] = {}
        for word, key in self._exact.items():
            seen.setdefault(key, word)
        return "、".join(seen.values())


@cache
def vocabulary(name: str) -> Vocabulary:
    return _all()[name]


@cache
def _all() -> dict[str, Vocabulary]:
    with _FILE.open("rb") as source:
        return {name: Vocabulary(name, words) for name, words in tomllib.load(source).items()}
