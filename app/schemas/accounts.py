"""Accounts, roles and signing in, in and out."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from app.domain.permissions import Clearance, Permission, Role
from app.schemas.base import (
    Answered,
    Change,
    Day,
    Flag,
    OneLine,
    Secret,
    Sent,
    example,
    unchanged,
)
from app.schemas.factors import Code

Locale = Literal["zh_CN", "en"]
Login = Annotated[
    str, StringConstraints(min_length=2, max_length=64, pattern=r"^[a-z0-9][a-z0-9._-]*$")
]


class SignIn(Sent):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"login": "li.zhiqiang", "password": "the well is behind the mill"}]
        }
    )

    login: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
    password: Secret
    code: Code | None = Field(
        default=None, description="Of the second factor, if the account has one; or a recovery code"
    )


class Token(Answered):
    """Sent as `Authorization: Bearer …` until `expires_at`; renewable until `session_ends_at`."""

    token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - a scheme, not a secret
    expires_at: datetime


class SessionOpened(Token):
    """`refresh_token` gets the next token once, with another refresh token, while the session
    lives: until `session_ends_at`, and not after it lay unused for an hour or so."""

    session_ends_at: datetime
    refresh_token: str


class RefreshSent(Sent):
    model_config = example(refresh_token="q7Jv…")  # noqa: S106 - an example

    refresh_token: Secret


class PasswordConfirm(Sent):
    model_config = example(password="the well is behind the mill")  # noqa: S106 - an example

    password: Secret


class SessionRead(Answered):
    """Where the account is signed in. Unused until `ends_at`, it ends then."""

    id: UUID
    kind: Literal["browser", "program", "command"]
    opened_at: datetime
    used_at: datetime = Field(description="To the minute")
    ends_at: datetime
    current: bool


class PasswordChange(Sent):
    """At least fifteen characters, no name of one's own, and none that others try first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"old": "the well is behind the mill", "new": "a field of buckwheat"}]
        }
    )

    old: Secret
    new: Secret


class PasswordLinkRedeem(Sent):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"token": "Zk3v…", "password": "the ford below the bridge"}]
        }
    )

    token: Secret
    password: Secret


class PasswordLink(Answered):
    """Shown once. Whoever opens `path` sets the password."""

    token: str
    path: str
    expires_at: datetime


class AccountCreate(Sent):
    """An account without a role or a password: grant one, and make a password link."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"login": "li.zhiqiang", "name": "李志强", "locale": "zh_CN"}]
        }
    )

    login: Login
    name: OneLine
    unit_id: UUID | None = None
    clearance: Clearance = Clearance.NORMAL
    locale: Locale = "zh_CN"
    person_id: UUID | None = None


class AccountUpdate(Change):
    """A higher clearance, `"active": true` and another person wait for a second administrator
    under /accounts/change-requests; everything else is changed at once."""

    model_config = ConfigDict(
        json_schema_extra={"minProperties": 1, "examples": [{"active": False}]}
    )

    name: OneLine = unchanged(str)
    unit_id: UUID | None = None
    clearance: Clearance = unchanged(lambda: Clearance.NORMAL)
    locale: Locale = unchanged(lambda: "zh_CN")
    active: Flag = unchanged(bool, description="False ends the account's sessions")
    person_id: UUID | None = Field(default=None, description="Who they are in the register")


class MyUpdate(Sent):
    model_config = ConfigDict(json_schema_extra={"examples": [{"locale": "en"}]})

    locale: Locale


class RoleGrantCreate(Sent):
    """Held on the unit and all below it; without one, on the whole installation."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"role": "investigator", "unit_id": "01920000-0000-7000-8000-000000000001"}
            ]
        }
    )

    role: Role
    unit_id: UUID | None = None
    begins_on: Day | None = Field(default=None, description="Today if left out")
    ends_on: Day | None = Field(default=None, description="The first day without it")


class RoleRead(Answered):
    id: UUID
    role: Role
    unit_id: UUID | None
    unit_code: str | None
    unit_name: str | None
    begins_on: date
    ends_on: date | None


class RoleRequestRead(Answered):
    """A role that waits for a second administrator; `unit_name` is null where it is to be held on
    the whole installation."""

    id: UUID
    account_id: UUID
    login: str
    name: str
    role: Role
    unit_name: str | None
    begins_on: date
    ends_on: date | None
    asked_by: UUID
    asked_by_name: str
    asked_at: datetime


class ChangeRequestRead(Answered):
    """A change to an account that waits for a second administrator: `value` is the clearance's
    number, `true`, or the person's id (empty for none)."""

    id: UUID
    account_id: UUID
    login: str
    name: str
    what: Literal["clearance", "active", "person"]
    value: str
    asked_by: UUID
    asked_by_name: str
    asked_at: datetime


class AccountRead(Answered):
    id: UUID
    login: str
    name: str
    unit_id: UUID | None
    unit_code: str | None
    unit_name: str | None
    person_id: UUID | None
    clearance: Clearance
    locale: Locale
    active: bool
    version: int
    created_at: datetime
    roles: list[RoleRead]


class MeRead(AccountRead):
    permissions: list[Permission]
    today: date = Field(description="The office's day, by which work is dated and late")
    demo: bool
