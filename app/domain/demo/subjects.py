"""People who are reported, invented: who they are decides what they can receive."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.demo.chance import Dice
from app.domain.demo.district import District, UnitSeed
from app.domain.demo.names import Registry
from app.domain.units import UnitKind


class Post(StrEnum):
    """A kind of post; its words come from the unit."""

    BRANCH_SECRETARY = "branch_secretary"
    DIRECTOR = "director"
    ACCOUNTANT = "accountant"
    COMMITTEE = "committee"
    GROUP_LEADER = "group_leader"
    STATION_HEAD = "station_head"
    STATION_STAFF = "station_staff"
    TOWN_DEPUTY = "town_deputy"
    TOWN_HEAD = "town_head"  # head of a next-lower Party committee
    BUREAU_STAFF = "bureau_staff"


VILLAGE_POSTS = (
    Post.BRANCH_SECRETARY,
    Post.DIRECTOR,
    Post.ACCOUNTANT,
    Post.COMMITTEE,
    Post.GROUP_LEADER,
)
_MEMBERS = {  # share of Party members
    Post.BRANCH_SECRETARY: 1.0,
    Post.DIRECTOR: 0.6,
    Post.ACCOUNTANT: 0.4,
    Post.COMMITTEE: 0.5,
    Post.GROUP_LEADER: 0.35,
    Post.STATION_HEAD: 0.9,
    Post.STATION_STAFF: 0.5,
    Post.TOWN_DEPUTY: 1.0,
    Post.TOWN_HEAD: 1.0,
    Post.BUREAU_STAFF: 0.7,
}


@dataclass(frozen=True, slots=True)
class SubjectSeed:
    """Somebody who is reported. `member` is None where nobody has looked it up yet."""

    key: str
    name: str
    identity: str | None
    post: Post
    position: str
    unit: UnitSeed
    member: bool | None

    @property
    def village(self) -> bool:
        return self.post in VILLAGE_POSTS

    @property
    def public_employee(self) -> bool:
        return not self.village

    @property
    def referred_to(self) -> str:
        """As an allegation speaks of them: by post, not by name."""
        return {
            Post.BRANCH_SECRETARY: "村支书",
            Post.DIRECTOR: "村主任",
            Post.ACCOUNTANT: "村会计",
            Post.COMMITTEE: "村干部",
            Post.GROUP_LEADER: "组长",
        }.get(self.post, "经办人")


def _words(post: Post, unit: UnitSeed) -> str:
    """The post as a ledger writes it."""
    if unit.kind is UnitKind.VILLAGE:
        street = unit.name.endswith("社区")
        return {
            Post.BRANCH_SECRETARY: "党支部书记",
            Post.DIRECTOR: "居委会主任" if street else "村委会主任",
            Post.ACCOUNTANT: "会计",
            Post.COMMITTEE: "居委会委员" if street else "村委会委员",
            Post.GROUP_LEADER: "居民小组长" if street else "村民小组长",
        }[post]
    if post is Post.STATION_HEAD:
        return {"财政所": "所长", "林业站": "站长"}.get(unit.name, "主任")
    if post is Post.TOWN_DEPUTY:
        if unit.kind is UnitKind.SUBDISTRICT:
            return "办事处副主任"
        return "副镇长" if unit.name.endswith("镇") else "副乡长"
    if post is Post.TOWN_HEAD:
        return "党工委书记" if unit.kind is UnitKind.SUBDISTRICT else "党委书记"
    return "工作人员" if post is Post.BUREAU_STAFF else "专干"


class People:
    """Makes subjects; without an identity number, one name stands once in a unit."""

    def __init__(
        self, chance: Dice, district: District, registry: Registry, letter: str = "P"
    ) -> None:
        """`letter` begins the keys, so that two makers' people don't mix."""
        self._letter = letter
        self._chance = chance
        self._district = district
        self.villages = frozenset(district.villages)
        self._registry = registry
        self._made = 0
        self._known: set[tuple[str, str]] = set()

    def subject(
        self,
        unit: UnitSeed,
        post: Post,
        *,
        member: bool | None = None,
        identified: bool = True,
        membership_known: bool = True,
    ) -> SubjectSeed:
        """`member` None leaves it to chance; `identified` gives an identity number."""
        name = self._registry.name()
        while (name, unit.path.value) in self._known:
            name = self._registry.name()
        self._known.add((name, unit.path.value))
        self._made += 1
        belongs = self._chance.likely(_MEMBERS[post]) if member is None else member
        return SubjectSeed(
            key=f"{self._letter}{self._made:04d}",
            name=name,
            identity=self._registry.identity(youngest=1990, oldest=1955) if identified else None,
            post=post,
            position=self._district.place(unit) + _words(post, unit),
            unit=unit,
            member=belongs if membership_known else None,
        )

    def place(self, *, village: bool) -> UnitSeed:
        """Somewhere in the district: a village, else a station of a township or subdistrict."""
        return self._chance.choice(self._district.villages if village else self._district.stations)

    def post_in(self, unit: UnitSeed) -> Post:
        if unit.kind is UnitKind.VILLAGE:
            return self._chance.choices(VILLAGE_POSTS, (34, 30, 18, 8, 10))[0]
        return self._chance.choices((Post.STATION_HEAD, Post.STATION_STAFF), (60, 40))[0]
