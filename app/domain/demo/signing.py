"""Whose hands a request needs: the profile's ladders, with the demo's people on their rungs."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.demo import words
from app.domain.demo.chance import Rota
from app.domain.demo.staff import (
    ADJUDICATION_HEAD,
    CHIEF,
    COMMITTEE,
    KEEPER,
    LEAD_MANAGER,
    LIAISON,
    PETITIONS_HEAD,
    SECRETARY,
    Group,
)
from app.domain.demo.story import AT_THE_TIME, Draft, Hand
from app.domain.demo.subjects import Post, SubjectSeed

LINE = 5000000  # fen: above it a chief decides at least
MINUTES = "区纪委常委会会议纪要，存办公室"
_ENDS_AT_DEPUTY = {"talk_letter", "hold", "close"}
_COMMITTEES = {"SC", "PC"}  # they decide, and never review
_ABOVE = ("DL", "CH", "SC", "PC", "SU")
_LADDERS = {
    "HO": ("HH", *_ABOVE),
    "HH": _ABOVE,
    "LM": _ABOVE,
    "RO": ("RO_HEAD", *_ABOVE),
    "AD": ("AD_HEAD", *_ABOVE),
    "FI": _ABOVE,
}


def rank(subject: SubjectSeed) -> str:
    """The profile's rank of somebody."""
    if subject.post is Post.TOWN_HEAD:
        return "next_lower_head"
    if subject.post is Post.GROUP_LEADER:
        return "group_staff"
    return "village_staff" if subject.village else "other"


def top_for(method: str, people: Sequence[SubjectSeed], fen: int | None) -> tuple[str, ...]:
    """Who decides on a lead: the deputy for the lighter methods on village staff, else the
    chief; for heads of next-lower committees the Party committee after the chief."""
    ranks = {rank(subject) for subject in people}
    if "next_lower_head" in ranks:
        return ("CH", "PC")
    villagers = bool(ranks) and ranks <= {"village_staff", "group_staff"}
    if villagers and method in _ENDS_AT_DEPUTY and (fen or 0) <= LINE:
        return ("DL",)
    return ("CH",)


class Signers:
    """Names the hands for a department's matter, and what each of them writes."""

    def __init__(self, group: Group, deputy: str, rota: Rota) -> None:
        self._group = group
        self._deputy = deputy
        self._rota = rota

    def login(self, code: str) -> str:
        return {
            "HH": self._group.head,
            "HH_NAMED": self._group.head,
            "DL": self._deputy,
            "CH": CHIEF,
            "PC": SECRETARY,
            "SC": SECRETARY,
            "SU": LIAISON,
            "RO_HEAD": PETITIONS_HEAD,
            "AD_HEAD": ADJUDICATION_HEAD,
            "CU": KEEPER,
            "LM": LEAD_MANAGER,
        }[code]

    def up(self, asker: str, *top: str, texts: Sequence[str] = words.SIGN) -> list[Hand]:
        """Every rung from above the asker to the one who decides, then whoever decides last."""
        ladder = _LADDERS[asker]
        between = [code for code in ladder[: ladder.index(top[0])] if code not in _COMMITTEES]
        return [self.hand(code, texts) for code in (*between, *top)]

    def hand(self, code: str, texts: Sequence[str] = words.SIGN) -> Hand:
        if code in {"PC", "SC"}:
            text = self._rota.next(words.MEETING_MINUTES)
            return Hand(self.login(code), text, sitting())
        return Hand(self.login(code), self._rota.next(texts))


def sitting(*, absent: int = 0) -> dict[str, Draft]:
    """What the secretary records of the committee's sitting."""
    present = COMMITTEE[: len(COMMITTEE) - absent]
    return {
        "held_on": AT_THE_TIME,
        "chair": COMMITTEE[0],
        "present": present,
        "recused": (),
        "votes_for": len(present),
        "votes_against": 0,
        "abstained": 0,
        "minutes": MINUTES,
    }
