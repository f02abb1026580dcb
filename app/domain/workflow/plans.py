"""What the engine answers: a plan of what is to be written, which the service carries out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import JsonValue

from app.domain.deadlines import Due
from app.domain.errors import Reason
from app.domain.kinds import Stage
from app.domain.profile.fields import FormField, Text
from app.domain.workflow.chains import Act, SignStep


class Effect(StrEnum):
    """What a step does besides changing the state; the step's form holds the particulars."""

    ASSIGN = "assign"  # `department`, where given, becomes the one that handles it
    UNASSIGN = "unassign"  # no department handles it any more
    TAKE_ON = "take_on"  # the actor becomes the lead handler
    NAME_HANDLER = "name_handler"  # `handler`, where given, becomes the lead handler of the team
    SET_TEAM = "set_team"  # `team` joins as members
    REPLACE_HANDLER = "replace_handler"  # `recused` leaves, `handler` takes over
    SET_METHOD = "set_method"  # the lead's disposal is `Move.method`, decided today
    RECORD_OUTCOMES = "record_outcomes"  # `outcomes`, one per subject
    RECORD_DECISION = "record_decision"  # the committee's sitting: `sitting`, with its `body`
    OPEN_CASE = "open_case"  # a case in its filed state with the same signatures
    OPEN_TO_ADJUDICATION = "open_to_adjudication"
    TAKE_EFFECT = "take_effect"  # from here on it is no longer alleged
    STATE_REVIEW = "state_review"  # `reviews`: which are open; `review_where`, `review_until`
    ERASE_CONTENT = "erase_content"  # what was typed of a sealed report goes
    BLIND_COUNT = "blind_count"
    LINK_REPEAT = "link_repeat"  # `repeat_of` is the earlier petition
    MERGE = "merge"  # into `survivor`; the earliest date survives
    UNMERGE = "unmerge"  # the link ends, and the limits that the merge stopped run again
    SPLIT = "split"  # `children`: title and subjects of each; they inherit the dates
    EXTEND_CLOCK = "extend_clock"  # `Move.extension`
    PAUSE_CLOCKS = "pause_clocks"
    RESUME_CLOCKS = "resume_clocks"
    NEW_EPISODE = "new_episode"
    RECORD_STATEMENT = "record_statement"
    SET_PAYEES_FINAL = "set_payees_final"
    SET_SPLITS = "set_splits"  # `splits`: parts of the amount by destination
    SET_MEASURE = "set_measure"  # `measure` by which the item is held
    SET_CLASS = "set_class"  # `class`, `channel`, `named` of a petition
    SET_REFERRED = "set_referred"  # `receiver`
    TAKEN_IN = "taken_in"  # whoever asked took it in
    KEPT = "kept"  # the signer keeps it
    DECIDED = "decided"  # the signer decided on it
    PAID = "paid"  # whoever asked paid it out
    SET_PROSECUTION = "set_prosecution"  # `prosecution`, where given
    SET_FILED = "set_filed"  # a case without a lead: `organ`, filed today


@dataclass(frozen=True, kw_only=True)
class SignatureMade:
    """The actor's hand under the open request, to be written. `study_item` is what a meeting
    decided, where its chair signs."""

    position: int
    act: Act
    code: str
    role: str
    verdict: Literal["sign", "return"]
    reason: str | None
    study_item: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class ClockStarted:
    rule: str
    due: Due


@dataclass(frozen=True, kw_only=True)
class ClockExtended:
    """A running limit's new due date. `by` is all that it was ever extended by, in its unit."""

    rule: str
    due: Due
    by: int
    extensions: int


@dataclass(frozen=True, kw_only=True)
class ClockResumed:
    """A limit that runs on, with its new due date. `paused_days` are all that it stood still."""

    rule: str
    due: Due
    paused_days: int


@dataclass(frozen=True, kw_only=True)
class TaskOwed:
    kind: str
    involvement_id: UUID | None
    due_on: date | None


@dataclass(frozen=True, kw_only=True)
class Request:
    """Ask for signatures: nothing moves until the last of them."""

    event: str
    label: Text
    from_state: str
    to_state: str
    form: Mapping[str, JsonValue]
    reason: str | None
    chain: tuple[SignStep, ...]


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A signature that is not the last: the request waits for the next.

    `sitting` is the committee's, where this signature records one.
    """

    signature: SignatureMade
    next_step: SignStep
    sitting: Mapping[str, JsonValue] | None = None


@dataclass(frozen=True, kw_only=True)
class Move:
    """A step that happens. `changes` is what `advance` takes beside state and stage.

    `clocks_stopped` names rules; None stands for every clock; they stop before others start.
    `request_ends` says how the open request ends, if one does. `form` holds what the requester
    and the last signer filled in; its `outcomes` are complete, `sitting` is the committee's.
    """

    event: str
    label: Text
    from_state: str
    to_state: str
    to_stage: Stage
    terminal: bool
    form: Mapping[str, JsonValue]
    reason: str | None
    changes: Mapping[str, JsonValue]
    clocks_started: tuple[ClockStarted, ...] = ()
    clocks_stopped: tuple[str, ...] | None = ()
    clocks_paused: tuple[str, ...] = ()
    clocks_resumed: tuple[ClockResumed, ...] = ()
    extension: ClockExtended | None = None
    tasks: tuple[TaskOwed, ...] = ()
    effects: tuple[Effect, ...] = ()
    method: str | None = None
    record: Text | None = None
    signature: SignatureMade | None = None
    request_ends: Literal["approved", "returned", "taken_back"] | None = None


@dataclass(frozen=True, kw_only=True)
class Corrected:
    """The last signature under a request to correct something: `form` says what."""

    signature: SignatureMade
    form: Mapping[str, object]
    reason: str | None


Plan = Request | Signed | Move | Corrected


@dataclass(frozen=True, kw_only=True)
class Action:
    """A step that the actor could take from here: now, or once the reasons are met."""

    event: str
    label: Text
    to_state: str
    allowed: bool
    reasons: tuple[Reason, ...] = ()
    fields: tuple[FormField, ...] = ()
    chain: tuple[SignStep, ...] = ()
    alone: bool = False
    sign_fields: tuple[FormField, ...] = ()
    touches: tuple[str, ...] = ()
    on_request: bool = False
