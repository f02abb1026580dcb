"""A story: the steps of one matter and of those that hang on it, before they have days.

A story counts office days from its own beginning. Once its place in the calendar is known, its
moments become days. What a form says of days is said in moments, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeAlias

from app.domain.demo import days, words
from app.domain.demo.chance import Dice, Rota
from app.domain.demo.steps import Step, Value, Verb


@dataclass(frozen=True, slots=True)
class Moment:
    """An office day of the story, and so many natural days after it."""

    tick: int
    plus: int = 0


Draft: TypeAlias = "Value | Moment | Sequence[Draft] | Mapping[str, Draft]"


AT_THE_TIME = Moment(-1_000_000)  # becomes the moment of the step that holds it


@dataclass(frozen=True, slots=True)
class Hand:
    """A signature to come: who, what they write, and what their form holds."""

    login: str
    text: str = ""
    form: Mapping[str, Draft] | None = None


@dataclass(frozen=True, slots=True)
class _Drafted:
    tick: int
    actor: str
    verb: Verb
    matter: str
    arguments: Mapping[str, Draft]


@dataclass
class Story:
    """Collects steps. `pace` stretches or presses the time that things take."""

    chance: Dice
    rota: Rota
    pace: float = 1.0
    tick: int = 0
    _steps: list[_Drafted] = field(default_factory=list)

    def wait(self, least: int, most: int) -> None:
        """Office days go by."""
        drawn = self.chance.randint(least, most)
        self.tick += max(min(least, 1), round(drawn * self.pace))

    @property
    def now(self) -> Moment:
        return Moment(self.tick)

    def later(self, natural_days: int) -> Moment:
        return Moment(self.tick, natural_days)

    def ago(self, office_days: int) -> Moment:
        return Moment(self.tick - office_days)

    def do(self, actor: str, verb: Verb, matter: str, **arguments: Draft) -> None:
        timed = {key: _timed(value, self.tick) for key, value in arguments.items()}
        self._steps.append(_Drafted(self.tick, actor, verb, matter, timed))

    def act(
        self,
        actor: str,
        matter: str,
        event: str,
        form: Mapping[str, Draft] | None = None,
        reason: str | None = None,
    ) -> None:
        """A step that is one hand's alone, or a request whose signatures follow."""
        self.do(actor, Verb.ACT, matter, event=event, form=form or {}, reason=reason)

    def sign(self, hand: Hand, matter: str) -> None:
        text = hand.text or self.rota.next(words.SIGN)
        self.do(hand.login, Verb.SIGN, matter, reason=text, form=hand.form or {})

    def send_back(self, login: str, matter: str, text: str | None = None) -> None:
        reason = text or self.rota.next(words.RETURN)
        if not matter.startswith("L"):
            reason = words.RETURN_ELSEWHERE.get(reason, reason)
        self.do(login, Verb.RETURN, matter, reason=reason)

    def ask(
        self,
        actor: str,
        matter: str,
        event: str,
        form: Mapping[str, Draft],
        reason: str,
        hands: Sequence[Hand],
        *,
        returned_at: int | None = None,
        waits_at: int | None = None,
        gap: tuple[int, int] = (0, 2),
    ) -> None:
        """Ask, and have each hand sign in turn.

        `returned_at` is the hand that sends it back for good, `waits_at` the one that has not
        signed yet. Now and then one is sent back first and asked again.
        """
        self.act(actor, matter, event, form, reason)
        stays = returned_at is not None or waits_at is not None
        if not stays and self.chance.likely(0.03):
            self.wait(*gap)
            self.send_back(hands[0].login, matter)
            self.wait(1, 3)
            self.act(actor, matter, event, form, self.rota.next(words.FIXED))
        for position, hand in enumerate(hands):
            if position == waits_at:
                return
            self.wait(*gap)
            if position == returned_at:
                self.send_back(hand.login, matter)
                return
            self.sign(hand, matter)

    def note(self, actor: str, matter: str, campaign: str) -> None:
        text = self.rota.next(words.of(campaign, words.NOTES))
        text = text.format(n=self.chance.randint(2, 9))
        self.do(actor, Verb.NOTE, matter, text=text)

    def placed(self, start: int, *, before: Mapping[int, int] | None = None) -> Iterator[Step]:
        """The steps with their days: moment 0 falls on office day `start`.

        `before` moves single early moments (those below zero) elsewhere.
        """
        moved = before or {}

        def at(tick: int) -> int:
            return start + moved.get(tick, tick)

        def fixed(draft: Draft) -> Value:
            if isinstance(draft, str | bool):
                return draft
            if isinstance(draft, Moment):
                return days.day(at(draft.tick)) + timedelta(days=draft.plus)
            if isinstance(draft, dict):
                return {key: fixed(value) for key, value in draft.items()}
            if isinstance(draft, list | tuple):
                return tuple(fixed(value) for value in draft)
            return draft  # type: ignore[return-value]

        for step in self._steps:
            arguments = {key: fixed(value) for key, value in step.arguments.items()}
            yield Step(days.day(at(step.tick)), step.actor, step.verb, step.matter, arguments)


def _timed(draft: Draft, tick: int) -> Draft:
    if isinstance(draft, str | bool):
        return draft
    if isinstance(draft, Moment) and draft.tick == AT_THE_TIME.tick:
        return Moment(tick, draft.plus)
    if isinstance(draft, dict):
        return {key: _timed(value, tick) for key, value in draft.items()}
    if isinstance(draft, list | tuple):
        return tuple(_timed(value, tick) for value in draft)
    return draft
