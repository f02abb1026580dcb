"""For every operation, a request that succeeds: by whom, at which address, with what body.

A body is the specification's own example; an id in it stands for something of that name. Only
what can't be guessed so is said in `_PECULIAR`.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.permissions import ROLE_PERMISSIONS, Role
from app.schemas.base import AN_ID
from tests.api.contract_stage import Stage
from tests.api.contract_world import LEDGER, Place, Places, Seeds, code_now
from tests.build_papers import photo
from tests.builders import PASSWORD, World

NOBODY = ""

# Fields of bodies and queries, by the name that their values have in addresses.
ALIASES = {
    "parent_id": "unit_id",
    "to_account": "account_id",
    "holder": "account_id",
    "origin_id": "matter_id",
    "fund_item_id": "item_id",
    "under": "code",
    "unit": "code",
    "accused": "involvement_id",
    "chair_id": "account_id",
}


@dataclass(frozen=True)
class Right:
    """`who` is a login, or nobody. What isn't said is found by its name."""

    who: str | None = None
    path: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)


def peculiar(seeds: Seeds) -> Mapping[str, Right]:
    return (
        _own_account(seeds)
        | _matters(seeds)
        | _meetings(seeds)
        | _sight(seeds)
        | _money(seeds)
        | _papers(seeds)
        | _attached(seeds)
        | _on_paper(seeds)
    )


def _own_account(seeds: Seeds) -> dict[str, Right]:
    spare = {"account_id": seeds["spare"]}
    return {
        "sign_in": Right(NOBODY, body={"login": "investigator", "password": PASSWORD}),
        "change_password": Right("keeper", body={"old": PASSWORD}),
        "refresh_session": Right(NOBODY, body={"refresh_token": seeds["refresh"]}),
        "confirm_password": Right("keeper", body={"password": PASSWORD}),
        "make_key": Right("lead-manager"),
        "revoke_key": Right("keeper", {"key_id": seeds["key"]}),
        "begin_factor": Right("keeper"),
        "confirm_factor": Right("keeper", body={"code": code_now(seeds["authenticator"])}),
        "renew_recovery_codes": Right("auditor"),
        "drop_factor": Right("auditor"),
        **_passkeys(seeds),
        **_webhooks(seeds),
        "reset_factor": Right("administrator", spare),
        "require_factor": Right("administrator", body={"roles": ["secretary"]}),
        "end_session": Right("keeper", {"session_id": seeds["session"]}),
        "redeem_password_link": Right(NOBODY, body={"token": seeds["link"]}),
        "create_account": Right("administrator", body={"unit_id": seeds["district"]}),
        "read_account": Right("administrator", spare),
        "change_account": Right("administrator", spare),
        "grant_role": Right("administrator", spare),
        "confirm_role": Right("operator", {"role_request_id": seeds["role_request"]}),
        "refuse_role": Right("operator", {"role_request_id": seeds["role_request"]}),
        "confirm_change": Right("operator", {"change_request_id": seeds["change_request"]}),
        "refuse_change": Right("operator", {"change_request_id": seeds["change_request"]}),
        "end_role": Right("administrator", {**spare, "role_id": seeds["role"]}),
        "make_password_link": Right("administrator", spare),
        "create_unit": Right("administrator", body={"parent_id": seeds["district"]}),
        "read_unit_coded": Right(path={"code": "YC-T01"}),
        "create_person": Right("investigator"),
        "change_person": Right("investigator", {"person_id": seeds["person"]}),
    }


def _webhooks(seeds: Seeds) -> dict[str, Right]:
    mine, waiting = {"webhook_id": seeds["webhook"]}, {"webhook_id": seeds["waiting_webhook"]}
    return {
        "list_my_webhooks": Right("deputy"),
        "make_webhook": Right("deputy"),
        "end_my_webhook": Right("deputy", mine),
        "list_deliveries": Right("deputy", mine),
        "resend_delivery": Right("deputy", {**mine, "delivery_id": seeds["delivery"]}),
        "confirm_webhook": Right("administrator", waiting),
        "end_webhook": Right("administrator", waiting),
    }


def _passkeys(seeds: Seeds) -> dict[str, Right]:
    mine = {"passkey_id": seeds["passkey"]}
    return {
        "list_passkeys": Right("finance"),
        "begin_passkey": Right("keeper"),
        "add_passkey": Right("keeper", body={"credential": json.loads(seeds["passkey_made"])}),
        "rename_passkey": Right("finance", mine),
        "drop_passkey": Right("finance", mine),
        "ask_passkey": Right("finance"),
        "confirm_passkey": Right(
            "finance", body={"credential": json.loads(seeds["passkey_answer"])}
        ),
    }


def _matters(seeds: Seeds) -> dict[str, Right]:
    verified = {"matter_id": seeds["verified"]}
    case = {"matter_id": seeds["case"]}
    petition = {"petition_id": seeds["petition"]}
    request = {"request_id": seeds["request"]}
    return {
        "search_matters": Right("lead-manager", query={"q": "造林"}),
        "take_step": Right("lead-manager", {"matter_id": seeds["submitted"]}),
        "add_note": Right("investigator", verified),
        "hand_over": Right("investigator", verified, {"to_account": seeds["colleague"]}),
        "correct_matter": Right("investigator", verified),
        "ask_for_correction": Right(
            "investigator", verified, {"field": "title", "value": "虚报造林面积"}
        ),
        "list_fields": Right("investigator", verified),
        "read_versions": Right("investigator", {**verified, "field": "title"}),
        "add_subject": Right("investigator", verified),
        "describe_subject": Right("investigator", {**case, "involvement_id": seeds["involvement"]}),
        "record_statement": Right("investigator", case, {"involvement_id": seeds["involvement"]}),
        "answer_statement": Right("investigator", {**case, "statement_id": seeds["statement"]}),
        "finish_task": Right(
            "investigator", {"matter_id": seeds["cleared"], "task_id": seeds["task"]}
        ),
        "read_reporter": Right("intake", petition),
        "tie_reporter": Right("intake", petition, {"person_id": seeds["person"]}),
        "untie_reporter": Right("intake", petition),
        "list_reporters_to_tell": Right("intake"),
        "write_summary": Right("intake", petition),
        "check_summary": Right("petitions-head", petition),
        "log_lead": Right("investigator"),
        "list_look_alikes": Right(
            "investigator",
            query={"unit_id": seeds["village"], "what": "虚报造林面积", "name": "梁启元"},
        ),
        "propose_case": Right("investigator"),
        "read_request": Right("deputy", request),
        "sign_request": Right("deputy", request),
        "return_request": Right("deputy", request),
        "take_back_request": Right("lead-manager", request),
    }


def _meetings(seeds: Seeds) -> dict[str, Right]:
    drafted = {"meeting_id": seeds["meeting"]}
    item = {**drafted, "item_id": seeds["meeting_item"]}
    recorded = {"meeting_id": seeds["recorded_meeting"]}
    people = {"chair_id": seeds["chair"], "present": [seeds["present"], seeds["also_present"]]}
    return {
        "list_meetings": Right("lead-manager"),
        "draft_meeting": Right("lead-manager", body=people),
        "read_meeting": Right("lead-manager", drafted),
        "change_meeting": Right("lead-manager", drafted, people),
        "list_offered_requests": Right("lead-manager", drafted),
        "put_on_agenda": Right("lead-manager", drafted, {"request_id": seeds["offered"]}),
        "decide_item": Right("lead-manager", item),
        "pull_item": Right("lead-manager", item),
        "sign_minutes": Right("deputy", recorded),
        "send_minutes_back": Right("deputy", {"meeting_id": seeds["mended_meeting"]}),
        "carry_on_meeting": Right("deputy", {"meeting_id": seeds["signed_meeting"]}),
        "call_off_meeting": Right("deputy", drafted),
    }


def _sight(seeds: Seeds) -> dict[str, Right]:
    person = {"person_id": seeds["person"]}
    unsealing = {"petition_id": seeds["unsealing"]}
    stand_in = {"login": "deputy", "last_day": seeds["last_day"]}
    return {
        "let_see": Right("department-head", {"matter_id": seeds["case"]}, {"login": "inspector"}),
        "end_grant": Right("department-head", {"grant_id": seeds["grant"]}),
        "keep_off": Right("investigator-2", {"matter_id": seeds["verified"]}),
        **_walls(seeds),
        "list_releases": Right("petitions-head"),
        "list_petitions_behind": Right("investigator", {"matter_id": seeds["verified"]}),
        "list_releases_of_petition": Right("petitions-head", unsealing),
        "ask_release": Right("lead-manager", unsealing),
        "decide_release": Right(
            "petitions-head", {**unsealing, "release_id": seeds["asked_release"]}
        ),
        "read_released": Right("investigator", {"release_id": seeds["released"]}),
        "end_release": Right("investigator", {"release_id": seeds["ending_release"]}),
        "list_emergencies": Right("inspector"),
        "declare_emergency": Right("team-member", body={"number": seeds["urgent_number"]}),
        "list_emergencies_to_review": Right("lead-manager"),
        "read_in_emergency": Right("inspector", {"emergency_id": seeds["emergency"]}),
        "end_emergency": Right("inspector", {"emergency_id": seeds["ending_emergency"]}),
        "list_emergencies_on_matter": Right("lead-manager", {"matter_id": seeds["urgent"]}),
        "review_emergency": Right(
            "lead-manager",
            {"matter_id": seeds["urgent"], "emergency_id": seeds["waiting_emergency"]},
        ),
        "assign_matters": Right(
            "lead-manager", body={"items": [{"matter_id": seeds["submitted"]}]}
        ),
        "read_assignment": Right("lead-manager", {"assignment_id": seeds["assignment"]}),
        "list_views": Right("deputy"),
        "list_watches": Right("deputy"),
        "begin_watch": Right("deputy"),
        "mark_watch_seen": Right("deputy", {"watch_id": seeds["view_watch"]}),
        "end_watch": Right("deputy", {"watch_id": seeds["watch"]}),
        "list_left_over": Right("lead-manager"),
        "list_holdings": Right("lead-manager", {"account_id": seeds["handler"]}),
        "pass_on_holdings": Right(
            "lead-manager",
            {"account_id": seeds["handler"]},
            {"items": [seeds["verified"]], "to_account": seeds["colleague"]},
        ),
        "hand_left_over": Right(
            "lead-manager",
            body={
                "items": [{"matter_id": seeds["left"], "account_id": seeds["leaver"]}],
                "to_account": seeds["colleague"],
            },
        ),
        "declare_relative": Right("investigator", person, {"relative_id": seeds["stranger"]}),
        "end_relative": Right("investigator", {**person, "relative_id": seeds["kin"]}),
        "open_file": Right("lead-manager", person),
        "read_person": Right("investigator", person),
        "list_relatives": Right("investigator", person),
        "list_former_posts": Right("investigator", person),
        "add_former_post": Right("investigator", person, {"unit_id": seeds["district"]}),
        "withdraw_former_post": Right("investigator", {**person, "post_id": seeds["post"]}),
        "delegate_roles": Right("lead-manager", body=stand_in),
        "end_delegation": Right("chief", {"delegation_id": seeds["delegation"]}),
    }


def _walls(seeds: Seeds) -> dict[str, Right]:
    return {
        "list_links_to_decide": Right("lead-manager"),
        "decide_link": Right(
            "lead-manager",
            {"matter_id": seeds["linked"]},
            {"account_id": seeds["accused"], "linked_id": seeds["report"]},
        ),
        "list_namesakes": Right("lead-manager", {"matter_id": seeds["named"]}),
        "answer_namesake": Right(
            "lead-manager",
            {"matter_id": seeds["named"]},
            {"involvement_id": seeds["involved"], "account_id": seeds["namesake"]},
        ),
        "list_walls": Right("department-head", {"matter_id": seeds["linked"]}),
        "lift_wall": Right(
            "department-head", {"matter_id": seeds["linked"], "account_id": seeds["walled"]}
        ),
    }


def _money(seeds: Seeds) -> dict[str, Right]:
    decided, settling = {"item_id": seeds["decided"]}, {"item_id": seeds["settling"]}
    payee = {"name": "钱大爷", "amount": "9.90"}
    payment = {"payee_id": seeds["payee"], "amount": "16800.00", "signed": "fingerprint"}
    return {
        "create_fund_item": Right("investigator", body={"origin_id": seeds["money_lead"]}),
        "read_fund_item": Right("finance", settling),
        "read_entries": Right("investigator", {"matter_id": seeds["money_lead"]}),
        "record_receipt": Right("investigator", {"item_id": seeds["controlled"]}),
        "list_payees": Right("finance", decided, {"payees": [payee]}),
        "unlist_payee": Right("finance", {**decided, "payee_id": seeds["unlisted"]}),
        "pay_returns": Right("finance", settling, {"payments": [payment]}),
        "remit_money": Right("finance", settling, {"amount": "12.50"}),
        "reverse_entry": Right("keeper", {"entry_id": seeds["paid"]}),
        "sign_for_return": Right("finance", {"entry_id": seeds["paid"]}),
        "assign_bank_line": Right(
            "finance", {"line_id": seeds["line"]}, {"fund_item_id": seeds["controlled"]}
        ),
    }


def _attached(seeds: Seeds) -> dict[str, Right]:
    lead = {"matter_id": seeds["verified"]}
    paper = {**lead, "paper_id": seeds["paper"]}
    release = {"release_id": seeds["released"]}
    scan = {**release, "paper_id": seeds["scan"]}
    return {
        "list_papers": Right("investigator", lead),
        "attach_paper": Right("investigator", lead, {"file": photo()}),
        "read_paper": Right("investigator", paper),
        "download_paper": Right("investigator", paper),
        "mark_paper": Right("investigator", paper),
        "decide_paper": Right("investigator-2", {**lead, "paper_id": seeds["marked_paper"]}),
        "list_released_papers": Right("investigator", release),
        "download_released_paper": Right("investigator", scan),
    }


def _on_paper(seeds: Seeds) -> dict[str, Right]:
    request = {"request_id": seeds["unentered_request"]}
    entry = {
        "signer_id": seeds["chief"],
        "paper_id": seeds["scan_of_signature"],
        "signed_on": seeds["signed_on_paper"],
    }

    def of(name: str) -> dict[str, str]:
        return {"signature_id": seeds[name]}

    return {
        "list_paper_signatures": Right("lead-manager"),
        "list_paper_signatures_of_request": Right("lead-manager", request),
        "enter_paper_signature": Right("department-head", request, entry),
        "read_paper_signature": Right("lead-manager", of("entered")),
        "withdraw_paper_signature": Right("department-head", of("entered_too")),
        "compare_paper_signature": Right("lead-manager", of("entered")),
        "answer_paper_signature": Right("chief", of("untold")),
        "decide_paper_signature": Right("deputy", of("objected")),
    }


def _papers(seeds: Seeds) -> dict[str, Right]:
    batch = {"batch_id": seeds["batch"]}
    mine = Right("lead-manager", batch)
    return {
        "read_matters_behind": Right("chief", {"key": "outstanding"}),
        "read_entries_behind": Right("chief", {"key": "recovered_yuan"}),
        "download_export": Right("chief", {"what": "totals", "format": "csv"}),
        "order_export": Right("chief"),
        "upload_ledger": Right("lead-manager", body={"file": LEDGER.encode()}),
        "read_import": mine,
        "discard_import": mine,
        "choose_import_map": Right("lead-manager", batch, {"map": {"线索编号": "number"}}),
        "commit_import": mine,
        "list_import_rows": mine,
        "download_rejects": mine,
    }


@dataclass(frozen=True)
class Guesser:
    """Finds something of a name: what the caller sees, where there is any."""

    places: Places
    chance: random.Random

    def place(self, login: str, names: tuple[str, ...]) -> Place:
        found = self.places.of(login, " ".join(names))
        if found:
            return self.chance.choice(found)
        return {name: value for name in names if (value := self.value(login, name)) is not None}

    def value(self, login: str, field_name: str) -> str | None:
        name = ALIASES.get(field_name, field_name)
        found = self.places.of(login, name)
        return self.chance.choice(found)[name] if found else None

    def filled(self, login: str, content: Any, *, only: str | None = None) -> Any:
        """The same with ids that mean something; with `only`, in that id's place alone."""
        if isinstance(content, dict):
            return {key: self._meant(login, key, value, only) for key, value in content.items()}
        if isinstance(content, list):
            return [self.filled(login, each, only=only) for each in content]
        return content

    def _meant(self, login: str, key: str, value: Any, only: str | None) -> Any:
        if isinstance(value, str) and (only is None or value == only):
            return self.value(login, key) or value
        return self.filled(login, value, only=only)


@dataclass(frozen=True)
class Operation:
    """One operation, as the specification describes it."""

    name: str
    method: str
    path: str
    described: Mapping[str, Any]
    components: Mapping[str, Any]

    def parameters(self, where: str) -> list[Mapping[str, Any]]:
        return [each for each in self.described.get("parameters", ()) if each["in"] == where]

    @property
    def media(self) -> str | None:
        return next(iter(self.described.get("requestBody", {}).get("content", {})), None)

    @property
    def body(self) -> Mapping[str, Any]:
        """The schema of the body; empty where none is taken."""
        if self.media is None:
            return {}
        return self.resolved(self.described["requestBody"]["content"][self.media]["schema"])

    @property
    def example(self) -> dict[str, Any]:
        content = self.described["requestBody"]["content"][self.media]
        found = content["example"] if "example" in content else self.body["examples"][0]
        return dict(copy.deepcopy(found))

    def resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in schema:
            schema = self.components["schemas"][schema["$ref"].rpartition("/")[2]]
        return schema

    @property
    def permitted(self) -> list[Role]:
        """Who may call it, by what it asks for."""
        asked = set(self.described.get("x-permissions", ["self"]))
        return [role for role, held in ROLE_PERMISSIONS.items() if "self" in asked or held & asked]


def operations(specification: Mapping[str, Any]) -> dict[str, Operation]:
    return {
        described["operationId"]: Operation(
            described["operationId"], method, path, described, specification["components"]
        )
        for path, methods in specification["paths"].items()
        for method, described in methods.items()
    }


@dataclass
class Request:
    """A call, ready to be sent or to be spoilt."""

    login: str
    path: dict[str, str]
    query: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None

    def address(self, stage: Stage, operation: Operation) -> str:
        return stage.address + operation.path.format(**self.path)


class Requests:
    """Requests that succeed, made from the specification's examples and from what is there."""

    def __init__(
        self, operation: Operation, seeds: Seeds, places: Places, chance: random.Random
    ) -> None:
        self.operation = operation
        self.right = peculiar(seeds).get(operation.name, Right())
        self.guesser = Guesser(places, chance)
        self._chance = chance

    def logins(self, world: World) -> list[str]:
        """Who may well succeed."""
        if self.right.who is not None:
            return [self.right.who]
        return [world.holder(role).login for role in self.operation.permitted]

    def place(self, login: str) -> dict[str, str]:
        names = tuple(each["name"] for each in self.operation.parameters("path"))
        return dict(self.right.path or self.guesser.place(login, names))

    def body(self, login: str) -> dict[str, Any]:
        example = self.guesser.filled(login, self.operation.example, only=AN_ID)
        return {**example, **self.right.body}

    def make(self, stage: Stage, login: str) -> Request:
        made = Request(login, self.place(login))
        for each in self.operation.parameters("query"):
            if each.get("required"):
                made.query[each["name"]] = self.guesser.value(login, each["name"]) or "造林面积"
        made.query |= self.right.query
        if self.operation.media is not None:
            made.body = self.body(login)
        for each in self.operation.parameters("header"):
            if each["name"] == "If-Match":
                made.headers["If-Match"] = f'"{self.version(stage, made)}"'
            elif each["name"] == "Idempotency-Key":
                made.headers["Idempotency-Key"] = f"key-{self._chance.getrandbits(64):x}"
        return made

    def version(self, stage: Stage, request: Request) -> int:
        named = dict(request.path)
        if isinstance(request.body, dict) and "fund_item_id" in request.body:
            named["fund_item_id"] = request.body["fund_item_id"]
        return stage.version(request.login, named)
