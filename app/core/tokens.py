"""Sign-in tokens: short-lived, one pinned algorithm, a key id of our own for rotation."""

from datetime import UTC, datetime, timedelta

from jose import JWTError, jwt

from app.core.keys import Keys

ALGORITHM = "HS256"
AUDIENCE = "plumbline"
LONGEST = 1024  # characters; ours have some 300
_HEADERS = frozenset({"alg", "typ", "kid"})


class TokenRefused(ValueError):
    """Not a token of ours, or no longer valid."""


def issue(keys: Keys, *, session: str, lifetime: timedelta) -> str:
    """A token for a session. `session` is the session's secret: the token is as secret."""
    now = datetime.now(UTC)
    claims = {"sid": session, "aud": AUDIENCE, "iat": now, "exp": now + lifetime}
    return jwt.encode(
        claims, keys.tokens[keys.token], algorithm=ALGORITHM, headers={"kid": keys.token}
    )


def read(keys: Keys, token: str) -> tuple[str, datetime]:
    """(session secret, when the token ends). Raises TokenRefused."""
    return _read(keys, token, ended=False)


def read_ended(keys: Keys, token: str) -> str:
    """The session's secret of a token that may have ended: it says who came, and lets nobody in.
    Raises TokenRefused."""
    return _read(keys, token, ended=True)[0]


def _read(keys: Keys, token: str, *, ended: bool) -> tuple[str, datetime]:
    if len(token) > LONGEST:
        raise TokenRefused("longer than any of ours")
    # What must be there is checked as well: a token that ended is read by its own `exp` below.
    end = {"verify_exp": False} if ended else {"require_exp": True}
    try:
        header = jwt.get_unverified_header(token)
        if not header.keys() <= _HEADERS:  # a key of its own, compressed, critical: never ours
            raise TokenRefused("headers that ours never have")
        key = keys.tokens[header["kid"]]
        claims = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            options={"require_aud": True, "require_iat": True, **end},
        )
        session = claims["sid"]
        if not isinstance(session, str) or not session:
            raise TokenRefused("names no session")
        return session, datetime.fromtimestamp(int(claims["exp"]), UTC)
    except TokenRefused:
        raise
    except (JWTError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise TokenRefused(type(error).__name__) from None


class Reader:
    """Reads tokens and remembers those that were good: checking a signature takes 80 µs.

    What ends is asked every time. Whether the session lives is the database's to say.
    """

    def __init__(self, keys: Keys, *, remembered: int = 10_000) -> None:
        self._keys = keys
        self._remembered = remembered
        self._known: dict[str, tuple[str, datetime]] = {}

    def read(self, token: str) -> tuple[str, datetime]:
        """(session secret, when the token ends). Raises TokenRefused."""
        known = self._known.get(token)
        if known is None:
            known = read(self._keys, token)
            if len(self._known) >= self._remembered:
                self._known.clear()
            self._known[token] = known
        elif known[1] <= datetime.now(UTC):
            self._known.pop(token, None)
            raise TokenRefused("expired")
        return known
