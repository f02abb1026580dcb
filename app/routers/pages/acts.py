"""What the reader may do to a matter now, and what is missing for the rest.

Steps come from the very function that a step's POST obeys. Beside them stand what is entered
without a step: notes, people, statements, money.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.domain import ledger
from app.domain.errors import N_, Reason
from app.domain.kinds import Kind
from app.domain.ledger import EntryKind
from app.domain.permissions import Actor, Permission, Role
from app.domain.units import UnitPath
from app.domain.workflow import engine
from app.domain.workflow.plans import Action
from app.routers.pages import chains
from app.routers.pages.present import PAY_LIST, Reader, matter_href
from app.routers.parts import Act, Link, Missing, NotYet
from app.services.matters import MatterFile

UNPAID = "People on the return list who are not paid or have not signed: {count}."
PAY = "/money/{id}/return"

# Where what is missing can be mended: the guard's message, the link's words, the address below
# the matter's own.
MEND: Mapping[str, tuple[str, str]] = {
    "Possible repeats wait to be decided.": (N_("Decide on them"), "#repeats"),
    "Name at least one person or organisation: the result is decided for each.": (
        N_("Add a person"), "/people/new",
    ),
    "Nobody is named whose statement could be heard.": (N_("Add a person"), "/people/new"),
    "What is still owed to people comes first: {count} open.": (N_("See what is owed"), "#tasks"),
    "Statements to the facts that are not recorded: {count}.": (
        N_("Record statements"), "#statements",
    ),
    "Statements that have no answer yet: {count}.": (N_("Answer them"), "#statements"),
    "Write a summary without what points to the reporter.": (N_("Write it"), "/summary"),
    "A second person has to check the summary.": (N_("See the summary"), "#summary"),
    "{count} of its leads have no outcome yet.": (N_("See the leads"), "#linked"),
    "List who gets the money back.": (N_("Write the list"), "#money"),
    "The return list adds up to {listed} yuan, the decision says {decided}.": (
        N_("See the list"), "#money",
    ),
    UNPAID: (PAY_LIST, PAY),
    "{held} yuan are still in custody.": (N_("See the money"), "#money"),
    "A request on this matter waits for signatures.": (N_("See who signs"), "#signatures"),
}  # fmt: skip
LOG_LEAD = "Log at least one lead from it first."

# Steps on an open request have a page of their own: read, then sign, return or take back.
ON_REQUEST = frozenset({"return", "take_back"})


@dataclass(frozen=True)
class Acts:
    """The three lists of the section, and the page's one filled button."""

    main: Link | None
    now: Sequence[Act]
    later: Sequence[NotYet]
    also: Sequence[Link]


def acts(
    reader: Reader,
    entering: Entering,
    found: Sequence[Action],
    *,
    to_sign: str | None,
    asked: Sequence[Act] = (),
) -> Acts:
    """`to_sign` is the request that waits for the reader's own signature, `asked` what they are to
    say before others come onto it."""
    file = entering.file
    here = matter_href(file.head["id"])
    machine = reader.profile.machine(file.kind)
    shared = {row.event for row in machine.transitions if row.shared}
    steps = [each for each in found if not each.on_request]
    now = [each for each in steps if each.allowed and each.event not in shared]
    step = engine.usual(machine, file.head["state"], steps)
    money = _money(reader, entering)
    moves = money if file.kind is Kind.FUND_ITEM else []
    return Acts(
        main=_main(reader, here, step, to_sign, moves, _ways(reader, file, now)),
        now=[
            *_to_sign(reader, file, to_sign),
            *asked,
            *(_act(reader, here, each) for each in now),
            *money,
        ],
        # What every kind shares (merge, split, void) is left out while it can't be done.
        later=_later(
            reader, here, [each for each in steps if not each.allowed and each.event not in shared]
        ),
        also=[
            *(
                Link(each.label.words(reader.locale), f"{here}/act/{each.event}")
                for each in steps
                if each.allowed and each.event in shared
            ),
            *beside(reader, entering),
        ],
    )


def _ways(reader: Reader, file: MatterFile, now: Sequence[Action]) -> bool:
    """Whether a proposal could go several ways by this reader: then none is put before the rest."""
    could = {row.event for row in reader.next_steps(file.kind, file.head["state"])}
    return len({each.event for each in now} & could) > 1


def _main(
    reader: Reader, here: str, step: Action | None, to_sign: str | None, moves: Sequence[Act],
    ways: bool,
) -> Link | None:  # fmt: skip
    """The page's one filled button: to sign, else the usual step, or what makes it possible, for
    an item moving its money; where a proposal could go several `ways`, to all of them. A step that
    turns the matter away is never offered because another waits."""
    if to_sign is not None:
        return Link(reader.say(N_("Read and sign")), f"/requests/{to_sign}")
    if ways:
        return Link(reader.say(N_("Decide")), "#can")
    if step is None:
        return None
    if step.allowed:
        return Link(step.label.words(reader.locale), f"{here}/act/{step.event}")
    if moves:
        return Link(moves[0].label, moves[0].href)
    return missing(reader, here, step.reasons[0]).mend if step.reasons else None


def _to_sign(reader: Reader, file: MatterFile, to_sign: str | None) -> list[Act]:
    if to_sign is None:
        return []
    asked = next((row for row in file.requests if str(row["id"]) == to_sign), None)
    step = reader.step(file.kind, asked["event"]) if asked else ""
    return [Act(reader.say(N_("Read and sign: {step}"), step=step), f"/requests/{to_sign}")]


def _money(reader: Reader, entering: Entering) -> list[Act]:
    """Taking something in for a lead or case; moving an item's money where its state allows."""
    file = entering.file
    if not entering.works or not entering.actor.may(Permission.MONEY_RECORD):
        return []
    head = file.head
    if file.kind is Kind.FUND_ITEM:
        return [
            Act(reader.say(words), address.format(id=head["id"]), reader.say(note))
            for offered, words, address, note in MOVES
            if offered(entering)
        ]
    state = reader.profile.machine(file.kind).states.get(head["state"])
    mine = any(row["account_id"] == entering.actor.account_id for row in file.team)
    if state is None or not state.takes_money or not mine:
        return []
    label = reader.say(N_("Log something taken in"))
    return [Act(label, f"{matter_href(head['id'])}/items/new", reader.say(N_("A card of its own")))]


def _takes(it: Entering) -> bool:
    state, form = it.file.head["state"], it.file.own.get("form")
    return form != "property" and ledger.movement_refused(EntryKind.RECEIPT, state) is None


def _pays(it: Entering) -> bool:
    return it.pays and ledger.movement_refused(EntryKind.RETURN, it.file.head["state"]) is None


MOVES: Sequence[tuple[Callable[[Entering], bool], str, str, str]] = (
    (
        _takes, N_("Log money received"), "/money/{id}/receipt", N_("With the bank's reference"),
    ),
    (_pays, N_("Pay back to people on the list"), PAY, N_("Each signs for what they get")),
    (
        lambda it: it.sends, N_("Record money that went elsewhere"), "/money/{id}/remittance",
        N_("To where it was decided"),
    ),
)  # fmt: skip


def _act(reader: Reader, here: str, action: Action) -> Act:
    return Act(
        label=action.label.words(reader.locale),
        href=f"{here}/act/{action.event}",
        note=chains.in_words(reader, action.chain)
        if action.chain
        else reader.say(N_("At once, by you alone")),
    )


def _later(reader: Reader, here: str, steps: Sequence[Action]) -> list[NotYet]:
    """Steps that can't be taken yet; those that lack the very same stand together."""
    alike: dict[tuple[str, ...], list[Action]] = {}
    for each in steps:
        alike.setdefault(tuple(reader.reason(why) for why in each.reasons), []).append(each)
    return [
        NotYet(
            label=" · ".join(each.label.words(reader.locale) for each in group),
            missing=[missing(reader, here, reason) for reason in group[0].reasons],
        )
        for group in alike.values()
    ]


def missing(reader: Reader, here: str, reason: Reason) -> Missing:
    """A condition that isn't met, with the place where it can be."""
    matter_id = here.rsplit("/", 1)[1]
    if reason.message == LOG_LEAD:
        return Missing(reason, Link(reader.say(N_("Log a lead")), f"/log?petition={matter_id}"))
    known = MEND.get(reason.message)
    if known is None:
        return Missing(reason)
    words, place = known
    if place == PAY:
        return Missing(reason, Link(reader.say(words), place.format(id=matter_id)))
    return Missing(reason, Link(reader.say(words), place if place[0] == "#" else here + place))


def work_first(reader: Reader, matter_id: object, reason: Reason) -> Link | None:
    """The work that a step waits for, where it is this reader's daily one: who settles an item
    pays first."""
    if reason.message != UNPAID:
        return None
    return Link(reader.say(PAY_LIST), PAY.format(id=matter_id))


# What is entered beside steps ---------------------------------------------------------------------


@dataclass(frozen=True)
class Entering:
    """Who might enter something on which matter. `hands_over`: they may give it to another;
    `unpaid`: somebody on an item's return list waits for money; `remits`: some of the item's money
    may go elsewhere now; `logs_leads`: they may log one in its unit."""

    file: MatterFile
    actor: Actor
    hands_over: bool = False
    unpaid: bool = False
    logs_leads: bool = False
    remits: bool = False

    @property
    def works(self) -> bool:
        """Whether they may enter anything at all: an auditor only reads, and so does a guest."""
        return not self.file.only_read

    @property
    def pays(self) -> bool:
        """Whether somebody waits for money, and they are the finance officer who pays it."""
        return self.unpaid and self._finance

    @property
    def sends(self) -> bool:
        """Whether money may go elsewhere, and they are the finance officer who sends it."""
        return self.remits and self._finance

    @property
    def _finance(self) -> bool:
        return self.actor.holds(Role.FINANCE, UnitPath(self.file.head["unit_path"]))

    @property
    def open(self) -> bool:
        return self.file.head["closed_on"] is None

    def of(self, *kinds: Kind) -> bool:
        return self.open and self.file.kind in kinds


def _payees(it: Entering) -> bool:
    listed = it.file.head["state"] in ledger.LISTS_PAYEES
    return it.of(Kind.FUND_ITEM) and listed and it.actor.may(Permission.MONEY_READ)


def beside(reader: Reader, entering: Entering) -> list[Link]:
    """Notes, corrections, people, as far as they are the reader's to enter now. Whoever was let see
    the matter may keep off it, and no more."""
    if entering.file.masked:
        return []
    matter_id = entering.file.head["id"]
    return [
        Link(reader.say(words), address.format(matter=matter_href(matter_id), id=matter_id))
        for words, address, offered in BESIDE
        if offered(entering) and (entering.works or address == KEEP_OFF)
    ]


def _people(it: Entering) -> bool:
    kinds = (Kind.PETITION, Kind.LEAD, Kind.CASE)
    return it.of(*kinds) and it.actor.may(Permission.PEOPLE_WRITE)


def _statements(it: Entering) -> bool:
    return it.of(Kind.CASE) and bool(it.file.people)


def _summary(it: Entering) -> bool:
    return it.of(Kind.PETITION) and it.actor.may(Permission.PETITIONS_LOG)


def _lead(it: Entering) -> bool:
    return it.of(Kind.PETITION) and it.logs_leads


KEEP_OFF = "{matter}/keep-off"
BESIDE: Sequence[tuple[str, str, Callable[[Entering], bool]]] = (
    (N_("Add a note"), "{matter}/notes/new", lambda it: it.works),
    (N_("Attach a paper"), "{matter}/papers", lambda it: it.works),
    (N_("Add a person"), "{matter}/people/new", _people),
    (N_("Record a statement"), "{matter}/statements/new", _statements),
    (N_("Complete the register"), "{matter}/people/register", _statements),
    (N_("Write the summary"), "{matter}/summary", _summary),
    (N_("Log a lead from it"), "/log?petition={id}", _lead),
    (N_("Return list"), "/money/{id}/payees", _payees),
    (N_("Hand over"), "{matter}/hand-over", lambda it: it.hands_over),
    (N_("Keep off it: I have a conflict"), KEEP_OFF, lambda it: it.open),
    (N_("Correct what it says"), "{matter}/corrections/new", lambda it: it.works),
)
