"""The columns of lists as SQL: in the reader's words, and as one knows them without names."""
# sql: fragments are constants of this module

from __future__ import annotations

from collections.abc import Mapping

from app.domain.exports import What

# First characters, as code points, of what a spreadsheet would run: = + - @, tab, returns, and
# their full-width forms. Looked up by number: a fifth of the time of a regular expression.
RUN = "'{61,43,45,64,9,13,10,65309,65291,65293,65312}'::int[]"
_WORDS = "(SELECT w FROM words)"


def said(family: str, code: str) -> str:
    """A code in the reader's words, itself where there are none."""
    return f"coalesce({_WORDS} ->> ('{family}.' || {code}), {code})"


def _masked(name: str) -> str:
    return f"left({name}, 1) || repeat('×', greatest(char_length({name}) - 1, 1))"


# By the office's days, as everything in a list is.
_RECORDED = (
    "to_char(e.recorded_at AT TIME ZONE %(zone)s - make_interval(days => %(apart)s),"
    " 'YYYY-MM-DD HH24:MI')"
)
_REVERSAL = f"CASE WHEN e.kind = 'reversal' THEN {_WORDS} ->> 'answer.reversal' END"


def _answer(column: str) -> str:
    return (
        f"CASE WHEN {column} THEN {_WORDS} ->> 'answer.yes'"
        f" WHEN NOT {column} THEN {_WORDS} ->> 'answer.no' END"
    )


# A register's own code of a person is whole; ours counts within the matter.
_PERSON_CODE = "CASE WHEN i.code ~ '^[0-9]{1,3}$' THEN m.number || '-' || i.code ELSE i.code END"
_SEX = f"{_WORDS} ->> CASE WHEN i.male THEN 'sex.male' WHEN NOT i.male THEN 'sex.female' END"
_AGE = "extract(year FROM age(%(day)s, to_date(i.born, 'YYYY-MM')))::integer"
# What was reported of the disposal: by whoever handled it, else as the ledger has it.
_REPORT = (
    "coalesce((SELECT coalesce(t.form ->> 'findings', t.form ->> 'report') FROM transition t"
    " WHERE t.matter_id = m.id AND t.form ?| '{findings,report}' AND t.happened_on <= %(day)s"
    " ORDER BY t.version DESC LIMIT 1), l.remark)"
)


def _organ(place: int) -> str:
    """Who filed: this body, or as a ledger names both."""
    return (
        "CASE WHEN k.filing_organ IS NULL OR k.filing_organ IN ('party', 'supervisory', 'both')"
        f" THEN %(body)s ELSE coalesce(nullif(split_part(k.filing_organ, '、', {place}), ''),"
        " split_part(k.filing_organ, '、', 1)) END"
    )


INTAKES = ("collected", "confiscated", "restitution", "surrendered", "recovered_loss")
_FIVE = {intake: f"f.{intake}" for intake in INTAKES}

VALUES: Mapping[What, Mapping[str, str]] = {
    What.MATTERS: {
        "number": "m.number",
        "kind": said("kind", "m.kind"),
        "standing": f"{_WORDS} ->> CASE WHEN m.effective THEN 'standing.effective'"
        " ELSE 'standing.alleged' END",
        "state": f"coalesce({_WORDS} ->> ('state.' || m.kind || '.' || m.state), m.state)",
        "stage": said("stage", "m.stage"),
        "area": "a.name",
        "unit": "u.name",
        "opened_on": "m.opened_on",
        "closed_on": "m.closed_on",
        "source": said("source", "coalesce(p.channel, m.source)"),
        "campaign": "c.name",
        "leader": "m.responsible_leader",
        "method": said("method", "l.method"),
        "disposed_on": "l.disposed_on",
        "filed_on": "l.filed_on",
        "subjects": "s.names",
        "received": "f.received",
        "returned": "f.returned",
        "doubts": "d.doubts",
        "adds": "b.adds",
    },
    What.RECEIPTS: {
        "happened_on": "e.happened_on",
        "matter": "o.number",
        "item": "i.number",
        "intake": said("intake", "r.intake"),
        "amount": "b.amount",
        "paid_in_by": "r.paid_in_by",
        "reference": "r.bank_reference",
        "reversal": _REVERSAL,
        "recorded_at": _RECORDED,
    },
    What.RETURNS: {
        "happened_on": "e.happened_on",
        "matter": "o.number",
        "item": "i.number",
        "receipt": "coalesce(e.receipt_number, z.receipt_number)",
        "beneficiary": "t.beneficiary",
        "identity": "NULL",
        "address": "t.address",
        "amount": "b.amount",
        "signed": said("signed", "t.signed"),
        "signed_on": "t.signed_on",
        "reversal": _REVERSAL,
        "recorded_at": _RECORDED,
    },
    What.LEAD_REGISTER: {
        "unit": "u.name",
        "body": "coalesce(g.name, %(body)s)",
        "number": "m.number",
        "person_code": _PERSON_CODE,
        "opened_on": "m.opened_on",
        "name": "i.name",
        "ethnicity": "i.ethnicity",
        "birth": "i.born",
        "member": _answer("i.member"),
        "joined": "i.joined_party",
        "method": said("method", "l.method"),
        "report": _REPORT,
        "handling": "x.handling",
        "closed_on": "m.closed_on",
        **_FIVE,
    },
    What.CASE_REGISTER: {
        "number": "m.number",
        "person_code": _PERSON_CODE,
        "name": "i.name",
        "sex": _SEX,
        "age": _AGE,
        "education": "i.education",
        "report": "k.brief",
        "filed_on": "k.filed_on",
        "party_filed_on": "k.party_filed_on",
        "party_organ": f"CASE WHEN k.party_filed_on IS NOT NULL THEN {_organ(1)} END",
        "supervisory_filed_on": "k.supervisory_filed_on",
        "supervisory_organ": f"CASE WHEN k.supervisory_filed_on IS NOT NULL THEN {_organ(2)} END",
        "adjudication_on": "h.adjudication_on",
        "decided_on": "coalesce(k.decided_on, h.decided_on)",
        "adjudicated_by": "CASE WHEN h.adjudication_on IS NOT NULL THEN %(body)s END",
        "party_sanction": "x.party_sanction",
        "administrative_sanction": "x.administrative_sanction",
        "closed_on": "m.closed_on",
        "eight_rules": _answer("i.eight_rules"),
        "confessed": _answer("i.confessed"),
        **_FIVE,
    },
}
PARTICULARS = "p.male, p.born, p.ethnicity, p.joined_party, p.education"
NO_PARTICULARS = (
    "NULL::boolean AS male, NULL AS born, NULL AS ethnicity, NULL AS joined_party,"
    " NULL AS education"
)
# What stands there for who may not know names; any other personal column is left empty.
INSTEAD: Mapping[What, Mapping[str, str]] = {
    What.MATTERS: {"subjects": "s.names"},  # from the masked register
    What.RECEIPTS: {
        "paid_in_by": _masked("r.paid_in_by"),
        "reference": "repeat('*', greatest(char_length(r.bank_reference) - 4, 0))"
        " || right(r.bank_reference, 4)",
    },
    What.RETURNS: {"beneficiary": _masked("t.beneficiary")},
    What.LEAD_REGISTER: {"name": "i.name"},
    What.CASE_REGISTER: {"name": "i.name"},
}
