"""Petitions that brought no lead: claims, repeats, and what intake settles itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from app.domain.demo import days
from app.domain.demo.calendar import FIRST_LEAD, FIRST_PETITION
from app.domain.demo.chance import Dice, Rota
from app.domain.demo.petition_story import PetitionSeed, PetitionStory
from app.domain.demo.quotas import PetitionFate
from app.domain.demo.roster import Turn
from app.domain.demo.signing import Signers
from app.domain.demo.staff import DEPUTY, GROUPS
from app.domain.demo.steps import Step
from app.domain.demo.story import Story

# Office days since the last step; the second of each fate is late.
_SINCE: Mapping[PetitionFate, tuple[int, ...]] = {
    PetitionFate.RECEIVED: (0, 0),
    PetitionFate.REGISTERED: (1, 7, 2, 3, 1, 2, 4),
    PetitionFate.ACCEPTED: (2, 12, 1, 3, 5),
    PetitionFate.FORWARD_SENT: (3, 14),
    PetitionFate.HANDED_OVER: (3, 9, 5, 12),
}


class LoosePetitions:
    """Tells them one by one; a repeat follows the day on which the first was received."""

    def __init__(self, chance: Dice, rota: Rota) -> None:
        self._chance = chance
        self._rota = rota
        self._told: Counter[PetitionFate] = Counter()

    def told(self, seed: PetitionSeed, received: Mapping[str, int]) -> Iterator[Step]:
        """`received` says on which office day each petition came in so far."""
        if seed.repeats is not None:
            return self._repeat(seed, received[seed.repeats])
        if seed.fate in _SINCE:
            return self._open(seed)
        return self._ended(seed)

    def _story(self, seed: PetitionSeed) -> tuple[Story, PetitionStory]:
        story = Story(self._chance, self._rota)
        group = self._rota.next(GROUPS)
        handler = self._rota.next(group.handlers)
        code = group.path.value.replace(".", "-")
        signers = Signers(group, DEPUTY, self._rota)
        return story, PetitionStory(story, seed, signers, handler, code)

    def _repeat(self, seed: PetitionSeed, first: int) -> Iterator[Step]:
        story, petition = self._story(seed)
        petition.receive()
        story.wait(0, 2)
        petition.file_repeat(seed.repeats or "")
        latest = days.last() - story.tick - 1
        start = min(first + self._chance.randint(8, 60), latest)
        return story.placed(start)

    def _open(self, seed: PetitionSeed) -> Iterator[Step]:
        story, petition = self._story(seed)
        petition.receive(registered=seed.fate is not PetitionFate.RECEIVED)
        asked = seed.turn is not Turn.NOT_ASKED
        if seed.fate is PetitionFate.FORWARD_SENT:
            story.wait(1, 3)
            petition.forward()
        elif seed.fate is PetitionFate.ACCEPTED or (seed.fate is PetitionFate.REGISTERED and asked):
            story.wait(0, 3)
            petition.accept()
        elif seed.fate is PetitionFate.HANDED_OVER:
            story.wait(0, 3)
            petition.accept()
            story.wait(0, 2)
            petition.hand_over()
            if asked:
                story.wait(5, 15)
                petition.conclude(waits_at=1 if seed.turn is Turn.WAITS_LAST else 0)
        since = _SINCE[seed.fate]
        ago = since[self._told[seed.fate] % len(since)]
        self._told[seed.fate] += 1
        return story.placed(days.last() - ago - story.tick)

    def _ended(self, seed: PetitionSeed) -> Iterator[Step]:
        story, petition = self._story(seed)
        petition.receive()
        story.wait(0, 4)
        if seed.fate is PetitionFate.FORWARDED:
            petition.forward()
            petition.forwarded()
        elif seed.fate is PetitionFate.NOT_ACCEPTED:
            petition.not_accept()
        else:
            petition.accept()
            story.wait(0, 3)
            petition.hand_over()
            story.wait(10, 30)
            petition.end()
        first = days.number(FIRST_PETITION if seed.backlog else FIRST_LEAD)
        return story.placed(self._chance.randint(first, days.last() - story.tick - 2))
