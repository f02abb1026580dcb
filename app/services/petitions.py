"""Logging petitions, and the sealed name of who reported."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.core import crypto, i18n
from app.core.crypto import Envelope
from app.core.keys import Keys
from app.domain import errors
from app.domain.errors import N_, FieldError, Reason
from app.domain.kinds import Kind
from app.domain.sources import CHANNELS, CLASSES
from app.domain.workflow.facts import Facts
from app.repositories import matters, people, petitions, reporter_ties, units
from app.repositories.work import Work
from app.services import openings, profiles, workflow
from app.services.matters import refuse_readers
from app.services.openings import Beginning, Reported
from app.services.people import number_in

TEXT_LIMIT = 20000


@dataclass(frozen=True, kw_only=True)
class Reporter:
    """Who reported and how to reach them. Sealed before it touches the database.

    `person_id`, or an identity number, says who of the register it is: whoever of them has an
    account is walled off. Neither is kept as such, nor sealed beside the name.
    """

    name: str
    contact: str | None = None
    person_id: UUID | None = None
    id_number: str | None = None

    def __repr__(self) -> str:
        return "Reporter(sealed)"


@dataclass(frozen=True, kw_only=True)
class NewPetition:
    """`class_` decides which limits run. `reporter` only where a name was given."""

    channel: str
    class_: str
    received_on: date
    content: str
    unit_id: UUID
    title: str | None = None
    place: str | None = None
    reporter: Reporter | None = None
    named: bool | None = None
    subjects: Sequence[Reported] = ()
    responsible_leader: str | None = None
    campaign_id: UUID | None = None
    backlog: bool = False
    registered: bool = True


def log_petition(tx: Work, new: NewPetition) -> UUID:
    """Log a petition and, unless told otherwise, register it the same moment.

    One about somebody whom a higher body manages waits to be sealed. Raises Invalid, Forbidden,
    Denied.
    """
    check(tx, new)
    named = new.named if new.named is not None else new.reporter is not None
    petition_id, _move = openings.begin(
        tx,
        Beginning(
            kind=Kind.PETITION,
            event="receive",
            title=new.title or _neutral(tx, new.unit_id, new.received_on)[tx.actor.locale],
            unit_id=new.unit_id,
            received_on=new.received_on,
            known=Facts(
                source=new.channel,
                channel=new.channel,
                class_=new.class_,
                named=named,
                received_on=new.received_on,
                what=new.content,
                place=new.place,
            ),
            form={},
            source=new.channel,
            responsible_leader=new.responsible_leader,
            campaign_id=new.campaign_id,
        ),
    )
    petitions.insert_petition(
        tx,
        petition_id,
        received_on=new.received_on,
        channel=new.channel,
        class_=new.class_,
        named=named,
        place=new.place,
        content=new.content.strip(),
        backlog=new.backlog,
    )
    openings.involve(tx, petition_id, new.subjects, new.unit_id)
    if new.reporter is not None:
        petitions.insert_reporter(
            tx, petition_id, sealed_reporter(tx.keys, petition_id, new.reporter)
        )
    registers = new.registered and openings.has_step(tx, Kind.PETITION, "register", "received")
    if registers and not openings.on_paper(tx, new.subjects, new.unit_id):
        workflow.act(tx, petition_id, event="register", form={"class": new.class_, "named": named})
    if new.reporter is not None and (new.reporter.person_id or new.reporter.id_number):
        # Last: it may be whoever logs it.
        tie_reporter(
            tx, petition_id, person_id=new.reporter.person_id, id_number=new.reporter.id_number,
            field="reporter.",
        )  # fmt: skip
    return petition_id


def tie_reporter(
    tx: Work,
    petition_id: UUID,
    *,
    person_id: UUID | None = None,
    id_number: str | None = None,
    field: str = "",
) -> None:
    """Say who of the register reported: by person, or by an identity number that the register may
    learn later. Whoever of them has an account, or gets one, is walled off from the petition and
    from what came of it, near relatives too; nobody reads the tie.

    For intake of that petition alone. Raises NotFound, Invalid.
    """
    if person_id is not None and people.person(tx, person_id) is None:
        raise errors.Invalid.of(f"{field}person_id", errors.UNKNOWN)
    tokens = []
    if person_id is not None:
        tokens.append(reporter_ties.token_of(tx.keys, person_id))
    if id_number:
        index = crypto.blind_index(tx.keys, number_in(id_number, field=f"{field}id_number"))
        tokens.append(reporter_ties.token_numbered(tx.keys, index))
    if not tokens:
        raise errors.Invalid.of(f"{field}id_number", N_("Say who it is: a person or a number."))
    reporter_ties.keep_tokens(tx)
    for token in tokens:
        reporter_ties.tie(tx, petition_id, token)


def tie_numbered(tx: Work, petition_id: UUID, number: str) -> None:
    """The same for a ledger, whose numbers are in their normal form."""
    index = crypto.blind_index(tx.keys, number)
    reporter_ties.tie(tx, petition_id, reporter_ties.token_numbered(tx.keys, index))


def untie_reporter(tx: Work, petition_id: UUID) -> None:
    """Tied by mistake: all ties of the petition end. Raises NotFound."""
    reporter_ties.untie(tx, petition_id)


def sealed_reporter(keys: Keys, petition_id: UUID, reporter: Reporter) -> Envelope:
    """Name and contact as they are kept: under a data key of this petition, bound to its row."""
    text = json.dumps({"name": reporter.name, "contact": reporter.contact}, ensure_ascii=False)
    return crypto.enclose(keys, text, bound_to=_row_of(petition_id))


def _row_of(petition_id: UUID) -> str:
    return f"reporter:{petition_id}"


def read_reporter(tx: Work, petition_id: UUID) -> Reporter | None:
    """Who reported, for intake of that petition alone; each reading is an event.

    None where no name was given. Raises NotFound for everybody else, NotFresh.
    """
    tx.require_fresh()
    envelope = petitions.read_reporter(tx, petition_id)
    return None if envelope is None else unsealed(tx, petition_id, envelope)


def unsealed(tx: Work, petition_id: UUID, envelope: Envelope) -> Reporter:
    """Who stands in it. Raises SealBroken where it was changed or is another petition's."""
    held = json.loads(crypto.disclose(tx.keys, envelope, bound_to=_row_of(petition_id)))
    return Reporter(name=held["name"], contact=held["contact"])


def write_summary(
    tx: Work, petition_id: UUID, *, summary: str, seen_version: int | None = None
) -> int:
    """A summary for the handlers, without what points to the reporter; not yet checked.

    Raises Invalid, Forbidden, NotFound. Returns the new version.
    """
    refuse_readers(tx, petition_id)
    if not summary.strip():
        raise errors.Invalid.of("summary", N_("Write something."))
    if len(summary) > TEXT_LIMIT:
        raise errors.Invalid(errors.too_long("summary", TEXT_LIMIT))
    petitions.change_petition(tx, petition_id, summary=summary.strip(), summary_checked_by=None)
    return matters.touch(tx, petition_id, event="summary_written", seen_version=seen_version)


def check_summary(tx: Work, petition_id: UUID, *, seen_version: int | None = None) -> int:
    """A second person confirms that the summary points to nobody. Returns the new version.

    A title that nobody typed is taken from the summary from now on.
    Raises Conflict for whoever wrote it, Invalid while there is none.
    """
    own = matters.own_row(tx, Kind.PETITION, petition_id)
    if own is None:
        raise errors.NotFound
    refuse_readers(tx, petition_id)
    if not own["summary"]:
        raise errors.Invalid.of("summary", N_("There is no summary to check yet."))
    if matters.last_actor(tx, petition_id, "summary_written") == tx.actor.account_id:
        raise errors.Conflict(N_("A second person checks the summary, not who wrote it."))
    petitions.change_petition(tx, petition_id, summary_checked_by=tx.actor.account_id)
    changes = {}
    head = matters.matter(tx, petition_id)
    untyped = set(_neutral(tx, head["unit_id"], own["received_on"]).values())
    if own["content"]:  # as it was taken before, and as ledgers have it
        untyped.add(openings.titled(own["content"]))
    if head["title"] in untyped:
        changes["title"] = openings.titled(own["summary"])
    return matters.touch(
        tx, petition_id, event="summary_checked", seen_version=seen_version, changes=changes
    )


_UNTYPED = N_("Petition about {unit}, received {day}")


def _neutral(tx: Work, unit_id: UUID, received_on: date) -> dict[str, str]:
    """What a petition is called while nobody gave it a title and its summary isn't checked, by
    language: nothing of how the reporter put it."""
    unit = units.unit(tx, unit_id)
    name = unit["name"] if unit else ""
    return {
        locale: openings.titled(
            i18n.translate(
                locale, _UNTYPED, {"unit": name, "day": i18n.written_date(locale, received_on)}
            )
        )
        for locale in i18n.LOCALES
    }


def check(tx: Work, new: NewPetition) -> None:
    """What can be said of it before its place is known. Raises Invalid for all of it at once."""
    found: list[FieldError] = []

    def wrong(field: str, message: str) -> None:
        found.append(FieldError(field, Reason(message)))

    if new.channel not in CHANNELS:
        wrong("channel", N_("Choose one of those listed."))
    if new.class_ not in CLASSES:
        wrong("class", N_("Choose one of those listed."))
    if not new.content.strip():
        wrong("content", N_("Say what is alleged."))
    if new.received_on > tx.today:
        wrong("received_on", N_("This day is yet to come."))
    if new.reporter is not None and not new.reporter.name.strip():
        wrong("reporter.name", N_("Give the name, or mark the report as anonymous."))
    gathered = errors.Gathered(*found)
    with gathered.part():
        openings.refuse_longer(
            {
                "title": new.title, "place": new.place,
                "responsible_leader": new.responsible_leader,
                "reporter.name": new.reporter.name if new.reporter else None,
                "reporter.contact": new.reporter.contact if new.reporter else None,
                **openings.lines_of_all(new.subjects),
            },
            content=(new.content, TEXT_LIMIT),
        )  # fmt: skip
    with gathered.part():
        profiles.refuse_unknown_ranks(tx, openings.ranks_of_all(new.subjects))
    gathered.refuse()
