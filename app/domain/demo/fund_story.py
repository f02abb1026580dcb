"""A fund item's story: taken in, kept, decided on, paid out, each by another hand."""

from __future__ import annotations

from app.domain.demo import words
from app.domain.demo.money import CRIMINAL_CASE, REFUND, ItemFate, ItemSeed
from app.domain.demo.quotas import LeadFate
from app.domain.demo.roster import Duty
from app.domain.demo.signing import Signers
from app.domain.demo.staff import KEEPER, PAYER, RECEIVER
from app.domain.demo.steps import Verb, matter
from app.domain.demo.story import AT_THE_TIME, Draft, Hand, Story

_ORDER = (
    ItemFate.IDENTIFIED,
    ItemFate.CONTROLLED,
    ItemFate.IN_CUSTODY,
    ItemFate.DISPOSAL_PROPOSED,
    ItemFate.DECIDED,
    ItemFate.SETTLING,
    ItemFate.SETTLED,
)
_BATCHES = 4  # a long return list is paid on several days


class FundStory:
    """Writes an item's steps. `origin` is the key of the lead or case that it hangs on."""

    def __init__(self, story: Story, item: ItemSeed, duty: Duty, origin: str) -> None:
        self.story = story
        self.item = item
        self.key = item.key
        self._duty = duty
        self._origin = origin
        self._case = origin != duty.lead.key
        self._signers = Signers(duty.group, duty.deputy, story.rota)

    def reaches(self, fate: ItemFate) -> bool:
        if self.item.fate is ItemFate.RELEASED:
            return fate in {ItemFate.IDENTIFIED, ItemFate.CONTROLLED}
        return _ORDER.index(self.item.fate) >= _ORDER.index(fate)

    def take_in(self, *, keep_waits: bool = False) -> None:
        """Identified, controlled, received, kept: as far as it got."""
        handler = self._duty.handler
        self.story.do(
            handler, Verb.CREATE_ITEM, self.key, origin=matter(self._origin),
            description=self._description(), intake=self.item.intake,
            form="money" if self.item.fen else "property",
        )  # fmt: skip
        if not self.reaches(ItemFate.CONTROLLED):
            if self._duty.lead.fate is LeadFate.RESULT_PROPOSED:
                # The lead moves on before the deputy signs: then nothing can come in any more.
                self._control(waits=True)
            return
        self._control()
        self._receive()
        if self.item.fate is ItemFate.RELEASED:
            self._release()
        elif self.reaches(ItemFate.IN_CUSTODY) or keep_waits:
            self._keep(waits=keep_waits)

    def _description(self) -> str:
        if not self.item.fen:
            return self.story.rota.next(words.PROPERTY)
        return f"{self._duty.lead.place.name}{words.ITEM_WORDS[self.item.intake]}"

    def _control(self, *, waits: bool = False) -> None:
        measure = "surrender" if self.item.intake == "surrendered" else "retention"
        form: dict[str, Draft] = {
            "measure": measure,
            "controlled_on": AT_THE_TIME,
            "witness": "村务监督委员会主任",
            "list_signed": True,
        }
        self.story.ask(
            self._duty.handler, self.key, "control", form, "本人自愿交出，清单已当面核对签名。",
            self._signers.up("HO", "DL", texts=words.SIGN_MONEY),
            waits_at=1 if waits else None, gap=(0, 0),
        )  # fmt: skip

    def _receive(self) -> None:
        payer = self._duty.lead.subjects[0].name
        for fen in self.item.receipts:
            self.story.do(
                RECEIVER, Verb.RECORD_RECEIPT, self.key, amount=_yuan(fen),
                happened_on=AT_THE_TIME, paid_in_by=payer, intake=self.item.intake,
            )  # fmt: skip
            self.story.wait(0, 2)

    def _keep(self, *, waits: bool) -> None:
        slip = f"{self.story.chance.randint(100000, 999999)}" if self.item.fen else None
        form: dict[str, Draft] = {"kept_by": "keeper", "count_agrees": True, "bank_slip": slip}
        self.story.ask(
            self._duty.handler, self.key, "keep", form, "与清单核对无误，移交保管。",
            [Hand(KEEPER, "清点一致，已入账。")], waits_at=0 if waits else None, gap=(0, 1),
        )  # fmt: skip

    def _release(self) -> None:
        form: dict[str, Draft] = {"unrelated": words.RELEASE, "found_on": AT_THE_TIME}
        self.story.wait(3, 9)
        self.story.ask(
            self._duty.handler, self.key, "release", form, words.RELEASE,
            self._signers.up("HO", "DL", texts=words.SIGN_MONEY), gap=(0, 1),
        )  # fmt: skip

    def propose(self, asker: str) -> None:
        """Adjudication says what it is and whose; without a case the department's head does."""
        refund = self.item.destination == REFUND
        nature = self.story.rota.next(words.REFUND if refund else words.TREASURY)
        if self.item.destination == CRIMINAL_CASE:
            nature = words.CRIMINAL
        event = "propose_disposal" if self._case else "propose_disposal_without_case"
        owner = "清册所列农户" if refund else "国家所有"
        self.story.act(asker, self.key, event, {"nature": nature, "owner": owner})

    def decide(self, asker: str, *, waits_at: int | None = None) -> None:
        form: dict[str, Draft] = {
            "splits": ({"destination": self.item.destination, "amount": _yuan(self.item.fen)},)
        }
        if self._case:
            event, hands = "decide_disposal", self._signers.up("AD", "SC", texts=words.SIGN_MONEY)
        else:
            event, hands = (
                "decide_disposal_without_case",
                self._signers.up("HH", "CH", texts=words.SIGN_MONEY),
            )
        self.story.ask(
            asker, self.key, event, form, "款物性质和去向明确，提请审定。", hands,
            waits_at=len(hands) - 1 if waits_at is not None else None, gap=(0, 1),
        )  # fmt: skip

    def list_payees(self) -> None:
        """Finance writes the return list before it is approved."""
        if self.item.payees:
            self.story.do(
                PAYER, Verb.LIST_PAYEES, self.key,
                payees=tuple(
                    {"name": each.name, "identity": each.identity, "amount": _yuan(each.fen)}
                    for each in self.item.payees
                ),
            )  # fmt: skip

    def submit_list(self, *, returned: bool = False, waits: bool = False) -> None:
        self.story.ask(
            PAYER, self.key, "list_payees", {"list_published": True},
            "清册已公示，无异议。" if self.item.payees else "无退还对象，按决定办理缴款。",
            self._signers.up("FI", "DL", texts=words.SIGN_MONEY),
            returned_at=0 if returned else None, waits_at=0 if waits else None,
        )  # fmt: skip

    def bounce(self) -> None:
        """The bank sends some payments back: the item can't be closed before they are paid."""
        self.story.wait(1, 1)
        for each in self.item.payees:
            if not each.paid:
                self.story.do(
                    RECEIVER, Verb.REVERSE_PAYMENT, self.key, identity=each.identity,
                    name=each.name, amount=_yuan(each.fen),
                    reason="收款账号户名不符，银行退汇，待与本人核对后重新发放。",
                )  # fmt: skip

    def pay(self, *, everybody: bool = False) -> None:
        """Villagers are paid, a part of a long list a day; or the money is remitted.

        Of a list that isn't paid to its end the last who was paid has yet to sign.
        """
        paid = [each for each in self.item.payees if each.paid or everybody]
        size = max(6, -(-len(paid) // _BATCHES))
        for at in range(0, len(paid), size):
            batch = paid[at : at + size]
            last = batch[-1] if self.item.fate is ItemFate.SETTLING and not everybody else None
            self.story.wait(0, 6)
            self.story.do(
                PAYER, Verb.PAY_RETURN, self.key, happened_on=AT_THE_TIME,
                payments=tuple(
                    {
                        "identity": each.identity, "name": each.name, "amount": _yuan(each.fen),
                        "signed": "not_yet" if each is last else each.signed,
                        "address": each.address,
                    }
                    for each in batch
                ),
            )  # fmt: skip
        if not self.item.payees and self.item.fen:
            self.story.do(
                PAYER, Verb.REMIT, self.key, to=self.item.destination,
                amount=_yuan(self.item.fen), happened_on=AT_THE_TIME,
            )  # fmt: skip

    def settle(self, *, waits: bool = False) -> None:
        self.story.ask(
            PAYER, self.key, "settle", {"settled_on": AT_THE_TIME}, "已全部执行，凭证附卷。",
            [Hand(KEEPER, "账款相符，同意销账。")], waits_at=0 if waits else None, gap=(0, 1),
        )  # fmt: skip


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"
