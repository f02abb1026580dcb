"""Written from the specification by `make client`: change that, not this."""

from __future__ import annotations


from typing import Any, Literal, NotRequired, TypedDict


class AccessRead(TypedDict):
    """`kept_off` has names without reasons: why somebody keeps off is told to nobody here."""

    mine: list[ReasonRead]
    seen_by: list[SeerRead]
    kept_off: list[KeptOffRead]
    grants: list[GrantRead]


class AccountCreate(TypedDict):
    """An account without a role or a password: grant one, and make a password link."""

    login: str
    name: str
    unit_id: NotRequired[str | None]
    clearance: NotRequired[Clearance]
    locale: NotRequired[Literal["zh_CN", "en"]]
    person_id: NotRequired[str | None]


class AccountRead(TypedDict):
    id: str
    login: str
    name: str
    unit_id: str | None
    unit_code: str | None
    unit_name: str | None
    person_id: str | None
    clearance: Clearance
    locale: Literal["zh_CN", "en"]
    active: bool
    version: int
    created_at: str
    roles: list[RoleRead]


class AccountUpdate(TypedDict):
    """A higher clearance, `'active': true` and another person wait for a second administrator
    under /accounts/change-requests; everything else is changed at once."""

    name: NotRequired[str]
    unit_id: NotRequired[str | None]
    clearance: NotRequired[Clearance]
    locale: NotRequired[Literal["zh_CN", "en"]]
    active: NotRequired[bool]
    person_id: NotRequired[str | None]


class Act(TypedDict):
    """A step of the matter's own table. `form` holds the fields that the step asks for."""

    event: str
    form: NotRequired[dict[str, Any]]
    reason: NotRequired[str | None]


class Acted(TypedDict):
    """What came of it: moved, or a request that waits for signatures."""

    matter_id: str
    state: str
    moved: bool
    request_id: str | None
    version: int


class ActionRead(TypedDict):
    """A step that the caller could take: now, or once the reasons are met."""

    event: str
    label: str
    to_state: str
    allowed: bool
    reasons: list[str]
    needs_signatures: bool
    chain: list[StepRead]
    fields: list[dict[str, Any]]


class AlikeRead(TypedDict):
    """Two matters that look like the same one; they are never merged unasked."""

    number: str
    other_number: str
    why: dict[str, Any]


class Asserted(TypedDict):
    clientDataJSON: str
    authenticatorData: str
    signature: str
    userHandle: NotRequired[str | None]


class Assign(TypedDict):
    """One step that names a department or a handler, for several matters: the step's own form,
    and one reason for all."""

    kind: Literal["lead", "petition"]
    event: str
    form: dict[str, Any]
    reason: str
    items: list[AssignedItem]


class AssignedItem(TypedDict):
    """With `version`, it is refused where somebody changed the matter since."""

    matter_id: str
    version: NotRequired[int | None]


class AssignedRead(TypedDict):
    """`moved` took the step, `asked` asked for its signatures, `refused` says why in `problem`,
    as a single step would have been answered; `waiting` was not reached: send the same again.
    `there` took a leaver off the team on which whoever takes the matter is already. Without a
    matter where there is none of that id that the reader may see."""

    matter_id: str | None
    number: str | None
    outcome: Literal["moved", "asked", "there", "refused", "waiting"]
    problem: NotRequired[Problem | None]


class AssignmentCreate(TypedDict):
    fund_item_id: str
    reason: str


class AssignmentRead(TypedDict):
    """One sending, which can be read again for ninety days; of `any` kind where it handed over."""

    id: str
    kind: Literal["lead", "petition", "any"]
    event: str
    begun_at: str
    items: list[AssignedRead]


class BalanceRead(TypedDict):
    """As of a day, and as known on one. `held` is what is in custody."""

    received: str
    returned: str
    remitted: str
    released: str
    held: str


class CasePropose(TypedDict):
    """A case that no lead led to. `form` holds the fields of the step `propose_filing`."""

    title: str
    unit_id: str
    brief: str
    form: NotRequired[dict[str, Any]]
    reason: str
    subjects: NotRequired[list[ReportedIn]]
    classification: NotRequired[Literal[0, 1, 2]]


class ChangeRead(TypedDict):
    """That something happened on a matter in one transaction; never what. Read the matter."""

    matter_id: str
    kind: Kind
    number: str
    events: list[Change]
    at: str


class ChangeRequestRead(TypedDict):
    """A change to an account that waits for a second administrator: `value` is the clearance's
    number, `true`, or the person's id (empty for none)."""

    id: str
    account_id: str
    login: str
    name: str
    what: Literal["clearance", "active", "person"]
    value: str
    asked_by: str
    asked_by_name: str
    asked_at: str


class ChangesRead(TypedDict):
    """`next` is there always, and where to go on from; ask again at once where there is `more`."""

    items: list[ChangeRead]
    next: str
    more: bool
    lag_seconds: int | None


class ClockRead(TypedDict):
    rule: str
    amount: int
    unit: str
    started_on: str
    due_on: str
    stopped_on: str | None
    explanation: dict[str, Any]


class CodeSent(TypedDict):
    code: str


class ColumnRead(TypedDict):
    """What a column is taken for, how that is known, and why."""

    sheet: str
    letter: str
    heading: str
    field: str | None
    how: Literal["synonym", "guess", "map", "ignored", "unknown"]
    reason: str


class CommitAsked(TypedDict):
    """`accept_guesses` takes guessed columns as guessed, and leaves unknown ones out."""

    accept_guesses: NotRequired[bool]


class ControlRead(TypedDict):
    """A figure that the ledger states about itself, beside what its rows give."""

    sheet: str
    row: int
    label: str
    column: str
    stated: str
    computed: str
    difference: str
    unit: str
    agrees: bool


class Correct(TypedDict):
    """`involvement_id` says whose field it is, where it is a person's."""

    field: str
    value: str
    reason: str
    involvement_id: NotRequired[str | None]


class CountsRead(TypedDict):
    """Figures of the whole, or of one slice."""

    leads: int
    inspection_leads: int
    handled: int
    outstanding: int
    held: int
    filed: int
    uncleared: int
    petitions: int
    one_click_reports: int
    petitions_received: int
    organisational_handlings: int
    sanction_person_times: int
    sanctioned_persons: int
    party_sanctioned_persons: int
    administratively_sanctioned_persons: int
    accountable_persons: int
    recovered_yuan: str
    returned_yuan: str
    remitted_yuan: str
    released_yuan: str
    in_custody_yuan: str


class Credential(TypedDict):
    """What `navigator.credentials.get` gave."""

    id: str
    rawId: str
    type: Literal["public-key"]
    response: Asserted


class Delegate(TypedDict):
    """From `begins_on` (today without one) to `last_day`, inclusive."""

    login: str
    reason: str
    begins_on: NotRequired[str | None]
    last_day: str


class DelegationRead(TypedDict):
    """`given` where the reader is away, else they stand in. `ends_on` is exclusive."""

    id: str
    from_id: str
    from_name: str
    to_id: str
    to_name: str
    reason: str
    begins_on: str
    ends_on: str
    given: bool


class DeliveryRead(TypedDict):
    """`status` is that of the last answer, null where nobody answered. Without a matter it told
    to read everything anew."""

    id: str
    matter_id: str | None
    kind: Kind | None
    number: str | None
    events: list[Change]
    at: str
    state: State
    attempts: int
    status: int | None
    next_at: str
    tried_at: str | None


class EmergencyDeclare(TypedDict):
    kind: Kind
    number: str
    reason: str


class EmergencyOnMatter(TypedDict):
    """What was declared on a matter, and what its review found."""

    id: str
    account_id: str
    reader: str
    reason: str
    declared_at: str
    opens_until: str
    lasts: bool
    readings: int
    review_by: str
    reviewer: str | None
    justified: bool | None
    review: str | None
    reviewed_at: str | None


class EmergencyRead(TypedDict):
    """What the reader declared. It is open while it `lasts`; `justified` is null until the review
    is closed."""

    id: str
    number: str
    reason: str
    declared_at: str
    opens_until: str
    lasts: bool
    readings: int
    reviewer: str | None
    justified: bool | None
    reviewed_at: str | None


class EmergencyReview(TypedDict):
    justified: bool
    review: str


class EmergencyWaiting(TypedDict):
    """What waits for a review: `late` after `review_by`."""

    id: str
    matter_id: str
    number: str
    reader: str
    reason: str
    declared_at: str
    opens_until: str
    lasts: bool
    readings: int
    review_by: str
    late: bool


class EntryBehind(TypedDict):
    """A movement that a figure of money sums."""

    id: str
    kind: EntryKind
    happened_on: str
    recorded_at: str
    amount: str
    matter_id: str | None
    matter_number: str | None
    fund_item_id: str | None
    item_number: str | None
    intake: Intake | None
    paid_in_by: str | None
    bank_reference: str | None
    beneficiary: str | None
    signed: Signed | None
    signed_on: str | None
    description: str | None


class EntryRead(TypedDict):
    """A movement, and what its item held after it."""

    id: str
    kind: EntryKind
    happened_on: str
    recorded_at: str
    recorded_by_name: str | None
    fund_item_id: str | None
    item_number: str | None
    received: str
    returned: str
    remitted: str
    released: str
    balance: str
    intake: Intake | None
    paid_in_by: str | None
    bank_reference: str | None
    beneficiary: str | None
    signed: Signed | None
    signed_on: str | None
    description: str | None
    receipt_number: str | None
    reverses_id: str | None
    reversed_by_id: str | None


class EventRead(TypedDict):
    """A line of the timeline. `manner` is `ledger` for what an imported ledger shows."""

    version: int
    event: str
    from_state: str | None
    to_state: str
    actor_name: str | None
    manner: str
    reason: str | None
    happened_on: str
    recorded_at: str


class ExportAsked(TypedDict):
    """`key` names the figure behind which the matters stand. Names need a reason."""

    as_of: NotRequired[str | None]
    known_on: NotRequired[str | None]
    unit: NotRequired[str | None]
    alone: NotRequired[bool]
    campaign_id: NotRequired[str | None]
    source: NotRequired[str | None]
    leader: NotRequired[str | None]
    since: NotRequired[str | None]
    until: NotRequired[str | None]
    stage: NotRequired[Standing | None]
    method: NotRequired[str | None]
    outcome: NotRequired[str | None]
    what: What
    format: NotRequired[Format]
    key: NotRequired[str | None]
    names: NotRequired[bool]
    reason: NotRequired[str | None]


class ExportRead(TypedDict):
    id: str
    what: What
    format: Format
    definition: dict[str, Any]
    names: bool
    reason: str | None
    recorded_at: str


class FactorBegun(TypedDict):
    """Shown once; it is asked for once a code of it confirmed it."""

    secret: str
    address: str


class FactorRead(TypedDict):
    """`confirmed_at` is null where none is set up."""

    confirmed_at: str | None
    codes_left: int
    required: bool


class FactorRoles(TypedDict):
    """Whose holders must have a second factor."""

    roles: list[Role]


class FactorRolesSent(TypedDict):
    roles: list[Role]


class FieldRead(TypedDict):
    """`frozen`: signatures rest on it, so that a correction is asked of those who signed.
    `involvement_id` and `person` say whose it is, where it is a person's."""

    field: str
    value: str | None
    frozen: bool
    involvement_id: str | None
    person: str | None


class FileOpen(TypedDict):
    """`reason` may be left out by whoever handles a matter of the person's."""

    reason: NotRequired[str | None]


class FindingRead(TypedDict):
    """What is wrong with a cell, and what to do. `value` is empty where it is withheld."""

    column: str
    field: str
    value: str
    withheld: bool
    severity: Literal["warning", "error"]
    code: str
    reason: str
    todo: str


class FormerPostCreate(TypedDict):
    """A unit of the tree, or a place outside it."""

    unit_id: NotRequired[str | None]
    place: NotRequired[str | None]
    position: NotRequired[str | None]
    begins: NotRequired[str | None]
    ends: NotRequired[str | None]


class FormerPostRead(TypedDict):
    id: str
    unit_id: str | None
    place: str
    position: str | None
    begins: str | None
    ends: str | None


class FoundRow(TypedDict):
    """A matter that a search found, and why."""

    id: str
    kind: Kind
    number: str
    title: str
    state: str
    stage: Stage
    unit: str
    opened_on: str
    due_on: str | None
    closed_on: str | None
    holder: str | None
    subjects: list[str]
    waits_for: str | None
    alleged: bool
    doubtful: bool
    version: int
    why: list[WhyRead]


class FundItemCreate(TypedDict):
    """A card for something taken in: describe it, without characterising it."""

    origin_id: str
    intake: Intake
    description: str
    form: NotRequired[Literal["money", "property"]]
    holder: NotRequired[str | None]
    found_on: NotRequired[str | None]


class FundItemRead(TypedDict):
    id: str
    number: str
    state: str
    stage: str
    unit: str
    origin_id: str
    origin_number: str | None
    origin_kind: str | None
    form: str
    intake: Intake
    description: str | None
    measure: str | None
    opened_on: str
    closed_on: str | None
    due_on: str | None
    alleged: bool
    balance: BalanceRead
    payees: list[PayeeRead]
    listed: str | None
    masked: bool
    version: int


class GrantRead(TypedDict):
    """Until `ends_on`, exclusive."""

    id: str
    account_id: str
    name: str
    reason: str
    begins_on: str
    ends_on: str
    granted_by: str


class HandOn(TypedDict):
    """Several at once, each on its own: one that is refused leaves the others done."""

    items: list[LeftItem]
    to_account: str
    reason: str


class HandOver(TypedDict):
    to_account: str
    reason: str


class HandedOn(TypedDict):
    """What became of one item; `refused` says why not, in the reader's words."""

    matter_id: str
    account_id: str
    done: bool
    refused: str | None


class HoldingRead(TypedDict):
    """Passed on here where it is `movable`; the rest takes its own road, or ends. `signing` is a
    request that waits for their own signature by name."""

    matter_id: str
    number: str
    what: Literal[
        "handler", "member", "request", "signing", "custody", "release", "grant", "logged"
    ]
    since: str
    movable: bool


class ImportRead(TypedDict):
    """`committed_at` is null while it is only tried; `held` says whether the file still waits.
    `known` rows were imported before and change nothing. `settled`: no column is open."""

    id: str
    family: Family
    file_name: str
    recorded_at: str
    committed_at: str | None
    held: bool
    same_file_at: str | None
    cut_off: str | None
    rows: int
    accepted: int
    warned: int
    rejected: int
    known: int
    settled: bool
    missing: list[str]
    map: dict[str, str]
    mapping: list[ColumnRead]
    controls: list[ControlRead]
    notices: list[NoticeRead]
    doubts: dict[str, int]
    repeats: int
    version: int
    alike: list[AlikeRead]


class ImportRowRead(TypedDict):
    """A row that was not simply taken. `doubts` are rules that it contradicts as written."""

    sheet: str
    row: int
    verdict: Literal["accepted", "warned", "rejected", "known"]
    findings: list[FindingRead]
    doubts: list[str]


class KeepOff(TypedDict):
    reason: str


class KeptOffRead(TypedDict):
    account_id: str
    name: str


class KeyCreate(TypedDict):
    name: str
    scope: list[Permission]
    days: int


class KeyMade(TypedDict):
    """`key` is shown this once."""

    id: str
    name: str
    scope: list[Permission]
    made_at: str
    used_at: str | None
    ends_at: str
    key: str


class KeyRead(TypedDict):
    """Sent as `Authorization: Bearer …` until `ends_at`."""

    id: str
    name: str
    scope: list[Permission]
    made_at: str
    used_at: str | None
    ends_at: str


class LeadCreate(TypedDict):
    """A lead needs a source, a date, what is alleged, and where; the rest may follow."""

    source: str
    received_on: str
    what: str
    unit_id: str
    title: NotRequired[str | None]
    place: NotRequired[str | None]
    happened: NotRequired[str | None]
    amount: NotRequired[str | None]
    category: NotRequired[str | None]
    campaign_id: NotRequired[str | None]
    responsible_leader: NotRequired[str | None]
    subjects: NotRequired[list[ReportedIn]]
    classification: NotRequired[Literal[0, 1, 2]]
    petition_id: NotRequired[str | None]


class LedgerUpload(TypedDict):
    """A ledger as a form."""

    family: Family
    file: str
    map: NotRequired[str]


class LeftItem(TypedDict):
    matter_id: str
    account_id: str


class LeftOverRead(TypedDict):
    """Handed over here where it is `movable`: a place on a team, or a request, which gets
    somebody who is told of it and may take it back. Custody, a release and what they were let
    see end, or are settled on their own. Of an import of theirs that isn't finished the
    `family` is told, and no matter."""

    account_id: str
    name: str
    unit_name: str | None
    matter_id: str | None
    number: str | None
    what: Literal["handler", "member", "request", "custody", "release", "grant", "logged", "import"]
    family: str | None
    since: str
    movable: bool


class LetSee(TypedDict):
    login: str
    reason: str
    days: int


class LinkDecide(TypedDict):
    account_id: str
    linked_id: str
    keeps_off: bool
    reason: str


class LinkRead(TypedDict):
    kind: str
    outward: bool
    other_id: str
    other_kind: Kind
    number: str
    title: str
    state: str


class LinkToDecide(TypedDict):
    """Somebody handles a matter, and a linked one names them or a near relative. `readings`: how
    often they opened it since."""

    matter_id: str
    number: str
    account_id: str
    name: str
    linked_id: str
    linked_number: str
    since: str
    due_on: str
    readings: int


class AccountReadListing(TypedDict):
    items: list[AccountRead]
    next: NotRequired[str | None]


class ActionReadListing(TypedDict):
    items: list[ActionRead]
    next: NotRequired[str | None]


class ChangeRequestReadListing(TypedDict):
    items: list[ChangeRequestRead]
    next: NotRequired[str | None]


class DelegationReadListing(TypedDict):
    items: list[DelegationRead]
    next: NotRequired[str | None]


class DeliveryReadListing(TypedDict):
    items: list[DeliveryRead]
    next: NotRequired[str | None]


class EmergencyOnMatterListing(TypedDict):
    items: list[EmergencyOnMatter]
    next: NotRequired[str | None]


class EmergencyReadListing(TypedDict):
    items: list[EmergencyRead]
    next: NotRequired[str | None]


class EmergencyWaitingListing(TypedDict):
    items: list[EmergencyWaiting]
    next: NotRequired[str | None]


class EntryBehindListing(TypedDict):
    items: list[EntryBehind]
    next: NotRequired[str | None]


class EntryReadListing(TypedDict):
    items: list[EntryRead]
    next: NotRequired[str | None]


class EventReadListing(TypedDict):
    items: list[EventRead]
    next: NotRequired[str | None]


class ExportReadListing(TypedDict):
    items: list[ExportRead]
    next: NotRequired[str | None]


class FieldReadListing(TypedDict):
    items: list[FieldRead]
    next: NotRequired[str | None]


class FormerPostReadListing(TypedDict):
    items: list[FormerPostRead]
    next: NotRequired[str | None]


class FoundRowListing(TypedDict):
    items: list[FoundRow]
    next: NotRequired[str | None]


class GrantReadListing(TypedDict):
    items: list[GrantRead]
    next: NotRequired[str | None]


class HandedOnListing(TypedDict):
    items: list[HandedOn]
    next: NotRequired[str | None]


class HoldingReadListing(TypedDict):
    items: list[HoldingRead]
    next: NotRequired[str | None]


class ImportReadListing(TypedDict):
    items: list[ImportRead]
    next: NotRequired[str | None]


class ImportRowReadListing(TypedDict):
    items: list[ImportRowRead]
    next: NotRequired[str | None]


class KeyReadListing(TypedDict):
    items: list[KeyRead]
    next: NotRequired[str | None]


class LeftOverReadListing(TypedDict):
    items: list[LeftOverRead]
    next: NotRequired[str | None]


class LinkReadListing(TypedDict):
    items: list[LinkRead]
    next: NotRequired[str | None]


class LinkToDecideListing(TypedDict):
    items: list[LinkToDecide]
    next: NotRequired[str | None]


class LookAlikeListing(TypedDict):
    items: list[LookAlike]
    next: NotRequired[str | None]


class MatterBehindListing(TypedDict):
    items: list[MatterBehind]
    next: NotRequired[str | None]


class MatterRowListing(TypedDict):
    items: list[MatterRow]
    next: NotRequired[str | None]


class MeetingListedListing(TypedDict):
    items: list[MeetingListed]
    next: NotRequired[str | None]


class NamesakeReadListing(TypedDict):
    items: list[NamesakeRead]
    next: NotRequired[str | None]


class OfferedReadListing(TypedDict):
    items: list[OfferedRead]
    next: NotRequired[str | None]


class OpeningReadListing(TypedDict):
    items: list[OpeningRead]
    next: NotRequired[str | None]


class OrganisationReadListing(TypedDict):
    items: list[OrganisationRead]
    next: NotRequired[str | None]


class PaperReadListing(TypedDict):
    items: list[PaperRead]
    next: NotRequired[str | None]


class PaperSignatureReadListing(TypedDict):
    items: list[PaperSignatureRead]
    next: NotRequired[str | None]


class PasskeyReadListing(TypedDict):
    items: list[PasskeyRead]
    next: NotRequired[str | None]


class PersonListedListing(TypedDict):
    items: list[PersonListed]
    next: NotRequired[str | None]


class PetitionBehindListing(TypedDict):
    items: list[PetitionBehind]
    next: NotRequired[str | None]


class RelativeReadListing(TypedDict):
    items: list[RelativeRead]
    next: NotRequired[str | None]


class ReleaseReadListing(TypedDict):
    items: list[ReleaseRead]
    next: NotRequired[str | None]


class ReleasedPaperReadListing(TypedDict):
    items: list[ReleasedPaperRead]
    next: NotRequired[str | None]


class ReporterToTellListing(TypedDict):
    items: list[ReporterToTell]
    next: NotRequired[str | None]


class RequestReadListing(TypedDict):
    items: list[RequestRead]
    next: NotRequired[str | None]


class RoleRequestReadListing(TypedDict):
    items: list[RoleRequestRead]
    next: NotRequired[str | None]


class SessionReadListing(TypedDict):
    items: list[SessionRead]
    next: NotRequired[str | None]


class UnitReadListing(TypedDict):
    items: list[UnitRead]
    next: NotRequired[str | None]


class VersionReadListing(TypedDict):
    items: list[app__schemas__corrections__VersionRead]
    next: NotRequired[str | None]


class ViewReadListing(TypedDict):
    items: list[ViewRead]
    next: NotRequired[str | None]


class WaitingLineReadListing(TypedDict):
    items: list[WaitingLineRead]
    next: NotRequired[str | None]


class WallReadListing(TypedDict):
    items: list[WallRead]
    next: NotRequired[str | None]


class WatchReadListing(TypedDict):
    items: list[WatchRead]
    next: NotRequired[str | None]


class WebhookOfSomebodyListing(TypedDict):
    items: list[WebhookOfSomebody]
    next: NotRequired[str | None]


class WebhookReadListing(TypedDict):
    items: list[WebhookRead]
    next: NotRequired[str | None]


class LookAlike(TypedDict):
    """A matter that may tell of the same. `why`: person_and_unit, or words."""

    id: str
    kind: Kind
    number: str
    title: str
    state: str
    stage: Stage
    opened_on: str
    why: str


class MapChosen(TypedDict):
    """By heading, as it stands in the file, which field a column is; `ignore` leaves it out."""

    map: dict[str, str]


class MatterBehind(TypedDict):
    """A matter that a figure counts. `adds` is what it adds: 1, person-times, yuan or rows."""

    id: str
    kind: Kind
    number: str
    title: str | None
    state: str
    stage: Stage
    unit_name: str
    opened_on: str
    closed_on: str | None
    source: str | None
    alleged: bool
    adds: str


class MatterRead(TypedDict):
    """A matter whole. What its reader may not know is absent or masked."""

    id: str
    kind: Kind
    number: str
    title: str
    state: str
    stage: Stage
    unit_id: str
    unit: str
    assigned_unit_id: str | None
    assigned: str | None
    classification: int
    source: str | None
    responsible_leader: str | None
    campaign: str | None
    opened_on: str
    due_on: str | None
    closed_on: str | None
    alleged: bool
    masked: bool
    imported: bool
    particulars: dict[str, Any]
    team: list[MemberRead]
    people: list[SubjectRead]
    outcomes: list[OutcomeRead]
    tasks: list[TaskRead]
    requests: list[RequestRead]
    clocks: list[ClockRead]
    links: list[LinkRead]
    notes: list[NoteRead]
    version: int


class MatterRow(TypedDict):
    """A matter in a list. `alleged` is true until a decision takes effect."""

    id: str
    kind: Kind
    number: str
    title: str
    state: str
    stage: Stage
    unit: str
    opened_on: str
    due_on: str | None
    closed_on: str | None
    holder: str | None
    subjects: list[str]
    waits_for: str | None
    alleged: bool
    doubtful: bool
    version: int


class MeRead(TypedDict):
    id: str
    login: str
    name: str
    unit_id: str | None
    unit_code: str | None
    unit_name: str | None
    person_id: str | None
    clearance: Clearance
    locale: Literal["zh_CN", "en"]
    active: bool
    version: int
    created_at: str
    roles: list[RoleRead]
    permissions: list[Permission]
    today: str
    demo: bool


class MeasureRead(TypedDict):
    kind: str
    measure: str
    form: int | None
    person_times: int
    persons: int


class MeetingDecision(TypedDict):
    """`request_version` is the request's as the meeting had it before itself; `recused` are those
    who left for it."""

    decision: Literal["sign", "return"]
    reason: str
    recused: NotRequired[list[str]]
    request_version: int


class MeetingDraft(TypedDict):
    """`present` are those beside the chair; whoever sends it records the meeting."""

    held_on: str
    chair_id: str
    present: NotRequired[list[str]]


class MeetingItemRead(TypedDict):
    """A matter on the agenda. `missing` says why the chair can't sign it as it stands; `result`
    what became of it: carried_out, passed_on, returned, or refused with `refused_because`."""

    id: str
    matter_id: str
    number: str
    request_id: str
    request_version: int
    event: str
    decision: str | None
    reason: str | None
    recused: list[RecusedRead]
    missing: list[str]
    pulled: str | None
    pulled_by_name: str | None
    result: str | None
    refused_because: str | None


class MeetingListed(TypedDict):
    """`matters` counts those that the reader may see."""

    id: str
    held_on: str
    unit_name: str
    chair_name: str
    recorder_name: str
    status: str
    matters: int


class MeetingRead(TypedDict):
    """Of its agenda, what the reader may see. `status` goes from drafted to recorded, when the
    recorder has signed, to signed, when the chair has."""

    id: str
    held_on: str
    unit_name: str
    chair_id: str
    chair_name: str
    recorder_id: str
    recorder_name: str
    present: list[PresentRead]
    status: str
    recorded_on: str | None
    signed_on: str | None
    called_off: str | None
    items: list[MeetingItemRead]
    version: int


class MeetingReason(TypedDict):
    reason: str


class MemberRead(TypedDict):
    account_id: str
    name: str
    part: str
    begins_on: str


class MyUpdate(TypedDict):
    locale: Literal["zh_CN", "en"]


class NamesakeAnswer(TypedDict):
    involvement_id: str
    account_id: str
    them: bool
    reason: str


class NamesakeRead(TypedDict):
    """A colleague has the name of somebody on the matter. `answer` is null until somebody says
    whether it is them."""

    involvement_id: str
    account_id: str
    person: str
    name: str
    login: str
    unit_name: str | None
    answer: Literal["them", "other"] | None
    reason: str | None
    answered_by: str | None
    answered_on: str | None


class NewCredential(TypedDict):
    """What `navigator.credentials.create` gave."""

    id: str
    rawId: str
    type: Literal["public-key"]
    response: Registered


class NoteCreate(TypedDict):
    text: str


class NoteRead(TypedDict):
    id: str
    text: str
    made_by: str
    made_on: str


class NoticeRead(TypedDict):
    code: str
    reason: str
    sheet: str
    row: int | None


class OfferedRead(TypedDict):
    """A request that could come onto the agenda."""

    id: str
    matter_id: str
    number: str
    event: str
    requested_by_name: str | None
    requested_on: str


class OnAgenda(TypedDict):
    request_id: str


class OpeningRead(TypedDict):
    """`number` is the matter by which the opener needed no reason, where the reader may see it."""

    id: str
    person_id: str
    person: str
    account_id: str
    account: str
    number: str | None
    reason: str | None
    opened_at: str
    open_until: str


class OrganisationCreate(TypedDict):
    name: str
    unit_id: NotRequired[str | None]


class OrganisationRead(TypedDict):
    id: str
    name: str
    unit_id: str | None
    unit_code: str | None
    unit_name: str | None
    version: int
    recorded_at: str


class OrganisationUpdate(TypedDict):
    name: NotRequired[str]
    unit_id: NotRequired[str | None]


class OutcomeRead(TypedDict):
    id: str
    involvement_id: str | None
    kind: str
    measure: str | None
    form: int | None
    quantity: int
    decided_on: str
    effective_on: str | None
    impact_until: str | None
    manner: str


class PaperDecide(TypedDict):
    """Whether it was a mistake, as somebody else said."""

    mistaken: bool


class PaperMark(TypedDict):
    reason: str


class PaperRead(TypedDict):
    """`media` by its content. Since `marked_on` somebody says that it was attached by mistake;
    since `withdrawn_on` that is confirmed, and only whoever heads the matter opens it."""

    id: str
    matter_id: str
    title: str
    file_name: str
    media: Literal["application/pdf", "image/jpeg", "image/png"]
    size: int
    pages: int
    original: bool
    attached_by: str
    attached_on: str
    recorded_at: str
    marked_by: str | None
    marked_on: str | None
    mark_reason: str | None
    withdrawn_by: str | None
    withdrawn_on: str | None


class PaperSignatureAnswer(TypedDict):
    """By the signer; `objection` says why it isn't theirs."""

    mine: bool
    objection: NotRequired[str]


class PaperSignatureCompare(TypedDict):
    """`remark` says what doesn't match."""

    matches: bool
    remark: NotRequired[str]


class PaperSignatureDecide(TypedDict):
    """On an objection: it stands all the same, or is set aside."""

    stands: bool
    reason: str


class PaperSignatureEnter(TypedDict):
    """What stands on the paper; its scan is a paper that is attached to the matter."""

    signer_id: str
    verdict: Literal["sign", "return"]
    reason: str
    signed_on: str
    paper_id: str


class PaperSignatureRead(TypedDict):
    """`entered` until somebody compared it; `stands` until the signer answered; what they object
    to holds the matter until it is `upheld` or `set_aside`."""

    id: str
    request_id: str
    matter_id: str
    number: str
    event: str
    position: int
    signer_id: str
    signer_name: str
    verdict: Literal["sign", "return"]
    reason: str
    signed_on: str
    paper_id: str
    entered_by_name: str
    entered_on: str
    status: Literal[
        "entered",
        "withdrawn",
        "rejected",
        "stands",
        "acknowledged",
        "objected",
        "upheld",
        "set_aside",
    ]
    compared_by_name: str | None
    compared_on: str | None
    remark: str | None
    answered_on: str | None
    objection: str | None
    decided_by_name: str | None
    decided_on: str | None
    decision: str | None


class PaperUpload(TypedDict):
    """A paper as a form."""

    file: str
    title: NotRequired[str]
    original: NotRequired[bool]


class PassOn(TypedDict):
    """Matters on whose teams they are; each on its own: one that is refused leaves the others
    done."""

    items: list[str]
    to_account: str
    reason: str


class PasskeyAdded(TypedDict):
    """`codes` are recovery codes, shown once, where it is the first second factor."""

    id: str
    codes: list[str]


class PasskeyConfirm(TypedDict):
    credential: Credential


class PasskeyCreate(TypedDict):
    name: str
    credential: NewCredential


class PasskeyOptions(TypedDict):
    """For the browser's `navigator.credentials`, which alone can ask an authenticator."""

    public_key: dict[str, Any]


class PasskeyRead(TypedDict):
    """`doubted_at`: its counter went back, and it lets nobody in any more."""

    id: str
    name: str
    verifies: bool
    made_at: str
    used_at: str | None
    doubted_at: str | None


class PasskeyRename(TypedDict):
    name: str


class PasswordChange(TypedDict):
    """At least fifteen characters, no name of one's own, and none that others try first."""

    old: str
    new: str


class PasswordConfirm(TypedDict):
    password: str


class PasswordLink(TypedDict):
    """Shown once. Whoever opens `path` sets the password."""

    token: str
    path: str
    expires_at: str


class PasswordLinkRedeem(TypedDict):
    token: str
    password: str


class PayeeIn(TypedDict):
    name: str
    amount: str
    person_id: NotRequired[str | None]


class PayeeRead(TypedDict):
    id: str
    person_id: str | None
    name: str
    amount: str
    paid_entry_id: str | None
    receipt_number: str | None
    paid_on: str | None
    signed: str | None
    signed_on: str | None


class PayeesCreate(TypedDict):
    payees: list[PayeeIn]


class PayeesRead(TypedDict):
    ids: list[str]
    version: int


class PaymentIn(TypedDict):
    """A line of the return list that was paid; the amount is compared with the list's."""

    payee_id: str
    amount: str
    signed: NotRequired[Signed]
    signed_on: NotRequired[str | None]
    address: NotRequired[str | None]


class PersonCreate(TypedDict):
    name: str
    id_number: NotRequired[str | None]
    position: NotRequired[str | None]
    rank: NotRequired[str | None]
    unit_id: NotRequired[str | None]
    member: NotRequired[bool | None]
    public_employee: NotRequired[bool | None]
    male: NotRequired[bool | None]
    born: NotRequired[str | None]
    ethnicity: NotRequired[str | None]
    joined_party: NotRequired[str | None]
    education: NotRequired[str | None]


class PersonListed(TypedDict):
    """As lists show somebody: what matters need to name them. The rest is the person's file."""

    id: str
    name: str
    position: str | None
    rank: str | None
    unit_id: str | None
    unit_code: str | None
    unit_name: str | None
    member: bool | None
    public_employee: bool | None
    presumed: bool


class PersonLookup(TypedDict):
    id_number: str


class PersonRead(TypedDict):
    """A person's file, while it is open."""

    id: str
    name: str
    id_number: str | None
    position: str | None
    rank: str | None
    unit_id: str | None
    unit_code: str | None
    unit_name: str | None
    member: bool | None
    public_employee: bool | None
    presumed: bool
    male: bool | None
    born: str | None
    ethnicity: str | None
    joined_party: str | None
    education: str | None
    version: int
    recorded_at: str


class PersonUpdate(TypedDict):
    name: NotRequired[str]
    id_number: NotRequired[str]
    position: NotRequired[str | None]
    rank: NotRequired[str | None]
    unit_id: NotRequired[str | None]
    member: NotRequired[bool | None]
    public_employee: NotRequired[bool | None]
    male: NotRequired[bool | None]
    born: NotRequired[str | None]
    ethnicity: NotRequired[str | None]
    joined_party: NotRequired[str | None]
    education: NotRequired[str | None]


class PetitionBehind(TypedDict):
    """A petition from which a lead or case came: its number, and whether a name was given."""

    petition_id: str
    number: str
    named: bool
    received_on: str


PetitionCreate = TypedDict(
    "PetitionCreate",
    {
        "channel": "Literal['letter', 'visit', 'call', 'online', 'one_click', 'superior', 'transfer', 'other']",
        "class": "Literal['report', 'claim', 'suggestion', 'other']",
        "received_on": "str",
        "content": "str",
        "unit_id": "str",
        "title": "NotRequired[str | None]",
        "place": "NotRequired[str | None]",
        "reporter": "NotRequired[ReporterIn | None]",
        "subjects": "NotRequired[list[ReportedIn]]",
        "responsible_leader": "NotRequired[str | None]",
        "campaign_id": "NotRequired[str | None]",
    },
)


class PostedRead(TypedDict):
    """What was recorded, and the item's version after it."""

    entry_id: str
    item_id: str
    version: int


class PresentRead(TypedDict):
    account_id: str
    name: str
    unit_name: str | None


class Problem(TypedDict):
    """`type` is stable and for programs; `title` and `detail` are in the reader's language."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: NotRequired[list[ProblemField]]
    reasons: NotRequired[list[str]]


class ProblemField(TypedDict):
    """What is wrong with one field of what was sent."""

    field: str
    reason: str


class ReasonRead(TypedDict):
    """One way in, in the reader's words; `role` and `unit` where a role opens it."""

    door: Literal["role", "team", "grant", "signature", "logged", "audit", "emergency"]
    role: str | None
    unit: str | None
    says: str


class ReceiptCreate(TypedDict):
    amount: str
    happened_on: str
    bank_reference: str
    paid_in_by: NotRequired[str | None]
    intake: NotRequired[Intake | None]


class RecoveryCodes(TypedDict):
    """Shown once; each lets its owner in once."""

    codes: list[str]


class RecusedRead(TypedDict):
    """Who left for an item: they said so, or are kept off the matter."""

    account_id: str
    name: str
    cause: str


class RefreshSent(TypedDict):
    refresh_token: str


class Registered(TypedDict):
    """Bytes are base64url without padding, here and below."""

    clientDataJSON: str
    attestationObject: str
    transports: NotRequired[list[str]]


class RelativeDeclare(TypedDict):
    relative_id: str
    kinship: Literal["spouse", "parent", "child", "sibling", "in_law", "other_near"]


class RelativeRead(TypedDict):
    """`reverse` where the other one declared it: then this person is the other's `kinship`."""

    id: str
    person_id: str
    name: str
    unit_name: str | None
    kinship: str
    reverse: bool


class ReleaseAsk(TypedDict):
    """The reporter's name and contact, the original wording, or both."""

    reporter: bool
    wording: bool
    reason: str


class ReleaseDecide(TypedDict):
    approved: bool
    reason: str


class ReleaseRead(TypedDict):
    """`approved` is null while it waits; then `decision` is why. It is open while it `lasts`, to
    the end of `last_day`. `readings`: how often it was read."""

    id: str
    petition_id: str
    number: str
    reporter: bool
    wording: bool
    requester: str
    reason: str
    requested_at: str
    decider: str | None
    approved: bool | None
    decision: str | None
    last_day: str | None
    lasts: bool
    readings: int
    decidable: bool
    readable: bool


class ReleasedPaperRead(TypedDict):
    """A scan of the original, while its wording is released to the reader."""

    id: str
    petition_id: str
    title: str
    media: Literal["application/pdf", "image/jpeg", "image/png"]
    size: int
    pages: int
    attached_on: str


class ReleasedRead(TypedDict):
    """What was asked for and is there; the rest is null."""

    name: str | None
    contact: str | None
    wording: str | None


class RemittanceCreate(TypedDict):
    to: Literal["treasury", "criminal_case", "release"]
    amount: str
    happened_on: str
    note: NotRequired[str | None]


class RemovalCreate(TypedDict):
    reason: str


class ReportedIn(TypedDict):
    """Somebody whom the matter is about: of the register by id, or by name as reported."""

    person_id: NotRequired[str | None]
    organisation_id: NotRequired[str | None]
    name: NotRequired[str | None]
    organisation: NotRequired[bool]
    position: NotRequired[str | None]
    rank: NotRequired[str | None]
    alleged: NotRequired[str | None]
    member: NotRequired[bool | None]
    public_employee: NotRequired[bool | None]


class ReporterIn(TypedDict):
    """Who reported. Sealed as it comes in; no answer ever holds it."""

    name: str
    contact: NotRequired[str | None]
    person_id: NotRequired[str | None]
    id_number: NotRequired[str | None]


class ReporterRead(TypedDict):
    named: bool
    name: str | None
    contact: str | None


class ReporterTie(TypedDict):
    """One of the two, or both."""

    person_id: NotRequired[str | None]
    id_number: NotRequired[str | None]


class ReporterToTell(TypedDict):
    """`rule` is the limit that runs, `event` the step that records that it was done."""

    matter_id: str
    number: str
    title: str
    rule: str
    event: str
    due_on: str


class RequestRead(TypedDict):
    id: str
    matter_id: str
    number: str
    event: str
    from_state: str | None
    to_state: str
    form: dict[str, Any]
    reason: str | None
    requested_by_name: str | None
    requested_on: str
    status: str
    next_position: int
    next_role: str | None
    chain: list[StepRead]
    signatures: list[SignatureRead]
    version: int


class Returning(TypedDict):
    reason: str


class ReturnsCreate(TypedDict):
    happened_on: str
    payments: list[PaymentIn]


class ReturnsRead(TypedDict):
    entries: list[PostedRead]
    version: int


class ReversalCreate(TypedDict):
    """Without a day, the mistake is undone on the day on which it was made."""

    reason: str
    happened_on: NotRequired[str | None]


class RoleGrantCreate(TypedDict):
    """Held on the unit and all below it; without one, on the whole installation."""

    role: Role
    unit_id: NotRequired[str | None]
    begins_on: NotRequired[str | None]
    ends_on: NotRequired[str | None]


class RoleRead(TypedDict):
    id: str
    role: Role
    unit_id: str | None
    unit_code: str | None
    unit_name: str | None
    begins_on: str
    ends_on: str | None


class RoleRequestRead(TypedDict):
    """A role that waits for a second administrator; `unit_name` is null where it is to be held on
    the whole installation."""

    id: str
    account_id: str
    login: str
    name: str
    role: Role
    unit_name: str | None
    begins_on: str
    ends_on: str | None
    asked_by: str
    asked_by_name: str
    asked_at: str


class SeerRead(TypedDict):
    account_id: str
    name: str
    reasons: list[ReasonRead]


class SessionOpened(TypedDict):
    """`refresh_token` gets the next token once, with another refresh token, while the session
    lives: until `session_ends_at`, and not after it lay unused for an hour or so."""

    token: str
    token_type: NotRequired[Literal["Bearer"]]
    expires_at: str
    session_ends_at: str
    refresh_token: str


class SessionRead(TypedDict):
    """Where the account is signed in. Unused until `ends_at`, it ends then."""

    id: str
    kind: Literal["browser", "program", "command"]
    opened_at: str
    used_at: str
    ends_at: str
    current: bool


class SignIn(TypedDict):
    login: str
    password: str
    code: NotRequired[str | None]


class SignatureCreate(TypedDict):
    signed: Signed
    signed_on: str


class SignatureRead(TypedDict):
    """`manner` is `own`, `paper` (entered by one, compared by another) or `ledger`; `standing`
    says of one on paper whether its signer was told, owned it or objects. `study_item_id`
    where it was given in a study meeting, by its chair; `meeting_id` is the meeting's, for who
    may know it."""

    position: int
    act: str
    role: str
    name: str | None
    verdict: str
    reason: str | None
    manner: str
    study_item_id: NotRequired[str | None]
    meeting_id: NotRequired[str | None]
    signed_on: str
    standing: NotRequired[str | None]
    entered_by_name: NotRequired[str | None]
    compared_by_name: NotRequired[str | None]


class Signing(TypedDict):
    """`sitting` is what a committee's secretary records of it."""

    reason: str
    sitting: NotRequired[dict[str, Any]]


class SliceRead(TypedDict):
    key: str
    label: str
    counts: CountsRead


class StageRead(TypedDict):
    kind: Kind
    stage: Stage
    open: int
    ended: int


class StatementAnswer(TypedDict):
    answer: str
    answered_on: NotRequired[str | None]


class StatementCreate(TypedDict):
    involvement_id: str
    said: str
    said_on: NotRequired[str | None]


class StepRead(TypedDict):
    """A place in a chain: who signs, and why they."""

    position: int
    act: str
    role: str
    path: str
    why: str


class SubjectCreate(TypedDict):
    person_id: NotRequired[str | None]
    organisation_id: NotRequired[str | None]
    name: NotRequired[str | None]
    organisation: NotRequired[bool]
    position: NotRequired[str | None]
    rank: NotRequired[str | None]
    alleged: NotRequired[str | None]
    member: NotRequired[bool | None]
    public_employee: NotRequired[bool | None]


class SubjectDescribe(TypedDict):
    """What the register of cases asks of each person; null makes it unknown."""

    eight_rules: NotRequired[bool | None]
    confessed: NotRequired[bool | None]


class SubjectRead(TypedDict):
    id: str
    code: str | None
    part: str
    person_id: str | None
    organisation_id: str | None
    name: str | None
    position: str | None
    rank: str | None
    alleged: str | None
    eight_rules: bool | None
    confessed: bool | None
    presumed: bool | None


class SummaryWrite(TypedDict):
    summary: str


class TaskDone(TypedDict):
    how: str


class TaskRead(TypedDict):
    id: str
    kind: str
    owed_to: str | None
    owed_since: str
    due_on: str | None
    done_on: str | None
    how: str | None


class Token(TypedDict):
    """Sent as `Authorization: Bearer …` until `expires_at`; renewable until `session_ends_at`."""

    token: str
    token_type: NotRequired[Literal["Bearer"]]
    expires_at: str


class TotalsRead(TypedDict):
    """`published` holds the figures as a district publishes them."""

    as_of: str
    known_on: str | None
    published: dict[str, Any]
    units: dict[str, Counted]
    counts: CountsRead
    slices: dict[str, list[SliceRead]]
    stages: list[StageRead]
    measures: list[MeasureRead]
    intakes: dict[str, str]
    outside: int | None


class UnitCreate(TypedDict):
    """A unit below `parent_id`; only a district has none."""

    code: str
    name: str
    kind: UnitKind
    parent_id: NotRequired[str | None]
    reporting: NotRequired[bool]
    poor_village: NotRequired[bool]


class UnitRead(TypedDict):
    """`path` is the place in the tree: a unit covers every path that begins with its own."""

    id: str
    code: str
    name: str
    kind: UnitKind
    parent_id: str | None
    parent_code: str | None
    path: str
    reporting: bool
    poor_village: bool
    closed_on: str | None


class ViewRead(TypedDict):
    """A filter of a list that the reader keeps, as the list's address has it."""

    id: str
    kind: Kind
    name: str
    query: str


class WaitingLineRead(TypedDict):
    """A bank line in suspense."""

    bank_line_id: str
    happened_on: str
    serial: str
    summary: str | None
    cited: str | None
    credit: str
    debit: str
    counterparty: str | None


class WallLift(TypedDict):
    reason: str


class WallRead(TypedDict):
    """`reason` as it was declared, or of the request that decided it."""

    account_id: str
    name: str
    cause: Literal["declared", "decided", "linked"]
    reason: str | None
    made_by: str
    made_on: str


class Watch(TypedDict):
    """A matter, or a view that the reader keeps: one of them."""

    matter_id: NotRequired[str | None]
    view_id: NotRequired[str | None]


class WatchRead(TypedDict):
    """Of a matter the newest `steps` of others since `seen_at`, of a view the matters that came
    into it, left it or changed in it; `too_many` where more stands in it than is compared."""

    id: str
    seen_at: str
    matter_id: NotRequired[str | None]
    number: NotRequired[str | None]
    steps: NotRequired[list[WatchedStep]]
    view: NotRequired[ViewRead | None]
    came: NotRequired[list[WatchedNumber]]
    left: NotRequired[list[WatchedNumber]]
    changed: NotRequired[list[WatchedNumber]]
    too_many: NotRequired[bool]


class WatchedNumber(TypedDict):
    id: str
    number: str


class WatchedStep(TypedDict):
    """What somebody else did on it since, by its name in the procedure or the history."""

    version: int
    event: str
    to_state: str
    recorded_at: str


class WebhookCreate(TypedDict):
    """`events` are those wanted; none means all."""

    name: str
    address: str
    events: NotRequired[list[Change]]
    days: int


class WebhookMade(TypedDict):
    """`secret` is shown this once; messages are signed by it (Standard Webhooks)."""

    id: str
    name: str
    address: str
    events: list[Change]
    made_at: str
    confirmed_at: str | None
    confirmed_by_name: str | None
    secret: str


class WebhookOfSomebody(TypedDict):
    """As administrators see it."""

    id: str
    name: str
    address: str
    events: list[Change]
    made_at: str
    confirmed_at: str | None
    confirmed_by_name: str | None
    account_id: str
    account_name: str


class WebhookRead(TypedDict):
    """Nothing is sent before an administrator confirmed it."""

    id: str
    name: str
    address: str
    events: list[Change]
    made_at: str
    confirmed_at: str | None
    confirmed_by_name: str | None


class WhyRead(TypedDict):
    """Why something was found: `said` in the reader's language."""

    by: By
    name: str | None
    way: Way | None
    said: str


class app__schemas__corrections__VersionRead(TypedDict):
    """`known` is false where the reader may not have the words; `request_id` is the request by
    which those who signed agreed."""

    number: int
    value: str | None
    known: bool
    since: str
    by: str
    reason: str
    request_id: str | None


class app__schemas__funds__VersionRead(TypedDict):
    version: int


By = Literal["number", "title", "person", "organisation", "unit", "note"]
Change = Literal[
    "access",
    "changed",
    "corrected",
    "deadline",
    "decision",
    "doubt",
    "logged",
    "money",
    "note",
    "outcome",
    "paper",
    "people",
    "request",
    "signature",
    "statement",
    "step",
    "task",
]
Clearance = Literal[0, 1, 2]
Counted = Literal[
    "leads", "items", "times", "people", "person_times", "yuan", "units", "lines", "rows"
]
EntryKind = Literal[
    "receipt",
    "return",
    "treasury",
    "criminal_case",
    "release",
    "suspense",
    "assignment",
    "bank_error",
    "reversal",
]
Facet = Literal["stage", "disposal", "unit", "campaign", "source", "leader", "month"]
Family = Literal["units", "petitions", "leads", "cases", "findings", "bank", "returns"]
Format = Literal["csv", "xlsx", "json"]
Intake = Literal[
    "collected", "confiscated", "restitution", "surrendered", "recovered_loss", "not_stated"
]
Kind = Literal["petition", "lead", "case", "fund_item"]
Permission = Literal[
    "accounts:administer",
    "export:names",
    "export:totals",
    "import:ledgers",
    "leads:log",
    "matters:read",
    "meetings:record",
    "money:read",
    "money:record",
    "people:read",
    "people:write",
    "petitions:log",
    "requests:sign",
    "self",
    "totals:read",
    "units:read",
    "units:write",
]
Role = Literal[
    "intake_officer",
    "petitions_head",
    "lead_manager",
    "investigator",
    "inspector",
    "department_head",
    "deputy",
    "chief",
    "secretary",
    "liaison",
    "adjudicator",
    "adjudication_head",
    "keeper",
    "finance",
    "auditor",
    "reporting_unit",
    "administrator",
    "operator",
]
Signed = Literal["signature", "fingerprint", "bank", "not_yet"]
Stage = Literal["share", "assess", "investigate", "review"]
Standing = Literal["share", "assess", "investigate", "review", "ended"]
State = Literal["waiting", "delivered", "withheld"]
UnitKind = Literal["district", "township", "subdistrict", "village", "department", "office", "team"]
Way = Literal["whole", "part", "initials", "pinyin", "one_off"]
What = Literal["totals", "matters", "receipts", "returns", "lead_register", "case_register"]
