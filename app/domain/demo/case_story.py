"""A case's story: announced, investigated, shown to the person, adjudicated, decided, served."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.demo import words
from app.domain.demo.lead_story import outcome_rows
from app.domain.demo.quotas import CaseFate
from app.domain.demo.results import Result
from app.domain.demo.roster import Duty
from app.domain.demo.signing import Signers
from app.domain.demo.staff import ADJUDICATION_HEAD, ADJUDICATORS, NAMES
from app.domain.demo.steps import Verb, subject
from app.domain.demo.story import AT_THE_TIME, Draft, Hand, Moment, Story

# How far along each state is.
ORDER = (
    CaseFate.FILED,
    CaseFate.INVESTIGATING,
    CaseFate.FACT_MEETING,
    CaseFate.REPORTED,
    CaseFate.ADJUDICATING,
    CaseFate.DELIBERATING,
    CaseFate.DECIDED,
    CaseFate.SERVED,
    CaseFate.EXECUTING,
    CaseFate.CLOSED,
)
_REVIEW_WHERE = "向作出决定的机关提出，地址：云川区纪委监委信访室"


def case_key(lead: str) -> str:
    return f"C{lead}"


class CaseStory:
    """Writes a case's steps up to where it stands on the demo's day."""

    def __init__(self, story: Story, duty: Duty, place: str, yuan: str) -> None:
        self.story = story
        self.duty = duty
        self.key = case_key(duty.lead.key)
        self._place = place
        self._yuan = yuan
        self._signers = Signers(duty.group, duty.deputy, story.rota)
        self.adjudicator = duty.asker or story.rota.next(ADJUDICATORS)

    def reaches(self, fate: CaseFate) -> bool:
        """Whether the case got as far as that."""
        mine = self.duty.lead.case_fate
        if mine is CaseFate.DISMISSED:
            return fate in {CaseFate.FILED, CaseFate.INVESTIGATING}
        return mine is not None and ORDER.index(mine) >= ORDER.index(fate)

    @property
    def results(self) -> tuple[Result, ...]:
        return self.duty.lead.case_results

    @property
    def crime(self) -> bool:
        """What ends in expulsion from the Party and in dismissal goes to the procuratorate."""
        return any(
            r.sanction is not None
            and r.sanction.party == "expulsion"
            and r.sanction.administrative == "dismissal"
            for r in self.results
        )

    def _two_officers(self, event: str, form: dict[str, Draft], *, waits: bool = False) -> None:
        self.story.ask(
            self.duty.handler, self.key, event, form, words.TWO_OFFICERS[event],
            [Hand(self.duty.officer, "在场，情况属实。")],
            waits_at=0 if waits else None, gap=(0, 0),
        )  # fmt: skip

    def announce_filing(self) -> None:
        self.story.wait(1, 4)
        plan = "先固定账目和名册，再与本人谈话；谈话在规定场所，两人参加，全程记录。"
        form: dict[str, Draft] = {
            "announced_on": AT_THE_TIME,
            "unit_told_on": AT_THE_TIME,
            "plan": plan,
        }
        self._two_officers("announce_filing", form)

    def investigate(self, least: int, most: int) -> None:
        story = self.story
        story.wait(least // 2, most // 2)
        if story.chance.likely(0.3):
            story.note(story.rota.next(self.duty.team[:2]), self.key, self.duty.lead.campaign)
        story.wait(least // 2, most // 2)

    def dismiss(self, *, waits: bool = False) -> None:
        text = "经调查，反映的资金已全部用于公益支出，票据齐全，不能认定问题成立。"
        self.story.ask(
            self.duty.handler, self.key, "dismiss", {"nothing_proved": text}, text,
            self._signers.up("HO", "CH", texts=words.SIGN_CASE), waits_at=2 if waits else None,
        )  # fmt: skip
        if not waits:
            self.story.wait(1, 4)
            told = self.story.rota.next(words.NOTICES)
            self.story.do(self.duty.handler, Verb.FINISH_TASKS, self.key, how=told)

    def meet_on_facts(self) -> None:
        form: dict[str, Draft] = {
            "evidence_for": f"发放表、银行流水和领款人证言互相印证，涉及{self._yuan}元。",
            "evidence_against": "部分款项有公用支出票据；本人在核查前已退还两户。",
        }
        self._two_officers("meet_on_facts", form)

    def hear(self, *, answer: bool = True) -> None:
        """What each person said to the facts, and the answer to it."""
        heard: dict[str, str] = {}
        for person in self.duty.lead.subjects:
            said, answered = self.story.rota.next(words.of(self.duty.lead.campaign, words.HEARD))
            heard[person.key] = answered
            self.story.do(
                self.duty.handler, Verb.RECORD_STATEMENT, self.key,
                subject=subject(person.key), said=said,
            )  # fmt: skip
        if not answer:
            return
        self.story.wait(1, 3)
        for key, answered in heard.items():
            self.story.do(
                self.duty.handler, Verb.ANSWER_STATEMENT, self.key,
                subject=subject(key), answer=answered,
            )  # fmt: skip

    def report(self, *, waits: bool = False) -> None:
        text = self.story.rota.next(words.BRIEFS).format(place=self._place, yuan=self._yuan)
        form: dict[str, Draft] = {
            "report": text,
            "opinion_heard": "已听取本人意见并逐条答复。",
            "proposal": "建议移送审理，按规定给予相应处理。",
            "crime_suspected": self.crime,
        }
        hands = self._signers.up("HO", "CH", texts=words.SIGN_CASE)
        self.story.ask(
            self.duty.handler, self.key, "report", form, text, hands,
            waits_at=len(hands) - 1 if waits else None,
        )  # fmt: skip

    def accept_file(self, *, waits: bool = False, returned: bool = False) -> None:
        self.story.ask(
            self.adjudicator, self.key, "accept_file", {"complete": True},
            "案卷材料齐全，建议受理。", [self._signers.hand("AD_HEAD")],
            waits_at=0 if waits else None, returned_at=0 if returned else None, gap=(0, 1),
        )  # fmt: skip

    def deliberate(self, *, returned: bool = False, waits_at: int | None = None) -> None:
        form: dict[str, Draft] = {
            "talk_held_on": self.story.ago(2),
            "opinion": "事实清楚，证据充分，定性准确，程序合规，本人陈述已有答复。",
            "study_held_on": AT_THE_TIME,
            "study_chair": NAMES[ADJUDICATION_HEAD],
            "study_present": tuple(NAMES[each] for each in (ADJUDICATION_HEAD, *ADJUDICATORS)),
            "study_recorder": NAMES[ADJUDICATORS[-1]],
        }
        self.story.ask(
            self.adjudicator, self.key, "deliberate", form, "审理完毕，提请集体审议。",
            self._signers.up("AD", "CH", texts=words.SIGN_CASE),
            returned_at=2 if returned else None, waits_at=waits_at,
        )  # fmt: skip

    def decide(self, *, waits: bool = False) -> None:
        form: dict[str, Draft] = {
            "outcomes": outcome_rows(self.results) if self.results else self._usual(),
            "not_aggravated": True,
        }
        self.story.ask(
            self.adjudicator, self.key, "decide", form, "提请常委会审议决定。",
            [self._signers.hand("SC")], waits_at=0 if waits else None, gap=(1, 4),
        )  # fmt: skip

    def _usual(self) -> Sequence[Draft]:
        """What adjudication proposes where nothing is decided yet."""
        return tuple(
            {
                "subject": subject(person.key),
                "measure": "party_warning" if person.member else "administrative_demerit",
            }
            for person in self.duty.lead.subjects
        )

    def serve(self, *, waits: bool = False) -> None:
        party = any(r.sanction and r.sanction.party for r in self.results)
        administrative = any(r.sanction and r.sanction.administrative for r in self.results)
        reviews = ["party_review"] if party or not administrative else []
        reviews += ["reexamination", "review"] if administrative else []
        form: dict[str, Draft] = {
            "served_on": AT_THE_TIME,
            "reviews": tuple(reviews),
            "review_where": _REVIEW_WHERE,
            "review_until": Moment(AT_THE_TIME.tick, 30),
            "opinion_signed": True,
        }
        self._two_officers("serve", form, waits=waits)

    def prosecute(self) -> None:
        self.story.ask(
            self.duty.handler, self.key, "send_for_prosecution",
            {"sent_on": AT_THE_TIME, "receiver": "云川区人民检察院"},
            "涉嫌职务犯罪，移送审查起诉。",
            self._signers.up("HO", "CH", texts=words.SIGN_CASE),
        )  # fmt: skip

    def announce(self) -> None:
        form: dict[str, Draft] = {
            "announced_on": AT_THE_TIME,
            "announced_to": "本人所在党支部和单位",
        }
        self.story.act(self.duty.handler, self.key, "announce", form)
        told = self.story.rota.next(words.NOTICES)
        self.story.do(self.duty.handler, Verb.FINISH_TASKS, self.key, how=told)

    def ask_for_six_months(self) -> None:
        """The superior decides on more than a year: it has not yet."""
        hands = self._signers.up("HO", "SU")
        self.story.ask(
            self.duty.handler, self.key, "extend", {"clock": "decision"},
            "关键账目由外地审计机构鉴定，一年内难以办结，申请延长六个月。", hands,
            waits_at=len(hands) - 1, gap=(0, 1),
        )  # fmt: skip

    def close(self, *, waits: bool = False, tracked: bool = False) -> None:
        text = self.story.rota.next(words.EXECUTION)
        form: dict[str, Draft] = {"unit_report_on": self.story.ago(2)}
        if tracked:
            form["money_tracked"] = "款项处置由财务科跟踪，每月核对一次。"
        self.story.ask(
            self.duty.handler, self.key, "close", form, text,
            [self._signers.hand("LM")], waits_at=0 if waits else None,
        )  # fmt: skip
