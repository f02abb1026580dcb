"""Answers that took long, kept in this process for as long as the same would come out again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

MOST = 500  # some twenty thousand bytes each


class Kept:
    """One answer a question, with the mark of what it was made from; the least used go first."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = Lock()
        self._answers: OrderedDict[Hashable, tuple[Hashable, object]] = OrderedDict()

    def find(self, question: Hashable, mark: Hashable) -> object | None:
        """The answer, if it was made from the same."""
        with self._lock:
            found = self._answers.get(question)
            if found is None or found[0] != mark:
                return None
            self._answers.move_to_end(question)
            return found[1]

    def keep(self, question: Hashable, mark: Hashable, answer: object) -> None:
        with self._lock:
            self._answers[question] = (mark, answer)
            self._answers.move_to_end(question)
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)
