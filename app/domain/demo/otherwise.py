"""What is signed elsewhere than at one's own desk: in a study meeting, and on paper; and a
correction that waits for those who signed.

A few signatures of the stories are given so. What comes of them stays as it was told.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.domain.demo import days
from app.domain.demo.quotas import LeadFate
from app.domain.demo.roster import Duty, Turn
from app.domain.demo.staff import CHIEF, INVESTIGATOR, LEAD_MANAGER, SECOND_LEAD_MANAGER
from app.domain.demo.steps import Step, Value, Verb, account, matter

TOGETHER = 2  # matters of the meeting
_ON_PAPER = ("talk", "verify", "hold")  # steps that the procedure lets somebody sign on paper
_CHIEF_AGREES = "同意。注意安全和保密，按时限办结。"
_TITLE = "标题没有写明年份，与同村的其他线索容易混淆，补上年份。"


@dataclass(frozen=True, slots=True)
class _Reviewed:
    """A request that a deputy signed and that waits for the chief."""

    key: str
    asked: Step
    signed: Step


class Otherwise:
    """`touched` are matters that have last steps of their own."""

    def __init__(self, duties: Mapping[str, Duty], touched: Container[str]) -> None:
        self._duties = duties
        self._touched = touched

    def told(self, steps: Sequence[Step]) -> list[Step]:
        """The steps with these in the place of others, and after them."""
        stories: dict[str, list[Step]] = {}
        for step in sorted(steps, key=lambda step: step.day):
            stories.setdefault(step.matter, []).append(step)
        reviewed = self._reviewed(stories)
        met = self._together(reviewed)
        apart = [each for each in reviewed if each not in met]
        compared, entered = apart[:1], apart[1:2]
        gone = {id(each.signed) for each in (*met, *compared)}
        return [
            *(step for step in steps if id(step) not in gone),
            *self._meeting(met),
            *self._compared(compared),
            *self._entered(entered),
            *self._correction(stories),
        ]

    def _reviewed(self, stories: Mapping[str, Sequence[Step]]) -> list[_Reviewed]:
        """Those that were signed last first."""
        found = []
        for key, duty in self._duties.items():
            if duty.lead.fate is not LeadFate.DISPOSAL_PROPOSED or key in self._touched:
                continue
            asked, signed = stories[key][-2:]
            if (
                (asked.verb, signed.verb) == (Verb.ACT, Verb.SIGN)
                and asked.arguments["event"] in _ON_PAPER
                and signed.actor == duty.deputy
            ):
                found.append(_Reviewed(key, asked, signed))
        return sorted(found, key=lambda each: each.signed.day, reverse=True)

    @staticmethod
    def _together(reviewed: Sequence[_Reviewed]) -> list[_Reviewed]:
        """Several that one deputy signed."""
        for first in reviewed:
            same = [each for each in reviewed if each.signed.actor == first.signed.actor]
            if len(same) >= TOGETHER:
                return same[:TOGETHER]
        return []

    def _meeting(self, met: Sequence[_Reviewed]) -> Iterator[Step]:
        if not met:
            return
        there = dict.fromkeys(self._duties[each.key].group.head for each in met)
        yield Step(
            max(each.signed.day for each in met), LEAD_MANAGER, Verb.MEET, met[0].key,
            {
                "chair": account(met[0].signed.actor),
                "present": (*(account(login) for login in there), account(SECOND_LEAD_MANAGER)),
                "agenda": tuple(
                    {"matter": matter(each.key), "reason": each.signed.arguments["reason"]}
                    for each in met
                ),
            },
        )  # fmt: skip

    @staticmethod
    def _compared(compared: Sequence[_Reviewed]) -> Iterator[Step]:
        for each in compared:
            day, key = each.signed.day, each.key
            said: dict[str, Value] = {
                "signer": account(each.signed.actor), "signed_on": day,
                "reason": each.signed.arguments["reason"],
            }  # fmt: skip
            yield Step(day, each.asked.actor, Verb.ENTER_ON_PAPER, key, said)
            yield Step(day, LEAD_MANAGER, Verb.COMPARE_ON_PAPER, key)

    @staticmethod
    def _entered(entered: Sequence[_Reviewed]) -> Iterator[Step]:
        """The chief signed on the way; nobody has looked at the scan yet."""
        for each in entered:
            said: dict[str, Value] = {
                "signer": account(CHIEF), "signed_on": days.day(days.last() - 1),
                "reason": _CHIEF_AGREES,
            }  # fmt: skip
            day = days.day(days.last())
            yield Step(day, each.asked.actor, Verb.ENTER_ON_PAPER, each.key, said)

    def _correction(self, stories: Mapping[str, Sequence[Step]]) -> Iterator[Step]:
        for key, duty in self._duties.items():
            if (
                duty.lead.fate is LeadFate.HELD
                and duty.handler == INVESTIGATOR
                and duty.turn is Turn.NOT_ASKED
                and key not in self._touched
            ):
                logged = stories[key][0].arguments
                value = f"{logged['title']}（{logged['happened']}）"
                said: dict[str, Value] = {"field": "title", "value": value, "reason": _TITLE}
                yield Step(days.day(days.last()), duty.handler, Verb.ASK_CORRECTION, key, said)
                return
