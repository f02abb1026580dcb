"""A petition's story: received, accepted, handed over with its lead, concluded, told, archived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.demo import words
from app.domain.demo.district import UnitSeed
from app.domain.demo.quotas import PetitionFate
from app.domain.demo.roster import Turn
from app.domain.demo.signing import Signers
from app.domain.demo.staff import INTAKE, SECOND_INTAKE
from app.domain.demo.steps import Verb, account, matter, unit
from app.domain.demo.story import AT_THE_TIME, Draft, Hand, Story

EARLY = -1000  # the moment of receipt, and of what follows it at once


@dataclass(frozen=True, slots=True)
class ReporterSeed:
    """Who gave a name, invented, with a telephone number that nobody has."""

    name: str
    contact: str


@dataclass(frozen=True, slots=True)
class PetitionSeed:
    """A petition before it has a day. `lead` is the key of the lead that it brought."""

    key: str
    fate: PetitionFate
    backlog: bool
    channel: str
    class_: str
    title: str
    content: str
    place: UnitSeed
    where: str
    leader: str
    campaign: str
    reporter: ReporterSeed | None = None
    lead: str | None = None
    subjects: tuple[Mapping[str, str], ...] = ()
    repeats: str | None = None
    turn: Turn = Turn.NOT_ASKED

    @property
    def named(self) -> bool:
        return self.reporter is not None


class PetitionStory:
    """Writes a petition's steps; the story of its lead runs in between."""

    def __init__(
        self, story: Story, seed: PetitionSeed, signers: Signers, handler: str, department: str
    ) -> None:
        self.story = story
        self.seed = seed
        self.key = seed.key
        self._signers = signers
        self._handler = handler
        self._department = department
        self.officer = story.rota.next((INTAKE, SECOND_INTAKE))
        if seed.turn is Turn.RETURNED:  # one on each officer's desk
            self.officer = INTAKE if seed.fate is PetitionFate.REGISTERED else SECOND_INTAKE
        self._other = SECOND_INTAKE if self.officer == INTAKE else INTAKE
        self.ended = False

    def receive(self, *, registered: bool = True) -> None:
        seed = self.seed
        reporter: Draft = None
        if seed.reporter is not None:
            reporter = {"name": seed.reporter.name, "contact": seed.reporter.contact}
        self.story.do(
            self.officer, Verb.LOG_PETITION, self.key, channel=seed.channel, class_=seed.class_,
            received_on=AT_THE_TIME, content=seed.content, title=seed.title,
            unit=unit(seed.place.code), place=seed.where, reporter=reporter,
            responsible_leader=seed.leader, campaign=seed.campaign, backlog=seed.backlog,
            subjects=seed.subjects, registered=registered,
        )  # fmt: skip

    def _head(
        self, event: str, form: Mapping[str, Draft], reason: str, *, last: bool = True
    ) -> None:
        """Ask the head of petitions; the `last` request may still stand open."""
        turn = self.seed.turn if last else Turn.NOT_ASKED
        self.story.ask(
            self.officer, self.key, event, form, reason, [self._signers.hand("RO_HEAD")],
            returned_at=0 if turn is Turn.RETURNED else None,
            waits_at=0 if turn is Turn.WAITS_FIRST else None, gap=(0, 1),
        )  # fmt: skip

    def accept(self) -> None:
        form: dict[str, Draft] = {"jurisdiction": True, "first_report": True}
        if self.seed.named:
            form["told_on"] = AT_THE_TIME
        last = self.seed.fate is PetitionFate.REGISTERED
        self._head("accept", form, "属本机关受理范围，拟受理。", last=last)

    def forward(self) -> None:
        receiver = self.story.rota.next(words.FORWARD_TO)
        form: dict[str, Draft] = {"receiver": receiver, "forwarded_on": AT_THE_TIME}
        self._head("forward", form, "不属本机关职责，按规定转送。")

    def forwarded(self) -> None:
        self.story.wait(4, 10)
        number = f"回字{self.story.chance.randint(11, 98)}号"
        form: dict[str, Draft] = {"receipt_on": AT_THE_TIME, "receipt_number": number}
        self.story.act(self.officer, self.key, "forward_received", form)

    def file_repeat(self, earlier: str) -> None:
        form: dict[str, Draft] = {"repeat_of": matter(earlier), "nothing_new": True}
        self._head("file_repeat", form, "与前件反映的时间、项目和对象相同，没有新的内容。")

    def not_accept(self) -> None:
        form: dict[str, Draft] = {
            "statutory_channel": self.story.chance.choice(("行政复议", "民事诉讼", "劳动仲裁")),
            "guided_on": AT_THE_TIME,
        }
        self._head("not_accept", form, "应通过法定途径解决，已当面说明。")

    def write_summary(self) -> None:
        """For the handlers, without what points to the reporter; a second person checks it."""
        text = self.story.rota.next(words.SUMMARIES).format(place=self.seed.where)
        self.story.do(self.officer, Verb.WRITE_SUMMARY, self.key, summary=text)
        self.story.do(self._other, Verb.CHECK_SUMMARY, self.key)

    def hand_over(self) -> None:
        """The head of the department takes it and names who handles it."""
        self.write_summary()
        form: dict[str, Draft] = {"department": unit(self._department), "summary_neutral": True}
        if self.seed.lead is None:
            form["handling_task"] = "入户核实，会同乡镇提出处理意见并书面答复。"
        head = self._signers.hand("HH_NAMED")
        named = Hand(head.login, head.text, {"handler": account(self._handler)})
        self.story.ask(
            self.officer, self.key, "hand_over", form, "请按摘要办理，注意保密。", [named],
            gap=(0, 1),
        )  # fmt: skip

    def conclude(self, *, waits_at: int | None = None, returned: bool = False) -> None:
        result = "反映的问题已核查，处理结果见线索结论。"
        form: dict[str, Draft] = {"result": result}
        if self.seed.lead is None:
            form = {"result": "已会同乡镇核实并作出书面答复，诉求已落实。", "task_done": True}
        self.story.ask(
            self._handler, self.key, "conclude", form, "办理完毕，提请办结。",
            self._signers.up("HO", "DL"), waits_at=waits_at,
            returned_at=1 if returned else None,
        )  # fmt: skip

    def feed_back(self, *, asked: bool) -> None:
        text = self.story.rota.next(words.FEEDBACK)
        how = self.story.chance.choice(("in_person", "call", "letter"))
        if self.seed.channel == "one_click":
            how = "receipt_code"
        form: dict[str, Draft] = {"fed_back_on": AT_THE_TIME, "how": how, "objects": False}
        self._head("feed_back", form, text, last=asked)

    def archive(self) -> None:
        number = f"卷{self.story.chance.randint(101, 999)}"
        self._head("archive", {"archive_number": number}, "告知和答复已完成，拟归档。")

    def end(self) -> None:
        """Concluded, told to whoever gave a name, archived: as far as it got."""
        self.ended = True
        self.story.wait(1, 5)
        self.conclude()
        fate, turn, claim = self.seed.fate, self.seed.turn, self.seed.class_ == "claim"
        asked = turn in {Turn.WAITS_FIRST, Turn.RETURNED}
        if fate is PetitionFate.CONCLUDED and not asked:
            return
        self.story.wait(1, 8)
        if self.seed.named:
            self.feed_back(asked=fate is PetitionFate.CONCLUDED)
            if fate is PetitionFate.CONCLUDED or (fate is PetitionFate.FED_BACK and not asked):
                return
            # A recheck of a claim may be applied for within 30 days.
            self.story.wait(*((24, 30) if claim else (1, 6)))
        self.archive()
