"""Everything that answers without a sign-in, by method and path. Anything else needs one."""

PUBLIC = frozenset(
    {
        ("GET", "/"),
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("GET", "/metrics"),
        ("GET", "/problems/{code}"),
        ("GET", "/glossary"),
        ("GET", "/help"),
        ("GET", "/help/{topic}"),
        ("GET", "/help/files/{name:path}"),
        ("GET", "/api/v1/openapi.json"),
        ("POST", "/api/v1/sessions"),
        ("POST", "/api/v1/sessions/refresh"),
        ("POST", "/api/v1/password-links/redeem"),
        ("GET", "/sign-in"),
        ("POST", "/sign-in"),
        ("GET", "/sign-in/code"),
        ("POST", "/sign-in/code"),
        ("POST", "/sign-in/passkey"),
        ("POST", "/sign-in/passkey/options"),
        ("GET", "/password/{token}"),
        ("POST", "/password/{token}"),
        ("GET", "/first-start/{token}"),
        ("POST", "/first-start/{token}"),
        ("POST", "/preferences"),
    }
)
PUBLIC_FOLDERS = frozenset({"/static"})
