"""The unit of work: a transaction, who acts in it, and on which day."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import psycopg
import sqlalchemy as sa
from psycopg import errors as pg
from sqlalchemy.engine import Connection, Engine

from app.core import db
from app.core.clock import Clock
from app.core.kept import Kept
from app.core.keys import Keys
from app.core.shelf import Shelf
from app.domain import errors
from app.domain.errors import N_
from app.domain.permissions import Actor, Clearance, Permission, Role, RoleGrant
from app.domain.units import UnitPath

PAGES = 40  # that were drawn and are kept, of some four hundred thousand bytes each


class Work(db.Transaction):
    """What services take: reads and writes as `actor`, dated `today` (the office's day)."""

    def __init__(
        self, connection: Connection, office: "Office", *, use_case: str, request_id: str
    ) -> None:
        super().__init__(connection)
        self.office = office
        self.use_case = use_case
        self.request_id = request_id
        self.now: datetime = office.clock.now()
        self.today: date = office.clock.today()
        self.demo_day: date | None = None
        self.profile_id: UUID | None = None  # which new matters begin under, once it was asked for
        self._actor: Actor | None = None
        self.session = ""
        self._fresh = False
        self.bare = False  # must have a second factor, and has none: holds nothing

    @property
    def keys(self) -> Keys:
        return self.office.keys

    @property
    def actor(self) -> Actor:
        """Raises NotSignedIn."""
        if self._actor is None:
            raise errors.NotSignedIn
        return self._actor

    @property
    def signed_in(self) -> bool:
        return self._actor is not None

    def enter(self, session: str) -> None:
        """Act as whoever holds this live session. Raises NotSignedIn.

        May be called again in the same transaction: a demo's history has many hands.
        """
        entered = self.value(
            "SELECT guard.enter(%(secret)s, %(use_case)s, %(request)s)",
            {"secret": session, "use_case": self.use_case, "request": self.request_id},
        )
        if entered is None:
            raise errors.NotSignedIn
        self._actor = _actor(entered)
        self.session = session
        self._fresh = entered["fresh"]
        self.bare = entered["bare"]
        if entered["demo_day"] is not None:
            self.demo_day = self.today = date.fromisoformat(entered["demo_day"])

    def moment_of(self, recorded_at: datetime) -> datetime:
        """The office's moment at which something was recorded. What a demo's people record today
        they record on its day, whatever the machine's clock says: its days are as far from that as
        its today is. The audit trail keeps the machine's time, and so does what a program is told
        of its session and its key."""
        return recorded_at.astimezone(self.office.clock.zone) - self.apart

    def day_of(self, recorded_at: datetime) -> date:
        """The office's day on which something was recorded: see `moment_of`."""
        return self.moment_of(recorded_at).date()

    def midnight_after(self, day: date) -> datetime:
        """The moment that ends an office's day: see `day_of`."""
        ended = day + timedelta(days=1) + self.apart
        return datetime.combine(ended, time(), self.office.clock.zone)

    @property
    def apart(self) -> timedelta:
        """How many days the machine's calendar is ahead of the office's: none but in a demo."""
        if self.demo_day is None:
            return timedelta()
        return self.office.clock.today() - self.demo_day

    def lasting_day(self) -> date:
        """The day by which roles, grants and standing in are in force: the guard's own, at the
        office's midnight. In a demo, whose day stands still, it goes on."""
        day: date = self.value("SELECT guard.today()")
        return day

    def lasts_apart(self) -> timedelta:
        """How many days that is ahead of the office's: none but in a demo."""
        if self.demo_day is None:
            return timedelta()
        return self.lasting_day() - self.demo_day

    def require_fresh(self) -> None:
        """For what touches money, names or rights. Raises NotFresh where the actor proved too
        long ago who they are."""
        if not self._fresh:
            raise errors.NotFresh

    def dated(self, day: date) -> None:
        """Work on another day. Only a demo database accepts it. Raises Forbidden."""
        if self.demo_day is None:
            raise errors.Forbidden(N_("Only a demo database has a day of its own."))
        self.today = day

    def change(self, statement: sa.Update | sa.Delete) -> int:
        """As in core, with the domain's error. Raises Stale where no row was met."""
        try:
            return super().change(statement)
        except db.NoRowChanged:
            raise errors.Stale from None


def _actor(entered: dict[str, Any]) -> Actor:
    return Actor(
        account_id=UUID(entered["account_id"]),
        name=entered["name"],
        grants=tuple(
            RoleGrant(Role(role), UnitPath(path) if path else UnitPath.everywhere())
            for role, path in entered["grants"]
        ),
        clearance=Clearance(entered["clearance"]),
        locale=entered["locale"],
        person_id=UUID(entered["person_id"]) if entered["person_id"] else None,
        unit=UnitPath(entered["unit"]) if entered["unit"] else None,
        scope=None if entered["scope"] is None else frozenset(map(Permission, entered["scope"])),
    )


_MESSAGES: dict[str, type[errors.NotFound | errors.NotFresh | errors.Stale | errors.FileClosed]] = {
    "plumbline:file-closed": errors.FileClosed,
    "plumbline:fresh-authentication": errors.NotFresh,
    "plumbline:not-found": errors.NotFound,
    "plumbline:stale": errors.Stale,
}
_REFUSALS = {
    "plumbline:second-reader": N_("A second person checks the summary, not who wrote it."),
    "plumbline:second-hand": N_("You asked for this role: another administrator gives it."),
    "plumbline:factor-there": N_("There is a second factor already: remove it first."),
    "plumbline:many-passkeys": N_("Ten passkeys are enough: remove one first."),
    "plumbline:frozen": N_(
        "Signatures rest on this field. Those who signed must agree to a correction."
    ),
    "plumbline:needs-signatures": N_("This step needs signatures that are not there."),
    "plumbline:request-used": N_("This request was carried out already."),
    "plumbline:unbalanced": N_("The postings of an entry must sum to zero."),
    "plumbline:more-than-received": N_("More would go out than was received."),
    "plumbline:property": N_("This item is property: money is logged as an item of its own."),
    "plumbline:line-comes": N_(
        "It is decided where this item’s money goes: this would stay behind. Name another item."
    ),
    "plumbline:line-stays": N_("A decision rests on this entry: have the item reworked first."),
    "plumbline:line-once": N_("A line of the bank’s counts once, and for its whole amount."),
    "plumbline:not-to-be-granted": N_("This can't be given to this person."),
    "plumbline:keeps-it": N_("You may read this without a release."),
    "plumbline:paper-marked": N_("Somebody has said already that this was attached by mistake."),
    "plumbline:paper-withdrawn": N_(
        "This was attached by mistake: only whoever heads the matter still opens it."
    ),
    "plumbline:namesake": N_("This person can't take this matter."),
    "plumbline:no-paper-here": N_("This can't be signed on paper, or not any more."),
    "plumbline:not-their-place": N_("This person can't give this signature."),
    "plumbline:no-scan": N_(
        "The scan is no paper of this matter, or somebody says that it is there by mistake."
    ),
    "plumbline:scan-unopened": N_("Open the scan first: you haven't since it was entered."),
    "plumbline:signed-too-early": N_("It was signed before it was asked for."),
    "plumbline:objected": N_(
        "Somebody objects to a signature on paper in their name: that is decided first."
    ),
    "plumbline:not-released": N_("This isn't released to you, or not any more."),
    "plumbline:outside-round": N_("This finding was made outside its round."),
    "plumbline:second-administrator": N_("This takes a second administrator: another confirms it."),
    "plumbline:investigated-it": N_("Whoever investigated a matter does not adjudicate it."),
    "plumbline:handled-original": N_(
        "Whoever handled the original decision does not hear the appeal against it."
    ),
    "plumbline:adjudicated-it": N_("Whoever adjudicated a matter does not come onto its team."),
    "plumbline:nothing-to-confirm": N_("There is nothing here that would need confirming."),
    "plumbline:at-command": N_(
        "An administrator’s password and second factor are renewed at the command line."
    ),
    "plumbline:emergencies-wait": N_(
        "No more for now: earlier emergency reads of yours wait for a review, or led nowhere."
    ),
    "plumbline:sees-already": N_("You may open this matter without an emergency."),
    "plumbline:minutes-signed": N_("The minutes are signed: nothing in them changes any more."),
    "plumbline:emergency-over": N_("This emergency read is over."),
    "plumbline:reviewed-already": N_("Somebody closed this review already."),
    "plumbline:four-people": N_(
        "Who takes money in, keeps it, decides and pays are four different people."
    ),
}
_NOT_YOURS = {
    "plumbline:not-theirs": N_("This step is not yours to take."),
    "plumbline:only-reads": N_("You may read this matter, not work on it."),
    "plumbline:not-your-turn": N_("It is not your turn to sign."),
    "plumbline:another-compares": N_(
        "A person compares it who had no hand in the request and is none of the team."
    ),
    "plumbline:own-file": N_("Your own file is not yours to open."),
    "plumbline:second-recorder": N_("Whoever recorded an entry can't reverse it: ask a colleague."),
}
# References to what everybody may know of; an unknown id is the fault of the field that gave it.
_REFERENCES = {
    "fk_account_person_id": "person_id",
    "fk_matter_campaign_id": "campaign_id",
}
_CONSTRAINTS = {
    "ck_signature_not_the_requester": N_("Whoever asks for a step can't sign it."),
    "ck_matter_paper_second_hand": N_(
        "You said that this was attached by mistake: a colleague confirms it."
    ),
    "ck_paper_signature_second_person": N_("You entered this: somebody else compares it."),
    "ck_paper_signature_not_by_the_signer": N_(
        "Nobody enters or compares a signature in their own name: they sign here."
    ),
    "ck_paper_signature_not_the_requester": N_(
        "Whoever asked for a step neither signs it nor compares the paper."
    ),
    "ck_paper_signature_decided_by_another": N_(
        "Whoever had a hand in this signature doesn't decide on the objection."
    ),
    "uq_paper_signature_entered": N_("A signature on paper is entered here already."),
    "ck_release_decided_by_another": N_("Whoever asks for a release can't decide on it."),
    "ck_emergency_reviewed_by_another": N_("Whoever read in an emergency can't review it."),
    "uq_account_request_waiting": N_("This waits for a second administrator already."),
    "uq_release_waiting": N_("You have asked for this already; it waits for a decision."),
    "uq_signature_one_hand": N_("You have signed this request already."),
    "uq_study_item_waiting": N_("This matter stands on the agenda of a meeting already."),
    "uq_request_open": N_("A request on this matter is waiting already."),
    "ck_fund_item_keeper_is_another": N_(
        "Whoever took the money in can't keep it: four different people handle it."
    ),
    "ck_fund_item_decider_is_another": N_(
        "Whoever took the money in or keeps it can't decide on it: four different people handle it."
    ),
    "ck_fund_item_payer_is_another": N_(
        "Whoever took in, keeps or decided can't pay out: four different people handle it."
    ),
}


def translated(error: psycopg.Error) -> errors.PlumblineError | None:
    """The domain's word for what the database refused; None where it is a fault of ours.

    Uniqueness and foreign keys look past row security, so both get one neutral answer.
    """
    message = (error.diag.message_primary or "").strip()
    if message in _MESSAGES:
        return _MESSAGES[message]()
    if message in _NOT_YOURS:
        return errors.Forbidden(_NOT_YOURS[message])
    if message in _REFUSALS:
        return errors.Conflict(_REFUSALS[message])
    constraint = error.diag.constraint_name or ""
    if constraint in _CONSTRAINTS:
        return errors.Conflict(_CONSTRAINTS[constraint])
    if constraint in _REFERENCES and isinstance(error, pg.ForeignKeyViolation):
        return errors.Invalid.of(_REFERENCES[constraint], errors.UNKNOWN)
    if isinstance(error, pg.UniqueViolation | pg.ForeignKeyViolation | pg.ExclusionViolation):
        return errors.Conflict(N_("This is in conflict with something that is there already."))
    if isinstance(error, pg.InsufficientPrivilege):
        return errors.NotFound()
    if isinstance(error, pg.ReadOnlySqlTransaction):
        return errors.Forbidden(N_("This key only reads, and this is written down."))
    if isinstance(error, pg.SerializationFailure | pg.DeadlockDetected):
        return errors.Stale()
    if isinstance(error, pg.LockNotAvailable | pg.QueryCanceled):
        return errors.Unavailable(N_("The database is busy. Nothing was changed; try again."))
    if isinstance(error, pg.DiskFull):
        return errors.Unavailable(N_("The disk is full. Nothing was changed."))
    if isinstance(error, psycopg.OperationalError):
        return errors.Unavailable(N_("The database can't be reached. Try again in a moment."))
    return None


@contextmanager
def translating() -> Iterator[None]:
    """Turns refusals of the database into the domain's errors, those at commit included."""
    try:
        yield
    except sa.exc.TimeoutError:
        raise errors.Unavailable(
            N_("The system is busy. Nothing was changed; try again.")
        ) from None
    except sa.exc.DBAPIError as error:
        if isinstance(error.orig, psycopg.Error) and (known := translated(error.orig)):
            raise known from error
        raise
    except psycopg.Error as error:
        if known := translated(error):
            raise known from error
        raise


@dataclass(frozen=True)
class Office:
    """What a running Plumbline needs to work: one per process."""

    engine: Engine
    clock: Clock
    keys: Keys
    shelf: Shelf
    kept: Kept = field(default_factory=Kept, compare=False)
    drawn: Kept = field(default_factory=lambda: Kept(PAGES), compare=False)

    @contextmanager
    def work(self, session: str | None, *, use_case: str, request_id: str = "") -> Iterator[Work]:
        """Open a unit of work as the holder of `session`; commits at the end of the block.

        With `session` None nobody acts: only what needs no sign-in works. Raises NotSignedIn.
        """
        with translating(), self.engine.connect() as connection, connection.begin():
            tx = Work(connection, self, use_case=use_case, request_id=request_id)
            if session is not None:
                tx.enter(session)
            yield tx
