"""Sign-in tokens: short-lived, one pinned algorithm, a key id of our own for rotation."""

from datetime import UTC, datetime, timedelta

from jose import JWTError, jwt

from app.core.keys import Keys

ALGORITHM = "HS256"
AUDIENCE = "plumbline"


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
    try:
        key = keys.tokens[jwt.get_unverified_header(token)["kid"]]
        claims = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            options={"require_exp": True, "require_aud": True, "require_iat": True},
        )
        return str(claims["sid"]), datetime.fromtimestamp(int(claims["exp"]), UTC)
    except (JWTError, KeyError, TypeError, ValueError) as error:
        raise TokenRefused(type(error).__name__) from None
