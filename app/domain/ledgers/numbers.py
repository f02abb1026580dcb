"""Numbers that offices give to their matters, and finding them again in a bank's texts.

Every district numbers in its own way: YC2017-0014, 2019〔12〕号, FH-19-003. Two spellings are
the same number if their keys are equal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from app.domain.ledgers.texts import narrow, tidy

_JOINTS = r"[\s\-‐‑‒–—―－_./·:〔〕\[\]()【】{}<>《》第字号]*"
_NOT_IN_KEY = re.compile(r"[\W_]+|[第字号]")
_CONFUSED = re.compile("[OQIL|〇○]")
_ZEROS = re.compile(r"(?<=\d)[O〇○Q]|[O〇○](?=\d)")
_ONES = re.compile(r"(?<=\d)[IL|](?=\d)|(?<=\d)[IL|]$")
_RUNS = re.compile(r"\d+|[^\W\d_]+")
_PLAIN = re.compile(r"[A-Za-z\d-]+")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_SPACED_JOINT = re.compile(r"\s*([-‐‑‒–—―－〔〕\[\]()【】])\s*")
_DASHES = re.compile("[‐‑‒–—―－﹣]")

# Where no number is known yet: letters with groups of digits, or a year with a number.
_D = r"[\dOo〇○]"
_SIGN = r"(?:\s?[-‐‑‒–—―－_/.·〔〕\[\]()]{1,2}\s?)?"
_GENERAL = re.compile(
    rf"(?<![A-Za-z\d])[A-Za-z]{{1,6}}(?:{_SIGN}[A-Za-z]?\d{_D}{{0,5}}){{1,4}}(?![\dA-Za-z])"
    rf"|(?<!\d)(?:19|20){_D}{{2}}\s*[〔\[(【]\s*(?:第\s*)?{_D}{{1,6}}\s*[〕\])】]"
    rf"|(?<!\d)[〔\[(【]\s*(?:19|20){_D}{{2}}\s*[〕\])】]\s*(?:第\s*)?{_D}{{1,6}}\s*号?"
    rf"|(?<!\d)(?:19|20)\d\d\s?[-‐‑‒–—―－]\s?\d{{3,6}}(?![\d-])"
)
_FEWEST_DIGITS = 5
_MOST_DIGITS = 14


def tidy_number(text: str) -> str:
    """As the office writes it, without padding, in half width, dashes and brackets alike."""
    if _PLAIN.fullmatch(text):
        return text
    joined = _SPACED_JOINT.sub(r"\1", _DASHES.sub("-", narrow(tidy(text))))
    return re.sub(r"\s+", " ", joined).replace("[", "〔").replace("]", "〕")


@lru_cache(maxsize=8192)
def number_key(number: str) -> str:
    """Equal for every spelling of a number: width, case, spaces, dashes, brackets, O for 0."""
    if _PLAIN.fullmatch(number):
        text = number.upper().replace("-", "")
    else:
        text = _NOT_IN_KEY.sub("", narrow(tidy(number)).upper())
    if not _CONFUSED.search(text):
        return text
    return _ONES.sub("1", _ZEROS.sub("0", text))


class Citations:
    """Finds cited numbers in texts. Learns the shape of an office's numbers from its ledger:
    which letters, and how many digits in each group."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._keys: set[str] = set()
        self._shapes: set[tuple[str, ...]] = set()
        self._pattern: re.Pattern[str] | None = None
        self.learn(known)

    def learn(self, numbers: Iterable[str]) -> None:
        for number in numbers:
            key = number_key(number)
            if key and key not in self._keys:
                self._keys.add(key)
                shape = _shape(number)
                if shape is not None and shape not in self._shapes:
                    self._shapes.add(shape)
                    self._pattern = None

    def knows(self, key: str) -> bool:
        return key in self._keys

    def keys_in(self, text: str) -> tuple[str, ...]:
        """The keys of all numbers cited in `text`: those known to exist first."""
        plain = narrow(text)
        found: dict[str, None] = {}
        for pattern in self._patterns():
            for match in pattern.finditer(plain):
                if pattern is not _GENERAL or _is_long_enough(match[0]):
                    found.setdefault(number_key(match[0]))
        return tuple(sorted(found, key=lambda key: key not in self._keys))

    def _patterns(self) -> tuple[re.Pattern[str], ...]:
        if not self._shapes:
            return (_GENERAL,)
        if self._pattern is None:
            ordered = sorted(self._shapes, key=lambda shape: (-len("".join(shape)), shape))
            self._pattern = re.compile("|".join(map(_tolerant, ordered)), re.IGNORECASE)
        return (self._pattern, _GENERAL)


def _is_long_enough(text: str) -> bool:
    """Three digits may be a counter in the text, thirty an account."""
    digits = sum(map(str.isdigit, text))
    fewest = _FEWEST_DIGITS if text[0].isalpha() and text[0].isascii() else 1
    return fewest <= digits <= _MOST_DIGITS


def _shape(number: str) -> tuple[str, ...] | None:
    """YC2017-0014 → ("YC", "4", "4"): letters as they are, digits by their count."""
    text = re.sub("[第字号]", " ", narrow(tidy(number)).upper())
    runs = _RUNS.findall(text)
    if not runs or not any(run.isdigit() for run in runs) or len(runs) > 6:
        return None
    return tuple(str(len(run)) if run.isdigit() else run for run in runs)


def _tolerant(shape: tuple[str, ...]) -> str:
    """A pattern that takes any joints between the groups, and O for 0 within them.

    A number of digits only must have its joints, else any amount would do.
    """
    groups = [
        rf"[\dO〇○]{{{part}}}" if part.isdigit() else _JOINTS.join(map(re.escape, part))
        for part in shape
    ]
    only_digits = all(part.isdigit() for part in shape)
    joints = _JOINTS[:-1] + "+" if only_digits else _JOINTS
    if only_digits and len(shape) > 1:
        # 2019〔12〕号: the last group counts up, its length is not fixed
        groups[-1] = r"[\dO〇○]{1,6}"
    return rf"(?<![A-Z\d]){joints.join(groups)}(?!\d)"


def prefix_of(numbers: Iterable[str]) -> str:
    """The letters that all these numbers begin with, such as YC; empty if they don't agree."""
    prefixes = {
        match[0].upper() if match else ""
        for match in (re.match(r"[A-Za-z]{1,8}", narrow(tidy(number))) for number in numbers)
    }
    return prefixes.pop() if len(prefixes) == 1 else ""


def is_like_a_number(text: str) -> bool:
    """Whether a cell looks like the number of a matter (and not like a count or an amount)."""
    plain = narrow(tidy(text))
    if not 4 <= len(plain) <= 40 or not any(letter.isdigit() for letter in plain):
        return False
    if _CHINESE.sub("", plain) != plain and not re.search(r"[〔\[(【号]", plain):
        return False
    found = _GENERAL.search(plain)
    return (found is not None and _is_long_enough(found[0])) or bool(
        re.fullmatch(r"[A-Za-z]{1,8}[\d\-/]{3,}", plain)
    )
