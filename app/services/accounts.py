"""Signing in, accounts and the roles they hold."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from app.core import crypto
from app.core.db import Row
from app.domain import errors
from app.domain.errors import N_
from app.domain.permissions import Clearance, Permission, Role
from app.domain.units import UnitPath
from app.repositories import accounts, reporter_ties, role_requests, units
from app.repositories.accounts import SessionKind
from app.repositories.work import Office, Work
from app.services.passwords import check_password, proof_of

LINK_LIFETIME = timedelta(days=3)
ON_INSTALLATION = (Role.ADMINISTRATOR, Role.OPERATOR)

_WRONG = N_("This name and password don't go together.")
_LATER = N_("Too many attempts. Wait a quarter of an hour, then try again.")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`session` is the secret of a new live session; it opens nothing yet where it `waits` for
    the code of a second factor."""

    session: str
    ends_at: datetime
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Coming:
    """How somebody comes in: `idle` and `fresh` are how long an unused session lives and how
    long a password counts as just given, as long as the session if they aren't said. `address`
    is the network that it comes from, `browser` the secret of one that was here before."""

    kind: SessionKind = "command"
    idle: timedelta | None = None
    fresh: timedelta | None = None
    address: str | None = None
    browser: str | None = None


def sign_in(
    office: Office,
    *,
    login: str,
    password: str,
    lifetime: timedelta,
    coming: Coming = Coming(),
    request_id: str = "",
) -> SignedIn:
    """Opens a session. Raises NotSignedIn, or Throttled after ten failures in 15 minutes.

    Says the same, and takes as long, whether the login or the password is wrong.
    """
    secret = secrets.token_urlsafe(32)
    with office.work(None, use_case="accounts.sign_in", request_id=request_id) as tx:
        salt = accounts.password_salt(tx, login)
    proof = proof_of(password, salt)
    with office.work(None, use_case="accounts.sign_in", request_id=request_id) as tx:
        result = accounts.sign_in(
            tx, login=login, proof=proof, secret=secret, lifetime=lifetime,
            kind=coming.kind, idle=coming.idle, fresh=coming.fresh,
            address=coming.address, browser=coming.browser,
        )  # fmt: skip
    # After the block, so that the refusal stays counted.
    if result == "throttled":
        raise errors.Throttled(_LATER)
    if result not in ("opened", "waits"):
        raise errors.NotSignedIn(_WRONG)
    return SignedIn(secret, tx.now + lifetime, waits=result == "waits")


def sign_out(tx: Work) -> None:
    """Ends the session at once, whatever its token says."""
    accounts.sign_out(tx)


def change_password(tx: Work, *, old: str, new: str) -> None:
    """One's own. Ends one's other sessions. Raises Invalid."""
    mine = _found(accounts.account(tx, tx.actor.account_id))
    login = mine["login"]
    check_password(new, names=(login, mine["name"]), field="new")
    if new == old:
        raise errors.Invalid.of("new", N_("The new password must be another one."))
    old_proof = proof_of(old, accounts.password_salt(tx, login))
    salt = crypto.new_password_salt()
    if not accounts.change_password(tx, old_proof=old_proof, salt=salt, proof=proof_of(new, salt)):
        raise errors.Invalid.of("old", N_("This isn't your present password."))


def make_password_link(tx: Work, account_id: UUID) -> str:
    """A token with which its holder sets the account's password, once, within three days."""
    _administered(tx, account_id)
    token = secrets.token_urlsafe(32)
    accounts.make_password_link(tx, account_id, token=token, lifetime=LINK_LIFETIME)
    return token


def password_link_login(tx: Work, token: str) -> str:
    """Whose password a link sets. Raises NotFound where the link is used, too old or unknown."""
    login = accounts.password_link_login(tx, token)
    if login is None:
        raise errors.NotFound(_LINK_GONE)
    return login


_LINK_GONE = N_("This link was used already, or is too old. Ask for another one.")


def redeem_password_link(tx: Work, *, token: str, password: str) -> str:
    """Sets the password and returns the login. Needs no sign-in. Raises Invalid, NotFound."""
    login = password_link_login(tx, token)
    check_password(password, names=(login,))
    salt = crypto.new_password_salt()
    redeemed = accounts.redeem_password_link(
        tx, token=token, salt=salt, proof=proof_of(password, salt)
    )
    if not redeemed:  # somebody else was quicker
        raise errors.NotFound(_LINK_GONE)
    return login


def create_account(
    tx: Work,
    *,
    login: str,
    name: str,
    unit_id: UUID | None = None,
    clearance: Clearance = Clearance.NORMAL,
    locale: str = "zh_CN",
    person_id: UUID | None = None,
) -> UUID:
    """An account without a role or a password: a password link gives it one. A clearance above the
    normal is asked for, and another administrator gives it; the operator at the command line alone.

    Raises Invalid, and Forbidden outside the unit that the actor administers.
    """
    if accounts.login_taken(tx, login):
        raise errors.Invalid.of("login", N_("Somebody has this name already."))
    _may_administer(tx, _path_of(tx, unit_id, "unit_id"))
    at_once = clearance is Clearance.NORMAL or role_requests.alone(tx)
    account_id = accounts.insert_account(
        tx,
        {
            "login": login,
            "name": name,
            "unit_id": unit_id,
            "clearance": clearance if at_once else Clearance.NORMAL,
            "locale": locale,
            "person_id": person_id,
        },
    )
    if not at_once:
        _ask_changes(tx, account_id, {"clearance": clearance})
    if person_id is not None:
        reporter_ties.keep_tokens(tx)
    return account_id


def change_account(
    tx: Work, account_id: UUID, *, seen_version: int, changes: dict[str, object]
) -> None:
    """Name, unit, clearance, language, person, or whether it is active; ending it ends its
    sessions and keys, and that it stands in for others or others for it. Its work stays.

    What widens sight is asked for, and another administrator confirms it: a higher clearance, an
    ended account that is let in again, another person. The operator at the command line does it
    alone. Nobody changes these in their own account. Raises Stale, Forbidden, Conflict.
    """
    held = _administered(tx, account_id)
    if changes.keys() & {"clearance", "active", "person_id"}:
        tx.require_fresh()
    if account_id == tx.actor.account_id and changes.keys() & {"clearance", "active", "person_id"}:
        raise errors.Forbidden(N_("Somebody else has to change this in your account."))
    unit_id = changes.get("unit_id")
    if isinstance(unit_id, UUID):
        _may_administer(tx, _path_of(tx, unit_id, "unit_id"))
    asked = {} if role_requests.alone(tx) else _widening(held, changes)
    at_once = {name: value for name, value in changes.items() if name not in asked}
    accounts.update_account(tx, account_id, version=seen_version, values=at_once)
    _ask_changes(tx, account_id, asked)
    reporter_ties.keep_tokens(tx)


def _widening(held: Row, changes: dict[str, object]) -> dict[str, object]:
    """What of these takes a second administrator."""
    clearance = changes.get("clearance")
    widens = {
        "clearance": isinstance(clearance, int) and clearance > held["clearance"],
        "active": bool(changes.get("active")) and not held["active"],
        "person_id": changes.get("person_id", held["person_id"]) != held["person_id"],
    }
    return {name: changes[name] for name, does in widens.items() if does}


def _ask_changes(tx: Work, account_id: UUID, asked: dict[str, object]) -> None:
    for name, value in asked.items():
        if isinstance(value, bool):
            text = "true"
        elif isinstance(value, int):
            text = str(int(value))
        else:
            text = "" if value is None else str(value)
        role_requests.ask_change(
            tx, account_id=account_id, what=name.removesuffix("_id"), value=text
        )


def waiting_changes(tx: Work) -> list[Row]:
    """Changes to accounts that wait for a second administrator, as far as the actor administers."""
    return role_requests.changes(tx)


def decide_change(tx: Work, request_id: UUID, *, confirmed: bool) -> UUID:
    """Confirm what somebody else asked for, or refuse it, which whoever asked may as well.

    Returns whose account it is. Raises NotFound, NotFresh, Conflict.
    """
    found = next((row for row in role_requests.changes(tx) if row["id"] == request_id), None)
    if found is None:
        raise errors.NotFound
    role_requests.decide_change(tx, request_id, confirmed=confirmed)
    reporter_ties.keep_tokens(tx)
    account_id: UUID = found["account_id"]
    return account_id


def choose_language(tx: Work, locale: str, *, seen_version: int | None = None) -> None:
    """One's own; a page's reader chooses without having read a version. Raises Stale."""
    mine = _found(accounts.account(tx, tx.actor.account_id))
    version = mine["version"] if seen_version is None else seen_version
    accounts.update_account(tx, mine["id"], version=version, values={"locale": locale})


def grant_role(
    tx: Work,
    *,
    account_id: UUID,
    role: Role,
    unit_id: UUID | None,
    begins_on: date | None = None,
    ends_on: date | None = None,
) -> UUID:
    """A role on a unit and all below it, from today unless `begins_on` says otherwise. It is asked
    for, and another administrator gives it; the operator at the command line gives it alone: else
    who administers would make their own second administrator. Returns the role's id, which it also
    has while it waits.

    Without a unit it is held on the whole installation, which only an administrator or operator
    can be. Nobody gives themselves a role. Days are the office's. Raises Invalid, Forbidden,
    NotFound, Conflict.
    """
    held = _administered(tx, account_id)
    if account_id == tx.actor.account_id:
        raise errors.Forbidden(N_("Nobody gives themselves a role."))
    if unit_id is None and role not in ON_INSTALLATION:
        raise errors.Invalid.of("unit_id", N_("This role is held on a unit: say which."))
    apart = tx.lasts_apart()
    begins = begins_on + apart if begins_on else tx.lasting_day()
    ends = ends_on + apart if ends_on else None
    if ends is not None and ends <= begins:
        raise errors.Invalid.of("ends_on", N_("It would end before it begins."))
    path = _path_of(tx, unit_id, "unit_id")
    _may_administer(tx, path)
    _keep_apart(tx, account_id, role)
    if not role_requests.alone(tx):
        return role_requests.ask(
            tx, account_id=account_id, role=role, unit_id=unit_id, begins_on=begins, ends_on=ends
        )
    accounts.update_account(tx, account_id, version=held["version"], values={})
    return accounts.insert_role(
        tx,
        account_id=account_id,
        role=role,
        unit_id=unit_id,
        unit_path=path,
        begins_on=begins,
        ends_on=ends,
    )


def waiting_roles(tx: Work) -> list[Row]:
    """Roles that wait for a second administrator, as far as the actor administers."""
    return role_requests.waiting(tx)


def decide_role(tx: Work, request_id: UUID, *, confirmed: bool) -> UUID:
    """Give a role that somebody else asked for, or refuse it, which whoever asked may as well.

    Returns whose it is. Raises NotFound, NotFresh, Conflict.
    """
    found = next((row for row in role_requests.waiting(tx) if row["id"] == request_id), None)
    if found is None:
        raise errors.NotFound
    account_id: UUID = found["account_id"]
    if confirmed:
        _keep_apart(tx, account_id, Role(found["role"]))
    role_requests.decide(tx, request_id, confirmed=confirmed)
    held = _administered(tx, account_id)
    accounts.update_account(tx, account_id, version=held["version"], values={})
    return account_id


def end_role(tx: Work, account_id: UUID, role_id: UUID, *, seen_version: int) -> None:
    """From today on. Raises NotFound, Forbidden, Stale."""
    _administered(tx, account_id)
    held = _found(accounts.role(tx, role_id))
    if held["account_id"] != account_id:
        raise errors.NotFound
    if account_id == tx.actor.account_id:
        raise errors.Forbidden(N_("Somebody else has to change this in your account."))
    _may_administer(tx, UnitPath(held["unit_path"]) if held["unit_path"] else UnitPath.everywhere())
    accounts.update_account(tx, account_id, version=seen_version, values={})
    accounts.end_role(tx, role_id, on=tx.lasting_day())


def read_account(tx: Work, account_id: UUID) -> Row:
    """With its roles under `roles`. Raises NotFound outside the actor's reach."""
    return _with_roles(tx, [_administered(tx, account_id)])[0]


def list_accounts(
    tx: Work, *, search: str | None, after: tuple[str, UUID] | None, limit: int
) -> list[Row]:
    """By login; `search` looks in logins and names."""
    found = accounts.administered(tx, search=search, after=after, limit=limit)
    return _with_roles(tx, found)


def colleagues(tx: Work) -> list[Row]:
    """Others who work on matters in a district of the actor's: at most five hundred."""
    return accounts.colleagues(tx, limit=500)


def me(tx: Work) -> Row:
    """One's own account with its roles."""
    return _with_roles(tx, [_found(accounts.account(tx, tx.actor.account_id))])[0]


def _with_roles(tx: Work, found: list[Row]) -> list[Row]:
    roles: dict[UUID, list[Row]] = {row["id"]: [] for row in found}
    for held in accounts.roles_of(tx, list(roles)):
        roles[held["account_id"]].append(held)
    return [{**row, "roles": roles[row["id"]]} for row in found]


def _keep_apart(tx: Work, account_id: UUID, role: Role) -> None:
    """What lets somebody see less (auditing, reporting, administering) stays an account apart."""
    held = {Role(row["role"]) for row in accounts.roles_of(tx, [account_id])}
    if any(_desk(each) != _desk(role) for each in held):
        raise errors.Conflict(
            N_(
                "Administering, auditing, reporting and working on matters are kept apart:"
                " use another account."
            )
        )


def _desk(role: Role) -> str:
    if role in ON_INSTALLATION:
        return "administers"
    return role if role in (Role.AUDITOR, Role.REPORTING_UNIT) else "works"


def _administered(tx: Work, account_id: UUID) -> Row:
    found = accounts.account(tx, account_id)
    if found is None or not accounts.manages(tx, account_id):
        raise errors.NotFound
    return found


def _may_administer(tx: Work, path: UnitPath) -> None:
    if not tx.actor.may_at(Permission.ACCOUNTS_ADMINISTER, path):
        raise errors.Forbidden(N_("You administer another part of the unit tree."))


def _path_of(tx: Work, unit_id: UUID | None, field: str) -> UnitPath:
    if unit_id is None:
        return UnitPath.everywhere()
    found = units.unit(tx, unit_id)
    if found is None:
        raise errors.Invalid.of(field, N_("There is no such unit."))
    return UnitPath(found["path"])


def _found(row: Row | None) -> Row:
    if row is None:
        raise errors.NotFound
    return row
