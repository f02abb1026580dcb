"""Lines of a return list 退还清册 as somebody types or pastes them: a name, then an amount."""

from __future__ import annotations

import re

# What parts the two, on an English keyboard and on a Chinese one; `\s` holds the full-width space.
_BETWEEN = r"[\s,，、:：;；]"
_LINE = re.compile(
    # A list numbers its rows: 1石桂芳 is a name that somebody mistyped, 1、石桂芳 a number's.
    rf"(?:\d{{1,4}}(?:[.．)）]|{_BETWEEN})\s*)?"
    rf"(?P<name>\S.*?)(?P<between>{_BETWEEN}+)(?P<amount>\d[\d,，.．]*\s?元?)"
)
_COMMAS = frozenset(",，")
_LONGEST = 300  # characters: how long a line is read for grows with its square
_NUMBER_APART = re.compile(rf"(?:^|{_BETWEEN})\d[\d,，.．]*(?:{_BETWEEN}|$)")


def name_and_amount(line: str) -> tuple[str, str] | None:
    """Both as they were typed; None where the line can't be read, or in more than one way: a
    second number in it may be an amount as well, and is where a comma parts them as it does
    thousands (石桂芳,300,500)."""
    typed = line.strip()
    found = _LINE.fullmatch(typed) if len(typed) <= _LONGEST else None
    if found is None or _NUMBER_APART.search(found["name"]):
        return None
    if found["between"] in _COMMAS and found["between"] in found["amount"]:
        return None
    return found["name"], found["amount"]
