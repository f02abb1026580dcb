"""A lead's story: logged, registered, assigned, assessed by one of four methods, concluded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.domain.demo import words
from app.domain.demo.issues import Allegation
from app.domain.demo.quotas import LeadFate
from app.domain.demo.results import Result
from app.domain.demo.roster import Duty, Turn
from app.domain.demo.signing import Signers, rank, top_for
from app.domain.demo.staff import LEAD_MANAGER, NAMES, SECOND_LEAD_MANAGER
from app.domain.demo.steps import Verb, account, matter, subject, unit
from app.domain.demo.story import AT_THE_TIME, Draft, Hand, Moment, Story

_METHODS = {
    LeadFate.HELD: "hold",
    LeadFate.TALK_LETTER: "talk_letter",
    LeadFate.CLOSED_TALK: "talk_letter",
    LeadFate.CLOSED_DIRECT: "close",
}
_EVENTS = {"hold": "hold", "talk_letter": "talk", "verification": "verify", "close": "close_direct"}
_PLANS = {
    "hold": words.HOLD,
    "talk_letter": words.TALK,
    "verification": words.VERIFY,
}
_BEFORE_A_METHOD = (
    LeadFate.SUBMITTED,
    LeadFate.REGISTERED,
    LeadFate.ASSIGNED,
    LeadFate.ASSESSING,
    LeadFate.DISPOSAL_PROPOSED,
)


class LeadStory:
    """Writes one lead's steps into a story, up to where the lead stands on the demo's day."""

    def __init__(self, story: Story, duty: Duty, told: Allegation, logged_by: str) -> None:
        self.story = story
        self.duty = duty
        self.lead = duty.lead
        self.key = duty.lead.key
        self._told = told
        self._logged_by = logged_by
        self._signers = Signers(duty.group, duty.deputy, story.rota)
        self._manager = story.rota.next((LEAD_MANAGER, SECOND_LEAD_MANAGER))
        self.method = self._method()
        self._ground = story.chance.choice(tuple(words.CLOSE))
        self._opinions: dict[str, str] = {}

    def _method(self) -> str:
        fate = self.lead.fate
        if fate in _METHODS:
            return _METHODS[fate]
        if fate in _BEFORE_A_METHOD:
            return self.story.chance.choices(
                ("verification", "talk_letter", "hold", "close"), (60, 16, 12, 12)
            )[0]
        return "verification"

    # Shared: logged, registered, assigned -------------------------------------------------------

    def log(self, *, petition: str | None = None, leader: str | None = None) -> None:
        told, lead = self._told, self.lead
        self.story.do(
            self._logged_by,
            Verb.LOG_LEAD,
            self.key,
            source=lead.source,
            received_on=AT_THE_TIME,
            what=told.what,
            title=told.title,
            unit=unit(lead.place.code),
            category=told.category,
            happened=told.years,
            amount=None if told.fen is None else f"{told.fen / 100:.2f}",
            campaign=lead.campaign,
            petition=matter(petition) if petition else None,
            responsible_leader=leader,
            subjects=tuple(
                {"person": person.key, "position": person.position, "rank": rank(person)}
                for person in lead.subjects
            ),
        )

    @property
    def _registered_at_once(self) -> bool:
        return self._logged_by in {LEAD_MANAGER, SECOND_LEAD_MANAGER}

    def register(self) -> None:
        if not self._registered_at_once:
            self.story.wait(0, 2)
            self.story.act(self._manager, self.key, "register", {"repeats_checked": True})

    def assign(self) -> None:
        """The lead manager asks; the deputy agrees."""
        duty, story = self.duty, self.story
        form: dict[str, Draft] = {
            "department": unit(duty.group.path.value.replace(".", "-")),
            "no_conflict": True,
        }
        turn = duty.turn if self.lead.fate is LeadFate.REGISTERED else None
        reason = story.rota.next(words.TO_TEAM).format(group=duty.group.name)
        asked_by = duty.asker if turn is Turn.RETURNED and duty.asker else self._manager
        if turn is Turn.NOT_ASKED:
            return
        story.ask(
            asked_by, self.key, "assign", form, reason, self._signers.up("LM", "DL"),
            returned_at=0 if turn is Turn.RETURNED else None,
            waits_at=0 if turn is Turn.WAITS_FIRST else None, gap=(0, 1),
        )  # fmt: skip

    def suspend(self) -> None:
        """The books lie with the auditors: nobody can take it on before they are back."""
        form: dict[str, Draft] = {"why": "appraisal", "review_on": Moment(AT_THE_TIME.tick, 30)}
        self.story.ask(
            self.duty.group.head, self.key, "suspend", form,
            "村级账簿已由审计组调取，待审计结果。", self._signers.up("HH", "DL"), gap=(0, 0),
        )  # fmt: skip

    def take_on(self) -> None:
        self.story.wait(0, 2)
        form: dict[str, Draft] = {"handler": account(self.duty.handler), "team": ()}
        self.story.act(self.duty.group.head, self.key, "take_on", form)

    # Assessing ------------------------------------------------------------------------------------

    def propose(self, method: str, *, turn: Turn | None = None) -> None:
        """The handler proposes, after the department has studied it; the head agrees."""
        story, plan = self.story, self._opinion(method)
        form: dict[str, Draft] = {"method": method, "plan": plan, **study(self.duty)}
        story.ask(
            self.duty.handler, self.key, "propose_disposal", form, plan,
            self._signers.up("HO", "HH"),
            returned_at=0 if turn is Turn.RETURNED else None,
            waits_at=0 if turn is Turn.WAITS_FIRST else None,
        )  # fmt: skip

    def dispose(self, method: str, *, turn: Turn | None = None) -> None:
        """The head asks for the method; the ranks above decide."""
        reason = self.story.rota.next(words.HEAD_ASKS)
        hands = self._hands(method)
        waits = {Turn.WAITS_FIRST: 0, Turn.WAITS_LAST: len(hands) - 1}
        self.story.ask(
            self.duty.group.head, self.key, _EVENTS[method], self._disposal(method),
            reason, hands, returned_at=0 if turn is Turn.RETURNED else None,
            waits_at=waits.get(turn) if turn else None,
        )  # fmt: skip

    def _opinion(self, method: str) -> str:
        """Why this method: the head asks with the words in which the handler proposed it."""
        if method not in self._opinions:
            texts = words.CLOSE[self._ground] if method == "close" else _PLANS[method]
            self._opinions[method] = self.story.rota.next(texts)
        return self._opinions[method]

    def _hands(self, method: str) -> list[Hand]:
        top = top_for(method, self.lead.subjects, self._told.fen)
        texts = words.SIGN_WORK if method == "verification" else words.SIGN
        return self._signers.up("HH", *top, texts=texts)

    def _disposal(self, method: str) -> Mapping[str, Draft]:
        opinion = self._opinion(method)
        if method == "talk_letter":
            by = self.story.chance.choice(("talk", "letter"))
            return {"general_problem": True, "by": by, "questions": self._told.what}
        if method == "hold":
            return {"tried": opinion, "not_excluded": "反映的时间和对象明确，目前不能排除。"}
        if method == "close":
            return {"why": self._ground}
        return {"checkable": self._told.what, "team": self._team(), "plan": opinion}

    def _team(self) -> Sequence[Draft]:
        return tuple(account(login) for login in self.duty.team)

    # Verifying and talking ------------------------------------------------------------------------

    def hear_reply(self) -> None:
        """The answer to the letter comes in, and starts the month for the report."""
        self.story.wait(4, 12)
        form = {
            "kind": "reply",
            "from": "subject",
            "what": "已按要求书面说明，并附相关凭证复印件。",
        }
        self.story.act(self.duty.handler, self.key, "supplement", form)

    def report_talk(self) -> None:
        self.story.wait(2, 8)
        text = self.story.rota.next(words.TALK_RESULT)
        form: dict[str, Draft] = {"replied_on": self.story.ago(2), "report": text, "proposal": text}
        hands = self._signers.up("HO", "HH")
        self.story.ask(self.duty.handler, self.key, "report_talk", form, text, hands)

    def verify(self, least: int, most: int) -> None:
        """Time goes into the verification; a note or two say how."""
        story = self.story
        story.wait(least // 2, most // 2)
        if story.chance.likely(0.6):
            story.note(story.rota.next(self.duty.team), self.key, self.lead.campaign)
        story.wait(least // 2, most // 2)

    def report_verification(self, proposal: str, *, waits: bool = False) -> None:
        """Every member signs the report, then the head."""
        others = sorted(self.duty.members, key=lambda login: NAMES[login])
        hands = [Hand(login, "核查情况属实，同意报告。") for login in others]
        hands += self._signers.up("HO", "HH")
        form = {
            "allegations": self._told.what,
            "findings": proposal,
            "doubts": "部分领款人在外务工，已电话核实。",
            "proposal": proposal,
        }
        self.story.ask(
            self.duty.handler, self.key, "report_verification", form, proposal, hands,
            waits_at=len(hands) - 1 if waits else None, gap=(0, 1),
        )  # fmt: skip

    def proposal(self) -> str:
        """What the report proposes, in keeping with what came of it."""
        fate = self.lead.fate
        if fate is LeadFate.FILED:
            return self.story.rota.next(words.FILE).format(yuan=self.yuan)
        if fate in {LeadFate.REFERRED, LeadFate.REFERRAL_SENT}:
            return self._words("refer", words.REFER)
        if self.lead.results and all(result.unfounded for result in self.lead.results):
            return self._words("unfounded", words.UNFOUNDED)
        return self.story.rota.next(words.MEASURE)

    def _words(self, known: str, grouped: Mapping[str, tuple[str, ...]]) -> str:
        """The same words whenever this lead needs some of the kind."""
        if known not in self._opinions:
            self._opinions[known] = self.story.rota.next(words.of(self.lead.campaign, grouped))
        return self._opinions[known]

    def extend(self, clock: str) -> None:
        self.story.ask(
            self.duty.handler, self.key, "extend", {"clock": clock},
            "部分领款人外出务工，需等其返乡核实，申请延期。",
            self._signers.up("HO", "DL"), gap=(0, 1),
        )  # fmt: skip

    # Results --------------------------------------------------------------------------------------

    def file(self, *, turn: Turn | None = None) -> None:
        """Approving it creates the case with the same signatures."""
        reason = self.story.rota.next(words.FILE).format(yuan=self.yuan)
        form: dict[str, Draft] = {"facts_held": reason, "accountable": True, "organ": self._organ()}
        hands = self._signers.up("HH", *top_for("filing", self.lead.subjects, self._told.fen))
        waits = {Turn.WAITS_FIRST: 0, Turn.WAITS_LAST: len(hands) - 1}
        self.story.ask(
            self.duty.group.head, self.key, "file", form, reason, hands,
            waits_at=waits.get(turn) if turn else None,
        )  # fmt: skip

    @property
    def yuan(self) -> str:
        return f"{(self._told.fen or 860000) / 100:,.2f}"

    def _organ(self) -> str:
        sanctions = [r.sanction for r in self.lead.case_results if r.sanction is not None]
        party = any(each.party for each in sanctions)
        supervisory = any(each.administrative for each in sanctions)
        if sanctions:
            return "both" if party and supervisory else "party" if party else "supervisory"
        return "party" if self.lead.subjects[0].member else "supervisory"

    def conclude(self, results: Sequence[Result], *, turn: Turn | None = None) -> None:
        """A measure for each person, or that it is not borne out."""
        unfounded = all(result.unfounded for result in results)
        reason = self.proposal() if unfounded else self.story.rota.next(words.MEASURE)
        hands = self._signers.up("HH", "CH")
        if unfounded:
            hands = [Hand(h.login, self.story.rota.next(words.SIGN_UNFOUNDED)) for h in hands]
        waits = {Turn.WAITS_FIRST: 0, Turn.WAITS_LAST: len(hands) - 1}
        self.story.ask(
            self.duty.group.head, self.key, "conclude",
            {"basis": reason, "outcomes": outcome_rows(results)}, reason, hands,
            waits_at=waits.get(turn) if turn else None,
        )  # fmt: skip

    def light_result(self) -> tuple[Result, ...]:
        """What is proposed where nothing is decided yet."""
        return tuple(Result(person.key, ("reminder_talk",)) for person in self.lead.subjects)

    def tell_and_close(self, *, waits: bool = False) -> None:
        """Whoever was reported is told, cleared where nothing was found; then the head closes."""
        story, handler = self.story, self.duty.handler
        story.wait(2, 12)
        told = story.rota.next(words.NOTICES)
        story.do(handler, Verb.FINISH_TASKS, self.key, how=told)
        story.wait(0, 3)
        form: dict[str, Draft] = {"person_told_on": AT_THE_TIME, "unit_told_on": AT_THE_TIME}
        if any(result.unfounded for result in self.lead.results):
            form["clarified"] = told
        story.ask(
            handler, self.key, "close", form, told, self._signers.up("HO", "HH"),
            waits_at=0 if waits else None,
        )  # fmt: skip

    def refer(self) -> None:
        reason = self._words("refer", words.REFER)
        form = {
            "receiver": self.story.rota.next(words.FORWARD_TO),
            "what_goes": "反映材料和初核材料",
        }
        self.story.ask(
            self.duty.group.head, self.key, "refer", form, reason,
            self._signers.up("HH", *top_for("referral", self.lead.subjects, self._told.fen)),
        )  # fmt: skip

    def refer_received(self) -> None:
        self.story.wait(4, 11)
        number = f"收字{self.story.chance.randint(11, 99)}号"
        form: dict[str, Draft] = {"receipt_on": AT_THE_TIME, "receipt_number": number}
        self.story.act(self._manager, self.key, "referral_received", form)

    def sweep(self) -> None:
        """Taken from hold when all leads were assessed together again."""
        self.story.ask(
            self._manager, self.key, "take_from_hold", {"why": "sweep"}, words.RESTORE,
            self._signers.up("LM", "DL"),
        )  # fmt: skip

    def merge_into(self, survivor: str) -> None:
        self.story.ask(
            self._manager, self.key, "merge",
            {"survivor": matter(survivor), "same_facts": True},
            "两件反映同村同一笔资金，经比对为同一事实，建议并案。", self._signers.up("LM", "DL"),
        )  # fmt: skip


def study(duty: Duty) -> dict[str, Draft]:
    """The department's study meeting, in which the head takes the chair."""
    group = duty.group
    return {
        "study_held_on": AT_THE_TIME,
        "study_chair": NAMES[group.head],
        "study_present": tuple(NAMES[login] for login in (group.head, *group.handlers)),
        "study_recorder": NAMES[group.handlers[-1]],
    }


def outcome_rows(results: Sequence[Result]) -> tuple[Mapping[str, Draft], ...]:
    """One row for each measure of each person, as the profile's forms take them."""
    return tuple(
        {"subject": subject(result.subject), "measure": measure}
        for result in results
        for measure in result.measures
    )
