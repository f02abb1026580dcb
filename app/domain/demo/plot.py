"""One lead with everything that hangs on it, as one story: petition, case, money."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.demo.case_story import CaseStory
from app.domain.demo.chance import Dice, Rota
from app.domain.demo.fund_story import FundStory
from app.domain.demo.issues import Allegation
from app.domain.demo.lead_story import LeadStory
from app.domain.demo.money import ItemFate, ItemSeed
from app.domain.demo.petition_story import EARLY, PetitionSeed, PetitionStory
from app.domain.demo.quotas import CaseFate, LeadFate, PetitionFate
from app.domain.demo.roster import Duty, Turn
from app.domain.demo.signing import Signers
from app.domain.demo.story import Story

_ENDED_PETITIONS = (PetitionFate.CONCLUDED, PetitionFate.FED_BACK, PetitionFate.CLOSED)


@dataclass(frozen=True, slots=True)
class Cast:
    """Everything that is known of a lead before its story is told."""

    duty: Duty
    told: Allegation
    logged_by: str
    petition: PetitionSeed | None = None
    item: ItemSeed | None = None
    survivor: str | None = None  # for a lead that is merged
    held_before: bool = False  # taken from hold in the full sweep


class Plot:
    """Tells a cast's story. Each method leads to the next state, and stops where it stands."""

    def __init__(
        self, cast: Cast, chance: Dice, rota: Rota, *, pace: float = 1.0, slack: int = 0
    ) -> None:
        """`slack` office days more go into checking, so that the story fills its time."""
        self.cast = cast
        long = cast.duty.overdue and cast.duty.lead.case_fate is CaseFate.DELIBERATING
        self._slack = 250 if long else slack
        self.duty = cast.duty
        self.lead = cast.duty.lead
        self.story = Story(chance, rota, pace)
        self.leads = LeadStory(self.story, self.duty, cast.told, cast.logged_by)
        code = self.duty.group.path.value.replace(".", "-")
        signers = Signers(self.duty.group, self.duty.deputy, rota)
        self.petitions = (
            PetitionStory(self.story, cast.petition, signers, self.duty.handler, code)
            if cast.petition
            else None
        )
        self.case = CaseStory(self.story, self.duty, self.lead.place.name, self.leads.yuan)
        origin = self.case.key if self.lead.case_fate else self.lead.key
        self.funds = (
            FundStory(self.story, cast.item, self.duty, origin) if cast.item is not None else None
        )

    @property
    def _spared(self) -> int:
        """What of the slack the investigation takes, where there is one."""
        investigated = self.lead.case_fate not in {None, CaseFate.FILED, CaseFate.INVESTIGATING}
        return max(self._slack * 2 // 3, self._slack - 24) if investigated else 0

    def told(self) -> Story:
        self._begin()
        fate = self.lead.fate
        if fate is LeadFate.SUBMITTED:
            return self.story
        self.leads.register()
        self.story.wait(0, 2)
        self.leads.assign()
        if fate in {LeadFate.REGISTERED, LeadFate.ASSIGNED}:
            if fate is LeadFate.ASSIGNED and self.duty.turn is Turn.WAITS_LAST:
                self.leads.suspend()
            return self.story
        self.leads.take_on()
        self._assess()
        return self.story

    def _begin(self) -> None:
        """Logged; where a petition brought it, accepted and handed over with it."""
        petition = self.petitions
        if petition is None:
            self.leads.log()
            return
        seed = petition.seed
        if seed.backlog:
            self.story.tick = EARLY
            petition.receive()
            self.story.tick = 0
        else:
            petition.receive()
            self.story.wait(0, 3)
        petition.accept()
        self.story.wait(0, 3)
        self.leads.log(petition=seed.key, leader=seed.leader)
        petition.hand_over()

    # Assessment ------------------------------------------------------------

    def _assess(self) -> None:
        lead, duty, story = self.lead, self.duty, self.story
        if self.cast.held_before:
            self._held_before()
        if lead.fate is LeadFate.ASSESSING:
            story.tick += self._slack
            if duty.turn is not Turn.NOT_ASKED:
                story.wait(3, 9)
                self.leads.propose(self.leads.method, turn=duty.turn)
            elif story.chance.likely(0.3):
                story.wait(1, 4)
                story.note(duty.handler, self.leads.key, lead.campaign)
            return
        story.wait(3, 12)
        self.leads.propose(self.leads.method)
        story.wait(0, 3)
        if lead.fate is LeadFate.DISPOSAL_PROPOSED:
            if duty.turn is not Turn.NOT_ASKED:
                self.leads.dispose(self.leads.method, turn=duty.turn)
            return
        self.leads.dispose(self.leads.method)
        if lead.fate is LeadFate.CLOSED_DIRECT:
            self._end_petition()
        elif self.leads.method == "talk_letter":
            self._talk()
        elif self.leads.method == "verification":
            self._verify()

    def _held_before(self) -> None:
        self.story.wait(3, 12)
        self.leads.propose("hold")
        self.leads.dispose("hold")
        self.story.wait(60, 115)
        self.leads.sweep()

    # Talking and verifying ------------------------------------------------------------

    def _talk(self) -> None:
        if self.lead.fate is LeadFate.TALK_LETTER:
            if not self.duty.overdue and self.story.chance.likely(0.5):
                self.leads.hear_reply()
            return
        self.leads.hear_reply()
        self.leads.report_talk()
        self._conclude()

    def _verify(self) -> None:
        lead, fate, story = self.lead, self.lead.fate, self.story
        on_lead = self.funds is not None and lead.case_fate is None
        if fate is LeadFate.VERIFYING and self.duty.turn is not Turn.WAITS_LAST:
            self._take_time(self._slack)
            if on_lead:
                self._take_in()
            return
        if fate is LeadFate.MERGED:
            story.wait(3, 10)
            self.leads.merge_into(self.cast.survivor or "")
            return
        self._take_time(self._slack - self._spared)
        self.leads.verify(6, 30)
        if on_lead:
            self._take_in()
            story.wait(2, 6)
        proposal = self.leads.proposal()
        self.leads.report_verification(proposal, waits=fate is LeadFate.VERIFYING)
        story.wait(0, 3)
        if fate is LeadFate.VERIFYING:
            return
        if fate is LeadFate.RESULT_PROPOSED:
            self._ask_for_a_result()
        elif fate in {LeadFate.REFERRED, LeadFate.REFERRAL_SENT}:
            self.leads.refer()
            if fate is LeadFate.REFERRED:
                self.leads.refer_received()
                self._end_petition()
        elif fate is LeadFate.FILED:
            self.leads.file()
            self._end_petition(early=True)
            self._case()
        else:
            self._conclude()

    def _take_time(self, more: int) -> None:
        """Checking takes longer than expected: the limit is extended before it ends."""
        if more > 24:
            self.story.tick += 20
            self.leads.extend("verification")
            more -= 20
        self.story.tick += more

    def _take_in(self) -> None:
        if self.funds is not None:
            controlled = self.funds.item.fate is ItemFate.CONTROLLED
            waits = controlled and self.funds.item.fen > 0
            self.funds.take_in(keep_waits=waits)

    def _ask_for_a_result(self) -> None:
        turn = self.duty.turn
        if turn is Turn.WAITS_FIRST:
            self.leads.file(turn=turn)
        elif turn is Turn.WAITS_LAST:
            self.leads.conclude(self.leads.light_result(), turn=turn)

    def _conclude(self) -> None:
        lead, story = self.lead, self.story
        story.wait(0, 3)
        self.leads.conclude(lead.results)
        self._settle_without_case()
        if lead.fate is LeadFate.NOTIFYING:
            if self.duty.turn is Turn.WAITS_FIRST:
                self.leads.tell_and_close(waits=True)
            return
        self.leads.tell_and_close()
        self._end_petition()

    def _settle_without_case(self) -> None:
        funds = self.funds
        if funds is None or not funds.reaches(ItemFate.DISPOSAL_PROPOSED):
            return
        head = self.duty.group.head
        self.story.wait(1, 4)
        funds.propose(head)
        self._decide_and_pay(head)

    # The case ------------------------------------------------------------

    def _case(self) -> None:
        case, lead, story = self.case, self.lead, self.story
        if not case.reaches(CaseFate.INVESTIGATING):
            return
        case.announce_filing()
        if self.funds is not None:
            story.wait(2, 10)
            self._take_in()
        if lead.case_fate is CaseFate.INVESTIGATING:
            if self.duty.turn is Turn.WAITS_FIRST:
                story.tick += 226
                case.ask_for_six_months()
            return
        case.investigate(10, 34)
        story.tick += self._spared
        if lead.case_fate is CaseFate.DISMISSED:
            case.dismiss()
            self._end_petition()
            return
        case.meet_on_facts()
        story.wait(0, 2)
        if lead.case_fate is CaseFate.FACT_MEETING:
            case.hear(answer=self.duty.turn is Turn.WAITS_LAST)
            return
        case.hear()
        story.wait(1, 5)
        case.report()
        self._adjudicate()

    def _adjudicate(self) -> None:
        case, lead, story, turn = self.case, self.lead, self.story, self.duty.turn
        story.wait(1, 4)
        if lead.case_fate is CaseFate.REPORTED:
            if turn is not Turn.NOT_ASKED:
                case.accept_file(waits=turn is Turn.WAITS_FIRST, returned=turn is Turn.RETURNED)
            return
        case.accept_file()
        story.wait(4, 12)
        if self.funds is not None and self.funds.reaches(ItemFate.DISPOSAL_PROPOSED):
            self.funds.propose(case.adjudicator)
        if lead.case_fate is CaseFate.ADJUDICATING:
            if turn is Turn.RETURNED:
                case.deliberate(returned=True)
            elif turn is not Turn.NOT_ASKED:
                case.deliberate(waits_at=0 if turn is Turn.WAITS_FIRST else 2)
            return
        case.deliberate()
        story.wait(1, 5)
        if lead.case_fate is CaseFate.DELIBERATING:
            if turn is Turn.WAITS_FIRST:
                case.decide(waits=True)
            self._decide_and_pay(case.adjudicator)
            return
        case.decide()
        self._decide_and_pay(case.adjudicator, until=ItemFate.DECIDED)
        self._execute()

    def _execute(self) -> None:
        case, lead, story, turn = self.case, self.lead, self.story, self.duty.turn
        story.wait(1, 6)
        if lead.case_fate is CaseFate.DECIDED:
            if turn is Turn.WAITS_FIRST:
                case.serve(waits=True)
            return
        case.serve()
        if not case.reaches(CaseFate.EXECUTING):
            return
        story.wait(1, 8)
        case.announce()
        if case.crime:
            case.prosecute()
        self._decide_and_pay(case.adjudicator, begin=ItemFate.SETTLING)
        if lead.case_fate is CaseFate.CLOSED:
            story.wait(5, 20)
            case.close()
            self._end_petition()
        elif turn is Turn.WAITS_FIRST:
            story.wait(4, 9)
            case.close(waits=True, tracked=self.funds is not None)

    # Money and the petition's end ------------------------------------------------------------

    def _decide_and_pay(
        self,
        asker: str,
        *,
        begin: ItemFate = ItemFate.DECIDED,
        until: ItemFate = ItemFate.SETTLED,
    ) -> None:
        """What becomes of the money after it was proposed, as far as it got."""
        funds, story, turn = self.funds, self.story, self.duty.turn
        if funds is None or not funds.item.fen:
            return
        fate = funds.item.fate
        if begin is ItemFate.DECIDED:
            if fate is ItemFate.DISPOSAL_PROPOSED:
                waits = story.chance.likely(0.6)
                if waits:
                    story.wait(0, 2)
                    funds.decide(asker, waits_at=0)
                return
            if not funds.reaches(ItemFate.DECIDED):
                return
            funds.decide(asker)
            story.wait(1, 5)
            funds.list_payees()
        if until is ItemFate.DECIDED or not funds.reaches(ItemFate.DECIDED):
            return
        if fate is ItemFate.DECIDED:
            if turn is Turn.RETURNED:
                funds.submit_list(returned=True)
            elif turn is Turn.WAITS_LAST:
                funds.submit_list(waits=True)
            return
        funds.submit_list()
        story.wait(1, 4)
        waits = fate is ItemFate.SETTLING and turn is Turn.WAITS_LAST
        if fate is ItemFate.SETTLING and not funds.item.payees and not waits:
            return
        funds.pay(everybody=waits)
        if fate is ItemFate.SETTLED:
            story.wait(0, 3)
            funds.settle()
        elif turn is Turn.WAITS_LAST:
            funds.settle(waits=True)
            funds.bounce()

    def _end_petition(self, *, early: bool = False) -> None:
        """The petition is concluded once its lead has an outcome, told to whoever gave a name."""
        petition = self.petitions
        if petition is None or petition.seed.fate not in _ENDED_PETITIONS:
            return
        if petition.ended or (early and petition.seed.fate is not PetitionFate.CLOSED):
            return
        petition.end()
