"""Where each lead came from: inspection, petitions, one-click reports, the body's own work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.demo import quotas
from app.domain.demo.chance import Dice
from app.domain.demo.quotas import CaseFate, LeadFate, PetitionFate

if TYPE_CHECKING:
    from app.domain.demo.portfolio import LeadSeed

# What became of the 75 leads of the second inspection round, four to five months ago.
INSPECTION: tuple[tuple[LeadFate, CaseFate | None, int], ...] = (
    (LeadFate.FILED, CaseFate.EXECUTING, 8),
    (LeadFate.FILED, CaseFate.SERVED, 1),
    (LeadFate.FILED, CaseFate.DECIDED, 1),
    (LeadFate.FILED, CaseFate.DELIBERATING, 2),
    (LeadFate.FILED, CaseFate.ADJUDICATING, 3),
    (LeadFate.FILED, CaseFate.REPORTED, 1),
    (LeadFate.FILED, CaseFate.FACT_MEETING, 2),
    (LeadFate.FILED, CaseFate.INVESTIGATING, 5),
    (LeadFate.FILED, CaseFate.FILED, 1),
    (LeadFate.CLOSED_DIRECT, None, 4),
    (LeadFate.CLOSED_UNFOUNDED, None, 8),
    (LeadFate.CLOSED_TALK, None, 4),
    (LeadFate.CLOSED_MEASURE, None, 8),
    (LeadFate.HELD, None, 8),
    (LeadFate.NOTIFYING, None, 5),
    (LeadFate.RESULT_PROPOSED, None, 5),
    (LeadFate.VERIFYING, None, 4),
    (LeadFate.REFERRED, None, 1),
    (LeadFate.ASSESSING, None, 4),
)
assert sum(count for *_, count in INSPECTION) == quotas.INSPECTION_LEADS  # noqa: S101

_RETURNED = (PetitionFate.CONCLUDED, PetitionFate.FED_BACK, PetitionFate.CLOSED)


def _concluded(fates: dict[PetitionFate, int], claims: int) -> int:
    """How many petitions need a lead that has its outcome: claims bring none."""
    return sum(fates[fate] for fate in _RETURNED) - claims


def deal(chance: Dice, seeds: list[LeadSeed]) -> list[LeadSeed]:
    """Give every lead that inspection didn't bring a source."""
    sources: dict[str, str] = {seed.key: seed.source for seed in seeds if seed.source}
    left = [seed for seed in chance.shuffled(seeds) if seed.key not in sources]

    def take(count: int, source: str, wanted: Callable[[LeadSeed], bool]) -> None:
        taken = [seed for seed in left if seed.key not in sources and wanted(seed)][:count]
        if len(taken) < count:
            raise AssertionError(f"too few leads that could come by {source}")
        sources.update((seed.key, source) for seed in taken)

    _one_click(take, seeds)
    backlog = _concluded(quotas.BACKLOG_FATES, quotas.BACKLOG_CLAIMS - quotas.CLAIMS_OPEN)
    take(backlog, "petition", lambda seed: seed.concluded)
    take(quotas.SOURCES["petition"] - backlog, "petition", _open)
    rest = [s for s in quotas.SOURCES if s not in {"inspection", "one_click", "petition"}]
    for source in rest:
        take(quotas.SOURCES[source], source, lambda _seed: True)
    return [replace(seed, source=sources[seed.key]) for seed in seeds]


def _open(seed: LeadSeed) -> bool:
    return not seed.concluded and seed.fate is not LeadFate.SUBMITTED


def _one_click(take: Callable[[int, str, Callable[[LeadSeed], bool]], None],
               seeds: list[LeadSeed]) -> None:  # fmt: skip
    """96 leads, out of which 68 people were held accountable."""
    cases = Counter(person.key for seed in seeds if seed.decided for person in seed.subjects)
    again = {key for key, count in cases.items() if count > 1}
    alone = {s.key for s in seeds if not again & {person.key for person in s.subjects}}
    together = sum(1 for s in seeds if s.key in alone and s.decided and s.accountable == 2)
    together = min(together, quotas.SANCTIONED_TOGETHER)
    telling = 2
    concluded = _concluded(quotas.ONE_CLICK_FATES, quotas.ONE_CLICK_CLAIMS - quotas.CLAIMS_OPEN)
    single = quotas.ACCOUNTABLE - 2 * together - telling
    idle = concluded - together - single

    def gives(count: int) -> Callable[[LeadSeed], bool]:
        return lambda s: s.concluded and s.key in alone and s.accountable == count

    take(together, "one_click", lambda s: s.decided and gives(2)(s))
    take(single, "one_click", gives(1))
    take(idle, "one_click", gives(0))
    take(telling, "one_click", lambda s: s.fate is LeadFate.NOTIFYING and s.accountable == 1)
    rest = quotas.SOURCES["one_click"] - concluded - telling
    take(rest, "one_click", lambda s: _open(s) and s.accountable == 0)
