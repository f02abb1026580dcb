"""What an import said, put into the reader's language: it is kept as sentences with values."""

from __future__ import annotations

from typing import Any

from app.core import i18n
from app.core.db import Row
from app.domain.errors import Reason


class Speaker:
    """Words for one reader."""

    def __init__(self, locale: str) -> None:
        self._locale = locale

    def reason(self, reason: Reason) -> str:
        return i18n.translate(self._locale, reason.message, reason.values)

    def say(self, words: dict[str, Any]) -> str:
        return i18n.translate(self._locale, words["message"], words.get("values", {}))

    def finding(self, said: dict[str, Any]) -> dict[str, Any]:
        return {**said, "reason": self.say(said["reason"]), "todo": self.say(said["todo"])}

    def row(self, row: Row) -> dict[str, Any]:
        """A row that something was said about."""
        said = row["findings"]
        return {
            "sheet": row["sheet"],
            "row": row["row"],
            "verdict": row["verdict"],
            "findings": [self.finding(each) for each in said if not each.get("doubt")],
            "doubts": list(dict.fromkeys(each["code"] for each in said if each.get("doubt"))),
        }

    def batch(self, row: Row) -> dict[str, Any]:
        """A batch with what was said about its file as a whole."""
        report = row["report"]
        return {
            **row,
            "map": row["mapping"],
            "mapping": [{**each, "reason": self.say(each["reason"])} for each in report["mapping"]],
            "controls": report["controls"],
            "notices": [{**each, "reason": self.say(each["reason"])} for each in report["notices"]],
            **{
                key: report[key]
                for key in ("same_file_at", "settled", "missing", "doubts", "repeats", "alike")
            },
        }
