"""What each kind of refusal is called, what it means and what to do then."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.errors import N_


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """What a problem's type is called, what it means whatever the occasion, and what to do."""

    title: str
    meaning: str
    todo: str


KINDS: Mapping[str, ProblemKind] = {
    "not-signed-in": ProblemKind(
        N_("Not signed in"), N_("Please sign in."), N_("Sign in: it leads back to where you were.")
    ),
    "not-found": ProblemKind(
        N_("Nothing here"),
        N_("It doesn't exist, or lies outside what you may see: the answer is the same."),
        N_("Look for it by its number above. If it should be yours to see, ask whoever heads it."),
    ),
    "forbidden": ProblemKind(
        N_("Not allowed"),
        N_("You may see it, but this isn't yours to do; the answer says why."),
        N_("Go back. If it should be yours to do, ask an administrator which role it takes."),
    ),
    "fresh-authentication": ProblemKind(
        N_("Say again who you are"),
        N_("Say again who you are: this touches money, names or rights."),
        N_("Give your password once more; what you sent is kept meanwhile."),
    ),
    "file-closed": ProblemKind(
        N_("Say why you open this file"),
        N_("You handle no matter of this person's: say why you open the file."),
        N_("Say on the person’s page why you open the file."),
    ),
    "second-factor": ProblemKind(
        N_("A code is missing"),
        N_("Send the code of your second factor as well."),
        N_("Sign in again, and give the code too."),
    ),
    "second-factor-required": ProblemKind(
        N_("Set up a second factor first"),
        N_("Your role needs a second factor: set it up before anything else."),
        N_("Open My account, then Second factor."),
    ),
    "forged": ProblemKind(
        N_("Not from this page"),
        N_("This form has expired or came from elsewhere. Open the page again and resend it."),
        N_("If what you wrote is still there when you go back, copy it first."),
    ),
    "denied": ProblemKind(
        N_("Not possible now"),
        N_("Something that this step needs is still missing."),
        N_("Go back to the matter: it says what is missing, and where to mend it."),
    ),
    "illegal-transition": ProblemKind(
        N_("Not possible from here"),
        N_("The procedure knows no such step from the present state."),
        N_("Go back to the matter: it says which steps there are now."),
    ),
    "conflict": ProblemKind(
        N_("In conflict with something else"),
        N_("This is in conflict with something that is there already."),
        N_("Go back and look at what is there already, then decide anew."),
    ),
    "stale-version": ProblemKind(
        N_("Changed in the meantime"),
        N_("Somebody changed this in the meantime. Look at it again, then decide."),
        N_("Go back and open it again, then send yours once more."),
    ),
    "start-anew": ProblemKind(
        N_("Begin anew"),
        N_("The list of changes can't go on from there: read everything once, then follow it."),
        N_("Ask for the changes without a cursor, read all lists, then go on from its “next”."),
    ),
    "version-required": ProblemKind(
        N_("Say which version"),
        N_("Say which version you saw: send If-Match with its ETag."),
        N_("Open the page again, and send its own form."),
    ),
    "too-large": ProblemKind(
        N_("Too large"),
        N_("What you sent is too large."),
        N_("Send less at once, or a smaller file."),
    ),
    "misdirected": ProblemKind(
        N_("Meant for another address"),
        N_("This address isn't known here: whoever runs it names it by PLUMBLINE_ADDRESS."),
        N_("Use the address that your office gave you."),
    ),
    "too-many-headers": ProblemKind(
        N_("Too many headers"),
        N_("A browser sends a few dozen; this request has more."),
        N_("Close the browser, open it again, and sign in."),
    ),
    "too-slow": ProblemKind(
        N_("Too slow"),
        N_("What you sent didn't arrive in time. Nothing was changed; try again."),
        N_("Send less at once, or over a better connection."),
    ),
    "too-many-attempts": ProblemKind(
        N_("Too many attempts"),
        N_("Too many attempts. Wait a quarter of an hour, then try again."),
        N_("If you have forgotten the password, ask your unit’s administrator meanwhile."),
    ),
    "too-many-requests": ProblemKind(
        N_("Too many requests"),
        N_("Too many requests in a short time. Nothing was changed; wait a moment, then go on."),
        N_("If this was no program of yours, tell whoever runs this installation."),
    ),
    "unavailable": ProblemKind(
        N_("Not available now"),
        N_("The system is busy. Nothing was changed; try again."),
        N_("If it lasts, tell whoever runs this installation."),
    ),
    "invalid": ProblemKind(
        N_("Something needs mending"),
        N_("Something in what you sent needs mending."),
        N_("Go back, mend what is named here, and send it again."),
    ),
    "ledger-not-recognised": ProblemKind(
        N_("Not such a ledger"),
        N_("No heading of a ledger of this family was found; the answer says what it looks like."),
        N_("Go back, choose another kind of ledger or mend the headings, and try again."),
    ),
    "malformed": ProblemKind(
        N_("Can't be read"),
        N_("What you sent can't be read: it is cut short or damaged."),
        N_("Open the page again, and send its own form."),
    ),
    "method-not-allowed": ProblemKind(
        N_("Not done this way"),
        N_("This address doesn't take what you tried to do."),
        N_("Go to My desk, and from there to what you were looking for."),
    ),
    "unsupported-media": ProblemKind(
        N_("Sent in a form that isn't taken"),
        N_("Send JSON, with Content-Type: application/json."),
        N_("Open the page again, and send its own form."),
    ),
    "fault": ProblemKind(
        N_("A fault of ours"),
        N_("Something went wrong on our side. Nothing was changed; the fault is recorded."),
        N_("Try once more. If it happens again, give the code below to whoever runs this."),
    ),
    "error": ProblemKind(
        N_("Refused"),
        N_("What you asked for can't be done."),
        N_("Go to My desk, and from there to what you were looking for."),
    ),
}

# What comes from the framework, in our words: status → (code, sentence).
FROM_FRAMEWORK: Mapping[int, tuple[str, str]] = {
    400: ("malformed", KINDS["malformed"].meaning),
    404: ("not-found", N_("There is nothing here that you may see.")),
    405: ("method-not-allowed", KINDS["method-not-allowed"].meaning),
    408: ("too-slow", KINDS["too-slow"].meaning),
    413: ("too-large", KINDS["too-large"].meaning),
    415: ("unsupported-media", KINDS["unsupported-media"].meaning),
    421: ("misdirected", KINDS["misdirected"].meaning),
    431: ("too-many-headers", KINDS["too-many-headers"].meaning),
}

# Of a kind that programs are told of in their own words: what people read on a page.
TO_PEOPLE: Mapping[str, ProblemKind] = {
    "version-required": ProblemKind(
        N_("This form isn't whole"),
        N_("The form didn't say what you had before you, so what others did since can't be told."),
        N_("Open the page again, look at what it says now, and fill in its form once more."),
    ),
}
