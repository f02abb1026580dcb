"""A step of the demo's history: who does what to which matter on which day.

Whatever exists only once it is made (a matter, an account, a person) is named by a `Ref`, which
whoever replays the plan resolves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias


class Thing(StrEnum):
    MATTER = "matter"
    ACCOUNT = "account"
    UNIT = "unit"
    PERSON = "person"  # of the register, by the plan's key
    SUBJECT = "subject"  # somebody's part in the step's own matter, by the person's key


@dataclass(frozen=True, slots=True)
class Ref:
    """Something that the plan speaks of before it exists: its key in the plan."""

    thing: Thing
    key: str


Value: TypeAlias = "str | int | bool | date | Ref | Sequence[Value] | Mapping[str, Value] | None"


class Verb(StrEnum):
    """What a step calls. Each is one service."""

    LOG_PETITION = "log_petition"
    WRITE_SUMMARY = "write_summary"
    CHECK_SUMMARY = "check_summary"
    LOG_LEAD = "log_lead"
    ADD_SUBJECT = "add_subject"
    ACT = "act"
    SIGN = "sign"
    RETURN = "return"
    NOTE = "note"
    RECORD_STATEMENT = "record_statement"
    ANSWER_STATEMENT = "answer_statement"
    FINISH_TASKS = "finish_tasks"
    CREATE_ITEM = "create_item"
    RECORD_RECEIPT = "record_receipt"
    LIST_PAYEES = "list_payees"
    PAY_RETURN = "pay_return"
    REMIT = "remit"
    REVERSE_PAYMENT = "reverse_payment"
    TAKE_STATEMENT = "take_statement"
    NOTICE_REPEAT = "notice_repeat"
    MEET = "meet"
    ENTER_ON_PAPER = "enter_on_paper"
    COMPARE_ON_PAPER = "compare_on_paper"
    ASK_CORRECTION = "ask_correction"


@dataclass(frozen=True, slots=True)
class Step:
    """`matter` is the plan's key of the matter that the step makes or works on."""

    day: date
    actor: str
    verb: Verb
    matter: str
    arguments: Mapping[str, Value] = field(default_factory=dict)


def account(login: str) -> Ref:
    return Ref(Thing.ACCOUNT, login)


def matter(key: str) -> Ref:
    return Ref(Thing.MATTER, key)


def unit(code: str) -> Ref:
    return Ref(Thing.UNIT, code)


def subject(key: str) -> Ref:
    return Ref(Thing.SUBJECT, key)
