"""Which leads there are: a fate, a campaign, people, and what came of each of them.

Nothing here has a day yet. Whatever is counted in public is dealt out from `quotas`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from app.domain.demo import quotas, results, sources
from app.domain.demo.chance import Dice
from app.domain.demo.district import UnitSeed
from app.domain.demo.issues import CAMPAIGNS, Issue, issues_of
from app.domain.demo.quotas import CaseFate, LeadFate, Sanction
from app.domain.demo.results import Result
from app.domain.demo.subjects import People, Post, SubjectSeed

_UNKNOWN = 0.08  # of the leads without a disposal, those whose person isn't known yet
_SECOND = 0.13  # of the other leads, those with a second person
_STATION = 0.15  # of the leads, those about a station's staff instead of a village's
_SINGLE_POSTS = {Post.BRANCH_SECRETARY, Post.DIRECTOR, Post.ACCOUNTANT, Post.STATION_HEAD}


@dataclass(frozen=True, slots=True)
class LeadSeed:
    """A lead before it has a day. `results` are the lead's own, `case_results` its case's."""

    key: str
    campaign: str
    fate: LeadFate
    issue: Issue
    place: UnitSeed
    subjects: tuple[SubjectSeed, ...]
    source: str = ""
    case_fate: CaseFate | None = None
    results: tuple[Result, ...] = ()
    case_results: tuple[Result, ...] = ()

    @property
    def accountable(self) -> int:
        """People with a sanction or a handling out of it."""
        return len({r.subject for r in (*self.results, *self.case_results) if r.holds_to_account})

    @property
    def decided(self) -> bool:
        return self.case_fate in quotas.DECIDED

    @property
    def concluded(self) -> bool:
        return self.fate in quotas.CONCLUDED


@dataclass(frozen=True, slots=True)
class _Slot:
    """A lead to be. `again` sanctions somebody who was sanctioned in another case as well."""

    fate: LeadFate
    case_fate: CaseFate | None = None
    sanctions: tuple[Sanction, ...] = ()
    handlings: int = 0
    again: bool = False
    inspected: bool = False


def _spread(counts: tuple[int, ...]) -> list[int]:
    """(4, 12) → four zeros and twelve ones."""
    return [number for number, count in enumerate(counts) for _ in range(count)]


def _decided_slots(chance: Dice) -> list[_Slot]:
    fates = [f for f in quotas.DECIDED for _ in range(quotas.CASE_FATES[f])]
    sanctions = chance.shuffled([s for s, count in quotas.SANCTIONS for _ in range(count)])
    pairs, singles = 2 * quotas.SANCTIONED_TOGETHER, len(sanctions)
    groups = [tuple(sanctions[at : at + 2]) for at in range(0, pairs, 2)]
    groups += [(each,) for each in sanctions[pairs:singles]]
    exempted = len(fates) - len(groups) - quotas.SANCTIONED_TWICE
    # A decision without a sanction brings at least one handling.
    handlings = chance.shuffled(_spread(quotas.CASE_HANDLINGS))
    some = [handlings.pop(handlings.index(1)) for _ in range(exempted)]
    kinds = [(group, False) for group in groups] + [((), True)] * quotas.SANCTIONED_TWICE
    dealt = [(*kind, count) for kind, count in zip(kinds, handlings, strict=True)]
    dealt += [((), False, count) for count in some]
    return [
        _Slot(LeadFate.FILED, fate, group, count, again)
        for fate, (group, again, count) in zip(chance.shuffled(fates), dealt, strict=True)
    ]


def _slots(chance: Dice) -> list[_Slot]:
    """Every lead's fate; filed ones with what their case decides."""
    found = _decided_slots(chance)
    for case_fate, count in quotas.CASE_FATES.items():
        if case_fate not in quotas.DECIDED:
            found += [_Slot(LeadFate.FILED, case_fate)] * count
    for fate, count in quotas.LEAD_FATES.items():
        if fate in quotas.LEAD_HANDLINGS:
            spread = _spread(quotas.LEAD_HANDLINGS[fate])
            found += [_Slot(fate, handlings=each) for each in spread]
        elif fate is not LeadFate.FILED:
            found += [_Slot(fate)] * count
    return _inspected(chance.shuffled(found))


def _inspected(slots: list[_Slot]) -> list[_Slot]:
    """Marks those that the inspection brought."""
    wanted = {(fate, case_fate): count for fate, case_fate, count in sources.INSPECTION}
    found = []
    for slot in slots:
        key = (slot.fate, slot.case_fate)
        mine = wanted.get(key, 0) > 0 and not slot.again and len(slot.sanctions) < 2
        if mine:
            wanted[key] -= 1
        found.append(replace(slot, inspected=mine))
    if any(wanted.values()):
        raise AssertionError(f"no such leads for the inspection: {wanted}")
    return found


def _campaigns(chance: Dice, slots: list[_Slot]) -> list[str]:
    """A campaign for each slot, so that leads and filings add up in every campaign."""
    filed = chance.shuffled([c.key for c in CAMPAIGNS for _ in range(c.filed)])
    others = chance.shuffled([c.key for c in CAMPAIGNS for _ in range(c.leads - c.filed)])
    return [(filed if slot.fate is LeadFate.FILED else others).pop() for slot in slots]


def _heavier(person: SubjectSeed) -> Sanction:
    """The sanction of somebody who was warned before."""
    return Sanction("serious_warning", None) if person.member else Sanction(None, "demerit")


@dataclass
class Portfolio:
    """Makes the leads. `again` ones come last, when there is somebody sanctioned before."""

    chance: Dice
    people: People
    visited: tuple[UnitSeed, ...]
    seeds: list[LeadSeed] = field(default_factory=list)

    def make(self) -> tuple[LeadSeed, ...]:
        slots = _slots(self.chance)
        dealt = list(zip(slots, _campaigns(self.chance, slots), strict=True))
        for slot, campaign in sorted(dealt, key=lambda each: each[0].again):
            key = f"L{len(self.seeds) + 1:04d}"
            self.seeds.append(self._seed(key, slot, campaign))
        return tuple(sources.deal(self.chance, self.seeds))

    def _seed(self, key: str, slot: _Slot, campaign: str) -> LeadSeed:
        issue = self.chance.choice(issues_of(campaign))
        if slot.again:
            person = self._sanctioned_before()
            slot = replace(slot, sanctions=(_heavier(person),))
            place = person.unit
            subjects: tuple[SubjectSeed, ...] = (person,)
        else:
            place = self._place(slot)
            subjects = self._subjects(place, slot)
        case_results: tuple[Result, ...] = ()
        if slot.case_fate in quotas.DECIDED:
            case_results = results.decided(self.chance, subjects, slot.sanctions, slot.handlings)
        elif slot.case_fate is CaseFate.DISMISSED:
            case_results = results.unfounded(subjects, cleared=True)
        return LeadSeed(
            key=key, campaign=campaign, fate=slot.fate, issue=issue, place=place,
            subjects=subjects, case_fate=slot.case_fate, case_results=case_results,
            results=self._lead_results(slot, subjects),
            source="inspection" if slot.inspected else "",
        )  # fmt: skip

    def _lead_results(self, slot: _Slot, subjects: tuple[SubjectSeed, ...]) -> tuple[Result, ...]:
        if slot.handlings and slot.fate is not LeadFate.FILED:
            return results.handled(self.chance, subjects, slot.handlings)
        if slot.fate in {LeadFate.CLOSED_UNFOUNDED, LeadFate.CLOSED_TALK, LeadFate.NOTIFYING}:
            cleared = slot.fate is LeadFate.CLOSED_UNFOUNDED and self.chance.likely(0.5)
            return results.unfounded(subjects, cleared=cleared)
        return ()

    def _sanctioned_before(self) -> SubjectSeed:
        """Somebody with one light sanction, alone in their case, not yet taken twice."""
        taken = {s.key for seed in self.seeds if seed.decided for s in seed.subjects}
        once = [
            seed.subjects[0]
            for seed in self.seeds
            if seed.decided
            and len(seed.subjects) == 1
            and seed.subjects[0].village
            and seed.case_results[0].sanction
            in {Sanction("warning", None), Sanction(None, "warning")}
            and sum(seed.subjects[0] in other.subjects for other in self.seeds) == 1
        ]
        return self.chance.choice([person for person in once if person.key in taken])

    def _place(self, slot: _Slot) -> UnitSeed:
        office = any(
            sanction.administrative is not None
            and sanction.administrative not in quotas.VILLAGE_MAY_RECEIVE
            for sanction in slot.sanctions
        )
        if slot.inspected:
            return self.chance.choice(self.visited)
        return self.people.place(village=not (office or self.chance.likely(_STATION)))

    def _subjects(self, place: UnitSeed, slot: _Slot) -> tuple[SubjectSeed, ...]:
        if slot.fate in quotas.UNDISPOSED and self.chance.likely(_UNKNOWN):
            return ()
        if slot.sanctions:
            return self._eligible_people(place, slot.sanctions)
        posts = [self.people.post_in(place)]
        # A case without a sanction keeps to one person: what it decides is theirs alone.
        if slot.fate is not LeadFate.FILED and self.chance.likely(_SECOND):
            posts.append(self._other_post(place, posts[0]))
        filed = slot.fate is LeadFate.FILED
        return tuple(
            self.people.subject(
                place,
                post,
                identified=filed or self.chance.likely(0.45),
                membership_known=filed or self.chance.likely(0.8),
            )
            for post in posts
        )

    def _other_post(self, place: UnitSeed, post: Post) -> Post:
        """A second person's post: nobody shares a post, save ordinary staff."""
        other = self.people.post_in(place)
        while other is post and post in _SINGLE_POSTS:
            other = self.people.post_in(place)
        return other

    def _eligible_people(
        self, place: UnitSeed, sanctions: tuple[Sanction, ...]
    ) -> tuple[SubjectSeed, ...]:
        """People who can receive them: Party members, or none; with a Party post to lose."""
        found: list[SubjectSeed] = []
        for sanction in sanctions:
            post = self.people.post_in(place)
            if sanction.party is None and post is Post.BRANCH_SECRETARY:
                post = Post.DIRECTOR
            if sanction.party == "removal_from_posts" and place in self.people.villages:
                post = Post.BRANCH_SECRETARY
            if found and found[0].post is post and post in _SINGLE_POSTS:
                post = Post.ACCOUNTANT if place in self.people.villages else Post.STATION_STAFF
            member = sanction.party is not None
            found.append(self.people.subject(place, post, member=member))
        return tuple(found)
