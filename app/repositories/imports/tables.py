"""Which table each of an import's rows goes into, parents before children."""

from __future__ import annotations

from sqlmodel import SQLModel

from app.models.cases import Case
from app.models.funds import (
    BankLine,
    FundItem,
    JournalEntry,
    MoneyReceipt,
    MoneyReturn,
    Posting,
)
from app.models.imports import Doubt, ImportFinding, ImportRow
from app.models.leads import Finding, InspectionRound, Lead
from app.models.matters import Matter, MatterLink, Note, Transition
from app.models.outcomes import ClaimedAmount, Involvement, Outcome
from app.models.people import Organisation, Person, PersonKey
from app.models.petitions import Petition, ReporterIdentity
from app.models.requests import Request, Signature
from app.models.units import Campaign, Unit
from app.repositories.imports.rows import (
    BankLineLine,
    CampaignLine,
    CaseLine,
    ClaimLine,
    DoubtLine,
    EntryLine,
    FindingLine,
    FundItemLine,
    InvolvementLine,
    LeadLine,
    LinkLine,
    MatterLine,
    NoteLine,
    OrganisationLine,
    OutcomeLine,
    PersonKeyLine,
    PersonLine,
    PetitionLine,
    PostingLine,
    ReceiptLine,
    ReporterLine,
    ReportLine,
    RequestLine,
    ReturnLine,
    RoundLine,
    RowLine,
    SignatureLine,
    TransitionLine,
    UnitLine,
)

Line = (
    UnitLine | CampaignLine | PersonLine | PersonKeyLine | OrganisationLine | MatterLine
    | LeadLine | PetitionLine | ReporterLine | CaseLine | FundItemLine | RequestLine | SignatureLine
    | TransitionLine | InvolvementLine | OutcomeLine | ClaimLine | LinkLine | NoteLine
    | RoundLine | FindingLine | BankLineLine | EntryLine | PostingLine | ReceiptLine | ReturnLine
    | RowLine | DoubtLine | ReportLine
)  # fmt: skip

# Parents before children: row security and foreign keys look at each row as it is written.
TABLES: dict[type[Line], type[SQLModel]] = {
    UnitLine: Unit,
    CampaignLine: Campaign,
    PersonLine: Person,
    PersonKeyLine: PersonKey,
    OrganisationLine: Organisation,
    MatterLine: Matter,
    LeadLine: Lead,
    PetitionLine: Petition,
    ReporterLine: ReporterIdentity,
    CaseLine: Case,
    FundItemLine: FundItem,
    RequestLine: Request,
    SignatureLine: Signature,
    TransitionLine: Transition,
    InvolvementLine: Involvement,
    OutcomeLine: Outcome,
    ClaimLine: ClaimedAmount,
    LinkLine: MatterLink,
    NoteLine: Note,
    RoundLine: InspectionRound,
    FindingLine: Finding,
    BankLineLine: BankLine,
    EntryLine: JournalEntry,
    PostingLine: Posting,
    ReceiptLine: MoneyReceipt,
    ReturnLine: MoneyReturn,
    RowLine: ImportRow,
    DoubtLine: Doubt,
    ReportLine: ImportFinding,
}
