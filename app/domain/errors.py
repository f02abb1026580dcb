"""What can go wrong, as types. One handler in `app.routers.errors` turns each into an answer.

Every error carries a stable `code` (the end of its problem type's address), an English message
that is a translation key, and the values that the message names. Messages never hold content
of a matter: no names, no summaries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field


def N_(message: str) -> str:  # noqa: N802 - the name that message extraction looks for
    """Mark a text for translation where it is written, to be translated where it is shown."""
    return message


@dataclass(frozen=True, slots=True)
class Reason:
    """A translatable sentence: an English text with `{names}` and the values for them."""

    message: str
    values: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message.format(**self.values)


class PlumblineError(Exception):
    """The root. `status` is the HTTP status that the edge answers with."""

    code = "error"
    status = 400

    def __init__(self, message: str, **values: object) -> None:
        self.reason = Reason(message, {key: str(value) for key, value in values.items()})
        super().__init__(str(self.reason))

    @property
    def whole(self) -> tuple[Reason, ...]:
        """All that is said of it: the checklist of a denial, else its one reason."""
        return (self.reason,)


class NotSignedIn(PlumblineError):
    code, status = "not-signed-in", 401

    def __init__(self, message: str = N_("Please sign in."), **values: object) -> None:
        super().__init__(message, **values)


class NotFound(PlumblineError):
    """It does not exist, or lies outside what the actor may see: the same answer for both."""

    code, status = "not-found", 404

    def __init__(
        self, message: str = N_("There is nothing here that you may see."), **values: object
    ) -> None:
        super().__init__(message, **values)


class Forbidden(PlumblineError):
    """Inside what the actor may see, but not theirs to do; the message says why."""

    code, status = "forbidden", 403


class NotFresh(PlumblineError):
    """Theirs to do, once they have proved again that it is they who sit there."""

    code, status = "fresh-authentication", 403

    def __init__(
        self,
        message: str = N_("Say again who you are: this touches money, names or rights."),
        **values: object,
    ) -> None:
        super().__init__(message, **values)


class FileClosed(PlumblineError):
    """A person's file, which opens for a reason that is written down."""

    code, status = "file-closed", 403

    def __init__(
        self,
        message: str = N_("You handle no matter of this person's: say why you open the file."),
        **values: object,
    ) -> None:
        super().__init__(message, **values)


class SecondFactorMissing(PlumblineError):
    """A role of theirs requires a second factor, and they have set none up yet."""

    code, status = "second-factor-required", 403

    def __init__(
        self,
        message: str = N_("Your role needs a second factor: set it up before anything else."),
        **values: object,
    ) -> None:
        super().__init__(message, **values)


class CodeMissing(PlumblineError):
    """The password was right; the second factor's code is missing."""

    code, status = "second-factor", 401

    def __init__(
        self,
        message: str = N_("Send the code of your second factor as well."),
        **values: object,
    ) -> None:
        super().__init__(message, **values)


class Denied(PlumblineError):
    """The workflow refuses: `reasons` is the checklist of what is missing."""

    code, status = "denied", 409

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        self.reasons = reasons
        first = reasons[0] if reasons else Reason(N_("This step is not possible now."))
        super().__init__(first.message, **first.values)

    @property
    def whole(self) -> tuple[Reason, ...]:
        return self.reasons or (self.reason,)


class IllegalTransition(PlumblineError):
    """The profile's table has no such event from this state."""

    code, status = "illegal-transition", 409


class Conflict(PlumblineError):
    """Something else was there first; also what a hidden row's uniqueness is mapped to."""

    code, status = "conflict", 409


class Stale(PlumblineError):
    """The version that the writer saw is not the present one."""

    code, status = "stale-version", 412

    def __init__(
        self,
        message: str = N_("Somebody changed this in the meantime. Look at it again, then decide."),
        **values: object,
    ) -> None:
        super().__init__(message, **values)


class StartAnew(PlumblineError):
    """A place in a feed that is no place any more: what lies between can't be told."""

    code, status = "start-anew", 410

    def __init__(
        self,
        message: str = N_("This cursor is of another time: read everything anew, then go on."),
        **values: object,
    ) -> None:
        super().__init__(message, **values)


class VersionRequired(PlumblineError):
    code, status = "version-required", 428

    def __init__(
        self,
        message: str = N_("Say which version you saw: send If-Match with its ETag."),
        **values: object,
    ) -> None:
        super().__init__(message, **values)


class TooLarge(PlumblineError):
    code, status = "too-large", 413


class Throttled(PlumblineError):
    code, status = "too-many-attempts", 429


class Unavailable(PlumblineError):
    code, status = "unavailable", 503


@dataclass(frozen=True, slots=True)
class FieldError:
    """`field` is a dotted path into what was sent, such as `subjects.0.name`."""

    field: str
    reason: Reason


def too_long(field_name: str, most: int) -> FieldError:
    """`most` in characters."""
    words = N_("This is too long: at most {max_length} characters.")
    return FieldError(field_name, Reason(words, {"max_length": str(most)}))


class Invalid(PlumblineError):
    """What was sent is not acceptable; `errors` names each field and its reason."""

    code, status = "invalid", 422

    def __init__(self, *errors: FieldError) -> None:
        self.errors = errors
        super().__init__(N_("Something in what you sent needs mending."))

    def __str__(self) -> str:
        return "; ".join(f"{each.field}: {each.reason.message}" for each in self.errors)

    @classmethod
    def of(cls, field_name: str, message: str, **values: object) -> Invalid:
        """One field, one reason."""
        reason = Reason(message, {key: str(value) for key, value in values.items()})
        return cls(FieldError(field_name, reason))


class Gathered:
    """Parts of a form, checked one by one: all that they are refused for is said at once.

    with gathered.part():
        check(...)
    gathered.refuse()
    """

    def __init__(self, *found: FieldError) -> None:
        self._errors = list(found)

    @contextmanager
    def part(self) -> Iterator[None]:
        try:
            yield
        except Invalid as invalid:
            self._errors += invalid.errors

    def refuse(self) -> None:
        """Raises Invalid where some part was refused."""
        if self._errors:
            raise Invalid(*self._errors)


UNKNOWN = N_("There is nothing of this id that you may see.")


@contextmanager
def named_in(field_name: str) -> Iterator[None]:
    """For what is looked up by a field of what was sent: that it isn't there is the field's
    fault, not the address's."""
    try:
        yield
    except NotFound:
        raise Invalid.of(field_name, UNKNOWN) from None
