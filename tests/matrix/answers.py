"""What an answer says, without what differs between any two answers."""

from __future__ import annotations

import re
from dataclasses import dataclass

import httpx

from app.routers.sendings import FIELD, WORDS
from tests.papers_read import words

# A number says how many matters there were in the district: so much is accepted
# (docs/security/threats.md), and only where the reader gave it to a matter of their own.
NUMBER = re.compile(r"[A-Z]{2,}\d{4}-\d{4,}")
KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?(?:Z|\+\d\d:\d\d))?")
HEADERS = ("content-type", "etag", "location", "retry-after", "cache-control", "vary", "link")
DRAWN = re.compile(r'<path stroke="#000"[^>]*>')  # a secret, for a telephone's camera
FORM_KEY = re.compile(rf'(?<=name="{FIELD}" value=")[0-9a-f-]{{36}}')  # of a form shown just now
FORM_WORDS = re.compile(rf'(?<=name="{WORDS}" value=")[^"]*')  # packed, of what the page says
SECRET = re.compile(r"whsec_[\w+/=]+|[A-Za-z0-9_-]{40,}|\b(?:[A-Z2-7]{4} ?){8}\b")
# What lies outside one's scope may be counted, over a whole district; never what one is walled off
# from. The lines of the bank's statement are the account's.
COUNTED_OUTSIDE = re.compile(
    r'"bank_lines":\d+|Bank lines,\d+|"outside":(?:\d+|null)|Not counted,[^\n]*\n|'
    r'<p class="small quiet">At least \d+ matters here lie outside.*?</p>',
    re.DOTALL,
)


@dataclass(frozen=True)
class Said:
    """An answer, to be compared with another."""

    status: int
    headers: tuple[tuple[str, str], ...]
    text: str

    def within_scope(self) -> Said:
        return Said(self.status, self.headers, COUNTED_OUTSIDE.sub("", self.text))


def said(answer: httpx.Response, *, made: bool = False) -> Said:
    """`made`: keys and numbers in it may be those of what was made just now."""
    request = answer.headers["x-request-id"]
    return Said(
        answer.status_code,
        tuple((name, _plain(answer.headers.get(name, ""), made)) for name in HEADERS),
        _plain(_text(answer).replace(request, "REQUEST"), made),
    )


def _text(answer: httpx.Response) -> str:
    """A paper is what its reader reads."""
    if answer.headers.get("content-type") == "application/pdf":
        return words(answer.content)
    return answer.text


def _plain(text: str, made: bool) -> str:
    for pattern, word in (
        *(
            (DRAWN, "DRAWN"),
            (FORM_KEY, "FORM_KEY"),
            (FORM_WORDS, "WORDS"),
            (SECRET, "SECRET"),
            (MOMENT, "MOMENT"),
        ),
        *(((KEY, "KEY"), (NUMBER, "NUMBER")) if made else ()),
    ):
        text = pattern.sub(word, text)
    return text


def shown(one: Said, other: Said, *, around: int = 150) -> str:
    """Where two answers part."""
    at = next(
        (
            at
            for at, (left, right) in enumerate(zip(one.text, other.text, strict=False))
            if left != right
        ),
        0,
    )
    here = slice(max(0, at - around), at + around)
    return f"{one.status} …{one.text[here]}… instead of {other.status} …{other.text[here]}…"
