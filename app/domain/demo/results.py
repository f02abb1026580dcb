"""What came of a matter for each person in it: keys of the profile's measures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.demo.chance import Dice
from app.domain.demo.quotas import Sanction
from app.domain.demo.subjects import Post, SubjectSeed

UNFOUNDED = "unfounded"
EXEMPTION = "exemption"
_LIGHT = ("reminder_talk", "criticism", "self_examination", "warning_talk")
_MEDIUM = ("admonition", "criticism", "self_examination", "circular", "reminder_talk")
_WITH_SANCTION = ("self_examination", "criticism", "circular", "admonition")


@dataclass(frozen=True, slots=True)
class Result:
    """One person's outcome. `sanction` is None without one; `cleared` asks for clarification."""

    subject: str
    handlings: tuple[str, ...] = ()
    sanction: Sanction | None = None
    exempted: bool = False
    cleared: bool = False

    @property
    def measures(self) -> tuple[str, ...]:
        """Keys of the profile's measures."""
        if self.unfounded:
            return (UNFOUNDED,)
        sanctions = self.sanction.measures if self.sanction else ()
        return (*sanctions, *self.handlings, *([EXEMPTION] if self.exempted else []))

    @property
    def unfounded(self) -> bool:
        return not (self.handlings or self.sanction or self.exempted)

    @property
    def holds_to_account(self) -> bool:
        return bool(self.handlings or self.sanction)


def handled(chance: Dice, subjects: Sequence[SubjectSeed], count: int) -> tuple[Result, ...]:
    """A lead's result: `count` handlings over its people, the rest of them unfounded."""
    per_person: dict[str, list[str]] = {subject.key: [] for subject in subjects}
    keys = list(per_person)
    for index in range(count):
        given = per_person[keys[index % len(keys)]]
        pool = _LIGHT if count == 1 else _MEDIUM
        given.append(chance.choice([measure for measure in pool if measure not in given]))
    return tuple(Result(key, tuple(given)) for key, given in per_person.items())


def unfounded(subjects: Sequence[SubjectSeed], *, cleared: bool) -> tuple[Result, ...]:
    return tuple(Result(subject.key, cleared=cleared) for subject in subjects)


def decided(
    chance: Dice,
    subjects: Sequence[SubjectSeed],
    sanctions: Sequence[Sanction],
    handlings: int,
) -> tuple[Result, ...]:
    """A case's decision: the first people get the sanctions, an only one without is exempted."""
    found: list[Result] = []
    for index, subject in enumerate(subjects):
        sanction = sanctions[index] if index < len(sanctions) else None
        given = _beside(chance, subject, sanction, handlings if index == 0 else 0)
        found.append(Result(subject.key, given, sanction, exempted=sanction is None))
    return tuple(found)


def _beside(
    chance: Dice, subject: SubjectSeed, sanction: Sanction | None, count: int
) -> tuple[str, ...]:
    """Handlings that go with a decision; a heavy one also ends the post."""
    pool = list(_WITH_SANCTION)
    if sanction is not None and _heavy(sanction):
        pool = ["removal", "self_examination", "circular"]
        if subject.post in {Post.ACCOUNTANT, Post.GROUP_LEADER, Post.COMMITTEE}:
            pool[0] = "dismissed_from_engagement"
        return tuple(pool[:count])
    return tuple(chance.sample(pool, count))


def _heavy(sanction: Sanction) -> bool:
    return sanction.party in {"probation", "expulsion"} or sanction.administrative in {
        "demotion",
        "dismissal",
    }
