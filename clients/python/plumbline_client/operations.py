"""Written from the specification by `make client`: change that, not this."""

from __future__ import annotations

from typing import Any, Literal

from plumbline_client import types as t
from plumbline_client.answers import Answer, Caller


class Operations(Caller):
    """Each operation by its name."""

    def add_former_post(
        self, person_id: str, body: t.FormerPostCreate, *, key: str | None = None
    ) -> Answer[t.FormerPostReadListing]:
        """Where somebody worked before: a unit, or a place outside the tree."""
        return self.call(
            "POST",
            f"/api/v1/people/{self.part(person_id)}/posts",
            body=body,
            headers={"Idempotency-Key": key},
        )

    def add_note(
        self,
        matter_id: str,
        body: t.NoteCreate,
        *,
        key: str | None = None,
        prefer: str | None = None,
    ) -> Answer[t.MatterRead]:
        """Stands with its writer and its day; nothing depends on it."""
        return self.call(
            "POST",
            f"/api/v1/matters/{self.part(matter_id)}/notes",
            body=body,
            headers={"Idempotency-Key": key, "Prefer": prefer},
        )

    def add_passkey(self, body: t.PasskeyCreate) -> Answer[t.PasskeyAdded]:
        """What the authenticator answered. Not repeatable: its challenge is gone. Needs fresh
        authentication; as the first second factor it ends my other sessions."""
        return self.call("POST", "/api/v1/me/passkeys", body=body)

    def add_subject(
        self,
        matter_id: str,
        body: t.SubjectCreate,
        *,
        if_match: str,
        key: str | None = None,
        prefer: str | None = None,
    ) -> Answer[t.MatterRead]:
        """Somebody else whom the matter is about."""
        return self.call(
            "POST",
            f"/api/v1/matters/{self.part(matter_id)}/people",
            body=body,
            headers={"If-Match": if_match, "Idempotency-Key": key, "Prefer": prefer},
        )

    def answer_namesake(
        self, matter_id: str, body: t.NamesakeAnswer, *, if_match: str
    ) -> Answer[None]:
        """Say whether somebody on the matter is the colleague of that name, who is then walled
        off."""
        return self.call(
            "POST",
            f"/api/v1/matters/{self.part(matter_id)}/namesakes/answer",
            body=body,
            headers={"If-Match": if_match},
        )

    def answer_paper_signature(
        self, signature_id: str, body: t.PaperSignatureAnswer
    ) -> Answer[None]:
        """The signer says that it is theirs, or objects."""
        return self.call(
            "POST", f"/api/v1/paper-signatures/{self.part(signature_id)}/answer", body=body
        )

    def answer_statement(
        self,
        matter_id: str,
        statement_id: str,
        body: t.StatementAnswer,
        *,
        if_match: str,
        prefer: str | None = None,
    ) -> Answer[t.MatterRead]:
        """What the handlers found about what the person said."""
        return self.call(
            "POST",
            f"/api/v1/matters/{self.part(matter_id)}/statements/{self.part(statement_id)}/answer",
            body=body,
            headers={"If-Match": if_match, "Prefer": prefer},
        )

    def ask_for_correction(
        self,
        matter_id: str,
        body: t.Correct,
        *,
        if_match: str,
        key: str | None = None,
        prefer: str | None = None,
    ) -> Answer[t.Acted]:
        """Ask those whose signatures rest on a field to agree to its correction."""
        return self.call(
            "POST",
            f"/api/v1/matters/{self.part(matter_id)}/correction-requests",
            body=body,
            headers={"If-Match": if_match, "Idempotency-Key": key, "Prefer": prefer},
        )

    def ask_passkey(self) -> Answer[t.PasskeyOptions]:
        """What the browser is to ask, in place of the password. Good for five minutes, once."""
        return self.call("POST", "/api/v1/sessions/current/confirm-passkey/options")

    def ask_release(
        self, petition_id: str, body: t.ReleaseAsk, *, key: str | None = None
    ) -> Answer[t.ReleaseReadListing]:
        """Ask for what is sealed, with a reason. The head of petitions or the chief decides."""
        return self.call(
            "POST",
            f"/api/v1/petitions/{self.part(petition_id)}/releases",
            body=body,
            headers={"Idempotency-Key": key},
        )

    def assign_bank_line(
        self,
        line_id: str,
        body: t.AssignmentCreate,
        *,
        if_match: str,
        key: str | None = None,
        prefer: str | None = None,
    ) -> Answer[t.PostedRead]:
        """Give a bank line to the fund item that it is for; If-Match holds that item's version."""
        return self.call(
            "POST",
            f"/api/v1/bank-lines/{self.part(line_id)}/assignment",
            body=body,
            headers={"Idempotency-Key": key, "If-Match": if_match, "Prefer": prefer},
        )

    def assign_matters(self, body: t.Assign, *, key: str | None = None) -> Answer[t.AssignmentRead]:
        """Assign up to two hundred, each on its own: some may be refused while others are done.
        Nothing is signed: what takes signatures is asked for."""
        return self.call("POST", "/api/v1/assignments", body=body, headers={"Idempotency-Key": key})

    def attach_paper(
        self,
        matter_id: str,
        body: dict[str, Any],
        *,
        key: str | None = None,
        prefer: str | None = None,
    ) -> Answer[t.PaperRead]:
        """Attach a paper to a matter that one works on. It is never deleted."""
        return self.call(
            "POST",
            f"/api/v1/matters/{self.part(matter_id)}/papers",
            files=body,
            headers={"Idempotency-Key": key, "Prefer": prefer},
        )

    def begin_factor(self) -> Answer[t.FactorBegun]:
        """A new secret for an authenticator. Needs fresh authentication."""
        return self.call("POST", "/api/v1/me/second-factor")

    def begin_passkey(self) -> Answer[t.PasskeyOptions]:
        """What the browser is to ask of an authenticator. Good for five minutes, once. Needs
        fresh authentication."""
        return self.call("POST", "/api/v1/me/passkeys/options")

    def begin_watch(self, body: t.Watch, *, key: str | None = None) -> Answer[t.WatchReadListing]:
        """Watch a matter, or a view, from now on; what is watched already stays so."""
        return self.call("POST", "/api/v1/me/watches", body=body, headers={"Idempotency-Key": key})

    def call_off_meeting(
        self, meeting_id: str, body: t.MeetingReason, *, if_match: str, prefer: str | None = None
    ) -> Answer[t.MeetingRead]:
        """It decides nothing, and its matters are free again: by recorder or chair."""
        return self.call(
            "POST",
            f"/api/v1/meetings/{self.part(meeting_id)}/call-off",
            body=body,
            headers={"If-Match": if_match, "Prefer": prefer},
        )

    def carry_on_meeting(
        self, meeting_id: str, *, prefer: str | None = None
    ) -> Answer[t.MeetingRead]:
        """Sign the matters that are left, where it was interrupted after the chair had signed."""
        return self.call(
            "POST", f"/api/v1/meetings/{self.part(meeting_id)}/carry-on", headers={"Prefer": prefer}
        )

    def change_account(
        self, account_id: str, body: t.AccountUpdate, *, if_match: str, prefer: str | None = None
    ) -> Answer[t.AccountRead]:
        """`'active': false` ends the account's sessions at once. It never disappears. What widens
        sight waits for a second administrator, and is answered as it still is."""
        return self.call(
            "PATCH",
            f"/api/v1/accounts/{self.part(account_id)}",
            body=body,
            headers={"If-Match": if_match, "Prefer": prefer},
        )

    def change_me(
        self, body: t.MyUpdate, *, if_match: str, prefer: str | None = None
    ) -> Answer[t.MeRead]:
        """The language that the system speaks to me."""
        return self.call(
            "PATCH", "/api/v1/me", body=body, headers={"If-Match": if_match, "Prefer": prefer}
        )

    def change_meeting(
        self, meeting_id: str, body: t.MeetingDraft, *, if_match: str, prefer: str | None = None
    ) -> Answer[t.MeetingRead]:
        """Another day, other people: by its recorder, before they sign."""
        return self.call(
            "PUT",
            f"/api/v1/meetings/{self.part(meeting_id)}",
            body=body,
            headers={"If-Match": if_match, "Prefer": prefer},
        )

    def change_organisation(
        self,
        organisation_id: str,
        body: t.OrganisationUpdate,
        *,
        if_match: str,
        prefer: str | None = None,
    ) -> Answer[t.OrganisationRead]:
        """What isn't sent stays; null makes it unknown."""
        return self.call(
            "PATCH",
            f"/api/v1/organisations/{self.part(organisation_id)}",
            body=body,
            headers={"If-Match": if_match, "Prefer": prefer},
        )

    def change_password(self, body: t.PasswordChange) -> Answer[None]:
        """Ends my other sessions."""
        return self.call("POST", "/api/v1/me/password", body=body)

    def change_person(
        self, person_id: str, body: t.PersonUpdate, *, if_match: str, prefer: str | None = None
    ) -> Answer[t.PersonRead]:
        """What isn't sent stays; null makes it unknown."""
        return self.call(
            "PATCH",
            f"/api/v1/people/{self.part(person_id)}",
            body=body,
            headers={"If-Match": if_match, "Prefer": prefer},
        )

    def check_summary(
        self, petition_id: str, *, if_match: str, prefer: str | None = None
    ) -> Answer[t.MatterRead]:
        """A second person confirms that the summary points to nobody."""
        return self.call(
            "POST",
            f"/api/v1/petitions/{self.part(petition_id)}/summary/check",
            headers={"If-Match": if_match, "Prefer": prefer},
        )

    def choose_import_map(
        self, batch_id: str, body: t.MapChosen, *, if_match: str, prefer: str | None = None
    ) -> Answer[t.ImportRead]:
        """Say what columns are; the file is tried again."""
        return self.call(
            "PUT",
            f"/api/v1/imports/{self.part(batch_id)}/map",
            body=body,
            headers={"If-Match": if_match, "Prefer": prefer},
        )

    def commit_import(
        self, batch_id: str, body: t.CommitAsked, *, if_match: str, prefer: str | None = None
    ) -> Answer[t.ImportRead]:
        """Take the file: everything that can land, or nothing. Rejected rows stay out."""
        return self.call(
            "POST",
            f"/api/v1/imports/{self.part(batch_id)}/commit",
            body=body,
            headers={"If-Match": if_match, "Prefer": prefer},
        )

    def compare_paper_signature(
        self, signature_id: str, body: t.PaperSignatureCompare
    ) -> Answer[None]:
        """It matches its scan, and from now on the signature stands; or it doesn't, with what."""
        return self.call(
            "POST", f"/api/v1/paper-signatures/{self.part(signature_id)}/compare", body=body
        )

    def confirm_change(
        self, change_request_id: str, *, prefer: str | None = None
    ) -> Answer[t.AccountRead]:
        """Makes a change that another administrator asked for. Needs fresh authentication."""
        return self.call(
            "POST",
            f"/api/v1/accounts/change-requests/{self.part(change_request_id)}/confirm",
            headers={"Prefer": prefer},
        )

    def confirm_factor(self, body: t.CodeSent) -> Answer[t.RecoveryCodes]:
        """Asked for from now on. Ends my other sessions."""
        return self.call("POST", "/api/v1/me/second-factor/confirm", body=body)

    def confirm_passkey(self, body: t.PasskeyConfirm) -> Answer[t.Token]:
        """For what touches money, names or rights: a passkey whose authenticator asked who holds
        it, and a new token. The old one opens nothing any more."""
        return self.call("POST", "/api/v1/sessions/current/confirm-passkey", body=body)

    def confirm_password(self, body: t.PasswordConfirm) -> Answer[t.Token]:
        """For what touches money, names or rights: the password again, and a new token. The old
        one opens nothing any more."""
        return self.call("POST", "/api/v1/sessions/current/confirm", body=body)

    def confirm_role(
        self, role_request_id: str, *, prefer: str | None = None
    ) -> Answer[t.AccountRead]:
        """Gives a role that another administrator asked for. Needs fresh authentication."""
        return self.call(
            "POST",
            f"/api/v1/accounts/role-requests/{self.part(role_request_id)}/confirm",
            headers={"Prefer": prefer},
        )

    def confirm_webhook(self, webhook_id: str) -> Answer[None]:
        """Let it send. Needs fresh authentication, and another person than its subscriber."""
        return self.call("POST", f"/api/v1/webhooks/{self.part(webhook_id)}/confirm")

    def correct_matter(
        self,
        matter_id: str,
        body: t.Correct,
        *,
        if_match: str,
        key: str | None = None,
        prefer: str | None = None,
    ) -> Answer[t.MatterRead]:
        """Correct a field that no signature rests on; both versions stay visible."""
        return self.call(
            "POST",
            f"/api/v1/matters/{self.part(matter_id)}/corrections",
            body=body,
            headers={"If-Match": if_match, "Idempotency-Key": key, "Prefer": prefer},
        )

    def create_account(
        self, body: t.AccountCreate, *, key: str | None = None, prefer: str | None = None
    ) -> Answer[t.AccountRead]:
        """Without a role or a password: grant a role, and make a password link."""
        return self.call(
            "POST",
            "/api/v1/accounts",
            body=body,
            headers={"Idempotency-Key": key, "Prefer": prefer},
        )

    def create_fund_item(
        self, body: t.FundItemCreate, *, key: str | None = None, prefer: str | None = None
    ) -> Answer[t.FundItemRead]:
        """A card for something that a lead or case takes in."""
        return self.call(
            "POST",
            "/api/v1/fund-items",
            body=body,
            headers={"Idempotency-Key": key, "Prefer": prefer},
        )

    def create_organisation(
        self, body: t.OrganisationCreate, *, key: str | None = None, prefer: str | None = None
    ) -> Answer[t.OrganisationRead]:
        """An organisation that matters can be about."""
        return self.call(
            "POST",
            "/api/v1/organisations",
            body=body,
            headers={"Idempotency-Key": key, "Prefer": prefer},
        )

    def create_person(
        self, body: t.PersonCreate, *, key: str | None = None, prefer: str | None = None
    ) -> Answer[t.PersonRead]:
        """Without an identity number, known by name and unit only."""
        return self.call(
            "POST", "/api/v1/people", body=body, headers={"Idempotency-Key": key, "Prefer": prefer}
        )

    def create_unit(
        self, body: t.UnitCreate, *, key: str | None = None, prefer: str | None = None
    ) -> Answer[t.UnitRead]:
        """A unit below its parent; a code is given once."""
        return self.call(
            "POST", "/api/v1/units", body=body, headers={"Idempotency-Key": key, "Prefer": prefer}
        )

    def decide_item(
        self,
        meeting_id: str,
        item_id: str,
        body: t.MeetingDecision,
        *,
        if_match: str,
        prefer: str | None = None,
    ) -> Answer[t.MeetingRead]:
        """Record what the meeting decided on one matter, why, and who left for it."""
        return self.call(
            "POST",
            f"/api/v1/meetings/{self.part(meeting_id)}/items/{self.part(item_id)}/decide",
            body=body,
            headers={"If-Match": if_match, "Prefer": prefer},
        )

    def decide_link(self, matter_id: str, body: t.LinkDecide, *, if_match: str) -> Answer[None]:
        """Decide whether a handler keeps off the matter because a linked one names them."""
        return self.call(
            "POST",
            f"/api/v1/matters/{self.part(matter_id)}/links/decide",
            body=body,
            headers={"If-Match": if_match},
        )

    def decide_paper(
        self, matter_id: str, paper_id: str, body: t.PaperDecide, *, if_match: str
    ) -> Answer[t.PaperRead]:
        """Confirm that it was a mistake, which takes another hand, or leave it as it was."""
        return self.call(
            "POST",
            f"/api/v1/matters/{self.part(matter_id)}/papers/{self.part(paper_id)}/mistake/decide",
            body=body,
            headers={"If-Match": if_match},
        )

    def decide_paper_signature(
        self, signature_id: str, body: t.PaperSignatureDecide
    ) -> Answer[None]:
        """On an objection. What is set aside takes its step back, or returns its request."""
        return self.call(
            "POST", f"/api/v1/paper-signatures/{self.part(signature_id)}/decide", body=body
        )

    def decide_release(
        self, petition_id: str, release_id: str, body: t.ReleaseDecide, *, if_match: str
    ) -> Answer[None]:
        """Release it for three working days, or refuse it."""
        return self.call(
            "POST",
            f"/api/v1/petitions/{self.part(petition_id)}/releases/{self.part(release_id)}/decide",
            body=body,
            headers={"If-Match": if_match},
        )

    def declare_emergency(
        self, body: t.EmergencyDeclare, *, key: str | None = None
    ) -> Answer[t.EmergencyReadListing]:
        """Open a matter that can't wait, to be read for some hours. Whoever heads it is told."""
        return self.call("POST", "/api/v1/emergencies", body=body, headers={"Idempotency-Key": key})

    def declare_relative(
        self, person_id: str, body: t.RelativeDeclare, *, key: str | None = None
    ) -> Answer[t.RelativeReadListing]:
        """Two persons of the register are near relatives."""
        return self.call(
            "POST",
            f"/api/v1/people/{self.part(person_id)}/relatives",
            body=body,
            headers={"Idempotency-Key": key},
        )

    def delegate_roles(
        self, body: t.Delegate, *, key: str | None = None
    ) -> Answer[t.DelegationReadListing]:
        """Let a colleague hold what I hold, between two days."""
        return self.call(
            "POST", "/api/v1/me/delegations", body=body, headers={"Idempotency-Key": key}
        )

    def describe_subject(
        self,
        matter_id: str,
        involvement_id: str,
        body: t.SubjectDescribe,
        *,
        if_match: str,
        prefer: str | None = None,
    ) -> Answer[t.MatterRead]:
        """What the register of cases asks of a person. What isn't sent stays."""
        return self.call(
            "PATCH",
            f"/api/v1/matters/{self.part(matter_id)}/people/{self.part(involvement_id)}",
            body=body,
            headers={"If-Match": if_match, "Prefer": prefer},
        )

    def discard_import(self, batch_id: str, *, if_match: str) -> Answer[None]:
        """Forget a file that won't be imported."""
        return self.call(
            "DELETE", f"/api/v1/imports/{self.part(batch_id)}", headers={"If-Match": if_match}
        )

    def download_export(
        self,
        what: str,
        format: str,
        *,
        key: str | None = None,
        as_of: str | None = None,
        known_on: str | None = None,
        unit: str | None = None,
        alone: bool | None = None,
        campaign_id: str | None = None,
        source: str | None = None,
        leader: str | None = None,
        since: str | None = None,
        until: str | None = None,
        stage: t.Standing | None = None,
        method: str | None = None,
        outcome: str | None = None,
    ) -> Answer[dict[str, Any]]:
        """A file with names and identity numbers masked. Each download is recorded."""
        return self.call(
            "GET",
            f"/api/v1/exports/{self.part(what)}.{self.part(format)}",
            query={
                "key": key,
                "as_of": as_of,
                "known_on": known_on,
                "unit": unit,
                "alone": alone,
                "campaign_id": campaign_id,
                "source": source,
                "leader": leader,
                "since": since,
                "until": until,
                "stage": stage,
                "method": method,
                "outcome": outcome,
            },
        )

    def download_paper(self, matter_id: str, paper_id: str) -> Answer[bytes]:
        """The paper itself. Each download is recorded."""
        return self.call(
            "GET", f"/api/v1/matters/{self.part(matter_id)}/papers/{self.part(paper_id)}/content"
        )

    def download_rejects(self, batch_id: str) -> Answer[bytes]:
        """Only while the file is kept. Who reported is in it only for intake."""
        return self.call("GET", f"/api/v1/imports/{self.part(batch_id)}/rejects")

    def download_released_paper(self, release_id: str, paper_id: str) -> Answer[bytes]:
        """A scan of the original. Each download is recorded, as a reading of the release."""
        return self.call(
            "GET", f"/api/v1/releases/{self.part(release_id)}/papers/{self.part(paper_id)}/content"
        )

    def draft_meeting(
        self, body: t.MeetingDraft, *, key: str | None = None, prefer: str | None = None
    ) -> Answer[t.MeetingRead]:
        """Draw a meeting up that the caller records and somebody else chairs."""
        return self.call(
            "POST",
            "/api/v1/meetings",
            body=body,
            headers={"Idempotency-Key": key, "Prefer": prefer},
        )

    def drop_factor(self) -> Answer[None]:
        """My own. Needs fresh authentication."""
        return self.call("DELETE", "/api/v1/me/second-factor")

    def drop_passkey(self, passkey_id: str) -> Answer[None]:
        """My own; ends my other sessions. Needs fresh authentication."""
        return self.call("DELETE", f"/api/v1/me/passkeys/{self.part(passkey_id)}")

    def end_delegation(self, delegation_id: str) -> Answer[None]:
        """From now on: by whoever gave it."""
        return self.call("POST", f"/api/v1/me/delegations/{self.part(delegation_id)}/end")

    def end_emergency(self, emergency_id: str) -> Answer[None]:
        """Before its time, by who declared it."""
        return self.call("POST", f"/api/v1/emergencies/{self.part(emergency_id)}/end")

    def end_grant(self, grant_id: str) -> Answer[None]:
        """Before its time: by whoever heads the matter, or by whoever was let see it."""
        return self.call("POST", f"/api/v1/grants/{self.part(grant_id)}/end")

    def end_my_webhook(self, webhook_id: str) -> Answer[None]:
        """At once, and its key with it."""
        return self.call("DELETE", f"/api/v1/me/webhooks/{self.part(webhook_id)}")

    def end_relative(self, person_id: str, relative_id: str, *, if_match: str) -> Answer[None]:
        """Declared by mistake: the wall that followed from it ends. `If-Match` is the person's."""
        return self.call(
            "DELETE",
            f"/api/v1/people/{self.part(person_id)}/relatives/{self.part(relative_id)}",
            headers={"If-Match": if_match},
        )

    def end_release(self, release_id: str) -> Answer[None]:
        """Before its time: by who reads it, or by who could release it."""
        return self.call("POST", f"/api/v1/releases/{self.part(release_id)}/end")

    def end_role(self, account_id: str, role_id: str, *, if_match: str) -> Answer[t.AccountRead]:
        """From today on. That it was held stays known."""
        return self.call(
            "DELETE",
            f"/api/v1/accounts/{self.part(account_id)}/roles/{self.part(role_id)}",
            headers={"If-Match": if_match},
        )

    def end_session(self, session_id: str) -> Answer[None]:
        """One of my own."""
        return self.call("DELETE", f"/api/v1/sessions/{self.part(session_id)}")

    def end_sessions(self) -> Answer[None]:
        """Signs me out everywhere, here too."""
        return self.call("DELETE", "/api/v1/sessions")

    def end_watch(self, watch_id: str) -> Answer[None]:
        """Watch it no more; it can be watched again."""
        return self.call("DELETE", f"/api/v1/me/watches/{self.part(watch_id)}")

    def end_webhook(self, webhook_id: str) -> Answer[None]:
        """Anybody's, at once."""
        return self.call("DELETE", f"/api/v1/webhooks/{self.part(webhook_id)}")

    def enter_paper_signature(
        self,
        request_id: str,
        body: t.PaperSignatureEnter,
        *,
        key: str | None = None,
        prefer: str | None = None,
    ) -> Answer[t.PaperSignatureRead]:
        """Copy a signature from paper; nothing follows until somebody else has compared it."""
        return self.call(
            "POST",
            f"/api/v1/requests/{self.part(request_id)}/paper-signatures",
            body=body,
            headers={"Idempotency-Key": key, "Prefer": prefer},
        )

    def finish_task(
        self,
        matter_id: str,
        task_id: str,
        body: t.TaskDone,
        *,
        if_match: str,
        prefer: str | None = None,
    ) -> Answer[t.MatterRead]:
        """What was owed to somebody is done."""
        return self.call(
            "POST",
            f"/api/v1/matters/{self.part(matter_id)}/tasks/{self.part(task_id)}/done",
            body=body,
            headers={"If-Match": if_match, "Prefer": prefer},
        )

    def grant_role(
        self,
        account_id: str,
        body: t.RoleGrantCreate,
        *,
        key: str | None = None,
        prefer: str | None = None,
    ) -> Answer[t.AccountRead]:
        """Waits for a second administrator under /accounts/role-requests, unless the operator
        gives it at the command line."""
        return self.call(
            "POST",
            f"/api/v1/accounts/{self.part(account_id)}/roles",
            body=body,
            headers={"Idempotency-Key": key, "Prefer": prefer},
        )

    def hand_left_over(self, body: t.HandOn) -> Answer[t.HandedOnListing]:
        """Give places on teams to somebody else: one or several, with a result for each."""
        return self.call("POST", "/api/v1/left-over/hand-over", body=body)

    def hand_over(
        self, matter_id: str, body: t.HandOver, *, if_match: str, prefer: str | None = None
    ) -> Answer[t.Acted]:
        """Give the matter to another handler."""
        return self.call(
            "POST",
            f"/api/v1/matters/{self.part(matter_id)}/hand-over",
            body=body,
            headers={"If-Match": if_match, "Prefer": prefer},
        )

    def keep_off(self, matter_id: str, body: t.KeepOff, *, if_match: str) -> Answer[None]:
        """Declare a conflict: from now on the matter is hidden from whoever says so."""
        return self.call(
            "POST",
            f"/api/v1/matters/{self.part(matter_id)}/keep-off",
            body=body,
            headers={"If-Match": if_match},
        )

    def let_see(
        self, matter_id: str, body: t.LetSee, *, key: str | None = None
    ) -> Answer[t.GrantReadListing]:
        """Let a colleague see the matter, from today for some days: they read it, and no more."""
        return self.call(
            "POST",
            f"/api/v1/matters/{self.part(matter_id)}/grants",
            body=body,
            headers={"Idempotency-Key": key},
        )

    def lift_wall(
        self, matter_id: str, account_id: str, body: t.WallLift, *, if_match: str
    ) -> Answer[None]:
        """They may work on the matter again."""
        return self.call(
            "POST",
            f"/api/v1/matters/{self.part(matter_id)}/walls/{self.part(account_id)}/lift",
            body=body,
            headers={"If-Match": if_match},
        )

    def list_accounts(
        self, *, search: str | None = None, limit: int | None = None, cursor: str | None = None
    ) -> Answer[t.AccountReadListing]:
        """Those that the caller administers, by login."""
        return self.call(
            "GET", "/api/v1/accounts", query={"search": search, "limit": limit, "cursor": cursor}
        )

    def list_change_requests(self) -> Answer[t.ChangeRequestReadListing]:
        """Changes to accounts that wait for a second administrator, the oldest first."""
        return self.call("GET", "/api/v1/accounts/change-requests")

    def list_changes(
        self, *, after: str | None = None, limit: int | None = None
    ) -> Answer[t.ChangesRead]:
        """On which matters something happened, in an order in which nothing is missed or
        repeated. Ask once without `after`, read all lists, then go on with each `next`. What
        came into sight is told by `access`. 410 says to begin anew: after a restore, or when
        your roles change."""
        return self.call("GET", "/api/v1/changes", query={"after": after, "limit": limit})

    def list_delegations(self) -> Answer[t.DelegationReadListing]:
        """Who stands in for me, and for whom I stand in."""
        return self.call("GET", "/api/v1/me/delegations")

    def list_deliveries(
        self, webhook_id: str, *, limit: int | None = None, cursor: str | None = None
    ) -> Answer[t.DeliveryReadListing]:
        """What was sent and what waits, the newest first; of matters that I may see now."""
        return self.call(
            "GET",
            f"/api/v1/me/webhooks/{self.part(webhook_id)}/deliveries",
            query={"limit": limit, "cursor": cursor},
        )

    def list_emergencies(self) -> Answer[t.EmergencyReadListing]:
        """What the reader declared, the newest first."""
        return self.call("GET", "/api/v1/emergencies")

    def list_emergencies_on_matter(self, matter_id: str) -> Answer[t.EmergencyOnMatterListing]:
        """All that were declared on a matter, for whoever works on it."""
        return self.call("GET", f"/api/v1/matters/{self.part(matter_id)}/emergencies")

    def list_emergencies_to_review(self) -> Answer[t.EmergencyWaitingListing]:
        """What waits for the reader's review, the oldest first."""
        return self.call("GET", "/api/v1/emergencies/to-review")

    def list_exports(
        self, *, limit: int | None = None, cursor: str | None = None
    ) -> Answer[t.ExportReadListing]:
        """What the caller exported, newest first."""
        return self.call("GET", "/api/v1/exports", query={"limit": limit, "cursor": cursor})

    def list_fields(self, matter_id: str) -> Answer[t.FieldReadListing]:
        """What can be corrected, and whether at once or by asking those who signed."""
        return self.call("GET", f"/api/v1/matters/{self.part(matter_id)}/fields")

    def list_former_posts(self, person_id: str) -> Answer[t.FormerPostReadListing]:
        """Where somebody worked before; a part of the person's file."""
        return self.call("GET", f"/api/v1/people/{self.part(person_id)}/posts")

    def list_holdings(self, account_id: str) -> Answer[t.HoldingReadListing]:
        """What somebody holds on matters that the reader heads, whether they left or are about
        to."""
        return self.call("GET", f"/api/v1/accounts/{self.part(account_id)}/holdings")

    def list_import_rows(
        self,
        batch_id: str,
        *,
        verdict: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answer[t.ImportRowReadListing]:
        """Rows that something was said about; every other row was taken without a word."""
        return self.call(
            "GET",
            f"/api/v1/imports/{self.part(batch_id)}/rows",
            query={"verdict": verdict, "limit": limit, "cursor": cursor},
        )

    def list_imports(
        self, *, limit: int | None = None, cursor: str | None = None
    ) -> Answer[t.ImportReadListing]:
        """One's own, the newest first."""
        return self.call("GET", "/api/v1/imports", query={"limit": limit, "cursor": cursor})

    def list_keys(self) -> Answer[t.KeyReadListing]:
        """Those that live, the newest first."""
        return self.call("GET", "/api/v1/me/keys")

    def list_left_over(self) -> Answer[t.LeftOverReadListing]:
        """What ended accounts still hold on matters that the reader heads."""
        return self.call("GET", "/api/v1/left-over")

    def list_links_to_decide(self) -> Answer[t.LinkToDecideListing]:
        """Handlers of what the reader heads whom a linked matter names, the oldest first."""
        return self.call("GET", "/api/v1/links-to-decide")

    def list_look_alikes(
        self, *, unit_id: str | None = None, what: str | None = None, name: list[str] | None = None
    ) -> Answer[t.LookAlikeListing]:
        """The five newest matters that may tell of the same, among what the caller may open; they
        never block."""
        return self.call(
            "GET",
            "/api/v1/leads/look-alikes",
            query={"unit_id": unit_id, "what": what, "name": name},
        )

    def list_matters(
        self,
        *,
        kind: t.Kind | None = None,
        stage: t.Stage | None = None,
        state: str | None = None,
        open: bool | None = None,
        unit: str | None = None,
        source: str | None = None,
        holder: str | None = None,
        due_by: str | None = None,
        overdue: bool | None = None,
        sort: Literal["due", "opened", "number"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answer[t.MatterRowListing]:
        """The worklist of every kind, a page at a time."""
        return self.call(
            "GET",
            "/api/v1/matters",
            query={
                "kind": kind,
                "stage": stage,
                "state": state,
                "open": open,
                "unit": unit,
                "source": source,
                "holder": holder,
                "due_by": due_by,
                "overdue": overdue,
                "sort": sort,
                "limit": limit,
                "cursor": cursor,
            },
        )

    def list_meetings(
        self, *, limit: int | None = None, cursor: str | None = None
    ) -> Answer[t.MeetingListedListing]:
        """Those that the caller may know of, the newest first."""
        return self.call("GET", "/api/v1/meetings", query={"limit": limit, "cursor": cursor})

    def list_my_webhooks(self) -> Answer[t.WebhookReadListing]:
        """Those that haven't ended, the newest first."""
        return self.call("GET", "/api/v1/me/webhooks")

    def list_namesakes(self, matter_id: str) -> Answer[t.NamesakeReadListing]:
        """Colleagues with the name of somebody on the matter, asked and answered, for whoever
        heads it, or keeps the petition. Nobody is told of themselves."""
        return self.call("GET", f"/api/v1/matters/{self.part(matter_id)}/namesakes")

    def list_offered_requests(self, meeting_id: str) -> Answer[t.OfferedReadListing]:
        """What waits for the chair's signature and a meeting may decide: the oldest three
        hundred."""
        return self.call("GET", f"/api/v1/meetings/{self.part(meeting_id)}/offered")

    def list_openings(
        self, *, person: str | None = None, limit: int | None = None, cursor: str | None = None
    ) -> Answer[t.OpeningReadListing]:
        """Who opened whose file, when and why: one's own openings, and those that one supervises."""
        return self.call(
            "GET", "/api/v1/openings", query={"person": person, "limit": limit, "cursor": cursor}
        )

    def list_organisations(
        self, *, name: str | None = None, limit: int | None = None, cursor: str | None = None
    ) -> Answer[t.OrganisationReadListing]:
        """By name."""
        return self.call(
            "GET", "/api/v1/organisations", query={"name": name, "limit": limit, "cursor": cursor}
        )

    def list_paper_signatures(self) -> Answer[t.PaperSignatureReadListing]:
        """What waits for the caller: to compare, in their own name, and objections to decide on."""
        return self.call("GET", "/api/v1/paper-signatures")

    def list_paper_signatures_of_request(
        self, request_id: str
    ) -> Answer[t.PaperSignatureReadListing]:
        """All that were entered for a request, those that came to nothing too."""
        return self.call("GET", f"/api/v1/requests/{self.part(request_id)}/paper-signatures")

    def list_papers(self, matter_id: str) -> Answer[t.PaperReadListing]:
        """All that the reader may know of, in the order in which they were attached."""
        return self.call("GET", f"/api/v1/matters/{self.part(matter_id)}/papers")

    def list_passkeys(self) -> Answer[t.PasskeyReadListing]:
        """My own, in the order in which they were made."""
        return self.call("GET", "/api/v1/me/passkeys")

    def list_payees(
        self,
        item_id: str,
        body: t.PayeesCreate,
        *,
        if_match: str,
        key: str | None = None,
        prefer: str | None = None,
    ) -> Answer[t.PayeesRead]:
        """Add lines to the return list; all or none."""
        return self.call(
            "POST",
            f"/api/v1/fund-items/{self.part(item_id)}/payees",
            body=body,
            headers={"Idempotency-Key": key, "If-Match": if_match, "Prefer": prefer},
        )

    def list_people(
        self,
        *,
        name: str | None = None,
        unit: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answer[t.PersonListedListing]:
        """By name."""
        return self.call(
            "GET",
            "/api/v1/people",
            query={"name": name, "unit": unit, "limit": limit, "cursor": cursor},
        )

    def list_petitions_behind(self, matter_id: str) -> Answer[t.PetitionBehindListing]:
        """Where a lead or case came from, as far as the reader may ask for what is sealed of it."""
        return self.call("GET", f"/api/v1/matters/{self.part(matter_id)}/petitions-behind")

    def list_relatives(self, person_id: str) -> Answer[t.RelativeReadListing]:
        """Near relatives on record: a matter that names one of them is walled off from the other."""
        return self.call("GET", f"/api/v1/people/{self.part(person_id)}/relatives")

    def list_released_papers(self, release_id: str) -> Answer[t.ReleasedPaperReadListing]:
        """Scans of the original, while its wording is released to the reader."""
        return self.call("GET", f"/api/v1/releases/{self.part(release_id)}/papers")

    def list_releases(self) -> Answer[t.ReleaseReadListing]:
        """What waits for the reader's decision, and what they asked for that waits or is open."""
        return self.call("GET", "/api/v1/releases")

    def list_releases_of_petition(self, petition_id: str) -> Answer[t.ReleaseReadListing]:
        """Everything that was asked for, for who asked, decides, or keeps the seal."""
        return self.call("GET", f"/api/v1/petitions/{self.part(petition_id)}/releases")

    def list_reporters_to_tell(
        self, *, limit: int | None = None, cursor: str | None = None
    ) -> Answer[t.ReporterToTellListing]:
        """Petitions whose reporter waits to be told something, by due date; who it is stays
        sealed."""
        return self.call(
            "GET", "/api/v1/petitions/reporters-to-tell", query={"limit": limit, "cursor": cursor}
        )

    def list_role_requests(self) -> Answer[t.RoleRequestReadListing]:
        """Roles that wait for a second administrator, the oldest first."""
        return self.call("GET", "/api/v1/accounts/role-requests")

    def list_sessions(self) -> Answer[t.SessionReadListing]:
        """My own that live, the last used first."""
        return self.call("GET", "/api/v1/sessions")

    def list_units(
        self,
        *,
        under: str | None = None,
        kind: t.UnitKind | None = None,
        search: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answer[t.UnitReadListing]:
        """In the order of the tree: each unit before those below it."""
        return self.call(
            "GET",
            "/api/v1/units",
            query={
                "under": under,
                "kind": kind,
                "search": search,
                "limit": limit,
                "cursor": cursor,
            },
        )

    def list_views(self) -> Answer[t.ViewReadListing]:
        """The filters of lists that the reader keeps under a name."""
        return self.call("GET", "/api/v1/me/views")

    def list_waiting_lines(
        self, *, limit: int | None = None, cursor: str | None = None
    ) -> Answer[t.WaitingLineReadListing]:
        """Bank lines that name no known lead, oldest first."""
        return self.call(
            "GET", "/api/v1/bank-lines/waiting", query={"limit": limit, "cursor": cursor}
        )

    def list_waiting_requests(
        self, *, limit: int | None = None, cursor: str | None = None
    ) -> Answer[t.RequestReadListing]:
        """What waits for the caller's own signature, oldest first."""
        return self.call("GET", "/api/v1/requests", query={"limit": limit, "cursor": cursor})

    def list_walls(self, matter_id: str) -> Answer[t.WallReadListing]:
        """What was declared or decided, with the reason, for whoever heads the matter. Whom the
        matter names, and their relatives, are not in it."""
        return self.call("GET", f"/api/v1/matters/{self.part(matter_id)}/walls")

    def list_watches(self) -> Answer[t.WatchReadListing]:
        """What the reader watches, what changed first. Looking here counts as no visit."""
        return self.call("GET", "/api/v1/me/watches")

    def list_webhooks(self) -> Answer[t.WebhookOfSomebodyListing]:
        """Everybody's, those that wait first."""
        return self.call("GET", "/api/v1/webhooks")

    def log_lead(
        self, body: t.LeadCreate, *, key: str | None = None, prefer: str | None = None
    ) -> Answer[t.MatterRead]:
        """Log a lead; the lead manager's is registered at once, anybody else's is submitted."""
        return self.call(
            "POST", "/api/v1/leads", body=body, headers={"Idempotency-Key": key, "Prefer": prefer}
        )

    def log_petition(
        self, body: t.PetitionCreate, *, key: str | None = None, prefer: str | None = None
    ) -> Answer[t.MatterRead]:
        """Log and register a petition. The reporter is sealed as it comes in."""
        return self.call(
            "POST",
            "/api/v1/petitions",
            body=body,
            headers={"Idempotency-Key": key, "Prefer": prefer},
        )

    def look_up_person(self, body: t.PersonLookup) -> Answer[t.PersonListedListing]:
        """By identity number, which has no place in an address. Usually one person or none."""
        return self.call("POST", "/api/v1/people/lookup", body=body)

    def make_key(self, body: t.KeyCreate) -> Answer[t.KeyMade]:
        """A key for a program, with a part of what I hold. Shown once. Needs fresh
        authentication. Not repeatable: no copy of it is kept."""
        return self.call("POST", "/api/v1/me/keys", body=body)

    def make_password_link(self, account_id: str) -> Answer[t.PasswordLink]:
        """Shown once, used once; an earlier link ends. Not repeatable: no copy of it is kept."""
        return self.call("POST", f"/api/v1/accounts/{self.part(account_id)}/password-link")

    def make_webhook(self, body: t.WebhookCreate) -> Answer[t.WebhookMade]:
        """Be told at an address of mine on which matters something happened, never what. An
        administrator confirms it first. Needs fresh authentication. Not repeatable: no copy of
        its secret is shown again."""
        return self.call("POST", "/api/v1/me/webhooks", body=body)

    def mark_paper(
        self, matter_id: str, paper_id: str, body: t.PaperMark, *, if_match: str
    ) -> Answer[t.PaperRead]:
        """Say that it was attached by mistake; somebody else confirms that."""
        return self.call(
            "POST",
            f"/api/v1/matters/{self.part(matter_id)}/papers/{self.part(paper_id)}/mistake",
            body=body,
            headers={"If-Match": if_match},
        )

    def mark_watch_seen(self, watch_id: str) -> Answer[None]:
        """What stands in a watched view was seen: only what changes from now on is told."""
        return self.call("POST", f"/api/v1/me/watches/{self.part(watch_id)}/seen")

    def open_file(
        self, person_id: str, body: t.FileOpen, *, key: str | None = None
    ) -> Answer[t.OpeningRead]:
        """Open a person's file for an hour, in this session. It is written down."""
        return self.call(
            "POST",
            f"/api/v1/people/{self.part(person_id)}/openings",
            body=body,
            headers={"Idempotency-Key": key},
        )

    def order_export(self, body: t.ExportAsked) -> Answer[dict[str, Any]]:
        """The same; with names, for a reason that stays on record, where the caller has the
        right."""
        return self.call("POST", "/api/v1/exports", body=body)

    def pass_on_holdings(
        self, account_id: str, body: t.PassOn, *, key: str | None = None
    ) -> Answer[t.AssignmentRead]:
        """Give places on teams to somebody else, each on its own, with a result for each."""
        return self.call(
            "POST",
            f"/api/v1/accounts/{self.part(account_id)}/hand-over",
            body=body,
            headers={"Idempotency-Key": key},
        )

    def pay_returns(
        self,
        item_id: str,
        body: t.ReturnsCreate,
        *,
        if_match: str,
        key: str | None = None,
        prefer: str | None = None,
    ) -> Answer[t.ReturnsRead]:
        """Money went back to people of the return list; all or none."""
        return self.call(
            "POST",
            f"/api/v1/fund-items/{self.part(item_id)}/returns",
            body=body,
            headers={"Idempotency-Key": key, "If-Match": if_match, "Prefer": prefer},
        )

    def propose_case(
        self, body: t.CasePropose, *, key: str | None = None, prefer: str | None = None
    ) -> Answer[t.Acted]:
        """Propose to file a case without a lead; it waits for signatures from the start."""
        return self.call(
            "POST", "/api/v1/cases", body=body, headers={"Idempotency-Key": key, "Prefer": prefer}
        )

    def pull_item(
        self,
        meeting_id: str,
        item_id: str,
        body: t.MeetingReason,
        *,
        if_match: str,
        prefer: str | None = None,
    ) -> Answer[t.MeetingRead]:
        """Take a matter off the agenda: by recorder or chair, until the chair has signed."""
        return self.call(
            "POST",
            f"/api/v1/meetings/{self.part(meeting_id)}/items/{self.part(item_id)}/pull",
            body=body,
            headers={"If-Match": if_match, "Prefer": prefer},
        )

    def put_on_agenda(
        self,
        meeting_id: str,
        body: t.OnAgenda,
        *,
        if_match: str,
        key: str | None = None,
        prefer: str | None = None,
    ) -> Answer[t.MeetingRead]:
        """A matter whose request waits comes onto the agenda."""
        return self.call(
            "POST",
            f"/api/v1/meetings/{self.part(meeting_id)}/items",
            body=body,
            headers={"Idempotency-Key": key, "If-Match": if_match, "Prefer": prefer},
        )

    def read_access(self, matter_id: str) -> Answer[t.AccessRead]:
        """Who can see a matter and by which reasons, and who keeps off it; why I can see it."""
        return self.call("GET", f"/api/v1/matters/{self.part(matter_id)}/access")

    def read_account(self, account_id: str) -> Answer[t.AccountRead]:
        """An account with the roles that it holds."""
        return self.call("GET", f"/api/v1/accounts/{self.part(account_id)}")

    def read_actions(self, matter_id: str) -> Answer[t.ActionReadListing]:
        """What may I do now; and for what I can't do yet, what is missing."""
        return self.call("GET", f"/api/v1/matters/{self.part(matter_id)}/actions")

    def read_assignment(self, assignment_id: str) -> Answer[t.AssignmentRead]:
        """What became of each of them, as far as the reader still sees it; one's own alone."""
        return self.call("GET", f"/api/v1/assignments/{self.part(assignment_id)}")

    def read_entries(
        self, matter_id: str, *, as_of: str | None = None, known_on: str | None = None
    ) -> Answer[t.EntryReadListing]:
        """Every movement of a lead, case or fund item, oldest first, with running balances."""
        return self.call(
            "GET",
            f"/api/v1/matters/{self.part(matter_id)}/entries",
            query={"as_of": as_of, "known_on": known_on},
        )

    def read_entries_behind(
        self,
        key: str,
        *,
        as_of: str | None = None,
        known_on: str | None = None,
        unit: str | None = None,
        alone: bool | None = None,
        campaign_id: str | None = None,
        source: str | None = None,
        leader: str | None = None,
        since: str | None = None,
        until: str | None = None,
        stage: t.Standing | None = None,
        method: str | None = None,
        outcome: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answer[t.EntryBehindListing]:
        """The movements that a figure of money sums, down to each villager's receipt."""
        return self.call(
            "GET",
            f"/api/v1/totals/{self.part(key)}/entries",
            query={
                "as_of": as_of,
                "known_on": known_on,
                "unit": unit,
                "alone": alone,
                "campaign_id": campaign_id,
                "source": source,
                "leader": leader,
                "since": since,
                "until": until,
                "stage": stage,
                "method": method,
                "outcome": outcome,
                "limit": limit,
                "cursor": cursor,
            },
        )

    def read_factor(self) -> Answer[t.FactorRead]:
        """Whether I have one, and whether a role of mine requires it."""
        return self.call("GET", "/api/v1/me/second-factor")

    def read_factor_roles(self) -> Answer[t.FactorRoles]:
        """Whose holders must have a second factor."""
        return self.call("GET", "/api/v1/second-factor-roles")

    def read_fund_item(
        self, item_id: str, *, as_of: str | None = None, known_on: str | None = None
    ) -> Answer[t.FundItemRead]:
        """The item with its money and its return list."""
        return self.call(
            "GET",
            f"/api/v1/fund-items/{self.part(item_id)}",
            query={"as_of": as_of, "known_on": known_on},
        )

    def read_import(self, batch_id: str) -> Answer[t.ImportRead]:
        """What was found in the file, and what became of it."""
        return self.call("GET", f"/api/v1/imports/{self.part(batch_id)}")

    def read_in_emergency(
        self, emergency_id: str, *, prefer: str | None = None
    ) -> Answer[t.MatterRead]:
        """The matter, without what is sealed. A POST, since each reading is recorded."""
        return self.call(
            "POST",
            f"/api/v1/emergencies/{self.part(emergency_id)}/read",
            headers={"Prefer": prefer},
        )

    def read_links(self, matter_id: str) -> Answer[t.LinkReadListing]:
        """Linked matters, as far as the reader may see them."""
        return self.call("GET", f"/api/v1/matters/{self.part(matter_id)}/links")

    def read_matter(self, matter_id: str) -> Answer[t.MatterRead]:
        """A matter whole, as far as its reader may know it."""
        return self.call("GET", f"/api/v1/matters/{self.part(matter_id)}")

    def read_matters_behind(
        self,
        key: str,
        *,
        as_of: str | None = None,
        known_on: str | None = None,
        unit: str | None = None,
        alone: bool | None = None,
        campaign_id: str | None = None,
        source: str | None = None,
        leader: str | None = None,
        since: str | None = None,
        until: str | None = None,
        stage: t.Standing | None = None,
        method: str | None = None,
        outcome: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answer[t.MatterBehindListing]:
        """The matters that a figure counts, newest first, among those that the caller may open."""
        return self.call(
            "GET",
            f"/api/v1/totals/{self.part(key)}/matters",
            query={
                "as_of": as_of,
                "known_on": known_on,
                "unit": unit,
                "alone": alone,
                "campaign_id": campaign_id,
                "source": source,
                "leader": leader,
                "since": since,
                "until": until,
                "stage": stage,
                "method": method,
                "outcome": outcome,
                "limit": limit,
                "cursor": cursor,
            },
        )

    def read_me(self) -> Answer[t.MeRead]:
        """Who I am, what I hold, and the office's day."""
        return self.call("GET", "/api/v1/me")

    def read_meeting(self, meeting_id: str) -> Answer[t.MeetingRead]:
        """Who was there, and of its agenda what the caller may see."""
        return self.call("GET", f"/api/v1/meetings/{self.part(meeting_id)}")

    def read_organisation(self, organisation_id: str) -> Answer[t.OrganisationRead]:
        """An organisation of the register."""
        return self.call("GET", f"/api/v1/organisations/{self.part(organisation_id)}")

    def read_paper(self, matter_id: str, paper_id: str) -> Answer[t.PaperRead]:
        """What is known of it; its content is read apart."""
        return self.call(
            "GET", f"/api/v1/matters/{self.part(matter_id)}/papers/{self.part(paper_id)}"
        )

    def read_paper_signature(self, signature_id: str) -> Answer[t.PaperSignatureRead]:
        """What was entered, and how it stands."""
        return self.call("GET", f"/api/v1/paper-signatures/{self.part(signature_id)}")

    def read_person(self, person_id: str) -> Answer[t.PersonRead]:
        """A person's file; the identity number is masked. Who handles no matter of theirs opens
        it first, for a reason: `POST /people/{person_id}/openings`."""
        return self.call("GET", f"/api/v1/people/{self.part(person_id)}")

    def read_released(self, release_id: str) -> Answer[t.ReleasedRead]:
        """What was released to the reader. A POST, since each reading is recorded."""
        return self.call("POST", f"/api/v1/releases/{self.part(release_id)}/read")

    def read_reporter(self, petition_id: str) -> Answer[t.ReporterRead]:
        """Who reported: for intake of this petition alone. A POST, since each reading is
        recorded."""
        return self.call("POST", f"/api/v1/petitions/{self.part(petition_id)}/reporter")

    def read_request(self, request_id: str) -> Answer[t.RequestRead]:
        """What is asked, who signs it in which order and why, and who has signed."""
        return self.call("GET", f"/api/v1/requests/{self.part(request_id)}")

    def read_timeline(self, matter_id: str) -> Answer[t.EventReadListing]:
        """Every step, newest first."""
        return self.call("GET", f"/api/v1/matters/{self.part(matter_id)}/timeline")

    def read_totals(
        self,
        *,
        as_of: str | None = None,
        known_on: str | None = None,
        unit: str | None = None,
        alone: bool | None = None,
        campaign_id: str | None = None,
        source: str | None = None,
        leader: str | None = None,
        since: str | None = None,
        until: str | None = None,
        stage: t.Standing | None = None,
        method: str | None = None,
        outcome: str | None = None,
    ) -> Answer[t.TotalsRead]:
        """Every figure as of a day, and as known on one, over what the caller may see."""
        return self.call(
            "GET",
            "/api/v1/totals",
            query={
                "as_of": as_of,
                "known_on": known_on,
                "unit": unit,
                "alone": alone,
                "campaign_id": campaign_id,
                "source": source,
                "leader": leader,
                "since": since,
                "until": until,
                "stage": stage,
                "method": method,
                "outcome": outcome,
            },
        )

    def read_unit(self, unit_id: str) -> Answer[t.UnitRead]:
        """A unit by its id."""
        return self.call("GET", f"/api/v1/units/{self.part(unit_id)}")

    def read_unit_coded(self, code: str) -> Answer[t.UnitRead]:
        """The unit that has this code."""
        return self.call("GET", f"/api/v1/units/by-code/{self.part(code)}")

    def read_versions(
        self, matter_id: str, field: str, *, involvement_id: str | None = None
    ) -> Answer[t.VersionReadListing]:
        """Every version of a field, the oldest first: what it said, from when, by whom and why."""
        return self.call(
            "GET",
            f"/api/v1/matters/{self.part(matter_id)}/fields/{self.part(field)}/versions",
            query={"involvement_id": involvement_id},
        )

    def record_receipt(
        self,
        item_id: str,
        body: t.ReceiptCreate,
        *,
        if_match: str,
        key: str | None = None,
        prefer: str | None = None,
    ) -> Answer[t.PostedRead]:
        """Money came in, under a bank reference that is received once."""
        return self.call(
            "POST",
            f"/api/v1/fund-items/{self.part(item_id)}/receipts",
            body=body,
            headers={"Idempotency-Key": key, "If-Match": if_match, "Prefer": prefer},
        )

    def record_statement(
        self,
        matter_id: str,
        body: t.StatementCreate,
        *,
        key: str | None = None,
        prefer: str | None = None,
    ) -> Answer[t.MatterRead]:
        """What the person said to the facts; a sanction can't be decided before its answer."""
        return self.call(
            "POST",
            f"/api/v1/matters/{self.part(matter_id)}/statements",
            body=body,
            headers={"Idempotency-Key": key, "Prefer": prefer},
        )

    def redeem_password_link(self, body: t.PasswordLinkRedeem) -> Answer[None]:
        """Sets the password that a link was made for, once. Ends the account's sessions."""
        return self.call("POST", "/api/v1/password-links/redeem", body=body)

    def refresh_session(self, body: t.RefreshSent) -> Answer[t.SessionOpened]:
        """Goes on with a session after its token has ended. A refresh token is good once: where a
        used one comes, somebody else has it, and the session ends for both."""
        return self.call("POST", "/api/v1/sessions/refresh", body=body)

    def refuse_change(
        self, change_request_id: str, *, prefer: str | None = None
    ) -> Answer[t.AccountRead]:
        """Whoever asked may take it back so."""
        return self.call(
            "POST",
            f"/api/v1/accounts/change-requests/{self.part(change_request_id)}/refuse",
            headers={"Prefer": prefer},
        )

    def refuse_role(
        self, role_request_id: str, *, prefer: str | None = None
    ) -> Answer[t.AccountRead]:
        """Whoever asked may take it back so."""
        return self.call(
            "POST",
            f"/api/v1/accounts/role-requests/{self.part(role_request_id)}/refuse",
            headers={"Prefer": prefer},
        )

    def remit_money(
        self,
        item_id: str,
        body: t.RemittanceCreate,
        *,
        if_match: str,
        key: str | None = None,
        prefer: str | None = None,
    ) -> Answer[t.PostedRead]:
        """Money went to the treasury, with the criminal case, or back to its holder."""
        return self.call(
            "POST",
            f"/api/v1/fund-items/{self.part(item_id)}/remittances",
            body=body,
            headers={"Idempotency-Key": key, "If-Match": if_match, "Prefer": prefer},
        )

    def rename_passkey(self, passkey_id: str, body: t.PasskeyRename) -> Answer[None]:
        """What I call it."""
        return self.call("PUT", f"/api/v1/me/passkeys/{self.part(passkey_id)}/name", body=body)

    def renew_recovery_codes(self) -> Answer[t.RecoveryCodes]:
        """The old ones end. Needs fresh authentication."""
        return self.call("POST", "/api/v1/me/second-factor/recovery-codes")

    def renew_token(self) -> Answer[t.Token]:
        """Another token for the same session, before this one ends."""
        return self.call("POST", "/api/v1/sessions/current/token")

    def require_factor(self, body: t.FactorRolesSent) -> Answer[t.FactorRoles]:
        """Who holds one of these and has none can only set it up. Needs fresh authentication, and
        an administrator of the whole district."""
        return self.call("PUT", "/api/v1/second-factor-roles", body=body)

    def resend_delivery(self, webhook_id: str, delivery_id: str) -> Answer[None]:
        """Once more, under the same id, whatever became of it."""
        return self.call(
            "POST",
            f"/api/v1/me/webhooks/{self.part(webhook_id)}/deliveries/{self.part(delivery_id)}/resend",
        )

    def reset_factor(self, account_id: str) -> Answer[None]:
        """For who lost theirs: gone, never read. Ends the account's sessions. Needs fresh
        authentication."""
        return self.call("DELETE", f"/api/v1/accounts/{self.part(account_id)}/second-factor")

    def return_request(
        self, request_id: str, body: t.Returning, *, if_match: str, prefer: str | None = None
    ) -> Answer[t.Acted]:
        """Send it back to whoever asked, with the reason."""
        return self.call(
            "POST",
            f"/api/v1/requests/{self.part(request_id)}/return",
            body=body,
            headers={"If-Match": if_match, "Prefer": prefer},
        )

    def reverse_entry(
        self,
        entry_id: str,
        body: t.ReversalCreate,
        *,
        if_match: str,
        key: str | None = None,
        prefer: str | None = None,
    ) -> Answer[t.PostedRead]:
        """Undo an entry by its mirror; If-Match holds its item's version."""
        return self.call(
            "POST",
            f"/api/v1/entries/{self.part(entry_id)}/reversal",
            body=body,
            headers={"Idempotency-Key": key, "If-Match": if_match, "Prefer": prefer},
        )

    def review_emergency(
        self, matter_id: str, emergency_id: str, body: t.EmergencyReview, *, if_match: str
    ) -> Answer[None]:
        """Close the review with a finding: by whoever heads the matter and stands above the
        reader."""
        return self.call(
            "POST",
            f"/api/v1/matters/{self.part(matter_id)}/emergencies/{self.part(emergency_id)}/review",
            body=body,
            headers={"If-Match": if_match},
        )

    def revoke_key(self, key_id: str) -> Answer[None]:
        """At once."""
        return self.call("DELETE", f"/api/v1/me/keys/{self.part(key_id)}")

    def search_matters(
        self,
        *,
        q: str | None = None,
        kind: t.Kind | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Answer[t.FoundRowListing]:
        """What was asked for, newest first; then what only a name one character off fits. Names
        and notes are searched for whoever reads them. Nothing says how much was found, or that
        there is something that the caller may not see."""
        return self.call(
            "GET", "/api/v1/search", query={"q": q, "kind": kind, "limit": limit, "cursor": cursor}
        )

    def send_minutes_back(
        self, meeting_id: str, *, if_match: str, prefer: str | None = None
    ) -> Answer[t.MeetingRead]:
        """Undo the recorder's signature, so that the minutes can be mended: by recorder or chair."""
        return self.call(
            "POST",
            f"/api/v1/meetings/{self.part(meeting_id)}/send-back",
            headers={"If-Match": if_match, "Prefer": prefer},
        )

    def sign_for_return(
        self, entry_id: str, body: t.SignatureCreate, *, if_match: str, prefer: str | None = None
    ) -> Answer[t.PostedRead]:
        """A villager who was paid has now signed; If-Match holds the item's version."""
        return self.call(
            "POST",
            f"/api/v1/entries/{self.part(entry_id)}/signature",
            body=body,
            headers={"If-Match": if_match, "Prefer": prefer},
        )

    def sign_in(self, body: t.SignIn) -> Answer[t.SessionOpened]:
        """Opens a session and gives its token. Ten failures for one name close it for 15 minutes.
        An account with a second factor sends its code as well."""
        return self.call("POST", "/api/v1/sessions", body=body)

    def sign_minutes(
        self, meeting_id: str, *, if_match: str, prefer: str | None = None
    ) -> Answer[t.MeetingRead]:
        """The recorder's signature, or the chair's after it. With the chair's, each matter is
        signed by itself; `items` say what became of it."""
        return self.call(
            "POST",
            f"/api/v1/meetings/{self.part(meeting_id)}/sign",
            headers={"If-Match": if_match, "Prefer": prefer},
        )

    def sign_out(self) -> Answer[None]:
        """Ends the session: its tokens open nothing from here on."""
        return self.call("DELETE", "/api/v1/sessions/current")

    def sign_request(
        self, request_id: str, body: t.Signing, *, if_match: str, prefer: str | None = None
    ) -> Answer[t.Acted]:
        """Sign as the next in the chain; the last signature carries the step out."""
        return self.call(
            "POST",
            f"/api/v1/requests/{self.part(request_id)}/sign",
            body=body,
            headers={"If-Match": if_match, "Prefer": prefer},
        )

    def take_back_request(
        self, request_id: str, *, if_match: str, prefer: str | None = None
    ) -> Answer[t.Acted]:
        """Before the first signature, whoever asked may withdraw it."""
        return self.call(
            "POST",
            f"/api/v1/requests/{self.part(request_id)}/take-back",
            headers={"If-Match": if_match, "Prefer": prefer},
        )

    def take_step(
        self,
        matter_id: str,
        body: t.Act,
        *,
        if_match: str,
        key: str | None = None,
        prefer: str | None = None,
    ) -> Answer[t.Acted]:
        """Take a step, or ask for the signatures that it needs."""
        return self.call(
            "POST",
            f"/api/v1/matters/{self.part(matter_id)}/actions",
            body=body,
            headers={"If-Match": if_match, "Idempotency-Key": key, "Prefer": prefer},
        )

    def tie_reporter(self, petition_id: str, body: t.ReporterTie) -> Answer[None]:
        """Say who of the register reported: whoever of them has an account is walled off, near
        relatives too. For intake of this petition alone; the answer is the same for anybody."""
        return self.call(
            "POST", f"/api/v1/petitions/{self.part(petition_id)}/reporter/tie", body=body
        )

    def unlist_payee(
        self,
        item_id: str,
        payee_id: str,
        body: t.RemovalCreate,
        *,
        if_match: str,
        prefer: str | None = None,
    ) -> Answer[t.app__schemas__funds__VersionRead]:
        """Take a line off the return list."""
        return self.call(
            "POST",
            f"/api/v1/fund-items/{self.part(item_id)}/payees/{self.part(payee_id)}/removal",
            body=body,
            headers={"If-Match": if_match, "Prefer": prefer},
        )

    def untie_reporter(self, petition_id: str) -> Answer[None]:
        """Tied by mistake: the walls that followed end."""
        return self.call("DELETE", f"/api/v1/petitions/{self.part(petition_id)}/reporter/tie")

    def upload_ledger(
        self, body: dict[str, Any], *, key: str | None = None, prefer: str | None = None
    ) -> Answer[t.ImportRead]:
        """Keep the file, sealed, and try it: the answer says what would happen."""
        return self.call(
            "POST",
            "/api/v1/imports",
            files=body,
            headers={"Idempotency-Key": key, "Prefer": prefer},
        )

    def withdraw_former_post(self, person_id: str, post_id: str, *, if_match: str) -> Answer[None]:
        """Entered by mistake. `If-Match` is the person's."""
        return self.call(
            "DELETE",
            f"/api/v1/people/{self.part(person_id)}/posts/{self.part(post_id)}",
            headers={"If-Match": if_match},
        )

    def withdraw_paper_signature(self, signature_id: str) -> Answer[None]:
        """Before anybody compared it, whoever entered it takes it back."""
        return self.call("POST", f"/api/v1/paper-signatures/{self.part(signature_id)}/withdraw")

    def write_summary(
        self, petition_id: str, body: t.SummaryWrite, *, if_match: str, prefer: str | None = None
    ) -> Answer[t.MatterRead]:
        """What the handlers get to read, without anything that points to the reporter."""
        return self.call(
            "PUT",
            f"/api/v1/petitions/{self.part(petition_id)}/summary",
            body=body,
            headers={"If-Match": if_match, "Prefer": prefer},
        )
